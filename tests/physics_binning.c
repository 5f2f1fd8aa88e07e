// What a spectrum of 32 bins in log dT keeps of its hits, and the factors that tell when hits may
// be counted without asking in which order and on which powder they fell: joint study, 1.5 and 2.7.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "app/window_counts.h"
#include "bridge/mixing.h"
#include "bridge/spectrum.h"
#include "exposure/hotspot.h"

enum { HITS = 2000 };

static struct qn_exposure hit_of(double dT, double mass)
{
    return (struct qn_exposure){.pulse = {QN_PULSE_RING_HOT, .dT = dT, .t_c = 30e-6, .cool = 7.5e-3,
                                          .kept = 1.0, .t_cut = 30e-3},
                                .mass = mass};
}

// What all hits of an exponential spectrum convert over what is read back from the spectrum; a hit
// of the mean energy converts about `extent` of what it meets.
static double kept(double dT1, double T0, double Ea, double extent)
{
    static struct qn_spectrum s;
    static struct qn_hit out[QN_SPECTRUM_HITS];
    const double mass = 1.0;
    const struct qn_spectrum_window window = {.span = 1.0, .T0 = T0, .n_classes = 1, .mass = &mass};
    const struct qn_exposure one = hit_of(dT1, 1.0);
    const double strength = extent / qn_pulse_dose(&one.pulse, T0, Ea);
    double exact = 0.0, back = 0.0;
    qn_spectrum_init(&s, &window);
    for (int k = 0; k < HITS; k++) { // energies by quantiles; dT = dT1 x^0.6
        const double x = -log1p(-(k + 0.5) / HITS);
        const struct qn_exposure hit = hit_of(fmin(dT1 * pow(x, 0.6), 1000.0), mass / HITS);
        qn_spectrum_add(&s, 0, &hit);
        exact -= hit.mass * expm1(-strength * qn_pulse_dose(&hit.pulse, T0, Ea));
    }
    const int n = qn_spectrum_hits(&s, 0, out);
    for (int q = 0; q < n; q++) {
        back -= out[q].rate * expm1(-strength * qn_pulse_dose(&out[q].pulse, T0, Ea));
    }
    return back / exact;
}

Test(binning, two_pulses_a_bin_convert_what_all_hits_do)
{
    // printed: 32 log bins, each as two pulses at mean +- sd: 0.5 %, extents 1e-3 to 1 and above
    static const double T0[2] = {288.15, 453.15}, EA[3] = {40e3, 74e3, 100e3};
    static const double DT[2] = {60.0, 300.0}, EXTENT[3] = {1e-3, 0.1, 3.0};
    for (int c = 0; c < 2 * 3 * 2 * 3; c++) {
        const double ratio = kept(DT[c % 2], T0[c / 2 % 2], EA[c / 4 % 3], EXTENT[c / 12]);
        cr_expect(fabs(ratio - 1.0) < 5e-3, "T0 %g dT %g Ea %g extent %g: 1 %+.2e", T0[c / 2 % 2],
                  DT[c % 2], EA[c / 4 % 3], EXTENT[c / 12], ratio - 1.0);
    }
}

Test(binning, bursts_and_regular_hits_change_a_rate_as_simulated)
{
    // printed for eps 0.05 and 30 hits (what is left): regular 0.2149 against 0.2146 simulated,
    // bursts of three 0.2405 against 0.2403; 0.2231 without the factor
    static const double row[3][2] = {{0.0, 0.2149}, {1.0, 0.2231}, {3.0, 0.2405}};
    for (int k = 0; k < 3; k++) {
        const double left = exp(-30.0 * 0.05 * qn_burst_factor(row[k][0], 0.05));
        cr_expect(fabs(left - row[k][1]) < 5e-5, "F %g: %.5f", row[k][0], left);
    }
    cr_expect(fabs(exp(-30.0 * 0.05 * qn_burst_factor(0.0, 0.05)) / pow(0.95, 30.0) - 1.0) < 2e-3);
}

Test(binning, mixing_number_foretells_the_slow_mode)
{
    // printed: share hit, k tau, rate over that of mixed powder; 1/(1 + number) to a tenth of it
    static const double row[5][3] = {{0.1, 0.01, 0.9167},
                                     {0.1, 0.1, 0.513},
                                     {0.1, 1.0, 0.0917},
                                     {0.5, 0.01, 0.990},
                                     {0.5, 0.1, 0.901}};
    for (int k = 0; k < 5; k++) {
        const double guess = 1.0 / (1.0 + qn_mixing_number(row[k][0], row[k][1], 1.0));
        cr_expect(fabs(guess / row[k][2] - 1.0) < 0.1, "p %g, k tau %g: %.4f", row[k][0], row[k][1],
                  guess);
    }
}

Test(binning, fano_factor_is_variance_over_mean_of_a_carriers_blocks)
{
    // exposures in four blocks: 2 2 2 2; 0 4 0 4; 3 3 3 3 (never asked for): sums, sums of squares
    int64_t hits[9] = {0, 0, 0, 8, 8, 12, 16, 32, 36};
    struct qn_window w = {.n_blocks = 4};
    const struct qn_window_counts c = {.w = &w, .hits = hits, .carriers = {.n = 3}};
    cr_expect(fabs(qn_window_counts_fano(&c, 0, 1)) < 1e-15, "regular hits: 0");
    // mean 2, variance of the sample 16/3
    cr_expect(fabs(qn_window_counts_fano(&c, 1, 2) - 16.0 / 3.0 / 2.0) < 1e-15);
    // carriers may differ in their means without being bursty
    cr_expect(fabs(qn_window_counts_fano(&c, 0, 2) - 16.0 / 3.0 / 4.0) < 1e-15);
    w.n_blocks = 1;
    cr_expect(qn_window_counts_fano(&c, 1, 2) == 1.0, "one block tells nothing");
}
