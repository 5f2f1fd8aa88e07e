// Computed temperatures and wear in a whole run: series, books, the same bits on threads, ranks and
// after a stop, and a deck that holds its temperatures is left alone.
#include <math.h>

#include "run_fixture.h"

TestSuite(heat_run, .init = enter, .fini = leave, .timeout = 100);

// "hours" of two seconds, with a vial of 8 g: all is a few kelvins warmer by then
#define HOURS                                                                                      \
    SMALL "--set run.direct_span='0 s' --set run.bridged='2 s' --set run.bridged_points=8 "
#define HEAT                                                                                       \
    "--set heat.balance=computed --set heat.vial_mass='8 g' --set heat.cooling='0.2 W/K' "         \
    "--set heat.ambient='65 degC' --set heat.gas_conductivity='0.15 W/(m K)' "                     \
    "--set heat.gas_viscosity='3e-5 m2/s' "
#define WEAR                                                                                       \
    "--set wear.steel.coefficient=1e-4 --set wear.steel.hardness='4 GPa' "                         \
    "--set wear.steel.composition='{Fe: 0.7175, Cr: 0.19, Ni: 0.0925}' "

static const double *row_of(const struct qn_store *s, const char *path, size_t *n)
{
    size_t dims[QN_STORE_RANK];
    int rank;
    const double *x = qn_store_get(s, path, &rank, dims);
    cr_assert(x != NULL, "%s is not there", path);
    *n = 1;
    for (int k = 0; k < rank; k++) {
        *n *= dims[k];
    }
    return x;
}

static double sum_of(const struct qn_store *s, const char *path)
{
    size_t n;
    const double *x = row_of(s, path, &n);
    double sum = 0.0;
    for (size_t k = 0; k < n; k++) {
        sum += x[k];
    }
    return sum;
}

static double number(const struct qn_store *s, const char *path)
{
    size_t n;
    return row_of(s, path, &n)[0];
}

/// What the balance of the hours must show.
static void balance(const struct qn_store *s)
{
    size_t n, m;
    const double *wall = row_of(s, "/heat/hours/temperature/wall", &n);
    const double *balls = row_of(s, "/heat/hours/temperature/balls_1", &m);
    cr_assert(n == 9 && m == 9);
    cr_expect(fabs(wall[0] - 338.15) < 1e-9 && fabs(balls[0] - 338.15) < 1e-9);
    for (size_t k = 1; k < n; k++) {
        cr_expect(wall[k] > wall[k - 1] && balls[k] > wall[k]);
    }
    // power in over 0.2 W/K is where the wall ends; in two seconds 12 balls, 8 g of vial and the
    // powder, 5.6 J/K, are warmer by what went in, the wall by less, the balls by more
    const double power = sum_of(s, "/heat/window/source");
    const double mean = 2.0 * power / 5.6;
    cr_expect(wall[8] < 338.15 + power / 0.2 && wall[8] - 338.15 > 0.25 * mean &&
                  balls[8] - 338.15 > 0.5 * mean && balls[8] - 338.15 < 1.5 * mean,
              "%g W: wall %g K, balls %g K", power, wall[8], balls[8]);
    const double *book = row_of(s, "/heat/hours/book", &m);
    for (size_t k = 1; k < n; k++) {
        const double *b = book + 3 * k;
        // round-off is that of what lies above the ambient, 5.6 J/K at 40 K
        cr_expect(fabs(b[0] - b[1] - b[2]) < 1e-14 * 224.0, "%g J of %g J", b[0] - b[1] - b[2],
                  b[0]);
    }
    cr_expect(number(s, "/merit/heat_residual") < 1e-12);
    cr_expect(fabs(number(s, "/merit/wall_temperature") - wall[8]) < 1e-9);
    // the gas's pressure follows its temperature: more than the moles alone say
    const double *pressure = row_of(s, "/chemistry/bridged/pressure", &m);
    const double *gas = row_of(s, "/heat/hours/temperature/gas", &m);
    cr_expect(gas[8] > gas[0] && pressure[0] > 0.0);
}

