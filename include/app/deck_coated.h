/// @file
/// The deck of a window run later, when coatings have moved.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"
#include "model/coating.h"

/// `deck` with `mass` on its balls, on its wall and loose [kg], in place of the `start` it began
/// with. Thicknesses are rounded to four digits, so that runs whose coatings agree to 5e-4 share a
/// window; loose parcels keep their number. Borrows meshes and tables of `deck`; its resolved text
/// is its own, freed with qn_deck_coated_free.
/// @return QN_ERR_INPUT when parcels would be too large
enum qn_status qn_deck_coated(const struct qn_deck *deck, const double mass[QN_COATINGS],
                              const double start[QN_COATINGS], struct qn_deck *out) QN_MUST_USE;
void qn_deck_coated_free(struct qn_deck *deck);
