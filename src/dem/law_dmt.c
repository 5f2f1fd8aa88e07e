/// @file
/// DMT adhesion: Hertz (damped, capped for parcels) and a pull 4 pi gamma R* as long as the
/// surfaces touch (Derjaguin, Muller & Toporov 1975; small, hard grains). Friction is capped by the
/// force and twice the pull (Thornton 1991).
#include "base/constants.h"
#include "dem/restitution.h"
#include "law_hertz.h"

#define LAW_REACHES 0

QN_INLINE struct qn_spot normal(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec pull = QN_GT(depth, zero, (4.0 * QN_PI * c->surface_energy) * k->rstar, zero);
    struct qn_spot s = qn_hertz(c, k, depth, un, dt, h);
    s.fn = s.fn - pull;
    s.load = s.fn + 2.0 * pull;
    return s;
}

#include "law_blocks.h"

static double begin(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e)
{
    (void)c, (void)k;
    return qn_damping_of_restitution(e);
}

/// The pull's potential is zero where the surfaces meet.
static double stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                     const double *h)
{
    const double pull = 4.0 * QN_PI * c->surface_energy * k->rstar;
    return qn_hertz_stored(c, k, h) - pull * h[QN_H_DEPTH];
}

static double peak(const struct qn_pair_class *c, const struct qn_touch_const1 *k, const double *h)
{
    const double pull = 4.0 * QN_PI * c->surface_energy * k->rstar;
    return qn_hertz_peak(c, k, h) - pull * h[QN_H_DEPTH_MAX];
}

const struct qn_contact_law qn_contact_law_dmt = {
    .name = "dmt",
    .words = "Hertz with the adhesion of Derjaguin, Muller and Toporov (surface_energy)",
    .constants = qn_hertz_constants,
    .begin = begin,
    .stored = stored,
    .peak = peak,
    .blocks = blocks,
    .alone = alone,
};
