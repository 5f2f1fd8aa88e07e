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
    qn_heat_accounts_init(&c->heat, deck);
    c->hits = qn_alloc(3 * (size_t)c->carriers.n, sizeof *c->hits);
    qn_dead_zone_init(&c->zone,
                      deck->run.window_powder == QN_POWDER_PARCELS ? c->carriers.n_loose : 0,
                      c->carriers.balls);
    c->zone.mass = c->zone.n > 0 ? c->carriers.mass + c->carriers.loose : NULL;
    qn_sums_init(&c->sums, w, sizeof *w);
}

void qn_window_counts_free(struct qn_window_counts *c)
{
    qn_carriers_free(&c->carriers);
    qn_dead_zone_free(&c->zone);
    qn_heat_accounts_free(&c->heat);
    qn_sums_free(&c->sums);
    qn_free(c->hits);
    *c = (struct qn_window_counts){0};
}

static enum qn_powder_class class_of(const struct qn_window_counts *c, int carrier)
{
    const int parcel = carrier - c->carriers.loose;
    return carrier < c->carriers.wall                   ? QN_CLASS_BALL
           : carrier == c->carriers.wall                ? QN_CLASS_WALL
           : parcel < c->zone.n && c->zone.dead[parcel] ? QN_CLASS_DEAD
                                                        : QN_CLASS_LOOSE;
}

/// Both ways, so that the matrix is symmetric; what a class swaps with itself mixes it already.
static void swap(struct qn_window_counts *c, int a, int b, double mass)
{
    if (a != b) {
        qn_sums_add(&c->sums, &c->w->exchange[a][b], mass);
        qn_sums_add(&c->sums, &c->w->exchange[b][a], mass);
    }
}

/// What the coating law needs: impacts on media, and the dose of loose powder on them.
static void impact(struct qn_window_counts *c, const struct qn_episode *e)
{
    const int on_wall = e->pair == QN_BALL_WALL;
    if ((e->pair != QN_BALL_BALL && !on_wall) || !qn_is_impact(e)) {
        return;
    }
    const double energy = qn_episode_impact_n(e) + qn_episode_impact_t(e);
    qn_sums_add(&c->sums, &c->w->impact_on[0], on_wall ? energy : 2.0 * energy);
    qn_sums_add(&c->sums, &c->w->impact_on[1], on_wall ? energy : 0.0);
}

static void dose(struct qn_window_counts *c, const struct qn_episode *e,
                 const struct qn_exposure *x, const struct qn_swap *swap)
{
    // carried powder lay in the coating it was swapped with, a parcel on its partner
    const int media = e->pair == QN_BALL_BALL || e->pair == QN_BALL_WALL;
    const int on = media ? swap->carrier : swap->partner;
    if (x->carrier >= c->carriers.loose && on <= c->carriers.wall) {
        qn_sums_add(&c->sums, &c->w->dose_on[on == c->carriers.wall], x->energy);
    }
}

/// Expose what was counted: hot spots and the joint spectrum of the class.
static void expose(struct qn_window_counts *c, const struct qn_episode *e)
{
    struct qn_exposure x[2];
    struct qn_swap swaps[2];
    struct qn_window *w = c->w;
    const int n = qn_exposing_episode(&c->carriers, &c->model, e, x, swaps);
    for (int k = 0; k < n; k++) {
        const int class = class_of(c, x[k].carrier);
        qn_spectrum_count(&w->spectrum, class, &x[k], &c->sums);
        qn_reservoir_add(w->events, class, &x[k]);
        c->hits[x[k].carrier]++;
        const double square = x[k].mass * x[k].mass;
        qn_sums_add(&c->sums, &w->exposed[class][0], square);
        qn_sums_add(&c->sums, &w->exposed[class][1], square / c->carriers.mass[x[k].carrier]);
        dose(c, e, &x[k], &swaps[k]);
        qn_wide_add(&c->mass, x[k].mass);
        swap(c, class_of(c, swaps[k].carrier), class_of(c, swaps[k].partner),
             c->deck->powder.exchange * swaps[k].mass);
        qn_heat_accounts_swap(&c->heat, &swaps[k], &w->heat, &c->sums);
    }
    if (e->pair == QN_BALL_PARCEL) {
        qn_dead_zone_meet(&c->zone, x[0].carrier - c->carriers.loose);
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
        qn_heat_accounts_add(&c->heat, &e[k], &c->w->heat, &c->sums);
        if (c->deck->powder.material >= 0) {
            impact(c, &e[k]);
            expose(c, &e[k]);
        }
    }
}

