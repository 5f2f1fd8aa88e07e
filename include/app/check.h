/// @file
/// `quern check`: what follows from a deck before anything runs.
#pragma once

#include "app/deck_types.h"
#include "app/powder.h"
#include "io/text.h"

/// Write the resolved deck and the derived quantities.
void qn_check_text(const struct qn_deck *deck, struct qn_text *text);

/// Warn of powder that is simulated nowhere.
void qn_check_missing(const struct qn_deck *deck, struct qn_text *text);

/// Write what the mechanism holds: phases with their areas, species, reactions, impacts.
void qn_check_mechanism(const struct qn_powder *powder, struct qn_text *text);
