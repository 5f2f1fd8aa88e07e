// Numbers that a whole mill or bed must meet: orbits of a shaken ball, likeness in speed, weight of
// a column, convergence with the step, and what softening may and may not change.
#include "dem/insert.h"
#include "impact_fixture.h"

static void walk(const struct qn_dem_model *m, struct qn_dem *s, int64_t steps)
{
    const struct qn_episode *events;
    size_t n;
    for (int64_t k = 0; k < steps; k++) {
        cr_assert(eq(int, qn_dem_step(m, s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(s, &events, &n);
    }
}

Test(verify_mills, a_ball_on_a_shaken_plate_finds_the_period_one_orbit)
{
    // Holmes (1982), Luo & Han (1996): v_rel = g T/(1 + e), cos phi = pi (1 - e)/((1 + e) Gamma);
    // 20 Hz, e 0.8, Gamma 0.8 (A = 0.49681 mm), where the orbit is stable: 0.272407 m/s
    const double e = 0.8, frequency = 20.0, gravity = 9.80665, want = 0.272407;
    const struct fixture f = {.young = 200e9,
                              .poisson = 0.3,
                              .density = 7800.0,
                              .restitution = e,
                              .gravity_z = -gravity,
                              .dt = 1e-6};
    struct qn_dem_model m = fixture_model(&f);
    const double r = 5e-3, cos_phi = QN_PI * (1.0 - e) / ((1.0 + e) * 0.8);
    cr_assert(epsilon_eq(dbl, cos_phi, 0.43633, 1e-5));
    m.motion = fixture_vibration(frequency, (const double[3]){0.0, 0.0, 0.49681e-3},
                                 (const double[3]){0.0, 0.0, acos(cos_phi)}); // hit at t = 0
    m.motion.gravity[2] = -gravity;
    struct qn_dem s;
    const struct qn_episode *events;
    size_t n, hits = 0;
    double last = 0.0;
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, r, (const double[3]){0.0, 0.0, -0.5 + r + 1e-7},
               (const double[3]){0.0, 0.0, -1.03 * want}, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    while (hits < 40) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        if (n) {
            last = events[0].v_n0;
            hits++;
        }
    }
    // the ball stays 38 us, 8e-4 of the period, on the plate that the orbit takes as hard
    cr_expect(epsilon_eq(dbl, last / want, 1.0, 2e-3), "%g m/s", last);
    cr_expect(epsilon_eq(dbl, qn_dem_time(&m, &s) * frequency, 39.0, 0.01)); // one hit a period
    qn_dem_free(&s);
}

/// Thirty balls in a planetary mill without gravity at `times` 20 rad/s for two turns, with a
/// modulus that grows as the square; by reference the engine, to be freed.
static void alike(double times, struct qn_dem_model *m, struct qn_dem *s)
{
    const struct fixture f = {.young = 4e9 * times * times,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = 0.6,
                              .friction = 0.4,
                              .rolling = 0.01,
                              .dt = 8e-6 / times};
    const struct qn_insert group = {0, 30, 3e-3};
    *m = fixture_model(&f);
    m->vessel = qn_vessel_cylinder(0.05, 0.05);
    m->motion = fixture_planetary(0.0608, 20.0 * times, -1.82);
    m->skin_speed = times;
    qn_dem_init(m, s, 1);
    cr_assert(eq(int, qn_insert_bodies(m, s, &group, 1, 7), QN_OK));
    cr_assert(eq(int, qn_dem_start(m, s), QN_OK));
    walk(m, s, (int64_t)(2.0 * 2.0 * QN_PI / 20.0 / 8e-6));
}

Test(verify_mills, without_gravity_a_mill_has_no_speed_of_its_own)
{
    // v ~ w, E ~ w^2, P ~ w^3: with E ~ w^2 and dt ~ 1/w every overlap is the same, so paths are
    // the same to the bit and energies are 4 and 16 times as large
    struct qn_dem_model m[3];
    struct qn_dem s[3];
    struct qn_ledger books[3];
    for (int k = 0; k < 3; k++) {
        alike(1 << k, &m[k], &s[k]);
        qn_ledger_read(&m[k], &s[k], &books[k]);
        const double times = 1 << k;
        for (int i = 0; i < s[k].n; i++) {
            for (int d = 0; d < 3; d++) {
                cr_assert(eq(dbl, s[k].body[i].x[d], s[0].body[i].x[d]));
                cr_assert(eq(dbl, s[k].body[i].v[d], times * s[0].body[i].v[d]));
            }
        }
        const double lost = qn_ledger_lost(&books[k]);
        const double lost0 = qn_ledger_lost(&books[0]);
        const double power = lost / qn_dem_time(&m[k], &s[k]);
        const double power0 = lost0 / qn_dem_time(&m[0], &s[0]);
        cr_assert(gt(dbl, lost0, 0.0));
        cr_assert(epsilon_eq(dbl, lost / lost0 / times / times, 1.0, 1e-12));
        cr_assert(epsilon_eq(dbl, power / power0 / times / times / times, 1.0, 1e-12));
    }
    for (int k = 0; k < 3; k++) {
        qn_dem_free(&s[k]);
    }
}

/// Sum of what a wall pushes a bed along z [N].
static double wall_push(const struct qn_dem *s, int wall)
{
    double sum = 0.0;
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; sec->wall == wall && slot < sec->last * QN_VL; slot++) {
            sum += s->inner.push[(size_t)slot * QN_PUSH + QN_PUSH_F + 2];
        }
    }
    return sum;
}

