/// @file
/// What follows from a deck by geometry alone: areas, volumes, masses.
#pragma once

#include "app/deck_types.h"

struct qn_deck_derived {
    double vial_volume, vial_area; ///< inside                                [m3], [m2]
    int64_t balls;                 ///< of all groups
    double ball_volume, ball_area; ///< of all balls                          [m3], [m2]
    double ball_mass;              ///< of all balls                          [kg]
    double smallest, largest;      ///< ball diameters                        [m]
    double powder_volume;          ///< solid                                 [m3]
    double filling;                ///< balls at close packing / vial         [-]
    double free_volume;            ///< gas: vial - balls - powder            [m3]
    double coating_mass;           ///< powder the media carry                [kg]
    double parcel_diameter;        ///< 0 without parcels                     [m]
};

void qn_deck_derive(const struct qn_deck *deck, struct qn_deck_derived *derived);