/// The window's accounts and the wear that follows.
static void accounts(const struct qn_store *s)
{
    size_t n;
    const double dissipated = number(s, "/merit/power");
    const double heat = sum_of(s, "/heat/window/source"), stored = number(s, "/heat/window/stored");
    cr_expect(fabs((heat + stored) / dissipated - 1.0) < 1e-12);
    cr_expect(fabs(stored / (0.075 * dissipated) - 1.0) < 1e-12); // f_p (1 - beta)
    const double span = number(s, "/statistics/span");
    const double bodies = sum_of(s, "/heat/window/bodies/heat");
    cr_expect(fabs(bodies / (heat * span) - 1.0) < 1e-12, "%g %g", bodies, heat * span);
    // mass = K rho F s/H of all surfaces
    const double path = sum_of(s, "/wear/load_path") / span;
    const double worn = sum_of(s, "/wear/rate");
    cr_expect(fabs(worn / (1e-4 / 4e9 * 7930.0 * path) - 1.0) < 1e-12);
    cr_expect(fabs(sum_of(s, "/wear/element_rate") / worn - 1.0) < 1e-12);
    cr_expect(fabs(sum_of(s, "/wear/element_mass") / (2.0 * worn) - 1.0) < 1e-12);
    const double *rate = row_of(s, "/wear/rate", &n);
    cr_expect(fabs(sum_of(s, "/wear/ball_rate") / rate[0] - 1.0) < 1e-12);
    // per area times area over the map is the wall's
    size_t patches;
    const double *area = row_of(s, "/wear/wall/area", &patches);
    const double *loss = row_of(s, "/wear/wall/rate", &patches);
    double wall = 0.0;
    for (size_t k = 0; k < patches; k++) {
        wall += area[k] * loss[k];
    }
    cr_expect(fabs(wall / rate[1] - 1.0) < 1e-12);
}

Test(heat_run, temperatures_and_wear_are_in_the_run_file_with_the_same_bits_anywhere)
{
    cr_assert(eq(int, run(HOURS HEAT WEAR, "--output one/run.h5 --quiet", 1), 0), "%s", words());
    struct qn_store *s = load("one/run.h5");
    balance(s);
    accounts(s);
    qn_store_free(s);
    cr_assert(eq(int, run(HOURS HEAT WEAR, "--output two/run.h5 --quiet", 2), 0), "%s", words());
    expect_same_results("one/run.h5", "two/run.h5");
    static const char *const ranks[2] = {"2", "3"};
    for (int k = 0; k < 2; k++) {
        char command[1600];
        snprintf(command, sizeof command,
                 "OMP_NUM_THREADS=1 mpirun --oversubscribe -n %s %s run %s --quiet "
                 "--output ranks%s/run.h5 >words 2>&1 </dev/null",
                 ranks[k], QUERN_EXE, HOURS HEAT WEAR, ranks[k]);
        cr_assert(eq(int, system(command), 0), "%s", words());
        snprintf(command, sizeof command, "ranks%s/run.h5", ranks[k]);
        expect_same_results("one/run.h5", command);
    }
    // a run that finds the window has the same accounts
    cr_assert(eq(int, run(HOURS HEAT WEAR, "--output one/again.h5 --quiet", 1), 0), "%s", words());
    s = load("one/again.h5");
    accounts(s);
    qn_store_free(s);
}

/// Stop as soon as `stage` has a checkpoint, go on with other threads, compare.
static void stop_in(const char *stage, const char *options)
{
    char all[1024];
    cr_assert(eq(int, run(HOURS HEAT WEAR, options, 1), 0), "%s", words());
    cr_assert(eq(int, system("mkdir -p ref && mv run.h5 ref/ && rm -rf windows"), 0));
    snprintf(all, sizeof all, "%s --checkpoint-interval '0.01 s'", options);
    const pid_t child = start(HOURS HEAT WEAR, all, 2);
    cr_assert(wait_for_stage(child, "run.h5", stage), "no checkpoint in %s: %s", stage, words());
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    snprintf(all, sizeof all, "%s --resume", options);
    cr_assert(eq(int, run(HOURS HEAT WEAR, all, 1), 0), "%s", words());
    expect_same_results("ref/run.h5", "run.h5");
}

