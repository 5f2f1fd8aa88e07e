/// @file
/// RODAS4 with extents and exchange as quadratures.
///
/// Quadratures x' = q(t, y) belong to the same system (rodas.h) with a zero column each, so
/// K_x = h g (q + q_y K + sum c_ij K_xj/h + h d_i q_t).
#include "stiff.h"

#include <math.h>
#include <string.h>

#include "exposure/pulse_curve.h"
#include "rodas.h"

int qn_stiff_factor(double *a, int *pivot, int n)
{
    for (int k = 0; k < n; k++) {
        int p = k;
        for (int i = k + 1; i < n; i++) {
            p = fabs(a[i * n + k]) > fabs(a[p * n + k]) ? i : p;
        }
        pivot[k] = p;
        if (a[p * n + k] == 0.0) {
            return 0;
        }
        for (int j = 0; j < n && p != k; j++) {
            const double swap = a[k * n + j];
            a[k * n + j] = a[p * n + j];
            a[p * n + j] = swap;
        }
        for (int i = k + 1; i < n; i++) {
            const double factor = a[i * n + k] / a[k * n + k];
            a[i * n + k] = factor;
            for (int j = k + 1; j < n && factor != 0.0; j++) {
                a[i * n + j] -= factor * a[k * n + j];
            }
        }
    }
    return 1;
}

void qn_stiff_solve(const double *a, const int *pivot, int n, double *b)
{
    for (int k = 0; k < n; k++) {
        const double swap = b[k];
        b[k] = b[pivot[k]];
        b[pivot[k]] = swap;
    }
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < i; j++) {
            b[i] -= a[i * n + j] * b[j];
        }
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int j = i + 1; j < n; j++) {
            b[i] -= a[i * n + j] * b[j];
        }
        b[i] /= a[i * n + i];
    }
}

// where a stage stands in time
struct place {
    double T;
    double pace; ///< dt/ds
    double T_s;  ///< dT/ds
};

static struct place place_at(const struct qn_stretch *p, double s)
{
    struct place at = {.T = p->T0, .pace = 1.0};
    if (p->curve) {
        at.T += qn_pulse_curve_at(p->curve, p->cooling, s, &at.T_s);
        at.pace = 2.0 * s;
    }
    return at;
}

// species in the state; the excess temperature stands behind them
static int species_in(const struct qn_stretch *p, const struct qn_pulse_work *w)
{
    return w->n - p->heats;
}

static double temperature(const struct qn_stretch *p, const struct place *at, const double *u,
                          const struct qn_pulse_work *w)
{
    // an endothermic trial step may overshoot: it is rejected, but needs rates
    return p->heats ? fmax(at->T + u[w->n - 1], 0.5 * p->T0) : at->T;
}

// slope of the excess: heat given off per heat capacity, less what flows out
static double excess_slope(const struct qn_stretch *p, double excess, const struct qn_pulse_work *w)
{
    double sum = 0.0;
    for (int r = 0; r < p->matter->mech->n_reactions; r++) {
        sum += w->rates.heat[r] * w->rates.q[r];
    }
    return sum / p->matter->heat_capacity - p->loss * excess;
}

// rates at state u and what the state and the exchange gain in it, per second
static void slopes(const struct qn_stretch *p, const struct place *at, const double *u,
                   struct qn_pulse_work *w, double *f)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = species_in(p, w);
    const double T = temperature(p, at, u, w);
    qn_rates_constants(p->matter, T, &w->rates);
    qn_rates_progress(p->matter, u, p->gas, &w->rates);
    double all[QN_MAX_SPECIES];
    qn_rates_production(m, w->rates.q, all);
    memcpy(f, all, (size_t)n * sizeof *f);
    for (int k = m->n_surface; k < n; k++) {
        f[k] += p->matter->refill * (w->target[k - m->n_surface] - u[k]);
    }
    if (p->heats) {
        qn_rates_heats(m, T, &w->rates);
        f[n] = excess_slope(p, u[n], w);
    }
}

// row and column of the excess temperature; `by_T` is the slope of the species' gains in T
static void excess_derivatives(const struct qn_stretch *p, const struct place *at,
                               const double *by_T, struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = w->n, h = n - 1;
    const double per = 1.0 / p->matter->heat_capacity;
    double *row = w->jac + h * n;
    double slope = 0.0;
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int s = 0; s < q->n_on; s++) {
            row[q->on[s]] += per * w->rates.heat[r] * w->rates.q_y[r * QN_RATES_ON + s];
        }
        slope += per * (w->rates.heat[r] * w->rates.q_T[r] + w->rates.heat_T[r] * w->rates.q[r]);
    }
    for (int k = 0; k < h; k++) {
        w->jac[k * n + h] = by_T[k];
    }
    row[h] = slope - p->loss;
    w->ft[h] = (p->curve ? 2.0 : 0.0) * w->f[h] + at->pace * slope * at->T_s;
}

