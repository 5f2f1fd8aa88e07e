/// @file
/// Lognormal and sieve classes.
#include "model/sizes.h"

#include <math.h>

#include "base/error.h"

static double normal_cdf(double z)
{
    return 0.5 * erfc(-z / sqrt(2.0));
}

/// z with Phi(z) = p, by halving: monotone, good to the last bit or two.
static double normal_quantile(double p)
{
    double low = -40.0, high = 40.0;
    for (int k = 0; k < 200 && low < high; k++) {
        const double mid = 0.5 * (low + high);
        *(normal_cdf(mid) < p ? &low : &high) = mid;
    }
    return 0.5 * (low + high);
}

double qn_lognormal_cube(double median, double sigma)
{
    return median * median * median * exp(4.5 * sigma * sigma);
}

int qn_lognormal_classes(double median, double sigma, int64_t count, int n, int64_t *counts,
                         double *diameters)
{
    QN_ASSERT(n >= 1 && n <= QN_SIZE_CLASSES && count > 0);
    const double cube = qn_lognormal_cube(median, sigma);
    int used = 0;
    int64_t before = 0;
    double moment = 0.0; // share of the volume below
    for (int k = 1; k <= n; k++) {
        const int64_t upto = llround((double)count * k / n);
        if (upto == before) {
            continue;
        }
        // d^3 of a lognormal is spread like the same one, three sigma further up
        const double share = (double)upto / (double)count;
        const double next = upto == count ? 1.0 : normal_cdf(normal_quantile(share) - 3.0 * sigma);
        counts[used] = upto - before;
        diameters[used] = cbrt(cube * (next - moment) * (double)count / (double)(upto - before));
        used++;
        before = upto;
        moment = next;
    }
    return used;
}

double qn_sieve_diameter(double from, double to)
{
    const double l = log(to / from);
    return l > 0.0 ? cbrt((to * to * to - from * from * from) / (3.0 * l)) : from;
}
