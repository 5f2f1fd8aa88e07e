/// @file
/// A map of a vial's wall: patches by the direction in which they are seen from the vial's centre,
/// in the vial's own axes. Any shape has it, of surfaces or of triangles.
///
/// Bands of equal solid angle from the bottom (-z) up, sectors about z from +x. Where a direction
/// meets the wall more than once the areas are those of the first wall it meets.
#pragma once

#include "model/vessel.h"

enum { QN_MAP_BANDS = 18, QN_MAP_SECTORS = 36 };

/// Patch of a point of the wall: band * QN_MAP_SECTORS + sector. The centre itself is in patch
/// (QN_MAP_BANDS / 2) * QN_MAP_SECTORS.
int qn_wall_patch(const double x[3]);

/// Area of every patch [m2], by rays from the centre; lifters are not seen. Within 1 % a patch
/// without an edge, and of the whole vial.
/// @param[out] area  shape [QN_MAP_BANDS * QN_MAP_SECTORS]
void qn_wall_map_areas(const struct qn_vessel *empty, double *area);
