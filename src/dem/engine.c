/// @file
/// One step: contacts in blocks (law_blocks.h), each writing one push; bodies gathering pushes,
/// kicking, drifting.
///
/// State between steps: positions x_n, velocities of n - 1/2 (kick-drift form of velocity Verlet).
/// A contact sees those velocities; its work is closed one step later with the mean of the two
/// velocities around the kick, which makes the first book an identity (physics: Verlet's work
/// theorem). Threads split blocks and bodies; no result depends on how.
#include "dem/engine.h"

#include <omp.h>
#include <string.h>
#include <time.h>

#include "dem/domain.h"
#include "dem/paranoid.h"
#include "law_parts.h"

enum {
    FEW_BLOCKS = 96, ///< below this a parallel region costs more than it gains
    CUT_EVERY = 64,  ///< steps between looks at lasting contacts
};

/// The mill at the time of a step.
struct instant {
    struct qn_pose pose;
    struct qn_wall_frames frames; ///< set when some wall is asked
};

/// Thread `me`'s share of all blocks.
static int contacts(const struct qn_dem_model *m, struct qn_dem *s, const struct instant *now,
                    int me, int threads)
{
    const int all = s->inner.n_blocks - 1;
    const int from = 1 + (int)((int64_t)all * me / threads);
    const int to = 1 + (int)((int64_t)all * (me + 1) / threads);
    const struct qn_shift w = {m, s, &s->buffer[me], now->pose.spin[2], &now->frames};
    int deep = 0;
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        const int first = sec->first > from ? sec->first : from;
        const int last = sec->last < to ? sec->last : to;
        if (first >= last) {
            continue;
        }
        const struct qn_pair_class *c = &m->classes[sec->klass];
        const int turns = c->rolling > 0.0 || c->twisting > 0.0;
        const int kind = turns + 2 * (sec->wall >= 0) + 4 * sec->asked;
        deep |= qn_contact_law_of(c)->blocks(&w, sec, first, last, kind);
    }
    return deep;
}

/// Sum pushes in partner order, kick to the full step and on, drift: owned bodies [first, last).
/// Returns whether some body has used up its allowance (or is not a number).
static int advance(const struct qn_dem_model *m, struct qn_dem *s, const struct qn_pose *pose,
                   int first, int last)
{
    const double dt = m->dt, h = 0.5 * m->dt;
    const double *gr = m->motion.gravity, *a0 = pose->accel;
    const qn_v4 g = {gr[0] - a0[0], gr[1] - a0[1], gr[2] - a0[2], 0};
    int out = 0;
    for (int k = first; k < last; k++) {
        const int i = s->own[k];
        qn_v4 f = {0}, q = {0};
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e += 2) {
            for (int o = 0; o < 2; o++) {
                const int entry = s->gather[e + o], side = entry & 1; // 0: this body is i, 1: j
                const double *p = s->inner.push + (size_t)(entry >> 1) * QN_PUSH;
                f += (1.0 - 2.0 * side) * *(const qn_v4 *)(p + QN_PUSH_F);
                q += *(const qn_v4 *)(p + QN_PUSH_TI + 4 * side);
            }
        }
        struct qn_body *b = &s->body[i];
        double moved = 0.0, by_g = 0.0, by_a = 0.0;
        for (int c = 0; c < 3; c++) {
            const double a = f[c] * b->im + g[c], aq = q[c] * b->iI;
            const double full = b->v[c] + h * a; // velocity at the step itself
            by_g += gr[c] * full, by_a -= a0[c] * full;
            b->v[c] = full + h * a;
            b->w[c] = (b->w[c] + h * aq) + h * aq;
            b->x[c] += dt * b->v[c];
            const double d = b->x[c] - b->x0[c];
            moved += d * d;
        }
        s->tally[i].gravity += dt * by_g;
        s->tally[i].frame += dt * by_a;
        out |= !(moved <= b->allow2);
    }
    return out;
}

