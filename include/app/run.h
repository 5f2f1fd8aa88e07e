/// @file
/// One run: a deck in, a run file out.
#pragma once

#include "app/deck_types.h"
#include "app/run_options.h"
#include "base/error.h"

/// Run a deck to its end.
/// @return QN_CHECKPOINTED when qn_stop_requested() (app/stop.h) ended it after a checkpoint.
enum qn_status qn_run(const struct qn_deck *deck, const struct qn_run_options *options) QN_MUST_USE;
