/// @file
/// Carriers, their exposures and the gas exchange.
#include "chem/carrier.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "carrier_books.h"
#include "chem/coupled.h"

static void element_totals(const struct qn_direct *d, struct qn_exact *total)
{
    const struct qn_mechanism *m = d->matter.mech;
    for (int e = 0; e < m->n_elements; e++) {
        total[e] = (struct qn_exact){0};
        for (int i = 0; i < d->n; i++) {
            for (int k = 0; d->mine[i] && k < m->n_surface; k++) {
                qn_exact_add(&total[e],
                             m->species[k].element[e] * d->mass[i] * d->y[i * m->n_surface + k]);
            }
        }
        for (int g = 0; d->group->rank == 0 && g < m->n_gas; g++) {
            qn_exact_add(&total[e], m->species[m->n_surface + g].element[e] * d->gas.moles[g]);
        }
    }
    qn_group_sum_exact(d->group, total, m->n_elements);
}

void qn_direct_init(struct qn_direct *d, const struct qn_matter *matter, const struct qn_gas *gas,
                    const struct qn_start *start)
{
    const struct qn_mechanism *m = matter->mech;
    const int n = start->n;
    const int threads = start->threads;
    QN_ASSERT(n > 0 && threads > 0 && gas->n_gas == m->n_gas);
    *d = (struct qn_direct){.matter = *matter,
                            .set = qn_pulse_defaults(),
                            .gas = *gas,
                            .time = start->time,
                            .n = n,
                            .group = start->group ? start->group : qn_group_solo(),
                            .threads = threads};
    const size_t ns = (size_t)m->n_surface;
    d->y = qn_alloc((size_t)n * ns, sizeof(double));
    d->mass = qn_alloc((size_t)n, sizeof(double));
    d->clock = qn_alloc((size_t)n, sizeof(double));
    d->T = qn_alloc((size_t)n, sizeof(double));
    d->mine = qn_alloc((size_t)n, sizeof *d->mine);
    d->cost = qn_alloc((size_t)n, sizeof *d->cost);
    for (int i = 0; i < n; i++) {
        memcpy(d->y + (size_t)i * ns, start->y, ns * sizeof *start->y);
        d->mass[i] = start->mass[i];
        d->clock[i] = start->time;
        d->T[i] = gas->T;
        d->mine[i] = d->group->rank == 0;
    }
    d->books.reaction = qn_alloc((size_t)(m->n_reactions * QN_CHANNELS), sizeof(double));
    d->books.impact = qn_alloc((size_t)m->n_impacts, sizeof(double));
    d->n_sums = m->n_gas + m->n_reactions * QN_CHANNELS + m->n_impacts;
    d->given = qn_alloc((size_t)(d->n_sums * threads), sizeof *d->given);
    qn_pulse_init(&d->work, m);
    d->crowd = qn_crowd_new(m, threads);
    d->jobs = qn_alloc((size_t)n, sizeof *d->jobs);
    element_totals(d, d->start);
}

void qn_direct_warm(struct qn_direct *d, int first, int last, double T)
{
    QN_ASSERT(0 <= first && last <= d->n);
    for (int i = first; i < last; i++) {
        d->T[i] = T;
    }
}

void qn_direct_stage(struct qn_direct *d, const struct qn_gas *gas, double time)
{
    const struct qn_mechanism *m = d->matter.mech;
    const size_t reactions = (size_t)(m->n_reactions * QN_CHANNELS);
    struct qn_books fresh = {.reaction = d->books.reaction, .impact = d->books.impact};
    memset(fresh.reaction, 0, reactions * sizeof *fresh.reaction);
    memset(fresh.impact, 0, (size_t)m->n_impacts * sizeof *fresh.impact);
    d->books = fresh;
    d->gas = *gas;
    d->time = time;
    for (int i = 0; i < d->n; i++) {
        d->clock[i] = time;
        d->T[i] = gas->T;
    }
    qn_direct_restart(d);
}

void qn_direct_restart(struct qn_direct *d)
{
    element_totals(d, d->start);
}

void qn_direct_free(struct qn_direct *d)
{
    if (d->crowd) {
        qn_pulse_free(&d->work);
    }
    qn_crowd_free(d->crowd);
    qn_coupled_free(d->coupled);
    qn_free(d->together);
    qn_free(d->jobs);
    qn_free(d->y);
    qn_free(d->mass);
    qn_free(d->clock);
    qn_free(d->T);
    qn_free(d->mine);
    qn_free(d->cost);
    qn_free(d->books.reaction);
    qn_free(d->books.impact);
    qn_free(d->given);
    qn_free(d->order);
    qn_free(d->turn);
    qn_free(d->shot);
    qn_free(d->hot);
    *d = (struct qn_direct){0};
}

struct qn_exact *qn_direct_sums(const struct qn_direct *d, int thread)
{
    return d->given + (size_t)thread * (size_t)d->n_sums;
}

