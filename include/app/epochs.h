/// @file
/// The windows of a run's hours: one, or, as coatings move (powder.coating: law), one after
/// another, each with the coatings of then and each a window file of its own.
///
/// Mechanics knows nothing of chemistry, so all windows of a run are there before its hours begin.
/// Only milling moves coatings: epochs count milled time. What a window with sigma of then changes
/// (e, mu, layers, captured masses, doses, impacts) feeds the next stretch of the law: the feedback
/// is closed, to first order in powder.coating_drift.
#pragma once

#include "app/window_data.h"
#include "model/coating_epochs.h"

struct qn_epoch {
    struct qn_deck deck; ///< with the coatings of then; the first is the run's own
    struct qn_window window;
};

struct qn_epochs {
    int n;
    struct qn_epoch *epoch; ///< shape [n], owned
    int followed;           ///< coatings move: `coating` is there; else one window holds them
    struct qn_coating_epochs coating;
};

/// Rates of the coating law as a window measured them, and areas of balls and wall [m2].
void qn_epochs_rates(const struct qn_deck *deck, const struct qn_window *w,
                     struct qn_coating_law *law, double area[2]);

/// Masses of a window as the law sees them [kg].
void qn_epochs_masses(const struct qn_window *w, double mass[QN_COATINGS]);

/// All windows of the session's deck, from files or by running; freed with qn_epochs_free.
enum qn_status qn_epochs_get(struct qn_session *s, struct qn_epochs *e) QN_MUST_USE;
/// For a deck without a window: one empty one.
enum qn_status qn_epochs_none(struct qn_session *s, struct qn_epochs *e) QN_MUST_USE;
void qn_epochs_free(struct qn_epochs *e);

/// Make the windows those of the hours: classes weigh what was followed, and coatings that pick up
/// and shed at once swap the smaller of the two flows with loose powder, beside what contacts swap.
/// After the results of the first were stored.
void qn_epochs_apply(struct qn_epochs *e);

/// Milled time of epoch k, and energy dissipated in all of it [s], [J].
double qn_epochs_span(const struct qn_epochs *e, int k, double milled);
double qn_epochs_energy(const struct qn_epochs *e, double milled);
