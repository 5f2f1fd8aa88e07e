/// @file
/// Variants of a mechanism, asked for by name: binding energies, single rate constants.
#pragma once

#include "base/error.h"
#include "chem/mechanism.h"

enum { QN_NAMED_MOST = 32 };

/// Names with numbers, as of `--gas "H2: 0.8 bar, CO2: 0.2 bar"`.
struct qn_named_values {
    int n;
    char name[QN_NAMED_MOST][32];
    double value[QN_NAMED_MOST];
};

/// Read "name: value, name: value" with values in (units of) `unit`.
/// @param option  what to call it in errors  @return QN_ERR_USAGE
enum qn_status qn_named_parse(const char *option, const char *text, const char *unit,
                              struct qn_named_values *out) QN_MUST_USE;

/// Give atoms other binding energies [eV]. @return the first name that has none, NULL when all have
const char *qn_variant_bind(struct qn_mechanism *m, const struct qn_named_values *binding);

/// Multiply constants of reactions, named by their numbers in `quern mechanism`, forward and
/// reverse. @return the first name that is no number of a reaction with constants, NULL: none
const char *qn_variant_scale(struct qn_mechanism *m, const struct qn_named_values *factor);
