/// @file
/// The headspace: ideal gas, closed, filled, evacuated, sampled, or flowing through.
#pragma once

#include "chem/mechanism.h"

struct qn_gas {
    int n_gas;                      ///< species, in the order of the mechanism
    double moles[QN_MAX_SPECIES];   ///< [mol]
    double volume;                  ///< free volume of the vial, and a dead volume's share   [m3]
    double T;                       ///< [K]
    double added[QN_MAX_SPECIES];   ///< came in since the first fill                        [mol]
    double removed[QN_MAX_SPECIES]; ///< went out                                            [mol]
};

/// What flows through a vial that is stirred: volume `rate` of feed a second comes in; as much goes
/// out, or all that would raise the pressure.
struct qn_flow {
    double rate;                 ///< 0: closed                                     [m3/s]
    double feed[QN_MAX_SPECIES]; ///< concentrations of the feed, shape [n_gas]    [mol/m3]
    int constant_pressure;
};

/// Concentrations n/V, shape [n_gas]  [mol/m3].
static inline void qn_gas_concentrations(const struct qn_gas *gas, double *c)
{
    for (int g = 0; g < gas->n_gas; g++) {
        c[g] = gas->moles[g] / gas->volume;
    }
}

/// Total pressure [Pa].
double qn_gas_total_pressure(const struct qn_gas *gas);

/// Put moles in, shape [n_gas].
void qn_gas_fill(struct qn_gas *gas, const double *moles);

/// Take a share of everything out.
void qn_gas_draw(struct qn_gas *gas, double share);

/// Share of every gas that goes out a second while reactions make `made` of each, shape [n_gas]
/// [mol/s]; at constant pressure nothing is drawn back in  [1/s].
double qn_flow_outlet(const struct qn_flow *f, const struct qn_gas *gas, const double *made);

/// The same by a back-pressure regulator that does not ask what is made: it holds `full` moles
/// within what is made in a thousandth of the residence time.
/// @param[out] slope  by the total moles [1/(mol s)]
double qn_flow_regulated(const struct qn_flow *f, const struct qn_gas *gas, double full,
                         double *slope);

/// Flow for `dt` at that outlet, with what is made as steady as the feed: each gas goes to where
/// both take it, exponentially, exactly.
void qn_flow_through(const struct qn_flow *f, struct qn_gas *gas, const double *made, double dt);
