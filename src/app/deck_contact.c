/// @file
/// Parts of `contact` that are not single values: a table of restitution, pairs of materials.
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_fields.h"

enum { PATH = 192 };

static const char *const pair_keys[] = {"between", "restitution", "friction", "rolling", NULL};
static const struct qn_field pair_number[QN_PAIR_NUMBERS] = {
    {.path = "restitution", .unit = "1", .min = 0.05, .max = 1.0},
    {.path = "friction", .unit = "1", .min = 0.0, .max = 2.0},
    {.path = "rolling", .unit = "1", .min = 0.0, .max = 1.0},
};
static const struct qn_field row_number[2] = {
    {.path = "speed", .unit = "m/s", .min = 0.0, .max = 1e3, .flags = QN_ABOVE},
    {.path = "restitution", .unit = "1", .min = 0.05, .max = 1.0},
};

/// A map whose keys are all among `keys`.
static int is_map_of(struct qn_yaml *item, const char *const *keys, const char *path,
                     struct qn_faults *faults)
{
    if (item->kind != QN_YAML_MAP) {
        qn_fault_value(faults, item, path, "a map is wanted");
        return 0;
    }
    for (int k = 0; k < item->count; k++) {
        int known = 0;
        for (int q = 0; keys[q]; q++) {
            known |= strcmp(keys[q], item->child[k]->key) == 0;
        }
        if (!known) {
            const char *near = qn_nearest_word(item->child[k]->key, keys);
            qn_fault_key(faults, item->child[k], path, "unknown key \"%s\"%s%s%s",
                         item->child[k]->key, near ? "; did you mean \"" : "", near ? near : "",
                         near ? "\"?" : "");
        }
    }
    return 1;
}

void qn_read_restitution_table(const struct qn_field *field, struct qn_yaml *node, const char *path,
                               void *out, struct qn_faults *faults)
{
    static const char *const keys[] = {"speed", "restitution", NULL};
    struct qn_deck_contact *c = &((struct qn_deck *)out)->contact;
    (void)field;
    if (node->kind != QN_YAML_LIST || node->count < 1 || node->count > QN_RESTITUTION_ROWS) {
        qn_fault_value(faults, node, path, "a list of 1 to %d rows {speed, restitution} is wanted",
                       QN_RESTITUTION_ROWS);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        struct qn_yaml *item = node->child[k];
        char own[PATH], key[PATH + 16];
        snprintf(own, sizeof own, "%.120s[%d]", path, k);
        for (int q = 0; is_map_of(item, keys, own, faults) && q < 2; q++) {
            const struct qn_yaml *value = qn_yaml_get(item, keys[q]);
            snprintf(key, sizeof key, "%s.%s", own, keys[q]);
            if (!value) {
                qn_fault_key(faults, item, own, "%s is missing", keys[q]);
            } else {
                (void)qn_schema_double(&row_number[q], value, key, &c->table[k][q], faults);
            }
        }
        if (k > 0 && !(c->table[k][0] > c->table[k - 1][0])) {
            qn_fault_key(faults, item, own, "speeds must rise from row to row");
        }
    }
    c->n_table = node->count;
}

void qn_read_powder_friction(const struct qn_field *field, struct qn_yaml *node, const char *path,
                             void *out, struct qn_faults *faults)
{
    static const struct qn_field number = {
        .path = "powder_friction", .unit = "1", .min = 0.0, .max = 2.0};
    struct qn_deck_contact *c = &((struct qn_deck *)out)->contact;
    (void)field;
    c->powder_friction = NAN;
    if (node->kind != QN_YAML_SCALAR || strcmp(node->text, "none") != 0) {
        (void)qn_schema_double(&number, node, path, &c->powder_friction, faults);
    }
}

void qn_write_powder_friction(const struct qn_field *field, const void *in, int indent,
                              struct qn_text *text)
{
    char number[QN_NUMBER_TEXT];
    const double mu = ((const struct qn_deck *)in)->contact.powder_friction;
    (void)field;
    (void)indent;
    qn_text_add(text, " %s\n", isnan(mu) ? "none" : qn_number_text(mu, number));
}

