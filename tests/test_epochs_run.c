// Windows that follow the coatings, end to end: what a window with the coatings of then changes,
// the powder and the elements kept, windows reused, the same bits on ranks and after stops.
#include <math.h>

#include "model/coating.h"
#include "run_fixture.h"

TestSuite(epochs_run, .init = enter_ranks, .fini = leave, .timeout = 200);

// Windows of 50 ms over a second of "hours" in which coatings are shed within seconds; e and mu
// follow them closely. No real powder.
#define SHORT                                                                                      \
    SMALL "--set run.window_min='0.05 s' --set run.window_max='0.05 s' "                           \
          "--set run.direct_span='0 s' --set powder.mass='0.2 g' --set powder.coating=law "        \
          "--set powder.pick_up='5 mg/J' --set powder.shed='1e-4 m2/J' "                           \
          "--set powder.coating_drift=0.3 --set contact.powder_friction=0.9 "                      \
          "--set contact.coating_scale='0.05 kg/m2' --set run.bridged_points=8 "                   \
          "--set run.hash_every=5000 "
#define SECOND "--set run.bridged='1 s' "

// of the deck: 12 balls of 5 mm in a vial of 20 x 20 mm [m2]; oxide at half density [kg/m3]
static const double BALLS = 12.0 * M_PI * 25e-6, WALL = M_PI * (4e-4 + 2e-4);
static const double BULK = 0.5 * 5680.0;

static const double *get(const struct qn_store *s, const char *path, size_t *n)
{
    size_t dims[QN_STORE_RANK];
    const double *x = qn_store_get(s, path, NULL, dims);
    cr_assert(x != NULL, "%s is not there", path);
    *n = dims[0];
    return x;
}

/// Friction and restitution of the table follow its coatings.
static void check_contacts(const struct qn_store *s, size_t n)
{
    size_t k;
    const double *sigma = get(s, "/coating/epochs/sigma", &k);
    const double *mu = get(s, "/coating/epochs/friction", &k);
    const double *e = get(s, "/coating/epochs/restitution", &k);
    const double *power = get(s, "/coating/epochs/power", &k);
    for (k = 0; k < n; k++) {
        const double ball = sigma[2 * k], both = 0.5 * (ball + sigma[2 * k + 1]);
        // the window's coatings are rounded to 5e-4
        cr_expect(fabs(mu[2 * k] - (0.9 - 0.5 * exp(-ball / 0.05))) < 3e-4);
        cr_expect(fabs(mu[2 * k + 1] - (0.9 - 0.5 * exp(-both / 0.05))) < 3e-4);
        cr_expect(k == 0 || ball < sigma[2 * k - 2]);
    }
    cr_expect(e[2 * (n - 1)] > e[0] + 0.03, "%g after %g", e[2 * (n - 1)], e[0]);
    cr_expect(fabs(power[1] / power[0] - 1.0) > 1e-3, "%g and %g W", power[1], power[0]);
}

