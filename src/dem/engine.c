/// @file
/// One step: contacts in blocks, each writing one push; bodies gathering pushes, kicking, drifting.
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
#include "dem/walls.h"

enum {
    STRIP = 8,       ///< blocks a pass: two short passes overlap better than one long chain
    FEW_BLOCKS = 96, ///< below this a parallel region costs more than it gains
    CUT_EVERY = 64,  ///< steps between looks at lasting contacts
};

/// Geometry and motion of VL contacts; the first four are for the law.
struct touch {
    qn_vec n[3], depth, u[3], w[3];
    qn_vec li, lj;       ///< levers
    qn_vec dv[3], wl[3]; ///< relative velocity of the centres; sum of lever times spin
    qn_vec power;        ///< of the last push at the present velocities [W]
    qn_vec wall[3];      ///< velocity of the wall at the contact [m/s]
};

/// Force, torque per lever and rolling moment of VL contacts.
struct given {
    qn_vec f[3], q[3], m[3];
};

#define T qn_vec
#define LAW law_lanes
#define SQRT(x) QN_SQRT(x)
#define GT(x, y, a, b) QN_GT(x, y, a, b)
#define QN_TOUCH touch
#define QN_TOUCH_CONST qn_touch_const
#define QN_GIVEN given
#include "dem/law_hertz.h"

/// What a thread works with in the contact phase.
struct shift {
    const struct qn_dem_model *m;
    struct qn_dem *s;
    struct qn_event_buffer *out;
    double omega;                        ///< spin of the vial about z [rad/s]
    const struct qn_wall_frames *frames; ///< of walls that are asked
};

/// The first twelve doubles of VL bodies: x R | v im | w iI.
static inline __attribute__((always_inline)) void load_bodies(const struct qn_body *body,
                                                              const int32_t *index, qn_vec f[12])
{
    const double *row[QN_VL];
    for (int k = 0; k < QN_VL; k++) {
        row[k] = (const double *)&body[index[k]];
    }
    qn_load4(row, 0, f);
    qn_load4(row, 4, f + 4);
    qn_load4(row, 8, f + 8);
}

static inline __attribute__((always_inline)) void load_push(const double *push, qn_vec f[4],
                                                            qn_vec ti[4], qn_vec tj[4])
{
    const double *row[QN_VL];
    for (int k = 0; k < QN_VL; k++) {
        row[k] = push + k * QN_PUSH;
    }
    qn_load4(row, QN_PUSH_F, f);
    qn_load4(row, QN_PUSH_TI, ti);
    qn_load4(row, QN_PUSH_TJ, tj);
}

