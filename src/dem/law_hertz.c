/// @file
/// The default law: Hertz, damped, without tension.
#include "dem/restitution.h"
#include "law_hertz.h"

#define LAW_REACHES 0

QN_INLINE struct qn_spot normal(const struct qn_pair_class *c, const struct qn_touch_const *k,
                                qn_vec depth, qn_vec un, double dt, qn_vec *h)
{
    return qn_hertz(c, k, depth, un, dt, h);
}

#include "law_blocks.h"

static double begin(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e)
{
    (void)c, (void)k;
    return qn_damping_of_restitution(e);
}

const struct qn_contact_law qn_contact_law_hertz = {
    .name = "hertz",
    .words = "Hertz, damped to the asked restitution, never in tension (Antypov & Elliott 2011)",
    .constants = qn_hertz_constants,
    .begin = begin,
    .stored = qn_hertz_stored,
    .peak = qn_hertz_peak,
    .blocks = blocks,
    .alone = alone,
};
