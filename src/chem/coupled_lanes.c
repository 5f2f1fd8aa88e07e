/// @file
/// Carriers of one block, VL side by side.
#include "coupled_lanes.h"

#include <math.h>
#include <string.h>

#include "lane_project.h"

enum { EIGHT = 8, PARTS = EIGHT / QN_VL, GROUPS = QN_COUPLED_BLOCK / QN_VL };

/// Sums of a block: eight of each, whatever the width of the vectors, added up in one order.
struct parts {
    qn_vec of[QN_COUPLED_SUMS][PARTS];
};

void qn_coupled_layout(struct qn_coupled *c)
{
    const struct qn_network *net = &c->net;
    const struct qn_mechanism *m = net->mech;
    const size_t n = (size_t)net->n, g = (size_t)m->n_gas, r = (size_t)net->n_r;
    QN_ASSERT(qn_coupled_fits(m));
    c->sums = c->books && r > g + g * g ? r : g + g * g;
    while (c->first_gas_row < net->n_jac && net->jac[c->first_gas_row].row < net->n) {
        c->first_gas_row++;
    }
    const size_t rows = (size_t)(net->n_jac - c->first_gas_row);
    struct {
        size_t *at, count;
    } const part[] = {
        {&c->at.y, n},
        {&c->at.k, RODAS_STAGES * n},
        {&c->at.mean, n},
        {&c->at.atol, n},
        {&c->at.trial, n},
        {&c->at.kf, r},
        {&c->at.kr, r},
        {&c->at.scale, (size_t)m->n_species},
        {&c->at.lu, (size_t)net->n_lu},
        {&c->at.inverse, n},
        {&c->at.w, n * g},
        {&c->at.jac, rows},
        {&c->at.rate, g},
        {&c->at.given, g},
        {&c->at.out, g},
        {&c->at.want, (size_t)net->rows},
        {&c->at.turned, c->books ? r : 0},
        {&c->at.inv_RT, 1},
        {&c->at.share, 1},
    };
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i].at = c->stride;
        c->stride += part[i].count;
    }
}

static qn_vec *group_of(const struct qn_coupled *c, int group)
{
    return c->data + (size_t)group * c->stride;
}

void qn_coupled_load(struct qn_coupled *c, int group, int lane, const struct qn_coupled_carrier *x,
                     int real)
{
    const struct qn_mechanism *m = c->net.mech;
    qn_vec *v = group_of(c, group);
    struct qn_matter room;
    const struct qn_matter *now = qn_matter_bare(x->matter, x->y, &room);
    if (now == &room || c->constants_for != x->matter) {
        c->constants.T = -1.0; // they are for other areas
    }
    c->constants_for = x->matter;
    qn_rates_constants(now, x->T, &c->constants);
    for (int r = 0; r < c->net.n_r; r++) {
        qn_lane_set(&v[c->at.kf + (size_t)r], lane, c->constants.forward[r]);
        qn_lane_set(&v[c->at.kr + (size_t)r], lane, c->constants.reverse[r]);
    }
    for (int k = 0; k < c->net.n; k++) {
        qn_lane_set(&v[c->at.y + (size_t)k], lane, x->y[k]);
        qn_lane_set(&v[c->at.atol + (size_t)k], lane,
                    1e-4 * c->set->rtol * fmax(qn_matter_room(now, k), 1e-300));
        qn_lane_set(&v[c->at.scale + (size_t)k], lane, 1.0 / now->area[m->species[k].phase]);
    }
    for (int g = 0; g < m->n_gas; g++) {
        qn_lane_set(&v[c->at.out + (size_t)g], lane, 0.0);
    }
    qn_lane_set(&v[c->at.inv_RT], lane, 1.0 / (QN_GAS_CONSTANT * x->T));
    qn_lane_set(&v[c->at.share], lane, real ? x->mass / c->volume : 0.0);
}

void qn_coupled_note(struct qn_coupled *c, int group)
{
    qn_vec *v = group_of(c, group);
    qn_lane_sums(&c->net, v + c->at.y, v + c->at.out, v + c->at.want);
}

