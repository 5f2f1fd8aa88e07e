// Carriers unlike in area, temperature, mass and state under one gas.
#pragma once

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "base/rng.h"
#include "chem/coupled.h"

struct crowd {
    struct qn_mechanism m;
    int n; // of all ranks
    struct qn_matter *matter;
    double *y;
    struct qn_coupled_carrier *carrier;
    struct qn_gas gas;
    struct qn_pulse_settings set;
};

static double crowd_draw(int k, int j)
{
    return qn_uniform(5, QN_STREAM_TEST, (uint64_t)k, (uint64_t)j, 9);
}

// `unlike` 0: all as the first
static void crowd_carrier(struct crowd *c, int i, int unlike)
{
    const struct qn_mechanism *m = &c->m;
    const int as = unlike ? i : 0;
    struct qn_matter *x = &c->matter[i];
    double *y = c->y + (size_t)i * (size_t)m->n_surface;
    double total[QN_MAX_PHASES] = {0.0};
    *x = (struct qn_matter){.mech = m};
    for (int p = 0; p < m->n_phases; p++) {
        x->area[p] = 2000.0 * (1.0 + crowd_draw(as, p));
    }
    for (int k = 0; k < m->n_surface; k++) {
        y[k] = pow(crowd_draw(as, 10 + k), 6.0) + 1e-4;
        total[m->species[k].phase] += y[k];
    }
    for (int k = 0; k < m->n_surface; k++) {
        y[k] *= qn_matter_room(x, k) / total[m->species[k].phase] / m->species[k].sites;
    }
    c->carrier[i] = (struct qn_coupled_carrier){x, 550.0 + 100.0 * crowd_draw(as, 70),
                                                1e-6 * (0.5 + crowd_draw(as, 71)), y};
}

/// As much gas as the carriers have sites, twice.
static void crowd_make(struct crowd *c, const char *path, int n, int unlike)
{
    *c = (struct crowd){.n = n, .set = qn_pulse_defaults()};
    if (qn_mechanism_read(path, &c->m) != QN_OK) {
        fprintf(stderr, "%s\n", qn_error_text());
        abort();
    }
    const struct qn_mechanism *m = &c->m;
    c->matter = qn_alloc((size_t)n, sizeof *c->matter);
    c->y = qn_alloc((size_t)(n * m->n_surface), sizeof *c->y);
    c->carrier = qn_alloc((size_t)n, sizeof *c->carrier);
    double sites = 0.0;
    for (int i = 0; i < n; i++) {
        crowd_carrier(c, i, unlike);
        sites += c->carrier[i].mass * qn_matter_room(&c->matter[i], 0);
    }
    c->gas = (struct qn_gas){.n_gas = m->n_gas, .T = 600.0};
    for (int g = 0; g < m->n_gas; g++) {
        c->gas.moles[g] = 2.0 * sites * crowd_draw(g, 90) / (1.0 + g);
        c->gas.volume += c->gas.moles[g] * QN_GAS_CONSTANT * 600.0 / 2e5;
    }
}

static void crowd_free(struct crowd *c)
{
    qn_free(c->matter);
    qn_free(c->y);
    qn_free(c->carrier);
    qn_mechanism_free(&c->m);
}
