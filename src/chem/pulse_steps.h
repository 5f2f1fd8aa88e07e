/// @file
/// The steps of an exposure, shared by chem/pulse.c and chem/crowd.c.
#pragma once

#include "chem/pulse.h"

/// Is there a pulse to be solved?
int qn_pulse_solved(const struct qn_shot *shot);

/// Fill the pores and let the mechanical reactions act.
/// @param[in,out] y    shape [n_species]: surface in; surface and pores out     [mol/kg]
/// @param[out] impact  shape [n_impacts]                                      [mol/kg]
void qn_pulse_strike(const struct qn_matter *x, const struct qn_pulse_settings *set,
                     const struct qn_shot *shot, const double *gas, double *y, double *impact);

/// Would the reactions of a pulse of these extents, without losses, have warmed or cooled the
/// powder by more than the share that may be left out?
/// @param rates  workspace; its heats are changed
int qn_pulse_heats(const struct qn_matter *x, const struct qn_pulse_settings *set,
                   const struct qn_shot *shot, const double *extent, struct qn_rates *rates);

/// The pores hand back what they hold beyond what they took.
/// @param[in,out] out  shape [n_gas]; pores of y [n_species] are added        [mol/kg]
void qn_pulse_hand_back(const struct qn_matter *x, const double *gas, const double *y, double *out);

/// qn_pulse_apply of an exposure whose reaction heat is known to matter.
enum qn_status qn_pulse_apply_hot(const struct qn_matter *x, const struct qn_pulse_settings *set,
                                  const struct qn_shot *shot, const double *gas, double *y,
                                  struct qn_pulse_work *w) QN_MUST_USE;
