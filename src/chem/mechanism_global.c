/// @file
/// The global reactions of a mechanism file.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"

static const struct qn_law *named_law(struct qn_reader *r, const struct qn_yaml *name)
{
    const struct qn_law *law = name->text ? qn_law_find(name->text) : NULL;
    if (!law) {
        char list[256] = "";
        for (const struct qn_law *l = qn_laws; l->name; l++) {
            const size_t at = strlen(list);
            (void)snprintf(list + at, sizeof list - at, "%s%s", at ? ", " : "", l->name);
        }
        qn_reader_fault(r, name, "\"%s\" is not a law: %s", name->text ? name->text : "", list);
    }
    return law;
}

// indices of the law's gases
static int find_species(struct qn_reader *r, const struct qn_yaml *name, struct qn_global *g)
{
    int found = 1;
    for (int i = 0; i < g->law->n_species; i++) {
        g->species[i] = qn_mechanism_species(r->m, g->law->species[i]);
        if (g->species[i] < r->m->n_surface) {
            qn_reader_fault(r, name, "%s needs the gas %s", g->law->name, g->law->species[i]);
            found = 0;
        }
    }
    return found;
}

static void add_reactions(struct qn_reader *r, const struct qn_yaml *name, struct qn_global *g)
{
    struct qn_mechanism *m = r->m;
    size_t capacity = (size_t)m->n_reactions;
    g->first = m->n_reactions;
    qn_grow(&m->reaction, &capacity, (size_t)(m->n_reactions + g->law->n_reactions));
    for (int i = 0; i < g->law->n_reactions; i++) {
        struct qn_reaction *q = &m->reaction[m->n_reactions++];
        struct qn_yaml equation = *name; // the law's equation, at the place of its name
        char text[160];
        (void)snprintf(text, sizeof text, "%s", g->law->equation[i]);
        equation.text = text;
        memset(q, 0, sizeof *q);
        (void)qn_reader_equation(r, &equation, &q->eq);
        q->n_on = g->law->n_species;
        memcpy(q->on, g->species, (size_t)q->n_on * sizeof *q->on);
    }
}

void qn_reader_globals(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *node = list->child[i];
        struct qn_yaml *name = qn_reader_need(r, node, "law");
        struct qn_yaml *share = qn_reader_need(r, node, "catalyst");
        struct qn_global *g = &m->global[m->n_globals];
        qn_reader_skip(node, "note");
        qn_reader_leftover(r, node);
        if (!name || !share) {
            continue;
        }
        if (m->n_globals == QN_MAX_GLOBALS) {
            qn_reader_fault(r, node, "more than %d global laws", QN_MAX_GLOBALS);
            return;
        }
        g->catalyst = qn_reader_number(r, share, 1.0, "1");
        if (!(g->catalyst >= 0.0)) {
            qn_reader_fault(r, share, "catalyst is a mass share, not negative");
        }
        g->law = named_law(r, name);
        if (g->law && find_species(r, name, g)) {
            add_reactions(r, name, g);
            m->n_globals++;
        }
    }
}
