/// @file
/// Sums of any doubles that do not depend on the order: slices of 26 bits on a fixed grid.
///
/// Where base/exact_sum.h has one resolution for all, this keeps the QN_WIDE_SLICES slices below
/// the largest term, wherever that is: moles and squares of weights alike. A term's bits are cut at
/// the grid, each slice is added to an integer of its own, without carries; slices that fall below
/// the kept ones are dropped. What is kept depends on the largest term alone, so any order and any
/// split over threads or ranks gives the same bits. Precision: all bits of the largest term and 26
/// more; dropped is less than 2^-78 of the largest term per term. (Demmel, Nguyen 2015, IEEE Trans.
/// Comput. 64, 2060, bin floating-point numbers in the same way.) Terms of a sum: 1.4e11. More of
/// them, an infinite term or one that is no number make the sum no number for good: never silent.
#pragma once

#include <limits.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

enum { QN_WIDE_SLICES = 4, QN_WIDE_BITS = 26, QN_WIDE_BROKEN = 1 << 16 };

/// A zeroed one is empty, the sum 0.
struct qn_wide_sum {
    int64_t slice[QN_WIDE_SLICES]; ///< the lowest first
    int32_t top;                   ///< place of the highest on the grid; 0: empty
};

/// Move the kept slices up, so that the highest is at `top`; lower ones are dropped.
static inline void qn_wide_raise(struct qn_wide_sum *sum, int top)
{
    const int up = top - sum->top;
    for (int k = 0; k < QN_WIDE_SLICES && up > 0; k++) {
        sum->slice[k] = k + up < QN_WIDE_SLICES ? sum->slice[k + up] : 0;
    }
    sum->top = up > 0 ? top : sum->top;
}

/// Add one number.
static inline void qn_wide_add(struct qn_wide_sum *sum, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const int exponent = (int)(bits >> 52 & 0x7ff);
    const uint64_t whole = (bits & 0xfffffffffffff) | (uint64_t)(exponent > 0) << 52;
    const int place = exponent > 0 ? exponent - 1 : 0; // of the last bit, 0 for 2^-1074
    const int top = exponent == 0x7ff ? QN_WIDE_BROKEN : place / QN_WIDE_BITS + 3;
    if (whole == 0) {
        return;
    }
    qn_wide_raise(sum, top);
    // 53 bits, moved by up to 25, are three slices
    __extension__ const unsigned __int128 moved = (unsigned __int128)whole << place % QN_WIDE_BITS;
    const int64_t mask = (1 << QN_WIDE_BITS) - 1, sign = bits >> 63 ? -1 : 1;
    const int64_t part[3] = {(int64_t)moved & mask, (int64_t)(moved >> QN_WIDE_BITS) & mask,
                             (int64_t)(moved >> 2 * QN_WIDE_BITS)};
    const int first = QN_WIDE_SLICES - 3 + top - sum->top;
    for (int k = first < 0 ? -first : 0; k < 3; k++) {
        int64_t *slice = &sum->slice[first + k];
        if (__builtin_add_overflow(*slice, sign * part[k], slice)) {
            sum->top = QN_WIDE_BROKEN;
        }
    }
}

/// Add another sum (of another thread, rank or span of time).
static inline void qn_wide_merge(struct qn_wide_sum *sum, const struct qn_wide_sum *other)
{
    struct qn_wide_sum more = *other;
    qn_wide_raise(sum, more.top);
    qn_wide_raise(&more, sum->top);
    for (int k = 0; k < QN_WIDE_SLICES; k++) {
        if (__builtin_add_overflow(sum->slice[k], more.slice[k], &sum->slice[k])) {
            sum->top = QN_WIDE_BROKEN;
        }
    }
}

/// The sum as a double, within 2^-52 of it where its terms have one sign; whole numbers below 2^53
/// exactly; NAN when it broke.
double qn_wide_value(const struct qn_wide_sum *sum);
