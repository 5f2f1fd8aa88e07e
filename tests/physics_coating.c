// The coating law: closed forms, bounds, and powder that is kept.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "model/coating.h"

static const double FREE = 1e9;

static double sum(const double *m)
{
    return m[0] + m[1] + m[2];
}

Test(coating, one_surface_relaxes_to_where_it_picks_up_what_it_sheds)
{
    // alone with a reserve: two states, m = m_inf + (m_0 - m_inf) exp(-(k + s) t), m_inf = M k/(k +
    // s)
    const struct qn_coating_law law = {{3e-4, 0.0}, {1e-3, 0.0}, {FREE, FREE}};
    double m[QN_COATINGS] = {1e-4, 0.0, 4e-3};
    const double end = 4.1e-3 * 3.0 / 13.0;
    qn_coating_advance(&law, 700.0, m);
    cr_expect(epsilon_eq(dbl, m[0], end + (1e-4 - end) * exp(-1.3e-3 * 700.0), 1e-17));
    cr_expect(epsilon_eq(dbl, sum(m), 4.1e-3, 1e-17));
    cr_expect(epsilon_eq(dbl, qn_coating_time(&law), 1.0 / 1.3e-3, 1e-9));
    qn_coating_advance(&law, 1e6, m);
    cr_expect(epsilon_eq(dbl, m[0], end, 1e-9 * end)); // of terms that grow as t
}

Test(coating, two_surfaces_that_shed_alike_share_one_reserve)
{
    // all that is coated relaxes as one with (k1 + k2 + s); each part beside it with s alone
    const double k[2] = {2e-4, 6e-4}, s = 5e-4, M = 5e-3, t = 900.0;
    const struct qn_coating_law law = {{k[0], k[1]}, {s, s}, {FREE, FREE}};
    double m[QN_COATINGS] = {1e-3, 5e-4, 3.5e-3};
    const double end = M * 8.0 / 13.0, all = end + (1.5e-3 - end) * exp(-1.3e-3 * t);
    const double skew = (1e-3 * k[1] - 5e-4 * k[0]) * exp(-s * t);
    qn_coating_advance(&law, t, m);
    cr_expect(epsilon_eq(dbl, m[0] + m[1], all, 1e-16));
    cr_expect(epsilon_eq(dbl, m[0] * k[1] - m[1] * k[0], skew, 1e-19));
    cr_expect(epsilon_eq(dbl, qn_coating_time(&law), 1.0 / s, 1e-6));
}

Test(coating, any_cut_of_the_time_gives_the_same_and_matches_small_steps)
{
    const struct qn_coating_law law = {{4e-4, 1e-3}, {2e-3, 1e-4}, {FREE, FREE}};
    double m[QN_COATINGS] = {2e-3, 1e-4, 1e-3}, cut[QN_COATINGS] = {2e-3, 1e-4, 1e-3};
    double rk[QN_COATINGS] = {2e-3, 1e-4, 1e-3};
    qn_coating_advance(&law, 3000.0, m);
    for (int k = 0; k < 30; k++) {
        qn_coating_advance(&law, 100.0, cut);
    }
    for (int k = 0; k < 300000; k++) { // midpoint rule, error of the order of (1e-3 x 0.01)^2
        double mid[3], now[3];
        for (int pass = 0; pass < 2; pass++) {
            const double *at = pass ? mid : rk;
            now[0] = law.take[0] * at[2] - law.shed[0] * at[0];
            now[1] = law.take[1] * at[2] - law.shed[1] * at[1];
            now[2] = -now[0] - now[1];
            for (int c = 0; c < 3 && !pass; c++) {
                mid[c] = rk[c] + 0.005 * now[c];
            }
        }
        for (int c = 0; c < 3; c++) {
            rk[c] += 0.01 * now[c];
        }
    }
    for (int c = 0; c < 3; c++) {
        cr_expect(epsilon_eq(dbl, m[c], cut[c], 1e-16));
        cr_expect(epsilon_eq(dbl, m[c], rk[c], 1e-11));
    }
}

