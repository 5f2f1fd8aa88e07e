/// @file
/// Attritor: the vial stands still and inner bodies (arms on a shaft) turn about its axis.
#include <math.h>

#include "mill_row.h"
#include "model/motion.h"

struct attritor {
    double speed; ///< of the shaft                                                 [rad/s]
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct attritor, "speed", speed, "rad/s", 0, 1000, QN_ABOVE, NEED,
                "rotation of the shaft with its arms"),
    {0},
};

static double speed(const struct qn_motion *m)
{
    return ((const struct attritor *)m->own)->speed;
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    (void)m;
    p->inner_turn = d->angle;
    p->inner_speed = d->rate;
}

static double wall_speed(const struct qn_motion *m, double reach)
{
    return speed(m) * reach;
}

static double peak_accel(const struct qn_motion *m)
{
    (void)m;
    return 0.0;
}

const struct qn_mill_law qn_mill_attritor = {
    .name = "attritor",
    .gravity = "along_axis",
    .turning = QN_TURNS_NOT,
    .starting = QN_STARTS_BY_SPEED,
    .size = sizeof(struct attritor),
    .field = fields,
    .full_speed = speed,
    .pose = pose,
    .wall_speed = wall_speed,
    .peak_accel = peak_accel,
    .path_at = -1,
};
