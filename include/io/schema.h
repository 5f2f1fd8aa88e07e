/// @file
/// Field tables: from one table follow reading with checks, the resolved text, and the help.
///
/// A table lists the keys of a YAML map, the member of a struct each fills, its unit, range,
/// default and meaning. Reading collects every fault instead of stopping at the first:
/// "deck.yaml:12:10: mill.speed: "400" has no unit; write a value that converts to rad/s".
/// To add a key: one member in the struct, one row in its table.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "io/text.h"
#include "io/yaml.h"

enum qn_field_type {
    QN_FIELD_DOUBLE, ///< `double`, in SI; `count` of them from a list when count > 1
    QN_FIELD_INT,    ///< `int64_t`
    QN_FIELD_BOOL,   ///< `int64_t` 0 or 1, written no and yes
    QN_FIELD_ENUM,   ///< a C enum: the index of the word in `names`
    QN_FIELD_STRING, ///< `char[size]`
    QN_FIELD_OTHER,  ///< read and written by functions of its own
};

/// Bits of `qn_field.flags`.
enum {
    QN_REQUIRED = 1, ///< no default
    QN_ABOVE = 2,    ///< `min` itself is not allowed
    QN_BELOW = 4,    ///< `max` itself is not allowed
    QN_MARK = 16,    ///< first of the bits free for the table's owner (see qn_schema_write)
};

struct qn_field;

/// Every fault found so far, one a line, each ended by a newline.
struct qn_faults {
    struct qn_text text;
    int count;
};

/// Reader of a QN_FIELD_OTHER: fill `out`, report to `faults`. `node` is never NULL: for an
/// optional key that is absent it is a scalar that holds the default.
typedef void qn_field_read_fn(const struct qn_field *field, struct qn_yaml *node, const char *path,
                              void *out, struct qn_faults *faults);

/// Writer of a QN_FIELD_OTHER: what follows "key:", with the newline.
typedef void qn_field_write_fn(const struct qn_field *field, const void *in, int indent,
                               struct qn_text *text);

struct qn_field {
    const char *path; ///< dotted, from the map the table is for: "mill.speed"
    enum qn_field_type type;
    size_t offset;    ///< into the struct
    const char *unit; ///< SI unit of a double, "1" for a pure number
    double min, max;  ///< allowed range, in SI; -HUGE_VAL and HUGE_VAL for none
    int flags;
    const char *fallback;     ///< default as one would write it; NULL with QN_REQUIRED
    const char *const *names; ///< words of an enum, ended by NULL
    int count;                ///< doubles in a list; 0 or 1: a scalar
    size_t size;              ///< of a string member
    const char *when, *is;    ///< only when the enum at path `when` is the word `is`
    qn_field_read_fn *read;
    qn_field_write_fn *write;
    const char *doc; ///< one line
};

/// A table; `field` is ended by a row whose path is NULL. A row that another one refers to with
/// `when` stands before it. Several rows may share a path when their conditions exclude each other.
struct qn_table {
    const char *title;
    const struct qn_field *field;
};

/// Fill `out`, which comes zeroed, from a map. `prefix` stands before every path in messages
/// ("materials.steel", ""). Reports unknown keys too.
void qn_schema_read(const struct qn_table *table, struct qn_yaml *map, const char *prefix,
                    void *out, struct qn_faults *faults);

/// Write `in` as YAML, every default included, values in SI with as many digits as they need.
/// Only fields that carry one of the bits of `mask` are written; 0 writes all.
void qn_schema_write(const struct qn_table *table, const void *in, int indent, int mask,
                     struct qn_text *text);

/// Write a table of keys, units, ranges, defaults and meanings for people.
void qn_schema_help(const struct qn_table *table, struct qn_text *text);

/// Is the field in force (no `when`, or its condition holds in `in`)?
int qn_field_applies(const struct qn_table *table, const struct qn_field *field, const void *in);

/// Report a fault of a node, at its value or at its key.
void qn_fault_value(struct qn_faults *faults, const struct qn_yaml *node, const char *path,
                    const char *format, ...) __attribute__((format(printf, 4, 5)));
void qn_fault_key(struct qn_faults *faults, const struct qn_yaml *node, const char *path,
                  const char *format, ...) __attribute__((format(printf, 4, 5)));

/// Report a fault of a dotted path below `root`, at the deepest node that exists on the way.
void qn_fault_at(struct qn_faults *faults, struct qn_yaml *root, const char *path,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

/// Read one scalar with a unit and a range into `value`; returns 1 when it is good.
int qn_schema_double(const struct qn_field *field, const struct qn_yaml *node, const char *path,
                     double *value, struct qn_faults *faults);

/// QN_OK, or QN_ERR_INPUT with all faults as the error text. Frees the faults.
enum qn_status qn_faults_end(struct qn_faults *faults) QN_MUST_USE;

/// The word of `words` (ended by NULL) nearest to `word`, or NULL when none is near.
const char *qn_nearest_word(const char *word, const char *const *words);
