/// @file
/// What follows from a deck alone: areas, volumes, masses, the motion, the time step.
#pragma once

#include "app/deck_types.h"
#include "model/motion.h"
#include "model/timestep.h"

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
    double parcel_diameter;        ///< of the largest; 0 without parcels     [m]
};

/// Walls of a deck's vial with what is inside; volume and area are those of the empty vial. Borrows
/// the deck's mesh.
void qn_deck_vessel(const struct qn_deck *deck, struct qn_vessel *out);

/// Thickness of the coating of balls (QN_COATED_BALLS) or wall (QN_COATED_WALL) [m].
double qn_deck_coating(const struct qn_deck *deck, int on);

/// Share of the powder that no parcel and no coating holds, where the window or the direct span has
/// parcels: it is simulated nowhere. 0 with carried powder, and below a hundredth.
double qn_deck_missing(const struct qn_deck *deck);

/// How much of the hours is milled; without stages all of them [s].
double qn_deck_milled(const struct qn_deck *deck);

/// When in the hours, stages that do not mill included, so much has been milled [s].
double qn_deck_clock(const struct qn_deck *deck, double milled);

/// Powder between two bodies, mean over the area of the media: two mean coatings [m].
double qn_deck_mean_layer(const struct qn_deck *deck, double ball_area, double vial_area);

void qn_deck_derive(const struct qn_deck *deck, struct qn_deck_derived *derived);

/// The motion of a deck's mill; borrows the deck's table of poses.
struct qn_motion qn_deck_motion(const struct qn_deck *deck);

/// Distance from the vial's centre to its farthest wall point that moves when the vial turns as its
/// mill turns it: the radius for a turn about the axis, the half diagonal for a tilting vial [m].
double qn_deck_reach(const struct qn_deck *deck);

/// Impact speed that bounds the Hertz time: contact.speed_bound, or twice the largest wall speed,
/// and at least that of a fall through the vial [m/s].
double qn_deck_speed_bound(const struct qn_deck *deck);

/// Kinds of bodies as the engine sees them: wall first, balls of each group, then parcels of
/// each group (if asked for, and if the deck has any).
enum { QN_STEP_CLASSES = 2 * QN_MAX_GROUPS + 1 };
int qn_deck_step_classes(const struct qn_deck *deck, int with_parcels,
                         struct qn_step_class classes[QN_STEP_CLASSES]);

/// Half a period of the lightest pair of balls on the linear law's spring [s].
double qn_deck_spring_time(const struct qn_deck *deck);

/// Time step of the engine with or without parcels.
struct qn_step_choice qn_deck_step(const struct qn_deck *deck, int with_parcels);
