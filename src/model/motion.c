/// @file
/// The list of mills, the drive they share, and what follows from any law.
#include "model/motion.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "mill_row.h"

/// Every mill: one line each, with the name of its file and of its `struct qn_mill_law`.
#define MILLS(mill)                                                                                \
    mill(planetary) mill(vibration) mill(shaker) mill(mixer) mill(tumbler) mill(attritor)          \
        mill(table)

#define DECLARE(name) extern const struct qn_mill_law qn_mill_##name;
#define ENTRY(name) &qn_mill_##name,
MILLS(DECLARE)
// clang-format off
const struct qn_mill_law *const qn_mill_laws[] = {MILLS(ENTRY) NULL};
// clang-format on

const char *const qn_amplitude_words[] = {"zero_to_peak", "peak_to_peak", NULL};

int qn_mill_find(const char *name)
{
    for (int k = 0; qn_mill_laws[k]; k++) {
        if (strcmp(qn_mill_laws[k]->name, name) == 0) {
            return k;
        }
    }
    return -1;
}

static void put(struct qn_motion *m, const struct qn_mill_value *v)
{
    const struct qn_field *f = qn_mill_of(m)->field;
    while (f->path && strcmp(f->path, v->key) != 0) {
        f++;
    }
    QN_ASSERT(f->path && (f->type == QN_FIELD_DOUBLE || f->type == QN_FIELD_ENUM));
    char *to = (char *)m->own + f->offset;
    const int word = (int)v->value[0];
    if (f->type == QN_FIELD_ENUM) {
        memcpy(to, &word, sizeof word);
    } else {
        memcpy(to, v->value, (size_t)(f->count > 1 ? f->count : 1) * sizeof *v->value);
    }
}

struct qn_motion qn_motion_make(const char *law, const struct qn_mill_value *value)
{
    struct qn_motion m = {.kind = qn_mill_find(law)};
    QN_ASSERT(m.kind >= 0);
    for (const struct qn_mill_value *v = value; v->key; v++) {
        put(&m, v);
    }
    return m;
}

double qn_motion_value(const struct qn_motion *m, const char *key)
{
    for (const struct qn_field *f = qn_mill_of(m)->field; f->path; f++) {
        if (strcmp(f->path, key) == 0 && f->type == QN_FIELD_DOUBLE) {
            double value;
            memcpy(&value, (const char *)m->own + f->offset, sizeof value);
            return value;
        }
    }
    return 0.0;
}

/// Angle (over full speed) that a leg adds within `t` of its start, coming from speed v0.
static double leg_angle(const struct qn_leg *leg, double v0, double t)
{
    const double ramp = leg->ramp, gain = leg->speed - v0;
    return t < ramp ? v0 * t + 0.5 * gain * t * t / ramp : leg->speed * t - 0.5 * gain * ramp;
}

/// Once through the programme from speed v0: its angle; `span` receives its length.
static double round_angle(const struct qn_motion *m, double v0, double *span)
{
    double angle = 0.0;
    *span = 0.0;
    for (int k = 0; k < m->n_legs; k++) {
        angle += leg_angle(&m->leg[k], k ? m->leg[k - 1].speed : v0, m->leg[k].span);
        *span += m->leg[k].span;
    }
    return angle;
}

/// The leg that time t (from the start of a round) falls into; `t` becomes the time since its start
/// and `angle` grows by the legs before it. The last leg never ends.
static int find_leg(const struct qn_motion *m, double first, double *t, double *angle)
{
    int k = 0;
    for (; k + 1 < m->n_legs && *t >= m->leg[k].span; k++) {
        *angle += leg_angle(&m->leg[k], k ? m->leg[k - 1].speed : first, m->leg[k].span);
        *t -= m->leg[k].span;
    }
    return k;
}

static void by_programme(const struct qn_motion *m, double full, double t, struct qn_drive *d)
{
    double span, first = 0.0, angle = 0.0; // a first round begins at rest
    const double end = m->leg[m->n_legs - 1].speed, round = round_angle(m, 0.0, &span);
    if (m->repeat && t >= span) {
        const double rounds = floor(t / span);
        first = end;
        angle = round + (rounds - 1.0) * round_angle(m, end, &span);
        t -= rounds * span;
    }
    const int k = find_leg(m, first, &t, &angle);
    const struct qn_leg *leg = &m->leg[k];
    const double v0 = k ? m->leg[k - 1].speed : first;
    const int ramp = t < leg->ramp;
    d->angle = full * (angle + leg_angle(leg, v0, t));
    d->rate = full * (ramp ? v0 + (leg->speed - v0) * t / leg->ramp : leg->speed);
    d->accel = ramp ? full * (leg->speed - v0) / leg->ramp : 0.0;
}

