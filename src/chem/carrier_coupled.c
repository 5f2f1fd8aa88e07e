/// @file
/// A rest of carriers and the gas they share, as one stiff system.
#include <string.h>

#include "base/array.h"
#include "carrier_books.h"
#include "chem/coupled.h"

/// Owners now, shape [n]: only the owner knows.
static void owners(const struct qn_direct *d, int *of)
{
    for (int i = 0; i < d->n; i++) {
        of[i] = d->mine[i] ? d->group->rank : 0;
    }
    qn_group_max_integers(d->group, of, d->n);
}

// the solver's system: carriers owned here
static int gather(struct qn_direct *d)
{
    int n = 0;
    qn_grow(&d->together, &d->together_capacity, (size_t)d->n);
    for (int i = 0; i < d->n; i++) {
        if (d->mine[i]) {
            d->together[n++] = (struct qn_coupled_carrier){
                .matter = &d->matter,
                .T = d->T[i],
                .mass = d->mass[i],
                .y = d->y + (size_t)i * (size_t)d->matter.mech->n_surface};
        }
    }
    return n;
}

// What carriers gave goes through the sums of all exchanges, so that gas and carriers cannot drift
// apart; extents are those of all ranks already.
static void book(struct qn_direct *d, int n)
{
    const struct qn_mechanism *m = d->matter.mech;
    const double *extent = qn_coupled_extents(d->coupled);
    struct qn_exact *sum = qn_direct_sums(d, 0);
    double out[QN_MAX_SPECIES];
    for (int k = 0; k < n; k++) {
        qn_coupled_given(d->coupled, k, out);
        for (int g = 0; g < m->n_gas; g++) {
            qn_exact_add(&sum[g], d->together[k].mass * out[g]);
        }
    }
    for (int r = 0; d->group->rank == 0 && r < m->n_reactions; r++) {
        qn_exact_add(&sum[m->n_gas + r * QN_CHANNELS + QN_CHANNEL_BULK], extent[r]);
    }
}

static enum qn_status solve(struct qn_direct *d, double dt)
{
    struct qn_gas gas = d->gas;
    struct qn_coupled_count count;
    const int n = gather(d);
    if (!d->coupled) {
        d->coupled = qn_coupled_new(d->matter.mech, d->threads, 1, d->group);
    }
    QN_TRY(qn_coupled_run(d->coupled, &d->set, d->together, n, dt, &gas, &count));
    d->steps += (int64_t)count.steps * n;
    book(d, n);
    return QN_OK;
}

enum qn_status qn_direct_couple(struct qn_direct *d, double dt, double until)
{
    const int alone = qn_group_alone(d->group);
    int *home = NULL;
    if (!(dt > 0.0)) {
        return QN_OK;
    }
    if (!alone) { // blocks of carriers do not ask for ranks, so rows go where their blocks are
        int *to = qn_alloc((size_t)d->n, sizeof *to);
        home = qn_alloc((size_t)d->n, sizeof *home);
        owners(d, home);
        for (int rank = 0; rank < d->group->size; rank++) {
            const int end = qn_coupled_first(d->n, d->group->size, rank + 1);
            for (int i = qn_coupled_first(d->n, d->group->size, rank); i < end; i++) {
                to[i] = rank;
            }
        }
        qn_direct_move(d, to);
        qn_free(to);
    }
    const enum qn_status status = qn_group_agree(d->group, solve(d, dt));
    for (int i = 0; i < d->n; i++) {
        d->clock[i] = d->mine[i] ? until : d->clock[i];
    }
    if (!alone) {
        qn_direct_move(d, home);
        qn_free(home);
    }
    QN_TRY(status);
    QN_TRY(qn_direct_exchange(d));
    return qn_direct_check(d);
}

// gases that x moles of an equation make
static void add_gases(const struct qn_mechanism *m, const struct qn_equation *eq, double x,
                      double *moles)
{
    for (int k = 0; k < eq->n_net; k++) {
        const int g = eq->net[k].species - m->n_surface;
        if (g >= 0) {
            moles[g] += eq->net[k].nu * x;
        }
    }
}

void qn_direct_jumped(const struct qn_direct *d, double *moles)
{
    const struct qn_mechanism *m = d->matter.mech;
    memset(moles, 0, (size_t)m->n_gas * sizeof *moles);
    for (int r = 0; r < m->n_reactions; r++) {
        const double extent = d->books.reaction[r * QN_CHANNELS + QN_CHANNEL_HOT];
        add_gases(m, &m->reaction[r].eq, extent, moles);
    }
    for (int i = 0; i < m->n_impacts; i++) {
        add_gases(m, &m->impact[i].eq, d->books.impact[i], moles);
    }
}
