/// @file
/// Epochs of the coating law.
#include "model/coating_epochs.h"

#include <string.h>

#include "base/array.h"

enum qn_status qn_coating_follow(const struct qn_coating_cut *cut, const double mass[QN_COATINGS],
                                 qn_coating_rates_fn *rates, void *from,
                                 struct qn_coating_epochs *out)
{
    double now = 0.0;
    *out = (struct qn_coating_epochs){.late = cut->span};
    out->epoch = qn_alloc((size_t)cut->most, sizeof *out->epoch);
    memcpy(out->last, mass, sizeof out->last);
    do {
        struct qn_coating_epoch *e = &out->epoch[out->n];
        e->begin = now;
        memcpy(e->mass, out->last, sizeof e->mass);
        QN_TRY(rates(from, out->n, e->mass, &e->law));
        const double left = cut->span - now;
        const double until = qn_coating_until(&e->law, e->mass, cut->share, left);
        const int last = until >= left || out->n + 1 == cut->most;
        out->late = last ? now + until : out->late;
        qn_coating_advance(&e->law, last ? left : until, out->last);
        now = last ? cut->span : now + until;
        e->end = now;
        out->n++;
    } while (now < cut->span);
    return QN_OK;
}

void qn_coating_epochs_free(struct qn_coating_epochs *e)
{
    qn_free(e->epoch);
    *e = (struct qn_coating_epochs){0};
}

void qn_coating_epochs_at(const struct qn_coating_epochs *e, double t, double mass[QN_COATINGS])
{
    int k = 0;
    while (k + 1 < e->n && t >= e->epoch[k].end) {
        k++;
    }
    memcpy(mass, e->epoch[k].mass, sizeof e->epoch[k].mass);
    qn_coating_advance(&e->epoch[k].law, t - e->epoch[k].begin, mass);
}

int qn_coating_count(const struct qn_coating_cut *cut, const double mass[QN_COATINGS],
                     const struct qn_coating_law *law, int limit)
{
    double now[QN_COATINGS], left = cut->span;
    int n = 0;
    memcpy(now, mass, sizeof now);
    while (left > 0.0 && n < limit) {
        const double until = qn_coating_until(law, now, cut->share, left);
        qn_coating_advance(law, until, now);
        left -= until;
        n++;
    }
    return n;
}
