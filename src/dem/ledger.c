/// @file
/// Reading the two books.
#include "dem/ledger.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"

/// Work of an open contact up to the present half-step velocities: its running sum, the first half
/// of the last step, and the second half with the velocities after that kick.
static double closed_work(const struct qn_dem_model *m, const struct qn_dem *s, int slot, int i,
                          int j)
{
    const double *p = s->inner.push + (size_t)slot * QN_PUSH;
    const struct qn_body *a = &s->body[i], *b = j < 0 ? NULL : &s->body[j];
    double power = 0.0;
    for (int k = 0; k < 3; k++) {
        power += p[QN_PUSH_F + k] * (a->v[k] - (b ? b->v[k] : 0.0));
        power += p[QN_PUSH_TI + k] * a->w[k] + (b ? p[QN_PUSH_TJ + k] * b->w[k] : 0.0);
    }
    return *qn_field(s->inner.block, slot, QN_H_W) + *qn_field(s->inner.block, slot, QN_H_W_HALF) +
           0.5 * m->dt * power;
}

/// What is summed over bodies and contacts; the closed episodes' totals come first.
enum { KINETIC = QN_CLOSED, GRAVITY, FRAME, STORED, SUMS };

static void add_open(const struct qn_dem_model *m, const struct qn_dem *s, int slot,
                     struct qn_exact *sum)
{
    struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int lane = slot % QN_VL, i = b->i[lane], j = b->j[lane];
    const int other = j < 0 ? m->n_species : s->species[j];
    const struct qn_pair_class *c = &m->classes[m->class_of[s->species[i]][other]];
    double h[QN_HISTORY];
    for (int f = 0; f < QN_HISTORY; f++) {
        h[f] = *qn_field(s->inner.block, slot, f);
    }
    const struct qn_touch_const1 k = qn_lane_constants(b, lane);
    // damping of the last step, with the displacement the drift has just made
    const double u = qn_contact_stored(c, &k, h);
    const double w = closed_work(m, s, slot, i, j);
    qn_exact_add(&sum[QN_CLOSED_WORK], w);
    qn_exact_add(&sum[QN_CLOSED_DRIVE], h[QN_H_DRIVE]);
    qn_exact_add(&sum[STORED], u);
    qn_exact_add(&sum[QN_CLOSED_NORMAL], h[QN_H_W_NORMAL]);
    qn_exact_add(&sum[QN_CLOSED_SLIP], h[QN_H_W_SLIP]);
    qn_exact_add(&sum[QN_CLOSED_ROLL], h[QN_H_W_ROLL]);
    qn_exact_add(&sum[QN_CLOSED_TWIST], h[QN_H_W_TWIST]);
    qn_exact_add(&sum[QN_CLOSED_E_NUM], -w - (u - s->inner.cold[slot].u0) - h[QN_H_W_NORMAL] -
                                            h[QN_H_W_SLIP] - h[QN_H_W_ROLL] - h[QN_H_W_TWIST]);
}

static void add_body(const struct qn_dem_model *m, const struct qn_dem *s, int i,
                     struct qn_exact *sum)
{
    qn_exact_add(&sum[KINETIC], qn_body_kinetic(&s->body[i], s->mass[i]));
    qn_exact_add(&sum[GRAVITY], s->mass[i] * s->tally[i].gravity);
    qn_exact_add(&sum[FRAME], s->mass[i] * s->tally[i].frame);
    for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) { // each contact once, from i
        const int slot = s->gather[e] >> 1;
        if (slot && !(s->gather[e] & 1) && *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0) {
            add_open(m, s, slot, sum);
        }
    }
}

void qn_ledger_read(const struct qn_dem_model *m, const struct qn_dem *s, struct qn_ledger *out)
{
    struct qn_exact sum[SUMS] = {{0, 0}};
    int64_t count[2] = {s->n_episodes, s->n_capped};
    memcpy(sum, s->closed, sizeof s->closed);
    for (int k = 0; k < s->n_own; k++) {
        add_body(m, s, s->own[k], sum);
    }
    qn_group_sum_exact(s->group, sum, SUMS);
    qn_group_sum_integers(s->group, count, 2);
    *out = (struct qn_ledger){
        .kinetic = qn_exact_value(sum[KINETIC]),
        .start = s->ke_start,
        .contacts = qn_exact_value(sum[QN_CLOSED_WORK]),
        .drive = qn_exact_value(sum[QN_CLOSED_DRIVE]),
        .gravity = qn_exact_value(sum[GRAVITY]),
        .frame = qn_exact_value(sum[FRAME]),
        .stored = qn_exact_value(sum[STORED]),
        .normal = qn_exact_value(sum[QN_CLOSED_NORMAL]),
        .slip = qn_exact_value(sum[QN_CLOSED_SLIP]),
        .roll = qn_exact_value(sum[QN_CLOSED_ROLL]),
        .twist = qn_exact_value(sum[QN_CLOSED_TWIST]),
        .cohesion = qn_exact_value(sum[QN_CLOSED_COHESION]),
        .e_num = qn_exact_value(sum[QN_CLOSED_E_NUM]),
        .episodes = count[0],
        .capped = count[1],
    };
    const double scale = fabs(out->kinetic) + fabs(out->start) + fabs(out->contacts) +
                         fabs(out->drive) + fabs(out->gravity) + fabs(out->frame);
    const double change = out->kinetic - out->start;
    const double lost = qn_ledger_lost(out);
    out->residual_a =
        scale > 0.0 ? (change - out->contacts - out->drive - out->gravity - out->frame) / scale
                    : 0.0;
    out->residual_b = lost > 0.0 ? out->e_num / lost : 0.0;
}
