/// @file
/// Sums that do not depend on the order: 128-bit fixed point.
///
/// Each term is rounded once to a multiple of 2^-QN_EXACT_BITS and added as an integer, so any
/// order and any split over threads or ranks gives the same bits. Range +-2^(127 - bits),
/// resolution 2^-bits: with 88 bits +-5e11 and 3e-27, which fits moles, joules and kilograms of a
/// mill.
#pragma once

#include <math.h>
#include <stdint.h>

#include "base/error.h"

enum { QN_EXACT_BITS = 88 };

struct qn_exact {
    int64_t high;
    uint64_t low;
};

__extension__ typedef __int128 qn_wide;

static inline qn_wide qn_exact_wide(struct qn_exact sum)
{
    return (qn_wide)sum.high * ((qn_wide)1 << 64) + (qn_wide)sum.low;
}

/// Add one number; it must be finite and below 2^38 in size.
static inline void qn_exact_add(struct qn_exact *sum, double x)
{
    QN_ASSERT(fabs(x) < 274877906944.0);
    // split so that both parts convert exactly: whole multiples of 2^-24, then the rest
    const double coarse = rint(ldexp(x, 24));
    const double rest = rint(ldexp(x - ldexp(coarse, -24), QN_EXACT_BITS));
    qn_wide total = qn_exact_wide(*sum);
    total += ((qn_wide)(int64_t)coarse) * ((qn_wide)1 << (QN_EXACT_BITS - 24)) + (qn_wide)rest;
    sum->high = (int64_t)(total >> 64);
    sum->low = (uint64_t)total;
}

/// Add another sum (of another thread or rank).
static inline void qn_exact_merge(struct qn_exact *sum, struct qn_exact other)
{
    const uint64_t low = sum->low + other.low;
    sum->high = (int64_t)((uint64_t)sum->high + (uint64_t)other.high + (low < sum->low));
    sum->low = low;
}

/// The sum as a double.
static inline double qn_exact_value(struct qn_exact sum)
{
    return ldexp((double)qn_exact_wide(sum), -QN_EXACT_BITS);
}