void qn_window_counts_heat(struct qn_window_counts *c, const struct qn_dem *dem, double now,
                           int end)
{
    qn_heat_accounts_move(&c->heat, dem, now, end);
}

void qn_window_counts_close_heat(const struct qn_window_counts *c)
{
    struct qn_window *w = c->w;
    qn_window_heat_close(&w->heat, w->span);
    w->n_bodies = c->heat.n;
    qn_free(w->bodies);
    w->bodies = qn_alloc((size_t)c->heat.n, sizeof *w->bodies);
    memcpy(w->bodies, c->heat.body, (size_t)c->heat.n * sizeof *w->bodies);
}

void qn_window_counts_block(struct qn_window_counts *c, const struct qn_dem_model *m,
                            const struct qn_dem *dem, double sums[3])
{
    const int n = c->carriers.n;
    struct qn_group *g = dem->group;
    struct qn_wide_sum block[3] = {c->loss, c->impacts, c->mass};
    qn_group_sum_wide(g, block, 3);
    for (int k = 0; k < 3; k++) {
        sums[k] = qn_wide_value(&block[k]);
    }
    c->loss = c->impacts = c->mass = (struct qn_wide_sum){{0}, 0};
    qn_group_sum_integers(g, c->hits, n);
    qn_dead_zone_block(&c->zone, m, dem, c->hits + c->carriers.loose);
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
    qn_group_sum_integers(g, c->zone.met, c->zone.n);
    qn_heat_accounts_merge(&c->heat, g);
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
    memset(c->zone.met, 0, (size_t)c->zone.n * sizeof *c->zone.met);
    qn_heat_accounts_clear(&c->heat);
    c->w->n_strong = 0;
    qn_reservoir_free(events);
    qn_reservoir_init(events, classes, seed);
}

void qn_window_counts_classes(const struct qn_window_counts *c)
{
    struct qn_window *w = c->w;
    const struct qn_carriers *k = &c->carriers;
    const double parcel = c->zone.n > 0 ? k->mass[k->loose] : 0.0;
    for (int i = 0; i < k->n; i++) {
        w->mass[i < k->wall    ? QN_CLASS_BALL
                : i == k->wall ? QN_CLASS_WALL
                               : QN_CLASS_LOOSE] += k->mass[i];
    }
    w->mass[QN_CLASS_DEAD] = parcel * qn_dead_zone_mean(&c->zone, w->n_blocks);
    w->mass[QN_CLASS_LOOSE] -= w->mass[QN_CLASS_DEAD];
    // half of the changes go each way, and a swap is one of each
    const double moved = 0.5 * parcel * c->zone.moved_share;
    w->exchange[QN_CLASS_LOOSE][QN_CLASS_DEAD] += moved;
    w->exchange[QN_CLASS_DEAD][QN_CLASS_LOOSE] += moved;
    for (int b = 0; b < 2; b++) {
        w->dose_on[b] /= w->span;
        w->impact_on[b] /= w->span;
    }
    for (int a = 0; a < QN_POWDER_CLASSES; a++) {
        w->spectrum.cls[a].mass = w->mass[a];
        for (int b = 0; b < QN_POWDER_CLASSES; b++) {
            w->exchange[a][b] /= w->span;
        }
    }
    w->spectrum.cls[QN_CLASS_BALL].fano = qn_window_counts_fano(c, 0, k->wall);
    w->spectrum.cls[QN_CLASS_WALL].fano = qn_window_counts_fano(c, k->wall, k->loose);
    w->spectrum.cls[QN_CLASS_LOOSE].fano = qn_window_counts_fano(c, k->loose, k->n);
    w->spectrum.cls[QN_CLASS_DEAD].fano = qn_dead_zone_fano(&c->zone);
    w->spectrum.n_classes = w->events->n_classes = qn_powder_classes_used(w->mass);
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

double qn_window_carrier(const struct qn_window *w, int cls, double mean)
{
    const double *x = w->exposed[cls];
    return x[1] > 0.0 ? x[0] / x[1] : mean;
}
