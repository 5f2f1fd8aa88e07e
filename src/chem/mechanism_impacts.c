/// @file
/// The mechanical reactions of a mechanism file.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"

// the surface an impact reaction belongs to: that of its first surface reactant
static int home(const struct qn_mechanism *m, const struct qn_equation *eq)
{
    for (int i = 0; i < eq->n_react; i++) {
        if (eq->react[i].species < m->n_surface) {
            return m->species[eq->react[i].species].phase;
        }
    }
    return -1;
}

// the earlier impact-yield of that id, counted from 1
static int named_yield(struct qn_reader *r, const struct qn_yaml *id, const struct qn_impact *q)
{
    const struct qn_mechanism *m = r->m;
    for (int i = 0; id->text && &m->impact[i] < q; i++) {
        if (m->impact[i].type == QN_IMPACT_YIELD && strcmp(m->impact[i].id, id->text) == 0) {
            return i + 1;
        }
    }
    qn_reader_fault(r, id, "remainder-of names an impact-yield that stands before, by its id");
    return 0;
}

static void read_impact(struct qn_reader *r, struct qn_yaml *node, struct qn_impact *q)
{
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    struct qn_yaml *type = qn_reader_need(r, node, "type");
    struct qn_yaml *rate = qn_reader_need(r, node, "rate");
    const struct qn_yaml *id = qn_yaml_get(node, "id");
    (void)snprintf(q->id, sizeof q->id, "%s", id && id->text ? id->text : "");
    qn_reader_skip(node, "note");
    if (!equation || !type || !type->text || !rate) {
        return;
    }
    if (qn_reader_equation(r, equation, &q->eq)) {
        qn_reader_fault(r, equation, "an impact reaction is irreversible: write =>");
    }
    q->phase = home(r->m, &q->eq);
    if (q->phase < 0) {
        qn_reader_fault(r, equation, "an impact reaction needs a surface reactant");
    }
    if (strcmp(type->text, "impact-yield") == 0) {
        q->type = QN_IMPACT_YIELD;
        q->G = qn_reader_number(r, qn_reader_need(r, rate, "G"), 1.0, "mol/J");
        q->threshold = qn_reader_number(r, qn_yaml_get(rate, "w-th"), 1.0, "J/kg");
        q->formation = qn_reader_energy(r, qn_reader_need(r, rate, "E-form"));
        const struct qn_yaml *other = qn_yaml_get(node, "remainder-of");
        q->remainder_of = other ? named_yield(r, other, q) : 0;
    } else if (strcmp(type->text, "coverage-strip") == 0) {
        q->type = QN_IMPACT_STRIP;
        q->strip = qn_reader_number(r, qn_reader_need(r, rate, "k"), 1.0, "kg/J");
    } else {
        qn_reader_fault(r, type, "type \"%s\" is not supported: impact-yield or coverage-strip",
                        type->text);
    }
}

void qn_reader_impacts(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    m->impact = qn_alloc((size_t)list->count, sizeof *m->impact);
    for (int i = 0; i < list->count; i++) {
        if (!qn_reader_is_units(list->child[i])) {
            read_impact(r, list->child[i], &m->impact[m->n_impacts++]);
            qn_reader_leftover(r, list->child[i]);
        }
    }
}
