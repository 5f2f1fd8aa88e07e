/// @file
/// Packs the state of bridged mode for checkpoints.
#include <stdint.h>
#include <string.h>

#include "solver.h"

// the blocks of a packed state, in order; each a run of doubles
struct block {
    double *at;
    size_t count;
};
enum { BLOCKS = 12, COUNTS = 5 + QN_SPECTRUM_CLASSES };

static void blocks_of(const struct qn_bridged *b, struct block *block)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged *state = (struct qn_bridged *)(uintptr_t)b;
    struct qn_bridged_solver *s = state->solver;
    const struct block all[BLOCKS] = {
        {s->z, (size_t)s->n_all},
        {s->before, (size_t)s->n_all},
        {&s->now, 1},
        {&s->began, 1},
        {s->hot, (size_t)s->n_hot},
        {s->sums, (size_t)s->n_rows},
        {&s->length, 1},
        {&s->ts_step, 1},
        {state->books.reaction, (size_t)(m->n_reactions * QN_CHANNELS)},
        {state->books.impact, (size_t)m->n_impacts},
        {&state->time, 1},
        {&state->books.element_error, 1},
    };
    memcpy(block, all, sizeof all);
}

size_t qn_bridged_packed(const struct qn_bridged *b)
{
    struct block block[BLOCKS];
    size_t total = COUNTS;
    blocks_of(b, block);
    for (int i = 0; i < BLOCKS; i++) {
        total += block[i].count;
    }
    return total;
}

void qn_bridged_pack(const struct qn_bridged *b, double *flat)
{
    struct block block[BLOCKS];
    double counts[COUNTS] = {b->segments, b->repeats, b->terms, b->solver->ready, b->replay};
    for (int c = 0; c < b->n_classes; c++) {
        counts[5 + c] = b->map[c].level;
    }
    blocks_of(b, block);
    memcpy(flat, counts, sizeof counts);
    flat += COUNTS;
    for (int i = 0; i < BLOCKS; i++) {
        memcpy(flat, block[i].at, block[i].count * sizeof *flat);
        flat += block[i].count;
    }
}

void qn_bridged_unpack(struct qn_bridged *b, const double *flat)
{
    struct block block[BLOCKS];
    int *const counts[5] = {&b->segments, &b->repeats, &b->terms, &b->solver->ready, &b->replay};
    for (int i = 0; i < 5; i++) {
        *counts[i] = (int)flat[i];
    }
    for (int c = 0; c < b->n_classes; c++) {
        b->map[c].level = (enum qn_level)(int)flat[5 + c];
    }
    flat += COUNTS;
    blocks_of(b, block);
    for (int i = 0; i < BLOCKS; i++) {
        memcpy(block[i].at, flat, block[i].count * sizeof *flat);
        flat += block[i].count;
    }
    const struct qn_mechanism *m = b->matter.mech;
    const size_t n = (size_t)(b->n_classes * m->n_surface);
    memcpy(b->y, b->solver->z, n * sizeof *b->y);
    memcpy(b->gas.moles, b->solver->z + n, (size_t)m->n_gas * sizeof *b->gas.moles);
}
