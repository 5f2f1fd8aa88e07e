// Restitution closures against Antypov & Elliott (2011), Thornton et al. (2013) and Thornton
// (1997).
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dem/restitution.h"

// Direct integration of x'' = -max(0, x^(3/2) + alpha x^(1/4) x'), x(0) = 0, x'(0) = 1: the contact
// ends where the force does. Classical Runge-Kutta, an independent route to the closed form.
static double integrated(double alpha)
{
    const double h = 2e-5;
    double x = 0.0, v = 1.0;
    for (;;) {
        double kx[4], kv[4], force = 1.0;
        for (int s = 0; s < 4; s++) {
            const double w = s == 0 ? 0.0 : s == 3 ? h : 0.5 * h;
            const double xs = fmax(x + (s ? w * kx[s - 1] : 0.0), 0.0);
            const double vs = v + (s ? w * kv[s - 1] : 0.0);
            force = xs * sqrt(xs) + alpha * sqrt(sqrt(xs)) * vs;
            kx[s] = vs, kv[s] = -force;
        }
        if (force <= 0.0) {
            return -v;
        }
        x += h / 6.0 * (kx[0] + 2.0 * kx[1] + 2.0 * kx[2] + kx[3]);
        v += h / 6.0 * (kv[0] + 2.0 * kv[1] + 2.0 * kv[2] + kv[3]);
    }
}

Test(restitution, closed_form_is_what_direct_integration_returns)
{
    for (double e = 0.05; e < 0.99; e += 0.155) {
        const double alpha = qn_damping_of_restitution(e);
        cr_assert(epsilon_eq(dbl, integrated(alpha), e, 2e-4), "e = %g, alpha = %g", e, alpha);
    }
}

Test(restitution, damping_inverts_restitution_to_1e_12)
{
    for (double e = 0.05; e <= 1.0; e += 0.01) {
        cr_assert(
            epsilon_eq(dbl, qn_restitution_of_damping(qn_damping_of_restitution(e)), e, 1e-12));
    }
    cr_assert(eq(dbl, qn_damping_of_restitution(1.0), 0.0));
}

Test(restitution, damping_agrees_with_the_fit_of_thornton_cummins_cleary)
{
    // alpha(e) of the 2013 polynomial, good to 3e-4 in e between 0.3 and 0.9
    static const double fit[][2] = {{0.3, 1.111135}, {0.4, 0.793044}, {0.5, 0.570792},
                                    {0.6, 0.404439}, {0.7, 0.273548}, {0.8, 0.166327},
                                    {0.9, 0.076685}};
    for (size_t k = 0; k < sizeof fit / sizeof *fit; k++) {
        cr_assert(epsilon_eq(dbl, qn_restitution_of_damping(fit[k][1]), fit[k][0], 3e-4));
    }
}

// Equal 10 mm spheres; e at 1, 3 and 5 m/s from the published closed form.
static void check_thornton(double young, double poisson, double density, double p_y, double v_y,
                           const double e[3])
{
    const double r = 5e-3, m = density * 4.0 / 3.0 * 3.14159265358979 * r * r * r;
    const double e_star = young / (2.0 * (1.0 - poisson * poisson));
    const double got = qn_yield_speed(p_y, 0.5 * r, e_star, 0.5 * m);
    cr_assert(epsilon_eq(dbl, got / v_y, 1.0, 0.02), "V_y %g against %g", got, v_y);
    for (int k = 0; k < 3; k++) {
        cr_assert(epsilon_eq(dbl, qn_thornton(1.0 + 2.0 * k, got), e[k], 2e-3));
    }
}

Test(restitution, thornton_numbers_of_hardened_304_and_100cr6)
{
    check_thornton(193e9, 0.29, 7930.0, 2.8e9, 0.327, (const double[3]){0.860, 0.672, 0.595});
    check_thornton(210e9, 0.30, 7810.0, 3.2e9, 0.384, (const double[3]){0.887, 0.698, 0.618});
}

Test(restitution, thornton_falls_with_the_fourth_root_of_speed_far_above_yield)
{
    cr_assert(epsilon_eq(dbl, qn_thornton(1e6, 1.0), 1.185 * pow(1e-6, 0.25), 2e-3 * 0.0375));
    cr_assert(eq(dbl, qn_thornton(0.9, 1.0), 1.0));
}

Test(restitution, a_thick_coating_hides_the_ball)
{
    struct qn_pair_class c = {.restitution = 0.9, .bare_share = 0.0, .powder_restitution = 0.2};
    cr_assert(eq(dbl, qn_restitution(&c, 3.0, 2.5e-3, 2e-3), 0.2));
    c.bare_share = 1.0;
    cr_assert(eq(dbl, qn_restitution(&c, 3.0, 2.5e-3, 2e-3), 0.9));
}

Test(restitution, friction_goes_with_the_coating_from_metal_to_powder)
{
    // mu = mu_bare s + mu_powder (1 - s): both limits to the bit, and one sigma_0 between
    cr_expect(qn_coated_friction(0.6, 0.35, 1.0) == 0.6);
    cr_expect(qn_coated_friction(0.6, 0.35, 0.0) == 0.35);
    cr_expect(epsilon_eq(dbl, qn_coated_friction(0.6, 0.35, exp(-1.0)), 0.35 + 0.25 / M_E, 1e-15));
}
