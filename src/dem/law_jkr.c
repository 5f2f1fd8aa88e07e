/// @file
/// JKR adhesion (Johnson, Kendall & Roberts 1971), damped: surfaces jump into contact where they
/// meet and hold on by a neck until overlap -3 a_c^2/R*, a_c^3 = pi gamma R*^2/(4 E*). With
/// y = sqrt(a/a_c) overlap and force are
///     depth = (a_c^2/R*) (y^4 - 4 y),   F = pi gamma R* (y^6/3 - 2 y^3),
/// so that one root of a quartic gives all. Pull-off 3 pi gamma R* at y^3 = 3; the neck breaks at
/// y = 1. What it held then is lost with the normal work. Friction is capped by the force and
/// twice the pull-off (Thornton 1991). The force is not capped for parcels.
#include <math.h>

#include "base/constants.h"
#include "law_parts.h"

#define LAW_REACHES 1 // k->own: a_c, and the overlap at which the neck breaks

enum { NEWTON = 10 }; ///< steps from above: monotone; halving only where the neck breaks

/// The root above 1 of y^4 - 4 y = d; 1 below d = -3, where there is none.
QN_INLINE qn_vec neck(qn_vec asked)
{
    const qn_vec zero = (qn_vec){0}, least = zero - 3.0;
    const qn_vec d = QN_GT(asked, least, asked, least);
    qn_vec y = QN_SQRT(QN_SQRT(QN_GT(d, zero, d, zero))) + 1.6; // at or above the root
    for (int k = 0; k < NEWTON; k++) {
        const qn_vec y3 = y * y * y, slope = 4.0 * y3 - 4.0;
        const qn_vec off = y3 * y - 4.0 * y - d;
        y = y - QN_GT(off, zero, off, zero) / QN_GT(slope, zero, slope, zero + 1.0);
    }
    return y;
}

QN_INLINE struct qn_spot normal(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec reached = depth + k->own[1];
    const qn_vec held = QN_GT(h[QN_H_DEPTH], zero, reached, QN_GT(depth, zero, reached, zero));
    const qn_vec ac = k->own[0], y = neck(depth * k->rstar / (ac * ac)), y3 = y * y * y;
    const qn_vec a = QN_GT(held, zero, ac * y * y, zero);
    const qn_vec pull = QN_GT(held, zero, (QN_PI * c->surface_energy) * k->rstar, zero);
    const qn_vec fel = pull * (y3 * y3 / 3.0 - 2.0 * y3);
    const qn_vec drag = h[QN_H_OWN] * QN_SQRT(c->k43 * a * k->mstar) * qn_opening(h, un, dt);
    const qn_vec fn = fel - QN_GT(held, zero, drag, zero);
    const qn_vec load = fn + 6.0 * pull;
    qn_note(h, held, depth, fn, fn - fel);
    return qn_round_spot(c, a * a, fn, QN_GT(load, zero, load, zero), h);
}

#include "law_blocks.h"

static void constants(const struct qn_pair_class *c, double cap_radius, struct qn_touch_const1 *k)
{
    (void)cap_radius;
    k->own[0] = cbrt(QN_PI * c->surface_energy * k->rstar * k->rstar / (4.0 * c->e_star));
    k->own[1] = 3.0 * k->own[0] * k->own[0] / k->rstar;
}

/// Of a contact that may pull (Antypov & Elliott 2011); adhesion takes its own share on top.
static double begin(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e)
{
    (void)c, (void)k;
    const double l = log(e);
    return -sqrt(5.0) * l / sqrt(l * l + QN_PI * QN_PI);
}

static double reach(const struct qn_pair_class *c, const struct qn_touch_const1 *k)
{
    (void)c;
    return k->own[1];
}

/// Integral of the force from overlap 0, where y^3 = 4.
static double stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                     const double *h)
{
    const double ac = k->own[0], y2 = h[QN_H_SPOT] / ac, y = sqrt(y2), y4 = y2 * y2;
    return QN_PI * c->surface_energy * ac * ac *
           (2.0 / 15.0 * y4 * y4 * y2 - 4.0 / 3.0 * y4 * y2 * y + 2.0 * y4 + 4.8 * cbrt(4.0));
}

static double peak(const struct qn_pair_class *c, const struct qn_touch_const1 *k, const double *h)
{
    const double ac = k->own[0];
    const qn_vec zero = (qn_vec){0}, y = neck(zero + h[QN_H_DEPTH_MAX] * k->rstar / (ac * ac));
    double at_peak[QN_HISTORY] = {0};
    at_peak[QN_H_SPOT] = ac * ((const double *)&y)[0] * ((const double *)&y)[0];
    return stored(c, k, at_peak);
}

const struct qn_contact_law qn_contact_law_jkr = {
    .name = "jkr",
    .words = "adhesive contact of Johnson, Kendall and Roberts (surface_energy)",
    .constants = constants,
    .begin = begin,
    .reach = reach,
    .stored = stored,
    .peak = peak,
    .blocks = blocks,
    .alone = alone,
};
