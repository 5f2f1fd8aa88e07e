/// @file
/// Thermal reactions of a mechanism file.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"

static void add_on(struct qn_reaction *q, int species)
{
    for (int i = 0; i < q->n_on; i++) {
        if (q->on[i] == species) {
            return;
        }
    }
    q->on[q->n_on++] = species;
}

static void collect_on(struct qn_reaction *q)
{
    for (int i = 0; i < q->n_order; i++) {
        add_on(q, q->order[i].species);
    }
    for (int i = 0; q->reversible && i < q->eq.n_prod; i++) {
        add_on(q, q->eq.prod[i].species);
    }
    for (int i = 0; i < q->n_depends; i++) {
        add_on(q, q->depends[i].species);
    }
}

// what a reversible reaction needs, and whether its surface knows all its species
static void check_species(struct qn_reader *r, const struct qn_yaml *equation, int spills,
                          const struct qn_reaction *q)
{
    const struct qn_mechanism *m = r->m;
    const int needs = q->reversible || q->blowers_masel;
    for (int i = 0; needs && i < q->eq.n_net; i++) {
        const struct qn_species *s = &m->species[q->eq.net[i].species];
        if (s->thermo.model == QN_THERMO_NONE) {
            qn_reader_fault(r, equation, "%s %s, so %s needs thermo", q->eq.text,
                            q->reversible ? "is reversible" : "follows its heat", s->name);
        }
    }
    for (int i = 0; i < q->n_on + q->eq.n_net; i++) {
        const int k = i < q->n_on ? q->on[i] : q->eq.net[i - q->n_on].species;
        if (m->species[k].buried) {
            qn_reader_fault(r, equation, "%s: %s is buried, only mechanical-reactions reach it",
                            q->eq.text, m->species[k].name);
            break;
        }
    }
    for (int i = 0; !spills && i < q->eq.n_react + q->eq.n_prod; i++) {
        const int left = i < q->eq.n_react;
        const int k = (left ? &q->eq.react[i] : &q->eq.prod[i - q->eq.n_react])->species;
        if (k < m->n_sites && m->species[k].phase != q->phase) {
            qn_reader_fault(r, equation,
                            "%s: %s is of surface %s, but %s lists the reaction; steps between two "
                            "surfaces stand in spill-over-reactions",
                            q->eq.text, m->species[k].name, m->phase[m->species[k].phase].name,
                            m->phase[q->phase].name);
        }
    }
}

static int same_side(const struct qn_term *a, int n_a, const struct qn_term *b, int n_b)
{
    int found = 0;
    for (int i = 0; i < n_a; i++) {
        for (int k = 0; k < n_b; k++) {
            found += a[i].species == b[k].species && a[i].nu == b[k].nu;
        }
    }
    return n_a == n_b && found == n_a;
}

// As Cantera does: the same equation twice in the same form is a slip unless both say duplicate.
// Two opposite steps are the same where one of them is reversible.
static void check_duplicate(struct qn_reader *r, const struct qn_yaml *equation,
                            const struct qn_reaction *q)
{
    for (const struct qn_reaction *e = r->m->reaction; e < q; e++) {
        const struct qn_equation *a = &q->eq, *b = &e->eq;
        const int again = same_side(a->react, a->n_react, b->react, b->n_react) &&
                          same_side(a->prod, a->n_prod, b->prod, b->n_prod);
        const int back = same_side(a->react, a->n_react, b->prod, b->n_prod) &&
                         same_side(a->prod, a->n_prod, b->react, b->n_react);
        const int alike = e->phase == q->phase && e->sticking == q->sticking &&
                          e->blowers_masel == q->blowers_masel;
        if (alike && (again || (back && (e->reversible || q->reversible))) &&
            !(e->duplicate && q->duplicate)) {
            qn_reader_fault(r, equation,
                            "%s is there already as %s; if both are meant, both need "
                            "duplicate: true",
                            a->text, b->text);
            return;
        }
    }
}

static void read_reaction(struct qn_reader *r, struct qn_yaml *node, int phase, int spills)
{
    struct qn_mechanism *m = r->m;
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    if (!equation) {
        return;
    }
    const struct qn_mechanism_units before = qn_reader_scope(r, node);
    struct qn_reaction *q = &m->reaction[m->n_reactions++];
    q->phase = phase;
    q->reversible = qn_reader_equation(r, equation, &q->eq);
    qn_reader_rate(r, node, q);
    check_species(r, equation, spills, q);
    collect_on(q);
    qn_reader_skip(node, "id");
    qn_reader_skip(node, "note");
    q->duplicate = qn_reader_flag(r, node, "duplicate", 0);
    check_duplicate(r, equation, q);
    qn_reader_leftover(r, node);
    r->units = before;
}

// room for `more` reactions behind those that are there
static void grow(struct qn_mechanism *m, int more)
{
    size_t capacity = (size_t)m->n_reactions;
    qn_grow(&m->reaction, &capacity, (size_t)(m->n_reactions + more));
    memset(m->reaction + m->n_reactions, 0, (size_t)more * sizeof *m->reaction);
}

void qn_reader_reactions(struct qn_reader *r, struct qn_yaml *list, int phase, int declared)
{
    const struct qn_mechanism_units before = qn_reader_scope(r, list);
    grow(r->m, list->count);
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *equation = qn_yaml_get(list->child[i], "equation");
        const int leave = declared && equation && !qn_reader_knows(r->m, equation);
        if (!leave && !qn_reader_is_units(list->child[i])) {
            read_reaction(r, list->child[i], phase, 0);
        }
    }
    r->units = before;
}

void qn_reader_spill(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    const struct qn_mechanism_units before = qn_reader_scope(r, list);
    grow(m, list->count);
    for (int i = 0; i < list->count; i++) {
        if (qn_reader_is_units(list->child[i])) {
            continue;
        }
        struct qn_yaml *phase = qn_reader_need(r, list->child[i], "phase");
        const int p = phase && phase->text ? qn_mechanism_phase(m, phase->text) : -1;
        if (phase && (p < 0 || m->phase[p].kind != QN_PHASE_SURFACE)) {
            qn_reader_fault(r, phase, "\"%s\" is not a surface phase",
                            phase->text ? phase->text : "");
        } else if (phase) {
            read_reaction(r, list->child[i], p, 1);
        }
    }
    r->units = before;
}
