// The contact law, one text for every width. Before including, define
//   T (value type), LAW (function name), SQRT(x), GT(x, y, a, b) meaning x > y ? a : b,
//   QN_TOUCH (geometry), QN_TOUCH_CONST (constants of the pair), QN_GIVEN (results).
//
// Normal:     Hertz with the damping of Antypov & Elliott (2011) EPL 94, 50004, never in tension;
//             the damping factor is frozen at first touch so that the asked restitution returns.
//             Above `cap_force` the contact flows: the plastic overlap grows, the force stays.
// Tangential: incremental Mindlin force, turned with the contact plane, scaled by a/a_old while the
//             spot shrinks (Thornton, Cummins & Cleary 2011), so that it never creates energy;
//             Coulomb cap.
// Rolling:    spring-slider of Ai et al. (2011) Powder Technol. 206, 269 (model C, no dashpot),
//             k_r = 2.25 k_n mu_r^2 R*^2, cap mu_r R* F_n.
//
// At zero overlap every output is (+-)0, so lanes that do not touch need no mask: adding +-0 to a
// sum that began at +0 changes no bit.
//
// n points from j to i; u is the surface velocity of i minus that of j; w the spin of i minus j.
// Not here: twisting, cohesion, the choice of restitution (`dem/restitution.h`).
#define LAW_JOIN2(a, b) a##b
#define LAW_JOIN(a, b) LAW_JOIN2(a, b)
#define LAW_PART(name) LAW_JOIN(LAW, name)
#define LAW_INLINE static inline __attribute__((always_inline))

/// The spot after the normal part.
struct LAW_PART(_spot) {
    T a, fn;       ///< contact radius, normal force
    T old2, kept2; ///< a_old^2, min(a_old^2, a^2): a spring shrinks with the spot
};

/// Normal force and its history; `un` is the opening speed half a step ago.
LAW_INLINE struct LAW_PART(_spot)
    LAW_PART(_normal)(const struct qn_pair_class *c, const struct QN_TOUCH_CONST *k, T depth, T un,
                      double dt, T h[QN_HISTORY])
{
    const T zero = (T){0};

    // elastic overlap: what exceeds the capped one has flowed
    const T geo = GT(depth, zero, depth, zero);
    const T loose = geo - h[QN_H_PLASTIC];
    const T flow = GT(loose, k->cap_depth, loose - k->cap_depth, zero);
    const T el = GT(loose, zero, GT(loose, k->cap_depth, k->cap_depth, loose), zero);
    const T a2 = k->rstar * el;
    const T a = SQRT(a2);

    // what is not elastic counts as lost, also where the clamp cuts tension off
    const T kn = c->k43 * a;
    const T fel = kn * el;
    const T before = (h[QN_H_DEPTH] - h[QN_H_DEPTH_OLD]) * (1.0 / dt);
    const T opening = 1.5 * un + 0.5 * before; // at the step itself
    const T raw = fel - h[QN_H_DAMPING] * SQRT(kn * k->mstar) * opening;
    const T push = GT(raw, zero, raw, zero);
    const T fn = GT(push, k->cap_force, k->cap_force, push);

    const T old2 = h[QN_H_SPOT] * h[QN_H_SPOT];
    h[QN_H_SPOT] = a;
    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + fel * flow;
    h[QN_H_PLASTIC] = GT(depth, zero, h[QN_H_PLASTIC] + flow, zero);
    h[QN_H_F_MAX] = GT(fn, h[QN_H_F_MAX], fn, h[QN_H_F_MAX]);
    h[QN_H_DEPTH_MAX] = GT(geo, h[QN_H_DEPTH_MAX], geo, h[QN_H_DEPTH_MAX]);
    h[QN_H_DEPTH_OLD] = GT(depth, zero, h[QN_H_DEPTH], zero);
    h[QN_H_DEPTH] = geo;
    h[QN_H_F_LOST] = GT(depth, zero, fn - fel, zero);
    return (struct LAW_PART(_spot)){a, fn, old2, GT(old2, a2, a2, old2)};
}

