/// @file
/// annihilation: defects meet in pairs that the dose stirs, and are gone.
///
///     A + B => ...:  dx/dw = k (a - x)(b - x)      2 A => ...:  da/dw = -2 k a^2, x = (a0 - a)/2
#include "chem/blows.h"

#include <math.h>

static const struct qn_blow_key keys[] = {
    {"k", "kg2/(mol J)", 1, 0.0, 0.0, "encounters of a pair per dose and amount"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    (void)m;
    const struct qn_equation *eq = &q->eq;
    const int one = eq->n_react == 1 && eq->react[0].nu == 2.0;
    const int two = eq->n_react == 2 && eq->react[0].nu == 1.0 && eq->react[1].nu == 1.0;
    return one || two ? NULL : "annihilation is between two: 2 A => or A + B =>";
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double k = value[0] * shot->dose;
    if (s->n == 1) { // s->reactant is half of what there is: x = k a0^2/(1 + 2 k a0)
        const double a = 2.0 * s->reactant[0];
        return k * a * a / (1.0 + 2.0 * k * a);
    }
    const double a = s->reactant[0], b = s->reactant[1];
    return qn_blow_pairs(fmin(a, b), fmax(a, b), k);
}

const struct qn_blow_type qn_blow_annihilation = {
    .name = "annihilation",
    .channel = "impact",
    .fed_by = "dose",
    .key = keys,
    .ready = ready,
    .extent = extent,
};