Test(heat_run, a_stop_in_the_window_changes_no_bit)
{
    stop_in("window", "--output run.h5 --quiet");
}

Test(heat_run, a_stop_in_the_hours_changes_no_bit)
{
    stop_in("hours", "--output run.h5 --quiet --set run.bridged_points=60");
}

Test(heat_run, replay_follows_the_temperature_too)
{
    const char *options = "--output run.h5 --quiet --set run.bridge_level=replay "
                          "--set run.replay_carriers=4";
    cr_assert(eq(int, run(HOURS HEAT, options, 2), 0), "%s", words());
    struct qn_store *s = load("run.h5");
    size_t n;
    const double *wall = row_of(s, "/heat/hours/temperature/wall", &n);
    cr_expect(wall[n - 1] > wall[0] + 0.5);
    cr_expect(number(s, "/merit/element_residual") < 1e-12);
    qn_store_free(s);
}

Test(heat_run, faults_of_the_deck_are_told)
{
    cr_expect(eq(int, run(HOURS, "--output a/run.h5 --set heat.balance=computed", 1), 3));
    cr_expect(strstr(words(), "heat.vial_mass: missing") != NULL, "%s", words());
    cr_expect(strstr(words(), "heat.cooling: missing") != NULL, "%s", words());
    cr_expect(eq(int, run(HOURS, "--output a/run.h5 --set wear.stele.coefficient=1e-4", 1), 3));
    cr_expect(strstr(words(), "no material of that name") != NULL, "%s", words());
    cr_expect(eq(int,
                 run(HOURS,
                     "--output a/run.h5 --set wear.steel.coefficient=1e-4 --set "
                     "wear.steel.hardness='4 GPa' --set wear.steel.composition='{Fe: 0.7}'",
                     1),
                 3));
    cr_expect(strstr(words(), "the shares sum to 0.7, not 1") != NULL, "%s", words());
}

Test(heat_run, a_direct_span_follows_the_climate_into_the_hours)
{
    // each lump by itself; the span ends where the hours begin
    const char *const both = SMALL "--set run.bridged='2 s' --set run.bridged_points=4 "
                                   "--set powder.mass='0.14 g' ";
    char deck[1024];
    snprintf(deck, sizeof deck, "%s%s", both, HEAT);
    cr_assert(eq(int, run(deck, "--output warm/run.h5 --quiet", 1), 0), "%s", words());
    cr_assert(eq(int, run(both, "--output held/run.h5 --quiet", 1), 0), "%s", words());
    struct qn_store *s = load("warm/run.h5"), *h = load("held/run.h5");
    size_t n, m;
    const double *t = row_of(s, "/heat/direct/time", &m);
    cr_assert(gt(sz, m, 10));
    cr_expect(epsilon_eq(dbl, t[m - 1], 0.1, 1e-5)); // the last step may end beyond it
    static const char *const lump[] = {"balls_1", "wall", "powder", "gas"};
    for (int k = 0; k < 4; k++) {
        char path[64];
        snprintf(path, sizeof path, "/heat/hours/temperature/%s", lump[k]);
        const double then = row_of(s, path, &n)[0];
        snprintf(path, sizeof path, "/heat/direct/temperature/%s", lump[k]);
        const double *T = row_of(s, path, &n);
        cr_assert(eq(sz, n, m));
        cr_expect(epsilon_eq(dbl, T[0], 338.15, 1e-12 * 338.15)); // the deck's 65 degC
        cr_expect(epsilon_eq(dbl, T[m - 1], then, 1e-4 * fabs(then - 338.15)), "%s", lump[k]);
        cr_expect(gt(dbl, T[m - 1], k == 0 ? 338.16 : 338.15), "%s", lump[k]);
    }
    const double warm = row_of(s, "/chemistry/direct/gas/CO2", &n)[m - 1];
    cr_expect(row_of(h, "/chemistry/direct/gas/CO2", &n)[m - 1] != warm, "the chemistry feels it");
    qn_store_free(s);
    qn_store_free(h);
}
