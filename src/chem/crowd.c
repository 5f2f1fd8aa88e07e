/// @file
/// Shares jobs among threads, and each thread's among lanes.
#include "chem/crowd.h"

#include <string.h>

#include <omp.h>

#include "base/array.h"
#include "chem/batch.h"
#include "pulse_steps.h"

enum {
    PIECE = 512,   ///< jobs that a thread holds at a time: lanes idle at the end of a piece only
    A_THREAD = 16, ///< jobs in lanes that are worth a thread's start
};

/// A thread's workspace.
struct member {
    struct qn_batch *rests, *pulses; ///< NULL: lanes do not carry these
    struct qn_pulse_work work;
    const struct qn_matter *last; ///< what the constants in `work` are for
    struct qn_batch_job *lane;    ///< [PIECE]
    int *job;                     ///< [PIECE] which job each of them is
    double *y, *impact;           ///< [PIECE * n_species], [PIECE * n_impacts]
    int n;
};

struct qn_crowd {
    const struct qn_mechanism *m;
    int threads;
    struct member *member; ///< [threads]
};

/// A call, as a thread sees it.
struct call {
    struct qn_crowd *c;
    struct member *me;
    int thread;
    const struct qn_pulse_settings *set;
    const struct qn_crowd_job *job;
    qn_crowd_done done;
    void *context;
};

struct qn_crowd *qn_crowd_new(const struct qn_mechanism *m, int threads)
{
    QN_ASSERT(threads > 0);
    struct qn_crowd *c = qn_alloc(1, sizeof *c);
    c->m = m;
    c->threads = threads;
    c->member = qn_alloc((size_t)threads, sizeof *c->member);
    for (int t = 0; t < threads; t++) {
        struct member *x = &c->member[t];
        x->rests = qn_batch_fits(m, 0) ? qn_batch_new(m, 0) : NULL;
        x->pulses = qn_batch_fits(m, 1) ? qn_batch_new(m, 1) : NULL;
        qn_pulse_init(&x->work, m);
        x->lane = qn_alloc(PIECE, sizeof *x->lane);
        x->job = qn_alloc(PIECE, sizeof *x->job);
        x->y = qn_alloc((size_t)(PIECE * m->n_species), sizeof *x->y);
        x->impact = qn_alloc((size_t)(PIECE * m->n_impacts), sizeof *x->impact);
    }
    return c;
}

void qn_crowd_free(struct qn_crowd *c)
{
    for (int t = 0; c && t < c->threads; t++) {
        struct member *x = &c->member[t];
        qn_batch_free(x->rests);
        qn_batch_free(x->pulses);
        qn_pulse_free(&x->work);
        qn_free(x->lane);
        qn_free(x->job);
        qn_free(x->y);
        qn_free(x->impact);
    }
    if (c) {
        qn_free(c->member);
    }
    qn_free(c);
}

int qn_crowd_in_lanes(const struct qn_crowd *c, int pulses)
{
    return (pulses ? c->member->pulses : c->member->rests) != NULL;
}

// constants of another matter are forgotten
static struct qn_pulse_work *work_for(const struct call *k, const struct qn_crowd_job *job)
{
    struct member *me = k->me;
    if (me->last != job->matter) {
        me->work.rates.T = -1.0;
        me->last = job->matter;
    }
    return &me->work;
}

// by chem/pulse.h alone; `hot` 1: reaction heat is known to act back; `steps` are added
static void alone(const struct call *k, int at, int hot, int steps)
{
    const struct qn_crowd_job *job = &k->job[at];
    struct qn_pulse_work *w = work_for(k, job);
    const enum qn_status status =
        !job->shot ? qn_pulse_hold(job->matter, k->set, job->T, job->length, job->gas, job->y, w)
        : hot      ? qn_pulse_apply_hot(job->matter, k->set, job->shot, job->gas, job->y, w)
                   : qn_pulse_apply(job->matter, k->set, job->shot, job->gas, job->y, w);
    const struct qn_crowd_result r = {w->out, w->extent, job->shot ? w->impact : NULL,
                                      w->steps + steps, status != QN_OK};
    k->done(k->context, k->thread, at, &r);
}

