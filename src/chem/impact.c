/// @file
/// Impact reactions: what one event's dose does at once, capped by supply and by energy.
#include "impact.h"

#include <math.h>

// how often the scarcest reactant allows the reaction
static double available(const struct qn_equation *eq, const double *y)
{
    double least = (double)INFINITY;
    for (int i = 0; i < eq->n_react; i++) {
        least = fmin(least, fmax(y[eq->react[i].species], 0.0) / eq->react[i].nu);
    }
    return least;
}

double qn_impact_extent(const struct qn_impact *q, double supply, double dose)
{
    if (!(supply > 0.0)) {
        return 0.0;
    }
    if (q->type == QN_IMPACT_STRIP) {
        return -supply * expm1(-q->strip * dose);
    }
    const double over = fmax(dose - q->threshold, 0.0);
    return -supply * expm1(-q->G * over / supply);
}

void qn_impact_apply(const struct qn_mechanism *m, double dose, double stored, double *y,
                     double *extent)
{
    // what all yields together would store, against what there is to store
    double energy = 0.0;
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        extent[r] = qn_impact_extent(q, available(&q->eq, y), dose);
        if (q->remainder_of) { // of one event; the other way comes first in the list
            extent[r] = fmax(extent[r] - extent[q->remainder_of - 1], 0.0);
        }
        energy += q->type == QN_IMPACT_YIELD ? extent[r] * q->formation : 0.0;
    }
    const double budget = stored * dose;
    const double share = energy > budget ? budget / energy : 1.0;
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        const double want = q->type == QN_IMPACT_YIELD ? share * extent[r] : extent[r];
        // reactions before this one may have used the same reactant
        extent[r] = fmin(want, available(&q->eq, y));
        for (int i = 0; i < q->eq.n_net; i++) {
            y[q->eq.net[i].species] += q->eq.net[i].nu * extent[r];
        }
    }
}
