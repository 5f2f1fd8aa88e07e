/// @file
/// Warmth that a piece of a lasting contact inherits from the pieces before it.
///
/// A spot that slides or rolls stays on a place until its path is its own diameter 2a, then it is
/// on fresh matter: a place remembers no more than min(t, 2a/v), on both bodies. (A ball that
/// slides without rolling keeps its own spot hot, but the interface is as warm as the traversed
/// body lets it be, which is all that the powder between them sees.) So the past counts back to
/// where the path last was a multiple of 2a; the piece in which it reaches the next one has its
/// tail, any other ends where the next piece begins.
/// The past is handed on as one steady heating right before the piece that has the energy of the
/// past and leaves the exact rise at the end of the piece, so peak and late tail are right: exact
/// for steady power; a piece of fading power begins 2 to 3 % too warm.
#pragma once

#include "exposure/exposure.h"
#include "model/past.h"

/// Where a spot stands on its path.
struct qn_stay {
    double since; ///< path since it came to its place, at the beginning of the piece    [m]
    int inherits; ///< the piece began on the place where the one before it ended
    int goes_on;  ///< the next piece will begin on the place where this one ends
};

/// @param radius  of the spot [m]
/// @param travel  path of the spot in this piece [m]
/// @param flags   of the episode
struct qn_stay qn_stay_of(const struct qn_past *past, double radius, double travel, int flags);

/// What counts of the past.
struct qn_inheritance {
    const struct qn_past *past;
    double since;  ///< qn_stay.since                                                    [m]
    double forget; ///< parts that ended longer ago are bulk heat already; 0: none       [s]
    double flux;   ///< energy per area and second of this piece                      [W/m2]
    double area[QN_PAST_PARTS]; ///< spot of each part                                  [m2]
};

/// Warm a pulse (its own rise, shape and t_c are set) by the past.
void qn_inherit(struct qn_pulse *p, const struct qn_inheritance *from);
