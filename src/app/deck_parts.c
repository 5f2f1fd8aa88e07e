/// @file
/// Parts of a deck that are not single values: materials, groups of balls, optional sections, maps
/// of names to values.
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "app/deck_fields.h"
#include "base/constants.h"

enum { PATH = 192, STEP = 2 };

/// The fallback "none", or the word in the deck.
static bool is_none(const struct qn_yaml *node)
{
    return node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0;
}

void qn_read_materials(const struct qn_field *field, struct qn_yaml *node, const char *path,
                       void *out, struct qn_faults *faults)
{
    (void)field;
    struct qn_deck *deck = out;
    if (node->kind != QN_YAML_MAP) {
        qn_fault_value(faults, node, path, "a map of names to properties is wanted");
        return;
    }
    if (node->count > QN_MAX_MATERIALS) {
        qn_fault_value(faults, node, path, "%d materials; at most %d fit", node->count,
                       QN_MAX_MATERIALS);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        struct qn_yaml *item = node->child[k];
        char own[PATH];
        snprintf(own, sizeof own, "%s.%.60s", path, item->key);
        struct qn_material *m = &deck->material[deck->n_materials++];
        if (strlen(item->key) >= sizeof m->name) {
            qn_fault_key(faults, item, own, "a name of at most %zu letters is wanted",
                         sizeof m->name - 1);
        }
        snprintf(m->name, sizeof m->name, "%.31s", item->key);
        qn_schema_read(&qn_deck_material_table, item, own, m, faults);
    }
}

void qn_write_materials(const struct qn_field *field, const void *in, int indent,
                        struct qn_text *text)
{
    (void)field;
    const struct qn_deck *deck = in;
    qn_text_add(text, "\n");
    for (int k = 0; k < deck->n_materials; k++) {
        qn_text_add(text, "%*s%s:\n", indent, "", deck->material[k].name);
        qn_schema_write(&qn_deck_material_table, &deck->material[k], indent + STEP, 0, text);
    }
}

void qn_read_material_name(const struct qn_field *field, struct qn_yaml *node, const char *path,
                           void *out, struct qn_faults *faults)
{
    struct qn_deck *deck = out;
    int found = -1;
    const char *names[QN_MAX_MATERIALS + 1] = {0};
    for (int k = 0; k < deck->n_materials; k++) {
        names[k] = deck->material[k].name;
        if (node->kind == QN_YAML_SCALAR && strcmp(names[k], node->text) == 0) {
            found = k;
        }
    }
    memcpy((char *)out + field->offset, &found, sizeof found);
    if (node->kind != QN_YAML_SCALAR) {
        qn_fault_value(faults, node, path, "a name from materials is wanted");
    } else if (found < 0 && deck->n_materials > 0) {
        const char *near = qn_nearest_word(node->text, names);
        qn_fault_value(faults, node, path, "there is no material \"%s\"%s%s%s", node->text,
                       near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    }
}

void qn_write_material_name(const struct qn_field *field, const void *in, int indent,
                            struct qn_text *text)
{
    (void)indent;
    const struct qn_deck *deck = in;
    int which;
    memcpy(&which, (const char *)in + field->offset, sizeof which);
    qn_text_add(text, " %s\n", which < 0 ? "none" : deck->material[which].name);
}

static const struct qn_table *section_table(const struct qn_field *field)
{
    const struct qn_table *const tables[] = {&qn_deck_powder_table, &qn_deck_gas_table,
                                             &qn_deck_chemistry_table};
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        if (strcmp(tables[k]->title, field->path) == 0) {
            return tables[k];
        }
    }
    return NULL;
}

static bool section_is_none(const struct qn_field *field, const struct qn_deck *deck)
{
    const struct qn_table *table = section_table(field);
    return table == &qn_deck_powder_table ? deck->powder.material < 0
           : table == &qn_deck_gas_table  ? deck->chemistry.n_fill == 0
                                          : deck->chemistry.mechanism[0] == '\0';
}

void qn_read_section(const struct qn_field *field, struct qn_yaml *node, const char *path,
                     void *out, struct qn_faults *faults)
{
    if (!is_none(node)) {
        qn_schema_read(section_table(field), node, path, out, faults);
    }
}

void qn_write_section(const struct qn_field *field, const void *in, int indent,
                      struct qn_text *text)
{
    if (section_is_none(field, in)) {
        qn_text_add(text, " none\n");
        return;
    }
    qn_text_add(text, "\n");
    qn_schema_write(section_table(field), in, indent, 0, text);
}

/// Where the named values of a field go; the maps of a deck differ in nothing else.
struct named {
    char *name;
    size_t size;
    double *value;
};

static int named_count(const struct qn_field *field, struct qn_deck_chemistry *c, int **count)
{
    if (strcmp(field->path, "pressure") == 0) {
        *count = &c->n_fill;
        return QN_MAX_FILL;
    }
    if (strcmp(field->path, "solid") == 0) {
        *count = &c->n_solids;
        return QN_MAX_START;
    }
    *count = strcmp(field->path, "area") == 0 ? &c->n_areas : &c->n_start;
    return strcmp(field->path, "area") == 0 ? QN_MAX_AREAS : QN_MAX_START;
}

static struct named named_item(const struct qn_field *field, struct qn_deck_chemistry *c, int k)
{
    if (strcmp(field->path, "pressure") == 0) {
        return (struct named){c->fill[k].species, sizeof c->fill[k].species, &c->fill[k].pressure};
    }
    if (strcmp(field->path, "area") == 0) {
        return (struct named){c->area[k].phase, sizeof c->area[k].phase, &c->area[k].area};
    }
    if (strcmp(field->path, "solid") == 0) {
        return (struct named){c->solid[k].species, sizeof c->solid[k].species, &c->solid[k].amount};
    }
    return (struct named){c->start[k].species, sizeof c->start[k].species, &c->start[k].coverage};
}

