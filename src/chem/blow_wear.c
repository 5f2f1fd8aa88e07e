/// @file
/// wear: fresh metal of the media from the work of sliding (Archard, J. Appl. Phys. 1953, 24, 981).
///
///     volume = K F s/H and W_slip = mu F s, so dN = K rho W_slip/(mu H M)
///
/// One worn surface a contact: app/wear_report.h counts each metal surface by itself, so it has
/// twice this where both are of the metal. W_slip is that of the whole contact, whoever took up its
/// heat. M is the mass of the first reactant in the equation: the metal of the media, which a
/// powder holds as a pure solid of so many moles, or as sites.
#include "chem/blows.h"

#include <math.h>

#include "model/wear.h"

enum { COEFFICIENT, HARDNESS, FRICTION, DENSITY, PER_WORK };

static const struct qn_blow_key keys[] = {
    [COEFFICIENT] = {"K", "1", 1, 0.0, 1.0, "wear coefficient"},
    [HARDNESS] = {"hardness", "Pa", 1, 0.0, 0.0, "of the softer body"},
    [FRICTION] = {"friction", "1", 1, 0.0, 0.0, "coefficient that the sliding had"},
    [DENSITY] = {"density", "kg/m3", 1, 0.0, 0.0, "of the metal"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    const struct qn_term *t = &q->eq.react[0];
    const double mass = t->nu * m->species[t->species].weight;
    if (!(mass > 0.0)) {
        return "the first reactant of wear is the metal and needs a composition";
    }
    const double path = qn_archard_load_path(1.0, q->value[FRICTION]);
    q->value[PER_WORK] = q->value[DENSITY] / mass *
                         qn_archard_volume(q->value[COEFFICIENT], q->value[HARDNESS], path);
    return NULL;
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    return fmin(value[PER_WORK] * shot->slip, s->scarcest);
}

const struct qn_blow_type qn_blow_wear = {
    .name = "wear",
    .channel = "wear",
    .fed_by = "slip energy",
    .key = keys,
    .ready = ready,
    .extent = extent,
};
