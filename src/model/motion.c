/// @file
/// Planetary and vibrating vials.
///
/// Planetary: the centre circles at R_p with the wheel, A0 = -R_p w^2 e_R + R_p w' e_phi; the jar
/// turns with (1 + ratio) w in fixed axes. Vibration: A sin(w t + phase) along each axis.
#include "model/motion.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"

static void planetary(const struct qn_motion *m, double t, struct qn_pose *p)
{
    // wheel: even acceleration up to run_up, then constant
    const int ramp = t < m->run_up;
    const double w = ramp ? m->sun_speed * t / m->run_up : m->sun_speed;
    const double dw = ramp ? m->sun_speed / m->run_up : 0.0;
    const double angle = ramp ? 0.5 * w * t : m->sun_speed * (t - 0.5 * m->run_up);
    const double c = cos(angle), s = sin(angle), r = m->sun_radius;

    p->centre[0] = r * c, p->centre[1] = r * s;
    p->speed[0] = -r * w * s, p->speed[1] = r * w * c;
    p->accel[0] = -r * w * w * c - r * dw * s;
    p->accel[1] = -r * w * w * s + r * dw * c;
    p->omega = (1.0 + m->ratio) * w;
    p->turn = (1.0 + m->ratio) * angle;
}

static void vibration(const struct qn_motion *m, double t, struct qn_pose *p)
{
    // envelope 10 x^3 - 15 x^4 + 6 x^5 with its derivatives
    const double x = m->run_up > 0.0 && t < m->run_up ? t / m->run_up : 1.0;
    const double rate = m->run_up > 0.0 && t < m->run_up ? 1.0 / m->run_up : 0.0;
    const double g = x * x * x * (10.0 + x * (6.0 * x - 15.0));
    const double dg = 30.0 * x * x * (1.0 - x) * (1.0 - x) * rate;
    const double ddg = 60.0 * x * (1.0 - x) * (1.0 - 2.0 * x) * rate * rate;
    const double w = m->circular;
    for (int k = 0; k < 3; k++) {
        const double a = m->amplitude[k], c = cos(w * t + m->phase[k]),
                     s = sin(w * t + m->phase[k]);
        p->centre[k] = a * g * s;
        p->speed[k] = a * (dg * s + g * w * c);
        p->accel[k] = a * (ddg * s + 2.0 * dg * w * c - g * w * w * s);
    }
}

void qn_motion_pose(const struct qn_motion *motion, double t, struct qn_pose *pose)
{
    memset(pose, 0, sizeof *pose);
    switch (motion->kind) {
    case QN_MOTION_PLANETARY:
        planetary(motion, t, pose);
        break;
    case QN_MOTION_VIBRATION:
        vibration(motion, t, pose);
        break;
    }
}

double qn_motion_wall_speed(const struct qn_motion *motion, double vial_radius)
{
    if (motion->kind == QN_MOTION_PLANETARY) { // lab speed of the fastest wall point
        return motion->sun_radius * fabs(motion->sun_speed) +
               fabs(1.0 + motion->ratio) * fabs(motion->sun_speed) * vial_radius;
    }
    const double *a = motion->amplitude;
    return motion->circular * sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

double qn_motion_peak_accel(const struct qn_motion *motion)
{
    if (motion->kind == QN_MOTION_PLANETARY) {
        return motion->sun_radius * motion->sun_speed * motion->sun_speed;
    }
    const double *a = motion->amplitude;
    return motion->circular * motion->circular * sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

double qn_motion_period(const struct qn_motion *motion)
{
    const double w = motion->kind == QN_MOTION_PLANETARY ? motion->sun_speed : motion->circular;
    return w != 0.0 ? 2.0 * QN_PI / fabs(w) : (double)INFINITY;
}
