/// @file
/// solid-contact: two solids react where their grains touch; an impact arranges the grains anew.
///
///     dx/dw = k (a - x)(b - x)/N over one event,  a, b: moles of the two solids over their
///     coefficients, N: moles of all solids of the equation, those of the product too
///
/// In powder mixed at random a contact of the scarcer solid meets the other one with the chance
/// b/N, and the product takes up contacts: that is its layer, renewed by the dose as grains are
/// arranged anew. The rate is limited by the interface. How well the powder is mixed is a state of
/// its own: let the unmixed solid become the mixed one by `comminution`, and let this reaction use
/// the mixed one; the mixed share is the mixing index. N is that before the event.
#include "chem/blows.h"

#include <math.h>

enum { RATE, THRESHOLD, FIRST, SECOND };

static const struct qn_blow_key keys[] = {
    [RATE] = {"k", "kg/J", 1, 0.0, 0.0, "share of the contacts of two solids that react per dose"},
    [THRESHOLD] = {"w-th", "J/kg", 0, 0.0, 0.0, "dose below which nothing happens"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    int found = 0;
    for (int i = 0; i < q->eq.n_react && found < 2; i++) {
        if (m->phase[m->species[q->eq.react[i].species].phase].kind == QN_PHASE_SOLID) {
            q->value[FIRST + found++] = i;
        }
    }
    return found == 2 ? NULL : "solid-contact needs two pure solids that react";
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double a = s->reactant[(int)value[FIRST]], b = s->reactant[(int)value[SECOND]];
    const double k = value[RATE] * qn_blow_over(shot->dose, value[THRESHOLD]) / s->solids;
    return fmin(qn_blow_pairs(fmin(a, b), fmax(a, b), k), s->scarcest);
}

const struct qn_blow_type qn_blow_solid_contact = {
    .name = "solid-contact",
    .channel = "impact",
    .fed_by = "dose, mixing",
    .cap = QN_CAP_EQUILIBRIUM,
    .key = keys,
    .ready = ready,
    .extent = extent,
};
