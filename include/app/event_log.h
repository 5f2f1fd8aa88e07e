/// @file
/// The event log: contact episodes of a run, streamed to closed segment files.
///
/// All of them; or all that dissipate at least a threshold, and of the rest a random share, each
/// standing for `weight` episodes, so that weighted sums have the mean of the whole. A draw is a
/// pure function of seed, pair and end: ranks, threads and restarts keep the same episodes.
/// A run file `runs/x.h5` gets `runs/x-events/000001.h5`, `000002.h5`, ... Each holds /episodes, a
/// table of doubles with one row an episode, and /columns, its columns with units and meanings. A
/// segment is closed at every checkpoint, before the run file is rewritten, so that the events up
/// to a checkpoint belong to it; or earlier when the buffer is full. The run file links to it as
/// /events/000001 and keeps the rows of each segment in /events/rows. Segments newer than the
/// checkpoint a run goes on from are removed and written anew: no episode is lost or doubled.
/// Where segments end depends on the wall clock; their rows in order do not.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "io/store.h"
#include "model/episode.h"

enum { QN_EVENT_COLUMNS = 41, QN_EVENT_BUFFER = 500000 };

/// Which episodes a log keeps.
struct qn_event_filter {
    double threshold; ///< every episode that dissipates at least this; 0: all        [J]
    double share;     ///< of the others                                              [-]
    uint64_t seed;
};

/// Episodes that one kept in the log stands for, 0 when it is not kept.
double qn_event_weight(const struct qn_event_filter *f, const struct qn_episode *e);

struct qn_event_log {
    int on;
    struct qn_event_filter filter;
    int material[QN_KINDS];  ///< of balls, parcels and the wall, numbers in the deck's list
    char folder[1100];       ///< "runs/x-events"
    char from_run[1024];     ///< the same, from the folder of the run file
    char stage[16];          ///< of the events in the buffer
    size_t most;             ///< episodes a segment may hold; QN_EVENT_BUFFER
    size_t held;             ///< episodes in the buffer
    struct qn_store *buffer; ///< the segment that is being filled, NULL when empty
    int series;
    struct qn_store *run; ///< run file in memory, borrowed; keeps links and rows
};

/// Begin a log, or go on with the one a run file speaks of; `on` 0 makes every call below nothing.
/// Removes segments the run file does not know.
/// @param output  path of the run file
enum qn_status qn_event_log_open(struct qn_event_log *log, int on, const char *output,
                                 struct qn_store *run) QN_MUST_USE;

/// Add episodes of a stage ("window", "direct"); those that are not kept are passed over.
enum qn_status qn_event_log_add(struct qn_event_log *log, const char *stage,
                                const struct qn_episode *e, size_t n) QN_MUST_USE;

/// Write what is held as a closed segment and link it. Call before the run file is written.
enum qn_status qn_event_log_flush(struct qn_event_log *log) QN_MUST_USE;

/// Forget what is held and free it.
void qn_event_log_free(struct qn_event_log *log);
