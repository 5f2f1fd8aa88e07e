/// @file
/// What the parts of the mechanism reader share: units of the file and the list of faults.
#pragma once

#include "chem/mechanism.h"
#include "io/yaml.h"

/// Factors from the file's units to SI (mol, m, s, J).
struct qn_mechanism_units {
    double length, quantity, time; ///< one of the file's in m, mol, s
    double energy;                 ///< one of the file's in J
    double activation;             ///< one of the file's activation energies in J/mol
};

struct qn_reader {
    struct qn_mechanism *m;
    struct qn_mechanism_units units;
    int faults;
    size_t length;
    char text[6000]; ///< faults so far, one a line
};

/// Add a fault at a node; reading goes on.
void qn_reader_fault(struct qn_reader *r, const struct qn_yaml *node, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/// Number at a node: plain times `factor`, or with its own unit, converted to `si`. NULL: 0.
double qn_reader_number(struct qn_reader *r, const struct qn_yaml *node, double factor,
                        const char *si);

/// Activation energy [J/mol]: in the file's unit, or with one of its own (also K and eV).
double qn_reader_energy(struct qn_reader *r, const struct qn_yaml *node);

/// Child that must be there; a fault and NULL when it is not.
struct qn_yaml *qn_reader_need(struct qn_reader *r, struct qn_yaml *map, const char *key);

/// The `units` section (NULL: Cantera's defaults m, kmol, s, J, J/kmol).
void qn_reader_units(struct qn_reader *r, struct qn_yaml *units);

/// Thermo of a species.
void qn_reader_thermo(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s);

/// Reactions of one section, listed by surface phase `phase`, appended to the mechanism.
void qn_reader_reactions(struct qn_reader *r, struct qn_yaml *list, int phase);

/// The `spill-over-reactions` section: each names the phase its rate is per area of.
void qn_reader_spill(struct qn_reader *r, struct qn_yaml *list);

/// The `mechanical-reactions` section.
void qn_reader_impacts(struct qn_reader *r, struct qn_yaml *list);
