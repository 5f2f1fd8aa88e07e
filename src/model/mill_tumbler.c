/// @file
/// Tumbling mill: the vial turns evenly about its own axis, which lies level.
#include <math.h>

#include "mill_row.h"
#include "model/motion.h"

struct tumbler {
    double speed; ///< [rad/s]
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct tumbler, "speed", speed, "rad/s", 0, 300, QN_ABOVE, NEED,
                "rotation of the vial about its own axis"),
    {0},
};

static double speed(const struct qn_motion *m)
{
    return ((const struct tumbler *)m->own)->speed;
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    (void)m;
    p->turn = d->angle;
    p->spin[2] = d->rate;
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

const struct qn_mill_law qn_mill_tumbler = {
    .name = "tumbler",
    .gravity = "across_axis",
    .turning = QN_TURNS_ABOUT_Z,
    .starting = QN_STARTS_BY_SPEED,
    .size = sizeof(struct tumbler),
    .field = fields,
    .full_speed = speed,
    .pose = pose,
    .wall_speed = wall_speed,
    .peak_accel = peak_accel,
    .path_at = -1,
};
