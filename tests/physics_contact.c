// One contact at a time, through the whole engine: Hertz (1882), Chung & Ooi (2011), closed forms
// of gross slip, sliding to rolling and bouncing.
#include "dem/contact_law.h"
#include "impact_fixture.h"

static const double R = 5e-3;

/// Bodies 0 (and 1 when `two`) until the first episode ends.
static struct impact collide(const struct qn_dem_model *m, double radius, const double x[2][3],
                             const double v[2][3], const double w[2][3], int two)
{
    struct thrown ball[2] = {{.radius = radius}, {.radius = radius}};
    for (int k = 0; k <= two; k++) {
        memcpy(ball[k].x, x[k], sizeof ball[k].x);
        memcpy(ball[k].v, v[k], sizeof ball[k].v);
        memcpy(ball[k].w, w[k], sizeof ball[k].w);
    }
    return impact_of(m, ball, two + 1);
}

static struct impact head_on(double restitution, double steps_per_contact)
{
    // 10 mm 100Cr6 pair at 3 m/s: elastic contact time 24.1 us
    const struct fixture f = {.young = 210e9,
                              .poisson = 0.3,
                              .density = 7810.0,
                              .restitution = restitution,
                              .dt = 24.1e-6 / steps_per_contact};
    const struct qn_dem_model m = fixture_model(&f);
    const double x[2][3] = {{-R - 1e-6, 0.0, 0.0}, {R + 1e-6, 0.0, 0.0}};
    const double v[2][3] = {{1.5, 0.0, 0.0}, {-1.5, 0.0, 0.0}}, w[2][3] = {{0}};
    return collide(&m, R, x, v, w, 1);
}

Test(contact, elastic_peak_overlap_force_and_time_are_hertz)
{
    // delta_m = (5 m* v^2 / 4 K)^(2/5), F = K delta^(3/2), t = 2.9432 delta_m / v
    const struct impact a = head_on(1.0, 400.0);
    cr_assert(epsilon_eq(dbl, a.episode.f_max, 936.0, 1.0));
    cr_assert(epsilon_eq(dbl, a.episode.t1 - a.episode.t0, 24.1e-6, 0.15e-6));
    cr_assert(epsilon_eq(dbl, a.v[1][0], 1.5, 1e-5));
}

Test(contact, chung_ooi_test_1_glass_spheres)
{
    // R = 10 mm, +-10 m/s, glass 48 GPa 0.20 2800: 274.11 um, 10.697 kN, 40.34 us
    const struct fixture f = {.young = 48e9,
                              .poisson = 0.2,
                              .density = 2800.0,
                              .restitution = 1.0,
                              .friction = 0.35,
                              .dt = 40.34e-6 / 500.0};
    const struct qn_dem_model m = fixture_model(&f);
    const double x[2][3] = {{-0.01 - 1e-6, 0.0, 0.0}, {0.01 + 1e-6, 0.0, 0.0}};
    const double v[2][3] = {{10.0, 0.0, 0.0}, {-10.0, 0.0, 0.0}}, w[2][3] = {{0}};
    const struct impact a = collide(&m, 0.01, x, v, w, 1);
    cr_assert(epsilon_eq(dbl, a.episode.depth_max, 274.11e-6, 0.1e-6));
    cr_assert(epsilon_eq(dbl, a.episode.f_max, 10697.0, 8.0));
    cr_assert(epsilon_eq(dbl, a.episode.t1 - a.episode.t0, 40.34e-6, 0.2e-6));
}

Test(contact, damped_pair_meets_the_regression_numbers)
{
    // no-tension form, e 0.7 at 3 m/s: 21.295 um, 775.06 N, loss 1/2 m* v^2 (1 - e^2) = 4.6925 mJ
    const struct impact a = head_on(0.7, 800.0);
    cr_assert(epsilon_eq(dbl, a.episode.depth_max, 21.295e-6, 0.02e-6));
    cr_assert(epsilon_eq(dbl, a.episode.f_max, 775.06, 0.8));
    cr_assert(epsilon_eq(dbl, qn_episode_loss(&a.episode), 4.6925e-3, 0.004e-3));
}

Test(contact, restitution_0_05_to_0_98_returns_and_converges)
{
    for (double e = 0.05; e < 0.99; e += 0.186) {
        const double coarse = head_on(e, 30.0).v[1][0] / 1.5 - e;
        const double fine = head_on(e, 480.0).v[1][0] / 1.5 - e;
        // at the default step the integrator may miss by the share of one step; it converges
        cr_assert(lt(dbl, fabs(coarse), 0.012), "e %g: %g", e, coarse);
        cr_assert(lt(dbl, fabs(fine), 6e-4), "e %g: %g", e, fine);
    }
}