void qn_coupled_unload(const struct qn_coupled *c, const struct qn_coupled_carrier *x)
{
    for (int i = 0; i < c->n; i++) {
        const qn_vec *v = group_of(c, i / QN_VL);
        for (int k = 0; k < c->net.n; k++) {
            x[i].y[k] = qn_lane(&v[c->at.y + (size_t)k], i % QN_VL);
        }
    }
}

void qn_coupled_given(const struct qn_coupled *c, int k, double *out)
{
    const qn_vec *v = group_of(c, k / QN_VL);
    for (int g = 0; g < c->net.mech->n_gas; g++) {
        out[g] = qn_lane(&v[c->at.out + (size_t)g], k % QN_VL);
    }
}

QN_LANES_INLINE void add(struct parts *p, int sum, int group, qn_vec x)
{
    p->of[sum][group % PARTS] = p->of[sum][group % PARTS] + x;
}

static double in_order(const qn_vec *eight)
{
    const double *p = (const double *)eight;
    return ((p[0] + p[1]) + (p[2] + p[3])) + ((p[4] + p[5]) + (p[6] + p[7]));
}

// the workspace looks at this group's numbers and at a gas [n_gas]
static void look_at(const struct qn_coupled *c, const double *gas, struct qn_lane_rates *w,
                    qn_vec *v)
{
    const int n = c->net.n;
    w->kf = v + c->at.kf;
    w->kr = v + c->at.kr;
    w->scale = v + c->at.scale;
    w->lu = v + c->at.lu;
    w->inverse = v + c->at.inverse;
    w->inv_RT = v[c->at.inv_RT];
    for (int g = 0; g < c->net.mech->n_gas; g++) {
        w->c[n + g] = qn_all(gas[g]);
        w->c_y[n + g] = qn_all(1.0);
    }
}

// W = A^-1 J_kc, and this group's share of the gas's own matrix
QN_LANES_INLINE void reduce_gas(struct qn_coupled *c, struct qn_lane_rates *w, qn_vec *v, int group,
                                struct parts *p)
{
    const struct qn_network *net = &c->net;
    const int n = net->n, ng = net->mech->n_gas;
    qn_vec *W = v + c->at.w, *gas_rows = v + c->at.jac;
    for (int i = 0; i < n * ng; i++) {
        W[i] = qn_all(0.0);
    }
    for (int e = 0; e < net->n_jac; e++) {
        const struct qn_net_entry *x = &net->jac[e];
        if (x->row < n && x->col >= n) {
            W[(x->col - n) * n + x->row] = w->jac[e];
        }
    }
    for (int g = 0; g < ng; g++) {
        qn_lane_solve(net, w->lu, w->inverse, W + g * n);
    }
    for (int e = c->first_gas_row; e < net->n_jac; e++) {
        const struct qn_net_entry *x = &net->jac[e];
        const qn_vec entry = v[c->at.share] * w->jac[e];
        const int at = ng + (x->row - n) * ng;
        gas_rows[e - c->first_gas_row] = w->jac[e];
        if (x->col >= n) {
            add(p, at + x->col - n, group, entry);
        }
        for (int g = 0; g < ng && x->col < n; g++) {
            add(p, at + g, group, entry * W[g * n + x->col]);
        }
    }
}

// the last stage's increment gets the gas's part: x_k = z_k + W x_c
QN_LANES_INLINE void finish_stage(const struct qn_coupled *c, qn_vec *v, int i)
{
    const int n = c->net.n;
    qn_vec *k = v + c->at.k + i * n, *mean = v + c->at.mean;
    const qn_vec *W = v + c->at.w;
    for (int g = 0; g < c->net.mech->n_gas; g++) {
        for (int s = 0; s < n; s++) {
            k[s] = k[s] + c->k[i][g] * W[g * n + s];
        }
    }
    for (int s = 0; s < n; s++) {
        mean[s] = mean[s] + c->weight[i] * k[s];
    }
}

