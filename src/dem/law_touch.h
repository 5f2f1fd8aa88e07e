/// @file
/// Geometry and motion of VL contacts between bodies and with walls.
#pragma once

#include "law_parts.h"

/// The first twelve doubles of VL bodies: x R | v im | w iI.
QN_INLINE void load_bodies(const struct qn_body *body, const int32_t *index, qn_vec f[12])
{
    const double *row[QN_VL];
    for (int k = 0; k < QN_VL; k++) {
        row[k] = (const double *)&body[index[k]];
    }
    qn_load4(row, 0, f);
    qn_load4(row, 4, f + 4);
    qn_load4(row, 8, f + 8);
}

QN_INLINE void load_push(const double *push, qn_vec f[4], qn_vec ti[4], qn_vec tj[4])
{
    const double *row[QN_VL];
    for (int k = 0; k < QN_VL; k++) {
        row[k] = push + k * QN_PUSH;
    }
    qn_load4(row, QN_PUSH_F, f);
    qn_load4(row, QN_PUSH_TI, ti);
    qn_load4(row, QN_PUSH_TJ, tj);
}

QN_INLINE qn_vec dot(const qn_vec a[3], const qn_vec b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

QN_INLINE void pair_touch(const struct qn_body *body, const struct qn_block *b, const double *push,
                          struct qn_touch *t)
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
QN_INLINE void wall_touch(const struct qn_body *body, const struct qn_wall *wall, double omega,
                          const struct qn_block *b, const double *push, struct qn_touch *t)
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
static __attribute__((noinline)) void asked_touch(const struct qn_shift *w,
                                                  const struct qn_section *sec, int block,
                                                  const double *push, struct qn_touch *t)
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
