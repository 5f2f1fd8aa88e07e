/// @file
/// Lists of a mechanism's rates, production, Jacobian and conserved sums.
#include "network.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "network_build.h"

static int whole(double nu)
{
    return nu >= 1.0 && nu <= 8.0 && nu == rint(nu);
}

int qn_network_fits(const struct qn_mechanism *m, int pulses)
{
    int fits = m->n_globals == 0;
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        fits &= !(pulses && (q->blowers_masel || q->charged || !(q->A > 0.0)));
        for (int i = 0; i < q->n_order; i++) {
            fits &= whole(q->order[i].nu);
        }
        for (int i = 0; i < q->eq.n_prod && q->reversible; i++) {
            fits &= whole(q->eq.prod[i].nu);
        }
        for (int i = 0; i < q->n_depends; i++) {
            fits &= q->depends[i].m == 0.0;
        }
    }
    return fits;
}

static void add_factor(struct qn_net_build *b, int species)
{
    qn_grow(&b->w->factor, &b->factors, (size_t)b->w->n_factor + 1);
    b->w->factor[b->w->n_factor++] = species;
}

int qn_net_add_term(struct qn_net_build *b, int at, double nu)
{
    qn_grow(&b->w->term, &b->terms, (size_t)b->w->n_term + 1);
    b->w->term[b->w->n_term] = (struct qn_net_term){at, nu};
    return ++b->w->n_term;
}

// a species as often as its power says, `less` times fewer
static int add_side(struct qn_net_build *b, const struct qn_term *side, int n, int less)
{
    int found = 0;
    for (int i = 0; i < n; i++) {
        const int times = (int)side[i].nu - (side[i].species == less);
        found += side[i].species == less ? (int)side[i].nu : 0;
        for (int k = 0; k < times; k++) {
            add_factor(b, side[i].species);
        }
    }
    return found;
}

static void add_rates(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    for (int r = 0; r < w->n_r; r++) {
        const struct qn_reaction *q = &w->mech->reaction[r];
        w->f_at[r] = w->n_factor;
        (void)add_side(b, q->order, q->n_order, -1);
        w->r_at[r] = w->n_factor;
        if (q->reversible) {
            (void)add_side(b, q->eq.prod, q->eq.n_prod, -1);
        }
    }
    w->f_at[w->n_r] = w->r_at[w->n_r] = w->n_factor;
}

static struct qn_net_depend depend_of(const struct qn_mechanism *m,
                                      const struct qn_coverage_dependency *d)
{
    const struct qn_species *s = &m->species[d->species];
    struct qn_net_depend x = {.species = d->species,
                              .per = s->sites / m->phase[s->phase].site_density,
                              .a_ln10 = d->a * log(10.0),
                              .poly = {d->E}};
    for (int i = 0; i < 4 && d->curved; i++) {
        x.poly[i] = d->poly[i];
    }
    return x;
}

static int same_group(const struct qn_network *w, int g, const struct qn_reaction *q)
{
    const struct qn_net_group *group = &w->group[g];
    int same = group->to - group->from == q->n_depends;
    for (int i = 0; i < q->n_depends && same; i++) {
        const struct qn_net_depend a = w->depend[group->from + i];
        const struct qn_net_depend b = depend_of(w->mech, &q->depends[i]);
        same = a.species == b.species && a.a_ln10 == b.a_ln10;
        for (int k = 0; k < 4; k++) {
            same &= a.poly[k] == b.poly[k];
        }
    }
    return same;
}

// reactions with the same dependences share a factor
static void add_groups(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    const struct qn_mechanism *m = w->mech;
    for (int r = 0; r < w->n_r; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        int g = 0;
        w->group_of[r] = -1;
        while (q->n_depends && g < w->n_group && !same_group(w, g, q)) {
            g++;
        }
        if (!q->n_depends) {
            continue;
        }
        w->group_of[r] = g;
        if (g < w->n_group) {
            continue;
        }
        w->group[w->n_group++] = (struct qn_net_group){w->n_depend, w->n_depend + q->n_depends};
        for (int i = 0; i < q->n_depends; i++) {
            w->depend[w->n_depend++] = depend_of(m, &q->depends[i]);
        }
    }
}

static void add_slopes(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    for (int r = 0; r < w->n_r; r++) {
        const struct qn_reaction *q = &w->mech->reaction[r];
        w->slope_at[r] = w->n_slope;
        for (int s = 0; s < q->n_on; s++) {
            struct qn_net_slope x = {.reaction = r, .species = q->on[s], .depends = -1};
            x.f_from = w->n_factor;
            x.forward = add_side(b, q->order, q->n_order, x.species);
            x.f_to = x.r_from = w->n_factor;
            if (q->reversible) {
                x.reverse = add_side(b, q->eq.prod, q->eq.n_prod, x.species);
            }
            x.r_to = w->n_factor;
            const struct qn_net_group *g = w->group_of[r] < 0 ? NULL : &w->group[w->group_of[r]];
            for (int i = g ? g->from : 0; g && i < g->to; i++) {
                x.depends = w->depend[i].species == x.species ? i : x.depends;
            }
            w->slope[w->n_slope++] = x;
        }
    }
    w->slope_at[w->n_r] = w->n_slope;
}

