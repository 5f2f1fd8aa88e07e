// Gas that flows through the vial: closed forms of a stirred tank, in direct mode and over the
// hours.
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <petscsys.h>

#include "base/constants.h"
#include "bridge/bridged.h"

static const double VOLUME = 1e-4, MASS = 1e-3, T = 400.0; // [m3], [kg], [K]
static const double FEED = 30.0;                           // of A [mol/m3]

// A turns into `parts` B on a wall of 100 m2/kg at k = 1e-5 m/s: 0.1 m2 in 1e-4 m3 make 0.01 1/s
static void open_tank(struct qn_mechanism *m, const char *product)
{
    char text[1024];
    snprintf(text, sizeof text,
             "units: {length: m, quantity: mol, activation-energy: J/mol}\n"
             "phases:\n"
             "- {name: gas, thermo: ideal-gas, species: [A, B, C]}\n"
             "- {name: face, thermo: ideal-surface, species: [M, X], site-density: 1e-5 mol/m^2,\n"
             "   kinetics: surface, reactions: all}\n"
             "species:\n"
             "- {name: A, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
             "- {name: B, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
             "- {name: C, composition: {H: 4}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
             "- {name: X, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
             "- {name: M, composition: {}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
             "reactions:\n"
             "- {equation: %s}\n",
             product);
    cr_assert(qn_mechanism_parse("tank.yaml", text, m) == QN_OK, "%s", qn_error_text());
}

static struct qn_gas full_of_feed(void)
{
    return (struct qn_gas){.n_gas = 3, .volume = VOLUME, .T = T, .moles = {FEED * VOLUME}};
}

static struct qn_flow through(double rate, int constant_pressure)
{
    return (struct qn_flow){.rate = rate, .feed = {FEED}, .constant_pressure = constant_pressure};
}

// both modes for `span`; gases at the end. A surface that breathes has its part of the hydrogen,
// and direct mode would need a sync a breath: then the hours alone
static void tank(const struct qn_mechanism *m, const struct qn_flow *flow, struct qn_gas gas,
                 double span, int hours_alone, struct qn_gas end[2])
{
    static struct qn_spectrum s;
    const struct qn_matter x = {.mech = m, .area = {100.0}, .pore = 1e-4};
    const double y[2] = {1e-3, 0.0}, mass = MASS;
    const struct qn_start start = {1, &mass, y, 0.0, 1, NULL};
    struct qn_direct d;
    struct qn_bridged h;
    qn_direct_init(&d, &x, &gas, &start);
    d.flow = *flow;
    for (int k = 1; k <= 2000 && !hours_alone; k++) {
        cr_assert(qn_direct_sync(&d, span * k / 2000) == QN_OK, "%s", qn_error_text());
    }
    const struct qn_spectrum_window window = {.span = 1.0, .T0 = T, .n_classes = 1, .mass = &mass};
    qn_spectrum_init(&s, &window);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.flow = *flow;
    cr_assert(qn_bridged_init(&h, &x, &gas, &s, y, T, &set) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_bridged_run(&h, span) == QN_OK, "%s", qn_error_text());
    cr_expect(d.books.element_error < 1e-12 && h.books.element_error < 1e-12, "%g %g",
              d.books.element_error, h.books.element_error);
    end[0] = d.gas;
    end[1] = h.gas;
    for (int k = 0; k < 2 && !hours_alone; k++) { // hydrogen: in, out, there
        const double *n = end[k].moles, *in = end[k].added, *out = end[k].removed;
        const double there =
            2.0 * (n[0] + n[1]) + 4.0 * n[2] + 2.0 * (out[0] + out[1]) + 4.0 * out[2] - 2.0 * in[0];
        cr_expect(fabs(there / (2.0 * gas.moles[0] + 2.0 * gas.moles[1]) - 1.0) < 1e-9);
        cr_expect(fabs(in[0] / (flow->rate * FEED * span) - 1.0) < 1e-9);
    }
    qn_bridged_free(&h);
    qn_direct_free(&d);
}

TestSuite(flow, .init = NULL);

Test(flow, a_tank_is_washed_out_exponentially)
{
    // B leaves, A comes: (n0 - n) e^(-t/tau), tau = 50 s
    struct qn_mechanism m;
    struct qn_gas gas = {.n_gas = 3, .volume = VOLUME, .T = T, .moles = {0.0, FEED * VOLUME}};
    const struct qn_flow flow = through(VOLUME / 50.0, 0);
    struct qn_gas end[2];
    cr_assert(PetscInitializeNoArguments() == 0);
    open_tank(&m, "C => 2 A, rate-constant: {A: 1e-5, b: 0, Ea: 0}");
    tank(&m, &flow, gas, 60.0, 0, end);
    for (int k = 0; k < 2; k++) {
        const double left = exp(-60.0 / 50.0), all = FEED * VOLUME;
        cr_expect(fabs(end[k].moles[1] / (all * left) - 1.0) < 1e-4, "%g", end[k].moles[1] / all);
        cr_expect(fabs(end[k].moles[0] / (all * (1.0 - left)) - 1.0) < 1e-4);
    }
    qn_mechanism_free(&m);
    PetscFinalize();
}