/// Each epoch goes on as the law has it with the doses and impacts of its own window.
static void check_law(const struct qn_store *s, size_t n)
{
    size_t k, rows;
    const double *sigma = get(s, "/coating/epochs/sigma", &k);
    const double *at = get(s, "/coating/epochs/milled", &k);
    const double *dose = get(s, "/coating/epochs/dose_power", &k);
    const double *hit = get(s, "/coating/epochs/impact_power", &k);
    for (k = 0; k + 1 < n; k++) {
        double m[QN_COATINGS] = {BALLS * sigma[2 * k], WALL * sigma[2 * k + 1], 0.0};
        m[2] = 0.2e-3 - m[0] - m[1];
        struct qn_coating_law law = {.most = {BALLS * 100e-6 * BULK, WALL * 100e-6 * BULK}};
        law.take[0] = 5e-6 * dose[2 * k] / m[2], law.take[1] = 5e-6 * dose[2 * k + 1] / m[2];
        law.shed[0] = 1e-4 * hit[2 * k] / BALLS, law.shed[1] = 1e-4 * hit[2 * k + 1] / WALL;
        const double before[2] = {m[0], m[1]};
        qn_coating_advance(&law, at[k + 1] - at[k], m);
        cr_expect(epsilon_eq(dbl, m[0] / BALLS / sigma[2 * k + 2], 1.0, 1e-3));
        cr_expect(epsilon_eq(dbl, m[1] / WALL / sigma[2 * k + 3], 1.0, 1e-3));
        const double moved = fmax(qn_coating_moved(before[0], m[0], law.most[0]),
                                  qn_coating_moved(before[1], m[1], law.most[1]));
        cr_expect(fabs(moved - 0.3) < 1e-3, "%g", moved);
    }
    const double *all = get(s, "/coating/sigma", &rows), *loose = get(s, "/coating/loose", &k);
    cr_assert(rows == 101 + n - 1 && k == rows);
    for (k = 0; k < rows; k++) {
        const double sum = BALLS * all[2 * k] + WALL * all[2 * k + 1] + loose[k];
        cr_expect(epsilon_eq(dbl, sum / 0.2e-3, 1.0, 2e-15));
    }
}

/// Carbon of gas and powder at every row, the powder where it is by then: 50 m2/g of sites at 12
/// umol/m2, each species on one of them with one carbon.
static void check_carbon(const struct qn_store *s, size_t n)
{
    static const char *const classes[3] = {"ball_coating", "wall_coating", "loose"};
    static const char *const held[4] = {"CO2(ox)", "CO2a(ox)", "CH2O2(ox)", "CH2O(ox)"};
    size_t rows, k, epoch = 0;
    const double *time = get(s, "/chemistry/bridged/time", &rows);
    const double *co2 = get(s, "/chemistry/bridged/gas/CO2", &k);
    const double *ch4 = get(s, "/chemistry/bridged/gas/CH4", &k);
    const double *sigma = get(s, "/coating/epochs/sigma", &k);
    const double *begin = get(s, "/coating/epochs/time", &k);
    double first = 0.0;
    for (size_t i = 0; i < rows; i++) {
        const int border = i > 0 && time[i] - time[i - 1] < 1e-9; // last of one, first of the next
        epoch += border && epoch + 1 < n && fabs(time[i] - begin[epoch + 1]) < 1e-9;
        double mass[3] = {BALLS * sigma[2 * epoch], WALL * sigma[2 * epoch + 1], 0.0};
        mass[2] = 0.2e-3 - mass[0] - mass[1];
        double carbon = co2[i] + ch4[i];
        for (int c = 0; c < 3; c++) {
            for (int q = 0; q < 4; q++) {
                char path[96];
                snprintf(path, sizeof path, "/chemistry/bridged/coverage/%s/%s", classes[c],
                         held[q]);
                carbon += mass[c] * 12e-6 * 50e3 * get(s, path, &k)[i];
            }
        }
        first = i == 0 ? carbon : first;
        cr_expect(epsilon_eq(dbl, carbon / first, 1.0, 1e-12), "row %zu", i);
    }
    cr_expect(epoch + 1 == n, "%zu borders seen", epoch);
}

static int lines(const char *text)
{
    int n = 0;
    for (; *text; text++) {
        n += *text == '\n';
    }
    return n;
}