void qn_motion_drive(const struct qn_motion *m, double full, double t, struct qn_drive *d)
{
    *d = (struct qn_drive){.angle = full * t, .rate = full, .grow = 1.0};
    if (m->n_legs > 0) {
        by_programme(m, full, t, d);
    } else if (qn_mill_of(m)->starting == QN_STARTS_BY_SPEED) {
        // even acceleration up to run_up, then constant
        const int ramp = t < m->run_up;
        d->rate = ramp ? full * t / m->run_up : full;
        d->accel = ramp ? full / m->run_up : 0.0;
        d->angle = ramp ? 0.5 * d->rate * t : full * (t - 0.5 * m->run_up);
    } else if (t < m->run_up) {
        // envelope 10 x^3 - 15 x^4 + 6 x^5 with its derivatives: acceleration is continuous
        const double x = t / m->run_up, rate = 1.0 / m->run_up;
        d->grow = x * x * x * (10.0 + x * (6.0 * x - 15.0));
        d->dgrow = 30.0 * x * x * (1.0 - x) * (1.0 - x) * rate;
        d->ddgrow = 60.0 * x * (1.0 - x) * (1.0 - 2.0 * x) * rate * rate;
    }
}

void qn_motion_pose(const struct qn_motion *m, double t, struct qn_pose *pose)
{
    const struct qn_mill_law *law = qn_mill_of(m);
    struct qn_drive d;
    memset(pose, 0, sizeof *pose);
    qn_motion_drive(m, law->full_speed(m), m->rests ? 0.0 : t, &d);
    law->pose(m, &d, pose);
    if (m->rests) {
        memset(pose->speed, 0, sizeof pose->speed);
        memset(pose->accel, 0, sizeof pose->accel);
        memset(pose->spin, 0, sizeof pose->spin);
        pose->inner_speed = 0.0;
    }
}

void qn_motion_axes(const struct qn_motion *m, const struct qn_pose *pose, double axes[3][3])
{
    if (qn_mill_of(m)->turning == QN_TURNS_ANYHOW) {
        memcpy(axes, pose->axes, sizeof pose->axes);
        return;
    }
    const double c = cos(pose->turn), s = sin(pose->turn);
    const double about_z[3][3] = {{c, -s, 0.0}, {s, c, 0.0}, {0.0, 0.0, 1.0}};
    memcpy(axes, about_z, sizeof about_z);
}

static double size(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

static double cycle_angle(const struct qn_motion *m)
{
    return qn_mill_of(m)->cycle ? qn_mill_of(m)->cycle(m) : 2.0 * QN_PI;
}

/// Largest of the wall's speed (reach >= 0) or of |A0| (reach < 0) along one cycle.
static double look(const struct qn_motion *m, double reach)
{
    enum { POINTS = 720 };
    const struct qn_mill_law *law = qn_mill_of(m);
    const double full = law->full_speed(m), cycle = cycle_angle(m);
    double most = 0.0;
    for (int k = 0; k < POINTS; k++) {
        const struct qn_drive d = {.angle = cycle * k / POINTS, .rate = full, .grow = 1.0};
        struct qn_pose p;
        memset(&p, 0, sizeof p);
        law->pose(m, &d, &p);
        const double spin = fmax(size(p.spin), fabs(p.inner_speed));
        most = fmax(most, reach < 0.0 ? size(p.accel) : size(p.speed) + spin * reach);
    }
    return 1.01 * most; // peaks fall between points
}

/// Largest speed of the programme over full speed.
static double fastest(const struct qn_motion *m)
{
    double most = m->n_legs > 0 ? 0.0 : 1.0;
    for (int k = 0; k < m->n_legs; k++) {
        most = fmax(most, fabs(m->leg[k].speed));
    }
    return most;
}

double qn_motion_wall_speed(const struct qn_motion *m, double reach)
{
    const struct qn_mill_law *law = qn_mill_of(m);
    return fastest(m) * (law->wall_speed ? law->wall_speed(m, reach) : look(m, reach));
}

double qn_motion_peak_accel(const struct qn_motion *m)
{
    const struct qn_mill_law *law = qn_mill_of(m);
    return fastest(m) * fastest(m) * (law->peak_accel ? law->peak_accel(m) : look(m, -1.0));
}

double qn_motion_cycle(const struct qn_motion *m)
{
    const double full = qn_mill_of(m)->full_speed(m);
    return full != 0.0 ? cycle_angle(m) / fabs(full) : (double)INFINITY;
}

double qn_motion_period(const struct qn_motion *m)
{
    double span;
    (void)round_angle(m, 0.0, &span);
    return m->n_legs > 0 && m->repeat ? span : qn_motion_cycle(m);
}
