/// @file
/// Counting episodes into spectra.
#include "model/collisions.h"

#include <math.h>

int qn_energy_bin(double joule)
{
    const double at = joule > 0.0 ? 10.0 * log10(joule / QN_ENERGY_LOWEST) : 0.0;
    return at <= 0.0 ? 0 : at >= QN_ENERGY_BINS - 1 ? QN_ENERGY_BINS - 1 : (int)at;
}

int qn_is_impact(const struct qn_episode *e)
{
    return !(e->flags & QN_OPEN_START) && e->v_n0 > QN_IMPACT_SPEED;
}

void qn_collisions_add(struct qn_collisions *c, const struct qn_episode *e, size_t n,
                       struct qn_sums *sums)
{
    for (size_t k = 0; k < n; k++, e++) {
        const int p = e->pair;
        qn_sums_add(sums, &c->episodes[p], 1.0);
        qn_sums_add(sums, &c->normal[p], e->w_normal);
        qn_sums_add(sums, &c->slip[p], e->w_slip);
        qn_sums_add(sums, &c->roll[p], e->w_roll);
        qn_sums_add(sums, &c->twist[p], e->w_twist);
        qn_sums_add(sums, &c->cohesion[p], e->w_cohesion);
        if (!qn_is_impact(e)) {
            continue;
        }
        const double en = qn_episode_impact_n(e), et = qn_episode_impact_t(e);
        const int bin = qn_energy_bin(en + et);
        qn_sums_add(sums, &c->impacts[p], 1.0);
        qn_sums_add(sums, &c->impact_n[p], en);
        qn_sums_add(sums, &c->impact_t[p], et);
        qn_sums_add(sums, &c->count[p][bin], 1.0);
        qn_sums_add(sums, &c->energy[p][bin], en + et);
        qn_sums_add(sums, &c->loss[p][qn_energy_bin(qn_episode_loss(e))], 1.0);
        if (p == QN_BALL_BALL || p == QN_BALL_WALL) {
            qn_sums_add(sums, &c->map[qn_energy_bin(en) / 2][qn_energy_bin(et) / 2], 1.0);
        }
    }
}

double qn_collisions_loss(const struct qn_collisions *c)
{
    double sum = 0.0;
    for (int p = 0; p < QN_PAIR_KINDS; p++) {
        sum += c->normal[p] + c->slip[p] + c->roll[p] + c->twist[p] + c->cohesion[p];
    }
    return sum;
}
