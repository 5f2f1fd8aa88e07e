/// @file
/// Shared by the files of bridge/replay.h.
#pragma once

#include "bridge/replay.h"

/// Each carrier is its owner's: they go round the ranks.
void qn_replay_own(struct qn_replay *r);

/// All jumps up to time t: into the queue those of carriers owned here. @return how many
size_t qn_replay_draw(struct qn_replay *r, double t);

/// Classes swap matter for dt.
void qn_replay_mix(struct qn_replay *r, double dt);