void qn_read_named(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                   struct qn_faults *faults)
{
    struct qn_deck *deck = out;
    int *count;
    const int most = named_count(field, &deck->chemistry, &count);
    if (is_none(node)) {
        return;
    }
    if (node->kind != QN_YAML_MAP || node->count > most) {
        qn_fault_value(faults, node, path, "a map of at most %d names to values is wanted", most);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        const struct qn_yaml *item = node->child[k];
        char own[PATH];
        snprintf(own, sizeof own, "%s.%.60s", path, item->key);
        const struct named to = named_item(field, &deck->chemistry, k);
        if (strlen(item->key) >= to.size) {
            qn_fault_key(faults, item, own, "a name of at most %zu letters is wanted", to.size - 1);
        }
        snprintf(to.name, to.size, "%s", item->key);
        qn_schema_double(field, item, own, to.value, faults);
    }
    *count = node->count;
}

void qn_write_named(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    (void)indent;
    struct qn_deck_chemistry c = ((const struct qn_deck *)in)->chemistry;
    int *count;
    (void)named_count(field, &c, &count);
    if (*count == 0) {
        qn_text_add(text, " none\n");
        return;
    }
    qn_text_add(text, " {");
    for (int k = 0; k < *count; k++) {
        char number[QN_NUMBER_TEXT];
        const struct named item = named_item(field, &c, k);
        qn_text_add(text, "%s%s: %s%s%s", k ? ", " : "", item.name,
                    qn_number_text(*item.value, number), strcmp(field->unit, "1") ? " " : "",
                    strcmp(field->unit, "1") ? field->unit : "");
    }
    qn_text_add(text, "}\n");
}

static void read_leg(struct qn_deck_mill *mill, struct qn_yaml *item, const char *path,
                     struct qn_faults *faults)
{
    struct qn_leg leg = {0};
    const int before = faults->count;
    qn_schema_read(&qn_deck_leg_table, item, path, &leg, faults);
    if (item->kind != QN_YAML_MAP || faults->count != before) {
        return;
    }
    if (!qn_yaml_get(item, "ramp")) {
        leg.ramp = fmin(mill->run_up, leg.span);
    } else if (leg.ramp > leg.span) {
        qn_fault_key(faults, item, path, "the ramp, %g s, is longer than the leg, %g s", leg.ramp,
                     leg.span);
    }
    mill->leg[mill->n_legs++] = leg;
}

void qn_read_programme(const struct qn_field *field, struct qn_yaml *node, const char *path,
                       void *out, struct qn_faults *faults)
{
    (void)field;
    struct qn_deck_mill *mill = &((struct qn_deck *)out)->mill;
    if (is_none(node)) {
        return;
    }
    if (node->kind != QN_YAML_LIST || node->count < 1 || node->count > QN_MAX_LEGS) {
        qn_fault_value(faults, node, path, "a list of 1 to %d legs is wanted", QN_MAX_LEGS);
        return;
    }
    bool moves = false;
    for (int k = 0; k < node->count; k++) {
        char own[PATH];
        snprintf(own, sizeof own, "%s[%d]", path, k);
        read_leg(mill, node->child[k], own, faults);
        moves = moves || (mill->n_legs > 0 && mill->leg[mill->n_legs - 1].speed != 0.0);
    }
    if (!moves && mill->n_legs == node->count) {
        qn_fault_value(faults, node, path, "no leg moves the mill");
    }
}

void qn_write_programme(const struct qn_field *field, const void *in, int indent,
                        struct qn_text *text)
{
    (void)field;
    const struct qn_deck_mill *mill = &((const struct qn_deck *)in)->mill;
    qn_text_add(text, mill->n_legs ? "\n" : " none\n");
    for (int k = 0; k < mill->n_legs; k++) {
        char speed[QN_NUMBER_TEXT], span[QN_NUMBER_TEXT], ramp[QN_NUMBER_TEXT];
        qn_text_add(text, "%*s- {speed: %s, for: %s s, ramp: %s s}\n", indent, "",
                    qn_number_text(mill->leg[k].speed, speed),
                    qn_number_text(mill->leg[k].span, span),
                    qn_number_text(mill->leg[k].ramp, ramp));
    }
}

void qn_read_rods(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                  struct qn_faults *faults)
{
    (void)field;
    struct qn_deck_vial *vial = &((struct qn_deck *)out)->vial;
    if (is_none(node)) {
        return;
    }
    if (node->kind != QN_YAML_LIST || node->count < 1 || node->count > QN_MAX_RODS) {
        qn_fault_value(faults, node, path, "a list of 1 to %d bars is wanted", QN_MAX_RODS);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        char own[PATH];
        snprintf(own, sizeof own, "%s[%d]", path, k);
        qn_schema_read(&qn_deck_rod_table, node->child[k], own, &vial->rod[vial->n_rods++], faults);
    }
}

void qn_write_rods(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    (void)field;
    const struct qn_deck_vial *vial = &((const struct qn_deck *)in)->vial;
    qn_text_add(text, vial->n_rods ? "\n" : " none\n");
    for (int k = 0; k < vial->n_rods; k++) {
        qn_text_add(text, "%*s-\n", indent, "");
        qn_schema_write(&qn_deck_rod_table, &vial->rod[k], indent + STEP, 0, text);
    }
}
