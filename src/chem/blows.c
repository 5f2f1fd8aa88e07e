/// @file
/// The list of mechanical rate types, and one event's reactions with their caps.
#include "chem/blows.h"

#include <math.h>
#include <string.h>

/// Every type: one line each, with the name of its file and of its `struct qn_blow_type`.
#define BLOWS(blow)                                                                                \
    blow(impact_yield) blow(impact_fraction) blow(stress_assisted) blow(flash_thermal)             \
        blow(fresh_surface) blow(coverage_strip) blow(solid_contact) blow(wear) blow(comminution)  \
            blow(annihilation)

#define DECLARE(name) extern const struct qn_blow_type qn_blow_##name;
#define ENTRY(name) &qn_blow_##name,
BLOWS(DECLARE)
// clang-format off
const struct qn_blow_type *const qn_blow_types[] = {BLOWS(ENTRY) NULL};
// clang-format on

const struct qn_blow_type *qn_blow_find(const char *name)
{
    for (int i = 0; qn_blow_types[i]; i++) {
        if (strcmp(qn_blow_types[i]->name, name) == 0) {
            return qn_blow_types[i];
        }
    }
    return NULL;
}

struct qn_shot qn_shot_of(const struct qn_exposure *x, double T0, double gate)
{
    return (struct qn_shot){.pulse = x->pulse,
                            .T0 = T0,
                            .dose = x->dose,
                            .slip = x->slip,
                            .pressure = x->pressure,
                            .shear = x->shear,
                            .gated = x->pulse.dT < gate};
}

double qn_blow_pairs(double a, double b, double k)
{
    // (1 - exp(-k (b - a)))/(b - a), which is k where there is as much of both
    const double phi = b - a > 1e-9 * b ? -expm1(-k * (b - a)) / (b - a) : k;
    return a * b * phi / (1.0 + a * phi);
}

static int is_solid(const struct qn_mechanism *m, int k)
{
    return m->phase[m->species[k].phase].kind == QN_PHASE_SOLID;
}

struct qn_stock qn_blow_stock(const struct qn_mechanism *m, const struct qn_equation *eq,
                              const double *y)
{
    struct qn_stock s = {.scarcest = (double)INFINITY, .n = eq->n_react};
    for (int i = 0; i < eq->n_react; i++) {
        const int k = eq->react[i].species;
        s.reactant[i] = fmax(y[k], 0.0) / eq->react[i].nu;
        s.scarcest = fmin(s.scarcest, s.reactant[i]);
        s.solids += is_solid(m, k) ? fmax(y[k], 0.0) : 0.0;
    }
    for (int i = 0; i < eq->n_prod; i++) {
        const int k = eq->prod[i].species;
        s.solids += is_solid(m, k) ? fmax(y[k], 0.0) : 0.0;
    }
    s.made = fmax(y[eq->prod[0].species], 0.0) / eq->prod[0].nu;
    return s;
}

// how often the scarcest reactant allows the reaction
static double available(const struct qn_equation *eq, const double *y)
{
    double least = (double)INFINITY;
    for (int i = 0; i < eq->n_react; i++) {
        least = fmin(least, fmax(y[eq->react[i].species], 0.0) / eq->react[i].nu);
    }
    return least;
}

// extents from the state before the event, and the energy they would store
static double all_extents(const struct qn_mechanism *m, const struct qn_shot *shot, const double *y,
                          double *extent)
{
    double energy = 0.0;
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        const struct qn_stock s = qn_blow_stock(m, &q->eq, y);
        extent[r] = s.scarcest > 0.0 ? q->type->extent(q->value, &s, shot) : 0.0;
        if (q->remainder_of) { // of one event; the other way comes first in the list
            extent[r] = fmax(extent[r] - extent[q->remainder_of - 1], 0.0);
        }
        energy += extent[r] * q->formation;
    }
    return energy;
}

void qn_blow_apply(const struct qn_matter *x, double stored, const struct qn_shot *shot, double *y,
                   double *extent)
{
    const struct qn_mechanism *m = x->mech;
    // what all together would store, against what there is to store
    const double energy = all_extents(m, shot, y, extent);
    const double budget = stored * shot->dose;
    const double share = energy > budget ? budget / energy : 1.0;
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        const double want = q->formation > 0.0 ? share * extent[r] : extent[r];
        // reactions before this one may have used the same reactant
        extent[r] = fmin(want, available(&q->eq, y));
        if (q->cap == QN_CAP_EQUILIBRIUM) {
            extent[r] = qn_blow_equilibrium(x, &q->eq, shot->T0 + shot->pulse.dT, y, extent[r]);
        }
        for (int i = 0; i < q->eq.n_net; i++) {
            y[q->eq.net[i].species] += q->eq.net[i].nu * extent[r];
        }
    }
}
