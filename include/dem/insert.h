/// @file
/// Bodies placed at random without overlap: the exact count, or a clear error.
#pragma once

#include "dem/engine.h"

/// A group of equal bodies.
struct qn_insert {
    int species;
    int64_t count;
    double radius; ///< [m]
};

/// Place all groups at rest, largest first, uniformly in the vessel: random sequential addition
/// with positions that depend on (seed, id, attempt) only. Ids follow the groups as given.
/// @return QN_ERR_INPUT when a body finds no place, with the filling that was asked for.
enum qn_status qn_insert_bodies(const struct qn_dem_model *m, struct qn_dem *s,
                                const struct qn_insert *group, int n_groups,
                                uint64_t seed) QN_MUST_USE;
