/// @file
/// What a lasting contact still remembers of the pieces it was cut into: its dissipated energy by
/// age.
///
/// Heat of a contact leaves slowly (as 1/sqrt(t) into two bodies, by slab modes out of a layer), so
/// a piece of a lasting contact starts warm. The record keeps few parts, newest first, the newest
/// one exact; when it is full, the two neighbours whose common length is shortest against their age
/// become one, so parts lengthen with age, about one and a half a decade. Any decaying kernel can
/// be applied to them in closed form; decaying sums of exponentials would serve 1/sqrt(t) alone and
/// not the slab of a layer, whose thickness mechanics does not know.
/// Updated only where a contact is cut: a step costs nothing.
#pragma once

enum { QN_PAST_PARTS = 8 };

/// Parts that ended longer ago belong to the bulk temperature of the bodies [s].
static const double QN_PAST_HORIZON = 3e-2;

/// A stretch of the past, taken as uniform.
struct qn_past_part {
    double energy; ///< dissipated                                                   [J]
    double span;   ///< its length; 0: no part                                       [s]
    double travel; ///< path of the spot over the bodies                             [m]
    double force;  ///< peak normal force (of parts that became one: the force of their mean
                   ///< Hertz spot, weighted with energy)                            [N]
};

/// A zeroed one has no past.
struct qn_past {
    double travel; ///< path of the spot since first touch                           [m]
    struct qn_past_part part[QN_PAST_PARTS]; ///< newest first, without gaps
};

/// The piece just ended becomes the newest part. A piece without length adds nothing.
void qn_past_add(struct qn_past *p, const struct qn_past_part *piece);
