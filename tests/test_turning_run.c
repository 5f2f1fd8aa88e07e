// Runs whose walls turn as bodies are asked for them one by one: stopped in the window they go on
// to the same bits.
#include "run_fixture.h"

TestSuite(turning_run, .init = enter, .fini = leave, .timeout = 100);

#define ATTRITOR QUERN_SOURCE_DIR "/tests/decks/turning.yaml "
#define LIFTER "radius: 3 mm, on: vial}"
#define TUMBLER                                                                                    \
    ATTRITOR "--set mill.type=tumbler --set mill.gravity=across_axis --set vial.inner='["          \
             "{from: [17 mm, 0 mm, -16 mm], to: [17 mm, 0 mm, 16 mm], " LIFTER ", "                \
             "{from: [-17 mm, 0 mm, -16 mm], to: [-17 mm, 0 mm, 16 mm], " LIFTER "]' "

static void stop_in_the_window(const char *deck)
{
    cr_assert(eq(int, run(deck, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    const pid_t child =
        start(deck, "--output cut/run.h5 --checkpoint-interval '0.05 s' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "window"), "no checkpoint in the window");
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    cr_assert(eq(int, run(deck, "--output cut/run.h5 --resume --quiet", 1), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
    struct qn_store *s = load("cut/run.h5");
    const double *impacts = qn_store_get(s, "/merit/impacts", NULL, NULL);
    cr_expect(impacts && impacts[0] > 100.0, "the mill stirs its balls");
    qn_store_free(s);
}

Test(turning_run, an_attritor_goes_on_to_the_same_bits)
{
    stop_in_the_window(ATTRITOR);
}

Test(turning_run, a_drum_with_lifters_goes_on_to_the_same_bits)
{
    stop_in_the_window(TUMBLER);
}
