/// @file
/// Rates of progress and their derivatives at one temperature.
///
/// State y [mol/kg of powder]: n_surface surface species, then, when `pore` > 0, the n_gas species
/// of the gas in the pores of the exposed powder. Otherwise the gas is frozen at `gas`.
/// Forward constants: Arrhenius, or sticking gamma/Gamma^m sqrt(RT/2 pi W); coverage factors
/// 10^(a theta) theta^m exp(-E theta/RT). Reverse constants from Kc, with standard concentrations
/// p_ref/RT (gas), Gamma/sites (surface) and 1 (pure phases), as in Cantera. A pure solid has
/// activity 1 down to its last nanomole per kg, y/(y + 1e-9 mol/kg), so that rates that consume
/// it end with it. Electrons of a metal have activity 1.
/// Reactions of global laws (chem/laws.h) stand behind the others and have no constants.
/// Pure functions of the mechanism, the matter and the state; all memory is in the workspace.
#pragma once

#include "chem/mechanism.h"

/// The powder as chemistry sees it: constants of all its carriers.
struct qn_matter {
    const struct qn_mechanism *mech; ///< borrowed
    double area[QN_MAX_PHASES];      ///< surface area per mass of powder, by phase, with what is
                                     ///< buried                                       [m2/kg]
    double pore;                     ///< pore volume of a packed layer               [m3/kg]
    double refill;                   ///< D/h^2 of the layer's pores                    [1/s]
    double heat_capacity; ///< of the powder; 0: heat of reaction is left out   [J/(kg K)]
    double potential[QN_MAX_PHASES]; ///< electric, by phase                               [V]
};

/// Workspace; one per thread. Shapes in terms of n = n_species, r = n_reactions.
struct qn_rates {
    double T;          ///< temperature the constants are for                              [K]
    double *forward;   ///< [r] forward constant times area of its phase
    double *reverse;   ///< [r] reverse constant times area (0: irreversible); of a law: K [bar^dn]
    double *forward_T; ///< [r] d ln(forward)/dT                                       [1/K]
    double *reverse_T; ///< [r] d ln(reverse)/dT                                       [1/K]
    double *scale;     ///< [n] concentration per y: 1/area [kg/m2], 1/pore [kg/m3] or 0 when frozen
    double *c;         ///< [n] concentrations                           [mol/m2, mol/m3]
    double *amount;    ///< [n] of pure phases                                   [mol/kg]
    double *q;         ///< [r] net rate of progress                        [mol/(kg s)]
    double *q_T;       ///< [r] dq/dT                                     [mol/(kg s K)]
    double *q_y;       ///< [r * QN_RATES_ON] dq/dy over reaction.on             [1/s]
    double *bare;      ///< [r * 2] forward and reverse rates alone         [mol/(kg s)]
    double T_heat;     ///< temperature the heats are for                                  [K]
    double *heat;      ///< [r] heat given off by a reaction, -dH                      [J/mol]
    double *heat_T;    ///< [r] its slope                                          [J/(mol K)]
};
enum { QN_RATES_ON = 2 * QN_MAX_TERMS + QN_MAX_DEPENDS };

void qn_rates_init(struct qn_rates *w, const struct qn_mechanism *m);
void qn_rates_free(struct qn_rates *w);

/// Constants at T [K]. Nothing happens when w->T is T already (after a change of potential set
/// w->T to -1).
void qn_rates_constants(const struct qn_matter *x, double T, struct qn_rates *w);

/// Rates of progress of state y; `gas` [mol/m3] is the frozen gas, or NULL when it is part of y.
void qn_rates_progress(const struct qn_matter *x, const double *y, const double *gas,
                       struct qn_rates *w);

/// Derivatives of the rates of progress at the state last given to qn_rates_progress: q_y, q_T.
void qn_rates_derivatives(const struct qn_matter *x, struct qn_rates *w);

/// Heats of reaction at T [K]. A reaction one of whose species has no thermo gives no heat.
void qn_rates_heats(const struct qn_mechanism *m, double T, struct qn_rates *w);

/// Net production S q of all species from `per` [n_reactions] (w->q, w->q_T, or extents).
/// @param[out] dy  shape [n_species], surface then gas
void qn_rates_production(const struct qn_mechanism *m, const double *per, double *dy);

/// The matter with the area that state y has laid bare, for rates; y: surface species [mol/kg].
/// Without buried species it is `x` itself; else `out`, with at least a billionth of the area.
/// Constants that a workspace holds are for another area then: set its T to -1.
const struct qn_matter *qn_matter_bare(const struct qn_matter *x, const double *y,
                                       struct qn_matter *out);

/// What a species's integration tolerance is a share of: sites of its surface, or 1 mol/kg of a
/// pure phase [mol/kg].
double qn_matter_room(const struct qn_matter *x, int species);

/// Forward constant alone, per area [mol, m, s], at zero coverages: for tests and printing.
double qn_rates_forward(const struct qn_mechanism *m, int reaction, double T);
/// The same of the reverse; 0 when irreversible.
double qn_rates_reverse(const struct qn_mechanism *m, int reaction, double T);
/// Equilibrium constant exp(-dG/RT) of the standard states: p_ref, full surface, pure phases.
/// NaN when one of its species has no thermo.
double qn_rates_equilibrium(const struct qn_mechanism *m, int reaction, double T);
