/// @file
/// Checkpoints and shorthands of the run file.
#include "app/session.h"

#include <string.h>
#include <time.h>

#include "app/stop.h"
#include "base/array.h"
#include "base/hash.h"

double qn_wall_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int qn_session_resumes(const struct qn_session *s, const char *stage)
{
    return strcmp(s->stage, stage) == 0;
}

/// Write the run file with everything that has been put into the store.
static enum qn_status write_checkpoint(struct qn_session *s, const char *stage)
{
    qn_store_text(s->store, "/checkpoint/stage", stage, "stage that goes on from here");
    qn_store_number(s->store, "/checkpoint/count", (double)s->checkpoints, "1",
                    "checkpoints written");
    qn_store_attr(s->store, "/", "status", "unfinished: checkpoint");
    return qn_store_write(s->store, s->options->output);
}

enum qn_status qn_session_pause(struct qn_session *s, const char *stage, qn_save_fn *save,
                                const void *state)
{
    enum { DUE = 1, STOP = 2 };
    const int root = qn_session_root(s);
    const int due = root && qn_wall_clock() - s->last >= s->interval;
    // a signal may reach any rank, and rank 0 has the clock
    const int wish = qn_group_any(s->group, (due ? DUE : 0) | (qn_stop_requested() ? STOP : 0));
    if (!wish) {
        return QN_OK;
    }
    enum qn_status status = root ? qn_event_log_flush(&s->log) : QN_OK; // events belong to it
    QN_TRY(qn_group_agree(s->group, status));
    s->checkpoints++;
    save(state, s->store);
    status = root ? write_checkpoint(s, stage) : QN_OK;
    QN_TRY(qn_group_agree(s->group, status));
    s->last = qn_wall_clock();
    if (wish & STOP) {
        qn_progress_end(&s->progress);
        return QN_CHECKPOINTED;
    }
    return QN_OK;
}

enum qn_status qn_session_get_bytes(struct qn_session *s, const char *path, void **bytes,
                                    size_t *size)
{
    enum qn_status status = QN_OK;
    *bytes = NULL;
    *size = 0;
    if (qn_session_root(s)) {
        status = qn_store_get_bytes(s->store, path, bytes, size);
    }
    QN_TRY(qn_group_agree(s->group, status));
    qn_group_broadcast(s->group, size, sizeof *size);
    if (!*bytes) {
        *bytes = qn_alloc(*size, 1);
    }
    qn_group_broadcast(s->group, *bytes, *size);
    return QN_OK;
}

enum qn_status qn_session_get_exactly(struct qn_session *s, const char *path, void *bytes,
                                      size_t size)
{
    enum qn_status status = QN_OK;
    if (qn_session_root(s)) {
        status = qn_store_get_exactly(s->store, path, bytes, size);
    }
    QN_TRY(qn_group_agree(s->group, status));
    qn_group_broadcast(s->group, bytes, size);
    return QN_OK;
}

void qn_store_put_bytes(struct qn_store *store, const char *path, const void *bytes, size_t size)
{
    const size_t words = (size + 7) / 8, dims[1] = {words + 2};
    int64_t *flat = qn_alloc(words + 2, sizeof *flat);
    const uint64_t digest = qn_hash(0, bytes, size);
    flat[0] = (int64_t)size;
    memcpy(&flat[1], &digest, sizeof digest);
    if (size > 0) { // an empty state may have no memory
        memcpy(flat + 2, bytes, size);
    }
    qn_store_integers(store, path, 1, dims, flat, "1", "length, digest and bytes of a state");
    qn_free(flat);
}

enum qn_status qn_store_get_bytes(const struct qn_store *store, const char *path, void **bytes,
                                  size_t *size)
{
    size_t dims[QN_STORE_RANK];
    int rank;
    const int64_t *flat = qn_store_get_integers(store, path, &rank, dims);
    if (!flat || rank != 1 || dims[0] < 2 || flat[0] < 0 ||
        ((size_t)flat[0] + 7) / 8 + 2 != dims[0]) {
        return qn_fail(QN_ERR_IO, "%s: not there or cut off", path);
    }
    uint64_t digest;
    memcpy(&digest, &flat[1], sizeof digest);
    *size = (size_t)flat[0];
    if (qn_hash(0, flat + 2, *size) != digest) {
        return qn_fail(QN_ERR_IO, "%s: damaged (its digest does not fit)", path);
    }
    *bytes = qn_alloc(*size, 1);
    memcpy(*bytes, flat + 2, *size);
    return QN_OK;
}

enum qn_status qn_store_get_exactly(const struct qn_store *store, const char *path, void *bytes,
                                    size_t size)
{
    void *copy = NULL;
    size_t have = 0;
    QN_TRY(qn_store_get_bytes(store, path, &copy, &have));
    if (copy && have == size) {
        memcpy(bytes, copy, size);
    }
    qn_free(copy);
    return have == size ? QN_OK
                        : qn_fail(QN_ERR_IO, "%s: %zu bytes, expected %zu", path, have, size);
}
