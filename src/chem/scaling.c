/// @file
/// Linear scaling of binding energies.
#include "chem/scaling.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"

int qn_scaling_atom(const struct qn_scaling *s, const char *name)
{
    for (int i = 0; i < s->n; i++) {
        if (strcmp(s->atom[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

double qn_scaling_shift(const struct qn_scaling *s, int species, const double *energy)
{
    double shift = 0.0;
    for (int i = 0; i < s->n; i++) {
        shift += s->bonds[species][i] * (energy[i] - s->reference[i]);
    }
    return shift;
}

void qn_scaling_barriers(double transfer, double dH, double *forward, double *reverse)
{
    const double rise = *forward + transfer * dH;
    const double least = fmax(0.0, *forward + dH - *reverse); // the difference stays that of thermo
    const double barrier = fmax(rise, least);
    *reverse += barrier - *forward - dH;
    *forward = barrier;
}

static int same_side(const struct qn_term *a, int n, const struct qn_term *b, int n_b)
{
    int same = n == n_b;
    for (int i = 0; i < n && same; i++) {
        int found = 0;
        for (int j = 0; j < n_b; j++) {
            found |= a[i].species == b[j].species && a[i].nu == b[j].nu;
        }
        same = found;
    }
    return same;
}

int qn_scaling_opposite(const struct qn_mechanism *m, int reaction)
{
    const struct qn_reaction *q = &m->reaction[reaction];
    for (int r = 0; r < m->n_mass_action && !q->reversible; r++) {
        const struct qn_reaction *p = &m->reaction[r];
        if (r != reaction && !p->reversible && p->phase == q->phase &&
            same_side(q->eq.react, q->eq.n_react, p->eq.prod, p->eq.n_prod) &&
            same_side(q->eq.prod, q->eq.n_prod, p->eq.react, p->eq.n_react)) {
            return r;
        }
    }
    return -1;
}

static void shift_thermo(struct qn_thermo *t, double shift)
{
    t->h0 += shift;
    for (int k = 0; k < 2; k++) { // the constant of enthalpy: over R, or in kJ
        t->a[k][5] += shift / (t->model == QN_THERMO_SHOMATE ? 1e3 : QN_GAS_CONSTANT);
    }
    for (int k = 0; k < QN_THERMO_RANGES; k++) {
        t->nine[k][7] += shift / QN_GAS_CONSTANT;
    }
}

// barrier of the reverse reaction before thermo shifted by dH: it is not listed, so it may not fall
// below zero unsaid; an irreversible reaction without a partner has none
static double unlisted(const struct qn_mechanism *m, const struct qn_reaction *q, double dH)
{
    static const double ROOM = 298.15; // [K]
    double heat = -dH, cp;
    for (int i = 0; i < q->eq.n_net; i++) {
        const struct qn_term *t = &q->eq.net[i];
        heat += t->nu * qn_thermo_enthalpy(&m->species[t->species].thermo, ROOM, &cp);
    }
    return q->reversible ? q->Ea - heat : HUGE_VAL;
}

static void shift_barrier(struct qn_mechanism *m, int r, double dH)
{
    struct qn_reaction *q = &m->reaction[r];
    const int back = qn_scaling_opposite(m, r);
    double alone = unlisted(m, q, dH);
    double *reverse = back >= 0 ? &m->reaction[back].Ea : &alone;
    if (q->blowers_masel || q->sticking || (back >= 0 && back < r && !m->reaction[back].sticking)) {
        return; // by its own law, not at all, or by its partner before
    }
    if (back >= 0 && m->reaction[back].sticking) { // desorption takes all of it
        q->Ea = fmax(q->Ea + dH, 0.0);
        return;
    }
    qn_scaling_barriers(m->scaling.transfer, dH, &q->Ea, reverse);
}

void qn_scaling_apply(struct qn_mechanism *m, const double *energy)
{
    double shift[QN_MAX_SPECIES] = {0.0};
    for (int k = 0; k < m->n_species; k++) {
        shift[k] = qn_scaling_shift(&m->scaling, k, energy);
        shift_thermo(&m->species[k].thermo, shift[k]);
    }
    for (int r = 0; r < m->n_mass_action; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        double dH = 0.0;
        for (int i = 0; i < eq->n_net; i++) {
            dH += eq->net[i].nu * shift[eq->net[i].species];
        }
        if (dH != 0.0) {
            shift_barrier(m, r, dH);
        }
    }
    memcpy(m->scaling.reference, energy, (size_t)m->scaling.n * sizeof *energy);
}
