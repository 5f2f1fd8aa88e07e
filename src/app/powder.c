/// @file
/// Powder and gas of a deck.
#include "app/powder.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "chem/coupled.h"
#include "io/text.h"
#include "io/yaml.h"
#include "model/charge.h"

// [mol/kg] of a surface species at coverage 1; a pure solid is counted in moles as it is
static double per_coverage(const struct qn_powder *p, int species)
{
    const struct qn_species *s = &p->mechanism.species[species];
    if (species >= p->mechanism.n_sites) {
        return 1.0;
    }
    return p->mechanism.phase[s->phase].site_density * p->matter.area[s->phase] / s->sites;
}

double qn_powder_coverage(const struct qn_powder *p, int species, double y)
{
    return y / per_coverage(p, species);
}

/// A fault at a key of the deck: file, line and column where the file has it, else file and key.
/// A whole section (no name) has its place only where it holds as many keys as the deck: else an
/// option replaced it.
static void fault(const struct qn_deck *d, struct qn_text *faults, const char *section,
                  const char *name, const char *what)
{
    struct qn_yaml_doc doc = {0};
    char place[QN_PLACE_TEXT], key[160];
    snprintf(place, sizeof place, "%s", d->path);
    snprintf(key, sizeof key, "%s%s%s", section, *name ? "." : "", name);
    if (qn_yaml_read(d->path, &doc) == QN_OK) {
        struct qn_yaml *map = qn_yaml_at(doc.root, section);
        struct qn_yaml *node = map && *name ? qn_yaml_get(map, name) : map;
        const int count = strstr(section, ".start") ? d->chemistry.n_start : d->chemistry.n_areas;
        const int replaced = !*name && node && node->count > 0 && node->count != count;
        if (node && !replaced) {
            (void)qn_yaml_place(node, 0, place);
        }
        qn_yaml_free(&doc);
    }
    qn_text_add(faults, "%s: %s: %s %s\n", place, key, what, d->chemistry.mechanism);
}

/// A deck has no words yet for the potential of a metal.
static void metals(const struct qn_deck *d, const struct qn_mechanism *m, struct qn_text *faults)
{
    for (int k = 0; k < m->n_phases; k++) {
        if (m->phase[k].kind == QN_PHASE_ELECTRONS) {
            fault(d, faults, "chemistry.mechanism", "", "a metal's electrons cannot be milled:");
        }
    }
}

static void solids(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    for (int k = 0; k < d->chemistry.n_solids; k++) {
        const int species = qn_mechanism_species(m, d->chemistry.solid[k].species);
        if (species < m->n_sites || species >= m->n_surface) {
            fault(d, faults, "chemistry.solid", d->chemistry.solid[k].species,
                  "no pure solid of that name in");
        } else {
            p->y0[species] = d->chemistry.solid[k].amount;
        }
    }
}

static void areas(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    for (int k = 0; k < d->chemistry.n_areas; k++) {
        const int phase = qn_mechanism_phase(m, d->chemistry.area[k].phase);
        if (phase < 0 || m->phase[phase].kind != QN_PHASE_SURFACE) {
            fault(d, faults, "chemistry.area", d->chemistry.area[k].phase,
                  "no surface phase of that name in");
        } else {
            p->matter.area[phase] = d->chemistry.area[k].area;
        }
    }
    for (int k = 0; k < m->n_phases; k++) {
        if (m->phase[k].kind == QN_PHASE_SURFACE && !(p->matter.area[k] > 0.0)) {
            char what[80];
            snprintf(what, sizeof what, "no area for phase %s of", m->phase[k].name);
            fault(d, faults, "chemistry.area", "", what);
        }
    }
}

double qn_powder_per_pascal(const struct qn_deck *d)
{
    struct qn_deck_derived derived;
    qn_deck_derive(d, &derived);
    return qn_gas_moles(1.0, derived.free_volume, d->chemistry.fill_temperature) +
           qn_gas_moles(1.0, d->chemistry.dead_volume, d->chemistry.dead_temperature);
}

