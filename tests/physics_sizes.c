// Size distributions: classes keep the count and the mass of the distribution they stand for.
#include <criterion/criterion.h>

#include <math.h>

#include "app/deck.h"
#include "app/deck_derived.h"
#include "base/constants.h"
#include "model/sizes.h"

Test(sizes, lognormal_classes_keep_count_and_volume_exactly)
{
    // mean d^3 of a lognormal: median^3 exp(9/2 sigma^2)
    static const int64_t counts[3] = {1000, 145, 5};
    for (int c = 0; c < 3; c++) {
        for (int n = 1; n <= 16; n *= 2) {
            int64_t count[QN_SIZE_CLASSES], sum = 0;
            double d[QN_SIZE_CLASSES], volume = 0.0;
            const int used = qn_lognormal_classes(10e-3, 0.2, counts[c], n, count, d);
            for (int k = 0; k < used; k++) {
                cr_expect(count[k] > 0 && (k == 0 || d[k] > d[k - 1]));
                sum += count[k];
                volume += (double)count[k] * d[k] * d[k] * d[k];
            }
            const double want = (double)counts[c] * 1e-6 * exp(4.5 * 0.04);
            cr_expect(sum == counts[c] && used <= n && used <= counts[c]);
            cr_expect(fabs(volume / want - 1.0) < 1e-12, "%d classes: %g", n, volume / want - 1.0);
        }
    }
}

Test(sizes, many_classes_approach_the_moments_of_the_distribution)
{
    // mean d: median exp(sigma^2/2); mean d^2: median^2 exp(2 sigma^2)
    int64_t count[QN_SIZE_CLASSES];
    double d[QN_SIZE_CLASSES], mean = 0.0, square = 0.0;
    const int n = qn_lognormal_classes(1.0, 0.3, 320000, 32, count, d);
    for (int k = 0; k < n; k++) {
        mean += (double)count[k] / 320000.0 * d[k];
        square += (double)count[k] / 320000.0 * d[k] * d[k];
    }
    cr_expect(fabs(mean / exp(0.045) - 1.0) < 2e-3, "%g", mean);
    cr_expect(fabs(square / exp(0.18) - 1.0) < 2e-3, "%g", square);
}

Test(sizes, a_sieve_class_has_the_mean_volume_between_its_meshes)
{
    // d^3 over a ln d that is spread evenly: (b^3 - a^3)/(3 ln(b/a)), summed here by brute force
    double sum = 0.0;
    for (int k = 0; k < 1000; k++) {
        sum += pow(8e-3 * pow(10.0 / 8.0, (k + 0.5) / 1000.0), 3) / 1000.0;
    }
    cr_expect(fabs(pow(qn_sieve_diameter(8e-3, 10e-3), 3) / sum - 1.0) < 1e-6);
    cr_expect(qn_sieve_diameter(5e-3, 5e-3) == 5e-3);
}

static double ball_mass(const char *groups, int *n_groups)
{
    const struct qn_override set = {"balls.groups", groups};
    struct qn_deck deck;
    struct qn_deck_derived d;
    cr_assert(qn_deck_read(QUERN_SOURCE_DIR "/tests/decks/good.yaml", &set, 1, &deck) == QN_OK,
              "%s", qn_error_text());
    qn_deck_derive(&deck, &d);
    *n_groups = deck.balls.n_groups;
    qn_deck_free(&deck);
    return d.ball_mass;
}

static const char *fault_of(const char *groups)
{
    const struct qn_override set = {"balls.groups", groups};
    struct qn_deck deck;
    cr_assert(qn_deck_read(QUERN_SOURCE_DIR "/tests/decks/good.yaml", &set, 1, &deck) ==
              QN_ERR_INPUT);
    return qn_error_text();
}

Test(sizes, a_deck_takes_distributions_by_count_or_mass)
{
    int n;
    // steel of 7800 kg/m3
    const double one = 7800.0 * QN_PI / 6.0 * 64e-9;
    const double by_count = ball_mass("[{count: 60, median: 4 mm, sigma: 0.15, classes: 6}]", &n);
    cr_expect(n == 6 && fabs(by_count / (60.0 * one * exp(4.5 * 0.0225)) - 1.0) < 1e-12);
    const double by_mass = ball_mass("[{mass: 20 g, median: 4 mm, sigma: 0.15}]", &n);
    cr_expect(n == 8 && fabs(by_mass / 20e-3 - 1.0) < 0.02, "%g", by_mass);
    const double sieve = ball_mass("[{mass: 20 g, sieve: [{from: 3 mm, to: 4 mm, share: 0.4}, "
                                   "{from: 4 mm, to: 5 mm, share: 0.6}]}]",
                                   &n);
    cr_expect(n == 2 && fabs(sieve / 20e-3 - 1.0) < 0.02, "%g", sieve);
    cr_expect_str_eq(fault_of("[{mass: 20 g, sieve: [{from: 3 mm, to: 4 mm, share: 0.4}]}]"),
                     "--set balls.groups: balls.groups[0]: the shares of mass add up to 0.4, not "
                     "to 1");
    cr_expect_str_eq(fault_of("[{median: 4 mm, sigma: 0.15}]"),
                     "--set balls.groups: balls.groups[0]: give either count or mass");
    cr_expect_str_eq(fault_of("[{count: 5, median: 4 mm}]"),
                     "--set balls.groups: balls.groups[0].sigma: missing (standard deviation of "
                     "the logarithm)");
}
