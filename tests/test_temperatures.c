// Powder has as many temperatures as it lies on: each class over the hours, each carrier in direct
// mode, follows its own.
#include <criterion/criterion.h>

#include <math.h>

#include <petscsys.h>

#include "base/constants.h"
#include "bridge/bridged.h"
#include "bridge/replay.h"
#include "exposure/hotspot.h"

// A => B at 1e6 exp(-60 kJ/mol / RT) per second: 3.6e-5 at 300 K, 5.4e-4 at 340 K
static const char TEXT[] =
    "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [A, B], reactions: [steps]}\n"
    "species:\n"
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
    "- {name: A, composition: {}}\n"
    "- {name: B, composition: {}}\n"
    "steps:\n"
    "- {equation: A => B, rate-constant: {A: 1e6, b: 0, Ea: 60}}\n";

static double rate(double T)
{
    return 1e6 * exp(-60e3 / (QN_GAS_CONSTANT * T));
}

static struct qn_matter matter(const struct qn_mechanism *m)
{
    return (struct qn_matter){.mech = m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
}

static const struct qn_gas GAS = {.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
static const double SPAN = 4000.0;

// one class warms from 300 to 340 K in the span, the other stays
static void warming(const void *climate, double t, double *T)
{
    (void)climate;
    T[0] = 300.0 + 40.0 * t / SPAN;
    T[1] = 300.0;
}

// share that is left of the class that warms: Simpson's rule for the exponent
static double left_of_the_warm(void)
{
    enum { N = 400 };
    double sum = 0.0;
    for (int i = 0; i <= N; i++) {
        const double weight = i == 0 || i == N ? 1.0 : i % 2 ? 4.0 : 2.0;
        sum += weight * rate(300.0 + 40.0 * i / N);
    }
    return exp(-sum * SPAN / (3.0 * N));
}

Test(temperatures, each_class_of_the_hours_follows_its_own)
{
    static struct qn_spectrum s;
    struct qn_mechanism m;
    struct qn_bridged b;
    cr_assert(PetscInitializeNoArguments() == 0);
    cr_assert(qn_mechanism_parse("warm", TEXT, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = matter(&m);
    const double mass[2] = {1.0, 2.0}, y[4] = {1.0, 0.0, 1.0, 0.0};
    const struct qn_spectrum_window none = {.span = 1.0, .T0 = 300.0, .n_classes = 2, .mass = mass};
    qn_spectrum_init(&s, &none);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.choice = QN_CHOICE_LINEAR;
    set.temperature = warming;
    set.drift = 1.0;
    set.end = SPAN;
    cr_assert(qn_bridged_init(&b, &x, &GAS, &s, y, 300.0, &set) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_bridged_run(&b, SPAN) == QN_OK, "%s", qn_error_text());
    // segments of 1 K at their middle: (Ea/RT^2)^2 K^2/24 = 3e-4 of a rate, below what TS allows
    const double warm = left_of_the_warm(), cold = exp(-rate(300.0) * SPAN);
    cr_expect(fabs(b.y[0] / warm - 1.0) < 1e-3, "%.6f, not %.6f", b.y[0], warm);
    cr_expect(fabs(b.y[2] / cold - 1.0) < 1e-4, "%.6f, not %.6f", b.y[2], cold);
    cr_expect(warm < 0.6 && cold > 0.8);
    cr_expect(b.segments >= 40, "a kelvin each");
    cr_expect(b.map[0].T == 340.0 && b.map[1].T == 300.0, "where hits begin");
    qn_bridged_free(&b);
    qn_mechanism_free(&m);
}

Test(temperatures, each_carrier_rests_and_is_struck_at_its_own)
{
    struct qn_mechanism m;
    struct qn_direct d;
    cr_assert(qn_mechanism_parse("warm", TEXT, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = matter(&m);
    const double mass[4] = {1.0, 1.0, 1.0, 1.0}, y[2] = {1.0, 0.0};
    const struct qn_start start = {4, mass, y, 0.0, 1, NULL};
    qn_direct_init(&d, &x, &GAS, &start);
    d.set.rtol = 1e-8;
    qn_direct_warm(&d, 1, 3, 340.0);
    // a long pulse over all of carriers 0 and 1
    const struct qn_pulse pulse = {.kind = QN_PULSE_LAYER_CORE,
                                   .dT = 50.0,
                                   .t_c = 1.0,
                                   .cool = 20.0,
                                   .kept = 0.98,
                                   .sink = 0.86,
                                   .t_cut = 60.0};
    for (int i = 0; i < 2; i++) {
        const struct qn_exposure hit = {.pulse = pulse, .time = 500.0, .mass = 1.0, .carrier = i};
        cr_assert(qn_direct_expose(&d, &hit, 1) == QN_OK, "%s", qn_error_text());
    }
    cr_assert(qn_direct_sync(&d, 1000.0) == QN_OK, "%s", qn_error_text());
    for (int i = 0; i < 4; i++) {
        const double T = i == 1 || i == 2 ? 340.0 : 300.0;
        const double hot = i < 2 ? pulse.t_cut + qn_pulse_dose(&pulse, T, 60e3) : 0.0;
        const double left = exp(-rate(T) * (1000.0 + hot));
        cr_expect(fabs(d.y[2 * i] / left - 1.0) < 1e-6, "%d: %.9f, not %.9f", i, d.y[2 * i], left);
    }
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

Test(temperatures, each_class_of_a_replay_rests_at_its_own)
{
    struct qn_mechanism m;
    struct qn_replay r;
    struct qn_reservoir none;
    cr_assert(qn_mechanism_parse("warm", TEXT, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = matter(&m);
    const double mass[2] = {3.0, 2.0}, y[4] = {1.0, 0.0, 1.0, 0.0}, T[2] = {340.0, 320.0};
    const struct qn_replay_start start = {mass, y, 0.0, 1.0, 0};
    struct qn_replay_settings set = qn_replay_defaults();
    set.carrier[0] = set.carrier[1] = 1.0;
    qn_reservoir_init(&none, 2, 1);
    qn_reservoir_close(&none);
    qn_replay_init(&r, &x, &GAS, &none, &start, &set);
    r.d.set.rtol = 1e-8;
    qn_replay_warm(&r, T);
    cr_assert(qn_replay_run(&r, 1000.0, 0) == QN_OK, "%s", qn_error_text());
    for (int c = 0; c < 2; c++) {
        double now[2];
        qn_replay_mean(&r, c, now);
        const double left = exp(-1000.0 * rate(T[c]));
        cr_expect(fabs(now[0] / left - 1.0) < 1e-6, "%d: %.9f, not %.9f", c, now[0], left);
    }
    qn_replay_free(&r);
    qn_reservoir_free(&none);
    qn_mechanism_free(&m);
}