static void gases(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    struct qn_deck_derived derived;
    qn_deck_derive(d, &derived);
    const double T = d->chemistry.bulk_temperature;
    // at one pressure the dead volume holds as much as its volume at the vial's temperature would
    const double dead = d->chemistry.dead_volume * T / d->chemistry.dead_temperature;
    p->gas = (struct qn_gas){.n_gas = m->n_gas, .volume = derived.free_volume + dead, .T = T};
    for (int k = 0; k < d->chemistry.n_fill; k++) {
        const int species = qn_mechanism_species(m, d->chemistry.fill[k].species);
        if (species < m->n_surface) {
            fault(d, faults, "gas.pressure", d->chemistry.fill[k].species,
                  "no gas species of that name in");
            continue;
        }
        p->gas.moles[species - m->n_surface] =
            d->chemistry.fill[k].pressure * qn_powder_per_pascal(d);
    }
}

/// Gases of the stages must be there.
static void stage_gases(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    for (int k = 0; k < d->run.n_stages; k++) {
        const struct qn_deck_stage *s = &d->run.stage[k];
        p->exchanges |= s->flow > 0.0 || (s->act != QN_ACT_MILL && s->act != QN_ACT_HOLD);
        for (int i = 0; i < s->feed.n; i++) {
            if (qn_mechanism_species(&p->mechanism, s->feed.name[i]) < p->mechanism.n_surface) {
                fault(d, faults, "run.stages", "", "a gas that is not in");
                qn_text_add(faults, "  (stage %d, %s)\n", k + 1, s->feed.name[i]);
            }
        }
    }
}

/// Coverages from the deck; a phase the deck says nothing about is covered by its first species.
static void coverages(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const struct qn_mechanism *m = &p->mechanism;
    double theta[QN_MAX_SPECIES] = {0.0}, sum[QN_MAX_PHASES] = {0.0};
    for (int k = 0; k < d->chemistry.n_start; k++) {
        const int species = qn_mechanism_species(m, d->chemistry.start[k].species);
        if (species < 0 || species >= m->n_sites) {
            fault(d, faults, "chemistry.start", d->chemistry.start[k].species,
                  "no surface species of that name in");
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
            char what[128];
            snprintf(what, sizeof what, "coverages sum to %.9g, not 1, on phase %s of", sum[k],
                     m->phase[k].name);
            fault(d, faults, "chemistry.start", "", what);
        }
    }
    for (int k = 0; k < m->n_sites; k++) {
        p->y0[k] = theta[k] * per_coverage(p, k);
    }
}

/// A coupled gas must be asked of a mechanism that it can carry.
static void replay(const struct qn_deck *d, const struct qn_mechanism *m, struct qn_text *faults)
{
    if (d->run.replay_gas == QN_REPLAY_COUPLED && !qn_coupled_fits(m)) {
        fault(d, faults, "run", "replay_gas",
              "coupled takes no global laws, broken orders, factors theta^m or more than 16 gases, "
              "so not");
    }
}

static void variants(const struct qn_deck *d, struct qn_powder *p, struct qn_text *faults)
{
    const char *atom = qn_variant_bind(&p->mechanism, &d->chemistry.binding);
    const char *reaction = qn_variant_scale(&p->mechanism, &d->chemistry.scale);
    if (atom) {
        fault(d, faults, "chemistry.binding", atom, "no atom of that name in linear-scaling of");
    }
    if (reaction) {
        fault(d, faults, "chemistry.scale", reaction,
              "no reaction with constants of that number in");
    }
}

int qn_powder_reacts(const struct qn_deck *deck)
{
    return deck->powder.material >= 0 && deck->chemistry.mechanism[0] != '\0';
}

double qn_powder_refill(const struct qn_deck *deck)
{
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    const double layer = qn_deck_mean_layer(deck, derived.ball_area, derived.vial_area);
    return deck->chemistry.pore_diffusivity / (layer * layer);
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
        .refill = qn_powder_refill(deck),
        .heat_capacity = deck->material[q->material].heat_capacity,
    };
    variants(deck, p, &faults);
    metals(deck, &p->mechanism, &faults);
    solids(deck, p, &faults);
    areas(deck, p, &faults);
    gases(deck, p, &faults);
    stage_gases(deck, p, &faults);
    replay(deck, &p->mechanism, &faults);
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
