/// @file
/// Global rate laws as reactions of a mechanism.
#include "global.h"

#include <math.h>

#include "base/constants.h"
#include "chem/uptakes.h"

static const double BAR = 1e5;

void qn_global_constants(const struct qn_mechanism *m, const struct qn_standard *state, double T,
                         struct qn_rates *w)
{
    for (int r = m->n_mass_action; r < m->n_reactions; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        double log_K = 0.0, slope = 0.0;
        for (int i = 0; i < eq->n_net; i++) {
            const int k = eq->net[i].species;
            const double nu = eq->net[i].nu;
            const double p_ref = k < m->n_surface ? BAR : m->species[k].thermo.p_ref;
            log_K += nu * (log(p_ref / BAR) - state[k].g_RT);
            slope += nu * state[k].h_RT / T;
        }
        w->forward[r] = w->forward_T[r] = 0.0; // it has no constant
        w->reverse[r] = exp(log_K);
        w->reverse_T[r] = slope;
    }
}

// what a part of a law counts as: a gas its concentration, a pure phase its amount
static double part(const struct qn_global *g, const struct qn_rates *w, int i)
{
    const int k = g->species[i];
    return g->uptake && i != QN_UPTAKE_GAS ? w->amount[k] : w->c[k];
}

// an uptake's rate with part `on` changed by `d`
static double take_up(const struct qn_global *g, const struct qn_rates *w, double dT, int on,
                      double d)
{
    double x[QN_UPTAKE_OTHER + 1] = {0.0};
    const int parts = 2 + (g->uptake->empties || g->uptake->solvent);
    for (int i = 0; i < parts; i++) {
        x[i] = fmax(part(g, w, i) + (i == on ? d : 0.0), 0.0) * g->share[i];
    }
    const struct qn_uptake_state s = {
        .T = w->T + dT,
        .p = x[QN_UPTAKE_GAS] * QN_GAS_CONSTANT * (w->T + dT) / BAR,
        .full = x[QN_UPTAKE_FULL],
        .empty = g->uptake->empties ? x[QN_UPTAKE_OTHER] : 0.0,
        .solvent = g->uptake->solvent ? x[QN_UPTAKE_OTHER] : 0.0,
    };
    return g->uptake->rate(g->value, &s);
}

// rates of one law at T + dT with part `on` changed by dc [mol/(kg s)]
static void evaluate(const struct qn_global *g, const struct qn_rates *w, double dT, int on,
                     double dc, double *rate)
{
    const double T = w->T + dT;
    double p[QN_LAW_SPECIES], K[QN_LAW_REACTIONS];
    if (g->uptake) {
        rate[0] = take_up(g, w, dT, on, dc);
        return;
    }
    for (int i = 0; i < g->law->n_species; i++) {
        const double c = w->c[g->species[i]] + (i == on ? dc : 0.0);
        p[i] = fmax(c, 0.0) * QN_GAS_CONSTANT * T / BAR;
    }
    for (int i = 0; i < g->law->n_reactions; i++) {
        K[i] = w->reverse[g->first + i] * exp(w->reverse_T[g->first + i] * dT);
    }
    g->law->rates(T, p, K, rate);
    for (int i = 0; i < g->law->n_reactions; i++) {
        rate[i] *= g->catalyst;
    }
}

static int n_reactions(const struct qn_global *g)
{
    return g->law ? g->law->n_reactions : 1;
}

void qn_global_progress(const struct qn_mechanism *m, struct qn_rates *w)
{
    for (int n = 0; n < m->n_globals; n++) {
        const struct qn_global *g = &m->global[n];
        double rate[QN_LAW_REACTIONS];
        evaluate(g, w, 0.0, -1, 0.0, rate);
        for (int i = 0; i < n_reactions(g); i++) {
            const int r = g->first + i;
            w->q[r] = rate[i];
            w->bare[2 * r] = fmax(rate[i], 0.0);
            w->bare[2 * r + 1] = fmax(-rate[i], 0.0);
        }
    }
}

void qn_global_derivatives(const struct qn_mechanism *m, struct qn_rates *w)
{
    for (int n = 0; n < m->n_globals; n++) {
        const struct qn_global *g = &m->global[n];
        double up[QN_LAW_REACTIONS] = {0.0}, down[QN_LAW_REACTIONS] = {0.0};
        const int parts = m->reaction[g->first].n_on;
        for (int s = 0; s < parts; s++) {
            // a hundred-thousandth of the gas, or of a millibar where there is hardly any; of a
            // solid the same, or of a hundredth of a mole
            const int solid = g->uptake && s != QN_UPTAKE_GAS;
            const double c = part(g, w, s);
            const double least = solid ? 1e-2 : 100.0 / (QN_GAS_CONSTANT * w->T);
            const double step = 1e-5 * fmax(c, least);
            const double back = fmin(step, fmax(c, 0.0));
            evaluate(g, w, 0.0, s, step, up);
            evaluate(g, w, 0.0, s, -back, down);
            for (int i = 0; i < n_reactions(g); i++) {
                w->q_y[(g->first + i) * QN_RATES_ON + s] =
                    (up[i] - down[i]) / (step + back) * (solid ? 1.0 : w->scale[g->species[s]]);
            }
        }
        const double dT = 1e-3;
        evaluate(g, w, dT, -1, 0.0, up);
        evaluate(g, w, -dT, -1, 0.0, down);
        for (int i = 0; i < n_reactions(g); i++) {
            w->q_T[g->first + i] = (up[i] - down[i]) / (2.0 * dT);
        }
    }
}
