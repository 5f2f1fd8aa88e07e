/// @file
/// Coatings over hours whose rates change as they move: epochs of constant rates, one after
/// another.
///
/// An epoch lasts until a coating has moved by a share of what it had at its beginning
/// (qn_coating_moved); rates are then measured anew, with the coatings of then. Within an epoch the
/// law is solved in closed form, so constant rates give the same curve however it is cut, and rates
/// that follow the coatings are followed to first order in the share.
#pragma once

#include "base/error.h"
#include "model/coating.h"

struct qn_coating_epoch {
    double begin, end;         ///< of the milling                                      [s]
    double mass[QN_COATINGS];  ///< at the beginning                                   [kg]
    struct qn_coating_law law; ///< measured with these
};

struct qn_coating_epochs {
    int n;
    struct qn_coating_epoch *epoch; ///< shape [n], owned
    double last[QN_COATINGS];       ///< at the end                                         [kg]
    double late; ///< from here on a coating is further than the share from what the last epoch
                 ///< began with, and no more windows were allowed; the end: never  [s]
};

/// Rates with the coatings `mass` for epoch number `k`; what it costs to find them is its own.
typedef enum qn_status qn_coating_rates_fn(void *from, int k, const double mass[QN_COATINGS],
                                           struct qn_coating_law *law);

/// How to cut.
struct qn_coating_cut {
    double span;  ///< of the milling                                                     [s]
    double share; ///< a coating may move by                                              [-]
    int most;     ///< epochs, at least 1
};

/// Follow the coatings from `mass`. `out` is freed with qn_coating_epochs_free, also after a
/// failure.
/// @return what `rates` returned when it failed
enum qn_status qn_coating_follow(const struct qn_coating_cut *cut, const double mass[QN_COATINGS],
                                 qn_coating_rates_fn *rates, void *from,
                                 struct qn_coating_epochs *out) QN_MUST_USE;
void qn_coating_epochs_free(struct qn_coating_epochs *e);

/// Masses at a time of the milling, within [0, span].
void qn_coating_epochs_at(const struct qn_coating_epochs *e, double t, double mass[QN_COATINGS]);

/// How many epochs constant rates would make, at most `limit`.
int qn_coating_count(const struct qn_coating_cut *cut, const double mass[QN_COATINGS],
                     const struct qn_coating_law *law, int limit);
