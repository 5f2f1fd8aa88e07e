/// @file
/// Logarithms of rate constants as sums over nine functions of T.
///
/// g/RT of every thermo model (chem/thermo.h) is such a sum, piece by piece in T, so ln k of a
/// reverse constant is one too; integrals of cp are taken as in thermo.c.
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "network_build.h"

enum { ONE, PER_T, LN_T, T_1, T_2, T_3, T_4, PER_T2, LN_T_PER_T };

static void gibbs_nasa9(const double *a, double *c)
{
    c[ONE] = a[2] - a[8];
    c[PER_T] = a[7] + a[1];
    c[LN_T] = -a[2];
    c[T_1] = -a[3] / 2;
    c[T_2] = -a[4] / 6;
    c[T_3] = -a[5] / 12;
    c[T_4] = -a[6] / 20;
    c[PER_T2] = -a[0] / 2;
    c[LN_T_PER_T] = a[1];
}

static void gibbs_nasa7(const double *a, double *c)
{
    const double nine[9] = {0.0, 0.0, a[0], a[1], a[2], a[3], a[4], a[5], a[6]};
    gibbs_nasa9(nine, c);
}

static void gibbs_shomate(const double *a, double *c)
{
    const double R = QN_GAS_CONSTANT;
    c[ONE] = (a[0] - a[6] + a[0] * log(1000.0)) / R;
    c[PER_T] = 1e3 * a[5] / R;
    c[LN_T] = -a[0] / R;
    c[T_1] = -1e-3 * a[1] / 2 / R;
    c[T_2] = -1e-6 * a[2] / 6 / R;
    c[T_3] = -1e-9 * a[3] / 12 / R;
    c[T_4] = 0.0;
    c[PER_T2] = -1e6 * a[4] / 2 / R;
    c[LN_T_PER_T] = 0.0;
}

// g/RT of a species on the piece of T that begins at `above`
static void gibbs(const struct qn_thermo *t, double above, double *c)
{
    const double R = QN_GAS_CONSTANT;
    int range = 0;
    memset(c, 0, QN_NET_BASIS * sizeof *c);
    switch (t->model) {
    case QN_THERMO_NASA7:
        gibbs_nasa7(t->a[above >= t->T_mid], c);
        break;
    case QN_THERMO_SHOMATE:
        gibbs_shomate(t->a[above >= t->T_mid], c);
        break;
    case QN_THERMO_NASA9:
        while (range + 1 < t->ranges && above >= t->T_low[range + 1]) {
            range++;
        }
        gibbs_nasa9(t->nine[range], c);
        break;
    case QN_THERMO_CONSTANT_CP:
        c[ONE] = (t->cp0 - t->s0 + t->cp0 * log(t->T0)) / R;
        c[PER_T] = (t->h0 - t->cp0 * t->T0) / R;
        c[LN_T] = -t->cp0 / R;
        break;
    case QN_THERMO_NONE:
        break;
    }
}

static void add_edge(struct qn_net_constant *k, double T)
{
    int at = 0;
    while (at < k->ranges && k->above[at] < T) {
        at++;
    }
    if (at < k->ranges && k->above[at] == T) {
        return;
    }
    QN_ASSERT(k->ranges < QN_NET_RANGES);
    memmove(k->above + at + 1, k->above + at, (size_t)(k->ranges - at) * sizeof *k->above);
    k->above[at] = T;
    k->ranges++;
}

// where the thermo of a reaction's species changes its polynomial
static void edges(const struct qn_mechanism *m, const struct qn_equation *eq,
                  struct qn_net_constant *k)
{
    k->ranges = 0;
    add_edge(k, 0.0);
    for (int i = 0; i < eq->n_net; i++) {
        const struct qn_thermo *t = &m->species[eq->net[i].species].thermo;
        if (t->model == QN_THERMO_NASA7 || t->model == QN_THERMO_SHOMATE) {
            add_edge(k, t->T_mid);
        }
        for (int r = 1; t->model == QN_THERMO_NASA9 && r < t->ranges; r++) {
            add_edge(k, t->T_low[r]);
        }
    }
}

// ln of the reverse constant: forward, plus dg/RT and standard concentrations
static void reverse_constant(const struct qn_mechanism *m, const struct qn_reaction *q,
                             const double *forward, struct qn_net_constant *k)
{
    edges(m, &q->eq, k);
    k->terms = QN_NET_BASIS;
    for (int r = 0; r < k->ranges; r++) {
        double *c = k->c[r];
        memcpy(c, forward, QN_NET_BASIS * sizeof *c);
        for (int i = 0; i < q->eq.n_net; i++) {
            const struct qn_species *s = &m->species[q->eq.net[i].species];
            const double nu = q->eq.net[i].nu;
            double g[QN_NET_BASIS];
            gibbs(&s->thermo, k->above[r], g);
            for (int b = 0; b < QN_NET_BASIS; b++) {
                c[b] += nu * g[b];
            }
            if (q->eq.net[i].species >= m->n_surface) {
                c[ONE] -= nu * log(s->thermo.p_ref / QN_GAS_CONSTANT);
                c[LN_T] += nu;
            } else if (q->eq.net[i].species < m->n_sites) {
                c[ONE] -= nu * log(m->phase[s->phase].site_density / s->sites);
            }
        }
    }
}

void qn_network_constants(struct qn_network *w)
{
    const struct qn_mechanism *m = w->mech;
    const size_t r = (size_t)w->n_r;
    w->log_k = qn_alloc(2 * r, sizeof *w->log_k);
    w->sticks = qn_alloc(r, sizeof(double));
    w->flux = qn_alloc(r, sizeof(double));
    for (int i = 0; i < w->n_r; i++) {
        const struct qn_reaction *q = &m->reaction[i];
        struct qn_net_constant *f = &w->log_k[2 * i];
        f->ranges = 1;
        f->terms = 3;
        f->c[0][ONE] = log(q->A);
        f->c[0][PER_T] = -q->Ea / QN_GAS_CONSTANT;
        f->c[0][LN_T] = q->b;
        if (q->sticking) {
            w->flux[i] = sqrt(QN_GAS_CONSTANT / (2.0 * QN_PI * m->species[q->stick].weight)) /
                         q->stick_sites;
            f->c[0][ONE] += log(w->flux[i]);
            f->c[0][LN_T] += 0.5;
            w->sticks[i] = q->motz_wise;
        }
        if (q->reversible) {
            reverse_constant(m, q, f->c[0], &w->log_k[2 * i + 1]);
        }
    }
}
