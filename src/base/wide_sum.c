/// @file
/// Reading a sliced sum.
#include "base/wide_sum.h"

double qn_wide_value(const struct qn_wide_sum *sum)
{
    const int64_t base = (int64_t)1 << QN_WIDE_BITS;
    int64_t digit[QN_WIDE_SLICES];
    if (sum->top >= QN_WIDE_BROKEN) {
        return (double)NAN;
    }
    // carries, so that all but the highest are digits of 26 bits
    memcpy(digit, sum->slice, sizeof digit);
    for (int k = 0; k + 1 < QN_WIDE_SLICES; k++) {
        const int64_t rest = (digit[k] % base + base) % base;
        digit[k + 1] += (digit[k] - rest) / base;
        digit[k] = rest;
    }
    // two digits are a whole number that a double holds
    const double low = (double)(digit[0] + digit[1] * base);
    const double high = (double)digit[2] + ldexp((double)digit[3], QN_WIDE_BITS);
    // the lowest kept slice stands for multiples of 2^(26 (top - 4) - 1074)
    const int unit = QN_WIDE_BITS * (sum->top - QN_WIDE_SLICES) - 1074;
    return ldexp(ldexp(high, 2 * QN_WIDE_BITS) + low, unit);
}
