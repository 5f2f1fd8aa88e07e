// The coating law in a run: what the window counts for it, its series, and its words.
#include <math.h>

#include "app/powder_classes.h"
#include "bridge/spectrum.h"
#include "model/collisions.h"
#include "run_fixture.h"

TestSuite(coating_run, .init = enter, .fini = leave, .timeout = 100);

#define DECK QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml --set run.direct_span='0 s' "
#define WINDOW                                                                                     \
    DECK "--set powder.mass='0.2 g' --set run.window_powder=carried "                              \
         "--set run.window_min='0.15 s' --set run.window_max='0.15 s' --set run.windows=1 "
#define LAW WINDOW "--set powder.coating=law --set powder.pick_up='1 mg/J' "
static const double SIGMA = 0.5 * 30e-6 * 0.5 * 5680.0; // of the deck's layer [kg/m2]

static const double *get(const struct qn_store *s, const char *path)
{
    const double *x = qn_store_get(s, path, NULL, NULL);
    cr_assert(x != NULL, "%s", path);
    return x;
}

static void check_doses(const struct qn_store *s)
{
    static struct qn_spectrum spectrum;
    size_t dims[QN_STORE_RANK];
    const double *flat = qn_store_get(s, "/spectra/pulses/flat", NULL, dims);
    cr_assert(flat && qn_spectrum_unpack(&spectrum, flat, dims[0]));
    double loose = 0.0;
    for (int k = 0; k < QN_PULSE_KINDS; k++) {
        for (int b = 0; b < QN_SPECTRUM_BINS; b++) {
            loose += spectrum.cls[QN_CLASS_LOOSE].bin[k][b].energy / spectrum.span;
        }
    }
    // carried loose powder is met between media alone: every joule it takes is on one of them
    const double *dose = get(s, "/coating/dose_power"), *hit = get(s, "/coating/impact_power");
    cr_expect(dose[0] > 0.0 && dose[1] > 0.0);
    cr_expect(epsilon_eq(dbl, (dose[0] + dose[1]) / loose, 1.0, 1e-9));
    // all impacts, those of two balls on both: wall's share is that of ball-wall impacts
    const double all = get(s, "/merit/impacts")[0] * 1e-3 * get(s, "/merit/mean_impact_energy")[0];
    const double between = 0.5 * (hit[0] - hit[1]);
    cr_expect(between > 0.0 && hit[1] > 0.0);
    cr_expect(epsilon_eq(dbl, (between + hit[1]) / all, 1.0, 1e-9));
}

Test(coating_run, the_series_keeps_the_powder_and_the_summary_says_when_it_drifts)
{
    cr_assert(eq(int, run(LAW "--set powder.shed='1e-7 m2/J' ", "--output a/run.h5", 1), 0), "%s",
              words());
    cr_expect(strstr(words(), "WARNING   a coating has moved by 5 % after ") != NULL, "%s",
              words());
    struct qn_store *s = load("a/run.h5");
    size_t dims[QN_STORE_RANK];
    check_doses(s);
    const double *sigma = qn_store_get(s, "/coating/sigma", NULL, dims);
    const double *loose = get(s, "/coating/loose"), *time = get(s, "/coating/time");
    cr_assert(sigma && dims[0] == 101 && dims[1] == 2);
    const double balls = 12.0 * M_PI * 25e-6, wall = M_PI * (4e-4 + 2e-4);
    cr_expect(epsilon_eq(dbl, sigma[0], SIGMA, 1e-12));
    cr_expect(epsilon_eq(dbl, sigma[1], SIGMA, 1e-12));
    for (int k = 0; k <= 100; k++) {
        const double all = balls * sigma[2 * k] + wall * sigma[2 * k + 1] + loose[k];
        cr_expect(epsilon_eq(dbl, all, 0.2e-3, 1e-15));
    }
    const double *take = get(s, "/coating/take"), *shed = get(s, "/coating/shed");
    const double *dose = get(s, "/coating/dose_power"), *hit = get(s, "/coating/impact_power");
    cr_expect(epsilon_eq(dbl, take[0] * loose[0] / (1e-6 * dose[0]), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, shed[1] / (1e-7 * hit[1] / wall), 1.0, 1e-12));
    double m[2] = {balls * sigma[0], wall * sigma[1]}; // the law in small steps, 1e-4 of error
    const double h = time[1] / 10000.0;
    for (int k = 0; k < 10000; k++) {
        const double rest = 0.2e-3 - m[0] - m[1];
        m[0] += h * (take[0] * rest - shed[0] * m[0]);
        m[1] += h * (take[1] * rest - shed[1] * m[1]);
    }
    cr_expect(epsilon_eq(dbl, sigma[2] / (m[0] / balls), 1.0, 1e-4));
    cr_expect(epsilon_eq(dbl, sigma[3] / (m[1] / wall), 1.0, 1e-4));
    const double drifts = get(s, "/coating/drifts_after")[0];
    cr_expect(drifts > 0.0 && drifts < time[100]);
    qn_store_free(s);
}

Test(coating_run, a_held_coating_is_flagged_and_the_window_is_the_same)
{
    cr_assert(eq(int, run(WINDOW, "--output a/run.h5", 1), 0), "%s", words());
    cr_expect(strstr(words(), "powder.coating: constant, an assumption") != NULL, "%s", words());
    struct qn_store *s = load("a/run.h5");
    check_doses(s);
    cr_expect(item_at(s, "/coating/sigma") == NULL);
    qn_store_free(s);
}

Test(coating_run, a_limit_below_the_coating_is_refused)
{
    const char *const limit = "--set powder.shed='0 m2/J' --set powder.coating_limit='10 um' ";
    char deck[1024];
    snprintf(deck, sizeof deck, "%s%s", LAW, limit);
    cr_expect(eq(int, run(deck, "--output a/run.h5", 1), 3));
    cr_expect(strstr(words(), "10 um is less than the thicker coating at the start") != NULL, "%s",
              words());
}
