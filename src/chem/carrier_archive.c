/// @file
/// Packing and unpacking direct mode.
#include "chem/carrier_archive.h"

#include <string.h>

#include "base/array.h"

struct header {
    int64_t n, n_surface, n_sums, n_reactions, n_impacts;
    double time;
    struct qn_gas gas;
    struct qn_exact start[QN_MAX_ELEMENTS];
    double element_error;
    struct qn_exact gated_energy, gated_waiting;
    int64_t pulses, doses, steps, waiting[3]; ///< of the books, and since the last sync
};

/// Where each array begins; the last entry is the size of all.
struct layout {
    size_t y, clock, reaction, impact, given, all;
};

static struct layout layout_of(const struct qn_direct *d)
{
    const struct qn_mechanism *m = d->matter.mech;
    struct layout l = {.y = sizeof(struct header)};
    l.clock = l.y + (size_t)(d->n * m->n_surface) * sizeof(double);
    l.reaction = l.clock + (size_t)d->n * sizeof(double);
    l.impact = l.reaction + (size_t)(m->n_reactions * QN_CHANNELS) * sizeof(double);
    l.given = l.impact + (size_t)m->n_impacts * sizeof(double);
    l.all = l.given + (size_t)d->n_sums * sizeof(struct qn_exact);
    return l;
}

/// Sums of all threads and ranks since the last sync, shape [n_sums].
static void waiting_sums(const struct qn_direct *d, struct qn_exact *out)
{
    memset(out, 0, (size_t)d->n_sums * sizeof *out);
    for (int c = 0; c < d->n_sums; c++) { // threads' sums merge without a trace
        for (int t = 0; t < d->threads; t++) {
            qn_exact_merge(&out[c], d->given[t * d->n_sums + c]);
        }
    }
    qn_group_sum_exact(d->group, out, d->n_sums);
}

/// Everybody's rows and clocks on rank 0, each from its owner.
static void all_rows(const struct qn_direct *d, double *y, double *clock)
{
    const size_t ns = (size_t)d->matter.mech->n_surface, each = 2 + ns;
    double *mine = qn_alloc((size_t)d->n * each, sizeof *mine);
    size_t n = 0, total;
    void *all;
    for (int i = 0; i < d->n; i++) {
        if (d->mine[i]) {
            mine[n] = i;
            mine[n + 1] = d->clock[i];
            memcpy(mine + n + 2, d->y + (size_t)i * ns, ns * sizeof *mine);
            n += each;
        }
    }
    qn_group_gather(d->group, mine, n * sizeof *mine, &all, &total);
    const double *row = all;
    for (size_t k = 0; k < total / sizeof *row; k += each) {
        const size_t i = (size_t)row[k];
        clock[i] = row[k + 1];
        memcpy(y + i * ns, row + k + 2, ns * sizeof *row);
    }
    qn_free(mine);
    qn_free(all);
}

static struct header header_of(const struct qn_direct *d)
{
    const struct qn_mechanism *m = d->matter.mech;
    struct header h = {
        .n = d->n,
        .n_surface = m->n_surface,
        .n_sums = d->n_sums,
        .n_reactions = m->n_reactions,
        .n_impacts = m->n_impacts,
        .time = d->time,
        .gas = d->gas,
        .element_error = d->books.element_error,
        .gated_energy = d->books.gated_energy,
        .gated_waiting = d->gated,
        .pulses = d->books.pulses,
        .doses = d->books.doses,
        .steps = d->books.steps,
        .waiting = {d->pulses, d->doses, d->steps},
    };
    memcpy(h.start, d->start, sizeof h.start);
    qn_group_sum_integers(d->group, h.waiting, 3);
    qn_group_sum_exact(d->group, &h.gated_waiting, 1);
    return h;
}

void qn_direct_pack(const struct qn_direct *d, void **bytes, size_t *size)
{
    const struct layout l = layout_of(d);
    char *at = qn_alloc(l.all, 1);
    const struct header h = header_of(d);
    memcpy(at, &h, sizeof h);
    memcpy(at + l.reaction, d->books.reaction, l.impact - l.reaction);
    memcpy(at + l.impact, d->books.impact, l.given - l.impact);
    all_rows(d, (double *)(void *)(at + l.y), (double *)(void *)(at + l.clock));
    waiting_sums(d, (struct qn_exact *)(void *)(at + l.given));
    *bytes = at;
    *size = l.all;
    if (d->group->rank != 0) {
        qn_free(at);
        *bytes = NULL;
        *size = 0;
    }
}

