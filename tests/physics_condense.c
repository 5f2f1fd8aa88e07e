// Water condenses where its pressure is above saturation: closed forms and the NIST vapour
// pressure.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include <petscsys.h>

#include "base/constants.h"
#include "bridge/bridged.h"

static const double AREA = 2.0;   // of the film [m2/kg]
static const double VOLUME = 0.1; // of gas per mass of powder [m3/kg]
static const double K = 0.01;     // [m/s], of the file

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    int liquid;
};

static void open_bench(struct bench *b)
{
    memset(b, 0, sizeof *b);
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/mechanisms/water.yaml", &b->m) == QN_OK,
              "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {AREA}, .pore = 1e-4, .refill = 1e3};
    b->liquid = qn_mechanism_species(&b->m, "H2O(L)");
    cr_assert(b->liquid == 1 && qn_mechanism_species(&b->m, "H2O") == 3);
}

// NIST, 256-373 K [bar]
static double nist(double T)
{
    return pow(10.0, 4.6543 - 1435.264 / (T - 64.848));
}

// saturation of the file's thermo [mol/m3]
static double saturated(const struct bench *b, double T)
{
    return 1e5 / qn_rates_equilibrium(&b->m, 0, T) / (QN_GAS_CONSTANT * T);
}

// closed for `dt`: liquid [mol/kg] and vapour [mol/m3]
static void batch(const struct bench *b, double T, double dt, double *liquid, double *vapour)
{
    struct qn_pulse_settings set = qn_pulse_defaults();
    struct qn_pulse_work w;
    double gas[3] = {*vapour, 30.0, 0.0}, y[3] = {1e-5 * AREA, *liquid, 0.0};
    set.rtol = 1e-8;
    qn_pulse_init(&w, &b->m);
    cr_assert(qn_pulse_batch(&b->x, &set, T, dt, VOLUME, gas, y, &w) == QN_OK, "%s",
              qn_error_text());
    *liquid = y[1];
    *vapour = gas[0];
    qn_pulse_free(&w);
}

Test(condense, a_closed_vial_ends_at_the_vapour_pressure_of_nist)
{
    static const double T[3] = {288.15, 298.15, 338.15};
    struct bench b;
    open_bench(&b);
    for (int i = 0; i < 3; i++) {
        const double start = 3.0 * saturated(&b, T[i]);
        double liquid = 0.0, c = start;
        batch(&b, T[i], 1e4, &liquid, &c);
        const double p = 1e-5 * c * QN_GAS_CONSTANT * T[i];
        // the fit of NIST and the NASA polynomials differ by up to 1.3 %
        cr_expect(fabs(p / nist(T[i]) - 1.0) < 0.015, "%g K: %g bar, NIST %g", T[i], p, nist(T[i]));
        cr_expect(fabs(liquid / ((start - c) * VOLUME) - 1.0) < 1e-9, "liquid %g", liquid);
    }
    qn_mechanism_free(&b.m);
}

Test(condense, vapour_below_saturation_stays_vapour_and_dries_what_is_wet)
{
    struct bench b;
    open_bench(&b);
    const double sat = saturated(&b, 298.15);
    double liquid = 0.0, c = 0.9 * sat;
    batch(&b, 298.15, 1e4, &liquid, &c);
    cr_expect(liquid < 1e-8, "%g mol/kg", liquid); // 9 nmol/kg: the tail of a pure phase
    liquid = 0.2 * sat * VOLUME, c = 0.3 * sat;
    batch(&b, 298.15, 1e5, &liquid, &c);
    cr_expect(liquid < 2e-9 && fabs(c / (0.5 * sat) - 1.0) < 1e-6, "%g mol/kg, %g", liquid,
              c / sat);
    qn_mechanism_free(&b.m);
}

Test(condense, the_approach_is_the_film_s)
{
    // dc/dt = -k A (c - c_sat)/V while there is liquid
    struct bench b;
    open_bench(&b);
    const double T = 298.15, sat = saturated(&b, T);
    const double fold = exp(-K * AREA / VOLUME * 5.0);
    for (int up = 0; up < 2; up++) {
        double liquid = 1.0, c = up ? 0.0 : 4.0 * sat;
        const double want = sat + (c - sat) * fold;
        batch(&b, T, 5.0, &liquid, &c);
        cr_expect(fabs(c / want - 1.0) < 1e-6, "%s: %g, want %g", up ? "dries" : "condenses", c,
                  want);
    }
    qn_mechanism_free(&b.m);
}

Test(condense, direct_mode_and_the_hours_go_the_same_way_and_keep_the_water)
{
    struct bench b;
    struct qn_direct d;
    struct qn_bridged h;
    static struct qn_spectrum s;
    cr_assert(PetscInitializeNoArguments() == 0);
    open_bench(&b);
    const double T = 298.15, sat = saturated(&b, T), mass = 1e-3, span = 5.0;
    const double y[3] = {1e-5 * AREA, 0.0, 0.0};
    const struct qn_gas gas = {
        .n_gas = 3, .volume = VOLUME * mass, .T = T, .moles = {4.0 * sat * VOLUME * mass, 1e-3}};
    const struct qn_start start = {1, &mass, y, 0.0, 1, NULL};
    qn_direct_init(&d, &b.x, &gas, &start);
    for (int k = 1; k <= 500; k++) { // every 10 ms, the default
        cr_assert(qn_direct_sync(&d, span * k / 500) == QN_OK, "%s", qn_error_text());
    }
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = 1.0, .T0 = T, .n_classes = 1, .mass = &mass};
    qn_spectrum_init(&s, &window);
    const struct qn_bridged_settings set = qn_bridged_defaults();
    cr_assert(qn_bridged_init(&h, &b.x, &gas, &s, y, T, &set) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_bridged_run(&h, span) == QN_OK, "%s", qn_error_text());
    const double want = (sat + 3.0 * sat * exp(-K * AREA / VOLUME * span)) * VOLUME * mass;
    // a frozen gas of 10 ms lags by k A dt/2V = 1e-3 of an e-fold
    cr_expect(fabs(d.gas.moles[0] / want - 1.0) < 1e-3, "direct %g, want %g", d.gas.moles[0], want);
    cr_expect(fabs(h.gas.moles[0] / want - 1.0) < 1e-3, "hours %g, want %g", h.gas.moles[0], want);
    cr_expect(d.books.element_error < 1e-12 && h.books.element_error < 1e-12, "%g %g",
              d.books.element_error, h.books.element_error);
    cr_expect(fabs(d.y[1] * mass / (gas.moles[0] - d.gas.moles[0]) - 1.0) < 1e-12, "the liquid");
    qn_bridged_free(&h);
    qn_direct_free(&d);
    qn_mechanism_free(&b.m);
}
