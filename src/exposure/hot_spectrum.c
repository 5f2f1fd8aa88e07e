/// @file
/// Counting exposures by their peak rise.
#include "exposure/hot_spectrum.h"

#include <math.h>

void qn_hot_spectrum_add(struct qn_hot_spectrum *h, const struct qn_exposure *x, size_t n,
                         struct qn_sums *sums)
{
    for (size_t k = 0; k < n; k++, x++) {
        const double at =
            x->pulse.dT > QN_HOT_LOWEST ? 10.0 * log10(x->pulse.dT / QN_HOT_LOWEST) : 0.0;
        const int bin = at >= QN_HOT_BINS - 1 ? QN_HOT_BINS - 1 : (int)at;
        qn_sums_add(sums, &h->hits[bin], 1.0);
        qn_sums_add(sums, &h->mass[bin], x->mass);
        qn_sums_add(sums, &h->energy[bin], x->energy);
    }
}