void qn_direct_book(const struct qn_mechanism *m, const double *out, const double *extent,
                    double mass, enum qn_channel channel, struct qn_exact *sum)
{
    for (int g = 0; g < m->n_gas; g++) {
        qn_exact_add(&sum[g], mass * out[g]);
    }
    sum += m->n_gas;
    for (int r = 0; r < m->n_reactions; r++) {
        qn_exact_add(&sum[r * QN_CHANNELS + (int)channel], mass * extent[r]);
    }
}

void qn_direct_keep_message(struct qn_direct *d, int carrier)
{
#pragma omp critical(qn_direct_message)
    if (!d->message[0]) {
        (void)snprintf(d->message, sizeof d->message, "carrier %d: %.440s", carrier,
                       qn_error_text());
    }
}

enum qn_status qn_direct_outcome(const struct qn_direct *d)
{
    return d->message[0] ? qn_fail(QN_ERR_PHYSICS, "%s", d->message) : QN_OK;
}

// sums of all threads and ranks in one
static void gather(const struct qn_direct *d, struct qn_exact *total)
{
    for (int c = 0; c < d->n_sums; c++) {
        total[c] = (struct qn_exact){0};
        for (int t = 0; t < d->threads; t++) {
            qn_exact_merge(&total[c], qn_direct_sums(d, t)[c]);
        }
    }
    qn_group_sum_exact(d->group, total, d->n_sums);
}

// what was counted here since the last sync
static void count(struct qn_direct *d)
{
    int64_t counts[3] = {d->pulses, d->doses, d->steps};
    struct qn_exact gated = d->gated;
    qn_group_sum_integers(d->group, counts, 3);
    qn_group_sum_exact(d->group, &gated, 1);
    d->books.pulses += counts[0];
    d->books.doses += counts[1];
    d->books.steps += counts[2];
    qn_exact_merge(&d->books.gated_energy, gated);
    d->pulses = d->doses = d->steps = 0;
    d->gated = (struct qn_exact){0};
}

double qn_direct_pending(const struct qn_direct *d)
{
    double worst = 0.0;
    double all = 0.0;
    struct qn_exact sum[QN_MAX_SPECIES] = {{0, 0}};
    for (int t = 0; t < d->threads; t++) {
        for (int g = 0; g < d->gas.n_gas; g++) {
            qn_exact_merge(&sum[g], qn_direct_sums(d, t)[g]);
        }
    }
    qn_group_sum_exact(d->group, sum, d->gas.n_gas);
    for (int g = 0; g < d->gas.n_gas; g++) {
        all += d->gas.moles[g];
    }
    for (int g = 0; g < d->gas.n_gas; g++) {
        // a trace is measured against a thousandth of all gas
        const double scale = fmax(d->gas.moles[g], 1e-3 * all);
        worst = fmax(worst, scale > 0.0 ? fabs(qn_exact_value(sum[g])) / scale : 0.0);
    }
    return worst;
}

// What a sum leaves when so much of it has been taken. The gas takes a double; what that rounding
// leaves stays booked and goes with the next exchange, so that gas and carriers never drift apart.
static struct qn_exact rest_of(struct qn_exact sum, double taken)
{
    struct qn_exact back = {0};
    qn_exact_add(&back, -taken);
    qn_exact_merge(&sum, back);
    return sum;
}

enum qn_status qn_direct_exchange(struct qn_direct *d)
{
    const struct qn_mechanism *m = d->matter.mech;
    struct qn_exact total[QN_MAX_SPECIES + 4 * 512] = {{0, 0}};
    QN_ASSERT(d->n_sums <= (int)(sizeof total / sizeof *total));
    gather(d, total);
    count(d);
    memset(d->given, 0, (size_t)(d->n_sums * d->threads) * sizeof *d->given);
    for (int g = 0; g < m->n_gas; g++) {
        const double given = qn_exact_value(total[g]);
        double after = d->gas.moles[g] + given;
        if (after < 0.0 && after >= -1e-13 * d->gas.moles[g]) {
            after = 0.0; // all of it, to round-off; what is left stays booked
        }
        if (after < 0.0) {
            return qn_fail(QN_ERR_PHYSICS,
                           "t %.6g s: %s overdrawn, %.3g mol taken of %.3g: shorten run.sync",
                           d->time, m->species[m->n_surface + g].name, -given, d->gas.moles[g]);
        }
        total[g] = rest_of(total[g], after - d->gas.moles[g]);
        d->gas.moles[g] = after;
    }
    for (int g = 0; d->group->rank == 0 && g < m->n_gas; g++) {
        qn_exact_merge(&d->given[g], total[g]);
    }
    for (int c = 0; c < m->n_reactions * QN_CHANNELS; c++) {
        d->books.reaction[c] += qn_exact_value(total[m->n_gas + c]);
    }
    for (int c = 0; c < m->n_impacts; c++) {
        d->books.impact[c] += qn_exact_value(total[m->n_gas + m->n_reactions * QN_CHANNELS + c]);
    }
    return QN_OK;
}