Test(contact, integrator_error_of_an_episode_falls_as_dt_squared)
{
    const struct impact a = head_on(0.7, 40.0), b = head_on(0.7, 160.0);
    const double ea = fabs(a.episode.e_num), eb = fabs(b.episode.e_num);
    cr_assert(lt(dbl, ea / qn_episode_loss(&a.episode), 1.5e-3));
    cr_assert(gt(dbl, ea / eb, 10.0)); // 16 for the square
    cr_assert(lt(dbl, ea / eb, 26.0));
}

/// A ball onto the floor of the box, at speed v and angle from the normal, with spin about y.
static struct impact onto_floor(const struct fixture *f, double radius, double vn, double vt,
                                double spin)
{
    struct qn_dem_model m = fixture_model(f);
    const double x[2][3] = {{0.0, 0.0, -0.5 + radius + 1e-7}};
    const double v[2][3] = {{vt, 0.0, -vn}}, w[2][3] = {{0.0, spin, 0.0}};
    return collide(&m, radius, x, v, w, 0);
}

Test(contact, gross_slip_on_a_wall_is_coulomb)
{
    // v_t' = v_t - mu (1 + e) v_n,  w' = 5/2 mu (1 + e) v_n / R; sliding throughout
    const double mu = 0.092, e = 0.98, vn = 3.9 * cos(1.0), vt = 3.9 * sin(1.0), r = 2.5e-3;
    const struct fixture f = {.young = 380e9,
                              .poisson = 0.23,
                              .density = 4000.0,
                              .restitution = e,
                              .friction = mu,
                              .dt = 1e-8};
    const struct impact a = onto_floor(&f, r, vn, vt, 0.0);
    const double e_got = a.v[0][2] / vn;
    cr_assert(epsilon_eq(dbl, a.v[0][0], vt - mu * (1.0 + e_got) * vn, 2e-4 * vt));
    cr_assert(epsilon_eq(dbl, a.w[0][1], 2.5 * mu * (1.0 + e_got) * vn / r, 2.0));
}

Test(contact, a_spinning_ball_is_thrown_sideways)
{
    // v_x' = mu (1 + e) v_n for a spin that keeps sliding (Chung & Ooi test 6, gross slip)
    const double mu = 0.4, vn = 0.2, r = 0.1;
    const struct fixture f = {.young = 70e9,
                              .poisson = 0.33,
                              .density = 2700.0,
                              .restitution = 0.5,
                              .friction = mu,
                              .dt = 1e-6};
    const struct impact a = onto_floor(&f, r, vn, 0.0, -vn * tan(85.0 * QN_PI / 180.0) / r);
    const double e = a.v[0][2] / vn;
    cr_assert(epsilon_eq(dbl, fabs(a.v[0][0]), mu * (1.0 + e) * vn, 0.01 * mu * (1.0 + e) * vn));
}

/// A ball resting on the floor under gravity, given speed and spin; state after `time`.
static struct qn_body roll(const struct fixture *f, double radius, double u0, double time)
{
    struct qn_dem_model m = fixture_model(f);
    const double k = 4.0 / 3.0 * m.classes[1].e_star * sqrt(radius);
    const double weight = f->density * 4.0 / 3.0 * QN_PI * pow(radius, 3) * fabs(f->gravity_z);
    const double sunk = pow(weight / k, 2.0 / 3.0);
    const double x[3] = {-0.4, 0.0, -0.5 + radius - sunk}, v[3] = {u0, 0.0, 0.0};
    const struct qn_episode *events;
    size_t n;
    struct qn_dem s;
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, radius, x, v, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    while (qn_dem_time(&m, &s) < time) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
    }
    const struct qn_body b = s.body[0];
    qn_dem_free(&s);
    return b;
}

Test(contact, sliding_turns_into_rolling_at_five_sevenths)
{
    // t* = 2 u0 / (7 mu g), u = 5/7 u0; during slip u = u0 - mu g t
    const double u0 = 0.5, mu = 0.3, g = 9.81;
    const struct fixture f = {.young = 1e8,
                              .poisson = 0.3,
                              .density = 2500.0,
                              .restitution = 0.5,
                              .friction = mu,
                              .gravity_z = -g,
                              .dt = 2e-6};
    const double t_star = 2.0 * u0 / (7.0 * mu * g);
    const struct qn_body slip = roll(&f, R, u0, 0.5 * t_star), done = roll(&f, R, u0, 1.5 * t_star);
    cr_assert(epsilon_eq(dbl, slip.v[0], u0 - mu * g * 0.5 * t_star, 2e-3 * u0));
    cr_assert(epsilon_eq(dbl, done.v[0], 5.0 / 7.0 * u0, 2e-3 * u0));
    cr_assert(epsilon_eq(dbl, done.w[1] * R, 5.0 / 7.0 * u0, 3e-3 * u0));
}