void qn_write_restitution_table(const struct qn_field *field, const void *in, int indent,
                                struct qn_text *text)
{
    const struct qn_deck_contact *c = &((const struct qn_deck *)in)->contact;
    (void)field;
    qn_text_add(text, "\n");
    for (int k = 0; k < c->n_table; k++) {
        char speed[QN_NUMBER_TEXT], e[QN_NUMBER_TEXT];
        qn_text_add(text, "%*s- {speed: %s m/s, restitution: %s}\n", indent, "",
                    qn_number_text(c->table[k][0], speed), qn_number_text(c->table[k][1], e));
    }
}

/// Index of a material by its name; a fault when there is none.
static int material_of(const struct qn_deck *deck, const struct qn_yaml *node, const char *path,
                       struct qn_faults *faults)
{
    const char *names[QN_MAX_MATERIALS + 1] = {0};
    for (int k = 0; k < deck->n_materials; k++) {
        names[k] = deck->material[k].name;
        if (node->kind == QN_YAML_SCALAR && strcmp(names[k], node->text) == 0) {
            return k;
        }
    }
    const char *near = node->kind == QN_YAML_SCALAR ? qn_nearest_word(node->text, names) : NULL;
    qn_fault_value(faults, node, path, "two names from materials are wanted%s%s%s",
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    return -1;
}

static void read_pair(struct qn_deck *deck, struct qn_yaml *item, const char *path,
                      struct qn_faults *faults)
{
    struct qn_deck_pair *p = &deck->contact.pair[deck->contact.n_pairs++];
    *p = (struct qn_deck_pair){-1, -1, {NAN, NAN, NAN}};
    if (!is_map_of(item, pair_keys, path, faults)) {
        return;
    }
    char key[PATH + 16];
    struct qn_yaml *between = qn_yaml_get(item, "between");
    snprintf(key, sizeof key, "%s.between", path);
    if (!between || between->kind != QN_YAML_LIST || between->count != 2) {
        qn_fault_key(faults, item, path, "between: [a, b] with two names from materials is wanted");
    } else {
        p->a = material_of(deck, between->child[0], key, faults);
        p->b = material_of(deck, between->child[1], key, faults);
    }
    for (int q = 0; q < QN_PAIR_NUMBERS; q++) {
        const struct qn_yaml *value = qn_yaml_get(item, pair_number[q].path);
        snprintf(key, sizeof key, "%s.%s", path, pair_number[q].path);
        if (value) {
            (void)qn_schema_double(&pair_number[q], value, key, &p->number[q], faults);
        }
    }
}

void qn_read_pairs(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                   struct qn_faults *faults)
{
    (void)field;
    if (node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0) {
        return;
    }
    if (node->kind != QN_YAML_LIST || node->count > QN_MAX_PAIRS) {
        qn_fault_value(faults, node, path, "none or a list of at most %d pairs is wanted",
                       QN_MAX_PAIRS);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        char own[PATH];
        snprintf(own, sizeof own, "%.120s[%d]", path, k);
        read_pair(out, node->child[k], own, faults);
    }
}

void qn_write_pairs(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    const struct qn_deck *deck = in;
    const struct qn_deck_contact *c = &deck->contact;
    (void)field;
    qn_text_add(text, c->n_pairs ? "\n" : " none\n");
    for (int k = 0; k < c->n_pairs; k++) {
        const struct qn_deck_pair *p = &c->pair[k];
        qn_text_add(text, "%*s- {between: [%s, %s]", indent, "", deck->material[p->a].name,
                    deck->material[p->b].name);
        for (int q = 0; q < QN_PAIR_NUMBERS; q++) {
            char number[QN_NUMBER_TEXT];
            if (!isnan(p->number[q])) {
                qn_text_add(text, ", %s: %s", pair_number[q].path,
                            qn_number_text(p->number[q], number));
            }
        }
        qn_text_add(text, "}\n");
    }
}

double qn_deck_pair_value(const struct qn_deck *deck, int a, int b, enum qn_pair_number which,
                          double otherwise)
{
    const struct qn_deck_contact *c = &deck->contact;
    for (int k = 0; k < c->n_pairs; k++) {
        const struct qn_deck_pair *p = &c->pair[k];
        const int is = (p->a == a && p->b == b) || (p->a == b && p->b == a);
        if (is && !isnan(p->number[which])) {
            return p->number[which];
        }
    }
    return otherwise;
}