/// A spring in the contact plane that slides at its cap: carried into today's plane with its size
/// (times the shrinkage), stretched by the step, cut to the cap. What the mean force did along the
/// step and the spring does not hold is lost.
/// @param[in,out] v  force or moment   @param rate  its own tangential part counts
/// @param[in,out] held  energy in the spring   @param[in,out] lost  dissipated
LAW_INLINE void LAW_PART(_slide)(T v[3], const T n[3], const T rate[3],
                                 const struct LAW_PART(_spot) * s, const T spring[2], double dt,
                                 T *const energy[2])
{
    const T zero = (T){0}, one = zero + 1.0;
    const T k = spring[0], cap = spring[1];
    const T size2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
    const T vn = v[0] * n[0] + v[1] * n[1] + v[2] * n[2];
    const T px = v[0] - vn * n[0], py = v[1] - vn * n[1], pz = v[2] - vn * n[2];
    const T den = (px * px + py * py + pz * pz) * s->old2;
    const T turn = SQRT(size2 * s->kept2 / GT(den, zero, den, one));
    const T rn = rate[0] * n[0] + rate[1] * n[1] + rate[2] * n[2];
    const T rx = rate[0] - rn * n[0], ry = rate[1] - rn * n[1], rz = rate[2] - rn * n[2];
    const T kd = k * dt;
    const T tx = turn * px - kd * rx, ty = turn * py - kd * ry, tz = turn * pz - kd * rz;
    const T size = SQRT(tx * tx + ty * ty + tz * tz);
    const T over = GT(size, cap, size - cap, zero);
    const T keep = one - over / GT(size, zero, size, one);
    v[0] = tx * keep, v[1] = ty * keep, v[2] = tz * keep;
    const T held = size - over;
    const T stored = held * held * (0.5 / GT(k, zero, k, one));
    const T worked = (px + v[0]) * rx + (py + v[1]) * ry + (pz + v[2]) * rz; // twice the mean
    *energy[1] = *energy[1] + ((*energy[0] - stored) - (0.5 * dt) * worked);
    *energy[0] = stored;
}

LAW_INLINE void LAW(const struct qn_pair_class *c, int roll, const struct QN_TOUCH *t,
                    const struct QN_TOUCH_CONST *k, double dt, T h[QN_HISTORY],
                    struct QN_GIVEN *out)
{
    const T zero = (T){0};
    const T *n = t->n;
    const T un = t->u[0] * n[0] + t->u[1] * n[1] + t->u[2] * n[2];
    const struct LAW_PART(_spot) s = LAW_PART(_normal)(c, k, t->depth, un, dt, h);

    T ft[3] = {h[QN_H_FT], h[QN_H_FT + 1], h[QN_H_FT + 2]};
    const T friction[2] = {c->kt8 * s.a, c->friction * s.fn};
    T *const by_slip[2] = {&h[QN_H_U_SLIP], &h[QN_H_W_SLIP]};
    LAW_PART(_slide)(ft, n, t->u, &s, friction, dt, by_slip);
    h[QN_H_FT] = ft[0], h[QN_H_FT + 1] = ft[1], h[QN_H_FT + 2] = ft[2];

    out->m[0] = out->m[1] = out->m[2] = zero;
    if (roll) {
        T mr[3] = {h[QN_H_ROLL], h[QN_H_ROLL + 1], h[QN_H_ROLL + 2]};
        const T arm = c->rolling * k->rstar;
        const T rolling[2] = {2.25 * c->kn2 * s.a * arm * arm, arm * s.fn};
        T *const by_roll[2] = {&h[QN_H_U_ROLL], &h[QN_H_W_ROLL]};
        LAW_PART(_slide)(mr, n, t->w, &s, rolling, dt, by_roll);
        for (int d = 0; d < 3; d++) {
            out->m[d] = h[QN_H_ROLL + d] = mr[d];
        }
    }
    for (int d = 0; d < 3; d++) {
        out->f[d] = s.fn * n[d] + ft[d];
    }
    out->q[0] = n[2] * ft[1] - n[1] * ft[2];
    out->q[1] = n[0] * ft[2] - n[2] * ft[0];
    out->q[2] = n[1] * ft[0] - n[0] * ft[1];
}