Test(contact, rolling_resistance_slows_a_rolling_ball)
{
    // rolling at u: du/dt = -(5/7) mu_r g when the moment is fully mobilised
    const double mu_r = 0.02, g = 9.81, u0 = 0.35, t = 0.2;
    const struct fixture f = {.young = 1e8,
                              .poisson = 0.3,
                              .density = 2500.0,
                              .restitution = 0.5,
                              .friction = 0.6,
                              .rolling = mu_r,
                              .gravity_z = -g,
                              .dt = 2e-6};
    const double start = 5.0 / 7.0 * u0, slid = 2.0 * u0 / (7.0 * 0.6 * g);
    const struct qn_body b = roll(&f, R, u0, t);
    const double expected = start - 5.0 / 7.0 * mu_r * g * (t - slid);
    cr_assert(epsilon_eq(dbl, b.v[0], expected, 0.02 * start), "%g, expected %g", b.v[0], expected);
}

Test(contact, a_bouncing_ball_follows_the_geometric_series)
{
    // h_n = h0 e^(2n); the ball rests after sqrt(2 h0/g)(1 + e)/(1 - e)
    const double h0 = 0.05, e = 0.8, g = 9.81;
    const struct fixture f = {.young = 5e9,
                              .poisson = 0.3,
                              .density = 7850.0,
                              .restitution = e,
                              .gravity_z = -g,
                              .dt = 5e-7};
    struct qn_dem_model m = fixture_model(&f);
    const double x[3] = {0.0, 0.0, -0.5 + R + h0};
    struct qn_dem s;
    const struct qn_episode *events;
    size_t n, bounces = 0;
    double speed[4] = {0};
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, R, x, STILL, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    while (bounces < 4) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK));
        qn_dem_drain(&s, &events, &n);
        if (n) {
            speed[bounces++] = events[0].v_n0;
        }
    }
    for (int k = 0; k < 4; k++) {
        const double expected = sqrt(2.0 * g * h0) * pow(e, k);
        cr_assert(epsilon_eq(dbl, speed[k] / expected, 1.0, 2e-3), "bounce %d", k);
    }
    qn_dem_free(&s);
}

Test(contact, equal_and_opposite_spins_leave_the_normal_impact_alone)
{
    // Chung & Ooi test 7: no slip at the contact, so v_t' = 0 and the spins stay
    const struct fixture f = {.young = 70e9,
                              .poisson = 0.33,
                              .density = 2699.0,
                              .restitution = 0.5,
                              .friction = 0.4,
                              .dt = 1e-6};
    const struct qn_dem_model m = fixture_model(&f);
    const double x[2][3] = {{-0.1 - 1e-6, 0.0, 0.0}, {0.1 + 1e-6, 0.0, 0.0}};
    const double v[2][3] = {{0.2, 0.0, 0.0}, {-0.2, 0.0, 0.0}};
    const double w[2][3] = {{0.0, 0.0, 3.0}, {0.0, 0.0, -3.0}};
    const struct impact a = collide(&m, 0.1, x, v, w, 1);
    cr_assert(lt(dbl, fabs(a.v[0][1]), 1e-15));
    cr_assert(epsilon_eq(dbl, a.w[0][2], 3.0, 1e-12));
    cr_assert(epsilon_eq(dbl, a.w[1][2], -3.0, 1e-12));
}

Test(contact, momentum_and_angular_momentum_of_a_pair_are_kept)
{
    const struct fixture f = {.young = 70e9,
                              .poisson = 0.33,
                              .density = 2699.0,
                              .restitution = 0.6,
                              .friction = 0.4,
                              .rolling = 0.05,
                              .dt = 2e-7};
    const struct qn_dem_model m = fixture_model(&f);
    const double x[2][3] = {{-R - 1e-6, 0.0, 0.0}, {R + 1e-6, 0.002, 0.0}};
    const double v[2][3] = {{1.0, 0.3, 0.2}, {-0.5, 0.0, 0.1}};
    const double w[2][3] = {{10.0, 20.0, 30.0}, {-40.0, 5.0, 0.0}};
    const struct impact a = collide(&m, R, x, v, w, 1);
    for (int k = 0; k < 3; k++) {
        cr_assert(epsilon_eq(dbl, a.v[0][k] + a.v[1][k], v[0][k] + v[1][k], 1e-14));
    }
    // angular momentum per mass, x cross v + 2/5 R^2 w: contact forces act at one common point
    double before[3] = {0}, after[3] = {0};
    for (int b = 0; b < 2; b++) {
        for (int k = 0; k < 3; k++) {
            const int p = (k + 1) % 3, q = (k + 2) % 3;
            before[k] += x[b][p] * v[b][q] - x[b][q] * v[b][p] + 0.4 * R * R * w[b][k];
            after[k] += a.x[b][p] * a.v[b][q] - a.x[b][q] * a.v[b][p] + 0.4 * R * R * a.w[b][k];
        }
    }
    for (int k = 0; k < 3; k++) {
        cr_assert(epsilon_eq(dbl, after[k], before[k], 1e-16));
    }
    cr_assert(lt(dbl, fabs(a.books.residual_a), 1e-13));
}

