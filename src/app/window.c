/// @file
/// Running the mechanical window.
#include "app/window.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/fault_dump.h"
#include "app/gathering.h"
#include "app/mechanics.h"
#include "app/settling.h"
#include "app/trajectory_log.h"
#include "app/window_counts.h"
#include "app/window_file.h"
#include "base/array.h"
#include "bridge/resample.h"
#include "dem/archive.h"
#include "dem/domain.h"

enum { LOOK_EVERY = 256 }; ///< steps between looks at clock and signals

/// Activation energies for which N_eff and intervals are kept [J/mol].
static const double WEIGHT_ENERGIES[] = {40e3, 74e3, 100e3};

/// Work of counting an episode, its two exposures' doses above all, in units of a body's step
/// (30 us against 30 ns).
static const double EPISODE_WORK = 1000.0;

/// How a window is called.
struct called {
    const char *stage; ///< of checkpoints: "window" for the first, "windows" for all others
    char label[24];    ///< in the run file: "window", "window_2", ...
};

/// Everything the loop needs; packed for a checkpoint by save().
struct running {
    struct called name;
    const struct qn_dem_model *model;
    struct qn_dem dem;
    struct qn_window *w;
    struct qn_window_counts *counts; ///< of this rank
    double block_length, block_begin;
    struct qn_gathering logging; ///< episodes on their way to the event log
    int counting;                ///< the start-up is over
    struct qn_settling settling; ///< before the mill turns
};

static void put_pack(struct qn_store *store, const char *path, void *bytes, size_t size)
{
    qn_store_put_bytes(store, path, bytes, size);
    qn_free(bytes);
}

/// What was counted goes to rank 0, whose store is written.
static void save(const void *stage, struct qn_store *store)
{
    const struct running *r = stage;
    struct qn_window_counts *c = r->counts;
    void *bytes;
    size_t size;
    qn_window_counts_merge(c, r->dem.group);
    qn_dem_pack(&r->dem, &bytes, &size);
    put_pack(store, "/checkpoint/window/dem", bytes, size);
    qn_store_put_bytes(store, "/checkpoint/window/hash", &r->w->hash, sizeof r->w->hash);
    qn_store_put_bytes(store, "/checkpoint/window/window", r->w, sizeof *r->w);
    qn_store_put_bytes(store, "/checkpoint/window/strong", r->w->strong,
                       (size_t)r->w->n_strong * sizeof *r->w->strong);
    qn_reservoir_pack(r->w->events, &bytes, &size);
    put_pack(store, "/checkpoint/window/events", bytes, size);
    qn_sums_pack(&c->sums, &bytes, &size);
    put_pack(store, "/checkpoint/window/sums", bytes, size);
    qn_store_put_bytes(store, "/checkpoint/window/hits", c->hits,
                       3 * (size_t)c->carriers.n * sizeof *c->hits);
    const struct qn_wide_sum block[3] = {c->loss, c->impacts, c->mass};
    qn_store_put_bytes(store, "/checkpoint/window/block", block, sizeof block);
    qn_heat_accounts_pack(&c->heat, &bytes, &size);
    put_pack(store, "/checkpoint/window/heat", bytes, size);
    qn_dead_zone_pack(&c->zone, &bytes, &size);
    put_pack(store, "/checkpoint/window/dead_zone", bytes, size);
    qn_store_put_bytes(store, "/checkpoint/window/begin", &r->block_begin, sizeof r->block_begin);
    qn_store_put_bytes(store, "/checkpoint/window/settling", &r->settling, sizeof r->settling);
}

