/// @file
/// Order-free sums behind a struct.
#include "base/sums.h"

#include <string.h>

#include "base/array.h"

/// One sum in a pack.
struct packed {
    uint64_t at;
    struct qn_wide_sum sum;
};

void qn_sums_init(struct qn_sums *s, void *base, size_t size)
{
    QN_ASSERT(size % sizeof(double) == 0);
    *s = (struct qn_sums){.base = base, .n = size / sizeof(double)};
    s->sum = qn_alloc(s->n, sizeof *s->sum);
}

void qn_sums_free(struct qn_sums *s)
{
    qn_free(s->sum);
    *s = (struct qn_sums){0};
}

void qn_sums_copy(const struct qn_sums *from, struct qn_sums *to)
{
    qn_sums_init(to, from->base, from->n * sizeof(double));
    memcpy(to->sum, from->sum, from->n * sizeof *from->sum);
}

void qn_sums_settle(const struct qn_sums *s)
{
    for (size_t k = 0; k < s->n; k++) {
        if (s->sum[k].top > 0) {
            const double value = qn_wide_value(&s->sum[k]);
            memcpy(s->base + k * sizeof value, &value, sizeof value);
        }
    }
}

void qn_sums_pack(const struct qn_sums *s, void **bytes, size_t *size)
{
    size_t n = 0;
    for (size_t k = 0; k < s->n; k++) {
        n += s->sum[k].top > 0;
    }
    struct packed *out = qn_alloc(n, sizeof *out); // zeroed, so padding has no stray bits
    *bytes = out;
    *size = n * sizeof *out;
    for (size_t k = 0; k < s->n; k++) {
        if (s->sum[k].top > 0) {
            out->at = k;
            memcpy(out->sum.slice, s->sum[k].slice, sizeof out->sum.slice);
            out->sum.top = s->sum[k].top;
            out++;
        }
    }
}

enum qn_status qn_sums_unpack(struct qn_sums *s, const void *bytes, size_t size)
{
    struct packed one;
    if (size % sizeof one != 0) {
        return qn_fail(QN_ERR_IO, "%zu bytes of sums: not a multiple of %zu", size, sizeof one);
    }
    memset(s->sum, 0, s->n * sizeof *s->sum);
    for (size_t at = 0; at < size; at += sizeof one) {
        memcpy(&one, (const char *)bytes + at, sizeof one);
        if (one.at >= s->n) {
            return qn_fail(QN_ERR_IO, "a sum at place %llu of %zu", (unsigned long long)one.at,
                           s->n);
        }
        s->sum[one.at] = one.sum;
    }
    return QN_OK;
}
