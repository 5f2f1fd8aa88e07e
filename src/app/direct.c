/// @file
/// The direct span: one loop over steps that feeds mechanics and chemistry.
#include "app/direct.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/chem_series.h"
#include "app/exposing.h"
#include "app/mechanics.h"
#include "base/array.h"
#include "chem/carrier.h"
#include "chem/carrier_archive.h"
#include "dem/archive.h"

enum { LOOK_EVERY = 256 }; ///< steps between looks at clock and signals

static const char *const CLASSES[2] = {"coating", "loose"};
static const char *const CHANNELS[QN_CHANNELS] = {"bulk_thermal", "hot_spot"};

struct running {
    const struct qn_dem_model *model;
    const struct qn_powder *powder;
    struct qn_dem dem;
    struct qn_direct chem;
    struct qn_expose_model expose;
    struct qn_carriers carriers;
    struct qn_chem_series series;
    double loss;           ///< dissipated since chemistry began                       [J]
    double next_sync;      ///< [s]
    struct qn_exposure *x; ///< waiting for chemistry
    size_t n_x, cap_x;
};

/// Exposures are solved in batches: carriers do not see each other between two syncs, so a batch
/// gives what step by step would, and threads have something to share.
enum { BATCH = 256 };

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
    qn_store_put_bytes(store, "/checkpoint/direct/waiting", r->x, r->n_x * sizeof *r->x);
    const double rest[2] = {r->loss, r->next_sync};
    qn_store_put_bytes(store, "/checkpoint/direct/rest", rest, sizeof rest);
}

static enum qn_status restore(struct qn_session *s, struct running *r)
{
    void *bytes;
    size_t size;
    double rest[2];
    QN_TRY(qn_store_get_bytes(s->store, "/checkpoint/direct/dem", &bytes, &size));
    enum qn_status status = qn_dem_unpack(r->model, &r->dem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_store_get_bytes(s->store, "/checkpoint/direct/chemistry", &bytes, &size));
    status = qn_direct_unpack(&r->chem, bytes, size);
    qn_free(bytes);
    QN_TRY(status);
    QN_TRY(qn_store_get_bytes(s->store, "/checkpoint/direct/waiting", &bytes, &size));
    r->n_x = size / sizeof *r->x;
    qn_grow(&r->x, &r->cap_x, r->n_x);
    if (size > 0) {
        memcpy(r->x, bytes, size);
    }
    qn_free(bytes);
    QN_TRY(qn_store_get_exactly(s->store, "/checkpoint/direct/rest", rest, sizeof rest));
    r->loss = rest[0], r->next_sync = rest[1];
    return QN_OK;
}

/// Mass-weighted mean state of coating and loose powder, shape [2][n_surface].
static void class_means(const struct running *r, double *y)
{
    const int ns = r->powder->mechanism.n_surface;
    for (int c = 0; c < 2; c++) {
        const int first = c ? r->carriers.loose : 0;
        const int last = c ? r->carriers.n : r->carriers.loose;
        double mass = 0.0;
        memset(y + c * ns, 0, (size_t)ns * sizeof *y);
        for (int k = first; k < last; k++) {
            mass += r->carriers.mass[k];
        }
        for (int k = first; k < last; k++) {
            for (int i = 0; i < ns; i++) {
                y[c * ns + i] += r->carriers.mass[k] / mass * r->chem.y[k * ns + i];
            }
        }
    }
}

static void add_row(const struct running *r, double time)
{
    double y[2 * QN_MAX_SPECIES];
    class_means(r, y);
    qn_chem_series_add(&r->series, time, &r->chem.gas, y, r->chem.books.element_error);
}

/// Solve what waits.
static enum qn_status flush(struct running *r)
{
    const size_t n = r->n_x;
    r->n_x = 0;
    return n > 0 ? qn_direct_expose(&r->chem, r->x, n) : QN_OK;
}

static enum qn_status sync(struct qn_session *s, struct running *r, double now)
{
    QN_TRY(flush(r));
    QN_TRY(qn_direct_sync(&r->chem, now));
    r->next_sync = now + s->deck->run.sync;
    add_row(r, now - s->deck->run.start_up);
    return QN_OK;
}

