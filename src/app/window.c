/// @file
/// Running the mechanical window.
#include "app/window.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/exposing.h"
#include "app/gathering.h"
#include "app/mechanics.h"
#include "app/window_file.h"
#include "app/trajectory_log.h"
#include "base/array.h"
#include "dem/archive.h"

enum { LOOK_EVERY = 256 }; ///< steps between looks at clock and signals

/// Activation energies for which N_eff and intervals are kept [J/mol].
static const double WEIGHT_ENERGIES[] = {40e3, 74e3, 100e3};

/// Everything the loop needs; packed for a checkpoint by save().
struct running {
    const struct qn_dem_model *model;
    struct qn_dem dem;
    struct qn_window *w;
    struct qn_expose_model expose;
    struct qn_carriers carriers;
    double block_length, block_loss, block_impacts, block_mass, block_begin;
    double exchange; ///< share of a trapped mass that is swapped
    double *hits;    ///< shape [3 * carriers.n]: of each carrier exposures in this block, their sum
                     ///< over closed blocks, and the sum of squares by block
    struct qn_gathering waiting; ///< episodes on their way to rank 0, which counts them
    int counting;                ///< the start-up is over
};

static void save(const void *stage, struct qn_store *store)
{
    const struct running *r = stage;
    void *bytes;
    size_t size;
    qn_dem_pack(&r->dem, &bytes, &size);
    qn_store_put_bytes(store, "/checkpoint/window/dem", bytes, size);
    qn_free(bytes);
    qn_store_put_bytes(store, "/checkpoint/window/sums", r->w, sizeof *r->w);
    qn_store_put_bytes(store, "/checkpoint/window/strong", r->w->strong,
                       (size_t)r->w->n_strong * sizeof *r->w->strong);
    qn_reservoir_pack(r->w->events, &bytes, &size);
    qn_store_put_bytes(store, "/checkpoint/window/events", bytes, size);
    qn_free(bytes);
    qn_store_put_bytes(store, "/checkpoint/window/hits", r->hits,
                       3 * (size_t)r->carriers.n * sizeof *r->hits);
    const double block[4] = {r->block_loss, r->block_impacts, r->block_mass, r->block_begin};
    qn_store_put_bytes(store, "/checkpoint/window/block", block, sizeof block);
}

static enum qn_status restore(struct qn_session *s, struct running *r)
{
    void *bytes;
    size_t size;
    double block[4];
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/dem", &bytes, &size));
    enum qn_status status = qn_dem_unpack(r->model, &r->dem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    double(*strong)[QN_STRONG_FIELDS] = r->w->strong;
    struct qn_reservoir *events = r->w->events;
    status = qn_session_get_exactly(s, "/checkpoint/window/sums", r->w, sizeof *r->w);
    r->w->strong = strong;
    r->w->events = events;
    QN_TRY(status);
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/events", &bytes, &size));
    status = qn_reservoir_unpack(events, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/strong", strong,
                                  (size_t)r->w->n_strong * sizeof *strong));
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/hits", r->hits,
                                  3 * (size_t)r->carriers.n * sizeof *r->hits));
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/block", block, sizeof block));
    r->block_loss = block[0], r->block_impacts = block[1];
    r->block_mass = block[2], r->block_begin = block[3];
    return QN_OK;
}

/// Expose what was counted: hot spots and the joint spectrum of the class.
static void expose(struct running *r, const struct qn_episode *e)
{
    struct qn_exposure x[2];
    const int n = qn_exposing_episode(&r->carriers, &r->expose, e, x);
    for (int k = 0; k < n; k++) {
        const int loose = x[k].carrier >= r->carriers.loose;
        qn_spectrum_add(&r->w->spectrum, loose, &x[k]);
        qn_reservoir_add(r->w->events, loose, &x[k]);
        r->hits[x[k].carrier] += 1.0;
        r->block_mass += x[k].mass;
        r->w->exchanged += r->exchange * x[k].mass; // a rate once the window is closed
    }
    qn_hot_spectrum_add(&r->w->hot, x, (size_t)n);
}

static void count(const struct qn_deck *deck, struct running *r, const struct qn_episode *e,
                  size_t n)
{
    qn_collisions_add(&r->w->collisions, e, n);
    for (size_t k = 0; k < n; k++) {
        r->block_loss += qn_episode_loss(&e[k]);
        r->block_impacts += qn_is_impact(&e[k]);
        qn_window_strong(r->w, &e[k]);
        if (deck->powder.material >= 0) {
            expose(r, &e[k]);
        }
    }
}

/// Rank 0 has the sums, all have the books.
static void close_block(struct running *r, double now)
{
    struct qn_ledger books;
    struct qn_window *w = r->w;
    const double length = now - r->block_begin;
    qn_ledger_read(r->model, &r->dem, &books);
    w->block[w->n_blocks++] =
        (struct qn_window_block){now, r->block_loss / length, books.kinetic,
                                 r->block_impacts / length, r->block_mass / length};
    r->block_loss = r->block_impacts = r->block_mass = 0.0;
    r->block_begin = now;
    const int n = r->carriers.n;
    for (int k = 0; k < n; k++) {
        r->hits[n + k] += r->hits[k];
        r->hits[2 * n + k] += r->hits[k] * r->hits[k];
        r->hits[k] = 0.0;
    }
    w->span = now - w->begin;
}

