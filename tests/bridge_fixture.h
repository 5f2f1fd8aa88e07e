// Bridged against direct: the same mill on the accelerated mechanism, each side with its own hits.
// Tolerance 2 sqrt(CV^2/N + se^2): CV^2 of the N carriers' conversions, se of the spectrum's
// sample.
#pragma once

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <petscsys.h>

#include "base/constants.h"
#include "base/rng.h"
#include "bridge/bridged.h"

static void start_petsc(void)
{
    cr_assert(PetscInitializeNoArguments() == 0);
}

// 1 bar CO2 + 4 bar H2 at 25 C
static struct qn_gas fill(const struct qn_mechanism *m, double volume)
{
    struct qn_gas gas = {.n_gas = m->n_gas, .volume = volume, .T = 338.15};
    const double per_bar = 1e5 * gas.volume / (QN_GAS_CONSTANT * 298.15);
    gas.moles[qn_mechanism_species(m, "H2") - m->n_surface] = 4.0 * per_bar;
    gas.moles[qn_mechanism_species(m, "CO2") - m->n_surface] = per_bar;
    return gas;
}

// A list of hits of a mill: dose and rise from an exponential energy, Poisson times, random
// carriers. Lists of different seeds are independent samples of the same mill.
struct mill {
    uint64_t seed;
    int hits;
    double span;    // [s]
    double rise;    // of mean energy [K]
    double dose;    // of mean energy [J/kg]
    double exposed; // [kg]
};

static const double CARRIER = 1e-6; // [kg]

static struct qn_exposure strike(const struct mill *mill, double e, int edge)
{
    struct qn_exposure x = {.pulse = {.kind = edge ? QN_PULSE_LAYER_EDGE : QN_PULSE_LAYER_CORE,
                                      .dT = mill->rise * pow(e, 0.6),
                                      .t_c = 30e-6,
                                      .cool = 2e-3,
                                      .kept = 0.97,
                                      .sink = 0.86,
                                      .t_cut = 14e-3}};
    x.mass = mill->exposed;
    x.dose = mill->dose * e;
    x.energy = x.dose * x.mass;
    return x;
}

static double energy_of(const struct mill *mill, uint64_t k)
{
    return qn_exponential(mill->seed, QN_STREAM_TEST, k, 0, 0);
}

static struct qn_exposure hit(const struct mill *mill, uint64_t k, int carriers)
{
    struct qn_exposure x = strike(mill, energy_of(mill, k), k % 2 == 1);
    x.time = mill->span * qn_uniform(mill->seed, QN_STREAM_REPLAY, k, 0, 0);
    x.carrier = (int32_t)(carriers * qn_uniform(mill->seed, QN_STREAM_REPLAY, k, 0, 1));
    return x;
}

static int earlier(const void *a, const void *b)
{
    const struct qn_exposure *x = a;
    const struct qn_exposure *y = b;
    return (x->time > y->time) - (x->time < y->time);
}

// the carriers of d, settled, through all hits of a mill
static void direct_run(struct qn_direct *d, const struct mill *mill, int syncs)
{
    const size_t count = (size_t)mill->hits;
    struct qn_exposure *list = malloc(count * sizeof *list);
    for (size_t k = 0; k < count; k++) {
        list[k] = hit(mill, k, d->n);
    }
    qsort(list, count, sizeof *list, earlier);
    size_t done = 0;
    for (int s = 0; s < syncs; s++) {
        const double until = mill->span * (s + 1) / syncs;
        size_t n = done;
        while (n < count && list[n].time <= until) {
            n++;
        }
        cr_assert(qn_direct_expose(d, list + done, n - done) == QN_OK, "%s", qn_error_text());
        cr_assert(qn_direct_sync(d, until) == QN_OK, "%s", qn_error_text());
        done = n;
    }
    free(list);
}

static struct qn_spectrum *window(const struct mill *mill, double total_mass)
{
    static struct qn_spectrum s;
    const double Ea = 90e3;
    const struct qn_spectrum_window window = {.begin = 0.0,
                                              .span = mill->span,
                                              .T0 = 338.15,
                                              .n_classes = 1,
                                              .mass = &total_mass,
                                              .n_energies = 1,
                                              .energy = &Ea};
    qn_spectrum_init(&s, &window);
    for (uint64_t k = 0; k < (uint64_t)mill->hits; k++) {
        const struct qn_exposure x = hit(mill, k, 1);
        qn_spectrum_add(&s, 0, &x);
    }
    return &s;
}

// What a hit of energy e and kind converts of the settled powder (impact, then hot spot), as a
// table: the weights by which a sample of hits has its error.
enum { NODES = 150 };
static const double NODE = 0.1; // in energy over its mean
struct weights {
    double at[2][NODES];
};

static void weigh(const struct mill *mill, const struct qn_direct *d, struct weights *w)
{
    const struct qn_mechanism *m = d->matter.mech;
    const struct qn_pulse_settings set = qn_pulse_defaults();
    struct qn_pulse_work work;
    double gas[QN_MAX_SPECIES];
    double y[QN_MAX_SPECIES];
    qn_gas_concentrations(&d->gas, gas);
    qn_pulse_init(&work, m);
    for (int i = 0; i < 2 * NODES; i++) {
        const struct qn_exposure x = strike(mill, NODE * (i / 2 + 1e-3), i % 2);
        const struct qn_shot shot = {.pulse = x.pulse, .T0 = d->T[0], .dose = x.dose};
        memcpy(y, d->y, (size_t)m->n_surface * sizeof *y);
        cr_assert(qn_pulse_apply(&d->matter, &set, &shot, gas, y, &work) == QN_OK);
        w->at[i % 2][i / 2] = work.impact[0] + work.extent[1];
    }
    qn_pulse_free(&work);
}