Test(coating, equal_modes_and_no_shedding_are_no_special_case)
{
    // k = 0: pure shedding of both at one rate, whose two modes are equal
    const struct qn_coating_law fall = {{0.0, 0.0}, {1e-3, 1e-3}, {FREE, FREE}};
    double m[QN_COATINGS] = {1e-3, 2e-3, 0.0};
    qn_coating_advance(&fall, 500.0, m);
    cr_expect(epsilon_eq(dbl, m[0], 1e-3 * exp(-0.5), 1e-17));
    cr_expect(epsilon_eq(dbl, m[1], 2e-3 * exp(-0.5), 1e-17));
    // s = 0: all loose powder is picked up, in the ratio of the rates
    const struct qn_coating_law rise = {{1e-3, 3e-3}, {0.0, 0.0}, {FREE, FREE}};
    double n[QN_COATINGS] = {0.0, 0.0, 8e-3};
    qn_coating_advance(&rise, 100.0, n);
    cr_expect(epsilon_eq(dbl, n[2], 8e-3 * exp(-0.4), 1e-17));
    cr_expect(epsilon_eq(dbl, n[1] / n[0], 3.0, 1e-12));
    const struct qn_coating_law none = {{0.0, 0.0}, {0.0, 0.0}, {FREE, FREE}};
    qn_coating_advance(&none, 1e9, n);
    cr_expect(epsilon_eq(dbl, n[2], 8e-3 * exp(-0.4), 1e-17));
    cr_expect(isinf(qn_coating_time(&none)));
}

Test(coating, a_bound_holds_the_coating_and_the_rest_goes_on)
{
    // balls are full at 1 mg: k M (1 - e^(-kt))/k reaches it at t = -ln(1 - 1/8)/k
    const struct qn_coating_law law = {{1e-3, 0.0}, {0.0, 0.0}, {1e-6, FREE}};
    double m[QN_COATINGS] = {0.0, 0.0, 8e-6};
    const double full = -log(7.0 / 8.0) / 1e-3;
    qn_coating_advance(&law, 0.999 * full, m);
    cr_expect(lt(dbl, m[0], 1e-6));
    qn_coating_advance(&law, 0.002 * full, m);
    cr_expect(m[0] == 1e-6);
    cr_expect(epsilon_eq(dbl, sum(m), 8e-6, 1e-20));
    // then the wall alone takes what is loose, and the bound still holds
    const struct qn_coating_law both = {{1e-3, 2e-3}, {1e-5, 0.0}, {1e-6, FREE}};
    qn_coating_advance(&both, 100.0, m);
    cr_expect(m[0] == 1e-6);
    cr_expect(epsilon_eq(dbl, m[2], 7e-6 * exp(-0.2), 1e-19));
    // until so little is loose that the balls shed more than they take: they leave their bound
    double once[QN_COATINGS] = {m[0], m[1], m[2]};
    qn_coating_advance(&both, 2e4, once);
    for (int k = 0; k < 200; k++) {
        qn_coating_advance(&both, 100.0, m);
    }
    cr_expect(lt(dbl, m[0], 0.9e-6));
    cr_expect(epsilon_eq(dbl, m[0], once[0], 1e-15));
    cr_expect(epsilon_eq(dbl, sum(m), 8e-6, 1e-19));
}

Test(coating, says_when_it_has_drifted)
{
    // pure shedding: 5 % are gone at t = -ln(0.95)/s
    struct qn_coating_law law = {{0.0, 0.0}, {1e-4, 5e-5}, {2e-3, 2e-3}};
    const double m[QN_COATINGS] = {1e-3, 1e-3, 0.0};
    cr_expect(epsilon_eq(dbl, qn_coating_until(&law, m, 0.05, 1e5), -log(0.95) / 1e-4, 1e-6));
    cr_expect(qn_coating_until(&law, m, 0.05, 100.0) == 100.0);
    // of a bound of 40 mg it is little: what counts is a tenth of that, of which 5 % are 0.2 mg
    law.most[0] = law.most[1] = 4e-2;
    cr_expect(epsilon_eq(dbl, qn_coating_until(&law, m, 0.05, 1e5), -log(0.8) / 1e-4, 1e-6));
}
