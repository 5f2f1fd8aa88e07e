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
};

extern const struct qn_table qn_deck_table, qn_deck_powder_table, qn_deck_gas_table,
    qn_deck_chemistry_table, qn_deck_material_table, qn_deck_group_table;

// readers and writers of deck_parts.c, named in the tables
qn_field_read_fn qn_read_materials, qn_read_material_name, qn_read_groups, qn_read_section,
    qn_read_named;
qn_field_write_fn qn_write_materials, qn_write_material_name, qn_write_groups, qn_write_section,
    qn_write_named;

/// Faults of a deck whose single values are good: what does not fit together (deck_check.c).
void qn_deck_check(const struct qn_deck *deck, struct qn_yaml *root, struct qn_faults *faults);
