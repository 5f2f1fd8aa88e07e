/// @file
/// Shaker mill with a figure-of-eight path (SPEX 8000): an arm of length L, upright at rest, swings
/// by theta = theta0 sin(w t) in the plane of the vial's axis and sways across it by
/// psi = psi0 sin(2 w t + phase); the vial sits across the arm's end and tilts with it.
///
/// A parametric model: the maker's linkage is not published in numbers. With y along the arm and z
/// along the vial at rest, Q = R_x(theta) R_z(-psi), centre L Q y, and
/// Omega = theta' x - psi' e, e = R_x(theta) z.
#include <math.h>

#include "base/constants.h"
#include "mill_row.h"
#include "model/motion.h"

struct shaker {
    double frequency, arm, swing, sway, sway_phase; ///< [Hz], [m], [m], [m], [rad]
    enum qn_amplitude_of amplitude_of;
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct shaker, "frequency", frequency, "Hz", 0, 1000, QN_ABOVE, NEED,
                "of the swing; the sway has twice as much"),
    MILL_NUMBER(struct shaker, "arm", arm, "m", 0, 2, QN_ABOVE, NEED,
                "pivot to centre of the vial"),
    MILL_NUMBER(struct shaker, "swing", swing, "m", 0, 1, QN_ABOVE, NEED,
                "of the centre along the vial's axis, as amplitude_of says"),
    MILL_NUMBER(struct shaker, "sway", sway, "m", 0, 1, 0, NEED,
                "of the centre across the vial's axis, as amplitude_of says"),
    MILL_AMPLITUDE_OF(struct shaker),
    MILL_NUMBER(struct shaker, "sway_phase", sway_phase, "rad", -7, 7, 0, "0 rad", "of the sway"),
    {0},
};

static const struct shaker *own(const struct qn_motion *m)
{
    return (const struct shaker *)m->own;
}

static double circular(const struct qn_motion *m)
{
    return 2.0 * QN_PI * own(m)->frequency;
}

/// a g sin(n phi + p) and its two derivatives.
static void swing(const struct qn_drive *d, double a, double n, double phase, double out[3])
{
    const double w = n * d->rate, dw = n * d->accel;
    const double s = sin(n * d->angle + phase), c = cos(n * d->angle + phase);
    out[0] = a * d->grow * s;
    out[1] = a * (d->dgrow * s + d->grow * w * c);
    out[2] = a * (d->ddgrow * s + 2.0 * d->dgrow * w * c + d->grow * (dw * c - w * w * s));
}

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    const struct shaker *k = own(m);
    double th[3], ps[3], speed[3], euler[3], inward[3];
    swing(d, asin(qn_zero_to_peak(k->amplitude_of, k->swing) / k->arm), 1.0, 0.0, th);
    swing(d, asin(qn_zero_to_peak(k->amplitude_of, k->sway) / k->arm), 2.0, k->sway_phase, ps);
    const double ct = cos(th[0]), st = sin(th[0]), cp = cos(ps[0]), sp = sin(ps[0]);
    const double q[3][3] = {{cp, sp, 0.0}, {-sp * ct, cp * ct, -st}, {-sp * st, cp * st, ct}};
    const double e[3] = {0.0, -st, ct}, de[3] = {0.0, -th[1] * ct, -th[1] * st};
    double turning[3]; // Omega'
    for (int i = 0; i < 3; i++) {
        for (int j = 0; j < 3; j++) {
            p->axes[i][j] = q[i][j];
        }
        p->centre[i] = k->arm * q[i][1];
        p->spin[i] = (i == 0 ? th[1] : 0.0) - ps[1] * e[i];
        turning[i] = (i == 0 ? th[2] : 0.0) - ps[2] * e[i] - ps[1] * de[i];
    }
    cross(p->spin, p->centre, speed);
    cross(p->spin, speed, inward);
    cross(turning, p->centre, euler);
    for (int i = 0; i < 3; i++) {
        p->speed[i] = speed[i];
        p->accel[i] = euler[i] + inward[i];
    }
}

static const char *fault(const struct qn_motion *m, const char **key)
{
    const struct shaker *k = own(m);
    const double swing_zp = qn_zero_to_peak(k->amplitude_of, k->swing);
    const double sway_zp = qn_zero_to_peak(k->amplitude_of, k->sway);
    *key = swing_zp >= k->arm ? "mill.swing" : "mill.sway";
    return swing_zp >= k->arm || sway_zp >= k->arm ? "does not fit the arm: less than its length "
                                                     "(zero to peak) is needed"
                                                   : NULL;
}

const struct qn_mill_law qn_mill_shaker = {
    .name = "shaker",
    .gravity = "across_axis",
    .turning = QN_TURNS_ANYHOW,
    .starting = QN_STARTS_BY_AMPLITUDE,
    .size = sizeof(struct shaker),
    .field = fields,
    .full_speed = circular,
    .pose = pose,
    .fault = fault,
    .path_at = -1,
};
