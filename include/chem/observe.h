/// @file
/// Observation operators: from the state of gas and powder to what an instrument saw.
///
/// A transducer reads the pressure of the run (its dead volume belongs to the deck's gas section).
/// A chromatograph reads mole fractions of some gases, of what it does not condense out; two of
/// them may be told as shares of their own sum. X-rays see mass fractions of crystalline phases.
/// All of them are shares of a sum over listed species, by moles or by mass.
#pragma once

#include "chem/mechanism.h"

/// Number of values of an observation.
int qn_observe_count(const struct qn_observation *o);

/// What an instrument reads; NAN where there is nothing to share.
/// @param moles  of the gases, shape [n_gas]                                     [mol]
/// @param y      mean of the powder, shape [n_surface]                         [mol/kg]
/// @param[out] value  shape [qn_observe_count]: mole or mass fractions, below the detection limit 0
void qn_observe(const struct qn_mechanism *m, const struct qn_observation *o, const double *moles,
                const double *y, double *value);

/// Standard uncertainty of a value that an instrument tells: root of (relative x value)^2 +
/// absolute^2, and of a value below the detection limit that of anything between 0 and the limit,
/// limit/sqrt(12) (JCGM 100:2008, 4.3.7). What the run itself does not know (its window, its rate
/// constants) is not in it.
double qn_observe_uncertainty(const struct qn_observation *o, double value);

/// Shares of a sum; pure. NAN when the sum is not above zero.
void qn_observe_shares(int n, const double *amount, double *share);

/// Name of a kind for files: "dry-basis", "normalised", "mass-fractions".
const char *qn_observation_name(enum qn_observation_kind kind);
