// The contact law, one text for every width. Before including, define
//   T (value type), LAW (function name), SQRT(x), GT(x, y, a, b) meaning x > y ? a : b.
//
// Normal:     Hertz with the damping of Antypov & Elliott (2011) EPL 94, 50004, never in tension;
//             the damping factor is frozen at first touch so that the asked restitution returns.
//             Above `fcap` the contact flows: the plastic overlap grows and the force stays.
// Tangential: incremental Mindlin force, turned with the contact plane, scaled by a/a_old while the
//             spot shrinks (Thornton, Cummins & Cleary 2011), so that it never creates energy;
//             Coulomb cap.
// Rolling:    spring-slider of Ai et al. (2011) Powder Technol. 206, 269 (model C, no dashpot),
//             k_r = 2.25 k_n mu_r^2 R*^2, cap mu_r R* F_n.
//
// At zero overlap every output is (+-)0, so lanes that do not touch need no mask: adding +-0 to a
// sum that began at +0 changes no bit. A zero numerator meets a denominator replaced by one.
//
// n points from j to i; u is the surface velocity of i minus that of j; w the spin of i minus j.
// Not here: twisting, cohesion, the choice of restitution (`dem/restitution.h`).
static inline __attribute__((always_inline)) void
LAW(const struct qn_pair_class *c, int roll, const T n[3], T depth, const T u[3], const T w[3],
    const struct QN_TOUCH_CONST *k, double dt, T h[QN_HISTORY], T f[3], T q[3], T m[3])
{
    const T zero = (T){0}, one = zero + 1.0;

    // elastic overlap: what exceeds the capped one has flowed
    const T geo = GT(depth, zero, depth, zero);
    const T loose = geo - h[QN_H_PLASTIC];
    const T flow = GT(loose, k->cap_depth, loose - k->cap_depth, zero);
    const T el = GT(loose, zero, GT(loose, k->cap_depth, k->cap_depth, loose), zero);
    const T a2 = k->rstar * el;
    const T a = SQRT(a2);

    // normal force; `fd` is all that is not elastic, also where the clamp cuts tension off
    const T kn = c->k43 * a;
    const T un = u[0] * n[0] + u[1] * n[1] + u[2] * n[2];
    const T fel = kn * el;
    const T before = (h[QN_H_DEPTH] - h[QN_H_DEPTH_OLD]) * (1.0 / dt);
    const T opening = 1.5 * un + 0.5 * before; // at the step; un is half a step old
    const T raw = fel - h[QN_H_DAMPING] * SQRT(kn * k->mstar) * opening;
    const T push = GT(raw, zero, raw, zero);
    const T fn = GT(push, k->cap_force, k->cap_force, push);

    // carried tangential force: into the new plane, size kept, scaled by a/a_old when unloading
    const T ao2 = h[QN_H_SPOT] * h[QN_H_SPOT];
    const T shrink2 = GT(ao2, a2, a2, ao2);
    const T old2 = h[0] * h[0] + h[1] * h[1] + h[2] * h[2];
    const T hn = h[0] * n[0] + h[1] * n[1] + h[2] * n[2];
    const T px = h[0] - hn * n[0], py = h[1] - hn * n[1], pz = h[2] - hn * n[2];
    const T den = (px * px + py * py + pz * pz) * ao2;
    const T s = SQRT(old2 * shrink2 / GT(den, zero, den, one));
    const T ux = u[0] - un * n[0], uy = u[1] - un * n[1], uz = u[2] - un * n[2];
    const T kt = c->kt8 * a, kd = kt * dt;
    T tx = s * px - kd * ux, ty = s * py - kd * uy, tz = s * pz - kd * uz;

    // Coulomb cap; what the mean force did along the step and the spring does not hold has slid
    // away
    const T cap = c->friction * fn;
    const T t2 = tx * tx + ty * ty + tz * tz;
    const T size = SQRT(t2);
    const T over = GT(size, cap, size - cap, zero);
    const T keep = one - over / GT(size, zero, size, one);
    tx = tx * keep, ty = ty * keep, tz = tz * keep;
    const T held = size - over;
    const T soft = 0.5 / GT(kt, zero, kt, one);
    const T stored = held * held * soft;
    const T worked = (px + tx) * ux + (py + ty) * uy + (pz + tz) * uz; // twice the mean power
    h[QN_H_W_SLIP] = h[QN_H_W_SLIP] + ((h[QN_H_U_SLIP] - stored) - (0.5 * dt) * worked);
    h[QN_H_U_SLIP] = stored;

    m[0] = m[1] = m[2] = zero;
    if (roll) {
        const T mn = h[3] * n[0] + h[4] * n[1] + h[5] * n[2];
        const T rx = h[3] - mn * n[0], ry = h[4] - mn * n[1], rz = h[5] - mn * n[2];
        const T old_m2 = h[3] * h[3] + h[4] * h[4] + h[5] * h[5];
        const T den_m = (rx * rx + ry * ry + rz * rz) * ao2;
        const T sm = SQRT(old_m2 * shrink2 / GT(den_m, zero, den_m, one));
        const T wn = w[0] * n[0] + w[1] * n[1] + w[2] * n[2];
        const T arm = c->rolling * k->rstar;
        const T kr = 2.25 * c->kn2 * a * arm * arm, krd = kr * dt;
        T mx = sm * rx - krd * (w[0] - wn * n[0]), my = sm * ry - krd * (w[1] - wn * n[1]);
        T mz = sm * rz - krd * (w[2] - wn * n[2]);
        const T size_m = SQRT(mx * mx + my * my + mz * mz);
        const T cap_m = arm * fn;
        const T over_m = GT(size_m, cap_m, size_m - cap_m, zero);
        const T keep_m = one - over_m / GT(size_m, zero, size_m, one);
        mx = mx * keep_m, my = my * keep_m, mz = mz * keep_m;
        const T held_m = size_m - over_m;
        const T soft_m = 0.5 / GT(kr, zero, kr, one);
        const T stored_m = held_m * held_m * soft_m;
        const T worked_m = (rx + mx) * (w[0] - wn * n[0]) + (ry + my) * (w[1] - wn * n[1]) +
                           (rz + mz) * (w[2] - wn * n[2]);
        h[QN_H_W_ROLL] = h[QN_H_W_ROLL] + ((h[QN_H_U_ROLL] - stored_m) - (0.5 * dt) * worked_m);
        h[QN_H_U_ROLL] = stored_m;
        m[0] = mx, m[1] = my, m[2] = mz;
        h[3] = mx, h[4] = my, h[5] = mz;
    }

    f[0] = fn * n[0] + tx, f[1] = fn * n[1] + ty, f[2] = fn * n[2] + tz;
    q[0] = n[2] * ty - n[1] * tz, q[1] = n[0] * tz - n[2] * tx, q[2] = n[1] * tx - n[0] * ty;
    h[0] = tx, h[1] = ty, h[2] = tz;
    h[QN_H_SPOT] = a;
    h[QN_H_W_NORMAL] = h[QN_H_W_NORMAL] + fel * flow;
    h[QN_H_PLASTIC] = GT(depth, zero, h[QN_H_PLASTIC] + flow, zero);
    h[QN_H_F_MAX] = GT(fn, h[QN_H_F_MAX], fn, h[QN_H_F_MAX]);
    h[QN_H_DEPTH_MAX] = GT(geo, h[QN_H_DEPTH_MAX], geo, h[QN_H_DEPTH_MAX]);
    h[QN_H_DEPTH_OLD] = GT(depth, zero, h[QN_H_DEPTH], zero);
    h[QN_H_DEPTH] = geo;
    h[QN_H_F_LOST] = GT(depth, zero, fn - fel, zero);
}
