/// @file
/// Names of pair kinds.
#include "model/episode.h"

const char *qn_pair_kind_name(enum qn_pair_kind kind)
{
    static const char *const names[QN_PAIR_KINDS] = {
        [QN_BALL_BALL] = "ball-ball",         [QN_BALL_WALL] = "ball-wall",
        [QN_BALL_PARCEL] = "ball-parcel",     [QN_PARCEL_WALL] = "parcel-wall",
        [QN_PARCEL_PARCEL] = "parcel-parcel",
    };
    return names[kind];
}
