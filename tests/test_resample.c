// Hits of a window drawn anew: Poisson moments, what a bin and a stored exposure become, and runs
// that differ by the draw alone.
#include <math.h>

#include "base/rng.h"
#include "bridge/resample.h"
#include "run_fixture.h"

TestSuite(resample, .init = enter, .fini = leave, .timeout = 60);

Test(resample, poisson_numbers_have_their_mean_and_variance)
{
    // of n = 20,000 draws the mean errs by sqrt(m/n), the variance by about m sqrt(2/n)
    static const double mean[] = {0.3, 4.0, 100.0, 1e4};
    enum { N = 20000 };
    for (int k = 0; k < 4; k++) {
        double sum = 0.0, square = 0.0;
        for (int i = 0; i < N; i++) {
            const double x = qn_poisson(7, QN_STREAM_TEST, (uint64_t)k, (uint64_t)i, mean[k]);
            cr_assert(x >= 0.0 && x == floor(x));
            sum += x - mean[k];
            square += (x - mean[k]) * (x - mean[k]);
        }
        cr_expect(fabs(sum / N) < 3.0 * sqrt(mean[k] / N), "mean %g", mean[k] + sum / N);
        const double width = sqrt((2.0 * mean[k] + 1.0) * mean[k] / N); // of the variance
        cr_expect(fabs(square / N - mean[k]) < 3.0 * width, "variance %g of %g", square / N,
                  mean[k]);
    }
    cr_expect(eq(dbl, qn_poisson(7, QN_STREAM_TEST, 0, 0, 0.0), 0.0));
}

static const double MASS = 1e-3, ENERGY = 8e4;

// 400 hits of one kind and 9 hot ones in a second
static void window(struct qn_spectrum *s)
{
    const struct qn_spectrum_window w = {.begin = 0.0,
                                         .span = 1.0,
                                         .T0 = 300.0,
                                         .n_classes = 1,
                                         .mass = &MASS,
                                         .n_energies = 1,
                                         .energy = &ENERGY};
    qn_spectrum_init(s, &w);
    for (int k = 0; k < 409; k++) {
        const struct qn_exposure x = {.pulse = {.kind = QN_PULSE_LAYER_CORE,
                                                .dT = k < 400 ? 50.0 : 800.0,
                                                .t_c = 3e-5,
                                                .cool = 2e-3,
                                                .kept = 0.9,
                                                .sink = 0.8,
                                                .t_cut = 1e-2},
                                      .time = k / 409.0,
                                      .mass = 1e-9,
                                      .energy = 1e-3,
                                      .dose = 1e6};
        qn_spectrum_add(s, 0, &x);
    }
}

Test(resample, a_bin_scales_with_the_number_drawn_and_keeps_what_a_hit_is)
{
    static struct qn_spectrum counted, drawn;
    struct qn_hit before[QN_SPECTRUM_HITS], after[QN_SPECTRUM_HITS];
    window(&counted);
    const int n = qn_spectrum_hits(&counted, 0, before);
    double square = 0.0;
    enum { DRAWS = 200 };
    for (int k = 1; k <= DRAWS; k++) {
        drawn = counted;
        qn_spectrum_resample(&drawn, 1, (uint64_t)k);
        for (int bin = 0; bin < QN_SPECTRUM_BINS; bin++) {
            const struct qn_spectrum_bin *a = &counted.cls[0].bin[QN_PULSE_LAYER_CORE][bin];
            const struct qn_spectrum_bin *b = &drawn.cls[0].bin[QN_PULSE_LAYER_CORE][bin];
            if (a->hits == 9.0) {
                cr_expect(fabs(b->hits - rint(b->hits)) < 1e-9, "a whole number of hits");
                square += (b->hits - 9.0) * (b->hits - 9.0);
            }
            cr_expect(fabs(b->dT * a->mass - a->dT * b->mass) <= 1e-12 * a->dT * a->mass);
        }
        const int m = qn_spectrum_hits(&drawn, 0, after);
        cr_expect(m <= n, "an empty bin has no hits");
    }
    cr_expect(fabs(square / DRAWS - 9.0) < 3.0 * sqrt(19.0 * 9.0 / DRAWS), "%g", square / DRAWS);
    // the same draw is the same
    static struct qn_spectrum again;
    again = counted;
    qn_spectrum_resample(&again, 1, DRAWS);
    cr_expect(memcmp(&again, &drawn, sizeof again) == 0);
}

Test(resample, stored_exposures_get_whole_numbers_around_what_they_stood_for)
{
    struct qn_reservoir r;
    qn_reservoir_init(&r, 1, 3);
    for (int k = 0; k < 4000; k++) {
        const struct qn_exposure x = {.pulse = {.kind = QN_PULSE_LAYER_CORE, .dT = 50.0},
                                      .time = 1e-3 * k,
                                      .mass = 1e-9,
                                      .energy = 1e-3 * (1.0 + 1e-4 * k)};
        qn_reservoir_add(&r, 0, &x);
    }
    qn_reservoir_close(&r);
    double before = 0.0, after = 0.0;
    for (size_t k = 0; k < r.cls[0].n; k++) {
        before += r.cls[0].event[k].weight;
    }
    qn_reservoir_resample(&r, 5, 1);
    for (size_t k = 0; k < r.cls[0].n; k++) {
        const double w = r.cls[0].event[k].weight;
        cr_expect(w >= 0.0 && w == floor(w));
        after += w;
    }
    cr_expect(fabs(before - 4000.0) < 1e-6);
    cr_expect(after != before && fabs(after - before) < 4.0 * sqrt(before), "%g of %g", after,
              before);
    qn_reservoir_free(&r);
}

#define HOURS SMALL "--set run.direct_span='0 s' --set run.bridged='2 s' "

Test(resample, runs_differ_by_the_draw_and_share_one_window)
{
    static const char *const options[] = {
        "--output a/run.h5", "--output a/one.h5 --set run.resample=1",
        "--output a/two.h5 --set run.resample=2",
        "--output a/again.h5 --set run.resample=1 --set run.bridge_level=replay",
        "--output a/last.h5 --set run.bridge_level=replay"};
    double left[5];
    int jumps[5] = {0};
    for (int k = 0; k < 5; k++) {
        char file[16];
        cr_assert(eq(int, run(HOURS, options[k], 1), 0), "%s", words());
        sscanf(options[k], "--output %15s", file);
        const char *replay = strstr(words(), "replay: ");
        if (replay) {
            cr_assert(eq(int, sscanf(replay, "replay: %d jumps", &jumps[k]), 1));
        }
        struct qn_store *s = load(file);
        size_t dims[QN_STORE_RANK] = {0};
        const double *co2 = qn_store_get(s, "/chemistry/bridged/gas/CO2", NULL, dims);
        left[k] = co2[dims[0] - 1] / co2[0];
        qn_store_free(s);
    }
    cr_expect(eq(int, system("test $(ls a/windows windows 2>/dev/null | grep -c h5) = 1"), 0),
              "one window for all");
    for (int k = 1; k < 3; k++) {
        const double moved = (1.0 - left[k]) / (1.0 - left[0]) - 1.0;
        cr_expect(moved != 0.0 && fabs(moved) < 0.2, "draw %d: %g", k, moved);
    }
    cr_expect(left[1] != left[2]);
    cr_expect(jumps[4] > 100 && jumps[3] != jumps[4], "a replay draws from the same hits: %d, %d",
              jumps[3], jumps[4]);
}
