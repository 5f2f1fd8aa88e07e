/// @file
/// One run: a deck in, a run file out.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"

struct qn_run_options {
    const char *output;         ///< run file; its folder exists and it may be written
    double checkpoint_interval; ///< wall time between checkpoints; 0: what the deck says  [s]
    int force;                  ///< an older run file at `output` may be replaced
    int resume;                 ///< go on from `output` when it holds a checkpoint, else begin
    int quiet;                  ///< no progress
};

/// Run a deck to its end.
/// @return QN_CHECKPOINTED when qn_stop_requested() (app/stop.h) ended it after a checkpoint.
enum qn_status qn_run(const struct qn_deck *deck, const struct qn_run_options *options) QN_MUST_USE;
