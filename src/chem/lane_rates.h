/// @file
/// Rates, Jacobian, elimination and projection of VL carriers side by side.
///
/// The same formulas as chem/rates.h and chem/project.h, over the lists of network.h. No operation
/// mixes lanes, so what a carrier gets does not depend on its neighbours.
#pragma once

#include "base/array.h"
#include "base/constants.h"
#include "base/lanes.h"
#include "network.h"

/// A lane block's numbers; shapes as in struct qn_network, all of one owned piece of memory.
struct qn_lane_rates {
    qn_vec T, inv_RT;
    qn_vec area[QN_MAX_PHASES];
    qn_vec *kf, *kr;     ///< [n_r] constants times area
    qn_vec *kf_T, *kr_T; ///< [n_r] d ln k/dT, pulses only
    qn_vec *scale;       ///< [n_species] concentration per y; 0: frozen
    qn_vec *c, *c_y;     ///< [n_species] concentrations or activities, and their slopes
    qn_vec *factor;      ///< [n_group]
    qn_vec *factor_T;    ///< [n_group] d ln F/dT
    qn_vec *factor_c;    ///< [n_depend] d ln F/dc
    qn_vec *forward, *reverse, *q, *q_T; ///< [n_r]
    qn_vec *q_y;                         ///< [n_slope] by y
    qn_vec *jac;                         ///< [n_jac]
    qn_vec *lu;                          ///< [n_lu] factor
    qn_vec *inverse;                     ///< [n] 1/pivot
    qn_vec *memory;
    size_t bytes;
};

QN_LANES_INLINE void qn_lane_init(struct qn_lane_rates *w, const struct qn_network *net)
{
    const int n_k = net->mech->n_species;
    struct {
        qn_vec **at;
        int count;
    } const part[] = {
        {&w->kf, net->n_r},
        {&w->kr, net->n_r},
        {&w->kf_T, net->n_r},
        {&w->kr_T, net->n_r},
        {&w->scale, n_k},
        {&w->c, n_k},
        {&w->c_y, n_k},
        {&w->factor, net->n_group},
        {&w->factor_T, net->n_group},
        {&w->factor_c, net->n_depend},
        {&w->forward, net->n_r},
        {&w->reverse, net->n_r},
        {&w->q, net->n_r},
        {&w->q_T, net->n_r},
        {&w->q_y, net->n_slope},
        {&w->jac, net->n_jac},
        {&w->lu, net->n_lu},
        {&w->inverse, net->n},
    };
    size_t total = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        total += (size_t)part[i].count;
    }
    w->bytes = total * sizeof(qn_vec);
    w->memory = qn_alloc(total, sizeof(qn_vec));
    total = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i].at = w->memory + total;
        total += (size_t)part[i].count;
    }
}

/// ln k or its slope on one piece.
QN_LANES_INLINE qn_vec qn_lane_sum(const double *c, int terms, const qn_vec *basis)
{
    qn_vec sum = c[0] * basis[0] + c[1] * basis[1] + c[2] * basis[2];
    for (int i = 3; i < terms; i++) {
        sum = sum + c[i] * basis[i];
    }
    return sum;
}

QN_LANES_INLINE qn_vec qn_lane_log(const struct qn_net_constant *k, qn_vec T, const qn_vec *basis)
{
    qn_vec log_k = qn_lane_sum(k->c[0], k->terms, basis);
    for (int r = 1; r < k->ranges; r++) {
        const qn_vec edge = qn_all(k->above[r]);
        if (QN_ANY_GT(T, edge)) {
            log_k = QN_GT(T, edge, qn_lane_sum(k->c[r], k->terms, basis), log_k);
        }
    }
    return log_k;
}

