/// @file
/// One run: a deck in, a run file out.
#pragma once

#include "app/deck_types.h"
#include "app/run_options.h"
#include "base/error.h"
#include "par/group.h"

/// Run a deck to its end on a group of ranks; collective, and all return the same status. Results
/// do not depend on the number of ranks or threads.
/// @return QN_CHECKPOINTED when qn_stop_requested() (app/stop.h) ended it after a checkpoint.
enum qn_status qn_run(const struct qn_deck *deck, const struct qn_run_options *options,
                      struct qn_group *group) QN_MUST_USE;
