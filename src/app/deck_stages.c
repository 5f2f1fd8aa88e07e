/// @file
/// `run.stages`: what happens to powder and gas over the hours, one after the other.
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_fields.h"

enum { PATH = 192 };

static const char *const acts[] = {"mill", "hold", "evacuate", "fill", "sample", NULL};
static const char *const outlets[] = {"pressure", "volume", NULL};

#define AT(member) offsetof(struct qn_deck_stage, member)
#define TIMED(word)                                                                                \
    {.path = "for",                                                                                \
     .type = QN_FIELD_DOUBLE,                                                                      \
     .offset = AT(span),                                                                           \
     .unit = "s",                                                                                  \
     .min = 0,                                                                                     \
     .max = 1e8,                                                                                   \
     .flags = QN_ABOVE | QN_REQUIRED,                                                              \
     .when = "do",                                                                                 \
     .is = word,                                                                                   \
     .doc = "how long"},                                                                           \
        {.path = "temperature",                                                                    \
         .type = QN_FIELD_DOUBLE,                                                                  \
         .offset = AT(temperature),                                                                \
         .unit = "K",                                                                              \
         .min = 0,                                                                                 \
         .max = 2000,                                                                              \
         .fallback = "0 K",                                                                        \
         .when = "do",                                                                             \
         .is = word,                                                                               \
         .doc = "of powder and gas; 0 K: chemistry.bulk_temperature, or what heat.balance "        \
                "computes"},                                                                       \
        {.path = "flow",                                                                           \
         .type = QN_FIELD_DOUBLE,                                                                  \
         .offset = AT(flow),                                                                       \
         .unit = "m3/s",                                                                           \
         .min = 0,                                                                                 \
         .max = 1,                                                                                 \
         .fallback = "0 m3/s",                                                                     \
         .when = "do",                                                                             \
         .is = word,                                                                               \
         .doc = "of feed into the vial, volume at its temperature and pressure; 0: closed"},       \
        {.path = "feed",                                                                           \
         .type = QN_FIELD_OTHER,                                                                   \
         .offset = AT(feed),                                                                       \
         .unit = "Pa",                                                                             \
         .min = 0,                                                                                 \
         .max = 1e8,                                                                               \
         .read = qn_read_values,                                                                   \
         .write = qn_write_values,                                                                 \
         .fallback = "none",                                                                       \
         .when = "do",                                                                             \
         .is = word,                                                                               \
         .doc = "a map: species to its partial pressure in the feed"},                             \
    {                                                                                              \
        .path = "outlet", .type = QN_FIELD_ENUM, .offset = AT(outlet), .names = outlets,           \
        .fallback = "pressure", .when = "do", .is = word,                                          \
        .doc = "what leaves: all that would raise the pressure, or the volume that flows in"       \
    }

// clang-format off
static const struct qn_field stage_fields[] = {
    {.path = "do", .type = QN_FIELD_ENUM, .offset = AT(act), .names = acts, .flags = QN_REQUIRED,
     .doc = "mill and hold take time, the others none"},
    TIMED("mill"),
    TIMED("hold"),
    {.path = "to", .type = QN_FIELD_DOUBLE, .offset = AT(to), .unit = "Pa", .min = 0, .max = 1e8,
     .fallback = "0 Pa", .when = "do", .is = "evacuate", .doc = "pressure that is left"},
    {.path = "pressure", .type = QN_FIELD_OTHER, .offset = AT(feed), .unit = "Pa", .min = 0,
     .max = 1e8, .read = qn_read_values, .write = qn_write_values, .flags = QN_REQUIRED,
     .when = "do", .is = "fill",
     .doc = "a map: species to the pressure it adds at gas.fill_temperature"},
    {.path = "volume", .type = QN_FIELD_DOUBLE, .offset = AT(to), .unit = "m3", .min = 0, .max = 1,
     .flags = QN_ABOVE | QN_REQUIRED, .when = "do", .is = "sample",
     .doc = "of gas that is drawn, at the vial's pressure and temperature"},
    {0},
};
// clang-format on
const struct qn_table qn_deck_stage_table = {"run.stages[]", stage_fields};

void qn_read_values(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                    struct qn_faults *faults)
{
    struct qn_named_values *to = (struct qn_named_values *)((char *)out + field->offset);
    if (node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0) {
        return;
    }
    if (node->kind != QN_YAML_MAP || node->count > QN_NAMED_MOST) {
        qn_fault_value(faults, node, path, "a map of at most %d names to values is wanted",
                       QN_NAMED_MOST);
        return;
    }
    for (to->n = 0; to->n < node->count; to->n++) {
        const struct qn_yaml *item = node->child[to->n];
        char own[PATH];
        snprintf(own, sizeof own, "%.120s.%.60s", path, item->key);
        if (strlen(item->key) >= sizeof to->name[0]) {
            qn_fault_key(faults, item, own, "a name of at most %zu letters is wanted",
                         sizeof to->name[0] - 1);
        }
        snprintf(to->name[to->n], sizeof to->name[0], "%s", item->key);
        qn_schema_double(field, item, own, &to->value[to->n], faults);
    }
}

void qn_write_values(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    const struct qn_named_values *of =
        (const struct qn_named_values *)((const char *)in + field->offset);
    const int pure = strcmp(field->unit, "1") == 0;
    (void)indent;
    for (int k = 0; k < of->n; k++) {
        char number[QN_NUMBER_TEXT];
        qn_text_add(text, "%s%s: %s%s%s", k ? ", " : " {", of->name[k],
                    qn_number_text(of->value[k], number), pure ? "" : " ", pure ? "" : field->unit);
    }
    qn_text_add(text, of->n ? "}\n" : " none\n");
}

void qn_read_stages(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                    struct qn_faults *faults)
{
    struct qn_deck_run *run = &((struct qn_deck *)out)->run;
    (void)field;
    if (node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0) {
        return;
    }
    if (node->kind != QN_YAML_LIST || node->count < 1 || node->count > QN_MAX_STAGES) {
        qn_fault_value(faults, node, path, "a list of 1 to %d stages is wanted", QN_MAX_STAGES);
        return;
    }
    double total = 0.0;
    for (int k = 0; k < node->count; k++) {
        struct qn_deck_stage *stage = &run->stage[run->n_stages++];
        char own[PATH];
        snprintf(own, sizeof own, "%.120s[%d]", path, k);
        qn_schema_read(&qn_deck_stage_table, node->child[k], own, stage, faults);
        if (stage->flow > 0.0 && stage->feed.n == 0) {
            qn_fault_key(faults, node->child[k], own, "a flow needs a feed");
        }
        total += stage->span;
    }
    if (run->bridged > 0.0 && fabs(run->bridged / total - 1.0) > 1e-12) {
        qn_fault_value(faults, node, path,
                       "the stages last %g s, run.bridged says %g s: leave it out", total,
                       run->bridged);
    }
    run->bridged = total;
}

void qn_write_stages(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    const struct qn_deck_run *run = &((const struct qn_deck *)in)->run;
    (void)field;
    qn_text_add(text, run->n_stages ? "\n" : " none\n");
    for (int k = 0; k < run->n_stages; k++) {
        qn_text_add(text, "%*s-\n", indent, "");
        qn_schema_write(&qn_deck_stage_table, &run->stage[k], indent + 2, 0, text);
    }
}
