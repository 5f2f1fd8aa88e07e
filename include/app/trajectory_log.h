/// @file
/// What a stage tells of its trajectory and of the ranks that computed it.
///
/// /mechanics/<stage>_hash: digest of the mechanical state every run.hash_every steps; equal on any
/// ranks and threads, so `quern diff` finds the step at which two runs part; a log has a line for
/// each. /parallel/<stage>/...: counts and times of the decomposition, which do depend on the ranks
/// and are no result.
#pragma once

#include "app/session.h"
#include "dem/engine.h"

/// After a step; collective at the steps it is due.
void qn_trajectory_hash(struct qn_session *s, const char *stage, const struct qn_dem *dem);

/// At the end of a stage; collective. Nothing when a single rank ran it.
void qn_trajectory_counts(struct qn_session *s, const char *stage, const struct qn_dem *dem);
