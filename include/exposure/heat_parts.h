/// @file
/// What one contact episode does to the lumped temperatures of its bodies: where its joules go, and
/// how much heat the two exchange per kelvin.
///
/// Shares (exposure/capture.h): heat of the exposed powder, f_p beta; stored in the powder,
/// f_p (1 - beta), never heat here; the rest, 1 - f_p, heats both bodies by their effusivities. The
/// powder's heat belongs to the parcel, or, between media, to the bodies the layer cools on, half
/// each: its e-fold time is 0.1 to 30 ms, theirs are minutes. Grains that are flung off keep it.
/// Wear takes no energy: of the work of sliding nearly all is heat.
///
/// Exchange (model/heat.h): an impact by the transient of two half-spaces over the Hertz spot of
/// the true moduli; a piece of a lasting contact by the same and the steady spot, from what it had
/// already been there; a spot that travels by the time a place is under it; a layer of powder in
/// series. Gas exchange is not a contact's (app/heat_balance.h).
#pragma once

#include "exposure/capture.h"

struct qn_heat_parts {
    double body[2]; ///< heat of the first and of the second body of the episode   [J]
    double flung;   ///< heat of grains flung off                                  [J]
    double stored;  ///< not heat                                                  [J]
};

/// The parts sum to the episode's loss.
struct qn_heat_parts qn_heat_parts_of(const struct qn_episode *e, const struct qn_expose_model *m);

/// Heat that goes from the first to the second body per kelvin between them [J/K]; 0 for an episode
/// without a spot.
double qn_heat_exchange(const struct qn_episode *e, const struct qn_expose_model *m);