/// Constants at T; with `slopes`, their logarithmic slopes too.
QN_LANES_INLINE void qn_lane_constants(const struct qn_network *net, struct qn_lane_rates *w,
                                       qn_vec T, int slopes)
{
    const qn_vec i = 1.0 / T, ln = qn_log(T), one = qn_all(1.0), i2 = i * i, T2 = T * T;
    const qn_vec f[QN_NET_BASIS] = {one, i, ln, T, T2, T2 * T, T2 * T2, i2, ln * i};
    const qn_vec d[QN_NET_BASIS] = {
        qn_all(0.0), -i2, i, one, 2.0 * T, 3.0 * T2, 4.0 * T2 * T, -2.0 * i2 * i, (1.0 - ln) * i2};
    w->T = T;
    w->inv_RT = i / QN_GAS_CONSTANT;
    for (int r = 0; r < net->n_r; r++) {
        const struct qn_reaction *q = &net->mech->reaction[r];
        const struct qn_net_constant *k = &net->log_k[2 * r];
        const qn_vec bare = qn_exp(qn_lane_sum(k->c[0], 3, f));
        qn_vec gain = one;
        if (net->sticks[r] != 0.0) {
            gain = 1.0 / (1.0 - 0.5 * bare / (net->flux[r] * QN_SQRT(T)));
        }
        w->kf[r] = bare * gain * w->area[q->phase];
        if (q->reversible) {
            w->kr[r] = qn_exp(qn_lane_log(k + 1, T, f)) * gain * w->area[q->phase];
        }
        if (slopes) {
            const qn_vec slope = qn_lane_sum(k->c[0], 3, d);
            w->kf_T[r] = slope;
            if (net->sticks[r] != 0.0) {
                w->kf_T[r] = (slope - 0.5 * i) * gain + 0.5 * i;
            }
            w->kr_T[r] = w->kf_T[r] - slope + qn_lane_log(k + 1, T, d);
        }
    }
}

QN_LANES_INLINE void qn_lane_groups(const struct qn_network *net, struct qn_lane_rates *w,
                                    int slopes)
{
    for (int g = 0; g < net->n_group; g++) {
        qn_vec log_factor = qn_all(0.0), heat = qn_all(0.0);
        for (int i = net->group[g].from; i < net->group[g].to; i++) {
            const struct qn_net_depend *d = &net->depend[i];
            const double *E = d->poly;
            const qn_vec x = w->c[d->species] * d->per;
            const qn_vec energy = x * (E[0] + x * (E[1] + x * (E[2] + x * E[3])));
            log_factor = log_factor + (d->a_ln10 * x - energy * w->inv_RT);
            if (slopes) {
                const qn_vec by = E[0] + x * (2.0 * E[1] + x * (3.0 * E[2] + x * 4.0 * E[3]));
                w->factor_c[i] = d->per * (d->a_ln10 - by * w->inv_RT);
                heat = heat + energy * w->inv_RT / w->T;
            }
        }
        w->factor[g] = qn_exp(log_factor);
        w->factor_T[g] = heat;
    }
}

/// Concentrations of the variables; frozen ones stay as they were set.
QN_LANES_INLINE void qn_lane_concentrations(const struct qn_network *net, struct qn_lane_rates *w,
                                            const qn_vec *y)
{
    const struct qn_mechanism *m = net->mech;
    const double last = 1e-9; // of a solid [mol/kg], as in rates.c
    for (int k = 0; k < net->n; k++) {
        if (k < m->n_sites || k >= m->n_surface) {
            w->c[k] = y[k] * w->scale[k];
            w->c_y[k] = w->scale[k];
        } else if (m->phase[m->species[k].phase].kind == QN_PHASE_SOLID) {
            const qn_vec left = qn_larger(y[k], qn_all(0.0)), all = left + last;
            w->c[k] = left / all;
            w->c_y[k] = last / (all * all);
        } else {
            w->c[k] = qn_all(1.0);
            w->c_y[k] = qn_all(0.0);
        }
    }
}

QN_LANES_INLINE qn_vec qn_lane_product(const struct qn_network *net, const qn_vec *c, qn_vec k,
                                       int from, int to)
{
    for (int i = from; i < to; i++) {
        k = k * c[net->factor[i]];
    }
    return k;
}

/// Rates of progress at y; with `slopes` also by y, and by T where constants have slopes.
QN_LANES_INLINE void qn_lane_progress(const struct qn_network *net, struct qn_lane_rates *w,
                                      const qn_vec *y, int slopes)
{
    qn_lane_concentrations(net, w, y);
    qn_lane_groups(net, w, slopes);
    for (int r = 0; r < net->n_r; r++) {
        const int g = net->group_of[r];
        qn_vec forward = qn_lane_product(net, w->c, w->kf[r], net->f_at[r], net->r_at[r]);
        qn_vec reverse = qn_all(0.0);
        if (net->f_at[r + 1] > net->r_at[r]) {
            reverse = qn_lane_product(net, w->c, w->kr[r], net->r_at[r], net->f_at[r + 1]);
        }
        if (g >= 0) {
            forward = forward * w->factor[g];
            reverse = reverse * w->factor[g];
        }
        w->q[r] = forward - reverse;
        if (slopes) {
            w->forward[r] = forward;
            w->reverse[r] = reverse;
        }
    }
}

