/// @file
/// The mechanical window: DEM until its statistics hold still, and what it leaves for the hours.
///
/// The window is a file of its own, `windows/<hash>.h5` beside the run file, keyed by the hash of
/// the mechanical part of the deck; a run that finds one reuses it and says so.
#pragma once

#include "app/window_data.h"

/// Fill window `number` (0: the first; later ones have coatings of their own and are never logged
/// event by event) of the session's deck: from its file, from a checkpoint in the session's store,
/// or by running.
enum qn_status qn_window_get(struct qn_session *s, int number, struct qn_window *w) QN_MUST_USE;

void qn_window_free(struct qn_window *w);
