/// @file
/// The list of contact laws, and what every pair needs of its law.
#include <math.h>
#include <string.h>

#include "dem/contact_law.h"

/// One line a law.
#define LAWS(X) X(hertz) X(linear) X(plastic) X(dmt) X(jkr)

#define DECLARE(name) extern const struct qn_contact_law qn_contact_law_##name;
#define ROW(name) &qn_contact_law_##name,
LAWS(DECLARE)
const struct qn_contact_law *const qn_contact_laws[] = {LAWS(ROW) NULL};

int qn_contact_law_find(const char *name)
{
    for (int k = 0; qn_contact_laws[k]; k++) {
        if (strcmp(qn_contact_laws[k]->name, name) == 0) {
            return k;
        }
    }
    return -1;
}

struct qn_touch_const1 qn_contact_constants(const struct qn_pair_class *c, double curvature_sum,
                                            double inverse_mass_sum, double cap_radius)
{
    struct qn_touch_const1 k = {.rstar = 1.0 / curvature_sum, .mstar = 1.0 / inverse_mass_sum};
    qn_contact_law_of(c)->constants(c, cap_radius, &k);
    return k;
}

double qn_contact_stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                         const double *h)
{
    return qn_contact_law_of(c)->stored(c, k, h) + h[QN_H_U_SLIP] + h[QN_H_U_ROLL] +
           qn_twist_stored(c, h);
}

double qn_twist_stored(const struct qn_pair_class *c, const double *h)
{
    const double a = h[QN_H_SPOT], k = 0.5 * c->kt8 * a * a * a;
    return k > 0.0 ? 0.5 * h[QN_H_TWIST] * h[QN_H_TWIST] / k : 0.0;
}
