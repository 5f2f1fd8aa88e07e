/// @file
/// The whole table of a deck's keys: the rows of deck_fields.c with those of every mill and vial,
/// and the names of the contact laws.
///
/// A law's rows become rows of `mill.`, in force when `mill.type` names it; keys of one name may
/// belong to several laws.
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_fields.h"
#include "base/array.h"
#include "dem/contact_law.h"

enum { PATH = 64, MAX_LAWS = 64 };

static const char *const gravities[] = {"along_axis", "across_axis", "none", NULL};

/// Rows written one after the other; lives as long as the program.
struct rows {
    struct qn_field *row;
    size_t n, capacity;
};

static void add(struct rows *out, struct qn_field row)
{
    qn_grow(&out->row, &out->capacity, out->n + 1);
    out->row[out->n++] = row;
}

/// The rows of one descriptor below `section`, in force when `chooser` is its name.
static void add_own(struct rows *out, const char *section, const char *chooser, const char *name,
                    const struct qn_field *field, size_t offset)
{
    for (const struct qn_field *f = field; f->path; f++) {
        struct qn_field row = *f;
        char *path = qn_alloc(PATH, 1);
        snprintf(path, PATH, "%s.%s", section, f->path);
        row.path = path;
        row.offset += offset;
        row.flags |= QN_DECK_MECHANICS;
        row.when = chooser;
        row.is = name;
        add(out, row);
    }
}

static void add_mills(struct rows *out)
{
    for (int k = 0; qn_mill_laws[k]; k++) {
        const struct qn_mill_law *law = qn_mill_laws[k];
        QN_ASSERT(law->size <= sizeof((struct qn_deck_mill *)0)->own);
        add_own(out, "mill", "mill.type", law->name, law->field,
                offsetof(struct qn_deck, mill.own));
        add(out, (struct qn_field){
                     .path = "mill.gravity",
                     .type = QN_FIELD_ENUM,
                     .offset = offsetof(struct qn_deck, mill.gravity),
                     .names = gravities,
                     .flags = QN_DECK_MECHANICS,
                     .fallback = law->gravity,
                     .when = "mill.type",
                     .is = law->name,
                     .doc = "along the vial's axis (-z), across it (-y), or none",
                 });
    }
}

static void add_vials(struct rows *out)
{
    for (int k = 0; qn_vial_laws[k]; k++) {
        const struct qn_vial_law *law = qn_vial_laws[k];
        QN_ASSERT(law->size <= sizeof((struct qn_deck_vial *)0)->own);
        add_own(out, "vial", "vial.shape", law->name, law->field,
                offsetof(struct qn_deck, vial.own));
    }
}

const struct qn_table *qn_deck_table(void)
{
    static const char *mills[MAX_LAWS], *vials[MAX_LAWS], *contacts[MAX_LAWS];
    static struct rows rows;
    static struct qn_table table;
    if (table.field) {
        return &table;
    }
    for (int k = 0; qn_mill_laws[k]; k++) {
        QN_ASSERT(k + 1 < MAX_LAWS);
        mills[k] = qn_mill_laws[k]->name;
    }
    for (int k = 0; qn_vial_laws[k]; k++) {
        QN_ASSERT(k + 1 < MAX_LAWS);
        vials[k] = qn_vial_laws[k]->name;
    }
    for (int k = 0; qn_contact_laws[k]; k++) {
        QN_ASSERT(k + 1 < MAX_LAWS);
        contacts[k] = qn_contact_laws[k]->name;
    }
    for (const struct qn_field *f = qn_deck_base.field; f->path; f++) {
        struct qn_field row = *f;
        const bool mill = strcmp(f->path, "mill.type") == 0;
        const bool vial = strcmp(f->path, "vial.shape") == 0;
        const bool law = !strcmp(f->path, "contact.law") || !strcmp(f->path, "contact.parcel_law");
        row.names = mill ? mills : vial ? vials : law ? contacts : row.names;
        add(&rows, row);
        if (mill) {
            add_mills(&rows);
        } else if (vial) {
            add_vials(&rows);
        }
    }
    add(&rows, (struct qn_field){0});
    table = (struct qn_table){qn_deck_base.title, rows.row};
    return &table;
}