/// A ball thrown at speed v from the axis of a spinning cylinder along +x or +y.
static struct impact onto_mantle(const struct fixture *f, double spin, int along, double v)
{
    struct qn_dem_model m = fixture_model(f);
    m.vessel = qn_vessel_cylinder(0.08, 0.08);
    m.motion = fixture_planetary(0.0, spin, 0.0);
    const double x[2][3] = {{0}}, w[2][3] = {{0}};
    const double speed[2][3] = {{along == 0 ? v : 0.0, along == 1 ? v : 0.0, 0.0}};
    return collide(&m, R, x, speed, w, 0);
}

Test(contact, a_turning_wall_drags_a_ball_along)
{
    // gross slip: the ball leaves with mu (1 + e) v_n along the wall's motion, spin x r
    const double mu = 0.2, e = 0.6, v = 1.0;
    const struct fixture f = {.young = 193e9,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = e,
                              .friction = mu,
                              .dt = 5e-8};
    const struct impact right = onto_mantle(&f, 100.0, 0, v), top = onto_mantle(&f, 100.0, 1, v);
    cr_assert(epsilon_eq(dbl, right.v[0][1], mu * (1.0 + e) * v, 2e-3));
    cr_assert(epsilon_eq(dbl, top.v[0][0], -mu * (1.0 + e) * v, 2e-3));
    cr_assert(lt(dbl, fabs(right.books.residual_a), 1e-13));
    cr_assert(gt(dbl, right.books.drive, 0.0)); // the wall paid for it
}

Test(contact, a_hollow_wall_is_met_with_its_mean_curvature)
{
    // elastic: F = K delta^(3/2) with 1/R* = 1/R - 1/(2 R_c), delta = (5 m v^2/(4 K))^(2/5)
    const struct fixture f = {
        .young = 193e9, .poisson = 0.29, .density = 7930.0, .restitution = 1.0, .dt = 2e-8};
    const struct impact a = onto_mantle(&f, 0.0, 0, 1.0);
    const double r_star = 1.0 / (1.0 / R - 0.5 / 0.04), mass = a.episode.m_star;
    const double k = 4.0 / 3.0 * a.episode.e_star * sqrt(r_star);
    cr_assert(epsilon_eq(dbl, a.episode.r_star, r_star, 1e-15));
    cr_assert(epsilon_eq(dbl, a.episode.f_max / (k * pow(1.25 * mass / k, 0.6)), 1.0, 1e-3));
}

Test(contact, the_rolling_spring_has_the_stiffness_of_model_c)
{
    // one small turn: M = -k_r w dt with k_r = 2.25 k_n mu_r^2 R*^2 and k_n = 2 E* a
    const struct fixture f = {.young = 1e9,
                              .poisson = 0.3,
                              .density = 2500.0,
                              .restitution = 0.5,
                              .friction = 0.5,
                              .rolling = 0.1,
                              .dt = 1e-6};
    const struct qn_dem_model m = fixture_model(&f);
    const struct qn_pair_class *c = &m.classes[0];
    const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / R, 2.0, R);
    const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = 1e-5, .w = {5.0, 0.01, 0.0}};
    double h[QN_HISTORY] = {0.0};
    struct qn_given1 out;
    qn_contact_law_of(c)->alone(c, &t, &k, m.dt, h, &out);
    const double a = sqrt(k.rstar * t.depth);
    const double stiffness = 2.25 * 2.0 * c->e_star * a * 0.01 * k.rstar * k.rstar;
    cr_assert(epsilon_eq(dbl, out.m[1] / (-stiffness * 0.01 * m.dt), 1.0, 1e-12));
    cr_assert(lt(dbl, fabs(out.m[0]), 1e-30)); // spin about the normal is twisting, not rolling
}
