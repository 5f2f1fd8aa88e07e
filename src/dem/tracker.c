/// @file
/// Episodes: opened at first touch, closed at parting, cut when they last.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "dem/engine.h"
#include "dem/contact_law.h"
#include "dem/restitution.h"

/// Hertz times at 1 m/s after which a lasting contact is cut.
static const double PIECE = 10.0;

static double hertz_time(double mstar, double rstar, double e_star, double v)
{
    return 2.8683 * pow(mstar * mstar / (rstar * e_star * e_star * v), 0.2);
}

static void begin(const struct qn_dem_model *m, struct qn_dem *s, int slot,
                  const struct qn_pair_class *c, const double geometry[4], double now)
{
    struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int lane = slot % QN_VL;
    const struct qn_touch_const1 k = qn_lane_constants(b, lane);
    const double depth = geometry[0], closing = -geometry[1];
    const double e = qn_restitution(c, fmax(closing, 0.0), k.rstar, k.mstar);
    for (int f = 0; f < QN_HISTORY; f++) {
        *qn_field(s->inner.block, slot, f) = 0.0;
    }
    const struct qn_contact_law *law = qn_contact_law_of(c);
    const double held = depth + (law->reach ? law->reach(c, &k) : 0.0);
    *qn_field(s->inner.block, slot, QN_H_OWN) = law->begin(c, &k, e);
    *qn_field(s->inner.block, slot, QN_H_DEPTH) = held - closing * m->dt;
    *qn_field(s->inner.block, slot, QN_H_DEPTH_OLD) = held - 2.0 * closing * m->dt;
    s->inner.cold[slot] = (struct qn_contact_cold){
        .t0 = now,
        .born = now,
        .v_n0 = closing,
        .v_t0 = geometry[2],
        .spin0 = geometry[3],
        .restitution = e,
        .cut_after = PIECE * hertz_time(k.mstar, k.rstar, c->e_star, 1.0),
    };
}

/// One episode from the running sums of a contact.
static void describe(const struct qn_dem_model *m, struct qn_dem *s, int slot, int klass,
                     double now, int flags, struct qn_episode *e)
{
    struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int lane = slot % QN_VL, i = b->i[lane], j = b->j[lane];
    const struct qn_pair_class *c = &m->classes[klass];
    const struct qn_contact_cold *cold = &s->inner.cold[slot];
    const struct qn_body *bi = &s->body[i];
    double h[QN_HISTORY];
    for (int f = 0; f < QN_HISTORY; f++) {
        h[f] = *qn_field(s->inner.block, slot, f);
    }
    const struct qn_touch_const1 k = qn_lane_constants(b, lane);
    const double u1 = flags & QN_OPEN_END ? qn_contact_stored(c, &k, h) : 0.0;
    const int broke = !(flags & QN_OPEN_END) && qn_contact_law_of(c)->reach;
    const double cohesion = broke ? qn_contact_law_of(c)->stored(c, &k, h) : 0.0;
    // a spring that was still bent when the bodies parted has lost its energy to sliding
    const double slip = h[QN_H_W_SLIP] + (flags & QN_OPEN_END ? 0.0 : h[QN_H_U_SLIP]);
    const double roll = h[QN_H_W_ROLL] + (flags & QN_OPEN_END ? 0.0 : h[QN_H_U_ROLL]);
    const double twist = h[QN_H_W_TWIST] + (flags & QN_OPEN_END ? 0.0 : qn_twist_stored(c, h));
    *e = (struct qn_episode){
        .id_i = s->id[i],
        .id_j = j < 0 ? j : s->id[j],
        .pair = c->pair,
        .flags = cold->flags | flags | (h[QN_H_PLASTIC] > 0.0 ? QN_YIELDED : 0),
        .t0 = cold->t0,
        .t1 = now,
        .v_n0 = cold->v_n0,
        .v_t0 = cold->v_t0,
        .spin0 = cold->spin0,
        .friction = c->friction,
        .rolling = c->rolling,
        .coating = c->coating,
        .restitution = cold->restitution,
        .r_star = k.rstar,
        .m_star = k.mstar,
        .e_star = c->e_star,
        .e_star_true = c->e_star_true,
        .f_max = h[QN_H_F_MAX],
        .depth_max = h[QN_H_DEPTH_MAX],
        .w_elastic = qn_contact_law_of(c)->peak(c, &k, h),
        .w_normal = h[QN_H_W_NORMAL],
        .w_slip = slip,
        .w_roll = roll,
        .w_twist = twist,
        .w_cohesion = cohesion,
        .work = h[QN_H_W],
        .drive = h[QN_H_DRIVE],
        .past = cold->past,
    };
    e->e_num = -h[QN_H_W] - (u1 - cold->u0) - qn_episode_loss(e);
    const double share = j < 0 ? 0.0 : bi->R / (bi->R + s->body[j].R);
    for (int d = 0; d < 3; d++) {
        e->x[d] = j < 0 ? bi->x[d] : bi->x[d] + share * (s->body[j].x[d] - bi->x[d]);
    }
}

/// The owner of the lower body writes an episode; the rank across the border knows it too.
static void emit(const struct qn_dem *s, int slot, const struct qn_episode *e,
                 struct qn_event_buffer *out)
{
    if (qn_is_own(s, s->inner.block[slot / QN_VL].i[slot % QN_VL])) {
        QN_ASSERT(out->count < out->capacity);
        out->event[out->count++] = *e;
    }
}

