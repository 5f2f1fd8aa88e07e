/// @file
/// Walls as bodies see them, in axes that travel with the vial and do not turn.
///
/// A wall that glides in itself (a still vial; a round wall about the axis the vial turns about)
/// stays where it is and only its surface runs; planes and mantles of that kind have a vector
/// kernel. Any other wall is asked in its own axes, body by body, with the turn of the moment.
#pragma once

#include <math.h>

#include "dem/state.h"

/// One set of walls at one instant.
struct qn_wall_frame {
    double axes[3][3]; ///< from the walls' axes to those that do not turn         [-]
    double spin[3];    ///< [rad/s]
};

/// 0: the vial, 1: the mill's inner bodies.
struct qn_wall_frames {
    struct qn_wall_frame of[2];
    int turning; ///< some wall does not stay where it is; else axes and spins may be unset
};

void qn_wall_frames_at(const struct qn_dem_model *m, double t, struct qn_wall_frames *out);

/// The same for the lists of a state at its own time.
void qn_wall_frames_now(const struct qn_dem_model *m, const struct qn_dem *s,
                        struct qn_wall_frames *out);

/// Does the wall stay where it is for ever?
int qn_wall_glides(const struct qn_dem_model *m, const struct qn_wall *wall);

/// The nearest point of a wall, see qn_wall_look; x and the normal in axes that do not turn.
int qn_wall_near(const struct qn_wall *wall, const struct qn_wall_frames *f, const double x[3],
                 double within, struct qn_wall_point *out);

/// Whether a point is nearer than `within` to a wall; for lists, which ask often.
static inline int qn_wall_reaches(const struct qn_wall *w, const struct qn_wall_frames *f,
                                  const double x[3], double within)
{
    struct qn_wall_point p;
    if (!f->turning && w->shape == QN_WALL_PLANE) {
        const double *n = w->normal;
        return n[0] * x[0] + n[1] * x[1] + n[2] * x[2] + w->offset < within;
    }
    if (!f->turning && w->shape == QN_WALL_MANTLE) {
        return w->radius - sqrt(x[0] * x[0] + x[1] * x[1]) < within;
    }
    return qn_wall_near(w, f, x, within, &p);
}

/// One lane of a block of a section whose wall is asked: writes the normal and, when they touch,
/// the constants of the pair; returns the overlap. A body out of reach counts as a little outside,
/// so that a parting contact has a displacement to book.
double qn_wall_ask(const struct qn_dem_model *m, const struct qn_dem *s,
                   const struct qn_section *sec, const struct qn_wall_frames *f, struct qn_block *b,
                   int lane, double *const n[3]);

/// Largest speed of any wall point about the vial's centre, an upper bound; 0 when all walls glide.
double qn_walls_drift(const struct qn_dem_model *m, const struct qn_wall_frames *f);
