/// @file
/// Counting episodes of a window on every rank, and bringing the counts together.
#include "app/window_counts.h"

#include <string.h>

#include "app/window_file.h"
#include "base/array.h"
#include "par/merge.h"

void qn_window_counts_init(struct qn_window_counts *c, const struct qn_deck *deck,
                           struct qn_window *w)
{
    *c = (struct qn_window_counts){.w = w, .deck = deck};
    if (deck->powder.material >= 0) {
        c->model = qn_exposing_model(deck);
        qn_carriers_init(deck, deck->run.window_powder, &c->carriers);
    }
    c->hits = qn_alloc(3 * (size_t)c->carriers.n, sizeof *c->hits);
    qn_sums_init(&c->sums, w, sizeof *w);
}

void qn_window_counts_free(struct qn_window_counts *c)
{
    qn_carriers_free(&c->carriers);
    qn_sums_free(&c->sums);
    qn_free(c->hits);
    *c = (struct qn_window_counts){0};
}

/// Expose what was counted: hot spots and the joint spectrum of the class.
static void expose(struct qn_window_counts *c, const struct qn_episode *e)
{
    struct qn_exposure x[2];
    struct qn_window *w = c->w;
    const int n = qn_exposing_episode(&c->carriers, &c->model, e, x);
    for (int k = 0; k < n; k++) {
        const int loose = x[k].carrier >= c->carriers.loose;
        qn_spectrum_count(&w->spectrum, loose, &x[k], &c->sums);
        qn_reservoir_add(w->events, loose, &x[k]);
        c->hits[x[k].carrier]++;
        qn_wide_add(&c->mass, x[k].mass);
        // a rate once the window is closed
        qn_sums_add(&c->sums, &w->exchanged, c->deck->powder.exchange * x[k].mass);
    }
    qn_hot_spectrum_add(&w->hot, x, (size_t)n, &c->sums);
}

void qn_window_count(struct qn_window_counts *c, const struct qn_episode *e, size_t n)
{
    qn_collisions_add(&c->w->collisions, e, n, &c->sums);
    for (size_t k = 0; k < n; k++) {
        qn_wide_add(&c->loss, qn_episode_loss(&e[k]));
        qn_wide_add(&c->impacts, qn_is_impact(&e[k]));
        qn_window_strong(c->w, &e[k]);
        if (c->deck->powder.material >= 0) {
            expose(c, &e[k]);
        }
    }
}

void qn_window_counts_block(struct qn_window_counts *c, struct qn_group *g, double sums[3])
{
    const int n = c->carriers.n;
    struct qn_wide_sum block[3] = {c->loss, c->impacts, c->mass};
    qn_group_sum_wide(g, block, 3);
    for (int k = 0; k < 3; k++) {
        sums[k] = qn_wide_value(&block[k]);
    }
    c->loss = c->impacts = c->mass = (struct qn_wide_sum){{0}, 0};
    qn_group_sum_integers(g, c->hits, n);
    for (int k = 0; k < n; k++) {
        c->hits[n + k] += c->hits[k];
        c->hits[2 * n + k] += c->hits[k] * c->hits[k];
        c->hits[k] = 0;
    }
}

static void merge_strong(struct qn_window *w, struct qn_group *g)
{
    for (int distance = 1; distance < g->size; distance *= 2) {
        void *given;
        const size_t size = (size_t)w->n_strong * sizeof *w->strong;
        const size_t came = qn_group_give(g, distance, w->strong, size, &given);
        qn_window_strong_merge(w, given, (int64_t)(came / sizeof *w->strong));
        qn_free(given);
    }
}

static void merge_events(struct qn_reservoir *events, struct qn_group *g)
{
    for (int distance = 1; distance < g->size; distance *= 2) {
        void *bytes = NULL, *given;
        size_t size = 0;
        if (qn_group_gives(g, distance)) {
            qn_reservoir_pack(events, &bytes, &size);
        }
        const size_t came = qn_group_give(g, distance, bytes, size, &given);
        if (came > 0) {
            struct qn_reservoir other = {0};
            const enum qn_status status = qn_reservoir_unpack(&other, given, came);
            QN_ASSERT(status == QN_OK); // it was packed a moment ago
            qn_reservoir_merge(events, &other);
            qn_reservoir_free(&other);
        }
        qn_free(bytes);
        qn_free(given);
    }
}

void qn_window_counts_merge(struct qn_window_counts *c, struct qn_group *g)
{
    struct qn_wide_sum block[3] = {c->loss, c->impacts, c->mass};
    double length = c->w->spectrum.length;
    qn_group_max(g, &length, 1);
    qn_spectrum_coarsen(&c->w->spectrum, length, &c->sums);
    qn_group_sum_wide(g, c->sums.sum, c->sums.n);
    qn_group_sum_wide(g, block, 3);
    c->loss = block[0], c->impacts = block[1], c->mass = block[2];
    qn_group_sum_integers(g, c->hits, c->carriers.n);
    merge_strong(c->w, g);
    merge_events(c->w->events, g);
    if (g->rank != 0) {
        qn_window_counts_clear(c);
    }
}

void qn_window_counts_clear(struct qn_window_counts *c)
{
    struct qn_reservoir *events = c->w->events;
    const int classes = events->n_classes;
    const uint64_t seed = events->seed;
    memset(c->sums.sum, 0, c->sums.n * sizeof *c->sums.sum);
    c->loss = c->impacts = c->mass = (struct qn_wide_sum){{0}, 0};
    memset(c->hits, 0, (size_t)c->carriers.n * sizeof *c->hits);
    c->w->n_strong = 0;
    qn_reservoir_free(events);
    qn_reservoir_init(events, classes, seed);
}

double qn_window_counts_fano(const struct qn_window_counts *c, int first, int last)
{
    double mean = 0.0, variance = 0.0;
    const int n = c->carriers.n, blocks = c->w->n_blocks;
    for (int k = first; k < last && blocks > 1; k++) {
        const double own = (double)c->hits[n + k] / blocks;
        mean += own;
        variance += ((double)c->hits[2 * n + k] - blocks * own * own) / (blocks - 1.0);
    }
    return mean > 0.0 ? variance / mean : 1.0;
}
