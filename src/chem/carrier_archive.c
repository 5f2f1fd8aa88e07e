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
    double element_error, gated_energy;
    int64_t pulses, doses, steps;
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

void qn_direct_pack(const struct qn_direct *d, void **bytes, size_t *size)
{
    const struct qn_mechanism *m = d->matter.mech;
    const struct layout l = layout_of(d);
    char *at = qn_alloc(l.all, 1);
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
        .pulses = d->books.pulses,
        .doses = d->books.doses,
        .steps = d->books.steps,
    };
    memcpy(h.start, d->start, sizeof h.start);
    memcpy(at, &h, sizeof h);
    memcpy(at + l.y, d->y, l.clock - l.y);
    memcpy(at + l.clock, d->clock, l.reaction - l.clock);
    memcpy(at + l.reaction, d->books.reaction, l.impact - l.reaction);
    memcpy(at + l.impact, d->books.impact, l.given - l.impact);
    for (int c = 0; c < d->n_sums; c++) { // threads' sums merge without a trace
        struct qn_exact sum = {0};
        for (int t = 0; t < d->threads; t++) {
            qn_exact_merge(&sum, d->given[t * d->n_sums + c]);
        }
        memcpy(at + l.given + (size_t)c * sizeof sum, &sum, sizeof sum);
    }
    *bytes = at;
    *size = l.all;
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
    d->books.pulses = h.pulses;
    d->books.doses = h.doses;
    d->books.steps = h.steps;
    memcpy(d->start, h.start, sizeof h.start);
    memcpy(d->y, at + l.y, l.clock - l.y);
    memcpy(d->clock, at + l.clock, l.reaction - l.clock);
    memcpy(d->books.reaction, at + l.reaction, l.impact - l.reaction);
    memcpy(d->books.impact, at + l.impact, l.given - l.impact);
    memset(d->given, 0, (size_t)(d->n_sums * d->threads) * sizeof *d->given);
    memcpy(d->given, at + l.given, l.all - l.given);
    return QN_OK;
}
