/// @file
/// How far a reaction may go in one event before it passes its equilibrium.
#include "chem/blows.h"

#include <math.h>

#include "base/constants.h"

// activity of species k when it has y: p/p_ref, share of the sites, 1 of a pure phase with its tail
static double activity(const struct qn_matter *x, int k, double T, double y)
{
    const struct qn_mechanism *m = x->mech;
    const struct qn_species *s = &m->species[k];
    const double last = 1e-9; // of a solid [mol/kg], as in chem/rates.h
    const double left = fmax(y, 0.0);
    switch (m->phase[s->phase].kind) {
    case QN_PHASE_GAS:
        return left / x->pore * QN_GAS_CONSTANT * T / s->thermo.p_ref;
    case QN_PHASE_SURFACE:
        return left * s->sites / (m->phase[s->phase].site_density * x->area[s->phase]);
    case QN_PHASE_SOLID:
        return left / (left + last);
    default:
        return 1.0;
    }
}

// ln Q after an extent
static double log_quotient(const struct qn_matter *x, const struct qn_equation *eq, double T,
                           const double *y, double extent)
{
    double sum = 0.0;
    for (int i = 0; i < eq->n_net; i++) {
        const int k = eq->net[i].species;
        const double nu = eq->net[i].nu;
        sum += nu * log(fmax(activity(x, k, T, y[k] + nu * extent), 1e-300));
    }
    return sum;
}

double qn_blow_equilibrium(const struct qn_matter *x, const struct qn_equation *eq, double T,
                           const double *y, double want)
{
    double log_K = 0.0;
    if (!(want > 0.0)) {
        return 0.0;
    }
    for (int i = 0; i < eq->n_net; i++) {
        const struct qn_species *s = &x->mech->species[eq->net[i].species];
        log_K -= eq->net[i].nu * qn_thermo_state(&s->thermo, T).g_RT;
    }
    if (log_quotient(x, eq, T, y, want) <= log_K) {
        return want;
    }
    // ln Q rises with the extent: halve until no double lies between
    double low = 0.0, high = want;
    for (int i = 0; i < 60 && log_quotient(x, eq, T, y, low) < log_K; i++) {
        const double middle = 0.5 * (low + high);
        *(log_quotient(x, eq, T, y, middle) <= log_K ? &low : &high) = middle;
    }
    return low;
}
