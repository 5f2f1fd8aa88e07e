/// @file
/// Resolved text and help from a table.
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "io/schema.h"

enum { STEP = 2, PATH_TEXT = 192 };

static void write_number(const struct qn_field *f, double value, struct qn_text *text)
{
    char number[QN_NUMBER_TEXT];
    qn_text_add(text, "%s", qn_number_text(value, number));
    if (strcmp(f->unit, "1") != 0) {
        qn_text_add(text, " %s", f->unit);
    }
}

/// A plain word needs no quotes; anything else is single-quoted with its quotes doubled.
static void write_string(const char *s, struct qn_text *text)
{
    const size_t plain = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                   "0123456789_-./");
    if (*s && s[plain] == '\0' && *s != '-') {
        qn_text_add(text, "%s", s);
        return;
    }
    qn_text_add(text, "'");
    for (; *s; s++) {
        qn_text_add(text, *s == '\'' ? "''" : "%c", *s);
    }
    qn_text_add(text, "'");
}

static void write_value(const struct qn_field *f, const void *from, struct qn_text *text)
{
    const double *doubles = from;
    int64_t whole = 0;
    int word = 0;
    switch (f->type) {
    case QN_FIELD_DOUBLE:
        qn_text_add(text, f->count > 1 ? "[" : "");
        for (int k = 0; k < (f->count > 1 ? f->count : 1); k++) {
            qn_text_add(text, k ? ", " : "");
            write_number(f, doubles[k], text);
        }
        qn_text_add(text, f->count > 1 ? "]" : "");
        break;
    case QN_FIELD_INT:
        memcpy(&whole, from, sizeof whole);
        qn_text_add(text, "%" PRId64, whole);
        break;
    case QN_FIELD_BOOL:
        memcpy(&whole, from, sizeof whole);
        qn_text_add(text, "%s", whole ? "yes" : "no");
        break;
    case QN_FIELD_ENUM:
        memcpy(&word, from, sizeof word);
        qn_text_add(text, "%s", f->names[word]);
        break;
    case QN_FIELD_STRING:
    case QN_FIELD_OTHER:
        write_string(from, text);
        break;
    }
}

/// Open the sections of `path` that `before` did not have open; returns the depth of the key.
static int open_sections(const char *before, const char *path, int indent, struct qn_text *text)
{
    int depth = 0;
    size_t at = 0;
    bool same = true;
    for (const char *dot = strchr(path, '.'); dot; dot = strchr(path + at, '.')) {
        const size_t end = (size_t)(dot - path) + 1;
        same = same && strncmp(before, path, end) == 0;
        if (!same) {
            qn_text_add(text, "%*s%.*s:\n", indent + STEP * depth, "", (int)(end - at - 1),
                        path + at);
        }
        at = end;
        depth++;
    }
    return depth;
}

void qn_schema_write(const struct qn_table *table, const void *in, int indent, int mask,
                     struct qn_text *text)
{
    const char *before = "";
    for (const struct qn_field *f = table->field; f->path; f++) {
        if (!qn_field_applies(table, f, in) || (mask && !(f->flags & mask))) {
            continue;
        }
        const int depth = open_sections(before, f->path, indent, text);
        const char *last = strrchr(f->path, '.');
        const int column = indent + STEP * depth;
        qn_text_add(text, "%*s%s:", column, "", last ? last + 1 : f->path);
        if (f->type == QN_FIELD_OTHER) {
            f->write(f, in, column + STEP, text);
        } else {
            qn_text_add(text, " ");
            write_value(f, (const char *)in + f->offset, text);
            qn_text_add(text, "\n");
        }
        before = f->path;
    }
}

static void help_range(const struct qn_field *f, struct qn_text *text)
{
    if (f->type == QN_FIELD_ENUM) {
        for (int k = 0; f->names[k]; k++) {
            qn_text_add(text, "%s%s", k ? " | " : "  ", f->names[k]);
        }
    }
    if (f->type != QN_FIELD_DOUBLE && f->type != QN_FIELD_INT) {
        return;
    }
    if (f->unit && strcmp(f->unit, "1") != 0) {
        qn_text_add(text, "  [%s]", f->unit);
    }
    if (f->min > -HUGE_VAL) {
        qn_text_add(text, "  %s %g", f->flags & QN_ABOVE ? ">" : ">=", f->min);
    }
    if (f->max < HUGE_VAL) {
        qn_text_add(text, "  %s %g", f->flags & QN_BELOW ? "<" : "<=", f->max);
    }
}

void qn_schema_help(const struct qn_table *table, struct qn_text *text)
{
    qn_text_add(text, "%s\n", table->title);
    for (const struct qn_field *f = table->field; f->path; f++) {
        qn_text_add(text, "  %-28s", f->path);
        help_range(f, text);
        if (f->flags & QN_REQUIRED) {
            qn_text_add(text, "  (required%s%s%s%s)", f->when ? " when " : "",
                        f->when ? f->when : "", f->when ? " is " : "", f->when ? f->is : "");
        } else {
            qn_text_add(text, "  (default %s%s%s%s%s)", *f->fallback ? f->fallback : "none",
                        f->when ? " when " : "", f->when ? f->when : "", f->when ? " is " : "",
                        f->when ? f->is : "");
        }
        qn_text_add(text, "\n      %s\n", f->doc);
    }
}
