/// @file
/// Exposures of carriers, in rounds.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "carrier_books.h"

struct qn_crowd_job qn_direct_rest(const struct qn_direct *d, int i, double t, const double *gas)
{
    return (struct qn_crowd_job){.matter = &d->matter,
                                 .gas = gas,
                                 .y = d->y + (size_t)i * (size_t)d->matter.mech->n_surface,
                                 .T = d->T[i],
                                 .length = t - d->clock[i]};
}

static void count_steps(struct qn_direct *d, int carrier, int steps)
{
#pragma omp atomic
    d->steps += steps;
    d->cost[carrier] += steps; // a carrier is in one job at a time
}

void qn_direct_rested(void *context, int thread, int job, const struct qn_crowd_result *r)
{
    struct qn_direct *d = context;
    const struct qn_mechanism *m = d->matter.mech;
    const int i = (int)((d->jobs[job].y - d->y) / m->n_surface);
    count_steps(d, i, r->steps);
    if (r->failed) {
        qn_direct_keep_message(d, i);
        return;
    }
    qn_direct_book(m, r->out, r->extent, d->mass[i], QN_CHANNEL_BULK, qn_direct_sums(d, thread));
}

static int earlier(const void *a, const void *b)
{
    const struct qn_exposure *x = *(const struct qn_exposure *const *)a;
    const struct qn_exposure *y = *(const struct qn_exposure *const *)b;
    const double key[3] = {(double)(x->carrier - y->carrier), x->time - y->time, x->mass - y->mass};
    for (int i = 0; i < 3; i++) {
        if (key[i] != 0.0) {
            return key[i] < 0.0 ? -1 : 1;
        }
    }
    return (x->energy > y->energy) - (x->energy < y->energy);
}

static void sort_exposures(struct qn_direct *d, const struct qn_exposure *x, size_t n)
{
    qn_grow(&d->order, &d->order_capacity, n);
    for (size_t k = 0; k < n; k++) {
        QN_ASSERT(x[k].carrier >= 0 && x[k].carrier < d->n && d->mine[x[k].carrier]);
        d->order[k] = &x[k];
        const int gated = x[k].pulse.dT < d->gate || x[k].pulse.kind == QN_PULSE_NONE;
        d->doses += gated;
        d->pulses += !gated;
        qn_exact_add(&d->gated, gated ? x[k].energy : 0.0);
    }
    qsort(d->order, n, sizeof *d->order, earlier);
}

// the exposed share has been through its pulse: mixed back
static void exposed(void *context, int thread, int job, const struct qn_crowd_result *r)
{
    struct qn_direct *d = context;
    const struct qn_mechanism *m = d->matter.mech;
    const struct qn_exposure *x = d->order[d->turn[job]];
    const double *hot = d->jobs[job].y;
    double *y = d->y + (size_t)x->carrier * (size_t)m->n_surface;
    const double phi = fmin(1.0, x->mass / d->mass[x->carrier]);
    const double mass = phi * d->mass[x->carrier];
    struct qn_exact *sum = qn_direct_sums(d, thread);
    count_steps(d, x->carrier, r->steps);
    if (r->failed) {
        qn_direct_keep_message(d, x->carrier);
        return;
    }
    for (int k = 0; k < m->n_surface; k++) {
        y[k] += phi * (hot[k] - y[k]);
    }
    qn_direct_book(m, r->out, r->extent, mass, QN_CHANNEL_HOT, sum);
    sum += m->n_gas + m->n_reactions * QN_CHANNELS;
    for (int k = 0; k < m->n_impacts; k++) {
        qn_exact_add(&sum[k], mass * r->impact[k]);
    }
}

// the carriers of a round to the times of their exposures, then those
static enum qn_status take_round(struct qn_direct *d, size_t n, const double *gas)
{
    const size_t ns = (size_t)d->matter.mech->n_surface;
    int late = 0;
    for (size_t k = 0; k < n; k++) {
        const struct qn_exposure *x = d->order[d->turn[k]];
        if (x->time > d->clock[x->carrier]) {
            d->jobs[late++] = qn_direct_rest(d, x->carrier, x->time, gas);
        }
    }
    qn_crowd_run(d->crowd, &d->set, d->jobs, late, qn_direct_rested, d);
    QN_TRY(qn_direct_outcome(d));
    for (size_t k = 0; k < n; k++) {
        const struct qn_exposure *x = d->order[d->turn[k]];
        d->clock[x->carrier] = fmax(d->clock[x->carrier], x->time);
    }
    qn_grow(&d->shot, &d->shot_capacity, n);
    qn_grow(&d->hot, &d->hot_capacity, n * ns);
    for (size_t k = 0; k < n; k++) {
        const struct qn_exposure *x = d->order[d->turn[k]];
        d->shot[k] = qn_shot_of(x, d->T[x->carrier], d->gate);
        d->jobs[k] = (struct qn_crowd_job){
            .matter = &d->matter, .shot = &d->shot[k], .gas = gas, .y = d->hot + k * ns};
        memcpy(d->jobs[k].y, d->y + (size_t)x->carrier * ns, ns * sizeof *d->y);
    }
    qn_crowd_run(d->crowd, &d->set, d->jobs, (int)n, exposed, d);
    return qn_direct_outcome(d);
}

enum qn_status qn_direct_expose(struct qn_direct *d, const struct qn_exposure *x, size_t n)
{
    double gas[QN_MAX_SPECIES];
    size_t left = 0;
    qn_gas_concentrations(&d->gas, gas);
    sort_exposures(d, x, n);
    qn_grow(&d->turn, &d->turn_capacity, n);
    for (size_t k = 0; k < n; k++) {
        if (k == 0 || d->order[k - 1]->carrier != d->order[k]->carrier) {
            d->turn[left++] = k;
        }
    }
    while (left > 0) {
        QN_TRY(take_round(d, left, gas));
        size_t more = 0;
        for (size_t k = 0; k < left; k++) {
            const size_t next = d->turn[k] + 1;
            if (next < n && d->order[next]->carrier == d->order[next - 1]->carrier) {
                d->turn[more++] = next;
            }
        }
        left = more;
    }
    return QN_OK;
}