Test(epochs_run, windows_follow_the_coatings_and_are_reused)
{
    cr_assert(eq(int, run(SHORT SECOND, "--output a/run.h5", 1), 0), "%s", words());
    cr_expect(strstr(words(), "h of milling would take ") != NULL, "%s", words());
    cr_expect(strstr(words(), "WARNING   a coating") == NULL, "%s", words());
    struct qn_store *s = load("a/run.h5");
    size_t n, k;
    (void)get(s, "/coating/epochs/time", &n);
    cr_assert(n >= 3 && n <= 10, "%zu windows", n);
    check_contacts(s, n);
    check_law(s, n);
    check_carbon(s, n);
    const char *hashes = qn_store_get_text(s, "/coating/epochs/windows");
    cr_assert(hashes && lines(hashes) == (int)n);
    for (k = 0; k < n; k++) {
        char path[64];
        snprintf(path, sizeof path, "a/windows/%.16s.h5", hashes + 17 * k);
        cr_expect(access(path, F_OK) == 0, "%s", path);
    }
    cr_expect(get(s, "/merit/element_residual", &k)[0] < 1e-12);
    // the milled energy is that of each window for its own time
    const double *power = get(s, "/coating/epochs/power", &k);
    const double *at = get(s, "/coating/epochs/milled", &k);
    double energy = 0.0;
    for (k = 0; k < n; k++) {
        energy += power[k] * ((k + 1 < n ? at[k + 1] : 1.0) - at[k]);
    }
    cr_expect(epsilon_eq(dbl, get(s, "/merit/dose", &k)[0] / (1e-6 * energy / 0.2e-3), 1.0, 1e-12));
    qn_store_free(s);

    // again: every window is there, and a deck that says the same has the same
    cr_assert(eq(int, run(SHORT SECOND, "--output a/again.h5", 1), 0), "%s", words());
    for (k = 0; k < n; k++) {
        char want[64];
        snprintf(want, sizeof want, k ? "window_%zu: reusing a/windows/" : "window: reusing a/",
                 k + 1);
        cr_expect(strstr(words(), want) != NULL, "%s in %s", want, words());
    }
    expect_same_results("a/run.h5", "a/again.h5");
}

Test(epochs_run, without_chemistry_the_windows_are_followed_too)
{
    cr_assert(
        eq(int,
           run(SHORT SECOND,
               "--set chemistry=none --set gas=none --set run.windows=2 --output a/run.h5", 1),
           0),
        "%s", words());
    cr_expect(strstr(words(), "run.windows allows no more than 2") != NULL, "%s", words());
    struct qn_store *s = load("a/run.h5");
    size_t n, k;
    (void)get(s, "/coating/epochs/time", &n);
    cr_expect(eq(int, (int)n, 2));
    check_contacts(s, 1 + (n > 1));
    const double late = get(s, "/coating/late", &k)[0];
    cr_expect(late > get(s, "/coating/epochs/time", &k)[1] && late < 1.0, "%g", late);
    qn_store_free(s);
    // one window: as it ever was, an outlook
    cr_assert(
        eq(int,
           run(SHORT SECOND,
               "--set chemistry=none --set gas=none --set run.windows=1 --output a/one.h5", 1),
           0),
        "%s", words());
    cr_expect(strstr(words(), "one window cannot serve it") != NULL, "%s", words());
    s = load("a/one.h5");
    cr_expect(item_at(s, "/coating/epochs/time") == NULL);
    qn_store_free(s);
}

// two stages of milling with a hold between, temperatures computed
#define STAGED                                                                                     \
    SHORT "--set run.stages=\"[{do: mill, for: 0.25 s}, {do: hold, for: 0.1 s}, "                  \
          "{do: mill, for: 0.2 s}]\" --set heat.balance=computed --set heat.vial_mass='8 g' "      \
          "--set heat.cooling='0.2 W/K' --set heat.gas_conductivity='0.15 W/(m K)' "               \
          "--set heat.gas_viscosity='3e-5 m2/s' --set wear.steel.coefficient=1e-4 "                \
          "--set wear.steel.hardness='4 GPa' --set wear.steel.composition='{Fe: 1}' "

