/// @file
/// The direct span: one loop over steps that feeds mechanics and chemistry.
#include "app/direct.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/chem_series.h"
#include "app/exposing.h"
#include "app/fault_dump.h"
#include "app/gathering.h"
#include "app/mechanics.h"
#include "app/powder_classes.h"
#include "app/settling.h"
#include "app/trajectory_log.h"
#include "base/array.h"
#include "chem/carrier.h"
#include "chem/carrier_archive.h"
#include "dem/archive.h"
#include "dem/domain.h"

enum { LOOK_EVERY = 256 }; ///< steps between looks at clock and signals

static const char *const CHANNELS[QN_CHANNELS] = {"bulk_thermal", "hot_spot"};

struct running {
    const struct qn_dem_model *model;
    const struct qn_powder *powder;
    const struct qn_climate *climate;
    struct qn_dem dem;
    struct qn_direct chem;
    struct qn_expose_model expose;
    struct qn_carriers carriers;
    struct qn_chem_series series;
    struct qn_exact loss;  ///< dissipated since chemistry began, by episodes of this rank [J]
    double next_sync;      ///< [s]
    struct qn_exposure *x; ///< waiting for chemistry
    size_t n_x, cap_x;
    struct qn_gathering log;     ///< episodes on their way to the event log
    struct qn_settling settling; ///< before the mill turns
    int64_t rebuilds;            ///< of the bodies when the carriers last followed them
};

/// Exposures are solved every so many steps: carriers do not see each other between two syncs, so a
/// batch gives what step by step would, and threads have something to share.
enum { BATCH = 64 };

/// Owner of a carrier: that of its body; the wall and the reserve stay on rank 0.
static int home_of(const struct running *r, int carrier)
{
    const struct qn_carriers *c = &r->carriers;
    const int64_t id = carrier < c->balls    ? carrier
                       : carrier >= c->loose ? c->balls + carrier - c->loose
                                             : -1;
    const int i = id >= 0 && id < r->dem.n_total ? qn_record_index(&r->dem, id) : -1;
    return i >= 0 ? r->dem.rank[i] : 0;
}

/// Carriers to the ranks that own their bodies, from rank 0, where all are at first.
static void follow_all(struct running *r)
{
    int *to = qn_alloc((size_t)r->carriers.n, sizeof *to);
    for (int k = 0; k < r->dem.n_own; k++) {
        const int64_t id = r->dem.id[r->dem.own[k]];
        const int carrier =
            (int)(id < r->carriers.balls ? id : id - r->carriers.balls + r->carriers.loose);
        to[carrier] = r->dem.group->rank;
    }
    qn_group_max_integers(r->dem.group, to, r->carriers.n);
    qn_direct_move(&r->chem, to);
    qn_free(to);
    r->rebuilds = r->dem.n_rebuilds;
}

static struct qn_exact all_loss(const struct running *r)
{
    struct qn_exact loss = r->loss;
    qn_group_sum_exact(r->dem.group, &loss, 1);
    return loss;
}

/// Nothing waits for chemistry then: look() comes after flush().
static void save(const void *stage, struct qn_store *store)
{
    const struct running *r = stage;
    void *bytes;
    size_t size;
    qn_dem_pack(&r->dem, &bytes, &size);
    qn_store_put_bytes(store, "/checkpoint/direct/dem", bytes, size);
    qn_free(bytes);
    qn_direct_pack(&r->chem, &bytes, &size);
    qn_store_put_bytes(store, "/checkpoint/direct/chemistry", bytes, size);
    qn_free(bytes);
    const struct qn_exact loss = all_loss(r);
    qn_store_put_bytes(store, "/checkpoint/direct/loss", &loss, sizeof loss);
    qn_store_put_bytes(store, "/checkpoint/direct/next_sync", &r->next_sync, sizeof r->next_sync);
    qn_store_put_bytes(store, "/checkpoint/direct/settling", &r->settling, sizeof r->settling);
}

/// Each carrier as warm as what it lies on.
static void warm_carriers(const struct qn_deck_balls *balls, struct running *r, const double *T)
{
    const struct qn_climate *c = r->climate;
    int first = 0;
    for (int g = 0; g < balls->n_groups; g++) {
        const int n = (int)balls->group[g].count;
        qn_direct_warm(&r->chem, first, first + n, T[g]);
        first += n;
    }
    qn_direct_warm(&r->chem, r->carriers.wall, r->carriers.loose, T[c->wall]);
    if (c->powder >= 0) {
        qn_direct_warm(&r->chem, r->carriers.loose, r->carriers.n, T[c->powder]);
    }
}

