/// @file
/// Keeping the past of a contact in few parts.
#include "model/past.h"

#include <math.h>
#include <string.h>

/// Two neighbours as one. A Hertz spot grows as force^2/3, and energy per area is what warms.
static struct qn_past_part joined(const struct qn_past_part *a, const struct qn_past_part *b)
{
    struct qn_past_part out = {a->energy + b->energy, a->span + b->span, a->travel + b->travel,
                               fmax(a->force, b->force)};
    if (a->energy > 0.0 && b->energy > 0.0 && a->force > 0.0 && b->force > 0.0) {
        const double per_area =
            a->energy * pow(a->force, -2.0 / 3.0) + b->energy * pow(b->force, -2.0 / 3.0);
        out.force = pow(per_area / out.energy, -1.5);
    } else if (a->energy > 0.0 || b->energy > 0.0) {
        out.force = a->energy > 0.0 ? a->force : b->force;
    }
    return out;
}

void qn_past_add(struct qn_past *p, const struct qn_past_part *piece)
{
    struct qn_past_part all[QN_PAST_PARTS + 1] = {*piece};
    if (!(piece->span > 0.0)) {
        return;
    }
    int n = 1;
    double age = piece->span; // of the near end of the part looked at
    for (int k = 0; k < QN_PAST_PARTS && p->part[k].span > 0.0 && age < QN_PAST_HORIZON; k++) {
        all[n++] = p->part[k];
        age += p->part[k].span;
    }
    if (n > QN_PAST_PARTS) {
        int best = 1;
        double shortest = (double)INFINITY;
        age = all[0].span;
        for (int k = 1; k + 1 < n; k++) {
            const double ratio = (all[k].span + all[k + 1].span) / age;
            best = ratio < shortest ? k : best;
            shortest = fmin(ratio, shortest);
            age += all[k].span;
        }
        all[best] = joined(&all[best], &all[best + 1]);
        n--;
        memmove(&all[best + 1], &all[best + 2], (size_t)(n - best - 1) * sizeof *all);
    }
    memset(p->part, 0, sizeof p->part);
    memcpy(p->part, all, (size_t)n * sizeof *all);
    p->travel += piece->travel;
}
