/// @file
/// A window on disk, and its strongest events.
#pragma once

#include "app/window_data.h"

/// `label` names the window in the run file: "window", "window_2", ...

/// Read `windows/<hash>.h5` beside the run file when it is there; sets w->reused. A file that is
/// there and cannot be used is an error, never silently run anew.
enum qn_status qn_window_read(struct qn_session *s, const char *label,
                              struct qn_window *w) QN_MUST_USE;

enum qn_status qn_window_write(struct qn_session *s, const char *label,
                               const struct qn_window *w) QN_MUST_USE;

/// Keep a media episode if it may be among the strongest.
void qn_window_strong(struct qn_window *w, const struct qn_episode *e);

/// Take in rows of `strong` that another rank kept.
void qn_window_strong_merge(struct qn_window *w, const void *rows, int64_t n);

/// Cut the kept ones to the strongest hundredth of the media impacts, at most QN_STRONG_EVENTS.
void qn_window_strong_trim(struct qn_window *w);
