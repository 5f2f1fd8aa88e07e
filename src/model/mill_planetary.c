/// @file
/// Planetary mill: the centre circles at R_p with the wheel, A0 = -R_p w^2 e_R + R_p w' e_phi; the
/// jar turns with (1 + ratio) w in fixed axes.
#include <math.h>

#include "mill_row.h"
#include "model/motion.h"

enum speed_of { SUN, JAR };
static const char *const speed_words[] = {"sun", "jar", NULL};

struct planetary {
    double sun_radius;     ///< axis of the sun wheel to axis of the jar            [m]
    double ratio;          ///< jar speed relative to the wheel / wheel speed, negative when it
                           ///< counter-rotates                                     [-]
    double speed;          ///< rotation of what `speed_of` says                    [rad/s]
    double speed_range[2]; ///< of the maker                                        [rad/s]
    enum speed_of speed_of;
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct planetary, "sun_radius", sun_radius, "m", 0, 2, QN_ABOVE, NEED,
                "axis of the sun wheel to axis of the jar"),
    MILL_NUMBER(struct planetary, "speed", speed, "rad/s", 0, 300, QN_ABOVE, NEED,
                "rotation of what speed_of names"),
    MILL_WORD(struct planetary, "speed_of", speed_of, speed_words, NEED,
              "whose rotation the speed is: the sun wheel's, or the jar's relative to it"),
    MILL_NUMBER(struct planetary, "ratio", ratio, "1", -10, 10, 0, NEED,
                "jar speed relative to the wheel / wheel speed, negative when it counter-rotates"),
    MILL_LIST(struct planetary, "speed_range", speed_range, "rad/s", 0, 300, 2, "0 rad/s",
              "[least, most] of the maker, as speed; a most of 0: not known"),
    {0},
};

static const struct planetary *own(const struct qn_motion *m)
{
    return (const struct planetary *)m->own;
}

static double sun_speed(const struct qn_motion *m)
{
    const struct planetary *p = own(m);
    return p->speed_of == SUN ? p->speed : p->speed / fabs(p->ratio);
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    const double w = d->rate, dw = d->accel, turns = 1.0 + own(m)->ratio;
    const double c = cos(d->angle), s = sin(d->angle), r = own(m)->sun_radius;
    p->centre[0] = r * c, p->centre[1] = r * s;
    p->speed[0] = -r * w * s, p->speed[1] = r * w * c;
    p->accel[0] = -r * w * w * c - r * dw * s;
    p->accel[1] = -r * w * w * s + r * dw * c;
    p->spin[2] = turns * w;
    p->turn = turns * d->angle;
}

static double wall_speed(const struct qn_motion *m, double reach)
{
    const double w = fabs(sun_speed(m));
    return own(m)->sun_radius * w + fabs(1.0 + own(m)->ratio) * w * reach;
}

static double peak_accel(const struct qn_motion *m)
{
    return own(m)->sun_radius * sun_speed(m) * sun_speed(m);
}

static const char *fault(const struct qn_motion *m, const char **key)
{
    const struct planetary *p = own(m);
    if (p->speed_of == JAR && p->ratio == 0.0) {
        *key = "mill.ratio";
        return "0: a jar that does not turn cannot give the speed of the wheel; write "
               "speed_of: sun";
    }
    if (p->speed_range[1] > 0.0 &&
        (p->speed < p->speed_range[0] * 0.999999 || p->speed > p->speed_range[1] * 1.000001)) {
        *key = "mill.speed";
        return "outside mill.speed_range, what the maker allows; widen that to go beyond";
    }
    return NULL;
}

const struct qn_mill_law qn_mill_planetary = {
    .name = "planetary",
    .gravity = "along_axis",
    .turning = QN_TURNS_ABOUT_Z,
    .starting = QN_STARTS_BY_SPEED,
    .size = sizeof(struct planetary),
    .field = fields,
    .full_speed = sun_speed,
    .pose = pose,
    .wall_speed = wall_speed,
    .peak_accel = peak_accel,
    .fault = fault,
    .path_at = -1,
};
