/// @file
/// The tables of a deck's keys and the readers of its parts that are not single values; seen by the
/// deck's own files only.
#pragma once

#include "app/deck_types.h"
#include "io/schema.h"

/// A row the mechanics of a window depends on.
enum { QN_DECK_MECHANICS = QN_MARK };

/// One group of balls as written.
struct qn_deck_group {
    int64_t count;
    double mass;     ///< [kg]
    double diameter; ///< [m]
    double median, sigma;
    int64_t classes;        ///< of a lognormal distribution, median in [m]
    double from, to, share; ///< of a sieve class: meshes [m], share of the mass
};

extern const struct qn_table qn_deck_powder_table, qn_deck_gas_table, qn_deck_chemistry_table,
    qn_deck_material_table, qn_deck_group_table, qn_deck_lognormal_table, qn_deck_sieve_table,
    qn_deck_leg_table, qn_deck_rod_table, qn_deck_wear_table, qn_deck_stage_table;

/// The keys of deck_fields.c alone.
extern const struct qn_table qn_deck_base;

/// All keys of a deck: those of deck_fields.c with those of each mill and vial shape in place.
/// Built at the first call, kept for good; decks are read by one thread.
const struct qn_table *qn_deck_table(void);

/// Put the keys of the preset that `mill.preset` names into the deck, where it has none of its own.
/// A preset is NAME.yaml in a folder `mills` or `inputs/mills` beside the deck, above it, or above
/// the program; or a path ending in .yaml, from where the deck is.
enum qn_status qn_deck_preset(const char *deck_path, struct qn_yaml_doc *doc) QN_MUST_USE;

// readers and writers of deck_parts.c, deck_balls.c, deck_contact.c and deck_wear.c, named in the
// tables
qn_field_read_fn qn_read_programme, qn_read_rods, qn_read_materials, qn_read_material_name,
    qn_read_groups, qn_read_values, qn_read_stages, qn_read_section, qn_read_named,
    qn_read_restitution_table, qn_read_pairs, qn_read_powder_friction, qn_read_parcel_groups,
    qn_read_wear, qn_read_elements;
qn_field_write_fn qn_write_programme, qn_write_rods, qn_write_materials, qn_write_material_name,
    qn_write_groups, qn_write_values, qn_write_stages, qn_write_section, qn_write_named,
    qn_write_restitution_table, qn_write_pairs, qn_write_powder_friction, qn_write_parcel_groups,
    qn_write_wear, qn_write_elements;

/// What a pair of materials has of its own in `contact.pairs`, or `otherwise`.
double qn_deck_pair_value(const struct qn_deck *deck, int a, int b, enum qn_pair_number which,
                          double otherwise);

/// Parcels of a deck whose single values are good: sizes from count and mass, or count and mass
/// from the sizes listed (deck_balls.c).
void qn_deck_parcels(struct qn_deck *deck, struct qn_yaml *root, struct qn_faults *faults);

/// Write out the resolved deck, which the deck owns then, and the hash of its mechanics.
void qn_deck_resolve(struct qn_deck *deck);

/// Faults of a deck whose single values are good: what does not fit together (deck_check.c).
void qn_deck_check(const struct qn_deck *deck, struct qn_yaml *root, struct qn_faults *faults);