/// Queue the episodes that one step finished; says whether the gas has changed enough for a sync.
static enum qn_status expose(struct running *r, const struct qn_episode *e, size_t n, int *due)
{
    qn_grow(&r->x, &r->cap_x, r->n_x + 2 * n);
    for (size_t k = 0; k < n; k++) {
        r->loss += qn_episode_loss(&e[k]);
        r->n_x += (size_t)qn_exposing_episode(&r->carriers, &r->expose, &e[k], r->x + r->n_x);
    }
    if (r->n_x >= BATCH) {
        QN_TRY(flush(r));
        *due |= qn_direct_pending(&r->chem) > 1e-3;
    }
    return QN_OK;
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

/// Chemistry of one step; `end` is the end of the span.
static enum qn_status react(struct qn_session *s, struct running *r, double end,
                            const struct qn_episode *events, size_t n)
{
    const double now = qn_dem_time(r->model, &r->dem);
    if (now <= s->deck->run.start_up) {
        return QN_OK;
    }
    int due = now >= r->next_sync || now >= end;
    QN_TRY(expose(r, events, n, &due));
    return due ? sync(s, r, now) : QN_OK;
}

/// Now and then: progress, and a checkpoint when one is due.
static enum qn_status look(struct qn_session *s, const struct running *r, double end)
{
    if (r->dem.step % LOOK_EVERY != 0) {
        return QN_OK;
    }
    progress(s, r, end);
    return qn_session_pause(s, "direct", save, r);
}

static enum qn_status loop(struct qn_session *s, struct running *r)
{
    const double end = s->deck->run.start_up + s->deck->run.direct_span;
    const struct qn_episode *events;
    size_t n;
    while (qn_dem_time(r->model, &r->dem) < end) {
        QN_TRY(qn_dem_step(r->model, &r->dem));
        qn_dem_drain(&r->dem, &events, &n);
        QN_TRY(qn_event_log_add(&s->log, "direct", events, n));
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
    // the rest is not part of the span: its turnover stays out of the books
    const struct qn_mechanism *m = &r->powder->mechanism;
    memset(r->chem.books.reaction, 0,
           (size_t)(m->n_reactions * QN_CHANNELS) * sizeof *r->chem.books.reaction);
    r->next_sync = d->run.start_up + d->run.sync;
    add_row(r, 0.0);
    return QN_OK;
}

static void finish(const struct running *r, struct qn_direct_result *out)
{
    const int ns = r->powder->mechanism.n_surface;
    double y[2 * QN_MAX_SPECIES];
    const struct qn_books *b = &r->chem.books;
    class_means(r, y);
    for (int c = 0; c < 2; c++) {
        memcpy(out->y[c], y + c * ns, (size_t)ns * sizeof *y);
    }
    out->ran = 1;
    out->pulses = b->pulses;
    out->doses = b->doses;
    out->gated_energy = b->gated_energy;
    out->loss = r->loss;
    out->residual = b->element_error;
    out->gas = r->chem.gas;
    out->state = qn_dem_hash(&r->dem);
    out->capped = r->dem.n_capped;
    qn_ledger_read(r->model, &r->dem, &out->ledger);
    qn_chem_channels(&r->series, b->reaction, QN_CHANNELS, CHANNELS, b->impact);
}

enum qn_status qn_direct_get(struct qn_session *s, const struct qn_powder *powder, double gate,
                             struct qn_direct_result *out)
{
    const struct qn_deck *d = s->deck;
    struct qn_dem_model model;
    struct running r = {.model = &model, .powder = powder};
    const char *stage = qn_store_get_text(s->store, "/checkpoint/stage");
    enum qn_status status;
    qn_mechanics_model(d, d->run.direct_powder, &model);
    r.expose = qn_exposing_model(d);
    qn_carriers_init(d, d->run.direct_powder, &r.carriers);
    qn_dem_init(&model, &r.dem, s->threads);
    const struct qn_start start = {r.carriers.n, r.carriers.mass, powder->y0, d->run.start_up,
                                   s->threads};
    qn_direct_init(&r.chem, &powder->matter, &powder->gas, &start);
    r.chem.gate = gate;
    qn_chem_series_begin(&r.series, s->store, powder, "/chemistry/direct",
                         r.carriers.n_loose > 0 ? 2 : 1, CLASSES);
    status = stage && strcmp(stage, "direct") == 0 ? restore(s, &r) : begin(s, &r);
    if (status == QN_OK) {
        status = loop(s, &r);
    }
    if (status == QN_OK) {
        finish(&r, out);
    }
    qn_progress_end(&s->progress);
    qn_direct_free(&r.chem);
    qn_dem_free(&r.dem);
    qn_carriers_free(&r.carriers);
    qn_free(r.x);
    return status;
}
