/// @file
/// Linear spring and dashpot, never in tension: F = k depth + alpha sqrt(k m*) v, with the damping
/// that returns the asked restitution at any speed. Its stiffness is a number of the deck, not of
/// the materials; the tangential spring is a share of it and does not shrink.
#include "dem/restitution.h"
#include "law_parts.h"

#define LAW_REACHES 0

QN_INLINE struct qn_spot normal(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec geo = QN_GT(depth, zero, depth, zero), fel = c->stiffness * geo;
    const qn_vec drag = h[QN_H_OWN] * QN_SQRT(c->stiffness * k->mstar) * qn_opening(h, un, dt);
    const qn_vec raw = QN_GT(depth, zero, fel - drag, zero);
    const qn_vec fn = QN_GT(raw, zero, raw, zero);
    const qn_vec a = QN_SQRT(k->rstar * geo), old = h[QN_H_SPOT], one = zero + 1.0;
    const qn_vec kn = QN_GT(geo, zero, zero + c->stiffness, zero);
    h[QN_H_SPOT] = a;
    qn_note(h, depth, depth, fn, fn - fel);
    return (struct qn_spot){.a = a,
                            .old = old,
                            .fn = fn,
                            .load = fn,
                            .kt = c->tangential * kn,
                            .kr = 2.25 * kn,
                            .old2 = one,
                            .kept2 = one};
}

#include "law_blocks.h"

static void constants(const struct qn_pair_class *c, double cap_radius, struct qn_touch_const1 *k)
{
    (void)c, (void)cap_radius;
    k->own[0] = k->own[1] = 0.0;
}

static double begin(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e)
{
    (void)c, (void)k;
    return qn_damping_of_restitution_linear(e);
}

static double stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                     const double *h)
{
    (void)k;
    return 0.5 * c->stiffness * h[QN_H_DEPTH] * h[QN_H_DEPTH];
}

static double peak(const struct qn_pair_class *c, const struct qn_touch_const1 *k, const double *h)
{
    (void)k;
    return 0.5 * c->stiffness * h[QN_H_DEPTH_MAX] * h[QN_H_DEPTH_MAX];
}

const struct qn_contact_law qn_contact_law_linear = {
    .name = "linear",
    .words = "linear spring and dashpot, never in tension (contact.stiffness)",
    .constants = constants,
    .begin = begin,
    .stored = stored,
    .peak = peak,
    .blocks = blocks,
    .alone = alone,
};
