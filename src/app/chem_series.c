/// @file
/// Writing chemical time series.
#include "app/chem_series.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "chem/blows.h"
#include "chem/observe.h"
#include "io/text.h"

static int series(struct qn_chem_series *s, const char *name, const char *unit, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", s->span, name);
    return qn_store_series(s->store, path, 1, unit, text);
}

/// Sites a phase hides: then its area is a result.
static int hides(const struct qn_mechanism *m, int phase)
{
    for (int k = 0; k < m->n_sites; k++) {
        if (m->species[k].phase == phase && m->species[k].buried) {
            return 1;
        }
    }
    return 0;
}

/// What a mechanical reaction tells of a class, NAN when it tells nothing.
static double measure_of(const struct qn_mechanism *m, const struct qn_impact *q, const double *y)
{
    double state[QN_MAX_SPECIES] = {0.0}; // no gas in the pores
    memcpy(state, y, (size_t)m->n_surface * sizeof *y);
    const struct qn_stock stock = qn_blow_stock(m, &q->eq, state);
    return q->type->measure ? q->type->measure(q->value, &stock) : (double)NAN;
}

/// Areas that grow and sizes that fall, by class.
static void begin_mechanical(struct qn_chem_series *s, const char *const *names)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    char name[96];
    for (int c = 0; c < s->n_classes; c++) {
        for (int p = 0; p < m->n_phases && m->n_buried; p++) {
            snprintf(name, sizeof name, "area/%s/%s", names[c], m->phase[p].name);
            s->area[c][p] =
                hides(m, p) ? series(s, name, "m2/kg", "area laid bare, mean of the class") : -1;
        }
        for (int r = 0; r < m->n_impacts; r++) {
            const struct qn_blow_type *type = m->impact[r].type;
            const int asked = !isnan(measure_of(m, &m->impact[r], s->powder->y0));
            snprintf(name, sizeof name, "%s/%s/%d", asked ? type->measured : "", names[c], r + 1);
            s->measure[c][r] =
                asked ? series(s, name, type->measure_unit,
                               "mean of the class, by the mechanical reaction of that number")
                      : -1;
        }
    }
}

static void add_mechanical(const struct qn_chem_series *s, const double *y)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    for (int c = 0; c < s->n_classes; c++) {
        struct qn_matter room;
        const double *state = y + c * m->n_surface;
        const struct qn_matter *x = qn_matter_bare(&s->powder->matter, state, &room);
        for (int p = 0; p < m->n_phases && m->n_buried; p++) {
            if (s->area[c][p] >= 0) {
                qn_store_append(s->store, s->area[c][p], &x->area[p]);
            }
        }
        for (int r = 0; r < m->n_impacts; r++) {
            if (s->measure[c][r] >= 0) {
                const double size = measure_of(m, &m->impact[r], state);
                qn_store_append(s->store, s->measure[c][r], &size);
            }
        }
    }
}

static void begin_observed(struct qn_chem_series *s)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    char name[96];
    for (int o = 0; o < m->n_observations; o++) {
        const struct qn_observation *seen = &m->observation[o];
        for (int i = 0; i < qn_observe_count(seen); i++) {
            snprintf(name, sizeof name, "observed/%s/%s", seen->name,
                     m->species[seen->species[i]].name);
            s->observed[o][i] = series(s, name, "1", qn_observation_name(seen->kind));
            snprintf(name, sizeof name, "observed_uncertainty/%s/%s", seen->name,
                     m->species[seen->species[i]].name);
            const int stated = seen->relative > 0.0 || seen->absolute > 0.0 || seen->limit > 0.0;
            s->doubt[o][i] =
                stated ? series(s, name, "1", "standard uncertainty of the instrument alone") : -1;
        }
    }
}

