/// @file
/// The two books: where the energy came from, where it went, and what the integrator lost.
///
/// (a) change of kinetic energy = contacts + moving walls + gravity + frame: an identity of the
///     integrator, exact to round-off (every term uses the mean of the velocities around a kick).
/// (b) work of contacts = -(change of stored + dissipated by channel + e_num), where e_num is
/// summed
///     contact by contact from the exact work, never folded into a channel.
#pragma once

#include "dem/state.h"

struct qn_ledger {
    double kinetic;  ///< now, half-step velocities                     [J]
    double start;    ///< kinetic energy at the start                   [J]
    double contacts; ///< work of contacts on the pairs (negative)      [J]
    double drive;    ///< work of the moving walls                      [J]
    double gravity;  ///< [J]
    double frame;    ///< of -m A0                                      [J]
    double stored;   ///< elastic energy of open contacts               [J]
    double normal, slip, roll, twist, cohesion; ///< dissipated by channel        [J]
    double e_num;      ///< -(contacts + stored + dissipated)             [J]
    double residual_a; ///< (a) relative to the sum of its absolute terms [-]
    double residual_b; ///< e_num / dissipated                           [-]
    int64_t episodes;  ///< closed so far
    int64_t capped;    ///< contacts of parcels whose force cap was reached
};

/// Books at the present step, of all ranks; collective. Sums are order-free.
void qn_ledger_read(const struct qn_dem_model *m, const struct qn_dem *s, struct qn_ledger *out);

/// Dissipated in all channels [J].
static inline double qn_ledger_lost(const struct qn_ledger *l)
{
    return l->normal + l->slip + l->roll + l->twist + l->cohesion;
}

/// Kinetic energy of one body [J].
double qn_body_kinetic(const struct qn_body *b, double mass);