// Jacobian of f by y, and the slope of f in s
static void derivatives(const struct qn_stretch *p, const struct place *at, struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = w->n, species = species_in(p, w);
    qn_rates_derivatives(p->matter, &w->rates);
    memset(w->jac, 0, (size_t)(n * n) * sizeof *w->jac);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int i = 0; i < q->eq.n_net; i++) {
            const int row = q->eq.net[i].species;
            for (int s = 0; s < q->n_on && row < species; s++) {
                if (q->on[s] < species) {
                    w->jac[row * n + q->on[s]] +=
                        q->eq.net[i].nu * w->rates.q_y[r * QN_RATES_ON + s];
                }
            }
        }
    }
    for (int k = m->n_surface; k < species; k++) {
        w->jac[k * n + k] -= p->matter->refill;
    }
    double all[QN_MAX_SPECIES];
    qn_rates_production(m, w->rates.q_T, all);
    const double twist = p->curve ? 2.0 : 0.0; // d pace/ds
    for (int k = 0; k < species; k++) {
        w->ft[k] = twist * w->f[k] + at->pace * all[k] * at->T_s;
    }
    if (p->heats) {
        excess_derivatives(p, at, all, w);
    }
    for (int r = 0; r < m->n_reactions; r++) {
        w->dq[r] = twist * w->rates.q[r] + at->pace * w->rates.q_T[r] * at->T_s;
    }
}

static void extent_stage(const struct qn_stretch *p, struct qn_pulse_work *w, int i, double h,
                         double pace, double pace0)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = w->n;
    const int nr = m->n_reactions;
    const double *k = w->k + i * n;
    for (int r = 0; r < nr; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        double sum = pace * w->rates.q[r] + h * RODAS_D[i] * w->dq[r];
        for (int s = 0; s < q->n_on; s++) {
            if (q->on[s] < species_in(p, w)) {
                sum += pace0 * w->rates.q_y[r * QN_RATES_ON + s] * k[q->on[s]];
            }
        }
        if (p->heats) {
            sum += pace0 * w->rates.q_T[r] * k[n - 1];
        }
        for (int j = 0; j < i; j++) {
            sum += RODAS_C[i][j] / h * w->kx[j * nr + r];
        }
        w->kx[i * nr + r] = h * RODAS_GAMMA * sum;
    }
}

static void exchange_stage(const struct qn_stretch *p, struct qn_pulse_work *w, int i, double h,
                           double pace, double pace0)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = w->n;
    const double twist = p->curve ? 2.0 : 0.0;
    for (int g = 0; g < species_in(p, w) - m->n_surface; g++) {
        const int k = m->n_surface + g;
        const double drive = p->matter->refill * (w->u[k] - w->target[g]);
        const double start = p->matter->refill * (w->y[k] - w->target[g]);
        double sum = pace * drive + pace0 * p->matter->refill * w->k[i * n + k] +
                     h * RODAS_D[i] * twist * start;
        for (int j = 0; j < i; j++) {
            sum += RODAS_C[i][j] / h * w->ke[j * m->n_gas + g];
        }
        w->ke[i * m->n_gas + g] = h * RODAS_GAMMA * sum;
    }
}

static void stage(const struct qn_stretch *p, struct qn_pulse_work *w, int i, double s, double h)
{
    const int n = w->n;
    const struct place at = place_at(p, s + RODAS_ALPHA[i] * h);
    const double pace0 = p->curve ? 2.0 * s : 1.0;
    double *k = w->k + i * n;
    for (int v = 0; v < n; v++) {
        w->u[v] = w->y[v];
        for (int j = 0; j < i; j++) {
            w->u[v] += RODAS_A[i][j] * w->k[j * n + v];
        }
    }
    slopes(p, &at, w->u, w, k);
    for (int v = 0; v < n; v++) {
        k[v] = at.pace * k[v] + h * RODAS_D[i] * w->ft[v];
        for (int j = 0; j < i; j++) {
            k[v] += RODAS_C[i][j] / h * w->k[j * n + v];
        }
    }
    qn_stiff_solve(w->lu, w->pivot, n, k);
    extent_stage(p, w, i, h, at.pace, pace0);
    exchange_stage(p, w, i, h, at.pace, pace0);
}