/// What the instruments see: the gas, and the mean of all powder.
static void add_observed(const struct qn_chem_series *s, const struct qn_gas *gas, const double *y)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    double mean[QN_MAX_SPECIES] = {0.0}, mass = 0.0, value[QN_OBSERVED];
    for (int c = 0; c < s->n_classes; c++) {
        mass += s->mass[c];
        for (int k = 0; k < m->n_surface; k++) {
            mean[k] += s->mass[c] * y[c * m->n_surface + k];
        }
    }
    for (int k = 0; k < m->n_surface && mass > 0.0; k++) {
        mean[k] /= mass;
    }
    for (int o = 0; o < m->n_observations; o++) {
        qn_observe(m, &m->observation[o], gas->moles, mean, value);
        for (int i = 0; i < qn_observe_count(&m->observation[o]); i++) {
            qn_store_append(s->store, s->observed[o][i], &value[i]);
            if (s->doubt[o][i] >= 0) {
                const double u = qn_observe_uncertainty(&m->observation[o], value[i]);
                qn_store_append(s->store, s->doubt[o][i], &u);
            }
        }
    }
}

void qn_chem_series_begin(struct qn_chem_series *s, struct qn_store *store,
                          const struct qn_powder *powder, const char *span, int n_classes,
                          const char *const *names)
{
    const struct qn_mechanism *m = &powder->mechanism;
    char name[96];
    *s = (struct qn_chem_series){
        .store = store, .powder = powder, .n_classes = n_classes, .exchanges = powder->exchanges};
    snprintf(s->span, sizeof s->span, "%s", span);
    s->time = series(s, "time", "s", "time of this stage");
    s->pressure = series(s, "pressure", "Pa", "total pressure, ideal gas");
    s->residual = series(s, "element_residual", "1",
                         "largest relative change of an element's total since the start");
    for (int g = 0; g < m->n_gas; g++) {
        snprintf(name, sizeof name, "gas/%s", m->species[m->n_surface + g].name);
        s->gas[g] = series(s, name, "mol", "moles in the headspace");
        if (s->exchanges) {
            snprintf(name, sizeof name, "added/%s", m->species[m->n_surface + g].name);
            s->added[g] = series(s, name, "mol", "came in since the first fill");
            snprintf(name, sizeof name, "removed/%s", m->species[m->n_surface + g].name);
            s->removed[g] = series(s, name, "mol", "went out since the first fill");
        }
    }
    for (int c = 0; c < n_classes; c++) {
        for (int k = 0; k < m->n_surface; k++) {
            const int solid = k >= m->n_sites;
            snprintf(name, sizeof name, "%s/%s/%s", solid ? "solid" : "coverage", names[c],
                     m->species[k].name);
            s->coverage[c][k] = series(s, name, solid ? "mol/kg" : "1",
                                       solid ? "amount a kg of powder, mean of the class"
                                             : "coverage, mean of the class");
        }
    }
    begin_mechanical(s, names);
    begin_observed(s);
    s->conversion = series(s, "merit/conversion_CO2", "1", "CO2 gone from the gas, of the fill");
    s->yield = series(s, "merit/yield_CH4", "1", "CH4 of the carbon filled");
    s->selectivity = series(s, "merit/selectivity_CH4", "1", "CH4 of the carbon in gas products");
}

static double carbon_of(const struct qn_mechanism *m, int species)
{
    for (int e = 0; e < m->n_elements; e++) {
        if (strcmp(m->element[e], "C") == 0) {
            return m->species[species].element[e];
        }
    }
    return 0.0;
}

double qn_chem_made(const struct qn_powder *powder, const struct qn_gas *gas, int g)
{
    return gas->moles[g] + gas->removed[g] - gas->added[g] - powder->gas.moles[g];
}

struct qn_merit qn_chem_merit(const struct qn_powder *powder, const struct qn_gas *gas)
{
    const struct qn_mechanism *m = &powder->mechanism;
    double filled = 0.0, products = 0.0, methane = 0.0, gone = 0.0, co2 = 0.0;
    for (int g = 0; g < m->n_gas; g++) {
        const char *name = m->species[m->n_surface + g].name;
        const double carbon = carbon_of(m, m->n_surface + g);
        const double put_in = powder->gas.moles[g] + gas->added[g];
        const double made = qn_chem_made(powder, gas, g);
        filled += carbon * put_in;
        if (strcmp(name, "CO2") == 0) {
            co2 = put_in;
            gone = -made;
        } else {
            products += carbon * fmax(made, 0.0);
        }
        if (strcmp(name, "CH4") == 0) {
            methane = made;
        }
    }
    return (struct qn_merit){
        .conversion = co2 > 0.0 ? gone / co2 : 0.0,
        .yield = filled > 0.0 ? methane / filled : 0.0,
        .selectivity = products > 0.0 ? methane / products : 0.0,
    };
}

