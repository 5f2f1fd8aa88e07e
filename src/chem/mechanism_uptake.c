/// @file
/// The uptake reactions of a mechanism file.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"
#include "chem/uptakes.h"

static const struct qn_uptake_type *type_of(struct qn_reader *r, const struct qn_yaml *node)
{
    const struct qn_uptake_type *type = qn_uptake_find(node->text ? node->text : "");
    if (!type) {
        struct qn_text known = {0};
        for (int i = 0; qn_uptake_types[i]; i++) {
            qn_text_add(&known, "%s%s", i ? ", " : "", qn_uptake_types[i]->name);
        }
        qn_reader_fault(r, node, "type \"%s\" is not supported: %s", node->text ? node->text : "",
                        known.text);
        qn_text_free(&known);
    }
    return type;
}

/// The only gas, and the only pure phase, among terms; -1 when there is none, -2 for several.
static int only(const struct qn_mechanism *m, const struct qn_term *t, int n, int gas)
{
    int found = -1;
    for (int i = 0; i < n; i++) {
        const int k = t[i].species;
        if (gas ? k >= m->n_surface : k >= m->n_sites && k < m->n_surface) {
            found = found == -1 ? k : -2;
        }
    }
    return found;
}

static double nu_of(const struct qn_term *t, int n, int k)
{
    double nu = 1.0;
    for (int i = 0; i < n; i++) {
        nu = t[i].species == k ? t[i].nu : nu;
    }
    return nu;
}

// who plays which part: gas, what holds it, what takes it up, the solvent
static void roles(struct qn_reader *r, struct qn_yaml *node, const struct qn_yaml *equation,
                  const struct qn_equation *eq, struct qn_global *g)
{
    const struct qn_mechanism *m = r->m;
    const struct qn_yaml *solvent = qn_yaml_get(node, "solvent");
    const int gas = only(m, eq->react, eq->n_react, 1);
    const int full = only(m, eq->prod, eq->n_prod, 0);
    const int empty = only(m, eq->react, eq->n_react, 0);
    const int terms = eq->n_react + eq->n_prod;
    if (gas < 0 || full < 0 || (empty < 0) == g->uptake->empties ||
        terms != 2 + g->uptake->empties) {
        qn_reader_fault(r, equation, "%s is %s", g->uptake->name,
                        g->uptake->empties ? "one gas + one pure phase <=> one pure phase"
                                           : "one gas <=> one pure phase");
        return;
    }
    g->species[QN_UPTAKE_GAS] = gas;
    g->species[QN_UPTAKE_FULL] = full;
    g->species[QN_UPTAKE_OTHER] = empty;
    g->share[QN_UPTAKE_GAS] = 1.0;
    g->share[QN_UPTAKE_FULL] = 1.0 / nu_of(eq->prod, eq->n_prod, full);
    g->share[QN_UPTAKE_OTHER] =
        g->uptake->empties ? 1.0 / nu_of(eq->react, eq->n_react, empty) : 1.0;
    if (g->uptake->solvent) {
        const int k = solvent && solvent->text ? qn_mechanism_species(m, solvent->text) : -1;
        g->species[QN_UPTAKE_OTHER] = k;
        if (k < m->n_sites || k >= m->n_surface) {
            qn_reader_fault(r, solvent ? solvent : node, "%s needs a solvent, a pure phase",
                            g->uptake->name);
        }
    }
}

static void read_uptake(struct qn_reader *r, struct qn_yaml *node, struct qn_global *g)
{
    struct qn_mechanism *m = r->m;
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    struct qn_yaml *type = qn_reader_need(r, node, "type");
    struct qn_yaml *rate = qn_reader_need(r, node, "rate");
    qn_reader_skip(node, "note");
    if (!equation || !type || !rate || !(g->uptake = type_of(r, type))) {
        qn_reader_skip(node, "rate");
        return;
    }
    size_t capacity = (size_t)m->n_reactions;
    qn_grow(&m->reaction, &capacity, (size_t)m->n_reactions + 1);
    struct qn_reaction *q = &m->reaction[m->n_reactions];
    memset(q, 0, sizeof *q);
    if (!qn_reader_equation(r, equation, &q->eq)) {
        qn_reader_fault(r, equation, "uptake goes both ways: write <=>");
    }
    const int faults = r->faults;
    qn_reader_values(r, rate, g->uptake->name, g->uptake->key, g->value);
    roles(r, node, equation, &q->eq, g);
    if (r->faults != faults) {
        return;
    }
    g->first = m->n_reactions++;
    g->catalyst = 1.0;
    q->n_on = 2 + (g->uptake->empties || g->uptake->solvent);
    memcpy(q->on, g->species, (size_t)q->n_on * sizeof *q->on);
    m->n_globals++;
}

void qn_reader_uptakes(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    const struct qn_mechanism_units before = qn_reader_scope(r, list);
    for (int i = 0; i < list->count; i++) {
        if (qn_reader_is_units(list->child[i])) {
            continue;
        }
        if (m->n_globals == QN_MAX_GLOBALS) {
            qn_reader_fault(r, list->child[i], "more than %d global laws and uptakes",
                            QN_MAX_GLOBALS);
            break;
        }
        memset(&m->global[m->n_globals], 0, sizeof *m->global);
        read_uptake(r, list->child[i], &m->global[m->n_globals]);
        qn_reader_leftover(r, list->child[i]);
    }
    r->units = before;
}
