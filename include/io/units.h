/// @file
/// Values with units, through udunits2: "60.8 mm" to 0.0608, "400 rpm" to 41.89 rad/s.
#pragma once

#include "base/error.h"

/// Convert a text such as "60.8 mm" to the SI unit `si` ("m", "rad/s", "Pa", "1" for a pure
/// number). Accepts what udunits2 knows plus rpm (revolutions per minute), and "C"/"degC"
/// temperatures as absolute when `si` is "K". A pure number is refused unless `si` is "1".
/// @param[out] value  in SI
/// @return QN_ERR_INPUT with a text that names the text, the unit and what would be accepted.
enum qn_status qn_units_value(const char *text, const char *si, double *value) QN_MUST_USE;

/// Factor (no offset) that turns one `from` into `si`: ("cm^2/mol/s", "m2 mol-1 s-1") -> 1e-4.
enum qn_status qn_units_factor(const char *from, const char *si, double *factor) QN_MUST_USE;

/// Release the unit system; harmless twice.
void qn_units_free(void);
