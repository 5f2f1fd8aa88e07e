/// @file
/// What the stages of a run share: deck, group of ranks, run file in memory, progress, checkpoints,
/// the wish to stop.
///
/// All ranks of the group walk through the same stages; rank 0 alone has the run file, the log and
/// the terminal (the others' stores are scratch).
#pragma once

#include "app/deck_types.h"
#include "app/event_log.h"
#include "app/progress.h"
#include "app/run_options.h"
#include "io/store.h"
#include "par/group.h"

struct qn_session {
    const struct qn_deck *deck;
    const struct qn_run_options *options;
    struct qn_group *group; ///< ranks that run this deck; borrowed
    char stage[16];         ///< at which the checkpoint goes on, "" for a fresh run; on all ranks
    struct qn_store *store; ///< becomes the run file
    struct qn_progress progress;
    struct qn_event_log log; ///< of every episode, if the deck asks for it
    double interval;         ///< wall time between checkpoints                  [s]
    double last;             ///< wall time of the last one                      [s]
    int64_t checkpoints;     ///< written so far, resumed ones included
    int threads;
    enum qn_status row; ///< of the results row, told only after the run file is safe
};

/// A stage puts its state under /checkpoint/ of the store.
typedef void qn_save_fn(const void *stage, struct qn_store *store);

static inline int qn_session_root(const struct qn_session *s)
{
    return s->group->rank == 0;
}

/// Does the run go on from a checkpoint inside this stage?
int qn_session_resumes(const struct qn_session *s, const char *stage);

/// Called by all ranks between steps, at the same steps; cheap: writes a checkpoint when one is due
/// or a stop was asked for.
/// @return QN_CHECKPOINTED after a checkpoint that was asked for, QN_OK to go on
enum qn_status qn_session_pause(struct qn_session *s, const char *stage, qn_save_fn *save,
                                const void *state) QN_MUST_USE;

/// Monotonic wall clock [s].
double qn_wall_clock(void);

/// Bytes in and out of a store, as integers with their length first; the digest guards them.
void qn_store_put_bytes(struct qn_store *store, const char *path, const void *bytes, size_t size);
/// @return QN_ERR_IO when they are not there or damaged; `bytes` is then untouched.
/// @param[out] bytes  the caller frees them with qn_free
enum qn_status qn_store_get_bytes(const struct qn_store *store, const char *path, void **bytes,
                                  size_t *size) QN_MUST_USE;
/// From rank 0's store to all ranks; collective, and all return the same status.
/// @param[out] bytes  the caller frees them with qn_free
enum qn_status qn_session_get_bytes(struct qn_session *s, const char *path, void **bytes,
                                    size_t *size) QN_MUST_USE;
enum qn_status qn_session_get_exactly(struct qn_session *s, const char *path, void *bytes,
                                      size_t size) QN_MUST_USE;

/// The same into a buffer of known size.
enum qn_status qn_store_get_exactly(const struct qn_store *store, const char *path, void *bytes,
                                    size_t size) QN_MUST_USE;