static inline __attribute__((always_inline)) qn_vec dot(const qn_vec a[3], const qn_vec b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static inline __attribute__((always_inline)) void pair_touch(const struct qn_body *body,
                                                             const struct qn_block *b,
                                                             const double *push, struct touch *t)
{
    qn_vec p[12], q[12], f[4], ti[4], tj[4];
    load_bodies(body, b->i, p);
    load_bodies(body, b->j, q);
    const qn_vec x = p[0] - q[0], y = p[1] - q[1], z = p[2] - q[2];
    const qn_vec r = QN_SQRT(x * x + y * y + z * z), ir = 1.0 / r;
    const qn_vec depth = p[3] + q[3] - r;
    t->li = p[3] - 0.5 * depth, t->lj = q[3] - 0.5 * depth, t->depth = depth;
    t->n[0] = x * ir, t->n[1] = y * ir, t->n[2] = z * ir;
    for (int k = 0; k < 3; k++) {
        t->dv[k] = p[4 + k] - q[4 + k];
        t->w[k] = p[8 + k] - q[8 + k];
        t->wl[k] = t->li * p[8 + k] + t->lj * q[8 + k];
    }
    t->u[0] = t->dv[0] - (t->wl[1] * t->n[2] - t->wl[2] * t->n[1]);
    t->u[1] = t->dv[1] - (t->wl[2] * t->n[0] - t->wl[0] * t->n[2]);
    t->u[2] = t->dv[2] - (t->wl[0] * t->n[1] - t->wl[1] * t->n[0]);
    load_push(push, f, ti, tj);
    t->power = dot(f, t->dv) + dot(ti, p + 8) + dot(tj, q + 8);
}

/// `wall` is constant over a section, so its branch is taken once a block at most.
static inline __attribute__((always_inline)) void wall_touch(const struct qn_body *body,
                                                             const struct qn_wall *wall,
                                                             double omega, const struct qn_block *b,
                                                             const double *push, struct touch *t)
{
    const qn_vec zero = (qn_vec){0};
    qn_vec p[12], f[4], ti[4], tj[4];
    load_bodies(body, b->i, p);
    if (wall->shape == QN_WALL_MANTLE) {
        const qn_vec rho = QN_SQRT(p[0] * p[0] + p[1] * p[1]);
        const qn_vec ir = 1.0 / QN_GT(rho, zero, rho, zero + 1.0);
        t->n[0] = -p[0] * ir, t->n[1] = -p[1] * ir, t->n[2] = zero;
        t->depth = p[3] + rho - wall->radius;
    } else {
        t->n[0] = zero + wall->normal[0], t->n[1] = zero + wall->normal[1];
        t->n[2] = zero + wall->normal[2];
        t->depth = p[3] - (dot(t->n, p) + wall->offset);
    }
    const qn_vec l = p[3] - 0.5 * t->depth;
    t->li = l, t->lj = zero;
    t->wall[0] = -omega * (p[1] - l * t->n[1]);
    t->wall[1] = omega * (p[0] - l * t->n[0]);
    t->wall[2] = zero;
    for (int k = 0; k < 3; k++) {
        t->dv[k] = p[4 + k];
        t->w[k] = p[8 + k];
        t->wl[k] = l * p[8 + k];
    }
    t->w[2] = t->w[2] - omega;
    t->u[0] = t->dv[0] - t->wall[0] - (t->wl[1] * t->n[2] - t->wl[2] * t->n[1]);
    t->u[1] = t->dv[1] - t->wall[1] - (t->wl[2] * t->n[0] - t->wl[0] * t->n[2]);
    t->u[2] = t->dv[2] - (t->wl[0] * t->n[1] - t->wl[1] * t->n[0]);
    load_push(push, f, ti, tj);
    t->power = dot(f, t->dv) + dot(ti, p + 8);
}

/// A wall of any shape and motion: geometry lane by lane, motion in vectors.
static __attribute__((noinline)) void asked_touch(const struct shift *w,
                                                  const struct qn_section *sec, int block,
                                                  const double *push, struct touch *t)
{
    qn_vec p[12], f[4], ti[4], tj[4];
    struct qn_block *b = &w->s->inner.block[block];
    const double *spin = w->frames->of[w->m->vessel.wall[sec->wall].inner].spin;
    load_bodies(w->s->body, b->i, p);
    for (int l = 0; l < QN_VL; l++) {
        double *const n[3] = {(double *)&t->n[0] + l, (double *)&t->n[1] + l,
                              (double *)&t->n[2] + l};
        ((double *)&t->depth)[l] = qn_wall_ask(w->m, w->s, sec, w->frames, b, l, n);
    }
    const qn_vec l = p[3] - 0.5 * t->depth;
    t->li = l, t->lj = (qn_vec){0};
    qn_vec at[3];
    for (int k = 0; k < 3; k++) {
        at[k] = p[k] - l * t->n[k];
        t->dv[k] = p[4 + k];
        t->w[k] = p[8 + k] - spin[k];
        t->wl[k] = l * p[8 + k];
    }
    for (int k = 0; k < 3; k++) {
        const int u = (k + 1) % 3, v = (k + 2) % 3;
        t->wall[k] = spin[u] * at[v] - spin[v] * at[u];
        t->u[k] = t->dv[k] - t->wall[k] - (t->wl[u] * t->n[v] - t->wl[v] * t->n[u]);
    }
    load_push(push, f, ti, tj);
    t->power = dot(f, t->dv) + dot(ti, p + 8);
}

/// Begin and end contacts of a block; rare and therefore out of line.
static __attribute__((noinline, cold)) void change(const struct shift *w, int block, int klass,
                                                   const struct touch *t)
{
    const qn_vec un = dot(t->u, t->n);
    const qn_vec tx = t->u[0] - un * t->n[0], ty = t->u[1] - un * t->n[1],
                 tz = t->u[2] - un * t->n[2];
    const qn_vec ut = QN_SQRT(tx * tx + ty * ty + tz * tz);
    const struct qn_change seen = {(const double *)&t->depth, (const double *)&un,
                                   (const double *)&ut, w->m->dt * (double)w->s->step};
    qn_track_change(w->m, w->s, block, klass, &seen, w->out);
}

/// Close the last step: work with the mean velocity, damping with the mean displacement; then begin
/// and end contacts. Works on the history in place: a copied array becomes a call to memcpy.
/// @return 0 when no lane touches or did: its pushes are zero already and stay so
static inline __attribute__((always_inline)) int close_step(const struct shift *w, int block,
                                                            int klass, const struct touch *t)
{
    const qn_vec zero = (qn_vec){0};
    qn_vec *h = w->s->inner.block[block].h;
    const int open = (int)QN_ANY_GT(h[QN_H_DEPTH], zero);
    const int touching = (int)QN_ANY_GT(t->depth, zero);
    if (!(open | touching)) {
        return 0;
    }
    h[QN_H_W] = h[QN_H_W] + (h[QN_H_W_HALF] + (0.5 * w->m->dt) * t->power);
    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + h[QN_H_F_LOST] * (0.5 * (t->depth - h[QN_H_DEPTH_OLD]));
    if (__builtin_expect(open != touching, 0)) {
        change(w, block, klass, t);
    }
    return 1;
}

/// First half of this step's work, and what a moving wall feeds in.
static inline __attribute__((always_inline)) void open_step(const struct shift *w,
                                                            const struct qn_section *sec, qn_vec *h,
                                                            const struct touch *t,
                                                            const struct given *g, int kind)
{
    const double dt = w->m->dt, half = 0.5 * w->m->dt;
    const int roll = kind & 1, wall = kind & 2;
    qn_vec power = dot(g->f, t->dv) + dot(g->q, t->wl);
    if (roll) {
        power = power + dot(g->m, t->w);
    }
    h[QN_H_W_HALF] = half * power;
    if (wall) { // the wall's share; m . w above counts the relative spin already
        const qn_vec fed = dt * dot(g->f, t->wall);
        qn_vec by_moment = g->m[2] * w->omega;
        if (kind & 4) {
            const double *spin = w->frames->of[w->m->vessel.wall[sec->wall].inner].spin;
            by_moment = g->m[0] * spin[0] + g->m[1] * spin[1] + g->m[2] * spin[2];
        }
        h[QN_H_DRIVE] = h[QN_H_DRIVE] + (fed + dt * by_moment);
        h[QN_H_W_HALF] = h[QN_H_W_HALF] - (fed + half * by_moment);
    }
}

/// Law, history and push of one block. `kind` (1 rolling, 2 wall, 4 asked) is a constant at each
/// call.
static inline __attribute__((always_inline)) int apply(const struct shift *w,
                                                       const struct qn_section *sec, int block,
                                                       int kind, const struct touch *t)
{
    const int klass = sec->klass;
    const qn_vec zero = (qn_vec){0};
    struct qn_block *b = &w->s->inner.block[block];
    struct given g;
    if (!close_step(w, block, klass, t)) {
        return 0;
    }
    law_lanes(&w->m->classes[klass], kind & 1, t, &b->k, w->m->dt, b->h, &g);
    open_step(w, sec, b->h, t, &g, kind);
    qn_vec f[4], ti[4], tj[4];
    for (int k = 0; k < 3; k++) {
        f[k] = g.f[k];
        ti[k] = t->li * g.q[k] + g.m[k];
        tj[k] = t->lj * g.q[k] - g.m[k];
    }
    f[3] = ti[3] = tj[3] = zero;
    double *push = w->s->inner.push + (size_t)block * QN_VL * QN_PUSH;
    qn_store4(push + QN_PUSH_F, QN_PUSH, f);
    qn_store4(push + QN_PUSH_TI, QN_PUSH, ti);
    qn_store4(push + QN_PUSH_TJ, QN_PUSH, tj);
    return (int)QN_ANY_GT(t->depth, b->limit);
}

/// Blocks [first, last) of one section; returns whether some overlap passed its guard.
static inline __attribute__((always_inline)) int
blocks_of(const struct shift *w, const struct qn_section *sec, int first, int last, int kind)
{
    struct touch t[STRIP];
    int deep = 0;
    for (int at = first; at < last; at += STRIP) {
        const int end = at + STRIP < last ? at + STRIP : last;
        for (int c = at; c < end; c++) {
            const double *push = w->s->inner.push + (size_t)c * QN_VL * QN_PUSH;
            const struct qn_block *b = &w->s->inner.block[c];
            if (kind & 4) {
                asked_touch(w, sec, c, push, &t[c - at]);
            } else if (kind & 2) {
                wall_touch(w->s->body, &w->m->vessel.wall[sec->wall], w->omega, b, push,
                           &t[c - at]);
            } else {
                pair_touch(w->s->body, b, push, &t[c - at]);
            }
        }
        for (int c = at; c < end; c++) {
            deep |= apply(w, sec, c, kind, &t[c - at]);
        }
    }
    return deep;
}

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
    const struct shift w = {m, s, &s->buffer[me], now->pose.spin[2], &now->frames};
    int deep = 0;
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        const int first = sec->first > from ? sec->first : from;
        const int last = sec->last < to ? sec->last : to;
        if (first >= last) {
            continue;
        }
        switch ((m->classes[sec->klass].rolling > 0.0) + 2 * (sec->wall >= 0) + 4 * sec->asked) {
        case 0:
            deep |= blocks_of(&w, sec, first, last, 0);
            break;
        case 1:
            deep |= blocks_of(&w, sec, first, last, 1);
            break;
        case 2:
            deep |= blocks_of(&w, sec, first, last, 2);
            break;
        case 3:
            deep |= blocks_of(&w, sec, first, last, 3);
            break;
        case 6:
            deep |= blocks_of(&w, sec, first, last, 6);
            break;
        default:
            deep |= blocks_of(&w, sec, first, last, 7);
            break;
        }
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