QN_LANES_INLINE void begin_step(struct qn_coupled *c, struct qn_lane_rates *w, qn_vec *v, int group,
                                struct parts *p)
{
    const struct qn_network *net = &c->net;
    qn_vec leak[QN_MAX_SPECIES];
    for (int s = 0; s < net->n; s++) {
        v[c->at.mean + (size_t)s] = leak[s] = qn_all(0.0);
    }
    for (int g = 0; g < net->mech->n_gas; g++) {
        v[c->at.rate + (size_t)g] = qn_all(0.0);
    }
    for (int r = 0; r < net->n_r && c->books; r++) {
        v[c->at.turned + (size_t)r] = qn_all(0.0);
    }
    qn_lane_progress(net, w, v + c->at.y, 1);
    qn_lane_slopes(net, w);
    qn_lane_jacobian(net, w);
    const qn_vec growth =
        qn_lane_factor(net, w, qn_all(1.0 / (c->h * RODAS_GAMMA)), qn_all(1.0), leak);
    reduce_gas(c, w, v, group, p);
    v[c->at.trial] = growth; // looked at when the step ends
}

QN_LANES_INLINE void stage(struct qn_coupled *c, struct qn_lane_rates *w, qn_vec *v, int i,
                           int group, struct parts *p)
{
    const struct qn_network *net = &c->net;
    const int n = net->n;
    qn_vec *k = v + c->at.k + i * n, u[QN_MAX_SPECIES];
    if (i == 0) {
        begin_step(c, w, v, group, p);
    } else {
        finish_stage(c, v, i - 1);
        for (int s = 0; s < n; s++) {
            u[s] = v[c->at.y + (size_t)s];
            for (int j = 0; j < i; j++) {
                u[s] = u[s] + RODAS_A[i][j] * v[c->at.k + (size_t)(j * n + s)];
            }
        }
        qn_lane_progress(net, w, u, 0);
    }
    for (int s = 0; s < n; s++) {
        k[s] = qn_lane_terms(net, &net->made[s], w->q);
        for (int j = 0; j < i; j++) {
            k[s] = k[s] + RODAS_C[i][j] / c->h * v[c->at.k + (size_t)(j * n + s)];
        }
    }
    for (int r = 0; r < net->n_r && c->books; r++) {
        qn_vec *turned = &v[c->at.turned + (size_t)r];
        *turned = *turned + c->weight[i] * w->q[r];
    }
    qn_lane_solve(net, w->lu, w->inverse, k);
    for (int g = 0; g < net->mech->n_gas; g++) {
        const qn_vec made = qn_lane_terms(net, &net->made[n + g], w->q);
        v[c->at.rate + (size_t)g] = v[c->at.rate + (size_t)g] + c->weight[i] * made;
        add(p, g, group, v[c->at.share] * made);
    }
    for (int e = c->first_gas_row; e < net->n_jac; e++) {
        if (net->jac[e].col < n) {
            const qn_vec entry = v[c->at.jac + (size_t)(e - c->first_gas_row)];
            add(p, net->jac[e].row - n, group, v[c->at.share] * (entry * k[net->jac[e].col]));
        }
    }
}

// extents of the step: rates of the stages, and slopes at its start times the mean increments
QN_LANES_INLINE void extents(const struct qn_coupled *c, struct qn_lane_rates *w, qn_vec *v)
{
    const struct qn_network *net = &c->net;
    qn_lane_progress(net, w, v + c->at.y, 1);
    qn_lane_slopes(net, w);
    for (int r = 0; r < net->n_r; r++) {
        qn_vec sum = v[c->at.turned + (size_t)r];
        for (int s = net->slope_at[r]; s < net->slope_at[r + 1]; s++) {
            const int k = net->slope[s].species;
            const qn_vec mean =
                k < net->n ? v[c->at.mean + (size_t)k] : qn_all(c->mean[k - net->n]);
            sum = sum + w->q_y[s] * mean;
        }
        v[c->at.turned + (size_t)r] = c->h * sum;
    }
}

