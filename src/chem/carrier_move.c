/// @file
/// Carriers that change their owners.
#include <string.h>

#include "base/array.h"
#include "chem/carrier.h"

/// Doubles of a carrier on its way: index, clock, state.
static size_t width(const struct qn_direct *d)
{
    return 2 + (size_t)d->matter.mech->n_surface;
}

static void write_row(const struct qn_direct *d, int i, double *row)
{
    const size_t ns = (size_t)d->matter.mech->n_surface;
    row[0] = i;
    row[1] = d->clock[i];
    memcpy(row + 2, d->y + (size_t)i * ns, ns * sizeof *row);
}

static void read_row(struct qn_direct *d, const double *row)
{
    const size_t ns = (size_t)d->matter.mech->n_surface;
    const int i = (int)row[0];
    d->mine[i] = 1;
    d->clock[i] = row[1];
    memcpy(d->y + (size_t)i * ns, row + 2, ns * sizeof *row);
}

void qn_direct_move(struct qn_direct *d, const int *to)
{
    const int ranks = qn_group_alone(d->group) ? 1 : d->group->size;
    size_t *bytes = qn_alloc((size_t)ranks, sizeof *bytes);
    double *send = NULL;
    size_t cap = 0, n = 0, total = 0;
    void *came;
    for (int r = 0; r < ranks; r++) {
        const size_t first = n;
        for (int i = 0; i < d->n; i++) {
            if (d->mine[i] && to[i] == r && r != d->group->rank) {
                qn_grow(&send, &cap, (n + 1) * width(d));
                write_row(d, i, send + n++ * width(d));
                d->mine[i] = 0;
            }
        }
        bytes[r] = (n - first) * width(d) * sizeof *send;
    }
    qn_group_swap(d->group, send, bytes, &came);
    for (int r = 0; r < ranks; r++) {
        total += bytes[r];
    }
    const double *row = came;
    for (size_t k = 0; k < total / sizeof *row; k += width(d)) {
        read_row(d, row + k);
    }
    qn_free(came);
    qn_free(send);
    qn_free(bytes);
}
