/// @file
/// Mixer mill (MM 400 and its like): the jar lies across the end of a level arm of length L that
/// swings by theta = theta0 sin(w t) about an upright axis, so that it runs to and fro on a level
/// arc nearly along its own axis.
///
/// y is up, the arm lies along x at rest, the jar along z: Q = R_y(theta), centre L Q x.
#include <math.h>

#include "base/constants.h"
#include "mill_row.h"
#include "model/motion.h"

struct mixer {
    double frequency, arm, amplitude; ///< [Hz], [m], [m]
    enum qn_amplitude_of amplitude_of;
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct mixer, "frequency", frequency, "Hz", 0, 1000, QN_ABOVE, NEED,
                "of the swing"),
    MILL_NUMBER(struct mixer, "arm", arm, "m", 0, 2, QN_ABOVE, NEED, "pivot to centre of the jar"),
    MILL_NUMBER(struct mixer, "amplitude", amplitude, "m", 0, 1, QN_ABOVE, NEED,
                "of the centre along the jar's axis, as amplitude_of says"),
    MILL_AMPLITUDE_OF(struct mixer),
    {0},
};

static const struct mixer *own(const struct qn_motion *m)
{
    return (const struct mixer *)m->own;
}

static double circular(const struct qn_motion *m)
{
    return 2.0 * QN_PI * own(m)->frequency;
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    const double l = own(m)->arm, w = d->rate;
    const double a = asin(qn_zero_to_peak(own(m)->amplitude_of, own(m)->amplitude) / l);
    const double sa = sin(d->angle), ca = cos(d->angle);
    const double th = a * d->grow * sa, dth = a * (d->dgrow * sa + d->grow * w * ca);
    const double ddth =
        a * (d->ddgrow * sa + 2.0 * d->dgrow * w * ca + d->grow * (d->accel * ca - w * w * sa));
    const double c = cos(th), s = sin(th);
    p->centre[0] = l * c, p->centre[2] = -l * s;
    p->speed[0] = -l * s * dth, p->speed[2] = -l * c * dth;
    p->accel[0] = -l * (s * ddth + c * dth * dth);
    p->accel[2] = -l * (c * ddth - s * dth * dth);
    p->spin[1] = dth;
    p->axes[0][0] = p->axes[2][2] = c;
    p->axes[1][1] = 1.0;
    p->axes[0][2] = s, p->axes[2][0] = -s;
}

static const char *fault(const struct qn_motion *m, const char **key)
{
    *key = "mill.amplitude";
    return qn_zero_to_peak(own(m)->amplitude_of, own(m)->amplitude) >= own(m)->arm
               ? "does not fit the arm: less than its length (zero to peak) is needed"
               : NULL;
}

const struct qn_mill_law qn_mill_mixer = {
    .name = "mixer",
    .gravity = "across_axis",
    .turning = QN_TURNS_ANYHOW,
    .starting = QN_STARTS_BY_AMPLITUDE,
    .size = sizeof(struct mixer),
    .field = fields,
    .full_speed = circular,
    .pose = pose,
    .fault = fault,
    .path_at = -1,
};
