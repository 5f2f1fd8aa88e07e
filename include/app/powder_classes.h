/// @file
/// Classes of powder that live through different things: what bridged mode keeps apart.
///
/// A class is a part of the powder whose carriers meet hits alike. Coatings of balls and of the
/// wall are hit at different rates and strengths; loose powder lies between; powder in a dead zone
/// lies still and is met by no ball. They swap powder at rates measured in the window.
#pragma once

enum qn_powder_class {
    QN_CLASS_BALL,  ///< coating of the balls
    QN_CLASS_WALL,  ///< coating of the wall
    QN_CLASS_LOOSE, ///< parcels that move, or the reserve of carried powder
    QN_CLASS_DEAD,  ///< parcels that lie still and meet no ball
    QN_POWDER_CLASSES
};

/// "ball_coating", "wall_coating", "loose", "dead_zone", in that order.
extern const char *const qn_powder_class_names[QN_POWDER_CLASSES];

/// Classes in use, the first so many: those after the last with mass are left out.
/// @param mass  shape [QN_POWDER_CLASSES] [kg]
int qn_powder_classes_used(const double *mass);
