/// @file
/// Turning walls.
#include "dem/walls.h"

#include <math.h>
#include <string.h>

/// What a body out of reach counts as its gap [of R].
static const double MARGIN = 0.02;

int qn_wall_glides(const struct qn_dem_model *m, const struct qn_wall *wall)
{
    const enum qn_turning turning = qn_mill_of(&m->motion)->turning;
    const int round = wall->round || wall->shape == QN_WALL_MANTLE ||
                      (wall->shape == QN_WALL_PLANE && wall->normal[2] * wall->normal[2] == 1.0);
    if (wall->inner) {
        return round; // inner bodies turn about z in a vial that does not tilt
    }
    return turning == QN_TURNS_NOT || (turning == QN_TURNS_ABOUT_Z && round);
}

void qn_wall_frames_at(const struct qn_dem_model *m, double t, struct qn_wall_frames *out)
{
    struct qn_pose pose;
    qn_motion_pose(&m->motion, t, &pose);
    qn_motion_axes(&m->motion, &pose, out->of[0].axes);
    memcpy(out->of[0].spin, pose.spin, sizeof pose.spin);
    out->turning = 1;
    const double c = cos(pose.inner_turn), s = sin(pose.inner_turn);
    out->of[1] = (struct qn_wall_frame){{{c, -s, 0.0}, {s, c, 0.0}, {0.0, 0.0, 1.0}},
                                        {0.0, 0.0, pose.inner_speed}};
}

void qn_wall_frames_now(const struct qn_dem_model *m, const struct qn_dem *s,
                        struct qn_wall_frames *out)
{
    static const struct qn_wall_frame still = {{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}, {0, 0, 0}};
    if (s->walls_turn) {
        qn_wall_frames_at(m, m->dt * (double)s->step, out);
    } else {
        *out = (struct qn_wall_frames){{still, still}, 0};
    }
}

int qn_wall_near(const struct qn_wall *wall, const struct qn_wall_frames *f, const double x[3],
                 double within, struct qn_wall_point *out)
{
    const double(*q)[3] = f->of[wall->inner].axes;
    double own[3];
    struct qn_wall_point p;
    for (int k = 0; k < 3; k++) {
        own[k] = q[0][k] * x[0] + q[1][k] * x[1] + q[2][k] * x[2];
    }
    if (!qn_wall_look(wall, own, within, &p)) {
        return 0;
    }
    *out = p;
    for (int k = 0; k < 3; k++) {
        out->normal[k] = q[k][0] * p.normal[0] + q[k][1] * p.normal[1] + q[k][2] * p.normal[2];
    }
    return 1;
}

static double size(const double a[3])
{
    return sqrt(a[0] * a[0] + a[1] * a[1] + a[2] * a[2]);
}

double qn_walls_drift(const struct qn_dem_model *m, const struct qn_wall_frames *f)
{
    double most = 0.0;
    for (int k = 0; k < m->vessel.n_walls; k++) {
        const struct qn_wall *w = &m->vessel.wall[k];
        most = qn_wall_glides(m, w) ? most : fmax(most, size(f->of[w->inner].spin));
    }
    return most * size(m->vessel.half);
}

double qn_wall_ask(const struct qn_dem_model *m, const struct qn_dem *s,
                   const struct qn_section *sec, const struct qn_wall_frames *f, struct qn_block *b,
                   int lane, double *const n[3])
{
    const struct qn_body *body = &s->body[b->i[lane]];
    const double reach = body->R * (1.0 + MARGIN);
    struct qn_wall_point p = {.distance = reach, .normal = {1.0, 0.0, 0.0}};
    if (b->i[lane] < s->n) { // dummies are off every wall
        (void)qn_wall_near(&m->vessel.wall[sec->wall], f, body->x, reach, &p);
    }
    for (int d = 0; d < 3; d++) {
        *n[d] = p.normal[d];
    }
    if (p.distance < body->R) {
        const struct qn_touch_const1 k = qn_contact_constants(
            &m->classes[sec->klass], 1.0 / body->R + p.curvature, body->im, body->R);
        qn_set_lane_constants(b, lane, &k);
    }
    return body->R - p.distance;
}
