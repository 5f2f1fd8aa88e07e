/// @file
/// Hertz with the damping of Antypov & Elliott (2011) EPL 94, 50004, never in tension; the damping
/// factor is frozen at first touch so that the asked restitution returns. Above the cap, k->own,
/// the contact flows: the plastic overlap grows, the force stays.
#pragma once

#include <math.h>

#include "base/constants.h"
#include "law_parts.h"

QN_INLINE struct qn_spot qn_hertz(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                  qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    const qn_vec zero = (qn_vec){0};

    // elastic overlap: what exceeds the capped one has flowed
    const qn_vec geo = QN_GT(depth, zero, depth, zero), cap_depth = k->own[0];
    const qn_vec loose = geo - h[QN_H_PLASTIC];
    const qn_vec flow = QN_GT(loose, cap_depth, loose - cap_depth, zero);
    const qn_vec el = QN_GT(loose, zero, QN_GT(loose, cap_depth, cap_depth, loose), zero);
    const qn_vec a2 = k->rstar * el;
    const qn_vec a = QN_SQRT(a2);

    // what is not elastic counts as lost, also where the clamp cuts tension off
    const qn_vec kn = c->k43 * a;
    const qn_vec fel = kn * el;
    const qn_vec raw = fel - h[QN_H_OWN] * QN_SQRT(kn * k->mstar) * qn_opening(h, un, dt);
    const qn_vec push = QN_GT(raw, zero, raw, zero);
    const qn_vec fn = QN_GT(push, k->own[1], k->own[1], push);

    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + fel * flow;
    h[QN_H_PLASTIC] = QN_GT(depth, zero, h[QN_H_PLASTIC] + flow, zero);
    qn_note(h, depth, depth, fn, fn - fel);
    return qn_round_spot(c, a2, fn, fn, h);
}

/// Overlap and force at the cap.
static inline void qn_hertz_constants(const struct qn_pair_class *c, double cap_radius,
                                      struct qn_touch_const1 *k)
{
    k->own[0] = k->own[1] = 1e30; // never reached: media are not capped
    if (c->capped) {
        k->own[1] = c->flow_stress * QN_PI * cap_radius * cap_radius;
        k->own[0] = pow(k->own[1] / (c->k43 * sqrt(k->rstar)), 2.0 / 3.0);
    }
}

static inline double qn_hertz_stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                                     const double *h)
{
    const double el = fmax(h[QN_H_SPOT] * h[QN_H_SPOT] / k->rstar, 0.0);
    return 0.4 * c->k43 * sqrt(k->rstar * el) * el * el;
}

static inline double qn_hertz_peak(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                                   const double *h)
{
    const double el = fmin(h[QN_H_DEPTH_MAX], k->own[0]); // at the cap it flows, never less deep
    return 0.4 * c->k43 * sqrt(k->rstar * el) * el * el;
}
