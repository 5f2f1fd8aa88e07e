/// @file
/// Steady state of a surface under a gas that does not change, and what controls its rate.
///
/// From bare surfaces the state rests until Newton's method, on the rates with the analytic
/// Jacobian, closes in on a root nearby; rows of the Jacobian that the others make dependent are
/// replaced by what they conserve (sites). Degrees of rate control (Campbell 1994, Top. Catal. 1,
/// 353; Stegelmann et al. 2009, J. Am. Chem. Soc. 131, 8077) come from the same matrix without
/// differences: J dy/dln k_i = -S dq/dln k_i, a reaction's constants both ways scaled together, so
/// that its equilibrium stays. They sum to one when all rates are mass action. A step that is
/// listed as two irreversible ones has the sum of both.
#pragma once

#include "chem/rates.h"

/// What a steady state is like; per m2 of a surface when each has 1 m2.
struct qn_steady {
    double y[QN_MAX_SPECIES];    ///< surface species                              [mol/kg]
    double made[QN_MAX_SPECIES]; ///< net production of all species             [mol/(kg s)]
    double *rate;                ///< [n_reactions * 3] forward, reverse, net    [mol/(kg s)]
    double *control;             ///< [n_reactions] degree of rate control of the target [-]
    double residual;             ///< largest surface production over its gross rate [-]
};

/// @param gas     concentrations, shape [n_gas]                              [mol/m3]
/// @param y0      surface species to begin with, shape [n_surface]           [mol/kg]
/// @param target  species whose net production is controlled; -1: none
/// @return QN_ERR_PHYSICS when there is no steady state or none was found
enum qn_status qn_steady_find(const struct qn_matter *x, double T, const double *gas,
                              const double *y0, int target, struct qn_steady *out) QN_MUST_USE;
void qn_steady_free(struct qn_steady *s);
