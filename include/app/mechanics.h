/// @file
/// From a deck to a mechanical system: species, pair classes, vessel, motion, time step, bodies.
#pragma once

#include "app/deck_types.h"
#include "dem/engine.h"

/// The const description. `powder` says whether parcels are bodies (QN_POWDER_PARCELS) or powder is
/// carried as coating only; it decides species and time step.
void qn_mechanics_model(const struct qn_deck *deck, enum qn_powder_form powder,
                        struct qn_dem_model *model);

/// Fresh bodies at rest at random places, balls first, then parcels; clock started.
/// @return QN_ERR_INPUT when they do not fit.
enum qn_status qn_mechanics_fill(const struct qn_deck *deck, enum qn_powder_form powder,
                                 const struct qn_dem_model *model, struct qn_dem *s) QN_MUST_USE;

/// Coating on balls (QN_COATED_BALLS) or wall (QN_COATED_WALL) [kg/m2]; e and mu of a pair take the
/// mean of both sides.
double qn_mechanics_coating(const struct qn_deck *deck, int on);
