/// @file
/// Window files, strongest events, and the window's results in a run file.
#include "app/window_file.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"

const char *const qn_strong_columns[] = {"t_end",     "pair",     "id_i",   "id_j",  "v_n",
                                         "v_t",       "m_star",   "r_star", "f_max", "loss_normal",
                                         "loss_slip", "duration", NULL};

static const char HASHES[] = "/mechanics/window_hash"; ///< in a window file
static const double VERSION = 1.0;

static void window_path(const struct qn_session *s, uint64_t hash, char out[1200])
{
    const char *slash = strrchr(s->options->output, '/');
    const int folder = slash ? (int)(slash - s->options->output) + 1 : 0;
    snprintf(out, 1200, "%.*swindows/%016" PRIx64 ".h5", folder, s->options->output, hash);
}

static int by_loss(const void *a, const void *b)
{
    const double *p = a, *q = b;
    const double x = p[9] + p[10], y = q[9] + q[10];
    if (x != y) {
        return x < y ? 1 : -1;
    }
    // by time, ids and the rest: rows that compare equal are the same, whichever rank kept them
    for (int k = 0; k < QN_STRONG_FIELDS; k++) {
        if (p[k] != q[k]) {
            return p[k] > q[k] ? 1 : -1;
        }
    }
    return 0;
}

/// Keep the `most` strongest.
static void trim(struct qn_window *w, int64_t most)
{
    if (w->n_strong > 0) {
        qsort(w->strong, (size_t)w->n_strong, sizeof *w->strong, by_loss);
    }
    w->n_strong = w->n_strong < most ? w->n_strong : most;
}

void qn_window_strong(struct qn_window *w, const struct qn_episode *e)
{
    if (e->pair != QN_BALL_BALL && e->pair != QN_BALL_WALL) {
        return;
    }
    if (w->n_strong == 2 * QN_STRONG_EVENTS) { // full: drop the weaker half
        trim(w, QN_STRONG_EVENTS);
    }
    const double row[QN_STRONG_FIELDS] = {e->t1,    e->pair,     (double)e->id_i, (double)e->id_j,
                                          e->v_n0,  e->v_t0,     e->m_star,       e->r_star,
                                          e->f_max, e->w_normal, e->w_slip,       e->t1 - e->t0};
    memcpy(w->strong[w->n_strong++], row, sizeof row);
}

void qn_window_strong_merge(struct qn_window *w, const void *rows, int64_t n)
{
    const char *row = rows;
    for (int64_t k = 0; k < n; k++) {
        if (w->n_strong == 2 * QN_STRONG_EVENTS) {
            trim(w, QN_STRONG_EVENTS);
        }
        memcpy(w->strong[w->n_strong++], row, sizeof *w->strong);
        row += sizeof *w->strong;
    }
}

void qn_window_strong_trim(struct qn_window *w)
{
    const double impacts =
        w->collisions.impacts[QN_BALL_BALL] + w->collisions.impacts[QN_BALL_WALL];
    const int64_t keep = (int64_t)fmin(ceil(0.01 * impacts), QN_STRONG_EVENTS);
    trim(w, keep);
}

/// The window without its pointers, as bytes.
static struct qn_window plain(const struct qn_window *w)
{
    struct qn_window copy = *w;
    copy.strong = NULL;
    copy.events = NULL;
    copy.bodies = NULL;
    copy.reused = 0;
    return copy;
}

/// The digests of the trajectory go with the window, so that a run that reuses it has them too.
static void copy_hashes(const struct qn_store *from, const char *there, struct qn_store *to,
                        const char *here)
{
    size_t dims[QN_STORE_RANK];
    int rank;
    const double *rows = qn_store_get(from, there, &rank, dims);
    if (rows) {
        qn_store_array(to, here, rank, dims, rows, "1",
                       "digest of the mechanical state: step, its high and its low 32 bits");
    }
}