static enum qn_status restore_counts(struct qn_session *s, struct qn_window_counts *c)
{
    void *bytes;
    size_t size;
    struct qn_wide_sum block[3];
    struct qn_window *w = c->w;
    double(*strong)[QN_STRONG_FIELDS] = w->strong;
    struct qn_reservoir *events = w->events;
    enum qn_status status = qn_session_get_exactly(s, "/checkpoint/window/window", w, sizeof *w);
    w->strong = strong;
    w->events = events;
    w->bodies = NULL;
    QN_TRY(status);
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/strong", strong,
                                  (size_t)w->n_strong * sizeof *strong));
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/events", &bytes, &size));
    status = qn_reservoir_unpack(events, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/sums", &bytes, &size));
    status = qn_sums_unpack(&c->sums, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/hits", c->hits,
                                  3 * (size_t)c->carriers.n * sizeof *c->hits));
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/block", block, sizeof block));
    c->loss = block[0], c->impacts = block[1], c->mass = block[2];
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/dead_zone", &bytes, &size));
    status = qn_dead_zone_unpack(&c->zone, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/heat", &bytes, &size));
    status = qn_heat_accounts_unpack(&c->heat, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    if (!qn_session_root(s)) {
        qn_window_counts_clear(c); // sums do not ask whose they were
    }
    return QN_OK;
}

static enum qn_status restore(struct qn_session *s, struct running *r)
{
    void *bytes;
    size_t size;
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/window/dem", &bytes, &size));
    enum qn_status status = qn_dem_unpack(r->model, &r->dem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(restore_counts(s, r->counts));
    QN_TRY(
        qn_session_get_exactly(s, "/checkpoint/window/settling", &r->settling, sizeof r->settling));
    return qn_session_get_exactly(s, "/checkpoint/window/begin", &r->block_begin,
                                  sizeof r->block_begin);
}

/// All ranks have the block's sums, and the books.
static void close_block(struct running *r, double now)
{
    struct qn_ledger books;
    struct qn_window *w = r->w;
    double sums[3];
    const double length = now - r->block_begin;
    qn_ledger_read(r->model, &r->dem, &books);
    qn_window_counts_block(r->counts, r->model, &r->dem, sums);
    w->block[w->n_blocks++] = (struct qn_window_block){now, sums[0] / length, books.kinetic,
                                                       sums[1] / length, sums[2] / length};
    r->block_begin = now;
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
    qn_progress_update(&s->progress, r->name.label, fmin(t / end, 1.0), note);
}

/// What all ranks have finished since the last time, to the event log of rank 0.
static enum qn_status log_episodes(struct qn_session *s, struct running *r)
{
    const struct qn_episode *events;
    size_t n;
    enum qn_status status = QN_OK;
    if (!s->log.on) {
        return QN_OK;
    }
    qn_gathering_collect(&r->logging, s->group, &events, &n);
    if (qn_session_root(s)) {
        status = qn_event_log_add(&s->log, "window", events, n);
    }
    return qn_group_agree(s->group, status);
}

/// Close a block when it is time; says whether the window is done. Blocks end at fixed mill times,
/// so a resumed run cuts the same; all ranks have the same blocks, so they decide alike.
static enum qn_status observe(struct qn_session *s, struct running *r, int *done)
{
    const struct qn_deck_run *run = &s->deck->run;
    struct qn_window *w = r->w;
    const double now = qn_dem_time(r->model, &r->dem);
    if (now <= w->begin || now < w->begin + (w->n_blocks + 1) * r->block_length) {
        return QN_OK;
    }
    close_block(r, now);
    w->still = holds_still(w, run->window_tolerance);
    const int enough = now - w->begin >= run->window_min - 0.5 * r->block_length;
    *done = w->n_blocks == QN_WINDOW_BLOCKS || (enough && w->still);
    return *done ? log_episodes(s, r) : QN_OK;
}

/// Now and then: episodes to the event log, progress, and a checkpoint when one is due.
static enum qn_status look(struct qn_session *s, struct running *r)
{
    if (r->dem.step % LOOK_EVERY != 0) {
        return QN_OK;
    }
    QN_TRY(log_episodes(s, r));
    progress(s, r);
    return qn_session_pause(s, r->name.stage, save, r);
}

static enum qn_status settle(struct qn_session *s, struct running *r)
{
    const struct qn_settling_stage stage = {r->name.stage, r, save, NULL};
    QN_TRY(qn_settling_run(s, &stage, r->model, &r->dem, &r->settling));
    r->w->settled[0] = r->settling.time;
    r->w->settled[1] = r->settling.energy;
    return QN_OK;
}

static enum qn_status loop(struct qn_session *s, struct running *r)
{
    const struct qn_episode *events;
    size_t n;
    int done = 0;
    QN_TRY(settle(s, r));
    r->counting = qn_dem_time(r->model, &r->dem) > r->w->begin;
    while (!done) {
        QN_TRY(qn_fault_dump(s, r->name.label, &r->dem, qn_dem_step(r->model, &r->dem)));
        qn_trajectory_hash(s, r->name.label, &r->dem);
        qn_dem_drain(&r->dem, &events, &n);
        r->counting = r->counting || qn_dem_time(r->model, &r->dem) > r->w->begin;
        qn_window_count(r->counts, events, r->counting ? n : 0);
        qn_window_counts_heat(r->counts, &r->dem, qn_dem_time(r->model, &r->dem), 0);
        for (size_t k = 0; r->counting && r->dem.domain && k < n; k++) {
            qn_dem_add_work(&r->dem, events[k].id_i, EPISODE_WORK);
        }
        qn_gathering_add(&r->logging, &s->log.filter, events, s->log.on ? n : 0);
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
    const struct qn_motion motion = qn_deck_motion(d);
    const double period = qn_motion_period(&motion);
    const struct qn_spectrum_window span = {.begin = w->begin,
                                            .span = d->run.window_max,
                                            .cycle = isfinite(period) ? period : 0.0,
                                            .T0 = d->chemistry.bulk_temperature,
                                            .n_classes = QN_POWDER_CLASSES,
                                            .mass = w->mass, // known at the end
                                            .n_energies = 3,
                                            .energy = WEIGHT_ENERGIES};
    qn_spectrum_init(&w->spectrum, &span);
    qn_reservoir_init(w->events, w->spectrum.n_classes, d->seed);
}

/// Sums become rates, on rank 0; the spectrum keeps the blocks that were really run.
static void finish(struct qn_session *s, struct running *r)
{
    struct qn_window *w = r->w;
    qn_window_counts_heat(r->counts, &r->dem, qn_dem_time(r->model, &r->dem), 1);
    qn_window_counts_merge(r->counts, s->group);
    qn_sums_settle(&r->counts->sums);
    qn_ledger_read(r->model, &r->dem, &w->ledger);
    w->collisions.span = w->span;
    w->steps = r->dem.step;
    w->episodes = w->ledger.episodes;
    w->state = qn_dem_hash(&r->dem);
    w->spectrum.span = w->span;
    qn_window_counts_close_heat(r->counts);
    qn_window_counts_classes(r->counts);
    qn_reservoir_close(w->events);
    qn_window_strong_trim(w);
}

/// All ranks know what rank 0 has read or counted.
static enum qn_status share(struct qn_session *s, struct qn_window *w)
{
    double(*strong)[QN_STRONG_FIELDS] = w->strong;
    struct qn_reservoir *events = w->events;
    struct qn_body_heat *bodies = w->bodies;
    void *bytes = NULL;
    size_t size = 0;
    if (qn_group_alone(s->group)) {
        return QN_OK;
    }
    qn_group_broadcast(s->group, w, sizeof *w);
    w->strong = strong;
    w->events = events;
    w->bodies = bodies ? bodies : qn_alloc((size_t)w->n_bodies, sizeof *bodies);
    qn_group_broadcast(s->group, w->bodies, (size_t)w->n_bodies * sizeof *bodies);
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

/// Does a checkpoint go on inside this very window? Collective.
static enum qn_status goes_on(struct qn_session *s, const struct called *name, int *yes)
{
    uint64_t hash;
    *yes = qn_session_resumes(s, name->stage);
    if (*yes) {
        QN_TRY(qn_session_get_exactly(s, "/checkpoint/window/hash", &hash, sizeof hash));
        *yes = hash == s->deck->mechanical_hash;
    }
    return QN_OK;
}

static enum qn_status run_window(struct qn_session *s, const struct called *name,
                                 struct qn_window *w)
{
    const struct qn_deck *d = s->deck;
    struct qn_dem_model model;
    struct qn_window_counts counts;
    struct running r = {.name = *name, .model = &model, .w = w, .counts = &counts};
    int resumed;
    QN_TRY(goes_on(s, name, &resumed));
    qn_mechanics_model(d, d->run.window_powder, &model);
    r.block_length = d->run.window_max / QN_WINDOW_BLOCKS;
    qn_window_counts_init(&counts, d, w);
    qn_dem_init(&model, &r.dem, s->threads);
    qn_dem_join(&r.dem, s->group);
    r.dem.paranoid = s->options->paranoid;
    enum qn_status status;
    if (resumed) {
        status = restore(s, &r);
    } else {
        begin(s, &r);
        r.settling = qn_settling_of(d);
        status = qn_mechanics_fill(d, d->run.window_powder, &model, &r.dem);
    }
    if (status == QN_OK) {
        status = loop(s, &r);
    }
    if (status == QN_OK) {
        qn_trajectory_counts(s, r.name.label, &r.dem);
        finish(s, &r);
        status = share(s, w);
    }
    qn_progress_end(&s->progress);
    qn_dem_free(&r.dem);
    qn_window_counts_free(&counts);
    qn_gathering_free(&r.logging);
    return status;
}

/// The window file, which rank 0 reads, on all ranks.
static enum qn_status read_shared(struct qn_session *s, const char *label, struct qn_window *w)
{
    QN_TRY(qn_group_agree(s->group, qn_session_root(s) ? qn_window_read(s, label, w) : QN_OK));
    return share(s, w);
}

/// The window from its file, or run and written.
static enum qn_status read_or_run(struct qn_session *s, const struct called *name,
                                  struct qn_window *w)
{
    w->strong = qn_alloc(2 * QN_STRONG_EVENTS, sizeof *w->strong);
    w->events = qn_alloc(1, sizeof *w->events);
    // an event log needs the window's events, which a window file does not hold
    const int logged = s->stage[0] && !qn_session_resumes(s, name->stage);
    if (!s->log.on || logged) {
        QN_TRY(read_shared(s, name->label, w));
    }
    if (w->reused) {
        return QN_OK;
    }
    QN_TRY(run_window(s, name, w));
    return qn_group_agree(s->group,
                          qn_session_root(s) ? qn_window_write(s, name->label, w) : QN_OK);
}

enum qn_status qn_window_get(struct qn_session *s, int number, struct qn_window *w)
{
    const struct qn_deck *d = s->deck;
    struct called name = {.stage = number ? "windows" : "window", .label = "window"};
    if (number) {
        snprintf(name.label, sizeof name.label, "window_%d", number + 1);
    }
    memset(w, 0, sizeof *w);
    QN_TRY(read_or_run(s, &name, w));
    if (d->run.resample > 0) { // the file keeps what was counted; windows err by themselves
        const uint64_t seed = d->seed ^ w->hash;
        qn_spectrum_resample(&w->spectrum, seed, (uint64_t)d->run.resample);
        qn_reservoir_resample(w->events, seed, (uint64_t)d->run.resample);
    }
    return QN_OK;
}

void qn_window_free(struct qn_window *w)
{
    qn_free(w->strong);
    if (w->events) {
        qn_reservoir_free(w->events);
    }
    qn_free(w->events);
    qn_free(w->bodies);
    memset(w, 0, sizeof *w);
}