/// Do power and impact rate of the two halves agree within the tolerance?
static int holds_still(const struct qn_window *w, double tolerance)
{
    double sum[2][2] = {{0.0}};
    const int half = w->n_blocks / 2;
    for (int k = 0; k < 2 * half; k++) {
        sum[k / half][0] += w->block[k].power;
        sum[k / half][1] += w->block[k].impacts;
    }
    for (int q = 0; q < 2 && half; q++) {
        const double mean = 0.5 * (sum[0][q] + sum[1][q]);
        if (mean > 0.0 && fabs(sum[0][q] - sum[1][q]) > tolerance * mean) {
            return 0;
        }
    }
    return half > 0;
}

static void progress(struct qn_session *s, const struct running *r)
{
    char note[64];
    const struct qn_deck_run *run = &s->deck->run;
    const double t = qn_dem_time(r->model, &r->dem);
    const double end =
        run->start_up + (r->w->span < run->window_min ? run->window_min : run->window_max);
    snprintf(note, sizeof note, "mill time %.3f s", t);
    qn_progress_update(&s->progress, "window", fmin(t / end, 1.0), note);
}

/// Rank 0 counts what all ranks have finished since the last time.
static enum qn_status collect(struct qn_session *s, struct running *r)
{
    const struct qn_episode *events;
    size_t n;
    enum qn_status status = QN_OK;
    qn_gathering_collect(&r->waiting, s->group, &events, &n);
    if (qn_session_root(s)) {
        status = qn_event_log_add(&s->log, "window", events, n);
        count(s->deck, r, events, r->counting ? n : 0); // the start-up is only logged
    }
    return qn_group_agree(s->group, status);
}

/// Close a block when it is time; says whether the window is done. Blocks end at fixed mill times,
/// so a resumed run cuts the same.
static enum qn_status observe(struct qn_session *s, struct running *r, int *done)
{
    const struct qn_deck_run *run = &s->deck->run;
    struct qn_window *w = r->w;
    const double now = qn_dem_time(r->model, &r->dem);
    if (now <= w->begin || now < w->begin + (w->n_blocks + 1) * r->block_length) {
        return QN_OK;
    }
    QN_TRY(collect(s, r));
    close_block(r, now);
    w->still = holds_still(w, run->window_tolerance);
    const int enough = now - w->begin >= run->window_min - 0.5 * r->block_length;
    *done = w->n_blocks == QN_WINDOW_BLOCKS || (enough && w->still);
    qn_group_broadcast(s->group, done, sizeof *done); // rank 0 knows the statistics
    return QN_OK;
}

/// Now and then: episodes to rank 0, progress, and a checkpoint when one is due.
static enum qn_status look(struct qn_session *s, struct running *r)
{
    if (r->dem.step % LOOK_EVERY != 0) {
        return QN_OK;
    }
    QN_TRY(collect(s, r));
    progress(s, r);
    return qn_session_pause(s, "window", save, r);
}

static enum qn_status loop(struct qn_session *s, struct running *r)
{
    const struct qn_episode *events;
    size_t n;
    int done = 0;
    while (!done) {
        QN_TRY(qn_dem_step(r->model, &r->dem));
        qn_trajectory_hash(s, "window", &r->dem);
        qn_dem_drain(&r->dem, &events, &n);
        if (!r->counting && qn_dem_time(r->model, &r->dem) > r->w->begin) {
            QN_TRY(collect(s, r));
            r->counting = 1;
        }
        if (s->log.on || r->counting) {
            qn_gathering_add(&r->waiting, events, n);
        }
        QN_TRY(observe(s, r, &done));
        QN_TRY(done ? QN_OK : look(s, r));
    }
    return QN_OK;
}

static void begin(struct qn_session *s, struct running *r)
{
    const struct qn_deck *d = s->deck;
    struct qn_window *w = r->w;
    w->hash = d->mechanical_hash;
    w->dt = r->model->dt;
    w->begin = d->run.start_up;
    r->block_begin = w->begin;
    for (int k = 0; k < r->carriers.n; k++) {
        *(k < r->carriers.loose ? &w->coating : &w->loose) += r->carriers.mass[k];
    }
    const double mass[2] = {w->coating, w->loose};
    const struct qn_motion motion = qn_deck_motion(d);
    const double period = qn_motion_period(&motion);
    const struct qn_spectrum_window span = {.begin = w->begin,
                                            .span = d->run.window_max,
                                            .cycle = isfinite(period) ? period : 0.0,
                                            .T0 = d->chemistry.bulk_temperature,
                                            .n_classes = w->loose > 0.0 ? 2 : 1,
                                            .mass = mass,
                                            .n_energies = 3,
                                            .energy = WEIGHT_ENERGIES};
    qn_spectrum_init(&w->spectrum, &span);
    qn_reservoir_init(w->events, w->spectrum.n_classes, d->seed);
}

