/// @file
/// Lists and forces against brute force.
#include "dem/paranoid.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "dem/contact_law.h"
#include "dem/fault.h"
#include "dem/record.h"
#include "dem/restitution.h"
#include "dem/walls.h"

/// What brute force expects of the bodies owned here.
struct expected {
    int64_t n_all;
    double (*all)[4]; ///< shape [n_all]: place and radius of every body of every rank
    double (*f)[3];   ///< shape [n_own]: force of all contacts                     [N]
    double (*q)[3];   ///< shape [n_own]: torque                                    [N m]
    double *size;     ///< shape [n_own]: sum of the sizes of the forces            [N]
    double (*v)[3];   ///< shape [n_own]: velocity before                          [m/s]
    double (*w)[3];   ///< shape [n_own]: spin before                            [rad/s]
};

static struct expected expect(const struct qn_dem *s)
{
    const size_t n = (size_t)s->n_own;
    struct expected x = {.n_all = s->n_total};
    x.all = qn_alloc((size_t)s->n_total, sizeof *x.all);
    x.f = qn_alloc(n, sizeof *x.f);
    x.q = qn_alloc(n, sizeof *x.q);
    x.v = qn_alloc(n, sizeof *x.v);
    x.w = qn_alloc(n, sizeof *x.w);
    x.size = qn_alloc(n, sizeof *x.size);
    for (int k = 0; k < s->n_own; k++) {
        const struct qn_body *b = &s->body[s->own[k]];
        memcpy(x.all[s->id[s->own[k]]], b->x, sizeof b->x);
        x.all[s->id[s->own[k]]][3] = b->R;
        memcpy(x.v[k], b->v, sizeof b->v);
        memcpy(x.w[k], b->w, sizeof b->w);
    }
    qn_group_sum(s->group, &x.all[0][0], 4 * (int)s->n_total); // each from one rank: exact
    return x;
}

static void forget(struct expected *x)
{
    qn_free(x->all);
    qn_free(x->f);
    qn_free(x->q);
    qn_free(x->v);
    qn_free(x->w);
    qn_free(x->size);
}

/// Slot of body i with body j (local index, or -1 - wall), 0 when they are not listed.
static int slot_of(const struct qn_dem *s, int i, int j)
{
    for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
        const int slot = s->gather[e] >> 1, lane = slot % QN_VL;
        const struct qn_block *b = &s->inner.block[slot / QN_VL];
        if (slot &&
            ((b->i[lane] == i && b->j[lane] == j) || (b->j[lane] == i && b->i[lane] == j))) {
            return slot;
        }
    }
    return 0;
}

/// One contact as the engine should see it.
struct meeting {
    const struct qn_pair_class *c;
    struct qn_touch_const1 k;
    struct qn_touch1 t;
    double li, lj; ///< levers [m]
    int slot;
};

static void cross_off(double u[3], const double a[3], const double n[3])
{
    for (int d = 0; d < 3; d++) {
        const int p = (d + 1) % 3, q = (d + 2) % 3;
        u[d] -= a[p] * n[q] - a[q] * n[p];
    }
}

/// Force, torques and their sizes of one contact, from a copy of its history.
static void add_force(const struct qn_dem_model *m, const struct qn_dem *s, struct meeting *x,
                      struct expected *out, const int own[2])
{
    const struct qn_contact_law *law = qn_contact_law_of(x->c);
    struct qn_given1 g;
    double h[QN_HISTORY] = {0.0};
    const double reach = law->reach ? law->reach(x->c, &x->k) : 0.0;
    if (qn_record_is_open(s, x->slot)) {
        for (int f = 0; f < QN_HISTORY; f++) {
            h[f] = *qn_field(s->inner.block, x->slot, f);
        }
    } else { // it begins now
        const double *u = x->t.u, *n = x->t.n;
        const double closing = -(u[0] * n[0] + u[1] * n[1] + u[2] * n[2]);
        const double e = qn_restitution(x->c, fmax(closing, 0.0), x->k.rstar, x->k.mstar);
        h[QN_H_OWN] = law->begin(x->c, &x->k, e);
        h[QN_H_DEPTH] = x->t.depth + reach - closing * m->dt;
        h[QN_H_DEPTH_OLD] = x->t.depth + reach - 2.0 * closing * m->dt;
    }
    law->alone(x->c, &x->t, &x->k, m->dt, h, &g);
    const double size = sqrt(g.f[0] * g.f[0] + g.f[1] * g.f[1] + g.f[2] * g.f[2]);
    for (int side = 0; side < 2; side++) {
        if (own[side] < 0) {
            continue;
        }
        out->size[own[side]] += size;
        for (int d = 0; d < 3; d++) {
            out->f[own[side]][d] += side ? -g.f[d] : g.f[d];
            out->q[own[side]][d] += side ? x->lj * g.q[d] - g.m[d] : x->li * g.q[d] + g.m[d];
        }
    }
}

