/// @file
/// Writing chemical time series.
#include "app/chem_series.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "io/text.h"

static int series(struct qn_chem_series *s, const char *name, const char *unit, const char *text)
{
    char path[160];
    snprintf(path, sizeof path, "%s/%s", s->span, name);
    return qn_store_series(s->store, path, 1, unit, text);
}

void qn_chem_series_begin(struct qn_chem_series *s, struct qn_store *store,
                          const struct qn_powder *powder, const char *span, int n_classes,
                          const char *const *names)
{
    const struct qn_mechanism *m = &powder->mechanism;
    char name[96];
    *s = (struct qn_chem_series){.store = store, .powder = powder, .n_classes = n_classes};
    snprintf(s->span, sizeof s->span, "%s", span);
    s->time = series(s, "time", "s", "time of this stage");
    s->pressure = series(s, "pressure", "Pa", "total pressure, ideal gas");
    s->residual = series(s, "element_residual", "1",
                         "largest relative change of an element's total since the start");
    for (int g = 0; g < m->n_gas; g++) {
        snprintf(name, sizeof name, "gas/%s", m->species[m->n_surface + g].name);
        s->gas[g] = series(s, name, "mol", "moles in the headspace");
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

struct qn_merit qn_chem_merit(const struct qn_powder *powder, const double *moles)
{
    const struct qn_mechanism *m = &powder->mechanism;
    double filled = 0.0, products = 0.0, methane = 0.0, left = 0.0, co2 = 0.0;
    for (int g = 0; g < m->n_gas; g++) {
        const char *name = m->species[m->n_surface + g].name;
        const double carbon = carbon_of(m, m->n_surface + g);
        filled += carbon * powder->gas.moles[g];
        if (strcmp(name, "CO2") == 0) {
            co2 = powder->gas.moles[g];
            left = moles[g];
        } else {
            products += carbon * fmax(moles[g] - powder->gas.moles[g], 0.0);
        }
        if (strcmp(name, "CH4") == 0) {
            methane = moles[g] - powder->gas.moles[g];
        }
    }
    return (struct qn_merit){
        .conversion = co2 > 0.0 ? 1.0 - left / co2 : 0.0,
        .yield = filled > 0.0 ? methane / filled : 0.0,
        .selectivity = products > 0.0 ? methane / products : 0.0,
    };
}

void qn_chem_series_add(const struct qn_chem_series *s, double time, const struct qn_gas *gas,
                        const double *y, double residual)
{
    const struct qn_mechanism *m = &s->powder->mechanism;
    double total = 0.0;
    qn_store_append(s->store, s->time, &time);
    for (int g = 0; g < m->n_gas; g++) {
        total += gas->moles[g];
        qn_store_append(s->store, s->gas[g], &gas->moles[g]);
    }
    const double pressure = total * QN_GAS_CONSTANT * gas->T / gas->volume;
    qn_store_append(s->store, s->pressure, &pressure);
    qn_store_append(s->store, s->residual, &residual);
    for (int c = 0; c < s->n_classes; c++) {
        for (int k = 0; k < m->n_surface; k++) {
            const double theta = qn_powder_coverage(s->powder, k, y[c * m->n_surface + k]);
            qn_store_append(s->store, s->coverage[c][k], &theta);
        }
    }
    const struct qn_merit merit = qn_chem_merit(s->powder, gas->moles);
    qn_store_append(s->store, s->conversion, &merit.conversion);
    qn_store_append(s->store, s->yield, &merit.yield);
    qn_store_append(s->store, s->selectivity, &merit.selectivity);
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
        qn_text_add(&equations, "impact: %s\n", m->impact[r].eq.text);
    }
    for (int c = 0; c <= channels; c++) {
        for (int r = 0; r < m->n_reactions; r++) {
            row[r] = c < channels ? reaction[r * channels + c] : 0.0;
        }
        for (int r = 0; r < m->n_impacts; r++) {
            row[m->n_reactions + r] = c < channels ? 0.0 : impact[r];
        }
        snprintf(path, sizeof path, "%s/channels/%s", s->span, c < channels ? names[c] : "impact");
        qn_store_row(s->store, path, row, n, "mol", "net moles of each reaction by this channel");
    }
    snprintf(path, sizeof path, "%s/channels/reactions", s->span);
    qn_store_text(s->store, path, equations.text ? equations.text : "", "reactions, one a line");
    qn_text_free(&equations);
    qn_free(row);
}
