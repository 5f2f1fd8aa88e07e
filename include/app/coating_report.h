/// @file
/// What the coatings do over the hours, in the run file and in words.
///
/// Followed (run.windows above 1): the curve as epochs had it, and a table of them. Else an
/// outlook: how they would go on from the one window that serves all of the hours, by the law of
/// model/coating.h with the doses and impacts it counted. Impacts on the balls count on all of them
/// alike.
#pragma once

#include "app/epochs.h"
#include "io/text.h"

/// Series and numbers below /coating.
void qn_coating_results(const struct qn_deck *deck, const struct qn_epochs *epochs,
                        struct qn_store *store);

/// For the summary: what the coating does, or that it is held.
void qn_coating_words(const struct qn_deck *deck, const struct qn_epochs *epochs,
                      struct qn_text *text);
