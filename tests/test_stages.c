// Stages of the hours in whole runs: gas let in and out, the mill that stops, the same bits on
// threads and after a stop.
#include <math.h>

#include "run_fixture.h"

TestSuite(stages, .init = enter_ranks, .fini = leave, .timeout = 100);

#define HOURS                                                                                      \
    SMALL "--set run.direct_span='0 s' --set run.bridged_points=24 --set run.window_min='0.05 s' " \
          "--set run.window_max='0.05 s' "
#define STAGES                                                                                     \
    "--set run.stages=\"[{do: mill, for: 2 s}, {do: sample, volume: 1 mL}, "                       \
    "{do: hold, for: 1 s, temperature: 80 degC}, {do: evacuate, to: 100 Pa}, "                     \
    "{do: fill, pressure: {CO2: 0.5 bar, H2: 4 bar}}, "                                            \
    "{do: mill, for: 2 s, flow: 2 mL/s, feed: {CO2: 0.5 bar, H2: 4 bar}}]\" "

static const double *series(const struct qn_store *s, const char *name, size_t *n)
{
    char path[128];
    size_t dims[QN_STORE_RANK] = {0};
    snprintf(path, sizeof path, "/chemistry/bridged/%s", name);
    const double *x = qn_store_get(s, path, NULL, dims);
    cr_assert(x != NULL, "%s is not there", path);
    *n = dims[0];
    return x;
}

// free volume of the deck's vial: 20 x 20 mm, 12 balls of 5 mm, 0.125 g of oxide [m3]
static double volume(void)
{
    const double pi = 3.14159265358979323846;
    return pi * 0.01 * 0.01 * 0.02 - 12.0 * pi / 6.0 * 125e-9 - 0.125e-3 / 5680.0;
}

Test(stages, gas_comes_and_goes_and_every_mole_is_told)
{
    cr_assert(eq(int, run(HOURS STAGES, "--output a/run.h5", 2), 0), "%s", words());
    struct qn_store *s = load("a/run.h5");
    size_t n, k;
    const double *t = series(s, "time", &n);
    const double *p = series(s, "pressure", &k);
    const double *co2 = series(s, "gas/CO2", &k);
    const double *added = series(s, "added/CO2", &k), *removed = series(s, "removed/CO2", &k);
    const double *error = series(s, "element_residual", &k);
    // 24 points over 5 s, 8 at least, and the start of each stage: 11, 9 and 11 rows
    cr_assert(n == 31 && k == n);
    static const double begins[3] = {0.0, 2.0, 3.0}, ends[3] = {2.0, 3.0, 5.0};
    static const size_t first[3] = {0, 11, 20}, last[3] = {10, 19, 30};
    for (int stage = 0; stage < 3; stage++) {
        cr_expect(fabs(t[first[stage]] - begins[stage]) < 1e-9);
        cr_expect(fabs(t[last[stage]] - ends[stage]) < 1e-9);
    }
    // a millilitre of some 4 is drawn; then 100 Pa are left, at 80 degC, and the fill comes on top
    cr_expect(fabs(removed[11] / (co2[11] + removed[11]) - 1e-6 / volume()) < 1e-6, "%g",
              removed[11] / (co2[11] + removed[11]));
    const double filled = 4.5e5 * 338.15 / 298.15 + 100.0 * 338.15 / 353.15;
    cr_expect(fabs(p[20] / filled - 1.0) < 1e-6, "%g Pa after the fill, want %g", p[20], filled);
    cr_expect(removed[30] > removed[20] && added[30] > added[20], "it flows");
    cr_expect(fabs((added[30] - added[20]) / (2.0 * 2e-6 * 0.5e5 / (8.314462618 * 338.15)) - 1.0) <
              1e-6);
    cr_expect(error[n - 1] < 1e-11, "%g", error[n - 1]);
    qn_store_free(s);
}

Test(stages, a_stop_in_the_middle_other_threads_and_four_ranks_end_in_the_same_bits)
{
    cr_assert(eq(int, run(HOURS STAGES, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    cr_assert(eq(int,
                 system("OMP_NUM_THREADS=1 mpirun -n 4 " QUERN_EXE " run " HOURS STAGES
                        "--output ranks/run.h5 --quiet >words 2>&1 </dev/null"),
                 0),
              "%s", words());
    expect_same_results("ref/run.h5", "ranks/run.h5");
    pid_t child =
        start(HOURS STAGES, "--output cut/run.h5 --checkpoint-interval '1 ms' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "hours"));
    kill(child, SIGUSR1);
    cr_assert(eq(int, finish(child), 85), "%s", words());
    child =
        start(HOURS STAGES, "--output cut/run.h5 --checkpoint-interval '1 ms' --quiet --resume", 1);
    nap(1.5);
    kill(child, SIGKILL); // somewhere later
    finish(child);
    cr_assert(eq(int, run(HOURS STAGES, "--output cut/run.h5 --quiet --resume", 2), 0), "%s",
              words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(stages, a_single_stage_of_milling_is_what_run_bridged_says)
{
    cr_assert(eq(int, run(HOURS, "--set run.bridged='2 s' --output a/run.h5 --quiet", 1), 0), "%s",
              words());
    cr_assert(
        eq(int,
           run(HOURS, "--set run.stages='[{do: mill, for: 2 s}]' --output b/run.h5 --quiet", 1), 0),
        "%s", words());
    struct qn_store *a = load("a/run.h5"), *b = load("b/run.h5");
    qn_store_text(b, "/deck", qn_store_get_text(a, "/deck"), "");
    cr_assert(qn_store_write(b, "b/same.h5") == QN_OK);
    qn_store_free(a);
    qn_store_free(b);
    expect_same_results("a/run.h5", "b/same.h5");
}

Test(stages, what_does_not_fit_is_named)
{
    cr_assert(eq(int, run(HOURS, "--set run.stages='[{do: fill}]' --output a.h5", 1), 3));
    cr_expect(strstr(words(), "run.stages[0]") != NULL && strstr(words(), "pressure") != NULL, "%s",
              words());
    cr_assert(eq(int,
                 run(HOURS,
                     "--set run.stages='[{do: fill, pressure: {Xe: 1 bar}}, {do: mill, for: 1 s}]' "
                     "--output a.h5",
                     1),
                 3));
    cr_expect(strstr(words(), "a gas that is not in") != NULL && strstr(words(), "Xe") != NULL,
              "%s", words());
    cr_assert(eq(
        int, run(HOURS, "--set run.stages='[{do: mill, for: 1 s, flow: 1 mL/s}]' --output a.h5", 1),
        3));
    cr_expect(strstr(words(), "a flow needs a feed") != NULL, "%s", words());
    cr_assert(eq(int,
                 run(HOURS,
                     "--set run.bridged='3 s' --set run.stages='[{do: mill, for: 1 s}]' "
                     "--output a.h5",
                     1),
                 3));
    cr_expect(strstr(words(), "leave it out") != NULL, "%s", words());
}
