/// @file
/// What the parts of the mechanism reader share: units in force, other files, the list of faults.
#pragma once

#include "chem/blows.h"
#include "chem/mechanism.h"
#include "io/text.h"
#include "io/yaml.h"

/// Factors from the units in force to SI (mol, m, s, J, Pa).
struct qn_mechanism_units {
    double length, quantity, time; ///< one of the file's in m, mol, s
    double energy;                 ///< one of the file's in J
    double pressure;               ///< one of the file's in Pa
    double activation;             ///< one of the file's activation energies in J/mol
    int activation_given;          ///< it does not follow from energy and quantity
};

/// A file that the mechanism takes sections from.
struct qn_reader_file {
    char path[512];
    struct qn_yaml_doc doc;
    struct qn_mechanism_units units;
};
enum { QN_READER_FILES = 4 };

struct qn_reader {
    struct qn_mechanism *m;
    const char *name; ///< path of the mechanism
    struct qn_yaml *root;
    struct qn_mechanism_units units;
    int n_files;
    struct qn_reader_file file[QN_READER_FILES];
    uint64_t hash; ///< of the bytes of the other files, 0 when there are none
    int faults;
    int untold;          ///< faults beyond what an error text holds
    struct qn_text text; ///< faults so far, one a line
};

/// Add a fault at a node; reading goes on.
void qn_reader_fault(struct qn_reader *r, const struct qn_yaml *node, const char *format, ...)
    __attribute__((format(printf, 3, 4), cold));

/// Number at a node: plain times `factor`, or with its own unit, converted to `si` (NULL: it may
/// have none). NULL node: 0.
double qn_reader_number(struct qn_reader *r, const struct qn_yaml *node, double factor,
                        const char *si);

/// Activation energy [J/mol]: in the unit in force, or with one of its own (also K and eV).
double qn_reader_energy(struct qn_reader *r, const struct qn_yaml *node);

/// `true` or `false`; `otherwise` where the key is missing.
int qn_reader_flag(struct qn_reader *r, struct qn_yaml *map, const char *key, int otherwise);

/// Child that must be there; a fault and NULL when it is not.
struct qn_yaml *qn_reader_need(struct qn_reader *r, struct qn_yaml *map, const char *key);

/// Mark a child and all below it as read: words for people, or what Cantera alone uses.
void qn_reader_skip(struct qn_yaml *map, const char *key);

/// A fault for every key below a node that nobody asked for.
void qn_reader_leftover(struct qn_reader *r, const struct qn_yaml *node);

/// Cantera's defaults: m, kmol, s, J, Pa, J/kmol.
struct qn_mechanism_units qn_reader_default_units(void);

/// Put the `units` of a map, or of the first item of a list, in force; returns those before.
struct qn_mechanism_units qn_reader_scope(struct qn_reader *r, struct qn_yaml *node);

/// Is an item of a list only its `units`?
int qn_reader_is_units(const struct qn_yaml *item);

/// Section by name, "name" or "file.yaml/name", its file's units in force; NULL and a fault when
/// there is none. The caller restores the units.
struct qn_yaml *qn_reader_section(struct qn_reader *r, const struct qn_yaml *at, const char *name);

/// All bytes of a file as a text; the caller frees it. @return QN_ERR_IO
enum qn_status qn_reader_slurp(const char *path, char **text) QN_MUST_USE;

void qn_reader_free_files(struct qn_reader *r);

/// Phases and their species.
void qn_reader_phases(struct qn_reader *r, struct qn_yaml *phases);

/// Thermo of a species.
void qn_reader_thermo(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s);

/// "2 H(ni) + O2 <=> ..." into terms, checked for balance; 1 for a reversible arrow.
int qn_reader_equation(struct qn_reader *r, const struct qn_yaml *node, struct qn_equation *eq);

/// Does the mechanism have all species of an equation?
int qn_reader_knows(const struct qn_mechanism *m, const struct qn_yaml *equation);

/// Rate constant or sticking coefficient of a reaction whose equation is read.
void qn_reader_rate(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q);

/// {A, b, Ea} or [A, b, Ea]: one of them, or NULL.
struct qn_yaml *qn_reader_part(struct qn_yaml *rate, const char *key, int index);

/// Reactions of one section, listed by surface phase `phase`, appended to the mechanism;
/// `declared`: only those whose species are all here.
void qn_reader_reactions(struct qn_reader *r, struct qn_yaml *list, int phase, int declared);

/// The `spill-over-reactions` section: each names the phase its rate is per area of.
void qn_reader_spill(struct qn_reader *r, struct qn_yaml *list);

/// The `global-reactions` section; after all reactions with rate constants.
void qn_reader_globals(struct qn_reader *r, struct qn_yaml *list);

/// Values of keys, in their order, from a `rate` map of `type`.
void qn_reader_values(struct qn_reader *r, struct qn_yaml *rate, const char *type,
                      const struct qn_blow_key *key, double *value);

/// The `uptake-reactions` section; after all other reactions.
void qn_reader_uptakes(struct qn_reader *r, struct qn_yaml *list);

/// The `observations` section.
void qn_reader_observations(struct qn_reader *r, struct qn_yaml *list);

/// The `linear-scaling` section, a map.
void qn_reader_scaling(struct qn_reader *r, struct qn_yaml *node);

/// The `mechanical-reactions` section.
void qn_reader_impacts(struct qn_reader *r, struct qn_yaml *list);
