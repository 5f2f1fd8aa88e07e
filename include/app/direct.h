/// @file
/// Direct mode: mechanics and chemistry coupled at every step over a short span.
#pragma once

#include "app/heat_balance.h"
#include "app/powder.h"
#include "app/powder_classes.h"
#include "app/session.h"
#include "dem/ledger.h"

/// What the span leaves for the hours.
struct qn_direct_result {
    int ran;               ///< 0: the deck has no direct span
    int64_t pulses, doses; ///< exposures solved as pulses, and below the gate
    double gated_energy;   ///< energy of the latter                              [J]
    double loss;           ///< energy dissipated in the span                     [J]
    double residual;       ///< largest relative change of an element's total     [-]
    struct qn_gas gas;
    double y[QN_POWDER_CLASSES][QN_MAX_SPECIES]; ///< mean of each class          [mol/kg]
    uint64_t state;                              ///< digest of the mechanical state at the end
    int64_t capped;          ///< contacts of parcels that flowed at their force cap
    struct qn_ledger ledger; ///< from rest to the end of the span
};

/// Run the direct span of the deck from fresh powder, rested in the gas: DEM from rest, start-up
/// without chemistry, then every episode of every step through the chemistry.
/// Between two syncs powder has the temperature the climate gives for the middle, when it computes.
/// @param gate  rises below this give their dose but no stiff solve              [K]
enum qn_status qn_direct_get(struct qn_session *s, const struct qn_powder *powder,
                             const struct qn_climate *climate, double gate,
                             struct qn_direct_result *out) QN_MUST_USE;