void qn_track_change(const struct qn_dem_model *m, struct qn_dem *s, int block, int klass,
                     const struct qn_change *seen, struct qn_event_buffer *out)
{
    for (int lane = 0; lane < QN_VL; lane++) {
        const int slot = block * QN_VL + lane;
        const int open = *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
        const int touching = seen->depth[lane] > 0.0;
        if (open && !touching) {
            struct qn_episode e;
            describe(m, s, slot, klass, seen->now, 0, &e);
            emit(s, slot, &e, out);
            for (int f = 0; f < QN_HISTORY; f++) {
                *qn_field(s->inner.block, slot, f) = 0.0;
            }
        } else if (!open && touching) {
            const double geometry[4] = {seen->depth[lane], seen->un[lane], seen->ut[lane],
                                        seen->spin[lane]};
            begin(m, s, slot, &m->classes[klass], geometry, seen->now);
        }
    }
}

/// The piece just handed out becomes past; the next one starts with its warmth.
static void remember(struct qn_contact_cold *cold, const struct qn_episode *e)
{
    double radius;
    const struct qn_past_part piece = {.energy = qn_episode_loss(e),
                                       .span = e->t1 - e->t0,
                                       .travel = qn_episode_travel(e),
                                       .force = qn_episode_force(e, &radius)};
    qn_past_add(&cold->past, &piece);
}

/// Hand out the piece so far and go on with empty sums.
static void cut_one(const struct qn_dem_model *m, struct qn_dem *s, int slot, int klass, double now)
{
    static const int sums[] = {QN_H_W,       QN_H_W_NORMAL, QN_H_W_SLIP,    QN_H_W_ROLL,
                               QN_H_W_TWIST, QN_H_F_MAX,    QN_H_DEPTH_MAX, QN_H_DRIVE};
    struct qn_block *b = &s->inner.block[slot / QN_VL];
    double h[QN_HISTORY];
    struct qn_episode e;
    describe(m, s, slot, klass, now, QN_OPEN_END, &e);
    emit(s, slot, &e, &s->buffer[0]);
    for (int f = 0; f < QN_HISTORY; f++) {
        h[f] = *qn_field(s->inner.block, slot, f);
    }
    struct qn_contact_cold *cold = &s->inner.cold[slot];
    remember(cold, &e);
    const struct qn_touch_const1 k = qn_lane_constants(b, slot % QN_VL);
    cold->u0 = qn_contact_stored(&m->classes[klass], &k, h);
    cold->t0 = now;
    cold->flags |= QN_OPEN_START;
    for (size_t f = 0; f < sizeof sums / sizeof *sums; f++) {
        *qn_field(s->inner.block, slot, sums[f]) = 0.0;
    }
}

static void cut_where(const struct qn_dem_model *m, struct qn_dem *s, double now, int all)
{
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; slot < sec->last * QN_VL; slot++) {
            const struct qn_contact_cold *cold = &s->inner.cold[slot];
            if (*qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0 &&
                (all || now - cold->t0 > cold->cut_after)) {
                cut_one(m, s, slot, sec->klass, now);
            }
        }
    }
}

void qn_track_cut(const struct qn_dem_model *m, struct qn_dem *s, double now)
{
    cut_where(m, s, now, 0);
}

void qn_dem_flush(const struct qn_dem_model *m, struct qn_dem *s)
{
    cut_where(m, s, qn_dem_time(m, s), 1);
}

void qn_dem_drain(struct qn_dem *s, const struct qn_episode **events, size_t *count)
{
    size_t n = 0;
    for (int t = 0; t < s->n_threads; t++) {
        n += s->buffer[t].count;
    }
    qn_grow(&s->drained, &s->cap_drained, n);
    size_t at = 0;
    for (int t = 0; t < s->n_threads; t++) {
        if (s->buffer[t].count) {
            memcpy(s->drained + at, s->buffer[t].event, s->buffer[t].count * sizeof *s->drained);
        }
        at += s->buffer[t].count;
        s->buffer[t].count = 0;
    }
    if (n > 1) {
        qsort(s->drained, n, sizeof *s->drained, qn_episode_order);
    }
    for (size_t k = 0; k < n; k++) {
        const struct qn_episode *e = &s->drained[k];
        qn_exact_add(&s->closed[QN_CLOSED_WORK], e->work);
        qn_exact_add(&s->closed[QN_CLOSED_DRIVE], e->drive);
        qn_exact_add(&s->closed[QN_CLOSED_NORMAL], e->w_normal);
        qn_exact_add(&s->closed[QN_CLOSED_SLIP], e->w_slip);
        qn_exact_add(&s->closed[QN_CLOSED_ROLL], e->w_roll);
        qn_exact_add(&s->closed[QN_CLOSED_TWIST], e->w_twist);
        qn_exact_add(&s->closed[QN_CLOSED_COHESION], e->w_cohesion);
        qn_exact_add(&s->closed[QN_CLOSED_E_NUM], e->e_num);
        s->n_capped += (e->flags & QN_YIELDED) && !(e->flags & QN_OPEN_END);
    }
    s->n_episodes += (int64_t)n;
    *events = s->drained;
    *count = n;
}
