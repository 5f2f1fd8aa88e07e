/// @file
/// The mechanical reactions of a mechanism file.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"
#include "chem/blows.h"

static int has_powder(const struct qn_mechanism *m, const struct qn_equation *eq)
{
    for (int i = 0; i < eq->n_react; i++) {
        if (eq->react[i].species < m->n_surface) {
            return 1;
        }
    }
    return 0;
}

// the earlier reaction of that id and of the same type, counted from 1
static int named(struct qn_reader *r, const struct qn_yaml *id, const struct qn_impact *q)
{
    const struct qn_mechanism *m = r->m;
    for (int i = 0; id->text && &m->impact[i] < q; i++) {
        if (m->impact[i].type == q->type && strcmp(m->impact[i].id, id->text) == 0) {
            return i + 1;
        }
    }
    qn_reader_fault(r, id,
                    "remainder-of names a reaction of the same type that stands before, by "
                    "its id");
    return 0;
}

static const struct qn_blow_type *type_of(struct qn_reader *r, const struct qn_yaml *node)
{
    const struct qn_blow_type *type = qn_blow_find(node->text ? node->text : "");
    if (!type) {
        struct qn_text known = {0};
        for (int i = 0; qn_blow_types[i]; i++) {
            qn_text_add(&known, "%s%s", i ? ", " : "", qn_blow_types[i]->name);
        }
        qn_reader_fault(r, node, "type \"%s\" is not supported: %s", node->text ? node->text : "",
                        known.text);
        qn_text_free(&known);
    }
    return type;
}

void qn_reader_values(struct qn_reader *r, struct qn_yaml *rate, const char *type,
                      const struct qn_blow_key *keys, double *value)
{
    for (int i = 0; keys[i].name; i++) {
        const struct qn_blow_key *key = &keys[i];
        struct qn_yaml *node = qn_yaml_get(rate, key->name);
        if (!node) {
            value[i] = key->fallback;
            if (key->need) {
                qn_reader_fault(r, rate, "%s needs \"%s\", %s [%s]", type, key->name, key->doc,
                                key->unit);
            }
            continue;
        }
        const int faults = r->faults;
        value[i] = strcmp(key->unit, "J/mol") == 0 ? qn_reader_energy(r, node)
                                                   : qn_reader_number(r, node, 1.0, key->unit);
        const int low = key->need ? !(value[i] > 0.0) : !(value[i] >= 0.0);
        if (r->faults == faults && low) {
            qn_reader_fault(r, node, "%s must %s", key->name,
                            key->need ? "be above 0" : "not be negative");
        } else if (key->high > 0.0 && value[i] > key->high) {
            qn_reader_fault(r, node, "%s is at most %g", key->name, key->high);
        }
    }
}

static void read_cap(struct qn_reader *r, struct qn_yaml *node, const struct qn_yaml *equation,
                     struct qn_impact *q)
{
    const struct qn_yaml *cap = qn_yaml_get(node, "cap");
    q->cap = q->type->cap;
    if (cap) {
        q->cap = cap->text && strcmp(cap->text, "equilibrium") == 0 ? QN_CAP_EQUILIBRIUM
                                                                    : QN_CAP_REACTANTS;
        if (q->cap == QN_CAP_REACTANTS && !(cap->text && strcmp(cap->text, "reactants") == 0)) {
            qn_reader_fault(r, cap, "cap is reactants or equilibrium");
        }
    }
    for (int i = 0; q->cap == QN_CAP_EQUILIBRIUM && i < q->eq.n_net; i++) {
        const struct qn_species *s = &r->m->species[q->eq.net[i].species];
        if (s->thermo.model == QN_THERMO_NONE) {
            qn_reader_fault(r, cap ? cap : equation,
                            "%s stops at its equilibrium, so %s needs thermo (or write cap: "
                            "reactants)",
                            q->eq.text, s->name);
        }
    }
}

static void read_impact(struct qn_reader *r, struct qn_yaml *node, struct qn_impact *q)
{
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    struct qn_yaml *type = qn_reader_need(r, node, "type");
    struct qn_yaml *rate = qn_reader_need(r, node, "rate");
    const struct qn_yaml *id = qn_yaml_get(node, "id");
    const struct qn_yaml *other = qn_yaml_get(node, "remainder-of");
    (void)snprintf(q->id, sizeof q->id, "%s", id && id->text ? id->text : "");
    qn_reader_skip(node, "note");
    if (!equation || !type || !rate || !(q->type = type_of(r, type))) {
        qn_reader_skip(node, "rate"); // nobody knows its keys
        qn_reader_skip(node, "cap");
        return;
    }
    const int faults = r->faults;
    if (qn_reader_equation(r, equation, &q->eq)) {
        qn_reader_fault(r, equation, "an impact reaction is irreversible: write =>");
    }
    if (!has_powder(r->m, &q->eq)) {
        qn_reader_fault(r, equation, "an impact reaction needs a reactant of the powder");
    }
    qn_reader_values(r, rate, q->type->name, q->type->key, q->value);
    read_cap(r, node, equation, q);
    q->remainder_of = other ? named(r, other, q) : 0;
    // what derived values are made of must be sound
    const char *wrong = r->faults == faults && q->type->ready ? q->type->ready(r->m, q) : NULL;
    if (wrong) {
        qn_reader_fault(r, equation, "%s", wrong);
    }
}

void qn_reader_impacts(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    if (list->count > QN_MAX_IMPACTS) {
        qn_reader_fault(r, list, "more than %d mechanical reactions", QN_MAX_IMPACTS);
        return;
    }
    const struct qn_mechanism_units before = qn_reader_scope(r, list);
    m->impact = qn_alloc((size_t)list->count, sizeof *m->impact);
    for (int i = 0; i < list->count; i++) {
        if (!qn_reader_is_units(list->child[i])) {
            read_impact(r, list->child[i], &m->impact[m->n_impacts++]);
            qn_reader_leftover(r, list->child[i]);
        }
    }
    r->units = before;
}
