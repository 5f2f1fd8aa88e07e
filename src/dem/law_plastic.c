/// @file
/// Elastic and perfectly plastic spheres with hysteresis, Thornton (1997) J. Appl. Mech. 64, 383:
/// Hertz up to the yield pressure, from there a straight line of slope pi p_y R*, unloading like a
/// Hertz contact of the flattened radius. Restitution follows from it; no dashpot, so restitution
/// and coating of the deck do not enter.
#include <math.h>

#include "base/constants.h"
#include "law_parts.h"

#define LAW_REACHES 0

/// State of VL contacts that were once pressed to `most`: k->own is overlap and force at yield.
struct flattened {
    qn_vec gone;  ///< overlap that stays when the force is gone                    [m]
    qn_vec rstar; ///< radius it unloads with                                       [m]
    qn_vec lost;  ///< plastic work                                                 [J]
};

QN_INLINE struct flattened flat_of(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                   qn_vec most)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec yield = k->own[0], at_yield = k->own[1];
    const qn_vec slope = c->kn2 * QN_SQRT(k->rstar * yield);
    const qn_vec past = QN_GT(most, yield, most - yield, zero);
    const qn_vec force = at_yield + slope * past; // at `most`, where that is past yield
    const qn_vec a2 = k->rstar * (2.0 * force + at_yield) / (2.0 * slope);
    const qn_vec elastic = force / (c->k43 * QN_SQRT(a2));
    const qn_vec worked = 0.4 * at_yield * yield + (at_yield + 0.5 * slope * past) * past;
    return (struct flattened){QN_GT(past, zero, most - elastic, zero),
                              QN_GT(past, zero, a2 / elastic, k->rstar),
                              QN_GT(past, zero, worked - 0.4 * force * elastic, zero)};
}

QN_INLINE struct qn_spot normal(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    (void)un, (void)dt;
    const qn_vec zero = (qn_vec){0};
    const qn_vec geo = QN_GT(depth, zero, depth, zero), was = h[QN_H_OWN];
    const qn_vec most = QN_GT(geo, was, geo, was);
    const struct flattened before = flat_of(c, k, was), now = flat_of(c, k, most);
    const qn_vec left = geo - now.gone, el = QN_GT(left, zero, left, zero);
    const qn_vec a2 = now.rstar * el, a = QN_SQRT(a2);
    const qn_vec fn = c->k43 * a * el;
    h[QN_H_OWN] = QN_GT(depth, zero, most, zero);
    h[QN_H_PLASTIC] = QN_GT(depth, zero, now.gone, zero);
    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + (now.lost - before.lost);
    qn_note(h, depth, depth, fn, zero);
    return qn_round_spot(c, a2, fn, fn, h);
}

#include "law_blocks.h"

/// Overlap and force at yield. A softened engine yields at the pressure that keeps the yield speed
/// of the real materials: V_y^2 goes with p_y^5/E*^4.
static void constants(const struct qn_pair_class *c, double cap_radius, struct qn_touch_const1 *k)
{
    (void)cap_radius;
    const double p = c->yield_pressure * pow(c->e_star / c->e_star_true, 0.8);
    const double a = QN_PI * p * k->rstar / (2.0 * c->e_star);
    k->own[0] = a * a / k->rstar;
    k->own[1] = c->k43 * a * a * a / k->rstar;
}

static double begin(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e)
{
    (void)c, (void)k, (void)e;
    return 0.0; // it was never pressed
}

/// Of a Hertz contact with spot a and elastic overlap el: 2/5 F el, F = 4/3 E* a el.
static double stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                     const double *h)
{
    (void)k;
    const double el = fmax(h[QN_H_DEPTH] - h[QN_H_PLASTIC], 0.0);
    return 0.4 * c->k43 * h[QN_H_SPOT] * el * el;
}

static double peak(const struct qn_pair_class *c, const struct qn_touch_const1 *k, const double *h)
{
    const qn_vec zero = (qn_vec){0};
    const struct qn_touch_const lanes = {
        zero + k->rstar, zero, {zero + k->own[0], zero + k->own[1]}};
    const double most = h[QN_H_DEPTH_MAX];
    const struct flattened flat = flat_of(c, &lanes, zero + fmax(most, h[QN_H_OWN]));
    const double el = fmax(most - ((const double *)&flat.gone)[0], 0.0);
    return 0.4 * c->k43 * sqrt(((const double *)&flat.rstar)[0] * el) * el * el;
}

const struct qn_contact_law qn_contact_law_plastic = {
    .name = "plastic",
    .words = "Hertz, plastic above the yield pressure, with hysteresis (Thornton 1997)",
    .constants = constants,
    .begin = begin,
    .stored = stored,
    .peak = peak,
    .blocks = blocks,
    .alone = alone,
};