static void check_stages(void)
{
    struct qn_store *s = load("ref/run.h5");
    size_t n, k, rows;
    const double *time = get(s, "/coating/epochs/time", &n);
    const double *at = get(s, "/coating/epochs/milled", &k);
    cr_assert(n >= 3, "%zu", n);
    for (k = 0; k < n; k++) { // nothing moves while it is held
        cr_expect(epsilon_eq(dbl, time[k], at[k] > 0.25 ? at[k] + 0.1 : at[k], 1e-12));
    }
    cr_expect(get(s, "/merit/heat_residual", &k)[0] < 1e-10, "%g",
              *get(s, "/merit/heat_residual", &k));
    cr_expect(get(s, "/merit/element_residual", &k)[0] < 1e-12);
    const double *heat = get(s, "/heat/hours/book", &rows);
    // of what each window dissipates in its time, all becomes heat but f_p (1 - beta) = 0.75 x 0.1
    const double *power = get(s, "/coating/epochs/power", &k);
    double book = 0.0;
    for (size_t i = 0; i < k; i++) {
        book += 0.925 * power[i] * ((i + 1 < k ? at[i + 1] : 0.45) - at[i]);
    }
    cr_expect(epsilon_eq(dbl, heat[3 * (rows - 1)] / book, 1.0, 1e-9));
    // third book across the windows: what came and did not leave is in the lumps, powder with what
    // it lies on by then (rounded to 5e-4 of a coating) and gas as a diatomic one
    const double *sigma = get(s, "/coating/epochs/sigma", &k) + 2 * (n - 1);
    const double volume = M_PI * 1e-4 * 0.02 - 12.0 * M_PI / 6.0 * 125e-9 - 0.2e-3 / 5680.0;
    const double on[2] = {BALLS * sigma[0], WALL * sigma[1]};
    const double capacity[4] = {12.0 * M_PI / 6.0 * 125e-9 * 7930.0 * 500.0 + on[0] * 455.0,
                                8e-3 * 500.0 + on[1] * 455.0, (0.2e-3 - on[0] - on[1]) * 455.0,
                                2.5 * 4.5e5 * volume / 298.15};
    static const char *const lump[4] = {"balls_1", "wall", "powder", "gas"};
    double stored = 0.0;
    for (int i = 0; i < 4; i++) {
        char path[64];
        snprintf(path, sizeof path, "/heat/hours/temperature/%s", lump[i]);
        stored += capacity[i] * (get(s, path, &k)[rows - 1] - 338.15);
    }
    const double *end = heat + 3 * (rows - 1);
    cr_expect(fabs(stored - (end[0] - end[2])) < 1e-4 * end[0], "%g J of %g - %g", stored, end[0],
              end[2]);
    // wear too: so much iron as all windows rub off in their time
    const double *rate = get(s, "/wear/element_rate", &k), *mass = get(s, "/wear/element_mass", &k);
    cr_expect(fabs(mass[0] / (rate[0] * 0.45) - 1.0) > 1e-4, "%g", mass[0] / (rate[0] * 0.45));
    cr_expect(fabs(mass[0] / (rate[0] * 0.45) - 1.0) < 0.3, "%g", mass[0] / (rate[0] * 0.45));
    qn_store_free(s);
}

/// A checkpoint in the hours, with rows after the time at which the second window's begin.
static int is_past_a_change(const struct qn_store *s, const void *change)
{
    size_t dims[QN_STORE_RANK] = {0};
    const double *t = qn_store_get(s, "/heat/hours/time", NULL, dims);
    return is_in_stage(s, "hours") && t && dims[0] > 0 && t[dims[0] - 1] > *(const double *)change;
}