static double nu_of(const struct qn_equation *eq, int species)
{
    for (int i = 0; i < eq->n_net; i++) {
        if (eq->net[i].species == species) {
            return eq->net[i].nu;
        }
    }
    return 0.0;
}

static void add_production(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    const struct qn_mechanism *m = w->mech;
    for (int k = 0; k < m->n_species; k++) {
        w->made[k] = (struct qn_net_entry){.row = k, .from = w->n_term, .to = w->n_term};
        for (int r = 0; r < w->n_r; r++) {
            const double nu = nu_of(&m->reaction[r].eq, k);
            if (nu != 0.0) {
                w->made[k].to = qn_net_add_term(b, r, nu);
            }
        }
    }
    for (int k = 0; k < m->n_species; k++) {
        for (int j = 0; j < m->n_species; j++) {
            struct qn_net_entry e = {k, j, w->n_term, w->n_term};
            for (int s = 0; s < w->n_slope; s++) {
                const double nu = nu_of(&m->reaction[w->slope[s].reaction].eq, k);
                if (w->slope[s].species == j && nu != 0.0) {
                    e.to = qn_net_add_term(b, s, nu);
                }
            }
            // the diagonal of a variable is always there: exchange of pore gas adds to it
            if (e.to > e.from || (k == j && k < w->n)) {
                w->jac[w->n_jac++] = e;
            }
        }
    }
}

static double amount(const struct qn_mechanism *m, int row, int k)
{
    const struct qn_species *s = &m->species[k];
    if (row < m->n_elements) {
        return s->element[row];
    }
    return k < m->n_sites && s->phase == row - m->n_elements ? s->sites : 0.0;
}

static void add_sums(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    const struct qn_mechanism *m = w->mech;
    int pair = 0;
    for (int i = 0; i < w->rows; i++) {
        w->sum[i] = (struct qn_net_entry){i, 0, w->n_term, w->n_term};
        for (int k = 0; k < w->n; k++) {
            if (amount(m, i, k) != 0.0) {
                w->sum[i].to = qn_net_add_term(b, k, amount(m, i, k));
            }
        }
        w->lost[i] = (struct qn_net_entry){i, 0, w->n_term, w->n_term};
        for (int k = m->n_surface; k < m->n_species; k++) {
            if (amount(m, i, k) != 0.0) {
                w->lost[i].to = qn_net_add_term(b, k - m->n_surface, amount(m, i, k));
            }
        }
    }
    for (int k = 0; k < w->n; k++) {
        w->in_rows[k] = (struct qn_net_entry){k, 0, w->n_term, w->n_term};
        for (int i = 0; i < w->rows; i++) {
            if (amount(m, i, k) != 0.0) {
                w->in_rows[k].to = qn_net_add_term(b, i, amount(m, i, k));
            }
        }
    }
    for (int i = 0; i < w->rows; i++) {
        for (int j = 0; j <= i; j++) {
            struct qn_net_entry *e = &w->gram[pair++];
            *e = (struct qn_net_entry){i, j, w->n_term, w->n_term};
            for (int k = 0; k < w->n; k++) {
                const double both = amount(m, i, k) * amount(m, j, k);
                if (both != 0.0) {
                    e->to = qn_net_add_term(b, k, both);
                }
            }
        }
    }
}

void qn_network_init(struct qn_network *w, const struct qn_mechanism *m, int pulses)
{
    *w = (struct qn_network){.mech = m,
                             .n = pulses ? m->n_species : m->n_surface,
                             .n_r = m->n_reactions,
                             .rows = m->n_elements + m->n_phases - 1};
    struct qn_net_build b = {.w = w};
    const size_t r = (size_t)m->n_reactions, k = (size_t)m->n_species, rows = (size_t)w->rows;
    w->f_at = qn_alloc(r + 1, sizeof(int));
    w->r_at = qn_alloc(r + 1, sizeof(int));
    w->slope_at = qn_alloc(r + 1, sizeof(int));
    w->group_of = qn_alloc(r, sizeof(int));
    w->group = qn_alloc(r, sizeof *w->group);
    w->depend = qn_alloc(r * QN_MAX_DEPENDS, sizeof *w->depend);
    w->slope = qn_alloc(r * QN_RATES_ON, sizeof *w->slope);
    w->made = qn_alloc(k, sizeof *w->made);
    w->jac = qn_alloc(k * k, sizeof *w->jac);
    w->sum = qn_alloc(rows, sizeof *w->sum);
    w->in_rows = qn_alloc(k, sizeof *w->in_rows);
    w->lost = qn_alloc(rows, sizeof *w->lost);
    w->gram = qn_alloc(rows * (rows + 1) / 2, sizeof *w->gram);
    add_rates(&b);
    add_groups(&b);
    add_slopes(&b);
    add_production(&b);
    add_sums(&b);
    qn_network_order(&b);
    if (pulses) {
        qn_network_constants(w);
    }
}

void qn_network_free(struct qn_network *w)
{
    void *const all[] = {w->f_at,    w->r_at,   w->slope_at, w->group_of, w->group, w->depend,
                         w->slope,   w->made,   w->jac,      w->sum,      w->lost,  w->gram,
                         w->in_rows, w->factor, w->term,     w->step,     w->l,     w->u,
                         w->target,  w->slot,   w->log_k,    w->sticks,   w->flux};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        qn_free(all[i]);
    }
    *w = (struct qn_network){0};
}