static enum qn_status missing(const struct qn_dem_model *m, struct qn_dem *s, int i,
                              const char *what, long long partner, double depth)
{
    (void)qn_fail(QN_ERR_PHYSICS,
                  "paranoid: body %lld touches %s %lld (overlap %.3g m) at t = %.9g s (step %lld), "
                  "and the lists do not know it",
                  (long long)s->id[i], what, partner, depth, m->dt * (double)s->step,
                  (long long)s->step);
    return qn_fault_take(m, s, i);
}

/// Pair of own body i with any body; forces are added where i is the lower id or j is not owned.
static enum qn_status look_at_pair(const struct qn_dem_model *m, struct qn_dem *s, const int *place,
                                   int i, int64_t other, struct expected *out)
{
    const double *a = s->body[i].x, *b = out->all[other];
    const double off[3] = {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
    const double r = sqrt(off[0] * off[0] + off[1] * off[1] + off[2] * off[2]);
    const double depth = s->body[i].R + b[3] - r;
    const int j = qn_record_index(s, other);
    const int slot = j >= 0 ? slot_of(s, i, j) : 0;
    if (depth > 0.0 && !slot) {
        return missing(m, s, i, "body", (long long)other, depth);
    }
    const int counted = j >= 0 && s->id[i] > other && qn_is_own(s, j); // from the other side
    if (counted || !slot || !(depth > 0.0 || qn_record_is_open(s, slot))) {
        return QN_OK;
    }
    const int low = s->id[i] < other ? i : j, high = low == i ? j : i;
    const struct qn_body *p = &s->body[low], *q = &s->body[high];
    struct meeting x = {.c = &m->classes[m->class_of[s->species[low]][s->species[high]]],
                        .k = qn_lane_constants(&s->inner.block[slot / QN_VL], slot % QN_VL),
                        .li = p->R - 0.5 * depth,
                        .lj = q->R - 0.5 * depth,
                        .slot = slot};
    double wl[3];
    x.t.depth = depth;
    for (int d = 0; d < 3; d++) {
        x.t.n[d] = (low == i ? off[d] : -off[d]) / r;
        x.t.u[d] = p->v[d] - q->v[d];
        x.t.w[d] = p->w[d] - q->w[d];
        wl[d] = x.li * p->w[d] + x.lj * q->w[d];
    }
    cross_off(x.t.u, wl, x.t.n);
    const int own[2] = {qn_is_own(s, low) ? place[low] : -1, qn_is_own(s, high) ? place[high] : -1};
    add_force(m, s, &x, out, own);
    return QN_OK;
}

static enum qn_status look_at_wall(const struct qn_dem_model *m, struct qn_dem *s,
                                   const struct qn_wall_frames *now,
                                   const struct qn_wall_frames *spin, const int at[3],
                                   struct expected *out)
{
    const int i = at[0], w = at[1];
    const struct qn_wall *wall = &m->vessel.wall[w];
    const struct qn_body *b = &s->body[i];
    struct qn_wall_point p;
    const int slot = slot_of(s, i, -1 - w);
    if (!qn_wall_near(wall, now, b->x, b->R * 1.02, &p)) {
        return QN_OK;
    }
    const double depth = b->R - p.distance;
    if (depth > 0.0 && !slot) {
        return missing(m, s, i, "wall", w, depth);
    }
    if (!(depth > 0.0 || qn_record_is_open(s, slot))) {
        return QN_OK;
    }
    struct meeting x = {.c = &m->classes[m->class_of[s->species[i]][m->n_species]],
                        .li = b->R - 0.5 * depth,
                        .slot = slot};
    x.k = qn_contact_constants(x.c, 1.0 / b->R + p.curvature, b->im, b->R);
    const double *turn = spin->of[wall->inner].spin;
    double wl[3], point[3];
    x.t.depth = depth;
    for (int d = 0; d < 3; d++) {
        x.t.n[d] = p.normal[d];
        point[d] = b->x[d] - x.li * p.normal[d];
        x.t.u[d] = b->v[d];
        x.t.w[d] = b->w[d] - turn[d];
        wl[d] = x.li * b->w[d];
    }
    cross_off(x.t.u, turn, point);
    cross_off(x.t.u, wl, x.t.n);
    add_force(m, s, &x, out, (const int[2]){at[2], -1});
    return QN_OK;
}

/// All pairs and walls of the bodies owned here.
static enum qn_status look(const struct qn_dem_model *m, struct qn_dem *s, struct expected *out)
{
    struct qn_wall_frames now, spin;
    int *place = qn_alloc((size_t)s->n, sizeof *place);
    enum qn_status status = QN_OK;
    qn_wall_frames_now(m, s, &now);
    qn_wall_frames_at(m, m->dt * (double)s->step, &spin);
    for (int k = 0; k < s->n_own; k++) {
        place[s->own[k]] = k;
    }
    for (int k = 0; k < s->n_own && status == QN_OK; k++) {
        const int i = s->own[k];
        for (int64_t other = 0; other < out->n_all && status == QN_OK; other++) {
            if (other != s->id[i]) {
                status = look_at_pair(m, s, place, i, other, out);
            }
        }
        for (int w = 0; w < m->vessel.n_walls && status == QN_OK; w++) {
            status = look_at_wall(m, s, &now, &spin, (const int[3]){i, w, k}, out);
        }
    }
    qn_free(place);
    return status;
}

/// What the step gave every body against what it should have.
static enum qn_status compare(const struct qn_dem_model *m, struct qn_dem *s,
                              const struct qn_pose *pose, const struct expected *x)
{
    const double dt = m->dt;
    for (int k = 0; k < s->n_own; k++) {
        const struct qn_body *b = &s->body[s->own[k]];
        const double lever = b->R * b->iI / b->im;
        for (int d = 0; d < 3; d++) {
            const double g = m->motion.gravity[d] - pose->accel[d];
            const double dv = x->v[k][d] + dt * (x->f[k][d] * b->im + g) - b->v[d];
            const double dw = x->w[k][d] + dt * x->q[k][d] * b->iI - b->w[d];
            const double kick = dt * (x->size[k] * b->im + fabs(g));
            const double most = QN_PARANOID_TOLERANCE * kick + 1e-14 * fabs(b->v[d]);
            const double turn = lever * (QN_PARANOID_TOLERANCE * kick) + 1e-14 * fabs(b->w[d]);
            if (!(fabs(dv) <= most) || !(fabs(dw) <= turn)) {
                (void)qn_fail(QN_ERR_PHYSICS,
                              "paranoid: brute force moves body %lld otherwise by %.3g m/s and "
                              "%.3g rad/s along axis %d at t = %.9g s (step %lld); the step's own "
                              "kick is %.3g m/s",
                              (long long)s->id[s->own[k]], dv, dw, d, dt * (double)(s->step - 1),
                              (long long)(s->step - 1), kick);
                return qn_fault_take(m, s, s->own[k]);
            }
        }
    }
    return QN_OK;
}

enum qn_status qn_paranoid_step(const struct qn_dem_model *m, struct qn_dem *s)
{
    struct qn_pose pose;
    if (s->stale) { // the step would begin with it
        QN_TRY(qn_lists_renew(m, s));
    }
    struct expected x = expect(s);
    qn_motion_pose(&m->motion, m->dt * (double)s->step, &pose);
    enum qn_status status = qn_group_agree(s->group, look(m, s, &x));
    if (status == QN_OK) {
        status = qn_engine_step(m, s);
    }
    if (status == QN_OK) {
        status = qn_group_agree(s->group, compare(m, s, &pose, &x));
    }
    forget(&x);
    return status;
}
