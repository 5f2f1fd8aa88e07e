// Step, Hertz times and Burgio's kinematics against the tabulated numbers of
// physics.md 1.2, 2.7, 8.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "base/constants.h"
#include "model/burgio.h"
#include "model/timestep.h"

#define NEAR(value, expected, tolerance)                                                           \
    cr_expect(epsilon_eq(dbl, (value) / (expected), 1.0, tolerance))

struct burgio_row {
    double radius, rpm, ratio, jar, ball; // [m], [rpm], [-], [m], [m]
    double cos_phi, v_b, v_s, energy, frequency;
};

// printed to three or four digits, hence the tolerance
static const struct burgio_row mills[] = {
    {60.8e-3, 400, -1.82, 37.5e-3, 10e-3, -0.3594, 3.127, 1.430, 3.865, 12.13},
    {60.8e-3, 500, -1.82, 37.5e-3, 10e-3, -0.3594, 3.908, 1.788, 6.039, 15.17},
    {70e-3, 1100, -2, 32.5e-3, 5e-3, -0.4286, 10.042, 4.608, 39.81, 36.67},
    {70.5e-3, 250, -2, 20e-3, 10e-3, -0.2128, 1.967, 1.453, 0.879, 8.33},
};

Test(burgio, tabulated_mills_are_met)
{
    for (size_t k = 0; k < sizeof mills / sizeof *mills; k++) {
        const struct burgio_row *m = &mills[k];
        const double speed = m->rpm * 2.0 * QN_PI / 60.0;
        const struct qn_burgio b = qn_burgio(m->radius, speed, m->ratio, m->jar - 0.5 * m->ball);
        NEAR(b.cos_phi, m->cos_phi, 5e-4);
        NEAR(b.v_b, m->v_b, 5e-4);
        NEAR(b.v_s, m->v_s, 5e-4);
        NEAR(b.energy, m->energy, 7e-4);
        NEAR(b.frequency, m->frequency, 5e-4);
    }
}

Test(burgio, energy_is_the_closed_form)
{
    // dE/m = -l (w_v^3 l/w_p + w_p w_v R_p)
    const double r = 0.0608, w = 41.9, l = 0.0325;
    const struct qn_burgio b = qn_burgio(r, w, -1.82, l);
    const double v = b.jar_speed;
    NEAR(b.energy, -l * (v * v * v * l / w + w * v * r), 1e-12);
}

// 100Cr6 of 10 mm: Rayleigh 5.28 us, Hertz 24.1 us at 3 m/s, depth 0.49 % of R
static const struct qn_step_class bearing = {"ball", 5e-3, 7810, 210e9, 0.30};

Test(timestep, bearing_steel_has_the_published_times)
{
    const struct qn_step_rule rule = {0.15, 1.0 / 30.0, 3.0};
    struct qn_step_choice c;
    qn_step_choose(1, &bearing, &rule, &c);
    NEAR(c.rayleigh, 5.28e-6, 1e-3);
    NEAR(c.hertz, 24.1e-6, 2e-3);
    cr_expect(epsilon_eq(dbl, c.dt, fmin(0.15 * c.rayleigh, c.hertz / 30.0), 1e-18));
    cr_expect(eq(int, c.by_hertz, 0));
    double r, m, e;
    qn_step_pair(&bearing, &bearing, &r, &m, &e);
    NEAR(qn_hertz_depth(m, r, e, 3.0) / 5e-3, 0.0049, 1e-2);
    // t_H = 2.9432 depth / v ties the two formulas together
    NEAR(qn_hertz_time(m, r, e, 3.0), 2.9432 * qn_hertz_depth(m, r, e, 3.0) / 3.0, 1e-4);
}

Test(timestep, times_grow_with_softening_as_they_must)
{
    struct qn_step_class soft = bearing;
    soft.young /= 50.0;
    const struct qn_step_rule rule = {0.15, 1.0 / 30.0, 3.0};
    struct qn_step_choice hard, softened;
    qn_step_choose(1, &bearing, &rule, &hard);
    qn_step_choose(1, &soft, &rule, &softened);
    NEAR(softened.hertz / hard.hertz, pow(50.0, 0.4), 1e-12);
    NEAR(softened.rayleigh / hard.rayleigh, sqrt(50.0), 1e-12);
}

Test(timestep, the_smallest_pair_rules_and_is_named)
{
    const struct qn_step_class classes[] = {{"wall", 0.0, 0.0, 4e9, 0.3},
                                            {"ball", 5e-3, 7800, 4e9, 0.3},
                                            {"small", 2e-3, 7800, 4e9, 0.3}};
    const struct qn_step_rule rule = {0.15, 1.0 / 30.0, 8.0};
    struct qn_step_choice c;
    qn_step_choose(3, classes, &rule, &c);
    cr_expect(eq(int, c.rayleigh_of, 2));
    cr_expect(eq(int, c.hertz_of[0], 2));
    cr_expect(eq(int, c.hertz_of[1], 2));
    cr_expect(eq(int, c.by_hertz, 1));
    double r, m, e;
    qn_step_pair(&classes[1], &classes[0], &r, &m, &e); // against a wall: the ball's own
    NEAR(r, 5e-3, 1e-14);
    NEAR(m, 7800 * QN_PI / 6.0 * 1e-6, 1e-12);
}
