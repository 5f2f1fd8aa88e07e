// Over the hours the state stays positive by repeating a segment, not by clipping.
#include <criterion/criterion.h>

#include <math.h>

#include <petscsys.h>

#include "bridge/bridged.h"

static const double K = 1e-3;       // of the loss to hits [1/s]
static const double STRENGTH = 0.5; // share of what is struck that one hit turns

// the cold loss A => B runs at K/20
static const char TEXT[] =
    "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [A, B, C], reactions: "
    "[steps]}\n"
    "species:\n"
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
    "- {name: A, composition: {}}\n"
    "- {name: B, composition: {}}\n"
    "- {name: C, composition: {}}\n"
    "steps:\n"
    "- {equation: A => B, rate-constant: {A: 5e-5, b: 0, Ea: 0}}\n"
    "mechanical-reactions:\n"
    "- {equation: A => C, type: coverage-strip, rate: {k: 1e-6 kg/J}}\n";

// A trace of 1e-5 of the sites, below the segments' tolerance of 1e-4: their length goes on to
// triple, 0.04/K, 0.12/K, ... With the rate to hits held, the sixth, of 9.6/K, would end 1e-5 of
// the sites below zero, also after its lag is given back: clipped there, the trace would be gone
// for good.
Test(bridge_domain, a_trace_that_a_held_rate_overdraws_is_followed_and_not_clipped)
{
    static struct qn_spectrum s;
    struct qn_mechanism m;
    struct qn_bridged b;
    cr_assert(PetscInitializeNoArguments() == 0);
    cr_assert(qn_mechanism_parse("trace", TEXT, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = &m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
    const struct qn_gas gas = {.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    const double mass = 1.0, y[3] = {1e-5, 0.0, 1.0 - 1e-5};
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = 1.0, .T0 = 300.0, .n_classes = 1, .mass = &mass};
    const struct qn_exposure hit = {.mass = K / -expm1(-STRENGTH), .dose = STRENGTH / 1e-6};
    qn_spectrum_init(&s, &window);
    qn_spectrum_add(&s, 0, &hit);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.end = 100.0 / K;
    cr_assert(qn_bridged_init(&b, &x, &gas, &s, y, 300.0, &set) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_bridged_run(&b, 15.0 / K) == QN_OK, "%s", qn_error_text());
    cr_expect(b.repeats > 0, "nothing was repeated");
    cr_expect(b.y[0] > 0.0 && b.y[0] < 2e-6, "A: %.3g", b.y[0]);
    cr_expect(fabs(b.y[0] + b.y[1] + b.y[2] - 1.0) < 1e-12);
    cr_expect(b.segments < 30, "%d segments", b.segments);
    qn_bridged_free(&b);
    qn_mechanism_free(&m);
}