/// d q/dy [n_slope]; after qn_lane_progress with slopes.
QN_LANES_INLINE void qn_lane_slopes(const struct qn_network *net, struct qn_lane_rates *w)
{
    for (int s = 0; s < net->n_slope; s++) {
        const struct qn_net_slope *x = &net->slope[s];
        const int r = x->reaction, g = net->group_of[r];
        qn_vec slope = qn_all(0.0);
        if (x->forward != 0.0) {
            slope = x->forward * qn_lane_product(net, w->c, w->kf[r], x->f_from, x->f_to);
        }
        if (x->reverse != 0.0) {
            slope = slope - x->reverse * qn_lane_product(net, w->c, w->kr[r], x->r_from, x->r_to);
        }
        if (g >= 0) {
            slope = slope * w->factor[g];
        }
        if (x->depends >= 0) {
            slope = slope + w->q[r] * w->factor_c[x->depends];
        }
        w->q_y[s] = slope * w->c_y[x->species];
    }
}

/// Sum of terms over a list of numbers.
QN_LANES_INLINE qn_vec qn_lane_terms(const struct qn_network *net, const struct qn_net_entry *e,
                                     const qn_vec *x)
{
    qn_vec sum = qn_all(0.0);
    for (int t = e->from; t < e->to; t++) {
        sum = sum + net->term[t].nu * x[net->term[t].at];
    }
    return sum;
}

/// All entries of the Jacobian; after qn_lane_slopes.
QN_LANES_INLINE void qn_lane_jacobian(const struct qn_network *net, struct qn_lane_rates *w)
{
    for (int e = 0; e < net->n_jac; e++) {
        w->jac[e] = qn_lane_terms(net, &net->jac[e], w->q_y);
    }
}

/// Factors of `diagonal` - `pace` J without exchange, over the variables.
/// @return largest multiplier: how far a pivot was from the largest of its column
QN_LANES_INLINE qn_vec qn_lane_factor(const struct qn_network *net, struct qn_lane_rates *w,
                                      qn_vec diagonal, qn_vec pace, const qn_vec *leak)
{
    qn_vec worst = qn_all(0.0);
    qn_vec *a = w->lu;
    for (int i = 0; i < net->n_lu; i++) {
        a[i] = qn_all(0.0);
    }
    for (int e = 0; e < net->n_jac; e++) {
        const struct qn_net_entry *x = &net->jac[e];
        if (x->row < net->n && x->col < net->n) {
            a[net->slot[x->row * net->n + x->col]] = -(pace * w->jac[e]);
        }
    }
    for (int k = 0; k < net->n; k++) {
        qn_vec *d = &a[net->slot[k * net->n + k]];
        *d = *d + diagonal + pace * leak[k];
    }
    for (int k = 0; k < net->n; k++) {
        const struct qn_net_elimination *s = &net->step[k];
        const int *target = net->target + s->target;
        const qn_vec inverse = 1.0 / a[net->slot[s->variable * net->n + s->variable]];
        w->inverse[s->variable] = inverse;
        for (int i = s->l_from; i < s->l_to; i++) {
            const qn_vec factor = a[net->l[i].slot] * inverse;
            a[net->l[i].slot] = factor;
            worst = qn_larger(qn_size_of(factor), worst);
            for (int j = s->u_from; j < s->u_to; j++) {
                a[*target] = a[*target] - factor * a[net->u[j].slot];
                target++;
            }
        }
    }
    return worst;
}

QN_LANES_INLINE void qn_lane_solve(const struct qn_network *net, const qn_vec *a,
                                   const qn_vec *inverse, qn_vec *b)
{
    for (int k = 0; k < net->n; k++) {
        const struct qn_net_elimination *s = &net->step[k];
        const qn_vec x = b[s->variable];
        for (int i = s->l_from; i < s->l_to; i++) {
            b[net->l[i].variable] = b[net->l[i].variable] - a[net->l[i].slot] * x;
        }
    }
    for (int k = net->n - 1; k >= 0; k--) {
        const struct qn_net_elimination *s = &net->step[k];
        qn_vec x = b[s->variable];
        for (int j = s->u_from; j < s->u_to; j++) {
            x = x - a[net->u[j].slot] * b[net->u[j].variable];
        }
        b[s->variable] = x * inverse[s->variable];
    }
}