// the last stage's argument plus its increment; `k` has a row of `n` a stage
static double combined(const double *k, int n, int v)
{
    double sum = k[5 * n + v];
    for (int j = 0; j < 5; j++) {
        sum += RODAS_A[5][j] * k[j * n + v];
    }
    return sum;
}

// one trial step of size h from (s, w->y): new state in w->trial, gains in w->dx and w->de;
// returns the scaled error, huge when the matrix is singular
static double try_step(const struct qn_stretch *p, struct qn_pulse_work *w, double s, double h)
{
    const struct qn_mechanism *m = p->matter->mech;
    const int n = w->n;
    const double pace0 = p->curve ? 2.0 * s : 1.0;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            w->lu[i * n + j] = (i == j) / (h * RODAS_GAMMA) - pace0 * w->jac[i * n + j];
        }
    }
    if (!qn_stiff_factor(w->lu, w->pivot, n)) {
        return 1e30;
    }
    for (int i = 0; i < RODAS_STAGES; i++) {
        stage(p, w, i, s, h);
    }

    // the last stage's increment is also the error
    double norm = 0.0;
    for (int v = 0; v < n; v++) {
        w->trial[v] = w->y[v] + combined(w->k, n, v);
        const double size = fmax(fabs(w->y[v]), fabs(w->trial[v]));
        const double scaled = w->k[5 * n + v] / (w->atol[v] + p->set->rtol * size);
        norm += scaled * scaled;
    }
    for (int r = 0; r < m->n_reactions; r++) {
        w->dx[r] = combined(w->kx, m->n_reactions, r);
    }
    for (int g = 0; g < m->n_gas; g++) {
        w->de[g] = species_in(p, w) > m->n_surface ? combined(w->ke, m->n_gas, g) : 0.0;
    }
    return sqrt(norm / n);
}

static int below_zero(const struct qn_stretch *p, const struct qn_pulse_work *w)
{
    for (int v = 0; v < species_in(p, w); v++) {
        if (!(w->trial[v] >= -1e-12 * w->atol[v])) { // a domain error, beyond round-off; NaN too
            return 1;
        }
    }
    return 0;
}

static void accept(const struct qn_stretch *p, struct qn_pulse_work *w, const double *sums)
{
    const struct qn_mechanism *m = p->matter->mech;
    for (int v = 0; v < w->n; v++) {
        w->y[v] = v < species_in(p, w) ? fmax(w->trial[v], 0.0) : w->trial[v];
    }
    if (p->gas) {
        double all[QN_MAX_SPECIES];
        qn_rates_production(m, w->dx, all);
        memcpy(w->de, all + m->n_surface, (size_t)m->n_gas * sizeof *w->de);
    }
    for (int g = 0; g < m->n_gas; g++) {
        w->out[g] += w->de[g];
    }
    for (int r = 0; r < m->n_reactions; r++) {
        w->extent[r] += w->dx[r];
    }
    qn_project(m, p->gas == NULL, sums, w->out, w->y);
}

enum qn_status qn_stiff_run(const struct qn_stretch *p, struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = p->matter->mech;
    const double end = p->curve ? sqrt(p->length) : p->length;
    double sums[QN_MAX_ELEMENTS + QN_MAX_PHASES];
    (void)qn_project_sums(m, p->gas == NULL, w->y, w->out, sums);
    double s = 0.0;
    double h = 1e-3 * end;
    int fresh = 1;
    while (s < end) {
        // near s = 0 a step may be any share of the end: a bare surface fills in nanoseconds
        if (w->steps + w->rejects >= p->set->max_steps || !(s + h > s && h > 1e-30 * end)) {
            return qn_fail(QN_ERR_PHYSICS,
                           "chemistry: %d steps and %d rejects at T %.1f K are not enough for "
                           "%.3g s (step %.3g of %.3g)",
                           w->steps, w->rejects, w->rates.T, p->length, h, end);
        }
        const double left = end - s;
        const int last = h > 0.999 * left;
        h = last ? left : fmin(h, 0.5 * left);
        if (fresh) {
            const struct place at = place_at(p, s);
            slopes(p, &at, w->y, w, w->f);
            derivatives(p, &at, w);
        }
        const double error = try_step(p, w, s, h);
        const double factor = fmin(fmax(0.9 * pow(error, -0.25), 0.2), fresh ? 6.0 : 1.0);
        fresh = error <= 1.0 && !below_zero(p, w);
        if (fresh) {
            accept(p, w, sums);
            s = last ? end : s + h;
            h *= factor;
            w->steps++;
        } else {
            h *= error <= 1.0 || !(error < 1e30) ? 0.25 : fmin(factor, 0.9);
            w->rejects++;
        }
    }
    return QN_OK;
}