Test(flow, a_stirred_tank_converts_k_tau_over_one_plus_k_tau)
{
    struct qn_mechanism m;
    const struct qn_flow flow = through(VOLUME / 50.0, 0);
    struct qn_gas end[2];
    cr_assert(PetscInitializeNoArguments() == 0);
    open_tank(&m, "A => B, rate-constant: {A: 1e-5, b: 0, Ea: 0}");
    tank(&m, &flow, full_of_feed(), 1000.0, 0, end);
    for (int k = 0; k < 2; k++) {
        const double X = end[k].moles[1] / (FEED * VOLUME);
        cr_expect(fabs(X - 0.5 / 1.5) < 1e-3, "%s: %g", k ? "hours" : "direct", X);
    }
    qn_mechanism_free(&m);
    PetscFinalize();
}

Test(flow, at_constant_pressure_less_goes_out_than_comes_in_when_moles_shrink)
{
    // 2 A => C, pseudo first order: A => 1/2 C; x = c_A/c_feed solves K x^2/2 - (1 + K) x + 1 = 0
    struct qn_mechanism m;
    const struct qn_flow flow = through(VOLUME / 50.0, 1);
    struct qn_gas end[2];
    cr_assert(PetscInitializeNoArguments() == 0);
    open_tank(&m, "A => 0.5 C, rate-constant: {A: 1e-5, b: 0, Ea: 0}");
    tank(&m, &flow, full_of_feed(), 1000.0, 0, end);
    const double K = 0.5, x = ((1.0 + K) - sqrt((1.0 + K) * (1.0 + K) - 2.0 * K)) / K;
    for (int k = 0; k < 2; k++) {
        const double all = end[k].moles[0] + end[k].moles[1] + end[k].moles[2];
        cr_expect(fabs(all / (FEED * VOLUME) - 1.0) < 2e-3, "%s: %g", k ? "hours" : "direct",
                  all / (FEED * VOLUME));
        cr_expect(fabs(end[k].moles[0] / (FEED * VOLUME) - x) < 1e-3, "%s: %g, want %g",
                  k ? "hours" : "direct", end[k].moles[0] / (FEED * VOLUME), x);
    }
    qn_mechanism_free(&m);
    PetscFinalize();
}

Test(flow, a_surface_that_breathes_fast_does_not_upset_the_outlet)
{
    // A sits down and leaves ten thousand times a second; hydrogen on the surface is counted, too
    struct qn_mechanism m;
    const struct qn_flow flow = through(VOLUME / 50.0, 1);
    struct qn_gas end[2];
    cr_assert(PetscInitializeNoArguments() == 0);
    open_tank(&m, "A => 0.5 C, rate-constant: {A: 1e-5, b: 0, Ea: 0}}\n"
                  "- {equation: A + M <=> X, rate-constant: {A: 1.0e+4, b: 0, Ea: 0}");
    tank(&m, &flow, full_of_feed(), 1000.0, 1, end);
    const double K = 0.5, x = ((1.0 + K) - sqrt((1.0 + K) * (1.0 + K) - 2.0 * K)) / K;
    const double all = end[1].moles[0] + end[1].moles[1] + end[1].moles[2];
    cr_expect(fabs(all / (FEED * VOLUME) - 1.0) < 2e-3, "%g", all / (FEED * VOLUME));
    cr_expect(fabs(end[1].moles[0] / (FEED * VOLUME) - x) < 1e-3, "%g, want %g",
              end[1].moles[0] / (FEED * VOLUME), x);
    qn_mechanism_free(&m);
    PetscFinalize();
}

Test(flow, the_regulator_s_slope_is_its_difference)
{
    const struct qn_flow flow = through(VOLUME / 50.0, 1);
    struct qn_gas gas = full_of_feed();
    const double full = FEED * VOLUME, d = 1e-6 * full;
    double slope, unused;
    gas.moles[0] = 1.0001 * full;
    const double share = qn_flow_regulated(&flow, &gas, full, &slope);
    gas.moles[0] += d;
    const double more = qn_flow_regulated(&flow, &gas, full, &unused);
    cr_expect(fabs((more - share) / (slope * d) - 1.0) < 1e-5);
    gas.moles[0] = 0.9 * full; // nothing goes out below its pressure
    cr_expect(qn_flow_regulated(&flow, &gas, full, &slope) == 0.0 && slope == 0.0);
}

Test(flow, gas_is_drawn_in_shares_and_filled_in_moles)
{
    struct qn_gas gas = full_of_feed();
    const double in[3] = {0.0, 1e-3, 0.0};
    const double p = FEED * QN_GAS_CONSTANT * T;
    cr_expect(fabs(qn_gas_total_pressure(&gas) / p - 1.0) < 1e-14);
    qn_gas_draw(&gas, 0.25);
    cr_expect(fabs(qn_gas_total_pressure(&gas) / p - 0.75) < 1e-14);
    cr_expect(fabs(gas.removed[0] / (0.25 * FEED * VOLUME) - 1.0) < 1e-14);
    qn_gas_fill(&gas, in);
    cr_expect(gas.moles[1] == 1e-3 && gas.added[1] == 1e-3);
    qn_gas_draw(&gas, 1.0);
    cr_expect(qn_gas_total_pressure(&gas) == 0.0);
}
