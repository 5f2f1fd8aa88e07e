/// @file
/// The inside of a vial as a few surfaces, in its own axes, centred on the vial.
///
/// Every surface answers one question: where is the point of it nearest to x, how far, which way is
/// inside, how curved is it there. Answers are pure functions; `within` bounds what is looked for,
/// so that only bodies near a wall pay. A body touches each surface once, at its nearest point:
/// surfaces end where the wall has an edge, and a wall without an edge is one surface.
///
/// Two surfaces are also known to the engine's vector kernel (PLANE, MANTLE); all others go through
/// their function. A vial shape is a `struct qn_vial_law`: to add one, write one file
/// src/model/vial_<name>.c with its keys, its surfaces and what builds them, and one line in the
/// list of src/model/vessel.c. CONTRIBUTING.md walks through an example.
#pragma once

#include "io/schema.h"

enum { QN_MAX_WALLS = 72, QN_WALL_OWN = 8, QN_VIAL_OWN = 48, QN_MAX_RODS = 24 };

enum qn_wall_shape { QN_WALL_PLANE, QN_WALL_MANTLE, QN_WALL_OTHER };

/// The point of a surface nearest to x.
struct qn_wall_point {
    double distance;  ///< positive inside                                         [m]
    double normal[3]; ///< unit vector into the vial, along which it is measured   [-]
    double curvature; ///< mean curvature of the wall there, which adds to 1/R of a sphere in
                      ///< contact: 1/R* = 1/R + this; hollow walls are negative             [1/m]
};

struct qn_wall;

/// The nearest point of `wall` to x when it is nearer than `within` and belongs to this surface;
/// else 0 and `out` untouched.
typedef int qn_wall_fn(const struct qn_wall *wall, const double x[3], double within,
                       struct qn_wall_point *out);

struct qn_mesh; ///< model/mesh.h

struct qn_wall {
    enum qn_wall_shape shape;
    double normal[3];           ///< PLANE: unit vector into the vial                        [-]
    double offset;              ///< PLANE: inside is normal . x + offset > 0                [m]
    double radius;              ///< MANTLE: about the z axis                                [m]
    qn_wall_fn *look;           ///< OTHER
    double own[QN_WALL_OWN];    ///< OTHER: its numbers
    const struct qn_mesh *mesh; ///< OTHER: borrowed, or NULL
    int patch;                  ///< OTHER: of the mesh
    int round;                  ///< OTHER: a turn about z leaves it as it is
    int inner;                  ///< turns with the mill's inner bodies, not with the vial
};

struct qn_vessel {
    int n_walls;
    struct qn_wall wall[QN_MAX_WALLS];
    double half[3];             ///< half extents of the box around it                      [m]
    double volume;              ///< inside                                                 [m3]
    double area;                ///< inside                                                 [m2]
    double reach;               ///< largest distance of a wall from the z axis             [m]
    const struct qn_mesh *mesh; ///< of the whole wall, borrowed, or NULL
    double narrow;              ///< a ball must be thinner than this                       [m]
};

/// A vial shape.
struct qn_vial_law {
    const char *name;             ///< word of `vial.shape`
    size_t size;                  ///< of the parameters, at most QN_VIAL_OWN doubles
    const struct qn_field *field; ///< keys below `vial`; offsets into the parameters
    /// Walls, extents, volume and area from sound parameters.
    void (*build)(const void *own, const struct qn_mesh *mesh, struct qn_vessel *out);
    /// What does not fit together, or NULL: a key and a sentence.
    const char *(*fault)(const void *own, const char **key);
    int path_at;                     ///< member that holds the path of an STL file, -1: none
    double (*unit)(const void *own); ///< of that file's numbers [m]
};

/// Every vial shape, ended by NULL.
extern const struct qn_vial_law *const qn_vial_laws[];

/// Upright cylinder with flat ends: walls 0 mantle, 1 bottom, 2 lid.
struct qn_vessel qn_vessel_cylinder(double diameter, double height);

/// Box: walls 0..5 at -x, +x, -y, +y, -z, +z.
struct qn_vessel qn_vessel_box(const double size[3]);

/// Plane wall across an axis; `sign` times that axis points inside.
struct qn_wall qn_wall_plane(int axis, double sign, double offset);

/// A round bar from a to b with half spheres at its ends [m]: an arm or a shaft (`inner`), or a
/// lifter of the vial.
struct qn_rod {
    double a[3], b[3], radius;
    int inner;
};

/// Add a bar to a vessel that has room; volume and area are the caller's (qn_vessel_carve).
void qn_vessel_add_rod(struct qn_vessel *v, const struct qn_rod *rod);

/// Take the volume of the bars from that of the vessel and add their area (what they hide of the
/// walls stays), by counting points of a fixed lattice: about 1 % and 3 % of the bars' own.
void qn_vessel_carve(struct qn_vessel *v, const struct qn_rod *rod, int n);

/// The nearest point of a wall of any shape, x in the wall's own axes. On the axis of a mantle the
/// normal is +x by convention.
int qn_wall_look(const struct qn_wall *wall, const double x[3], double within,
                 struct qn_wall_point *out);