enum qn_status qn_direct_check(struct qn_direct *d)
{
    const struct qn_mechanism *m = d->matter.mech;
    struct qn_exact now[QN_MAX_ELEMENTS] = {{0, 0}};
    element_totals(d, now);
    d->books.element_error = 0.0;
    for (int e = 0; e < m->n_elements; e++) {
        const double was = qn_exact_value(d->start[e]);
        const double change = fabs(qn_exact_value(now[e]) - was);
        const double relative = was > 0.0 ? change / was : change;
        d->books.element_error = fmax(d->books.element_error, relative);
        if (!(relative < 1e-9)) {
            return qn_fail(QN_ERR_PHYSICS, "t %.6g s: element %s changed by %.2e of its total",
                           d->time, m->element[e], relative);
        }
    }
    return QN_OK;
}

// all carriers owned here to time t
static void rest_all(struct qn_direct *d, double t, const double *gas)
{
    int n = 0;
    for (int i = 0; i < d->n; i++) {
        if (d->mine[i] && t > d->clock[i]) {
            d->jobs[n++] = qn_direct_rest(d, i, t, gas);
        }
    }
    qn_crowd_run(d->crowd, &d->set, d->jobs, n, qn_direct_rested, d);
    for (int i = 0; i < d->n; i++) {
        d->clock[i] = d->mine[i] ? fmax(d->clock[i], t) : d->clock[i];
    }
}

// The gas flows through while the carriers give theirs, steadily over the interval. What came and
// went is no error of the elements.
static void flow(struct qn_direct *d, const struct qn_gas *before, double dt)
{
    const struct qn_mechanism *m = d->matter.mech;
    const struct qn_gas closed = d->gas;
    double made[QN_MAX_SPECIES];
    for (int g = 0; g < m->n_gas; g++) {
        made[g] = (d->gas.moles[g] - before->moles[g]) / dt;
    }
    d->gas = *before;
    qn_flow_through(&d->flow, &d->gas, made, dt);
    for (int g = 0; g < m->n_gas; g++) {
        for (int e = 0; e < m->n_elements; e++) {
            const double atoms = m->species[m->n_surface + g].element[e];
            qn_exact_add(&d->start[e], atoms * d->gas.moles[g]);
            qn_exact_add(&d->start[e], -atoms * closed.moles[g]);
        }
    }
}

enum qn_status qn_direct_sync(struct qn_direct *d, double t)
{
    double gas[QN_MAX_SPECIES];
    const struct qn_gas before = d->gas;
    const double dt = t - d->time;
    qn_gas_concentrations(&d->gas, gas);
    rest_all(d, t, gas);
    QN_TRY(qn_group_agree(d->group, qn_direct_outcome(d)));
    d->time = t;
    QN_TRY(qn_direct_exchange(d));
    if (d->flow.rate > 0.0 && dt > 0.0) {
        flow(d, &before, dt);
    }
    return qn_direct_check(d);
}

enum qn_status qn_direct_settle(struct qn_direct *d, double dt)
{
    const struct qn_mechanism *m = d->matter.mech;
    struct qn_pulse_work *w = &d->work;
    double gas[QN_MAX_SPECIES];
    double mass = 0.0;
    for (int i = 0; i < d->n; i++) {
        mass += d->mass[i];
    }
    qn_gas_concentrations(&d->gas, gas);
    QN_TRY(qn_pulse_batch(&d->matter, &d->set, d->T[0], dt, d->gas.volume / mass, gas, d->y, w));
    for (int i = 1; i < d->n; i++) {
        memcpy(d->y + (size_t)i * (size_t)m->n_surface, d->y, (size_t)m->n_surface * sizeof *d->y);
    }
    if (d->group->rank == 0) { // all ranks have done the same; one of them gives
        qn_direct_book(m, w->out, w->extent, mass, QN_CHANNEL_BULK, d->given);
    }
    QN_TRY(qn_direct_exchange(d));
    return qn_direct_check(d);
}

void qn_direct_mean(const struct qn_direct *d, int first, int last, double *y)
{
    const int ns = d->matter.mech->n_surface;
    struct qn_exact sum[QN_MAX_SPECIES + 1] = {{0, 0}};
    for (int i = first; i < last; i++) {
        for (int k = 0; d->mine[i] && k < ns; k++) {
            qn_exact_add(&sum[k], d->mass[i] * d->y[i * ns + k]);
        }
        qn_exact_add(&sum[ns], d->mine[i] ? d->mass[i] : 0.0);
    }
    qn_group_sum_exact(d->group, sum, ns + 1);
    for (int k = 0; k < ns; k++) {
        y[k] = first < last ? qn_exact_value(sum[k]) / qn_exact_value(sum[ns]) : 0.0;
    }
}