static void tell_temperatures(struct qn_session *s, const struct qn_climate *c, double t,
                              const double *T)
{
    const int time = qn_store_series(s->store, "/heat/direct/time", 1, "s", "of the direct span");
    qn_store_append(s->store, time, &t);
    for (int i = 0; i < c->net.n; i++) {
        char name[24], path[64];
        qn_climate_name(c, i, name);
        snprintf(path, sizeof path, "/heat/direct/temperature/%s", name);
        const int series =
            qn_store_series(s->store, path, 1, "K", "of this lump, by the balance of heat");
        qn_store_append(s->store, series, &T[i]);
    }
}

/// Temperatures until the next sync follow from the time of the last one, so a resumed run has them
/// too; the powder's are those of the middle.
static void warm(struct qn_session *s, struct running *r, int tell)
{
    const struct qn_deck_run *run = &s->deck->run;
    const double t = fmax(r->chem.time - run->start_up, 0.0);
    double T[QN_HEAT_NODES];
    if (!r->climate->computed) {
        return;
    }
    r->chem.gas.T = qn_climate_direct(r->climate, t, T);
    if (tell) {
        tell_temperatures(s, r->climate, t, T);
    }
    qn_climate_direct(r->climate, t + 0.5 * run->sync, T);
    warm_carriers(&s->deck->balls, r, T);
}

