// Mechanical rate types in a whole run: their channels, the area that grows and the size that falls
// are in the run file, elements stay, and threads and ranks change no bit.
#include <math.h>

#include "run_fixture.h"

TestSuite(blows_run, .init = enter, .fini = leave, .timeout = 100);

// the accelerated mechanism with half of the oxide's sites buried, a solid that loses its crystals,
// and iron of the media; numbers are of no real matter
static void write_inputs(void)
{
    FILE *f = fopen("edit.sed", "w");
    cr_assert(f != NULL);
    fputs(
        "s/species: \\[S(ox), /species: [S(ox), B(ox), F(ox), /\n"
        "/^phases:/a - {name: fe, thermo: fixed-stoichiometry, species: [Fe]}\\\n"
        "- {name: worn, thermo: fixed-stoichiometry, species: [Few]}\\\n"
        "- {name: crystal, thermo: fixed-stoichiometry, species: [X]}\\\n"
        "- {name: glass, thermo: fixed-stoichiometry, species: [Xa]}\n"
        "/^species:/a - {name: B(ox), composition: {}, buried: true}\\\n"
        "- {name: F(ox), composition: {}}\\\n"
        "- {name: Fe, composition: {Fe: 1}}\\\n"
        "- {name: Few, composition: {Fe: 1}}\\\n"
        "- {name: X, composition: {Zr: 1}}\\\n"
        "- {name: Xa, composition: {Zr: 1}}\n"
        "$a - {equation: B(ox) => F(ox), type: fresh-surface, rate: {yield: 0.5 m2/J}}\\\n"
        "- {equation: Fe => Few, type: wear, rate: {K: 1e-3, hardness: 3.5 GPa, friction: 0.5, "
        "density: 7.9 g/cm^3}}\\\n"
        "- {equation: X => Xa, type: comminution, rate: {k: 1.0e-5 kg/J, limit: 0.3, from: 80 nm, "
        "to: 8 nm}}\\\n"
        "- {equation: F(ox) => S(ox), type: stress-assisted, cap: reactants, rate: {A: 1.0e+8 1/s, "
        "Ea: 60 kJ/mol, V-act: 10 cm^3/mol}}\n",
        f);
    fclose(f);
    cr_assert(
        eq(int,
           system("sed -f edit.sed " QUERN_SOURCE_DIR
                  "/inputs/accelerated/mechanism.yaml >mechanism.yaml && sed '/^  mechanism:/a "
                  "\\  start: {S(ox): 0.5, B(ox): 0.5}\\n  solid: {Fe: 2 mol/kg, X: 8 "
                  "mol/kg}' " QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml >deck.yaml"),
           0));
}

#define OPTIONS                                                                                    \
    "--set run.window_powder=carried --set run.window_min='0.06 s' --set run.window_max='0.06 s' " \
    "--set run.start_up='0.05 s' --set run.direct_span='8 ms' --set run.bridged='0.5 s' "          \
    "--set run.bridged_points=5 --set run.bridge_level=map --quiet "

static double sum_of(const struct qn_store *s, const char *path)
{
    size_t dims[QN_STORE_RANK];
    const double *x = qn_store_get(s, path, NULL, dims);
    cr_assert(x != NULL, "%s is not there", path);
    double sum = 0.0;
    for (size_t k = 0; k < dims[0]; k++) {
        sum += x[k];
    }
    return sum;
}

static double last_over_first(const struct qn_store *s, const char *path, double *first)
{
    size_t dims[QN_STORE_RANK];
    const double *x = qn_store_get(s, path, NULL, dims);
    cr_assert(x != NULL && dims[0] > 1, "%s is not there", path);
    *first = x[0];
    return x[dims[0] - 1] / x[0];
}

Test(blows_run, channels_area_and_size_are_in_the_run_file_on_any_threads_and_ranks)
{
    static const char *const span[2] = {"/chemistry/direct", "/chemistry/bridged"};
    static const char *const channel[4] = {"fresh_surface", "wear", "comminution", "stress"};
    double first;
    char path[128];
    write_inputs();
    cr_assert(eq(int, run("deck.yaml", OPTIONS "--output one/run.h5", 1), 0), "%s", words());
    struct qn_store *s = load("one/run.h5");
    for (int i = 0; i < 2; i++) {
        for (int c = 0; c < 4; c++) {
            snprintf(path, sizeof path, "%s/channels/%s", span[i], channel[c]);
            cr_expect(sum_of(s, path) > 0.0, "%s", path);
        }
        snprintf(path, sizeof path, "%s/area/ball_coating/zro2", span[i]);
        cr_expect(last_over_first(s, path, &first) > 1.0001, "%s", path);
        snprintf(path, sizeof path, "%s/size/ball_coating/4", span[i]);
        const double fell = last_over_first(s, path, &first);
        // at most to the mean of 30 % of the small and 70 % of the large ones
        cr_expect(fell < 0.9999 && fell > (0.7 + 0.3 * 0.1) * 80e-9 / first, "%s: %g", path, fell);
    }
    snprintf(path, sizeof path, "%s/area/ball_coating/zro2", span[0]);
    (void)last_over_first(s, path, &first);
    cr_expect(fabs(first / 25e3 - 1.0) < 1e-9, "half of 50 m2/g at the start: %g m2/kg", first);
    const double *error = qn_store_get(s, "/merit/element_residual", NULL, NULL);
    cr_assert(error != NULL);
    cr_expect(error[0] < 1e-12, "elements %g", error[0]);
    qn_store_free(s);
    cr_assert(eq(int, run("deck.yaml", OPTIONS "--output two/run.h5", 2), 0), "%s", words());
    expect_same_results("one/run.h5", "two/run.h5");
    cr_assert(eq(int,
                 system("OMP_NUM_THREADS=1 mpirun --oversubscribe -n 3 " QUERN_EXE
                        " run deck.yaml " OPTIONS "--output ranks/run.h5 >words 2>&1 </dev/null"),
                 0),
              "%s", words());
    expect_same_results("one/run.h5", "ranks/run.h5");
    // stopped in the direct span and killed in the hours
    pid_t child = start("deck.yaml", OPTIONS "--output cut/run.h5 --checkpoint-interval '1 ms'", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "direct"));
    kill(child, SIGUSR1);
    cr_assert(eq(int, finish(child), 85), "%s", words());
    child =
        start("deck.yaml", OPTIONS "--output cut/run.h5 --checkpoint-interval '1 ms' --resume", 1);
    if (wait_for_stage(child, "cut/run.h5", "hours")) {
        kill(child, SIGKILL);
    }
    finish(child);
    cr_assert(eq(int, run("deck.yaml", OPTIONS "--output cut/run.h5 --resume", 2), 0), "%s",
              words());
    expect_same_results("one/run.h5", "cut/run.h5");
}

