/// @file
/// The inside of a vial as a few primitive surfaces, in axes centred on the vial.
///
/// A surface answers with distance, normal, curvature. The vial's own motion enters only as the
/// velocity of the surface, since all shapes here are symmetric about the axis they turn about.
#pragma once

#include "base/error.h"

enum { QN_MAX_WALLS = 6 };

enum qn_wall_shape { QN_WALL_PLANE, QN_WALL_MANTLE };

struct qn_wall {
    enum qn_wall_shape shape;
    double normal[3]; ///< PLANE: unit vector into the vial                       [-]
    double offset;    ///< PLANE: inside is normal . x + offset > 0               [m]
    double radius;    ///< MANTLE: about the z axis                               [m]
};

struct qn_vessel {
    int n_walls;
    struct qn_wall wall[QN_MAX_WALLS];
    double half[3]; ///< half extents of the box around it                      [m]
    double volume;  ///< inside                                                 [m3]
    double area;    ///< inside                                                 [m2]
};

/// Upright cylinder with flat ends: walls 0 mantle, 1 bottom, 2 lid.
struct qn_vessel qn_vessel_cylinder(double diameter, double height);

/// Box: walls 0..5 at -x, +x, -y, +y, -z, +z.
struct qn_vessel qn_vessel_box(const double size[3]);

/// Distance from point x to wall k, positive inside; `normal` points inwards. On the axis of a
/// mantle the normal is +x by convention.
double qn_wall_distance(const struct qn_wall *wall, const double x[3], double normal[3]);

/// Mean curvature that the wall adds to 1/R of a sphere in contact, 1/R* = 1/R + this; a hollow
/// mantle gives -1/(2 radius), the mean of its two principal curvatures  [1/m].
double qn_wall_curvature(const struct qn_wall *wall);
