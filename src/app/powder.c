/// @file
/// Powder and gas of a deck.
#include "app/powder.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "io/text.h"
#include "model/charge.h"

static double per_coverage(const struct qn_powder *p, int species)
{
    const struct qn_species *s = &p->mechanism.species[species];
    return p->mechanism.phase[s->phase].site_density * p->matter.area[s->phase] / s->sites;
}

double qn_powder_coverage(const struct qn_powder *p, int species, double y)
{
    return y / per_coverage(p, species);
}

/// A deck has no words yet for the amount of a solid or the potential of a metal.
static void pure_phases(const struct qn_deck *d, const struct qn_mechanism *m,
                        struct qn_text *faults)
{
    for (int k = 0; k < m->n_phases; k++) {
        if (m->phase[k].kind == QN_PHASE_SOLID || m->phase[k].kind == QN_PHASE_ELECTRONS) {
            qn_text_add(faults, "%s: chemistry.mechanism: pure phase %s of %s cannot be milled\n",
                        d->path, m->phase[k].name, d->chemistry.mechanism);
        }
    }
}

static void areas(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    for (int k = 0; k < d->chemistry.n_areas; k++) {
        const int phase = qn_mechanism_phase(m, d->chemistry.area[k].phase);
        if (phase < 0 || m->phase[phase].kind != QN_PHASE_SURFACE) {
            qn_text_add(faults, "%s: chemistry.area.%s: no surface phase of that name in %s\n",
                        d->path, d->chemistry.area[k].phase, d->chemistry.mechanism);
        } else {
            p->matter.area[phase] = d->chemistry.area[k].area;
        }
    }
    for (int k = 0; k < m->n_phases; k++) {
        if (m->phase[k].kind == QN_PHASE_SURFACE && !(p->matter.area[k] > 0.0)) {
            qn_text_add(faults, "%s: chemistry.area: no area for phase %s of the mechanism\n",
                        d->path, m->phase[k].name);
        }
    }
}

static void gases(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    struct qn_deck_derived derived;
    qn_deck_derive(d, &derived);
    p->gas = (struct qn_gas){
        .n_gas = m->n_gas, .volume = derived.free_volume, .T = d->chemistry.bulk_temperature};
    for (int k = 0; k < d->chemistry.n_fill; k++) {
        const int species = qn_mechanism_species(m, d->chemistry.fill[k].species);
        if (species < m->n_surface) {
            qn_text_add(faults, "%s: gas.pressure.%s: no gas species of that name in %s\n", d->path,
                        d->chemistry.fill[k].species, d->chemistry.mechanism);
            continue;
        }
        p->gas.moles[species - m->n_surface] = qn_gas_moles(
            d->chemistry.fill[k].pressure, derived.free_volume, d->chemistry.fill_temperature);
    }
}

/// Coverages from the deck; a phase the deck says nothing about is covered by its first species.
static void coverages(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    double theta[QN_MAX_SPECIES] = {0.0}, sum[QN_MAX_PHASES] = {0.0};
    for (int k = 0; k < d->chemistry.n_start; k++) {
        const int species = qn_mechanism_species(m, d->chemistry.start[k].species);
        if (species < 0 || species >= m->n_surface) {
            qn_text_add(faults, "%s: chemistry.start.%s: no surface species of that name in %s\n",
                        d->path, d->chemistry.start[k].species, d->chemistry.mechanism);
            continue;
        }
        theta[species] = d->chemistry.start[k].coverage;
        sum[m->species[species].phase] += theta[species];
    }
    for (int k = 0; k < m->n_phases; k++) {
        if (m->phase[k].kind != QN_PHASE_SURFACE) {
            continue;
        }
        if (sum[k] == 0.0) {
            theta[m->phase[k].first] = 1.0;
        } else if (fabs(sum[k] - 1.0) > 1e-9) {
            qn_text_add(faults, "%s: chemistry.start: coverages of phase %s sum to %.9g, not 1\n",
                        d->path, m->phase[k].name, sum[k]);
        }
    }
    for (int k = 0; k < m->n_surface; k++) {
        p->y0[k] = theta[k] * per_coverage(p, k);
    }
}

int qn_powder_reacts(const struct qn_deck *deck)
{
    return deck->powder.material >= 0 && deck->chemistry.mechanism[0] != '\0';
}

enum qn_status qn_powder_init(const struct qn_deck *deck, struct qn_powder *p)
{
    const struct qn_deck_powder *q = &deck->powder;
    struct qn_text faults = {0};
    memset(p, 0, sizeof *p);
    QN_TRY(qn_mechanism_read(deck->chemistry.mechanism, &p->mechanism));
    const double density = deck->material[q->material].density;
    p->matter = (struct qn_matter){
        .mech = &p->mechanism,
        .pore = (1.0 - q->packing) / (q->packing * density),
        .refill = deck->chemistry.pore_diffusivity / (q->layer * q->layer),
        .heat_capacity = deck->material[q->material].heat_capacity,
    };
    pure_phases(deck, &p->mechanism, &faults);
    areas(deck, p, &faults);
    gases(deck, p, &faults);
    if (!faults.text) {
        coverages(deck, p, &faults);
    }
    if (faults.text) {
        faults.text[faults.length - 1] = '\0';
        const enum qn_status status = qn_fail(QN_ERR_INPUT, "%s", faults.text);
        qn_text_free(&faults);
        qn_powder_free(p);
        return status;
    }
    return QN_OK;
}

void qn_powder_free(struct qn_powder *p)
{
    qn_mechanism_free(&p->mechanism);
    memset(p, 0, sizeof *p);
}
