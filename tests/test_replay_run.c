// Levels of the hours, end to end: a charge whose single hits change a carrier ends in replay,
// keeps its elements and its bits; a deck may force a level.
#include <math.h>

#include "run_fixture.h"

TestSuite(replay_run, .init = enter, .fini = leave, .timeout = 100);

// The accelerated mill with a trapped layer so soft that a spot covers a third of a ball's coating,
// and an activation that takes all it meets: eps above 0.05. Not a real powder.
#define TINY                                                                                       \
    SMALL "--set run.direct_span='0 s' --set powder.trapped_flow_stress='2 MPa' "                  \
          "--set chemistry.mechanism=$PWD/strong.yaml --set run.bridged='0.2 s' "                  \
          "--set run.bridged_points=10 "

static void write_mechanism(void)
{
    cr_assert(eq(int,
                 system("sed 's/G: 1.0e-5/G: 0.1/;s/w-th: 1.0e+3/w-th: 10/;s/E-form: 1 kJ/E-form: "
                        "0.01 kJ/' " QUERN_SOURCE_DIR "/inputs/accelerated/mechanism.yaml "
                        ">strong.yaml && grep -c 'G: 0.1 mol/J, w-th: 10 J/kg, E-form: 0.01 kJ' "
                        "strong.yaml >/dev/null"),
                 0));
}

static const char *summary_of(struct qn_store *s)
{
    const char *text = qn_store_get_text(s, "/summary");
    cr_assert(text != NULL);
    return text;
}

