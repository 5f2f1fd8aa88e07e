/// @file
/// How the coatings would go on from a window: sigma of balls and wall over the hours, by the law
/// of model/coating.h with the doses and impacts that the window counted on each.
///
/// A window holds sigma: it lasts seconds, coatings change over minutes. The hours hold it too
/// (layer, spectrum and classes are the window's); what is printed is when that stops being true.
/// Impacts on the balls count on all of them alike.
#pragma once

#include "app/window_data.h"
#include "io/text.h"
#include "model/coating.h"

/// What moves e, mu or sigma by more than this asks for a new window [-].
static const double QN_COATING_DRIFT = 0.05;

struct qn_coating_outlook {
    int asked;                    ///< the deck has the law, and there is powder
    struct qn_coating_law law;    ///< rates of the window
    double area[2];               ///< of balls and wall                              [m2]
    double now[QN_COATINGS];      ///< in the window                                  [kg]
    double steady[QN_COATINGS];   ///< in the end                                     [kg]
    double tau;                   ///< e-fold of the slower mode                      [s]
    double duration;              ///< of the hours; without hours five e-folds       [s]
    double then[QN_COATINGS];     ///< after it                                       [kg]
    double drifts;                ///< a coating passes the drift after this; the duration: none [s]
    double restitution, friction; ///< largest relative change of a media pair over the duration [-]
};

/// From the deck and its window; zeroed when the deck holds its coating.
void qn_coating_outlook_of(const struct qn_deck *deck, const struct qn_window *w,
                           struct qn_coating_outlook *out);

/// Series and numbers below /coating.
void qn_coating_results(const struct qn_deck *deck, const struct qn_window *w,
                        struct qn_store *store);

/// For the summary: what the coating does, or that it is held.
void qn_coating_words(const struct qn_deck *deck, const struct qn_window *w, struct qn_text *text);
