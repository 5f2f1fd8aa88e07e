/// @file
/// Global rate laws inside qn_rates: constants, rates and derivatives of their reactions.
#pragma once

#include "chem/rates.h"

/// Equilibrium constants of the laws' reactions at T, into w->reverse [bar^dn].
void qn_global_constants(const struct qn_mechanism *m, const struct qn_standard *state, double T,
                         struct qn_rates *w);

/// Rates at the concentrations w->c.
void qn_global_progress(const struct qn_mechanism *m, struct qn_rates *w);

/// Slopes by central differences: a law is a formula of its own, and a few gases.
void qn_global_derivatives(const struct qn_mechanism *m, struct qn_rates *w);
