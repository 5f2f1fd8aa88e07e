/// @file
/// Wear of the media by Archard's law, from the load path of a window and the deck's `wear`, and
/// what it leaves in the powder, by element.
///
/// Each surface wears by its own coefficient and hardness over all of the sliding it takes part in;
/// parcels too, by group. The work of sliding is booked half to each of the two bodies.
/// Bodies keep their size and shape: the summary says by how much balls would have shrunk.
#pragma once

#include "app/epochs.h"
#include "io/text.h"

enum { QN_WEAR_ELEMENTS = 2 * QN_MAX_WORN };

struct qn_wear {
    int asked;             ///< the deck has a coefficient of balls or vial
    double rate[QN_LUMPS]; ///< of each lump                                 [kg/s]
    double balls, wall;    ///< of all balls, of the wall                    [kg/s]
    double powder;         ///< of parcels by the powder's own coefficient, if it has one: it stays
                           ///< powder and is in no element                   [kg/s]
    int n_elements;        ///< of what is worn
    char symbol[QN_WEAR_ELEMENTS][4];
    double element[QN_WEAR_ELEMENTS]; ///< [kg/s]; what no composition is stated of is in none
    double shrink; ///< relative radius per second of the group that shrinks fastest   [1/s]
};

/// Mass rate of a surface of material `which` that has a load path of so much a second [kg/s].
double qn_wear_rate(const struct qn_deck *deck, int which, double path);

void qn_wear_of(const struct qn_deck *deck, const struct qn_window_heat *h, struct qn_wear *out);

/// What is worn off over all that is milled, each epoch at the rates of its window: masses in kg in
/// place of kg/s, `shrink` without its 1/s.
void qn_wear_over(const struct qn_deck *deck, const struct qn_epochs *epochs, struct qn_wear *out);

/// /heat/window and /wear: accounts of the first window, the wall's map, wear and contamination.
void qn_wear_results(const struct qn_deck *deck, const struct qn_epochs *epochs,
                     struct qn_store *store);

/// Lines of the summary; none where wear is not asked for.
void qn_wear_words(const struct qn_deck *deck, const struct qn_epochs *epochs,
                   struct qn_text *text);
