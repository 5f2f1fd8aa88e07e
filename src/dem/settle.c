/// @file
/// Settling: steps at rest, the measure of rest, and the clock set back.
#include "dem/settle.h"

#include <math.h>

#include "dem/engine.h"
#include "dem/record.h"

enum { LOOK_EVERY = 64 }; ///< steps between looks at the energy, which all ranks share

struct qn_dem_model qn_settle_model(const struct qn_dem_model *mill)
{
    struct qn_dem_model rest = *mill;
    rest.motion.rests = 1;
    return rest;
}

double qn_settle_energy(const struct qn_dem_model *rest, const struct qn_dem *s)
{
    const double *g = rest->motion.gravity;
    const double size = sqrt(g[0] * g[0] + g[1] * g[1] + g[2] * g[2]);
    struct qn_exact sum = {0};
    for (int k = 0; k < s->n_own; k++) {
        const int i = s->own[k];
        const double *v = s->body[i].v;
        const double vv = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
        qn_exact_add(&sum, 0.5 * vv / (size * s->body[i].R));
    }
    qn_group_sum_exact(s->group, &sum, 1);
    return qn_exact_value(sum) / (double)s->n_total;
}

/// Time begins anew: open contacts keep their age. Positions are those of t = 0, velocities those
/// half a step before, as the step wants them.
static void set_back(struct qn_dem *s, double now)
{
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; slot < sec->last * QN_VL; slot++) {
            if (qn_record_is_open(s, slot)) {
                s->inner.cold[slot].t0 -= now;
                s->inner.cold[slot].born -= now;
            }
        }
    }
    s->step = 0;
}

enum qn_status qn_settle_step(const struct qn_dem_model *rest, struct qn_dem *s,
                              struct qn_settling *settling)
{
    QN_TRY(qn_dem_step(rest, s));
    if (s->step % LOOK_EVERY != 0) {
        return QN_OK;
    }
    const double now = qn_dem_time(rest, s);
    settling->energy = qn_settle_energy(rest, s);
    const int calm = settling->energy < settling->limit;
    settling->quiet = !calm ? -1.0 : settling->quiet < 0.0 ? now : settling->quiet;
    if (calm && now - settling->quiet >= settling->hold) {
        settling->time = now;
        settling->done = 1;
        set_back(s, now);
    } else if (now >= settling->most) {
        return qn_fail(QN_ERR_PHYSICS,
                       "the bodies did not settle within run.settle, %g s: their kinetic energy is "
                       "%.2g of m g R on average, run.settle_energy is %g; give them more time, or "
                       "raise run.settle_energy",
                       settling->most, settling->energy, settling->limit);
    }
    return QN_OK;
}
