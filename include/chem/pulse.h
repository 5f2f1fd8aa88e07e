/// @file
/// Chemistry of a lump of powder through one temperature pulse, or at rest.
///
/// RODAS4 (Hairer & Wanner, Solving ODEs II, 2nd ed., VI.4: six stages, order 4(3), stiffly
/// accurate) with the analytic Jacobian and df/dt, which saves 2-200 times the steps. Time runs as
/// t = s^2 from the first touch and again from t_c, where the slope of a pulse jumps or is
/// infinite, so a step lands on t_c. Steps that leave a species below zero are rejected.
///
/// Gas: during a pulse the pores of the exposed powder are a finite inventory that starts at the
/// headspace's concentrations and is refilled by diffusion, refill (c - c_pore), refill = D/h^2:
/// that is how supply caps a pulse. Pore gas keeps its volume while hot (the error is the
/// thermal expansion, T0/T in concentration). At rest the gas is frozen.
/// Conservation: after each accepted step the state is projected on the element and site sums,
/// y <- y + W A^T (A W A^T)^-1 (b - A y), W = diag(y), to round-off.
/// Extents of all reactions are integrated beside the state by the same method.
/// Reaction heat: where it would warm (or cool) the powder by more than a share of dT, the pulse is
/// taken again with an excess temperature as part of the state, T = T0 + rise(t) + excess,
/// excess' = sum(-dH_r rate_r)/c_p - excess/cool, which leaves with the e-fold of the layer's first
/// mode or of the grain in its gas. A bare interface has no excess: its powder is too thin to keep
/// one. Heat capacities of pore gas and adsorbates are left out.
/// Mechanical reactions (chem/blows.h) act at once, before the pulse.
#pragma once

#include "chem/blows.h"
#include "chem/rates.h"

struct qn_pulse_settings {
    double rtol;       ///< relative tolerance; absolute is 1e-4 rtol of each surface's sites
    double stored;     ///< 1 - beta, share of a dose that defects may use up
    int max_steps;     ///< steps of one pulse or hold after which it fails
    double heat_above; ///< reaction heat acts back where it exceeds this share of dT
};

/// A sensible start: rtol 1e-4, stored 0.1, 100000 steps, heat above a tenth.
struct qn_pulse_settings qn_pulse_defaults(void);

/// Workspace and results of the last call; one per thread. n_g gases, n_r reactions.
struct qn_pulse_work {
    struct qn_rates rates;
    double *out;        ///< [n_g] moles given to the headspace (negative: taken)      [mol/kg]
    double *extent;     ///< [n_r] net extent of each reaction                         [mol/kg]
    double *impact;     ///< [n_impacts] extent of each impact reaction                [mol/kg]
    int steps, rejects; ///< of the last call
    double excess;      ///< temperature that reaction heat left at the end of a pulse       [K]
    int n;              ///< size of the state being integrated
    double *y;          ///< [n] state: surface, pore gas [mol/kg], excess temperature [K]
    double *memory;     ///< all the rest
    double *u, *f, *ft, *atol, *jac, *lu, *k, *kx, *ke, *target, *trial, *dx, *de, *dq;
    int *pivot;
    struct qn_pulse_curve *curve; ///< of the pulse being taken, where its shot brings none
};

void qn_pulse_init(struct qn_pulse_work *w, const struct qn_mechanism *m);
void qn_pulse_free(struct qn_pulse_work *w);

/// Rest at T for `dt`, frozen gas. Adds nothing to w->impact.
/// @param gas       headspace concentrations, shape [n_gas]              [mol/m3]
/// @param[in,out] y surface species, shape [n_surface]                   [mol/kg]
/// @return QN_ERR_PHYSICS when the step size collapses or max_steps is passed
enum qn_status qn_pulse_hold(const struct qn_matter *x, const struct qn_pulse_settings *set,
                             double T, double dt, const double *gas, double *y,
                             struct qn_pulse_work *w) QN_MUST_USE;

/// Rest of a closed batch at T for `dt`: the powder and a gas of volume `volume` per mass of powder
/// [m3/kg], both part of the state. `gas` is updated.
enum qn_status qn_pulse_batch(const struct qn_matter *x, const struct qn_pulse_settings *set,
                              double T, double dt, double volume, double *gas, double *y,
                              struct qn_pulse_work *w) QN_MUST_USE;

/// One exposure: impact reactions first (during the contact), then the pulse to its cut.
/// y, gas and results as in qn_pulse_hold; the pores take part.
enum qn_status qn_pulse_apply(const struct qn_matter *x, const struct qn_pulse_settings *set,
                              const struct qn_shot *shot, const double *gas, double *y,
                              struct qn_pulse_work *w) QN_MUST_USE;

/// Element sums of surface species y [n_surface], shape [n_elements]  [mol/kg].
void qn_pulse_elements(const struct qn_mechanism *m, const double *y, double *sum);