Test(blows_run, metal_of_the_wear_type_is_half_of_what_archards_report_has)
{
    // both from the same work of sliding with the same K and hardness: the report has two surfaces
    // of steel to a contact of media, the reaction one K W_slip/(mu H)
    write_inputs();
    cr_assert(
        eq(int,
           run("deck.yaml",
               OPTIONS "--set run.direct_span='0 s' --set contact.friction=0.5 "
                       "--set wear.steel.coefficient=1e-3 --set wear.steel.hardness='3.5 GPa' "
                       "--set wear.steel.composition='{Fe: 1}' --output one/run.h5",
               1),
           0),
        "%s", words());
    struct qn_store *s = load("one/run.h5");
    const double fresh = 55.845e-3 * sum_of(s, "/chemistry/bridged/channels/wear"); // [kg]
    const double worn = sum_of(s, "/wear/element_mass") * 7900.0 / 7930.0;
    cr_expect(epsilon_eq(dbl, 2.0 * fresh / worn, 1.0, 1e-3), "%g kg of %g", fresh, worn);
    qn_store_free(s);
}

Test(blows_run, quern_mechanism_lists_each_with_its_values)
{
    write_inputs();
    cr_assert(
        eq(int, system(QUERN_EXE " mechanism mechanism.yaml --temperature '300 K' >words"), 0));
    cr_expect(strstr(words(),
                     "wear, K 0.001, hardness 3.5e+09 Pa, friction 0.5, density 7900 kg/m3; "
                     "by slip energy\n") != NULL,
              "%s", words());
    cr_assert(eq(
        int, system(QUERN_EXE " mechanism mechanism.yaml --temperature '300 K' --json >words"), 0));
    cr_expect(strstr(words(), "\"type\": \"comminution\", \"channel\": \"comminution\", \"cap\": "
                              "\"reactants\", \"k\": ") != NULL);
}
