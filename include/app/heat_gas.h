/// @file
/// The gas among the bodies of a window: conductances, and what it takes from each.
///
/// A ball meets it as a sphere, Nu = 2 + 0.6 Re^1/2 Pr^1/3 (model/heat.h), at the mean of the root
/// of its speed in vial-centred axes that the window counted (spin included); the wall at the
/// balls' mean coefficient, since they stir the gas (an assumption); parcels at Nu = 2, as if they
/// flew with it (an assumption, the least). A carried reserve has no known area: it meets the gas
/// through the media alone or, with `heat.grain`, as grains that each fly alone (the most).
/// The gas belongs to the deck, not to the window, which serves any: so a window's accounts of
/// single bodies, which know contacts alone, are gone through again with it here, at the mean power
/// of each body. That what bodies exchange in contacts would change, too, is left out: the gas
/// takes some per cent of what a window puts in.
#pragma once

#include "app/window_data.h"

/// Conductances to the gas; zeroed when the deck asks for none.
struct qn_gas_links {
    int n;           ///< bodies of the window: balls, the wall, then parcels or the reserve
    double *body;    ///< shape [n], owned                                          [W/K]
    double capacity; ///< of the gas: that of a diatomic one at constant volume     [J/K]
};

void qn_gas_links_init(const struct qn_deck *deck, const struct qn_window *w,
                       struct qn_gas_links *out);
void qn_gas_links_free(struct qn_gas_links *links);

/// Series /heat/window/bodies/...: rises with the gas, heat to the gas; the gas's own rise. Nothing
/// when the deck asks for no gas.
void qn_heat_gas_results(const struct qn_deck *deck, const struct qn_window *w,
                         struct qn_store *store);