static enum qn_status restore(struct qn_session *s, struct running *r)
{
    void *bytes;
    size_t size;
    struct qn_exact loss;
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/direct/dem", &bytes, &size));
    enum qn_status status = qn_dem_unpack(r->model, &r->dem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/direct/chemistry", &bytes, &size));
    status = qn_direct_unpack(&r->chem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    warm(s, r, 0);
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/direct/loss", &loss, sizeof loss));
    r->loss = qn_session_root(s) ? loss : (struct qn_exact){0}; // sums do not ask whose it was
    follow_all(r);
    QN_TRY(
        qn_session_get_exactly(s, "/checkpoint/direct/settling", &r->settling, sizeof r->settling));
    return qn_session_get_exactly(s, "/checkpoint/direct/next_sync", &r->next_sync,
                                  sizeof r->next_sync);
}

/// Mass-weighted mean state of each class, shape [QN_POWDER_CLASSES][n_surface]. A direct span does
/// not tell loose powder from that of a dead zone.
static void class_means(const struct running *r, double *y)
{
    const struct qn_carriers *c = &r->carriers;
    const int ns = r->powder->mechanism.n_surface;
    qn_direct_mean(&r->chem, 0, c->wall, y + QN_CLASS_BALL * ns);
    qn_direct_mean(&r->chem, c->wall, c->wall + 1, y + QN_CLASS_WALL * ns);
    qn_direct_mean(&r->chem, c->loose, c->n, y + QN_CLASS_LOOSE * ns);
    memcpy(y + QN_CLASS_DEAD * ns, y + QN_CLASS_LOOSE * ns, (size_t)ns * sizeof *y);
}

static void add_row(const struct running *r, double time)
{
    double y[QN_POWDER_CLASSES * QN_MAX_SPECIES];
    class_means(r, y);
    qn_chem_series_add(&r->series, time, &r->chem.gas, y, r->chem.books.element_error);
}

/// Send exposures to the owners of their carriers, both of whose bodies are still known here.
static void deliver(struct running *r)
{
    struct qn_group *g = r->dem.group;
    const int ranks = g->size;
    struct qn_exposure *sorted = qn_alloc(r->n_x, sizeof *sorted);
    size_t *bytes = qn_alloc((size_t)ranks, sizeof *bytes), n = 0;
    void *came;
    for (int rank = 0; rank < ranks; rank++) {
        const size_t first = n;
        for (size_t k = 0; k < r->n_x; k++) {
            if (home_of(r, r->x[k].carrier) == rank) {
                sorted[n++] = r->x[k];
            }
        }
        bytes[rank] = (n - first) * sizeof *sorted;
    }
    qn_group_swap(g, sorted, bytes, &came);
    r->n_x = 0;
    for (int rank = 0; rank < ranks; rank++) {
        r->n_x += bytes[rank] / sizeof *r->x;
    }
    qn_grow(&r->x, &r->cap_x, r->n_x);
    memcpy(r->x, came, r->n_x * sizeof *r->x);
    qn_free(came);
    qn_free(sorted);
    qn_free(bytes);
}

/// Work of an integrator step of the chemistry in units of a body's step (5 us against 30 ns).
static const double STEP_WORK = 170.0;

/// The balance of the ranks learns what the carriers cost.
static void count_work(struct running *r)
{
    const struct qn_carriers *c = &r->carriers;
    for (int k = 0; k < c->n; k++) {
        const int is_body = k < c->balls || k >= c->loose;
        if (r->chem.cost[k] > 0.0 && is_body) {
            qn_dem_add_work(&r->dem, k < c->balls ? k : c->balls + k - c->loose,
                            STEP_WORK * r->chem.cost[k]);
        }
        r->chem.cost[k] = 0.0;
    }
}

/// Solve what waits.
static enum qn_status flush(struct running *r)
{
    if (!qn_group_alone(r->dem.group)) {
        deliver(r);
    }
    const size_t n = r->n_x;
    r->n_x = 0;
    const enum qn_status status = n > 0 ? qn_direct_expose(&r->chem, r->x, n) : QN_OK;
    if (!qn_group_alone(r->dem.group)) {
        count_work(r);
    }
    return qn_group_agree(r->dem.group, status);
}

static enum qn_status sync(struct qn_session *s, struct running *r, double now)
{
    QN_TRY(flush(r));
    QN_TRY(qn_direct_sync(&r->chem, now));
    r->next_sync = now + s->deck->run.sync;
    warm(s, r, 1);
    add_row(r, now - s->deck->run.start_up);
    return QN_OK;
}

/// Queue the episodes that one step finished.
static void queue(struct running *r, const struct qn_episode *e, size_t n)
{
    qn_grow(&r->x, &r->cap_x, r->n_x + 2 * n);
    for (size_t k = 0; k < n; k++) {
        qn_exact_add(&r->loss, qn_episode_loss(&e[k]));
        r->n_x += (size_t)qn_exposing_episode(&r->carriers, &r->expose, &e[k], r->x + r->n_x, NULL);
    }
}

static void progress(struct qn_session *s, const struct running *r, double end)
{
    char note[96];
    const double t = qn_dem_time(r->model, &r->dem);
    snprintf(note, sizeof note, "mill time %.4f s, %lld pulses", t,
             (long long)r->chem.books.pulses);
    qn_progress_update(&s->progress, t < s->deck->run.start_up ? "direct: start-up" : "direct",
                       fmin(t / end, 1.0), note);
}

/// Chemistry of one step; `end` is the end of the span. Everything is solved at steps that depend
/// on the clock alone, and before bodies change their owners.
static enum qn_status react(struct qn_session *s, struct running *r, double end,
                            const struct qn_episode *events, size_t n)
{
    const double now = qn_dem_time(r->model, &r->dem);
    if (now <= s->deck->run.start_up) {
        return QN_OK;
    }
    queue(r, events, n);
    const int batch = r->dem.step % BATCH == 0;
    int due = now >= r->next_sync || now >= end;
    if (batch || due || (r->dem.domain && r->dem.stale == 2)) {
        QN_TRY(flush(r));
    }
    due |= batch && qn_direct_pending(&r->chem) > 1e-3;
    return due ? sync(s, r, now) : QN_OK;
}

/// Carriers follow bodies that a rebuild has just given to other ranks.
static void follow(void *stage)
{
    struct running *r = stage;
    if (r->dem.domain && r->rebuilds != r->dem.n_rebuilds) {
        int *to = qn_alloc((size_t)r->carriers.n, sizeof *to);
        for (int k = 0; k < r->carriers.n; k++) {
            to[k] = r->chem.mine[k] ? r->dem.group->rank : -1;
        }
        for (size_t k = 0; k < r->dem.domain->n_left; k++) {
            const struct qn_departure *d = &r->dem.domain->left[k];
            const int64_t id = d->id;
            to[id < r->carriers.balls ? id : id - r->carriers.balls + r->carriers.loose] = d->to;
        }
        qn_direct_move(&r->chem, to);
        qn_free(to);
        r->rebuilds = r->dem.n_rebuilds;
    }
}

/// Now and then: log, progress, and a checkpoint when one is due.
static enum qn_status look(struct qn_session *s, struct running *r, double end)
{
    const struct qn_episode *events;
    size_t n;
    enum qn_status status = QN_OK;
    if (r->dem.step % LOOK_EVERY != 0 && qn_dem_time(r->model, &r->dem) < end) {
        return QN_OK;
    }
    if (s->log.on) {
        qn_gathering_collect(&r->log, s->group, &events, &n);
        status = qn_session_root(s) ? qn_event_log_add(&s->log, "direct", events, n) : QN_OK;
        QN_TRY(qn_group_agree(s->group, status));
    }
    progress(s, r, end);
    return qn_session_pause(s, "direct", save, r);
}

static enum qn_status loop(struct qn_session *s, struct running *r)
{
    const double end = s->deck->run.start_up + s->deck->run.direct_span;
    const struct qn_episode *events;
    size_t n;
    const struct qn_settling_stage rest = {"direct", r, save, follow};
    QN_TRY(qn_settling_run(s, &rest, r->model, &r->dem, &r->settling));
    while (qn_dem_time(r->model, &r->dem) < end) {
        QN_TRY(qn_fault_dump(s, "direct", &r->dem, qn_dem_step(r->model, &r->dem)));
        qn_trajectory_hash(s, "direct", &r->dem);
        follow(r);
        qn_dem_drain(&r->dem, &events, &n);
        qn_gathering_add(&r->log, &s->log.filter, events, s->log.on ? n : 0);
        QN_TRY(react(s, r, end, events, n));
        QN_TRY(look(s, r, end));
    }
    return QN_OK;
}

static enum qn_status begin(struct qn_session *s, struct running *r)
{
    const struct qn_deck *d = s->deck;
    QN_TRY(qn_mechanics_fill(d, d->run.direct_powder, r->model, &r->dem));
    QN_TRY(qn_direct_settle(&r->chem, d->chemistry.rest));
    warm(s, r, 1);
    follow_all(r);
    // the rest is not part of the span: its turnover stays out of the books
    const struct qn_mechanism *m = &r->powder->mechanism;
    memset(r->chem.books.reaction, 0,
           (size_t)(m->n_reactions * QN_CHANNELS) * sizeof *r->chem.books.reaction);
    r->next_sync = d->run.start_up + d->run.sync;
    r->settling = qn_settling_of(d);
    add_row(r, 0.0);
    return QN_OK;
}

static void finish(const struct running *r, struct qn_direct_result *out)
{
    const int ns = r->powder->mechanism.n_surface;
    double y[QN_POWDER_CLASSES * QN_MAX_SPECIES];
    const struct qn_books *b = &r->chem.books;
    class_means(r, y);
    for (int c = 0; c < QN_POWDER_CLASSES; c++) {
        memcpy(out->y[c], y + c * ns, (size_t)ns * sizeof *y);
    }
    out->ran = 1;
    out->pulses = b->pulses;
    out->doses = b->doses;
    out->gated_energy = qn_exact_value(b->gated_energy);
    out->loss = qn_exact_value(all_loss(r));
    out->residual = b->element_error;
    out->gas = r->chem.gas;
    out->state = qn_dem_hash(&r->dem);
    qn_ledger_read(r->model, &r->dem, &out->ledger);
    out->capped = out->ledger.capped;
    qn_chem_channels(&r->series, b->reaction, QN_CHANNELS, CHANNELS, b->impact);
}

enum qn_status qn_direct_get(struct qn_session *s, const struct qn_powder *powder,
                             const struct qn_climate *climate, double gate,
                             struct qn_direct_result *out)
{
    const struct qn_deck *d = s->deck;
    struct qn_dem_model model;
    struct running r = {.model = &model, .powder = powder, .climate = climate};
    enum qn_status status;
    qn_mechanics_model(d, d->run.direct_powder, &model);
    r.expose = qn_exposing_model(d);
    qn_carriers_init(d, d->run.direct_powder, &r.carriers);
    qn_dem_init(&model, &r.dem, s->threads);
    qn_dem_join(&r.dem, s->group);
    r.dem.paranoid = s->options->paranoid;
    const struct qn_start start = {r.carriers.n,    r.carriers.mass, powder->y0,
                                   d->run.start_up, s->threads,      s->group};
    qn_direct_init(&r.chem, &powder->matter, &powder->gas, &start);
    r.chem.gate = gate;
    qn_chem_series_begin(&r.series, s->store, powder, "/chemistry/direct",
                         r.carriers.n_loose > 0 ? QN_CLASS_LOOSE + 1 : QN_CLASS_LOOSE,
                         qn_powder_class_names);
    for (int k = 0; k < r.carriers.n; k++) {
        const int c = k < r.carriers.wall    ? QN_CLASS_BALL
                      : k < r.carriers.loose ? QN_CLASS_WALL
                                             : QN_CLASS_LOOSE;
        r.series.mass[c] += r.carriers.mass[k];
    }
    status = qn_session_resumes(s, "direct") ? restore(s, &r) : begin(s, &r);
    if (status == QN_OK) {
        status = loop(s, &r);
    }
    if (status == QN_OK) {
        qn_trajectory_counts(s, "direct", &r.dem);
        finish(&r, out);
    }
    qn_progress_end(&s->progress);
    qn_direct_free(&r.chem);
    qn_dem_free(&r.dem);
    qn_carriers_free(&r.carriers);
    qn_gathering_free(&r.log);
    qn_free(r.x);
    return status;
}
