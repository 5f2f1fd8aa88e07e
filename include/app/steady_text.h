/// @file
/// A steady state for people: coverages, turnovers, rates of progress, degrees of rate control.
#pragma once

#include "app/variant.h"
#include "io/text.h"

/// Every surface has the same area; the gas does not change.
/// @param gas     partial pressures [Pa]
/// @param target  whose production the degrees of rate control are of; "": no degrees
/// @return QN_ERR_USAGE for an unknown species, QN_ERR_PHYSICS when there is no steady state
enum qn_status qn_steady_table(const struct qn_mechanism *m, double T,
                               const struct qn_named_values *gas, const char *target,
                               struct qn_text *text) QN_MUST_USE;

/// The same as JSON with every digit.
enum qn_status qn_steady_json(const struct qn_mechanism *m, double T,
                              const struct qn_named_values *gas, const char *target,
                              struct qn_text *text) QN_MUST_USE;
