// Settling in a run: before window and direct span, on any ranks, across stops, and refusals.
#include "app/settling.h"
#include "run_fixture.h"

TestSuite(settling_run, .init = enter_ranks, .fini = leave, .timeout = 100);

// 12 balls fall 10 mm, then 10 ms of window and 5 ms of direct span; half settled is enough here
#define DECK QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml "
#define SETTLED                                                                                    \
    DECK "--set run.window_powder=carried --set mill.run_up='0 s' --set run.start_up='2 ms' "      \
         "--set run.window_min='10 ms' --set run.window_max='10 ms' --set run.direct_span='5 ms' " \
         "--set run.settle='1 s' --set run.settle_energy=0.02 --set run.settle_hold='5 ms' "

static int run_on(int ranks, const char *options)
{
    char command[2048];
    snprintf(command, sizeof command,
             "OMP_NUM_THREADS=1 mpirun --oversubscribe -n %d %s run " SETTLED
             "%s --quiet >words 2>&1 </dev/null",
             ranks, QUERN_EXE, options);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(settling_run, is_the_same_on_one_two_and_three_ranks)
{
    cr_assert(eq(int, run_on(1, "--output one/run.h5"), 0), "%s", words());
    struct qn_store *s = load("one/run.h5");
    const double *settled = qn_store_get(s, "/mechanics/settling", NULL, NULL);
    cr_assert(settled != NULL);
    cr_expect(settled[0] > 0.02 && settled[0] < 1.0 && settled[1] < 0.02, "%g s, %g", settled[0],
              settled[1]);
    qn_store_free(s);
    for (int ranks = 2; ranks <= 3; ranks++) {
        cr_assert(eq(int, run_on(ranks, "--output more/run.h5 --force"), 0), "%s", words());
        expect_same_results("one/run.h5", "more/run.h5");
        cr_assert(eq(int, system("rm -rf more"), 0));
    }
}

/// Stop at the first checkpoint, which is of the settling: the window has not begun.
Test(settling_run, stopped_while_bodies_settle_goes_on_to_the_same_bits)
{
    // nothing rests for 60 ms of a fall, so the first looks at the clock are before that
    cr_assert(eq(int, run(SETTLED, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    const pid_t child =
        start(SETTLED, "--output cut/run.h5 --checkpoint-interval '1 us' --quiet", 1);
    cr_assert(wait_for_stage(child, "cut/run.h5", "window"), "%s", words());
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    struct qn_store *s = load("cut/run.h5");
    struct qn_settling at;
    cr_assert(qn_store_get_exactly(s, "/checkpoint/window/settling", &at, sizeof at) == QN_OK);
    cr_expect(eq(int, at.done, 0));
    qn_store_free(s);
    cr_assert(eq(int, run(SETTLED, "--output cut/run.h5 --resume --quiet", 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(settling_run, what_cannot_settle_is_told)
{
    cr_expect(eq(int, run(SETTLED "--set run.settle='5 ms' ", "--output a/run.h5 --quiet", 1), 4));
    cr_expect(strstr(words(), "did not settle within run.settle, 0.005 s") != NULL, "%s", words());
    cr_expect(eq(int, run(SETTLED "--set mill.gravity=none ", "--output b/run.h5 --quiet", 1), 3));
    cr_expect(strstr(words(), "run.settle: mill.gravity is none, so nothing falls") != NULL, "%s",
              words());
}
