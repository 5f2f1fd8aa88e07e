/// @file
/// fresh-surface: buried sites laid bare by dose, until none is left.
///
///     dA = yield (w - w_th)+ of area, dN = avail [1 - exp(-Gamma dA/(sites avail))]
///
/// The reactant is a species marked `buried`: sites inside the grains, which no gas and no coverage
/// sees; the area of the surface is that of its other sites. So the largest area is the deck's, and
/// area, sites and elements are kept by the same sums as everything else. Ageing of what is laid
/// bare (adsorption, healing) is ordinary reactions of the product. `energy` is stored per area.
#include "chem/blows.h"

#include <math.h>

enum { YIELD, THRESHOLD, ENERGY, PER_AREA };

static const struct qn_blow_key keys[] = {
    [YIELD] = {"yield", "m2/J", 1, 0.0, 0.0, "area per dose"},
    [THRESHOLD] = {"w-th", "J/kg", 0, 0.0, 0.0, "dose below which nothing happens"},
    [ENERGY] = {"energy", "J/m2", 0, 0.0, 0.0, "energy an area stores"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    const struct qn_term *t = &q->eq.react[0];
    const struct qn_species *s = &m->species[t->species];
    if (!s->buried) {
        return "the first reactant of fresh-surface is a species that is buried";
    }
    // moles of the reaction in an area
    q->value[PER_AREA] = m->phase[s->phase].site_density / (s->sites * t->nu);
    q->formation = q->value[ENERGY] / q->value[PER_AREA];
    return NULL;
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double area = value[YIELD] * qn_blow_over(shot->dose, value[THRESHOLD]);
    return -s->scarcest * expm1(-value[PER_AREA] * area / s->scarcest);
}

const struct qn_blow_type qn_blow_fresh_surface = {
    .name = "fresh-surface",
    .channel = "fresh_surface",
    .fed_by = "dose",
    .key = keys,
    .ready = ready,
    .extent = extent,
};
