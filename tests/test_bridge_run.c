// Bridged against direct on the accelerated mechanism, conservation over hours, and packing.
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

static struct qn_gas fill(const struct qn_mechanism *m, double volume)
{
    struct qn_gas gas = {.n_gas = m->n_gas, .volume = volume, .T = 338.15};
    const double per_bar = 1e5 * gas.volume / (QN_GAS_CONSTANT * 298.15);
    gas.moles[qn_mechanism_species(m, "H2") - m->n_surface] = 4.0 * per_bar;
    gas.moles[qn_mechanism_species(m, "CO2") - m->n_surface] = per_bar;
    return gas;
}

// hit k of a mill: dose and rise from an exponential energy
static struct qn_exposure hit(uint64_t k, double mass)
{
    const double e = qn_exponential(7, QN_STREAM_TEST, k, 0, 0);
    struct qn_exposure x = {.pulse = {.kind = k % 2 ? QN_PULSE_LAYER_EDGE : QN_PULSE_LAYER_CORE,
                                      .dT = 200.0 * pow(e, 0.6),
                                      .t_c = 30e-6,
                                      .cool = 2e-3,
                                      .kept = 0.97,
                                      .sink = 0.86,
                                      .t_cut = 14e-3}};
    x.mass = mass;
    x.energy = 3e4 * e * mass;
    x.dose = 3e4 * e;
    return x;
}

enum { CARRIERS = 200, HITS = 6000 };
static const double CARRIER = 1e-6; // [kg]
static const double SPAN = 20.0;    // [s]
static const double EXPOSED = 0.04e-6;

// Poisson times: HITS hits, uniform over the span, on random carriers
static void direct_run(const struct qn_matter *x, const struct qn_gas *gas, const double *y,
                       struct qn_direct *d)
{
    enum { SYNCS = 400 };
    static struct qn_exposure list[HITS];
    double mass[CARRIERS];
    for (int i = 0; i < CARRIERS; i++) {
        mass[i] = CARRIER;
    }
    const struct qn_start start_of_d = {CARRIERS, mass, y, 0.0, 2};
    qn_direct_init(d, x, gas, &start_of_d);
    cr_assert(qn_direct_settle(d, 1.0) == QN_OK, "%s", qn_error_text());
    for (int s = 0; s < SYNCS; s++) {
        size_t n = 0;
        for (uint64_t k = 0; k < HITS; k++) {
            const double t = SPAN * qn_uniform(3, QN_STREAM_REPLAY, k, 0, 0);
            if ((int)(t / SPAN * SYNCS) == s) {
                list[n] = hit(k, EXPOSED);
                list[n].time = t;
                list[n++].carrier = (int32_t)(CARRIERS * qn_uniform(3, QN_STREAM_REPLAY, k, 0, 1));
            }
        }
        cr_assert(qn_direct_expose(d, list, n) == QN_OK, "%s", qn_error_text());
        cr_assert(qn_direct_sync(d, SPAN * (s + 1) / SYNCS) == QN_OK, "%s", qn_error_text());
    }
}

static struct qn_spectrum *window(double total_mass)
{
    static struct qn_spectrum s;
    const double Ea = 90e3;
    const struct qn_spectrum_window window = {.begin = 0.0,
                                              .span = SPAN,
                                              .T0 = 338.15,
                                              .n_classes = 1,
                                              .mass = &total_mass,
                                              .n_energies = 1,
                                              .energy = &Ea};
    qn_spectrum_init(&s, &window);
    for (uint64_t k = 0; k < HITS; k++) {
        struct qn_exposure x = hit(k, EXPOSED);
        x.time = SPAN * qn_uniform(3, QN_STREAM_REPLAY, k, 0, 0);
        qn_spectrum_add(&s, 0, &x);
    }
    return &s;
}

