/// @file
/// The deck's `wear`: coefficient, hardness and composition of materials.
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "app/deck_fields.h"

enum { PATH = 192, STEP = 2 };

static const double SUM_WITHIN = 0.01; ///< of the shares of a composition, as grades are stated

static bool is_none(const struct qn_yaml *node)
{
    return node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0;
}

static int material_named(const struct qn_deck *deck, const char *name)
{
    for (int k = 0; k < deck->n_materials; k++) {
        if (strcmp(deck->material[k].name, name) == 0) {
            return k;
        }
    }
    return -1;
}

void qn_read_wear(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                  struct qn_faults *faults)
{
    (void)field;
    struct qn_deck *deck = out;
    if (is_none(node)) {
        return;
    }
    if (node->kind != QN_YAML_MAP) {
        qn_fault_value(faults, node, path, "a map of materials to properties is wanted");
        return;
    }
    for (int k = 0; k < node->count; k++) {
        struct qn_yaml *item = node->child[k];
        char own[PATH];
        snprintf(own, sizeof own, "%s.%.60s", path, item->key);
        const int which = material_named(deck, item->key);
        if (which < 0) {
            qn_fault_key(faults, item, own, "there is no material of that name");
        } else {
            qn_schema_read(&qn_deck_wear_table, item, own, &deck->wear[which], faults);
        }
    }
}

void qn_write_wear(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    (void)field;
    const struct qn_deck *deck = in;
    bool any = false;
    for (int k = 0; k < deck->n_materials; k++) {
        if (deck->wear[k].coefficient > 0.0) {
            qn_text_add(text, "%s%*s%s:\n", any ? "" : "\n", indent, "", deck->material[k].name);
            qn_schema_write(&qn_deck_wear_table, &deck->wear[k], indent + STEP, 0, text);
            any = true;
        }
    }
    if (!any) {
        qn_text_add(text, " none\n");
    }
}

void qn_read_elements(const struct qn_field *field, struct qn_yaml *node, const char *path,
                      void *out, struct qn_faults *faults)
{
    struct qn_deck_wear *wear = out;
    double sum = 0.0;
    if (is_none(node)) {
        return;
    }
    if (node->kind != QN_YAML_MAP || node->count > QN_MAX_WORN) {
        qn_fault_value(faults, node, path, "a map of at most %d elements to shares is wanted",
                       QN_MAX_WORN);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        const struct qn_yaml *item = node->child[k];
        char own[PATH];
        snprintf(own, sizeof own, "%s.%.60s", path, item->key);
        if (strlen(item->key) >= sizeof wear->element[k].symbol) {
            qn_fault_key(faults, item, own, "a symbol of an element is wanted");
            return;
        }
        snprintf(wear->element[k].symbol, sizeof wear->element[k].symbol, "%s", item->key);
        if (!qn_schema_double(field, item, own, &wear->element[k].share, faults)) {
            return;
        }
        sum += wear->element[k].share;
    }
    wear->n_elements = node->count;
    if (fabs(sum - 1.0) > SUM_WITHIN) {
        qn_fault_value(faults, node, path, "the shares sum to %.6g, not 1", sum);
    }
}

void qn_write_elements(const struct qn_field *field, const void *in, int indent,
                       struct qn_text *text)
{
    (void)field;
    (void)indent;
    const struct qn_deck_wear *wear = in;
    for (int k = 0; k < wear->n_elements; k++) {
        char number[QN_NUMBER_TEXT];
        qn_text_add(text, "%s%s: %s", k ? ", " : " {", wear->element[k].symbol,
                    qn_number_text(wear->element[k].share, number));
    }
    qn_text_add(text, wear->n_elements ? "}\n" : " none\n");
}
