/// @file
/// The powder and the gas of a deck as chemistry sees them: mechanism, areas, pores, first state.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"
#include "chem/gas.h"
#include "chem/pulse.h"

struct qn_powder {
    struct qn_mechanism mechanism;
    struct qn_matter matter;   ///< borrows the mechanism
    struct qn_gas gas;         ///< as filled, at bulk temperature
    double y0[QN_MAX_SPECIES]; ///< surface species of fresh powder          [mol/kg]
    int exchanges;             ///< stages let gas in or out
};

/// Moles of a gas that a pascal of fill is, dead volume included [mol/Pa].
double qn_powder_per_pascal(const struct qn_deck *deck);

/// Does the deck have a powder with a mechanism?
int qn_powder_reacts(const struct qn_deck *deck);

/// Rate at which gas refills the pores of the mean layer of the deck [1/s].
double qn_powder_refill(const struct qn_deck *deck);

/// Read the mechanism and lay out powder and gas. Faults of the deck against the mechanism (unknown
/// species or phase, missing area, coverages that do not sum to one) are all reported at once.
enum qn_status qn_powder_init(const struct qn_deck *deck, struct qn_powder *p) QN_MUST_USE;

void qn_powder_free(struct qn_powder *p);

/// Coverage of a surface species from its content y [mol/kg].
double qn_powder_coverage(const struct qn_powder *p, int species, double y);