Test(epochs_run, three_ranks_and_stops_in_a_second_window_and_a_second_epoch_give_the_same_bits)
{
    cr_assert(eq(int, run(STAGED, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    check_stages();
    cr_assert(eq(int,
                 system("OMP_NUM_THREADS=1 mpirun -n 3 " QUERN_EXE " run " STAGED
                        "--output ranks/run.h5 --quiet >words 2>&1 </dev/null"),
                 0),
              "%s", words());
    expect_same_results("ref/run.h5", "ranks/run.h5");
    const char *const often = "--output cut/run.h5 --checkpoint-interval '1 ms' --quiet";
    pid_t child = start(STAGED, often, 1);
    cr_assert(wait_for_stage(child, "cut/run.h5", "windows"), "%s", words());
    kill(child, SIGUSR1);
    cr_assert(eq(int, finish(child), 85), "%s", words());
    struct qn_store *s = load("cut/run.h5");
    const char *stage = qn_store_get_text(s, "/checkpoint/stage");
    cr_expect(stage && strcmp(stage, "windows") == 0);
    qn_store_free(s);
    // on to the hours, killed when some rows are beyond the first window's
    struct qn_store *ref = load("ref/run.h5");
    size_t k;
    const double change = get(ref, "/coating/epochs/time", &k)[1];
    qn_store_free(ref);
    char again[128];
    snprintf(again, sizeof again, "%s --resume", often);
    child = start(STAGED, again, 2);
    cr_assert(wait_for(child, "cut/run.h5", is_past_a_change, &change), "%s", words());
    kill(child, SIGKILL);
    (void)finish(child);
    cr_assert(eq(int, run(STAGED, "--output cut/run.h5 --quiet --resume", 1), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(epochs_run, replayed_carriers_go_through_windows_stages_and_temperatures)
{
    // a time that rounds to itself on its way through the stages before once kept it there for good
    const char *const replay =
        STAGED "--set run.bridge_level=replay --set run.replay_carriers=4 --quiet ";
    cr_assert(eq(int, run(replay, "--output one/run.h5", 1), 0), "%s", words());
    cr_assert(eq(int, run(replay, "--output two/run.h5", 2), 0), "%s", words());
    expect_same_results("one/run.h5", "two/run.h5");
    struct qn_store *s = load("one/run.h5");
    size_t n, k;
    const double change = get(s, "/coating/epochs/time", &n)[1];
    cr_expect(n >= 3, "%zu windows", n);
    // killed beyond a change of the layer, whose pores the carriers had to take over
    const char *const often = "--output cut/run.h5 --checkpoint-interval '1 ms'";
    const pid_t child = start(replay, often, 1);
    cr_assert(wait_for(child, "cut/run.h5", is_past_a_change, &change), "%s", words());
    kill(child, SIGKILL);
    (void)finish(child);
    cr_assert(eq(int, run(replay, "--output cut/run.h5 --resume", 1), 0), "%s", words());
    expect_same_results("one/run.h5", "cut/run.h5");
    const double *t = get(s, "/chemistry/bridged/time", &k);
    cr_expect(epsilon_eq(dbl, t[k - 1], 0.55, 1e-12));
    cr_expect(get(s, "/merit/element_residual", &k)[0] < 1e-12, "%g",
              *get(s, "/merit/element_residual", &k));
    qn_store_free(s);
}

Test(epochs_run, a_smaller_drift_moves_the_result_less_and_less)
{
    double last[3];
    for (int k = 0; k < 3; k++) {
        char options[200], path[32];
        size_t n;
        snprintf(path, sizeof path, "d%d/run.h5", k);
        snprintf(options, sizeof options,
                 "--set chemistry=none --set gas=none --set powder.coating_drift=%g "
                 "--set run.windows=20 --output %s --quiet",
                 1.0 / (1 << k), path);
        cr_assert(eq(int, run(SHORT SECOND, options, 2), 0), "%s", words());
        struct qn_store *s = load(path);
        const double *sigma = get(s, "/coating/sigma", &n);
        last[k] = sigma[2 * (n - 1)];
        qn_store_free(s);
    }
    // the law is of first order in the drift (physics_coating_epochs); windows of 50 ms scatter
    cr_expect(fabs(last[2] - last[1]) < 0.8 * fabs(last[1] - last[0]), "%g %g %g", last[0], last[1],
              last[2]);
}