Test(verify_mills, the_floor_carries_the_weight_of_a_column_without_friction)
{
    const struct fixture f = {.young = 1e8,
                              .poisson = 0.3,
                              .density = 7800.0,
                              .restitution = 0.3,
                              .gravity_z = -9.81,
                              .dt = 5e-6};
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = qn_vessel_cylinder(0.016, 0.06);
    const struct qn_insert group = {0, 80, 2e-3};
    struct qn_dem s;
    double weight = 0.0, push = 0.0;
    const int samples = 20000;
    qn_dem_init(&m, &s, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, &group, 1, 3), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    walk(&m, &s, 100000); // half a second
    for (int k = 0; k < samples; k++) {
        walk(&m, &s, 1);
        push += wall_push(&s, 1) / samples;
    }
    for (int i = 0; i < s.n; i++) {
        weight += s.mass[i] * 9.81;
    }
    cr_expect(epsilon_eq(dbl, push / weight, 1.0, 1e-3), "%g of the weight", push / weight);
    cr_expect(eq(dbl, wall_push(&s, 0), 0.0)); // a smooth mantle carries nothing
    qn_dem_free(&s);
}

/// Ball of bearing steel on steel, 3 m/s at 45 degrees, e 0.7, friction 0.3.
static struct impact slanted(double softening, double restitution, double steps)
{
    const struct fixture f = {.young = 210e9 / softening,
                              .poisson = 0.3,
                              .density = 7850.0,
                              .restitution = restitution,
                              .friction = 0.3};
    return impact_on_floor(f, 5e-3, 3.0 * sqrt(0.5), 3.0 * sqrt(0.5), 0.0, steps);
}

Test(verify_mills, an_oblique_impact_has_the_published_shares_and_converges)
{
    // at vanishing step, from an independent program: loss 7.0331 mJ, normal 4.7195, tangential
    // 2.3137, 18.58 um, 893.1 N, 409.9 rad/s
    const struct impact fine = slanted(1.0, 0.7, 6400.0);
    const struct qn_episode *e = &fine.episode;
    cr_expect(epsilon_eq(dbl, qn_episode_loss(e) / 7.0331e-3, 1.0, 2e-3), "%g", qn_episode_loss(e));
    cr_expect(epsilon_eq(dbl, e->w_normal / 4.7195e-3, 1.0, 2e-3), "%g", e->w_normal);
    cr_expect(epsilon_eq(dbl, e->w_slip / 2.3137e-3, 1.0, 3e-3), "%g", e->w_slip);
    cr_expect(epsilon_eq(dbl, e->depth_max, 18.58e-6, 0.01e-6), "%g", e->depth_max);
    cr_expect(epsilon_eq(dbl, e->f_max / 893.1, 1.0, 1e-3), "%g", e->f_max);
    cr_expect(epsilon_eq(dbl, fine.w[0][1] / 409.9, 1.0, 3e-3), "%g", fine.w[0][1]);
    double error[4];
    for (int k = 0; k < 4; k++) { // 25 to 200 steps an impact; friction is of first order in them
        const struct impact a = slanted(1.0, 0.7, 25.0 * (1 << k));
        error[k] = fabs(a.v[0][2] - fine.v[0][2]) / 3.0 + fabs(a.v[0][0] - fine.v[0][0]) / 3.0 +
                   5e-3 * fabs(a.w[0][1] - fine.w[0][1]) / 3.0;
    }
    cr_expect(lt(dbl, error[1], 2e-3), "%g at 50 steps", error[1]);
    cr_expect(lt(dbl, error[3], 5e-4), "%g at 200 steps", error[3]);
    cr_expect(lt(dbl, error[3], error[0] / 6.0), "%g from %g", error[3], error[0]);
}

Test(verify_mills, softening_changes_the_contact_and_not_the_rebound)
{
    // depth ~ S^0.4, t ~ S^0.4, F ~ S^-0.4; speeds, spin and losses stay (to depth/R)
    const struct impact stiff = slanted(1.0, 0.7, 1000.0);
    for (double s = 10.0; s < 101.0; s *= 10.0) {
        const struct impact soft = slanted(s, 0.7, 1000.0);
        const double depth = soft.episode.depth_max / 5e-3, grown = pow(s, 0.4);
        cr_expect(lt(dbl, depth, 0.03)); // admissible
        cr_expect(
            epsilon_eq(dbl, soft.episode.depth_max / stiff.episode.depth_max / grown, 1.0, 1e-3));
        cr_expect(epsilon_eq(dbl, soft.episode.f_max / stiff.episode.f_max * grown, 1.0, 1e-3));
        cr_expect(epsilon_eq(dbl,
                             (soft.episode.t1 - soft.episode.t0) /
                                 (stiff.episode.t1 - stiff.episode.t0) / grown,
                             1.0, 2e-3));
        cr_expect(epsilon_eq(dbl, soft.v[0][2], stiff.v[0][2], 1e-3));
        cr_expect(epsilon_eq(dbl, soft.v[0][0] / stiff.v[0][0], 1.0, depth));
        cr_expect(epsilon_eq(dbl, soft.w[0][1] / stiff.w[0][1], 1.0, 2.0 * depth), "S %g: %g", s,
                  soft.w[0][1] / stiff.w[0][1]);
        cr_expect(epsilon_eq(dbl, qn_episode_loss(&soft.episode) / qn_episode_loss(&stiff.episode),
                             1.0, depth));
    }
}
