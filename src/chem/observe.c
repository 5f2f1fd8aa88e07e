/// @file
/// What instruments saw.
#include "chem/observe.h"

#include <math.h>

const char *qn_observation_name(enum qn_observation_kind kind)
{
    static const char *const name[] = {[QN_OBSERVE_DRY] = "dry-basis",
                                       [QN_OBSERVE_NORMALISED] = "normalised",
                                       [QN_OBSERVE_MASS] = "mass-fractions"};
    return name[kind];
}

int qn_observe_count(const struct qn_observation *o)
{
    return o->n;
}

void qn_observe_shares(int n, const double *amount, double *share)
{
    double sum = 0.0;
    for (int i = 0; i < n; i++) {
        sum += fmax(amount[i], 0.0);
    }
    for (int i = 0; i < n; i++) {
        share[i] = sum > 0.0 ? fmax(amount[i], 0.0) / sum : (double)NAN;
    }
}

void qn_observe(const struct qn_mechanism *m, const struct qn_observation *o, const double *moles,
                const double *y, double *value)
{
    double amount[QN_OBSERVED] = {0.0};
    for (int i = 0; i < o->n; i++) {
        const int k = o->species[i];
        const double held = k < m->n_surface ? y[k] : moles[k - m->n_surface];
        amount[i] = o->kind == QN_OBSERVE_MASS ? held * m->species[k].weight : held;
    }
    qn_observe_shares(o->n, amount, value);
    for (int i = 0; i < o->n; i++) {
        value[i] = value[i] < o->limit ? 0.0 : value[i];
    }
}

double qn_observe_uncertainty(const struct qn_observation *o, double value)
{
    const double hidden = value < o->limit ? o->limit / sqrt(12.0) : 0.0;
    return hypot(hypot(o->relative * value, o->absolute), hidden);
}
