/// @file
/// From a normal force to a law: friction, rolling, work, episodes, blocks, one contact alone.
///
/// A law file includes this once, after it has defined
///   static inline struct qn_spot normal(const struct qn_pair_class *c,
///                                       const struct qn_touch_const *k, qn_vec depth, qn_vec un,
///                                       double dt, qn_vec *h)
/// and LAW_REACHES: 1 when the contact holds on after the surfaces have parted, by k->own[1];
/// it gets `blocks` and `alone` for its struct qn_contact_law.
#include "law_touch.h"

enum { STRIP = 8 }; ///< blocks a pass: two short passes overlap better than one long chain

/// Overlap, counted from where the contact ends.
QN_INLINE qn_vec held_of(const struct qn_touch_const *k, qn_vec depth)
{
    if (LAW_REACHES) {
        return depth + k->own[1];
    }
    return depth;
}

QN_INLINE void law(const struct qn_pair_class *c, int turns, const struct qn_touch *t,
                   const struct qn_touch_const *k, double dt, qn_vec *h, struct qn_given *out)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec *n = t->n;
    const qn_vec un = t->u[0] * n[0] + t->u[1] * n[1] + t->u[2] * n[2];
    const struct qn_spot s = normal(c, k, t->depth, un, dt, h);
    qn_vec ft[3] = {h[QN_H_FT], h[QN_H_FT + 1], h[QN_H_FT + 2]};
    const qn_vec friction[2] = {s.kt, c->friction * s.load};
    qn_vec *const by_slip[2] = {&h[QN_H_U_SLIP], &h[QN_H_W_SLIP]};
    qn_slide(ft, n, t->u, &s, friction, dt, by_slip);
    h[QN_H_FT] = ft[0], h[QN_H_FT + 1] = ft[1], h[QN_H_FT + 2] = ft[2];
    out->m[0] = out->m[1] = out->m[2] = zero;
    if (turns) {
        qn_turn(c, t, k->rstar, &s, dt, h, out->m);
    }
    for (int d = 0; d < 3; d++) {
        out->f[d] = s.fn * n[d] + ft[d];
    }
    out->q[0] = n[2] * ft[1] - n[1] * ft[2];
    out->q[1] = n[0] * ft[2] - n[2] * ft[0];
    out->q[2] = n[1] * ft[0] - n[0] * ft[1];
}

/// Begin and end contacts of a block; rare and therefore out of line.
static __attribute__((noinline, cold)) void change(const struct qn_shift *w, int block, int klass,
                                                   const qn_vec *there, const struct qn_touch *t)
{
    const qn_vec un = dot(t->u, t->n);
    const qn_vec tx = t->u[0] - un * t->n[0], ty = t->u[1] - un * t->n[1],
                 tz = t->u[2] - un * t->n[2];
    const qn_vec ut = QN_SQRT(tx * tx + ty * ty + tz * tz);
    const qn_vec spin = QN_SQRT(dot(t->w, t->w));
    const struct qn_change seen = {(const double *)there, (const double *)&un, (const double *)&ut,
                                   (const double *)&spin, w->m->dt * (double)w->s->step};
    qn_track_change(w->m, w->s, block, klass, &seen, w->out);
}

/// Close the last step: work with the mean velocity, damping with the mean displacement; then begin
/// and end contacts. Works on the history in place: a copied array becomes a call to memcpy.
/// @return 0 when no lane touches or did: its pushes are zero already and stay so
QN_INLINE int close_step(const struct qn_shift *w, int block, int klass, const struct qn_touch *t)
{
    const qn_vec zero = (qn_vec){0};
    struct qn_block *b = &w->s->inner.block[block];
    qn_vec *h = b->h;
    const qn_vec held = held_of(&b->k, t->depth);
    // a contact that is open ends where nothing holds it, any other begins where surfaces meet
    qn_vec there = t->depth;
    if (LAW_REACHES) {
        there = QN_GT(h[QN_H_DEPTH], zero, held, t->depth);
    }
    const int open = (int)QN_ANY_GT(h[QN_H_DEPTH], zero);
    const int touching = (int)QN_ANY_GT(there, zero);
    if (!(open | touching)) {
        return 0;
    }
    h[QN_H_W] = h[QN_H_W] + (h[QN_H_W_HALF] + (0.5 * w->m->dt) * t->power);
    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + h[QN_H_F_LOST] * (0.5 * (held - h[QN_H_DEPTH_OLD]));
    if (__builtin_expect(open != touching, 0)) {
        change(w, block, klass, &there, t);
    }
    return 1;
}

/// First half of this step's work, and what a moving wall feeds in.
QN_INLINE void open_step(const struct qn_shift *w, const struct qn_section *sec, qn_vec *h,
                         const struct qn_touch *t, const struct qn_given *g, int kind)
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
QN_INLINE int apply(const struct qn_shift *w, const struct qn_section *sec, int block, int kind,
                    const struct qn_touch *t)
{
    const int klass = sec->klass;
    const qn_vec zero = (qn_vec){0};
    struct qn_block *b = &w->s->inner.block[block];
    struct qn_given g;
    if (!close_step(w, block, klass, t)) {
        return 0;
    }
    law(&w->m->classes[klass], kind & 1, t, &b->k, w->m->dt, b->h, &g);
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
QN_INLINE int blocks_of(const struct qn_shift *w, const struct qn_section *sec, int first, int last,
                        int kind)
{
    struct qn_touch t[STRIP];
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

static int blocks(const struct qn_shift *w, const struct qn_section *sec, int first, int last,
                  int kind)
{
    switch (kind) { // a constant in each: no branches inside
    case 0:
        return blocks_of(w, sec, first, last, 0);
    case 1:
        return blocks_of(w, sec, first, last, 1);
    case 2:
        return blocks_of(w, sec, first, last, 2);
    case 3:
        return blocks_of(w, sec, first, last, 3);
    case 6:
        return blocks_of(w, sec, first, last, 6);
    default:
        return blocks_of(w, sec, first, last, 7);
    }
}

/// The same contact in every lane.
static void alone(const struct qn_pair_class *c, const struct qn_touch1 *t,
                  const struct qn_touch_const1 *k, double dt, double *h, struct qn_given1 *out)
{
    const qn_vec zero = (qn_vec){0};
    struct qn_touch lanes = {.depth = zero + t->depth};
    const struct qn_touch_const constants = {
        zero + k->rstar, zero + k->mstar, {zero + k->own[0], zero + k->own[1]}};
    struct qn_given given;
    qn_vec history[QN_HISTORY];
    for (int f = 0; f < QN_HISTORY; f++) {
        history[f] = zero + h[f];
    }
    for (int d = 0; d < 3; d++) {
        lanes.n[d] = zero + t->n[d];
        lanes.u[d] = zero + t->u[d];
        lanes.w[d] = zero + t->w[d];
    }
    law(c, c->rolling > 0.0 || c->twisting > 0.0, &lanes, &constants, dt, history, &given);
    for (int f = 0; f < QN_HISTORY; f++) {
        h[f] = ((const double *)&history[f])[0];
    }
    for (int d = 0; d < 3; d++) {
        out->f[d] = ((const double *)&given.f[d])[0];
        out->q[d] = ((const double *)&given.q[d])[0];
        out->m[d] = ((const double *)&given.m[d])[0];
    }
}
