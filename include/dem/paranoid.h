/// @file
/// A step that distrusts the engine: all pairs of all bodies and all walls are looked at by brute
/// force, contact by contact with plain doubles; a touching pair that is not listed, or a force or
/// torque that comes out otherwise, stops the run. Results stay the same.
#pragma once

#include "dem/state.h"

/// Bound of the difference of a body's forces, relative to the sum of their sizes.
static const double QN_PARANOID_TOLERANCE = 1e-9;

/// Collective: one step like qn_dem_step, with the checks around it.
enum qn_status qn_paranoid_step(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;
