/// @file
/// What to say when an overlap passes its guard.
#include <math.h>
#include <stdio.h>

#include "dem/fault.h"

/// What to say of a contact above its guard: a centre beyond a wall is a lost body.
static enum qn_status describe_deep(const struct qn_dem_model *m, struct qn_dem *s, int slot,
                                    double limit)
{
    const struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int i = b->i[slot % QN_VL], j = b->j[slot % QN_VL];
    const double depth = *qn_field(s->inner.block, slot, QN_H_DEPTH);
    const struct qn_body *a = &s->body[i];
    const double speed = sqrt(a->v[0] * a->v[0] + a->v[1] * a->v[1] + a->v[2] * a->v[2]);
    char what[160];
    if (j < 0 && depth >= a->R) {
        snprintf(what, sizeof what, "body %lld left the vial through wall %d", (long long)s->id[i],
                 -1 - j);
    } else {
        snprintf(what, sizeof what,
                 "overlap of body %lld with %s %lld is %.3g m, above the guard of %.3g m",
                 (long long)s->id[i], j < 0 ? "wall" : "body",
                 (long long)(j < 0 ? -1 - j : s->id[j]), depth, limit);
    }
    (void)qn_fail(QN_ERR_PHYSICS,
                  "%s, at t = %.9g s (step %lld): x = (%g, %g, %g) m, R = %g m, speed %g m/s, "
                  "approach speed %.3g m/s; lower contact.softening or contact.hertz_fraction",
                  what, m->dt * (double)(s->step - 1), (long long)(s->step - 1), a->x[0], a->x[1],
                  a->x[2], a->R, speed, s->inner.cold[slot].v_n0);
    return qn_fault_take(m, s, i);
}

enum qn_status qn_guard_deep(const struct qn_dem_model *m, struct qn_dem *s)
{
    for (int slot = QN_VL; slot < s->inner.n_blocks * QN_VL; slot++) {
        const struct qn_block *b = &s->inner.block[slot / QN_VL];
        const double limit = ((const double *)&b->limit)[slot % QN_VL];
        if (*qn_field(s->inner.block, slot, QN_H_DEPTH) > limit) {
            return describe_deep(m, s, slot, limit);
        }
    }
    QN_ASSERT(!"a guard fired and no contact is above it");
    return QN_ERR_PHYSICS;
}
