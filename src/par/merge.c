/// @file
/// Merging counts of ranks.
#include "par/merge.h"

#include <string.h>

#include "base/array.h"

/// No slice of the sum over the ranks may wrap around: MPI would not tell.
static void guard(const struct qn_group *g, struct qn_wide_sum *x)
{
    const int64_t most = INT64_MAX / g->size;
    for (int k = 0; k < QN_WIDE_SLICES; k++) {
        if (x->slice[k] > most || x->slice[k] < -most) {
            x->top = QN_WIDE_BROKEN;
        }
    }
}

void qn_group_sum_wide(struct qn_group *g, struct qn_wide_sum *x, size_t n)
{
    if (qn_group_alone(g) || n == 0) {
        return;
    }
    QN_ASSERT(n < INT_MAX / QN_WIDE_SLICES);
    int *top = qn_alloc(n, sizeof *top);
    int64_t(*slice)[QN_WIDE_SLICES] = qn_alloc(n, sizeof *slice);
    for (size_t k = 0; k < n; k++) {
        guard(g, &x[k]);
        top[k] = x[k].top;
    }
    // once all keep the same places, slices are integers to add
    qn_group_max_integers(g, top, (int)n);
    for (size_t k = 0; k < n; k++) {
        qn_wide_raise(&x[k], top[k]);
        memcpy(slice[k], x[k].slice, sizeof slice[k]);
    }
    qn_group_sum_integers(g, slice[0], (int)n * QN_WIDE_SLICES);
    for (size_t k = 0; k < n; k++) {
        memcpy(x[k].slice, slice[k], sizeof slice[k]);
    }
    qn_free(top);
    qn_free(slice);
}

int qn_group_gives(const struct qn_group *g, int distance)
{
    return g->rank % (2 * distance) == distance;
}

size_t qn_group_give(struct qn_group *g, int distance, const void *mine, size_t size, void **given)
{
    size_t *sizes = qn_alloc((size_t)g->size, sizeof *sizes);
    if (qn_group_gives(g, distance)) {
        sizes[g->rank - distance] = size;
    }
    const size_t came = qn_group_swap(g, mine, sizes, given);
    qn_free(sizes);
    return came;
}