/// Variance over mean of the hits of a carrier in a block of the window, over carriers [first,
/// last): 1 for Poisson hits, m for bursts of m. 1 where there are no hits or too few blocks.
static double fano(const struct running *r, int first, int last)
{
    double mean = 0.0, variance = 0.0;
    const int n = r->carriers.n, blocks = r->w->n_blocks;
    for (int k = first; k < last && blocks > 1; k++) {
        const double own = r->hits[n + k] / blocks;
        mean += own;
        variance += (r->hits[2 * n + k] - blocks * own * own) / (blocks - 1.0);
    }
    return mean > 0.0 ? variance / mean : 1.0;
}

/// Sums become rates; the spectrum keeps the blocks that were really run.
static void finish(struct running *r)
{
    struct qn_window *w = r->w;
    qn_ledger_read(r->model, &r->dem, &w->ledger);
    w->collisions.span = w->span;
    w->exchanged /= w->span;
    w->steps = r->dem.step;
    w->episodes = w->ledger.episodes;
    w->state = qn_dem_hash(&r->dem);
    w->spectrum.span = w->span;
    w->spectrum.cls[0].fano = fano(r, 0, r->carriers.loose);
    w->spectrum.cls[1].fano = fano(r, r->carriers.loose, r->carriers.n);
    qn_reservoir_close(w->events);
    qn_window_strong_trim(w);
}

/// All ranks know what rank 0 has read or counted.
static enum qn_status share(struct qn_session *s, struct qn_window *w)
{
    double(*strong)[QN_STRONG_FIELDS] = w->strong;
    struct qn_reservoir *events = w->events;
    void *bytes = NULL;
    size_t size = 0;
    if (qn_group_alone(s->group)) {
        return QN_OK;
    }
    qn_group_broadcast(s->group, w, sizeof *w);
    w->strong = strong;
    w->events = events;
    qn_group_broadcast(s->group, strong, (size_t)w->n_strong * sizeof *strong);
    if (qn_session_root(s)) {
        qn_reservoir_pack(events, &bytes, &size);
    }
    qn_group_broadcast(s->group, &size, sizeof size);
    bytes = bytes ? bytes : qn_alloc(size, 1);
    qn_group_broadcast(s->group, bytes, size);
    const enum qn_status status =
        qn_session_root(s) ? QN_OK : qn_reservoir_unpack(events, bytes, size);
    qn_free(bytes);
    return qn_group_agree(s->group, status);
}

static enum qn_status run_window(struct qn_session *s, struct qn_window *w)
{
    const struct qn_deck *d = s->deck;
    struct qn_dem_model model;
    struct running r = {.model = &model, .w = w, .exchange = d->powder.exchange};
    qn_mechanics_model(d, d->run.window_powder, &model);
    r.block_length = d->run.window_max / QN_WINDOW_BLOCKS;
    if (d->powder.material >= 0) {
        r.expose = qn_exposing_model(d);
        qn_carriers_init(d, d->run.window_powder, &r.carriers);
    }
    r.hits = qn_alloc(3 * (size_t)r.carriers.n, sizeof *r.hits);
    qn_dem_init(&model, &r.dem, s->threads);
    qn_dem_join(&r.dem, s->group);
    enum qn_status status;
    if (qn_session_resumes(s, "window")) {
        status = restore(s, &r);
    } else {
        begin(s, &r);
        status = qn_mechanics_fill(d, d->run.window_powder, &model, &r.dem);
    }
    r.counting = qn_dem_time(&model, &r.dem) > w->begin;
    if (status == QN_OK) {
        status = loop(s, &r);
    }
    if (status == QN_OK) {
        qn_trajectory_counts(s, "window", &r.dem);
        finish(&r);
        status = share(s, w);
    }
    qn_progress_end(&s->progress);
    qn_dem_free(&r.dem);
    qn_carriers_free(&r.carriers);
    qn_gathering_free(&r.waiting);
    qn_free(r.hits);
    return status;
}

/// The window file, which rank 0 reads, on all ranks.
static enum qn_status read_shared(struct qn_session *s, struct qn_window *w)
{
    QN_TRY(qn_group_agree(s->group, qn_session_root(s) ? qn_window_read(s, w) : QN_OK));
    return share(s, w);
}

enum qn_status qn_window_get(struct qn_session *s, struct qn_window *w)
{
    memset(w, 0, sizeof *w);
    w->strong = qn_alloc(2 * QN_STRONG_EVENTS, sizeof *w->strong);
    w->events = qn_alloc(1, sizeof *w->events);
    // an event log needs the window's events, which a window file does not hold
    const int logged = s->stage[0] && !qn_session_resumes(s, "window");
    if (!s->log.on || logged) {
        QN_TRY(read_shared(s, w));
    }
    if (w->reused) {
        return QN_OK;
    }
    QN_TRY(run_window(s, w));
    return qn_group_agree(s->group, qn_session_root(s) ? qn_window_write(s, w) : QN_OK);
}

void qn_window_free(struct qn_window *w)
{
    qn_free(w->strong);
    if (w->events) {
        qn_reservoir_free(w->events);
    }
    qn_free(w->events);
    memset(w, 0, sizeof *w);
}