/// Book the time since the last lap under a phase, without what was spent waiting for others;
/// QN_STEP_PHASES only starts the clock. Reading a clock costs as much as a contact, so a rank that
/// is alone does not.
static void lap(struct qn_dem *s, enum qn_step_phase phase, double *clock)
{
    struct timespec t;
    struct qn_domain *d = s->domain;
    if (!d) {
        return;
    }
    clock_gettime((clockid_t)s->group->clock, &t);
    const double now = (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
    if (phase < QN_STEP_PHASES) {
        const double waited = s->group->waited - d->waited;
        d->wall[phase] += now - *clock - waited;
        d->wall[QN_STEP_WAITING] += waited;
    }
    d->waited = s->group->waited;
    *clock = now;
}

/// Look at lists and guards, and let all ranks agree on what comes next: a rebuild or a failure of
/// one is everybody's.
static enum qn_status close_of_step(const struct qn_dem_model *m, struct qn_dem *s, int stale,
                                    int deep)
{
    enum { REBUILD = 1, FAILED = 2 };
    int rebuild = 0;
    enum qn_status status = deep ? qn_guard_deep(m, s) : QN_OK;
    if (stale && status == QN_OK) {
        status = qn_allowances(m, s, &rebuild);
    }
    s->stale = rebuild ? 2 : stale;
    const int flags =
        qn_group_any(s->group, (rebuild ? REBUILD : 0) | (status == QN_OK ? 0 : FAILED));
    if (flags & FAILED) {
        return qn_group_agree(s->group, status);
    }
    s->stale = flags & REBUILD ? 2 : s->stale;
    return QN_OK;
}

static void look_at_mill(const struct qn_dem_model *m, struct qn_dem *s, double now,
                         struct instant *at)
{
    qn_motion_pose(&m->motion, now, &at->pose);
    int asked = 0;
    for (int k = m->n_classes; k < s->n_sections; k++) {
        asked |= s->section[k].asked;
    }
    if (asked) {
        qn_wall_frames_at(m, now, &at->frames);
        // 10 % for what the spin changes within a step
        s->wall_moved += 1.1 * m->dt * qn_walls_drift(m, &at->frames);
    }
}

enum qn_status qn_dem_step(const struct qn_dem_model *m, struct qn_dem *s)
{
    if (s->paranoid > 0 && s->step % s->paranoid == 0) {
        return qn_paranoid_step(m, s);
    }
    return qn_engine_step(m, s);
}

enum qn_status qn_engine_step(const struct qn_dem_model *m, struct qn_dem *s)
{
    const double now = qn_dem_time(m, s);
    struct instant at;
    int deep = 0, stale = 0;
    double clock = 0.0;
    lap(s, QN_STEP_PHASES, &clock);
    if (s->stale) {
        QN_TRY(qn_lists_renew(m, s));
    }
    lap(s, QN_STEP_LISTS, &clock);
    look_at_mill(m, s, now, &at);
    if (s->step % CUT_EVERY == 0) {
        qn_track_cut(m, s, now);
    }
    if (s->n_threads == 1 || s->inner.n_blocks < FEW_BLOCKS) {
        deep = contacts(m, s, &at, 0, 1);
        lap(s, QN_STEP_CONTACTS, &clock);
        stale = advance(m, s, &at.pose, 0, s->n_own);
    } else {
#pragma omp parallel num_threads(s->n_threads) reduction(| : deep, stale)
        {
            const int me = omp_get_thread_num(), all = omp_get_num_threads();
            deep |= contacts(m, s, &at, me, all);
#pragma omp barrier
            if (me == 0) {
                lap(s, QN_STEP_CONTACTS, &clock);
            }
            stale |= advance(m, s, &at.pose, (int)((int64_t)s->n_own * me / all),
                             (int)((int64_t)s->n_own * (me + 1) / all));
        }
    }
    s->step++;
    stale |= s->walls_turn && s->wall_moved > 0.5 * s->wall_room;
    lap(s, QN_STEP_BODIES, &clock);
    if (s->halo) {
        stale |= qn_halo_exchange(s);
        lap(s, QN_STEP_EXCHANGE, &clock);
    }
    QN_TRY(close_of_step(m, s, stale, deep));
    lap(s, QN_STEP_LISTS, &clock);
    return QN_OK;
}