enum qn_status qn_direct_unpack(struct qn_direct *d, const void *bytes, size_t size)
{
    const struct qn_mechanism *m = d->matter.mech;
    const struct layout l = layout_of(d);
    const char *at = bytes;
    struct header h;
    if (size != l.all) {
        return qn_fail(QN_ERR_IO, "checkpoint: %zu bytes of chemistry, expected %zu", size, l.all);
    }
    memcpy(&h, at, sizeof h);
    if (h.n != d->n || h.n_surface != m->n_surface || h.n_sums != d->n_sums ||
        h.n_reactions != m->n_reactions || h.n_impacts != m->n_impacts) {
        return qn_fail(QN_ERR_IO, "checkpoint: chemistry of another mechanism or charge");
    }
    d->time = h.time;
    d->gas = h.gas;
    d->books.element_error = h.element_error;
    d->books.gated_energy = h.gated_energy;
    memset(d->mine, d->group->rank == 0, (size_t)d->n);
    d->books.pulses = h.pulses;
    d->books.doses = h.doses;
    d->books.steps = h.steps;
    memcpy(d->start, h.start, sizeof h.start);
    memcpy(d->y, at + l.y, l.clock - l.y);
    memcpy(d->clock, at + l.clock, l.reaction - l.clock);
    memcpy(d->books.reaction, at + l.reaction, l.impact - l.reaction);
    memcpy(d->books.impact, at + l.impact, l.given - l.impact);
    memset(d->given, 0, (size_t)(d->n_sums * d->threads) * sizeof *d->given);
    if (d->group->rank == 0) { // what waits belongs to one rank; sums do not ask which
        memcpy(d->given, at + l.given, l.all - l.given);
        d->pulses = h.waiting[0], d->doses = h.waiting[1], d->steps = h.waiting[2];
        d->gated = h.gated_waiting;
    }
    return QN_OK;
}

/// One array of the state; `out` 1 copies it out of `d`.
static char *copy_array(void *array, size_t size, char *at, int out)
{
    memcpy(out ? (void *)at : array, out ? array : (void *)at, size);
    return at + size;
}

/// All arrays that a step changes, to or from `at`; returns where it ends.
static char *copy_arrays(const struct qn_direct *d, char *at, int out)
{
    const struct qn_mechanism *m = d->matter.mech;
    const size_t n = (size_t)d->n;
    at = copy_array(d->y, n * (size_t)m->n_surface * sizeof *d->y, at, out);
    at = copy_array(d->clock, n * sizeof *d->clock, at, out);
    at = copy_array(d->books.reaction,
                    (size_t)(m->n_reactions * QN_CHANNELS) * sizeof *d->books.reaction, at, out);
    at = copy_array(d->books.impact, (size_t)m->n_impacts * sizeof *d->books.impact, at, out);
    return copy_array(d->given, (size_t)(d->n_sums * d->threads) * sizeof *d->given, at, out);
}

void qn_direct_keep(const struct qn_direct *d, struct qn_direct_copy *copy)
{
    const struct layout l = layout_of(d);
    qn_grow(&copy->arrays, &copy->capacity,
            l.all + (size_t)(d->n_sums * d->threads) * sizeof *d->given);
    copy->plain = *d;
    copy_arrays(d, copy->arrays, 1);
}

void qn_direct_go_back(struct qn_direct *d, const struct qn_direct_copy *copy)
{
    d->gas = copy->plain.gas;
    d->time = copy->plain.time;
    d->pulses = copy->plain.pulses, d->doses = copy->plain.doses, d->steps = copy->plain.steps;
    d->gated = copy->plain.gated;
    memcpy(d->start, copy->plain.start, sizeof d->start); // a flow changes what there was
    double *reaction = d->books.reaction, *impact = d->books.impact;
    d->books = copy->plain.books;
    d->books.reaction = reaction, d->books.impact = impact;
    d->message[0] = '\0';
    copy_arrays(d, copy->arrays, 0);
}

void qn_direct_copy_free(struct qn_direct_copy *copy)
{
    qn_free(copy->arrays);
    *copy = (struct qn_direct_copy){0};
}