Test(bridge_run, bridged_equals_direct_on_the_accelerated_mechanism)
{
    start_petsc();
    struct qn_mechanism m;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/accelerated/mechanism.yaml", &m) == QN_OK,
              "%s", qn_error_text());
    const struct qn_matter x = {.mech = &m, .area = {50000.0}, .pore = 1.2e-4, .refill = 1e3};
    const struct qn_gas gas = fill(&m, 10e-6);
    const int ch4 = qn_mechanism_species(&m, "CH4") - m.n_surface;
    const int co2 = qn_mechanism_species(&m, "CO2") - m.n_surface;
    double y[QN_MAX_SPECIES] = {0};
    y[qn_mechanism_species(&m, "S(ox)")] = m.phase[0].site_density * x.area[0];

    struct qn_direct d;
    direct_run(&x, &gas, y, &d);
    cr_expect(d.books.element_error < 1e-12, "direct: elements %g", d.books.element_error);

    struct qn_direct cold; // the same settled start
    const struct qn_start start_of_cold = {CARRIERS, d.mass, y, 0.0, 1};
    qn_direct_init(&cold, &x, &gas, &start_of_cold);
    cr_assert(qn_direct_settle(&cold, 1.0) == QN_OK);
    struct qn_bridged b;
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.gate = 0.0;
    cr_assert(qn_bridged_init(&b, &x, &cold.gas, window(CARRIERS * CARRIER), cold.y, 338.15,
                              &set) == QN_OK,
              "%s", qn_error_text());
    cr_assert(qn_bridged_run(&b, SPAN) == QN_OK, "%s", qn_error_text());
    cr_expect(b.books.element_error < 1e-12, "bridged: elements %g", b.books.element_error);

    // remaining carbon dioxide, on the surface and in the gas; first order in the activation, so
    // CV^2 of a carrier is exp(hits phi^2) - 1 and its mean over N carriers CV/sqrt(N)
    const double phi = EXPOSED / CARRIER;
    const double cv2 = expm1((double)HITS / CARRIERS * phi * phi);
    const double tolerance = 2.0 * sqrt(cv2 / CARRIERS + 1.0 / HITS);
    const double made = d.gas.moles[ch4];
    cr_expect(made > 0.05 * gas.moles[co2], "little happened: %g mol of %g", made, gas.moles[co2]);
    cr_expect(fabs(b.gas.moles[ch4] / made - 1.0) < tolerance,
              "CH4 bridged %g, direct %g, tolerance %g", b.gas.moles[ch4], made, tolerance);
    // a run that is packed and taken up again ends in the same bits
    struct qn_bridged again;
    double *flat = NULL;
    cr_assert(qn_bridged_run(&b, 1.5 * SPAN) == QN_OK);
    cr_assert(qn_bridged_init(&again, &x, &cold.gas, window(CARRIERS * CARRIER), cold.y, 338.15,
                              &set) == QN_OK);
    flat = malloc(qn_bridged_packed(&b) * sizeof *flat);
    qn_bridged_pack(&b, flat);
    qn_bridged_unpack(&again, flat);
    cr_assert(qn_bridged_run(&b, 2.0 * SPAN) == QN_OK);
    cr_assert(qn_bridged_run(&again, 2.0 * SPAN) == QN_OK);
    cr_expect(memcmp(b.y, again.y, (size_t)m.n_surface * sizeof *b.y) == 0);
    cr_expect(memcmp(b.gas.moles, again.gas.moles, (size_t)m.n_gas * sizeof(double)) == 0);
    free(flat);
    qn_bridged_free(&again);
    qn_bridged_free(&b);
    qn_direct_free(&cold);
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

Test(bridge_run, spectrum_survives_packing_and_refuses_strangers)
{
    const struct qn_spectrum *s = window(1e-3);
    const size_t n = qn_spectrum_packed(s);
    double *flat = malloc(n * sizeof *flat);
    struct qn_spectrum *back = malloc(sizeof *back);
    qn_spectrum_pack(s, flat);
    cr_assert(qn_spectrum_unpack(back, flat, n) == 1);
    cr_expect(memcmp(s, back, sizeof *s) == 0);
    cr_expect(qn_spectrum_unpack(back, flat, n - 1) == 0);
    flat[0] = 99.0;
    cr_expect(qn_spectrum_unpack(back, flat, n) == 0);
    free(flat);
    free(back);
}

Test(bridge_run, effective_number_of_hits_rules_the_interval)
{
    const struct qn_spectrum *s = window(1e-3);
    // weights of 90 kJ/mol over an exponential spectrum are carried by a few per cent of the hits
    const double n_eff = qn_spectrum_n_eff(s, 0, 0);
    cr_expect(n_eff > 20.0 && n_eff < 1500.0, "N_eff %g", n_eff);
    const struct qn_interval i = qn_spectrum_interval(s, 0, 0);
    cr_expect(isnan(i.low) == (n_eff < 100.0));
    cr_expect(isnan(i.low) || (i.low < i.mean && i.mean < i.high));
    const double p = qn_spectrum_slope(s, 0, 0);
    cr_expect(p > 1.5 && p < 10.0, "d ln W/d ln rise %g", p);
}
