/// @file
/// The contact law with plain doubles, and constants of a pair.
#include "dem/contact.h"

#include <math.h>

#include "base/constants.h"

#define T double
#define LAW law_one
#define SQRT(x) sqrt(x)
#define GT(x, y, a, b) ((x) > (y) ? (a) : (b))
#define QN_TOUCH qn_touch1
#define QN_TOUCH_CONST qn_touch_const1
#define QN_GIVEN qn_given1
#include "dem/law_hertz.h"

void qn_law_scalar(const struct qn_pair_class *c, const struct qn_touch1 *t,
                   const struct qn_touch_const1 *k, double dt, double *h, struct qn_given1 *out)
{
    law_one(c, c->rolling > 0.0, t, k, dt, h, out);
}

struct qn_touch_const1 qn_contact_constants(const struct qn_pair_class *c, double curvature_sum,
                                            double inverse_mass_sum, double cap_radius)
{
    struct qn_touch_const1 k = {
        .rstar = 1.0 / curvature_sum,
        .mstar = 1.0 / inverse_mass_sum,
        .cap_depth = 1e30, // never reached: media are not capped
        .cap_force = 1e30,
    };
    if (c->capped) {
        k.cap_force = c->flow_stress * QN_PI * cap_radius * cap_radius;
        k.cap_depth = pow(k.cap_force / (c->k43 * sqrt(k.rstar)), 2.0 / 3.0);
    }
    return k;
}

double qn_contact_stored(const struct qn_pair_class *c, double rstar, const double *h)
{
    const double el = fmax(h[QN_H_SPOT] * h[QN_H_SPOT] / rstar, 0.0);
    return 0.4 * c->k43 * sqrt(rstar * el) * el * el + h[QN_H_U_SLIP] + h[QN_H_U_ROLL];
}
