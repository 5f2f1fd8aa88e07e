/// @file
/// What contact laws share: geometry of VL contacts, the spring that slides at its cap (friction,
/// rolling), twisting.
///
/// At zero overlap every output is (+-)0, so lanes that do not touch need no mask: adding +-0 to a
/// sum that began at +0 changes no bit. A law must keep that.
#pragma once

#include "dem/engine.h"
#include "dem/contact_law.h"
#include "dem/walls.h"

#define QN_INLINE static inline __attribute__((always_inline))

/// Geometry and motion of VL contacts: n points from j to i, u is the surface velocity of i minus
/// that of j, w the spin of i minus that of j. The first four are for the law.
struct qn_touch {
    qn_vec n[3], depth, u[3], w[3];
    qn_vec li, lj;       ///< levers
    qn_vec dv[3], wl[3]; ///< relative velocity of the centres; sum of lever times spin
    qn_vec power;        ///< of the last push at the present velocities [W]
    qn_vec wall[3];      ///< velocity of the wall at the contact [m/s]
};

/// Force, torque per lever and rolling moment of VL contacts.
struct qn_given {
    qn_vec f[3], q[3], m[3];
};

/// What a thread works with in the contact phase.
struct qn_shift {
    const struct qn_dem_model *m;
    struct qn_dem *s;
    struct qn_event_buffer *out;
    double omega;                        ///< spin of the vial about z [rad/s]
    const struct qn_wall_frames *frames; ///< of walls that are asked
};

/// What the normal part of a law leaves for the others.
struct qn_spot {
    qn_vec a, old;      ///< contact radius, now and a step ago                     [m]
    qn_vec fn;          ///< normal force, tension is negative                      [N]
    qn_vec load;        ///< force that friction and rolling are capped by          [N]
    qn_vec kt;          ///< tangential stiffness                                   [N/m]
    qn_vec kr;          ///< 2.25 k_n, of the rolling spring                        [N/m]
    qn_vec old2, kept2; ///< a_old^2, min(a_old^2, a^2): a spring shrinks with the spot
};

/// The spot of a law whose stiffness is that of Hertz at contact radius a, from a^2; renews its
/// history.
QN_INLINE struct qn_spot qn_round_spot(const struct qn_pair_class *c, qn_vec a2, qn_vec fn,
                                       qn_vec load, qn_vec *h)
{
    const qn_vec old = h[QN_H_SPOT], old2 = old * old, a = QN_SQRT(a2);
    h[QN_H_SPOT] = a;
    return (struct qn_spot){.a = a,
                            .old = old,
                            .fn = fn,
                            .load = load,
                            .kt = c->kt8 * a,
                            .kr = 2.25 * c->kn2 * a,
                            .old2 = old2,
                            .kept2 = QN_GT(old2, a2, a2, old2)};
}

/// Speed at which the surfaces part at the step itself; `un` is that half a step ago.
QN_INLINE qn_vec qn_opening(const qn_vec *h, qn_vec un, double dt)
{
    const qn_vec before = (h[QN_H_DEPTH] - h[QN_H_DEPTH_OLD]) * (1.0 / dt);
    return 1.5 * un + 0.5 * before;
}

/// Largest force and overlap, and the overlap of this step; `held` is what decides whether the
/// contact is open (overlap, plus reach), `lost` the force that is not elastic.
QN_INLINE void qn_note(qn_vec *h, qn_vec held, qn_vec depth, qn_vec fn, qn_vec lost)
{
    const qn_vec zero = (qn_vec){0};
    const qn_vec geo = QN_GT(depth, zero, depth, zero);
    h[QN_H_F_MAX] = QN_GT(fn, h[QN_H_F_MAX], fn, h[QN_H_F_MAX]);
    h[QN_H_DEPTH_MAX] = QN_GT(geo, h[QN_H_DEPTH_MAX], geo, h[QN_H_DEPTH_MAX]);
    h[QN_H_DEPTH_OLD] = QN_GT(held, zero, h[QN_H_DEPTH], zero);
    h[QN_H_DEPTH] = QN_GT(held, zero, held, zero);
    h[QN_H_F_LOST] = QN_GT(held, zero, lost, zero);
}

/// A spring in the contact plane that slides at its cap: carried into today's plane with its size
/// (times the shrinkage), stretched by the step, cut to the cap. What the mean force did along the
/// step and the spring does not hold is lost.
/// @param[in,out] v  force or moment   @param rate  its own tangential part counts
/// @param spring  stiffness, cap   @param[in,out] energy  in the spring, dissipated
QN_INLINE void qn_slide(qn_vec v[3], const qn_vec n[3], const qn_vec rate[3],
                        const struct qn_spot *s, const qn_vec spring[2], double dt,
                        qn_vec *const energy[2])
{
    const qn_vec zero = (qn_vec){0}, one = zero + 1.0;
    const qn_vec k = spring[0], cap = spring[1];
    const qn_vec size2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    const qn_vec vn = v[0] * n[0] + v[1] * n[1] + v[2] * n[2];
    const qn_vec px = v[0] - vn * n[0], py = v[1] - vn * n[1], pz = v[2] - vn * n[2];
    const qn_vec den = (px * px + py * py + pz * pz) * s->old2;
    const qn_vec turn = QN_SQRT(size2 * s->kept2 / QN_GT(den, zero, den, one));
    const qn_vec rn = rate[0] * n[0] + rate[1] * n[1] + rate[2] * n[2];
    const qn_vec rx = rate[0] - rn * n[0], ry = rate[1] - rn * n[1], rz = rate[2] - rn * n[2];
    const qn_vec kd = k * dt;
    const qn_vec tx = turn * px - kd * rx, ty = turn * py - kd * ry, tz = turn * pz - kd * rz;
    const qn_vec size = QN_SQRT(tx * tx + ty * ty + tz * tz);
    const qn_vec over = QN_GT(size, cap, size - cap, zero);
    const qn_vec keep = one - over / QN_GT(size, zero, size, one);
    v[0] = tx * keep, v[1] = ty * keep, v[2] = tz * keep;
    const qn_vec held = size - over;
    const qn_vec stored = held * held * (0.5 / QN_GT(k, zero, k, one));
    const qn_vec worked = (px + v[0]) * rx + (py + v[1]) * ry + (pz + v[2]) * rz; // twice the mean
    *energy[1] = *energy[1] + ((*energy[0] - stored) - (0.5 * dt) * worked);
    *energy[0] = stored;
}