/// Where a run file keeps the digests of a window (app/trajectory_log.h).
static void hashes_of(const char *label, char out[64])
{
    snprintf(out, 64, "/mechanics/%s_hash", label);
}

enum qn_status qn_window_write(struct qn_session *s, const char *label, const struct qn_window *w)
{
    char path[1200], hashes[64];
    hashes_of(label, hashes);
    window_path(s, w->hash, path);
    QN_TRY(qn_store_claim(path, 1));
    struct qn_store *store = qn_store_new();
    const struct qn_window copy = plain(w);
    qn_store_number(store, "/window/version", VERSION, "1", "layout of this file");
    qn_store_put_bytes(store, "/window/sums", &copy, sizeof copy);
    qn_store_put_bytes(store, "/window/strong", w->strong, (size_t)w->n_strong * sizeof *w->strong);
    void *bytes;
    size_t size;
    qn_reservoir_pack(w->events, &bytes, &size);
    qn_store_put_bytes(store, "/window/events", bytes, size);
    qn_free(bytes);
    qn_store_put_bytes(store, "/window/bodies", w->bodies, (size_t)w->n_bodies * sizeof *w->bodies);
    qn_store_text(store, "/deck", s->deck->resolved, "deck that made this window");
    qn_store_attr(store, "/", "kind", "quern window");
    qn_window_results(w, store);
    copy_hashes(s->store, hashes, store, HASHES);
    // runs with the same mechanics may end their windows at the same time, in the same bits
    char own[1240];
    snprintf(own, sizeof own, "%s.%ld", path, (long)getpid());
    enum qn_status status = qn_store_write(store, own);
    if (status == QN_OK && rename(own, path) != 0) {
        status = qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    qn_store_free(store);
    return status;
}

static enum qn_status read_events(const struct qn_store *store, struct qn_reservoir *events)
{
    void *bytes;
    size_t size;
    QN_TRY(qn_store_get_bytes(store, "/window/events", &bytes, &size));
    const enum qn_status status = qn_reservoir_unpack(events, bytes, size);
    qn_free(bytes);
    return status;
}

enum qn_status qn_window_read(struct qn_session *s, const char *label, struct qn_window *w)
{
    char path[1200], hashes[64];
    hashes_of(label, hashes);
    struct qn_store *store;
    window_path(s, s->deck->mechanical_hash, path);
    if (access(path, F_OK) != 0) {
        return QN_OK;
    }
    double(*strong)[QN_STRONG_FIELDS] = w->strong;
    struct qn_reservoir *events = w->events;
    QN_TRY(qn_store_read(path, &store));
    enum qn_status status = qn_store_get_exactly(store, "/window/sums", w, sizeof *w);
    w->strong = strong;
    w->events = events;
    w->bodies = NULL;
    if (status == QN_OK && w->hash != s->deck->mechanical_hash) {
        status = qn_fail(QN_ERR_IO, "it belongs to another deck");
    }
    if (status == QN_OK) {
        status = qn_store_get_exactly(store, "/window/strong", strong,
                                      (size_t)w->n_strong * sizeof *strong);
    }
    if (status == QN_OK) {
        status = read_events(store, events);
    }
    if (status == QN_OK) {
        w->bodies = qn_alloc((size_t)w->n_bodies, sizeof *w->bodies);
        status = qn_store_get_exactly(store, "/window/bodies", w->bodies,
                                      (size_t)w->n_bodies * sizeof *w->bodies);
        copy_hashes(store, HASHES, s->store, hashes);
    }
    qn_store_free(store);
    if (status != QN_OK) {
        return qn_fail_context(status, "window file %s (delete it to run the window anew): ", path);
    }
    w->reused = 1;
    if (!s->options->quiet) {
        fprintf(stderr, "%s: reusing %s (%.3g s of milling with the same mechanics)\n", label, path,
                w->span);
    }
    return QN_OK;
}
