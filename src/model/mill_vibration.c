/// @file
/// Vibratory mill, linear, circular or elliptical: A sin(w t + phase) along each axis; the vial
/// does not turn.
#include <math.h>

#include "base/constants.h"
#include "mill_row.h"
#include "model/motion.h"

struct vibration {
    double frequency;    ///< [Hz]
    double amplitude[3]; ///< along x, y, z as `amplitude_of` says                  [m]
    double phase[3];     ///< [rad]
    enum qn_amplitude_of amplitude_of;
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct vibration, "frequency", frequency, "Hz", 0, 1000, QN_ABOVE, NEED,
                "of the vibration"),
    MILL_LIST(struct vibration, "amplitude", amplitude, "m", 0, 0.5, 3, NEED,
              "of the vibration, [x, y, z], as amplitude_of says"),
    MILL_AMPLITUDE_OF(struct vibration),
    MILL_LIST(struct vibration, "phase", phase, "rad", -7, 7, 3, "0 rad",
              "of the vibration, [x, y, z]"),
    {0},
};

static const struct vibration *own(const struct qn_motion *m)
{
    return (const struct vibration *)m->own;
}

static double circular(const struct qn_motion *m)
{
    return 2.0 * QN_PI * own(m)->frequency;
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    const struct vibration *v = own(m);
    const double g = d->grow, dg = d->dgrow, ddg = d->ddgrow, w = d->rate, dw = d->accel;
    for (int k = 0; k < 3; k++) {
        const double a = qn_zero_to_peak(v->amplitude_of, v->amplitude[k]);
        const double c = cos(d->angle + v->phase[k]), s = sin(d->angle + v->phase[k]);
        p->centre[k] = a * g * s;
        p->speed[k] = a * (dg * s + g * w * c);
        p->accel[k] = a * (ddg * s + 2.0 * dg * w * c - g * w * w * s + g * dw * c);
    }
}

/// Of the diagonal of the box that the path lies in: an upper bound for any phases.
static double diagonal(const struct qn_motion *m)
{
    double a[3];
    for (int k = 0; k < 3; k++) {
        a[k] = qn_zero_to_peak(own(m)->amplitude_of, own(m)->amplitude[k]);
    }
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

static double wall_speed(const struct qn_motion *m, double reach)
{
    (void)reach;
    return circular(m) * diagonal(m);
}

static double peak_accel(const struct qn_motion *m)
{
    return circular(m) * circular(m) * diagonal(m);
}

static const char *fault(const struct qn_motion *m, const char **key)
{
    *key = "mill.amplitude";
    return diagonal(m) == 0.0 ? "all zero: the mill stands still" : NULL;
}

const struct qn_mill_law qn_mill_vibration = {
    .name = "vibration",
    .gravity = "along_axis",
    .turning = QN_TURNS_NOT,
    .starting = QN_STARTS_BY_AMPLITUDE,
    .size = sizeof(struct vibration),
    .field = fields,
    .full_speed = circular,
    .pose = pose,
    .wall_speed = wall_speed,
    .peak_accel = peak_accel,
    .fault = fault,
    .path_at = -1,
};
