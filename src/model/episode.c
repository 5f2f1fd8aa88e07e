/// @file
/// Names of pair kinds, and what an episode says of load and path.
#include "model/episode.h"

#include <math.h>

double qn_episode_impact_force(const struct qn_episode *e, double E, double *radius)
{
    const double energy = qn_episode_impact_n(e);
    const double depth = pow(energy * 15.0 / (8.0 * E * sqrt(e->r_star)), 0.4);
    *radius = sqrt(e->r_star * depth);
    return 4.0 / 3.0 * E * *radius * depth;
}

int qn_episode_bounces(const struct qn_episode *e)
{
    double radius;
    return !(e->flags & QN_OPEN_START) && e->v_n0 > 0.0 &&
           e->f_max <= 1.2 * qn_episode_impact_force(e, e->e_star, &radius);
}

double qn_episode_force(const struct qn_episode *e, double *radius)
{
    if (qn_episode_bounces(e)) {
        return qn_episode_impact_force(e, e->e_star_true, radius);
    }
    *radius = cbrt(0.75 * e->f_max * e->r_star / e->e_star_true);
    return e->f_max;
}

double qn_episode_travel(const struct qn_episode *e)
{
    double radius;
    const double force = qn_episode_force(e, &radius);
    const double slid = e->friction > 0.0 ? e->w_slip / e->friction : 0.0;
    const double rolled = e->rolling > 0.0 ? e->w_roll / e->rolling : 0.0;
    return force > 0.0 ? (slid + rolled) / force : 0.0;
}

const enum qn_kind *qn_pair_kinds(enum qn_pair_kind pair)
{
    static const enum qn_kind table[QN_PAIR_KINDS][2] = {
        [QN_BALL_BALL] = {QN_BALL, QN_BALL},         [QN_BALL_WALL] = {QN_BALL, QN_WALL},
        [QN_BALL_PARCEL] = {QN_BALL, QN_PARCEL},     [QN_PARCEL_WALL] = {QN_PARCEL, QN_WALL},
        [QN_PARCEL_PARCEL] = {QN_PARCEL, QN_PARCEL},
    };
    return table[pair];
}

const char *qn_pair_kind_name(enum qn_pair_kind kind)
{
    static const char *const names[QN_PAIR_KINDS] = {
        [QN_BALL_BALL] = "ball-ball",         [QN_BALL_WALL] = "ball-wall",
        [QN_BALL_PARCEL] = "ball-parcel",     [QN_PARCEL_WALL] = "parcel-wall",
        [QN_PARCEL_PARCEL] = "parcel-parcel",
    };
    return names[kind];
}

int qn_episode_order(const void *a, const void *b)
{
    const struct qn_episode *p = a, *q = b;
    const int t = (p->t1 > q->t1) - (p->t1 < q->t1);
    const int i = (p->id_i > q->id_i) - (p->id_i < q->id_i);
    const int j = (p->id_j > q->id_j) - (p->id_j < q->id_j);
    const int t0 = (p->t0 > q->t0) - (p->t0 < q->t0);
    return t ? t : i ? i : j ? j : t0;
}