void qn_chem_series_add(const struct qn_chem_series *s, double time, const struct qn_gas *gas,
                        const double *y, double residual)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    qn_store_append(s->store, s->time, &time);
    for (int g = 0; g < m->n_gas; g++) {
        qn_store_append(s->store, s->gas[g], &gas->moles[g]);
        if (s->exchanges) {
            qn_store_append(s->store, s->added[g], &gas->added[g]);
            qn_store_append(s->store, s->removed[g], &gas->removed[g]);
        }
    }
    const double pressure = qn_gas_total_pressure(gas);
    qn_store_append(s->store, s->pressure, &pressure);
    qn_store_append(s->store, s->residual, &residual);
    for (int c = 0; c < s->n_classes; c++) {
        for (int k = 0; k < m->n_surface; k++) {
            const double theta = qn_powder_coverage(s->powder, k, y[c * m->n_surface + k]);
            qn_store_append(s->store, s->coverage[c][k], &theta);
        }
    }
    add_mechanical(s, y);
    add_observed(s, gas, y);
    const struct qn_merit merit = qn_chem_merit(s->powder, gas);
    qn_store_append(s->store, s->conversion, &merit.conversion);
    qn_store_append(s->store, s->yield, &merit.yield);
    qn_store_append(s->store, s->selectivity, &merit.selectivity);
}

/// Moles of the mechanical reactions whose type books in this channel; `impact` is always there.
static void mechanical_channel(const struct qn_chem_series *s, const char *channel,
                               const double *impact, double *row)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    char path[160];
    memset(row, 0, (size_t)(m->n_reactions + m->n_impacts) * sizeof *row);
    for (int r = 0; r < m->n_impacts; r++) {
        const int here = strcmp(m->impact[r].type->channel, channel) == 0;
        row[m->n_reactions + r] = here ? impact[r] : 0.0;
    }
    snprintf(path, sizeof path, "%s/channels/%s", s->span, channel);
    qn_store_row(s->store, path, row, (size_t)(m->n_reactions + m->n_impacts), "mol",
                 "moles of each mechanical reaction by this channel");
}

/// Has an earlier reaction, or `impact`, this one's channel?
static int written(const struct qn_mechanism *m, int r)
{
    const char *channel = m->impact[r].type->channel;
    int found = strcmp(channel, "impact") == 0;
    for (int k = 0; k < r; k++) {
        found |= strcmp(channel, m->impact[k].type->channel) == 0;
    }
    return found;
}

void qn_chem_channels(const struct qn_chem_series *s, const double *reaction, int channels,
                      const char *const *names, const double *impact)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    const size_t n = (size_t)m->n_reactions + (size_t)m->n_impacts;
    struct qn_text equations = {0};
    double *row = qn_alloc(n, sizeof *row);
    char path[160];
    for (int r = 0; r < m->n_reactions; r++) {
        qn_text_add(&equations, "%s\n", m->reaction[r].eq.text);
    }
    for (int r = 0; r < m->n_impacts; r++) {
        qn_text_add(&equations, "%s: %s\n", m->impact[r].type->name, m->impact[r].eq.text);
    }
    for (int c = 0; c < channels; c++) {
        for (int r = 0; r < m->n_reactions; r++) {
            row[r] = reaction[r * channels + c];
        }
        snprintf(path, sizeof path, "%s/channels/%s", s->span, names[c]);
        qn_store_row(s->store, path, row, n, "mol", "net moles of each reaction by this channel");
    }
    mechanical_channel(s, "impact", impact, row);
    for (int r = 0; r < m->n_impacts; r++) {
        if (!written(m, r)) {
            mechanical_channel(s, m->impact[r].type->channel, impact, row);
        }
    }
    snprintf(path, sizeof path, "%s/channels/reactions", s->span);
    qn_store_text(s->store, path, equations.text ? equations.text : "", "reactions, one a line");
    qn_text_free(&equations);
    qn_free(row);
}