// a rest or a pulse has left its lane
static void left(void *context, int lane, const struct qn_batch_result *r)
{
    const struct call *k = context;
    const struct member *me = k->me;
    const int at = me->job[lane];
    const struct qn_crowd_job *job = &k->job[at];
    struct qn_crowd_result all = {r->out, r->extent, NULL, r->steps, r->failed};
    if (r->failed) {
        (void)qn_fail(QN_ERR_PHYSICS,
                      "chemistry: %d steps and %d rejects at T %.1f K are not enough for %.3g s",
                      r->steps, r->rejects, me->lane[lane].T,
                      job->shot ? job->shot->pulse.t_cut : job->length);
    } else if (job->shot) {
        if (qn_pulse_heats(job->matter, k->set, job->shot, r->extent, &k->me->work.rates)) {
            alone(k, at, 1, r->steps);
            return;
        }
        memcpy(job->y, me->lane[lane].y, (size_t)k->c->m->n_surface * sizeof *job->y);
    }
    all.impact = job->shot ? me->impact + lane * k->c->m->n_impacts : NULL;
    k->done(k->context, k->thread, at, &all);
}

// put a job in the queue of the lanes; an exposure without a pulse is done at once
static void enter(const struct call *k, int at)
{
    const struct qn_mechanism *m = k->c->m;
    struct member *me = k->me;
    const struct qn_crowd_job *job = &k->job[at];
    struct qn_batch_job *lane = &me->lane[me->n];
    if (job->shot && !qn_pulse_solved(job->shot)) {
        alone(k, at, 0, 0);
        return;
    }
    *lane = (struct qn_batch_job){
        .matter = job->matter, .gas = job->gas, .y = job->y, .T = job->T, .length = job->length};
    if (job->shot) {
        lane->pulse = &job->shot->pulse;
        lane->curve = job->shot->curve;
        lane->T = job->shot->T0;
        lane->y = me->y + me->n * m->n_species;
        memcpy(lane->y, job->y, (size_t)m->n_surface * sizeof *job->y);
        qn_pulse_strike(job->matter, k->set, job->shot, job->gas, lane->y,
                        me->impact + me->n * m->n_impacts);
    }
    me->job[me->n++] = at;
}

// Jobs first, first + stride ...: neighbours cost alike, so threads take them in turn.
static void in_lanes(struct call *k, int first, int stride, int n)
{
    struct qn_batch *batch = k->job->shot ? k->me->pulses : k->me->rests;
    for (int at = first; at < n;) {
        k->me->n = 0;
        for (; at < n && k->me->n < PIECE; at += stride) {
            enter(k, at);
        }
        qn_batch_run(batch, k->set, k->me->lane, k->me->n, left, k);
    }
}

void qn_crowd_run(struct qn_crowd *c, const struct qn_pulse_settings *set,
                  const struct qn_crowd_job *job, int n, qn_crowd_done done, void *context)
{
    if (n == 0) {
        return;
    }
    if (!qn_crowd_in_lanes(c, job->shot != NULL)) {
#pragma omp parallel for schedule(dynamic, 1) num_threads(c->threads) if (n > 1)
        for (int at = 0; at < n; at++) {
            const int thread = omp_get_thread_num();
            struct call k = {c, &c->member[thread], thread, set, job, done, context};
            alone(&k, at, 0, 0);
        }
        return;
    }
    const int worth = n < A_THREAD ? 1 : n / A_THREAD;
    const int team = worth < c->threads ? worth : c->threads;
#pragma omp parallel for schedule(static, 1) num_threads(team)
    for (int share = 0; share < team; share++) {
        const int thread = omp_get_thread_num();
        struct call k = {c, &c->member[thread], thread, set, job, done, context};
        in_lanes(&k, share, team, n);
    }
}
