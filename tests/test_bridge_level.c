// Levels of bridged mode: which is taken, that it is, that a class may go up on its way, and what
// the linear one is worth where it is taken.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include <petscsys.h>

#include "bridge/bridged.h"

static const char HEAD[] = "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
                           "phases:\n"
                           "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
                           "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [A, B], "
                           "reactions: [steps]}\n"
                           "species:\n"
                           "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
                           "- {name: A, composition: {}}\n"
                           "- {name: B, composition: {}}\n";

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_gas gas;
};

// A step of strength s in a pulse that runs at 1300 K for about a second, and not in the cold: with
// 200 kJ/mol it is 5e24 times slower at 300 K.
static void open_bench(struct bench *b, const char *equation, double s)
{
    char text[4096];
    (void)snprintf(text, sizeof text,
                   "%ssteps:\n- {equation: %s, rate-constant: {A: %.17g, b: 0, Ea: 200}}\n", HEAD,
                   equation, s / 1.02 * exp(200e3 / (8.31446261815324 * 1300.0)));
    memset(b, 0, sizeof *b);
    cr_assert(PetscInitializeNoArguments() == 0);
    cr_assert(qn_mechanism_parse("steps", text, &b->m) == QN_OK, "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
    b->gas = (struct qn_gas){.n_gas = 1, .moles = {1.0}, .volume = 1.0, .T = 300.0};
}

// one hit a second that exposes a hundredth of a kilogram, on carriers of one kilogram or less
static void begin(const struct bench *b, double A, enum qn_choice choice, double carrier,
                  struct qn_bridged *out)
{
    static struct qn_spectrum s;
    const double mass = 1.0, y[2] = {A, 1.0 - A};
    const struct qn_spectrum_window window = {
        .span = 1.0, .T0 = 300.0, .n_classes = 1, .mass = &mass};
    const struct qn_exposure x = {.pulse = {.kind = QN_PULSE_GRAIN,
                                            .dT = 1000.0,
                                            .t_c = 1e-3,
                                            .cool = 1e9,
                                            .kept = 1.0,
                                            .t_cut = 1.0},
                                  .mass = 0.01,
                                  .energy = 1.0};
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.choice = choice;
    set.carrier[0] = carrier;
    qn_spectrum_init(&s, &window);
    qn_spectrum_add(&s, 0, &x);
    cr_assert(qn_bridged_init(out, &b->x, &b->gas, &s, y, 300.0, &set) == QN_OK, "%s",
              qn_error_text());
}

static double left_at(const struct bench *b, enum qn_choice choice, double A, double t,
                      enum qn_level want)
{
    struct qn_bridged run;
    begin(b, A, choice, 1.0, &run);
    cr_assert(qn_bridged_run(&run, t) == QN_OK, "%s", qn_error_text());
    cr_expect(run.map[0].level == want, "level %s, want %s (A %g)", qn_level_name(run.map[0].level),
              qn_level_name(want), run.criterion[0].A);
    const double y = run.y[0];
    qn_bridged_free(&run);
    return y;
}

Test(bridge_level, linear_is_taken_for_weak_pulses_and_agrees_with_the_map)
{
    struct bench b;
    const double s = 0.015, n = 3000.0; // 36 % of A goes
    open_bench(&b, "A => B", s);
    const double automatic = left_at(&b, QN_CHOICE_AUTOMATIC, 0.5, n, QN_LEVEL_LINEAR);
    const double linear = left_at(&b, QN_CHOICE_LINEAR, 0.5, n, QN_LEVEL_LINEAR);
    const double map = left_at(&b, QN_CHOICE_MAP, 0.5, n, QN_LEVEL_MAP);
    cr_expect(automatic == linear, "the same level is the same run");
    cr_expect(map != linear, "a forced level is taken");
    // a hit takes s of what it meets in the linear limit, 1 - exp(-s) in truth: s/2 in the rate
    const double ratio = log(linear / 0.5) / log(map / 0.5);
    cr_expect(fabs(ratio - s / -expm1(-s)) < 2e-3, "rates %g, want %g", ratio, s / -expm1(-s));
    cr_expect(fabs(linear / map - 1.0) < 0.02, "linear %g, map %g", linear, map);
    qn_mechanism_free(&b.m);
}

Test(bridge_level, strong_pulses_are_carried_by_the_map)
{
    struct bench b;
    open_bench(&b, "A => B", 0.1);
    const double map = left_at(&b, QN_CHOICE_AUTOMATIC, 0.5, 50.0, QN_LEVEL_MAP);
    const double want = 0.5 * exp(-0.5 * -expm1(-0.1));
    cr_expect(fabs(map / want - 1.0) < 3e-3, "%g, want %g", map, want);
    qn_mechanism_free(&b.m);
}

Test(bridge_level, a_class_goes_up_on_its_way_and_never_down)
{
    // A + B => 2 B: A's relative change in a pulse is k B, below 0.02 at first, above at the end;
    // packed at the end it comes back at the level it had
    struct bench b;
    struct qn_bridged run, again;
    open_bench(&b, "A + B => 2 B", 0.025);
    begin(&b, 0.5, QN_CHOICE_AUTOMATIC, 1.0, &run);
    cr_assert(qn_bridged_judge(&run) == QN_OK);
    cr_expect(run.map[0].level == QN_LEVEL_LINEAR, "A %g", run.criterion[0].A);
    int seen = 0, downs = 0;
    for (int k = 1; k <= 20; k++) {
        const enum qn_level before = run.map[0].level;
        cr_assert(qn_bridged_run(&run, 1000.0 * k) == QN_OK, "%s", qn_error_text());
        seen |= run.map[0].level == QN_LEVEL_MAP;
        downs += run.map[0].level < before;
    }
    cr_expect(seen && downs == 0);
    double flat[256];
    cr_assert(qn_bridged_packed(&run) <= 256);
    begin(&b, 0.5, QN_CHOICE_AUTOMATIC, 1.0, &again);
    qn_bridged_pack(&run, flat);
    qn_bridged_unpack(&again, flat);
    cr_expect(again.map[0].level == QN_LEVEL_MAP);
    qn_bridged_free(&again);
    qn_bridged_free(&run);
    qn_mechanism_free(&b.m);
}

Test(bridge_level, hits_that_change_a_carrier_ask_for_replay)
{
    // phi = 0.01 kg over 0.1 kg, X = 1 - 1/e of A: eps = 0.063; half of A, 0.032
    struct bench b;
    struct qn_bridged run;
    open_bench(&b, "A => B", 1.0);
    for (int k = 0; k < 2; k++) {
        begin(&b, k ? 0.5 : 1.0, QN_CHOICE_AUTOMATIC, 0.1, &run);
        cr_assert(qn_bridged_judge(&run) == QN_OK);
        const double eps = (k ? 0.5 : 1.0) * 0.1 * -expm1(-1.0);
        cr_expect(fabs(run.criterion[0].eps / eps - 1.0) < 0.02, "eps %g", run.criterion[0].eps);
        cr_expect(run.replay == !k, "eps %g", run.criterion[0].eps);
        qn_bridged_free(&run);
    }
    begin(&b, 0.5, QN_CHOICE_REPLAY, 1.0, &run);
    cr_assert(qn_bridged_judge(&run) == QN_OK);
    cr_expect(run.replay);
    qn_bridged_free(&run);
    qn_mechanism_free(&b.m);
}