/// Rolling resistance. Spring-slider of Ai et al. (2011) Powder Technol. 206, 269 (model C, no
/// dashpot): k_r = 2.25 k_n mu_r^2 R*^2, cap mu_r R* F_n. Or a moment of that size against the
/// rolling (model A), in proportion to the spin below `rolling_speed`, so that it does not chatter
/// at rest.
QN_INLINE void qn_roll(const struct qn_pair_class *c, const struct qn_touch *t, qn_vec rstar,
                       const struct qn_spot *s, double dt, qn_vec *h, qn_vec m[3])
{
    const qn_vec arm = c->rolling * rstar;
    if (c->rolling_speed > 0.0) {
        const qn_vec *w = t->w, *n = t->n;
        const qn_vec wn = w[0] * n[0] + w[1] * n[1] + w[2] * n[2];
        const qn_vec x = w[0] - wn * n[0], y = w[1] - wn * n[1], z = w[2] - wn * n[2];
        const qn_vec spin2 = x * x + y * y + z * z, spin = QN_SQRT(spin2);
        const qn_vec slow = (qn_vec){0} + c->rolling_speed;
        const qn_vec share = arm * s->load / QN_GT(spin, slow, spin, slow);
        m[0] = -share * x, m[1] = -share * y, m[2] = -share * z;
        qn_vec worked = (qn_vec){0}; // twice the mean of this step's moment and the last one's
        for (int d = 0; d < 3; d++) {
            worked = worked + (h[QN_H_ROLL + d] + m[d]) * w[d];
            h[QN_H_ROLL + d] = m[d];
        }
        h[QN_H_W_ROLL] = h[QN_H_W_ROLL] - (0.5 * dt) * worked;
        return;
    }
    qn_vec mr[3] = {h[QN_H_ROLL], h[QN_H_ROLL + 1], h[QN_H_ROLL + 2]};
    const qn_vec rolling[2] = {s->kr * arm * arm, arm * s->load};
    qn_vec *const by_roll[2] = {&h[QN_H_U_ROLL], &h[QN_H_W_ROLL]};
    qn_slide(mr, t->n, t->w, s, rolling, dt, by_roll);
    for (int d = 0; d < 3; d++) {
        m[d] = h[QN_H_ROLL + d] = mr[d];
    }
}

/// A torsional spring k = k_t a^2/2 with k_t = 8 G* a that slides at `twisting` times a F_n
/// (Marshall (2009) J. Comput. Phys. 228, 1541; 2/3 mu for a spot pressed like Hertz's). Its angle
/// is kept while the spot shrinks, so that it never creates energy.
/// @return the moment about the normal [N m]
QN_INLINE qn_vec qn_twist(const struct qn_pair_class *c, const struct qn_touch *t,
                          const struct qn_spot *s, double dt, qn_vec *h)
{
    const qn_vec zero = (qn_vec){0}, one = zero + 1.0;
    const qn_vec k_old = 0.5 * c->kt8 * (s->old * s->old * s->old);
    const qn_vec k = 0.5 * c->kt8 * (s->a * s->a * s->a);
    const qn_vec wn = t->w[0] * t->n[0] + t->w[1] * t->n[1] + t->w[2] * t->n[2];
    const qn_vec cap = c->twisting * s->a * s->load, old = h[QN_H_TWIST];
    const qn_vec kept = old * QN_GT(k_old, k, k / QN_GT(k_old, zero, k_old, one), one);
    const qn_vec free = kept - (k * dt) * wn;
    const qn_vec size = QN_GT(free, zero, free, -free);
    const qn_vec now = free * QN_GT(size, cap, cap / QN_GT(size, zero, size, one), one);
    const qn_vec was = old * old * (0.5 / QN_GT(k_old, zero, k_old, one));
    const qn_vec holds = now * now * (0.5 / QN_GT(k, zero, k, one));
    h[QN_H_TWIST] = now;
    h[QN_H_W_TWIST] = h[QN_H_W_TWIST] + ((was - holds) - (0.5 * dt) * ((kept + now) * wn));
    return now;
}

/// Rolling and twisting.
QN_INLINE void qn_turn(const struct qn_pair_class *c, const struct qn_touch *t, qn_vec rstar,
                       const struct qn_spot *s, double dt, qn_vec *h, qn_vec m[3])
{
    if (c->rolling > 0.0) {
        qn_roll(c, t, rstar, s, dt, h, m);
    }
    if (c->twisting > 0.0) {
        const qn_vec moment = qn_twist(c, t, s, dt, h);
        for (int d = 0; d < 3; d++) {
            m[d] = m[d] + moment * t->n[d];
        }
    }
}
