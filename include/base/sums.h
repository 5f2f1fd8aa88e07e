/// @file
/// Order-free sums behind the doubles of a struct: each double has a sum of its own, by its place.
///
/// Functions that count into a struct of plain doubles take one of these and add through it; with
/// NULL they add to the doubles themselves, in the order of the calls. Until qn_sums_settle the
/// struct's doubles stay as they are and its sums are here.
#pragma once

#include <stddef.h>

#include "base/error.h"
#include "base/wide_sum.h"

/// A zeroed one is empty and only good for qn_sums_free.
struct qn_sums {
    char *base;              ///< the struct, borrowed
    size_t n;                ///< doubles in it
    struct qn_wide_sum *sum; ///< shape [n], owned
};

/// Empty sums for all doubles of a struct of `size` bytes, a multiple of a double's.
void qn_sums_init(struct qn_sums *s, void *base, size_t size);
void qn_sums_free(struct qn_sums *s);

/// A copy over the same struct.
void qn_sums_copy(const struct qn_sums *from, struct qn_sums *to);

/// The sum behind a member.
static inline struct qn_wide_sum *qn_sums_at(const struct qn_sums *s, const double *where)
{
    const size_t at = (size_t)((const char *)where - s->base) / sizeof *where;
    QN_ASSERT(at < s->n);
    return &s->sum[at];
}

/// *where += x.
static inline void qn_sums_add(struct qn_sums *s, double *where, double x)
{
    if (s) {
        qn_wide_add(qn_sums_at(s, where), x);
    } else {
        *where += x;
    }
}

/// Write the sums to the doubles they stand for; members that nothing was added to stay.
void qn_sums_settle(const struct qn_sums *s);

/// All that is not empty as bytes, freed with qn_free, and back.
void qn_sums_pack(const struct qn_sums *s, void **bytes, size_t *size);
enum qn_status qn_sums_unpack(struct qn_sums *s, const void *bytes, size_t size) QN_MUST_USE;