static double weight_of(const struct weights *w, const struct mill *mill, uint64_t k)
{
    const double at = fmin(energy_of(mill, k) / NODE, NODES - 1.001);
    const int i = (int)at;
    return w->at[k % 2][i] + (at - i) * (w->at[k % 2][i + 1] - w->at[k % 2][i]);
}

// relative variance of the rate that a sample of hits stands for
static double sample_error2(const struct weights *w, const struct mill *mill)
{
    double sum = 0.0;
    double square = 0.0;
    for (uint64_t k = 0; k < (uint64_t)mill->hits; k++) {
        const double x = weight_of(w, mill, k);
        sum += x;
        square += x * x;
    }
    return square / (sum * sum);
}

// CV^2 of what the carriers converted under the hits they got
static double carrier_cv2(const struct weights *w, const struct mill *mill, int carriers)
{
    double *made = calloc((size_t)carriers, sizeof *made);
    double sum = 0.0;
    double square = 0.0;
    for (uint64_t k = 0; k < (uint64_t)mill->hits; k++) {
        made[hit(mill, k, carriers).carrier] += weight_of(w, mill, k);
    }
    for (int i = 0; i < carriers; i++) {
        sum += made[i];
        square += made[i] * made[i];
    }
    free(made);
    return carriers * square / (sum * sum) - 1.0;
}

// one case of bridged against direct
struct duel {
    struct mill seen;   // the bridged side's hits
    struct mill direct; // the direct side's: another list of the same mill
    int carriers, syncs;
    double volume; // of gas [m3]
};

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_gas gas;
    double *mass;
    double y[QN_MAX_SPECIES];
};

static void open_bench(struct bench *b, const struct duel *duel)
{
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/accelerated/mechanism.yaml", &b->m) ==
                  QN_OK,
              "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {50000.0}, .pore = 1.2e-4, .refill = 1e3};
    b->gas = fill(&b->m, duel->volume);
    b->mass = calloc((size_t)duel->carriers, sizeof *b->mass);
    for (int i = 0; i < duel->carriers; i++) {
        b->mass[i] = CARRIER;
    }
    memset(b->y, 0, sizeof b->y);
    b->y[qn_mechanism_species(&b->m, "S(ox)")] = b->m.phase[0].site_density * b->x.area[0];
}

static void settled(const struct bench *b, int carriers, struct qn_direct *d)
{
    const struct qn_start start = {carriers, b->mass, b->y, 0.0, 2, NULL};
    qn_direct_init(d, &b->x, &b->gas, &start);
    cr_assert(qn_direct_settle(d, 1.0) == QN_OK, "%s", qn_error_text());
}

static void begin_bridged(const struct bench *b, const struct duel *duel,
                          const struct qn_direct *cold, struct qn_bridged *out)
{
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.gate = 0.0;
    set.threads = 2;
    const struct qn_spectrum *s = window(&duel->seen, duel->carriers * CARRIER);
    cr_assert(qn_bridged_init(out, &b->x, &cold->gas, s, cold->y, 338.15, &set) == QN_OK, "%s",
              qn_error_text());
}

static inline void fight(const struct duel *duel)
{
    struct bench b;
    struct qn_direct d;
    struct qn_bridged bridged;
    struct weights w;
    open_bench(&b, duel);
    settled(&b, duel->carriers, &d);
    weigh(&duel->direct, &d, &w);
    begin_bridged(&b, duel, &d, &bridged);
    cr_assert(qn_bridged_run(&bridged, duel->direct.span) == QN_OK, "%s", qn_error_text());
    direct_run(&d, &duel->direct, duel->syncs);
    cr_expect(d.books.element_error < 1e-12, "direct: elements %g", d.books.element_error);
    cr_expect(bridged.books.element_error < 1e-12, "bridged: elements %g",
              bridged.books.element_error);
    cr_expect(d.books.pulses == duel->direct.hits);

    // the direct side's own sample of hits is in the spread of its carriers
    const double cv2 = carrier_cv2(&w, &duel->direct, duel->carriers);
    const double se2 = sample_error2(&w, &duel->seen);
    const double tolerance = 2.0 * sqrt(cv2 / duel->carriers + se2);
    const int ch4 = qn_mechanism_species(&b.m, "CH4") - b.m.n_surface;
    const int co2 = qn_mechanism_species(&b.m, "CO2") - b.m.n_surface;
    const double made = d.gas.moles[ch4];
    const double share = made / b.gas.moles[co2];
    cr_expect(share > 0.05 && share < 0.9, "CH4 %g of the carbon: nothing to compare", share);
    const double off = bridged.gas.moles[ch4] / made - 1.0;
    cr_expect(fabs(off) < tolerance,
              "CH4 bridged %g, direct %g (%.3f of C): off %+.4f, tolerance %.4f (CV2 %.4f of %d "
              "carriers, se %.4f)",
              bridged.gas.moles[ch4], made, share, off, tolerance, cv2, duel->carriers, sqrt(se2));
    qn_bridged_free(&bridged);
    qn_direct_free(&d);
    free(b.mass);
    qn_mechanism_free(&b.m);
}
