/// @file
/// Kinematics of a deck's mill, for people and for `quern-post mill`.
#include "app/check_mill.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "base/constants.h"
#include "model/burgio.h"
#include "model/charge.h"

enum { POINTS = 720 };

static void row(struct qn_text *text, const char *name, double value, const char *unit)
{
    qn_text_add(text, "  %-34s %12.5g%s%s\n", name, value, *unit ? " " : "", unit);
}

/// Burgio's single ball of a planetary mill.
static void burgio(const struct qn_deck *deck, const struct qn_motion *m, struct qn_text *text)
{
    const double sun_radius = qn_motion_value(m, "sun_radius"), ratio = qn_motion_value(m, "ratio");
    const double sun_speed = qn_mill_of(m)->full_speed(m);
    row(text, "wheel", 30.0 / QN_PI * sun_speed, "rpm");
    row(text, "jar, absolute", 30.0 / QN_PI * (1.0 + ratio) * sun_speed, "rpm");
    for (int g = 0; g < deck->balls.n_groups; g++) {
        const double circle = qn_deck_reach(deck) - 0.5 * deck->balls.group[g].diameter;
        const double mass = deck->material[deck->balls.material].density *
                            qn_sphere_volume(deck->balls.group[g].diameter);
        const struct qn_burgio b = qn_burgio(sun_radius, sun_speed, ratio, circle);
        qn_text_add(text, "\nBurgio's single ball, %g mm (an order of magnitude)\n",
                    1e3 * deck->balls.group[g].diameter);
        row(text, "cosine of the angle of detachment", b.cos_phi, "");
        if (b.cos_phi < -1.0) {
            qn_text_add(text, "  never leaves the wall: the balls centrifuge\n");
            continue;
        }
        row(text, "speed at detachment V_b", b.v_b, "m/s");
        row(text, "speed of the wall V_s", b.v_s, "m/s");
        row(text, "energy per hit", 1e3 * mass * b.energy, "mJ");
        row(text, "hits of a ball", b.frequency, "Hz");
    }
}

/// One instant of a motion.
struct instant {
    struct qn_pose pose;
    double felt; ///< |g - A0|                                                      [m/s2]
    double wall; ///< lab speed of the fastest wall point, an upper bound           [m/s]
};

static double size(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

/// The motion at full speed, `share` of a turn of the drive after it began.
static struct instant look(const struct qn_motion *m, double reach, double share)
{
    struct qn_motion steady = *m;
    struct instant now;
    steady.run_up = 0.0;
    steady.n_legs = 0;
    qn_motion_pose(&steady, share * qn_motion_cycle(m), &now.pose);
    double felt[3];
    for (int k = 0; k < 3; k++) {
        felt[k] = m->gravity[k] - now.pose.accel[k];
    }
    now.felt = size(felt);
    const double spin = fmax(size(now.pose.spin), fabs(now.pose.inner_speed));
    now.wall = size(now.pose.speed) + spin * reach;
    return now;
}

void qn_check_mill(const struct qn_deck *deck, struct qn_text *text)
{
    const struct qn_motion m = qn_deck_motion(deck);
    const double reach = qn_deck_reach(deck);
    double felt[2] = {HUGE_VAL, 0.0}, centre = 0.0, spin = 0.0;
    for (int k = 0; k < POINTS; k++) {
        const struct instant now = look(&m, reach, (double)k / POINTS);
        felt[0] = fmin(felt[0], now.felt), felt[1] = fmax(felt[1], now.felt);
        centre = fmax(centre, size(now.pose.speed));
        spin = fmax(spin, fmax(size(now.pose.spin), fabs(now.pose.inner_speed)));
    }
    qn_text_add(text, "\nmill%s%s\n", deck->mill.name[0] ? ": " : "", deck->mill.name);
    if (deck->mill.assumption[0]) {
        qn_text_add(text, "  WARNING: ASSUMED, %s\n", deck->mill.assumption);
    }
    row(text, "period", 1e3 * qn_motion_period(&m), "ms");
    row(text, "turn of the drive at full speed", 1e3 * qn_motion_cycle(&m), "ms");
    row(text, "largest wall speed", qn_motion_wall_speed(&m, reach), "m/s");
    row(text, "largest speed of the centre", centre, "m/s");
    row(text, "largest spin", 30.0 / QN_PI * spin, "rpm");
    row(text, "largest acceleration of the centre", qn_motion_peak_accel(&m) / QN_GRAVITY, "g");
    row(text, "felt acceleration, least", felt[0] / QN_GRAVITY, "g");
    row(text, "felt acceleration, largest", felt[1] / QN_GRAVITY, "g");
    if (strcmp(qn_mill_of(&m)->name, "planetary") == 0) {
        burgio(deck, &m, text);
    }
}

static void write_turn(const struct qn_deck *deck, const struct qn_motion *m, FILE *f)
{
    const double reach = qn_deck_reach(deck);
    fprintf(f,
            "# one turn of the drive at full speed; %s, %s\n"
            "t_s,x_m,y_m,z_m,vx_m_s,vy_m_s,vz_m_s,ax_m_s2,ay_m_s2,az_m_s2,"
            "spin_x_rad_s,spin_y_rad_s,spin_z_rad_s,inner_spin_rad_s,felt_m_s2,wall_speed_m_s\n",
            deck->name, qn_mill_of(m)->name);
    for (int k = 0; k <= POINTS; k++) {
        const double share = (double)k / POINTS;
        const struct instant now = look(m, reach, share);
        const struct qn_pose *p = &now.pose;
        fprintf(f, "%.9g", share * qn_motion_cycle(m));
        const double *const part[] = {p->centre, p->speed, p->accel, p->spin};
        for (int c = 0; c < 12; c++) {
            fprintf(f, ",%.9g", part[c / 3][c % 3]);
        }
        fprintf(f, ",%.9g,%.9g,%.9g\n", p->inner_speed, now.felt, now.wall);
    }
}

/// Speed of the drive over its full speed: the programme once, or the run-up.
static void write_programme(const struct qn_motion *m, FILE *f)
{
    const double full = qn_mill_of(m)->full_speed(m);
    double span = 1.5 * m->run_up;
    for (int k = 0; k < m->n_legs; k++) {
        span = (k ? span : 0.0) + m->leg[k].span;
    }
    fprintf(f, "# speed and stroke of the drive over full\nt_s,speed,stroke\n");
    for (int k = 0; k <= POINTS && span > 0.0; k++) {
        struct qn_drive d;
        const double t = span * k / POINTS;
        qn_motion_drive(m, full, t, &d);
        fprintf(f, "%.9g,%.9g,%.9g\n", t, d.rate / full, d.grow);
    }
}

enum qn_status qn_check_kinematics(const struct qn_deck *deck, const char *path)
{
    const struct qn_motion m = qn_deck_motion(deck);
    FILE *f = fopen(path, "w");
    if (!f) {
        return qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    write_turn(deck, &m, f);
    write_programme(&m, f);
    const int bad = ferror(f);
    return fclose(f) || bad ? qn_fail(QN_ERR_IO, "%s: cannot write", path) : QN_OK;
}