// new state and error of the group, and what it gave to the gas in the step
QN_LANES_INLINE qn_vec finish(struct qn_coupled *c, qn_vec *v, int group, struct parts *p)
{
    const struct qn_network *net = &c->net;
    const int n = net->n;
    const qn_vec *k = v + c->at.k, growth = v[c->at.trial];
    qn_vec norm = qn_all(0.0), bad = qn_all(0.0);
    finish_stage(c, v, RODAS_STAGES - 1);
    for (int s = 0; s < n; s++) {
        const qn_vec atol = v[c->at.atol + (size_t)s], before = v[c->at.y + (size_t)s];
        qn_vec y = before;
        for (int j = 0; j < RODAS_STAGES - 1; j++) {
            y = y + RODAS_A[RODAS_STAGES - 1][j] * k[j * n + s];
        }
        y = y + k[(RODAS_STAGES - 1) * n + s];
        v[c->at.trial + (size_t)s] = y;
        const qn_vec size = qn_larger(qn_size_of(before), qn_size_of(y));
        const qn_vec scaled = k[(RODAS_STAGES - 1) * n + s] / (atol + c->set->rtol * size);
        norm = norm + scaled * scaled;
        bad = QN_GT(-1e-12 * atol, y, qn_all(1e9), bad); // a domain error, beyond round-off
    }
    for (int g = 0; g < net->mech->n_gas; g++) {
        v[c->at.given + (size_t)g] = v[c->at.rate + (size_t)g];
    }
    for (int e = c->first_gas_row; e < net->n_jac; e++) {
        const struct qn_net_entry *x = &net->jac[e];
        qn_vec *given = &v[c->at.given + (size_t)(x->row - n)];
        const qn_vec entry = v[c->at.jac + (size_t)(e - c->first_gas_row)];
        if (x->col < n) {
            *given = *given + entry * v[c->at.mean + (size_t)x->col];
        } else {
            *given = *given + entry * c->mean[x->col - n];
        }
    }
    for (int g = 0; g < net->mech->n_gas; g++) {
        qn_vec *given = &v[c->at.given + (size_t)g];
        *given = *given * c->h;
        add(p, g, group, v[c->at.share] * *given);
    }
    bad = QN_GT(growth, qn_all(1e6), qn_all(1e9), bad);
    return qn_larger(bad, QN_SQRT(norm / (double)n)); // in this order a NaN stays
}

QN_LANES_INLINE void accept(struct qn_coupled *c, qn_vec *v, int group, struct parts *p)
{
    for (int r = 0; r < c->net.n_r && c->books; r++) {
        add(p, r, group, v[c->at.share] * v[c->at.turned + (size_t)r]);
    }
    for (int g = 0; g < c->net.mech->n_gas; g++) {
        v[c->at.out + (size_t)g] = v[c->at.out + (size_t)g] + v[c->at.given + (size_t)g];
    }
    for (int s = 0; s < c->net.n; s++) {
        v[c->at.y + (size_t)s] = qn_larger(v[c->at.trial + (size_t)s], qn_all(0.0));
    }
    qn_lane_project(&c->net, v + c->at.want, v + c->at.out, v + c->at.y);
}

void qn_coupled_block(struct qn_coupled *c, struct qn_lane_rates *work, enum qn_coupled_sweep kind,
                      int i, int block)
{
    struct parts p;
    struct qn_lane_rates w = *work;
    const int ng = c->net.mech->n_gas;
    const int sums = kind == QN_COUPLED_ACCEPT            ? (c->books ? c->net.n_r : 0)
                     : kind == QN_COUPLED_STAGE && i == 0 ? ng + ng * ng
                                                          : ng;
    const int end = (block + 1) * GROUPS < c->groups ? (block + 1) * GROUPS : c->groups;
    double worst = 0.0;
    memset(p.of, 0, (size_t)sums * sizeof *p.of);
    for (int group = block * GROUPS; group < end; group++) {
        qn_vec *v = group_of(c, group);
        if (kind == QN_COUPLED_STAGE) {
            look_at(c, c->c_u, &w, v);
            stage(c, &w, v, i, group, &p);
        } else if (kind == QN_COUPLED_FINISH) {
            const qn_vec error = finish(c, v, group, &p);
            if (c->books) {
                look_at(c, c->c, &w, v);
                extents(c, &w, v);
            }
            for (int lane = 0; lane < QN_VL; lane++) {
                const double e = qn_lane(&error, lane);
                worst = fmax(worst, e <= 1e9 ? e : 1e9); // a NaN is as bad
            }
        } else {
            accept(c, v, group, &p);
        }
    }
    for (int s = 0; s < sums; s++) {
        c->part[(size_t)block * c->sums + (size_t)s] = in_order(p.of[s]);
    }
    c->worst[block] = worst;
}
