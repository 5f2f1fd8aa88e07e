/// @file
/// impact-yield: moles per joule of an event's dose above a threshold.
///
///     dN = avail [1 - exp(-G (w - w_th)+/avail)],  w the dose of the event (not a mean, not a
///     rate)
///
/// At least `E-form` of each mole is stored energy.
#include "chem/blows.h"

#include <math.h>

enum { G, THRESHOLD, FORMATION };

static const struct qn_blow_key keys[] = {
    [G] = {"G", "mol/J", 1, 0.0, 0.0, "yield"},
    [THRESHOLD] = {"w-th", "J/kg", 0, 0.0, 0.0, "dose below which nothing happens"},
    [FORMATION] = {"E-form", "J/mol", 1, 0.0, 0.0, "energy a mole stores at least"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    (void)m;
    q->formation = q->value[FORMATION];
    return NULL;
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double over = qn_blow_over(shot->dose, value[THRESHOLD]);
    return -s->scarcest * expm1(-value[G] * over / s->scarcest);
}

const struct qn_blow_type qn_blow_impact_yield = {
    .name = "impact-yield",
    .channel = "impact",
    .fed_by = "dose",
    .key = keys,
    .ready = ready,
    .extent = extent,
};