Test(replay_run, a_charge_of_strong_hits_is_replayed_and_keeps_its_elements)
{
    write_mechanism();
    cr_assert(eq(int, run(TINY, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    struct qn_store *s = load("ref/run.h5");
    cr_expect(strstr(summary_of(s),
                     "criterion asks for replay; level: replay, 12 of 12 carriers") != NULL,
              "%s", summary_of(s));
    const double *error = qn_store_get(s, "/merit/element_residual", NULL, NULL);
    cr_assert(error != NULL);
    cr_expect(error[0] < 1e-12, "elements %g", error[0]);
    size_t dims[QN_STORE_RANK];
    const double *yield = qn_store_get(s, "/chemistry/bridged/merit/yield_CH4", NULL, dims);
    cr_assert(yield && dims[0] == 11);
    cr_expect(yield[10] > 0.1, "something happened: %g", yield[10]);
    const double *impact = qn_store_get(s, "/chemistry/bridged/channels/impact", NULL, dims);
    cr_expect(impact && impact[dims[0] - 1] > 0.0, "the impact reaction is in the books");
    qn_store_free(s);

    // two threads, stopped in the middle
    const pid_t child =
        start(TINY, "--output cut/run.h5 --checkpoint-interval '0.01 s' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "hours"), "%s", words());
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    s = load("cut/run.h5");
    cr_assert(qn_store_get(s, "/chemistry/bridged/time", NULL, dims) != NULL);
    cr_expect(dims[0] < 11, "stopped after %zu of 11 points", dims[0]);
    cr_expect(qn_store_get_integers(s, "/checkpoint/hours/replay", NULL, NULL) != NULL);
    qn_store_free(s);
    cr_assert(eq(int, run(TINY, "--output cut/run.h5 --resume --quiet", 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

// final CH4 of the small mill over two seconds, one level forced
static double methane_at(const char *level, const char *want)
{
    char options[256], path[64];
    snprintf(path, sizeof path, "%s/run.h5", level);
    snprintf(options, sizeof options,
             "--set run.direct_span='0 s' --set run.bridged='2 s' --set run.bridged_points=5 --set "
             "run.bridge_level=%s --output %s --quiet",
             level, path);
    cr_assert(eq(int, run(SMALL, options, 2), 0), "%s", words());
    struct qn_store *s = load(path);
    cr_expect(strstr(summary_of(s), want) != NULL, "%s", summary_of(s));
    const double *made = qn_store_get(s, "/merit/CH4", NULL, NULL);
    cr_assert(made != NULL);
    const double value = *made;
    qn_store_free(s);
    return value;
}

Test(replay_run, a_deck_may_force_each_level)
{
    const double map = methane_at("map", "asks for map; level: map");
    const double automatic = methane_at("automatic", "asks for map; level: map");
    const double linear = methane_at("linear", "level: linear");
    const double replay = methane_at("replay", "level: replay, 12 of 12 carriers");
    cr_expect(map == automatic, "%g and %g", map, automatic);
    cr_expect(linear != map && replay != map, "%g, %g, %g: a level was not taken", linear, map,
              replay);
    // weak hits, bundled into some 380 jumps of unlike yields: three standard errors of at least 5
    // %
    cr_expect(fabs(replay / map - 1.0) < 0.2, "replay %g, map %g", replay, map);
}

#define FORCED                                                                                     \
    "--set run.direct_span='0 s' --set run.bridged='1 s' --set run.bridged_points=2 --set "        \
    "run.bridge_level=replay --quiet "

static double number_of(const struct qn_store *s, const char *path)
{
    const double *x = qn_store_get(s, path, NULL, NULL);
    cr_assert(x != NULL, "%s", path);
    return *x;
}

Test(replay_run, a_deck_may_couple_the_gas)
{
    // the same jumps; gas and carriers change little in the second, so the ways must agree closely
    double made[2];
    for (int k = 0; k < 2; k++) {
        const char *const gas[2] = {"frozen", "coupled"};
        char options[512];
        snprintf(options, sizeof options, FORCED "--set run.replay_gas=%s --output %s/run.h5",
                 gas[k], gas[k]);
        cr_assert(eq(int, run(SMALL, options, 2), 0), "%s", words());
        snprintf(options, sizeof options, "%s/run.h5", gas[k]);
        struct qn_store *s = load(options);
        const double intervals = number_of(s, "/chemistry/bridged/replay_intervals");
        const double coupled = number_of(s, "/chemistry/bridged/replay_coupled");
        cr_expect(intervals > 0.0 && coupled == (k ? intervals : 0.0), "%g of %g", coupled,
                  intervals);
        cr_expect(strstr(summary_of(s), k ? "of them with carriers and gas as one system"
                                          : "gas frozen in each\n") != NULL,
                  "%s", summary_of(s));
        cr_expect(number_of(s, "/merit/element_residual") < 1e-12);
        made[k] = number_of(s, "/merit/CH4");
        qn_store_free(s);
    }
    cr_expect(made[0] != made[1] && fabs(made[1] / made[0] - 1.0) < 2e-3, "frozen %g, coupled %g",
              made[0], made[1]);
}

Test(replay_run, a_gas_that_cannot_be_coupled_is_told)
{
    // an order that is no whole number
    cr_assert(
        eq(int,
           system("sed 's/^- equation: CO2(ox) + H2 => CH2O2(ox)/&\\n  orders: {H2: "
                  "0.5}/' " QUERN_SOURCE_DIR "/inputs/accelerated/mechanism.yaml >odd.yaml && "
                  "grep -c 'H2: 0.5' odd.yaml >/dev/null"),
           0));
    const char *const mechanism = "--set chemistry.mechanism=$PWD/odd.yaml " FORCED;
    char options[1024];
    snprintf(options, sizeof options, "%s--set run.replay_gas=coupled --output no/run.h5",
             mechanism);
    cr_assert(eq(int, run(SMALL, options, 1), 3), "%s", words());
    cr_expect(strstr(words(), "run.replay_gas: coupled takes no global laws, broken orders") !=
                  NULL,
              "%s", words());
    snprintf(options, sizeof options, "%s--output own/run.h5", mechanism);
    cr_assert(eq(int, run(SMALL, options, 2), 0), "%s", words());
    struct qn_store *s = load("own/run.h5");
    cr_expect(strstr(summary_of(s),
                     "gas frozen in each (the mechanism is none for a coupled gas)") != NULL,
              "%s", summary_of(s));
    qn_store_free(s);
}
