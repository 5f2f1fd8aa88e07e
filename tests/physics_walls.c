// Walls: each surface against its own gradient, the effective radius in the law, moving walls in
// every mill with both books closed, and the same bits however they are found.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/rng.h"
#include "dem/insert.h"
#include "dem_fixture.h"

static const double R = 3e-3;

static struct qn_dem_model steel(double dt)
{
    const struct fixture f = {.young = 193e9 / 50.0,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = 0.6,
                              .friction = 0.4,
                              .rolling = 0.01,
                              .gravity_z = -9.81,
                              .dt = dt};
    return fixture_model(&f);
}

/// Vials of every shape, built as a deck would: diameter, height, sizes, ends.
struct cylinder_like {
    double diameter, height, size[2];
    int end[2];
};

static struct qn_vessel vial(const char *name, const void *own)
{
    struct qn_vessel v = {0};
    for (int k = 0; qn_vial_laws[k]; k++) {
        if (strcmp(qn_vial_laws[k]->name, name) == 0) {
            qn_vial_laws[k]->build(own, NULL, &v);
        }
    }
    cr_assert(gt(int, v.n_walls, 0), "%s", name);
    return v;
}

static struct qn_vessel rounded(void)
{
    const struct cylinder_like c = {0.04, 0.06, {0.02, 0.008}, {1, 1}};
    return vial("cylinder", &c);
}

static struct qn_vessel conical(void)
{
    const struct cylinder_like c = {0.04, 0.06, {0.015, 0.0}, {2, 0}};
    return vial("cylinder", &c);
}

static struct qn_vessel sphere(void)
{
    const double d = 0.05;
    return vial("sphere", &d);
}

static struct qn_vessel with_arms(void)
{
    struct qn_vessel v = qn_vessel_cylinder(0.06, 0.06);
    const struct qn_rod shaft = {{0, 0, -0.04}, {0, 0, 0.04}, 4e-3, 1},
                        arm = {{-0.02, 0, -0.01}, {0.02, 0, -0.01}, 3e-3, 1},
                        lifter = {{0.03, 0, -0.03}, {0.03, 0, 0.03}, 3e-3, 0};
    qn_vessel_add_rod(&v, &shaft);
    qn_vessel_add_rod(&v, &arm);
    qn_vessel_add_rod(&v, &lifter);
    return v;
}

static void draw(const struct qn_vessel *v, uint64_t k, double x[3])
{
    for (uint32_t d = 0; d < 3; d++) {
        x[d] = (2.0 * qn_uniform(5, QN_STREAM_INSERT, k, 0, d) - 1.0) * v->half[d];
    }
}

/// The mean curvature on a surface is half the divergence of its normal there.
static void bends(const struct qn_wall *w, const double x[3])
{
    const double h = 1e-6;
    struct qn_wall_point p, a, b;
    double spread = 0.0;
    cr_assert(eq(int, qn_wall_look(w, x, 1.0, &p), 1));
    for (int d = 0; d < 3; d++) {
        double y[3] = {x[0], x[1], x[2]};
        y[d] = x[d] + h;
        cr_assert(eq(int, qn_wall_look(w, y, 1.0, &a), 1));
        y[d] = x[d] - h;
        cr_assert(eq(int, qn_wall_look(w, y, 1.0, &b), 1));
        spread += (a.normal[d] - b.normal[d]) / (2.0 * h);
        if (fabs(a.curvature - b.curvature) > 0.01 * fabs(p.curvature)) {
            return; // where a rounding begins, or at the tip of a cone
        }
    }
    cr_expect(lt(dbl, fabs(0.5 * spread - p.curvature), 1e-3 * fabs(p.curvature) + 1e-6), "%g %g",
              0.5 * spread, p.curvature);
}

Test(walls, a_normal_is_the_gradient_of_its_distance)
{
    // and the nearest point, x - distance n, lies on the surface
    const struct qn_vessel all[] = {rounded(), conical(), sphere(), with_arms(),
                                    qn_vessel_box((const double[3]){0.04, 0.05, 0.06})};
    const double h = 1e-7;
    for (size_t n = 0; n < sizeof all / sizeof *all; n++) {
        for (uint64_t k = 0; k < 400; k++) {
            double x[3];
            draw(&all[n], k, x);
            for (int w = 0; w < all[n].n_walls; w++) {
                struct qn_wall_point p, a, b;
                if (!qn_wall_look(&all[n].wall[w], x, 1.0, &p) || fabs(p.distance) < 1e-6) {
                    continue;
                }
                for (int d = 0; d < 3; d++) {
                    double y[3] = {x[0], x[1], x[2]};
                    y[d] = x[d] + h;
                    cr_assert(eq(int, qn_wall_look(&all[n].wall[w], y, 1.0, &a), 1));
                    y[d] = x[d] - h;
                    cr_assert(eq(int, qn_wall_look(&all[n].wall[w], y, 1.0, &b), 1));
                    const double slope = (a.distance - b.distance) / (2.0 * h);
                    // a kink within h of x would show; none of the drawn points has one
                    cr_expect(lt(dbl, fabs(slope - p.normal[d]), 1e-4), "vial %zu wall %d", n, w);
                }
                double foot[3];
                for (int d = 0; d < 3; d++) {
                    foot[d] = x[d] - p.distance * p.normal[d];
                }
                if (qn_wall_look(&all[n].wall[w], foot, 1.0, &a)) {
                    cr_expect(lt(dbl, fabs(a.distance), 1e-12), "vial %zu wall %d", n, w);
                    bends(&all[n].wall[w], foot);
                }
            }
        }
    }
}

Test(walls, volumes_and_areas_are_those_of_closed_forms_and_of_counted_points)
{
    const struct cylinder_like capsule = {0.04, 0.06, {0.02, 0.02}, {1, 1}};
    const struct qn_vessel c = vial("cylinder", &capsule);
    const double ball = 4.0 / 3.0 * QN_PI * 8e-6, tube = QN_PI * 4e-4 * 0.02;
    cr_assert(epsilon_eq(dbl, c.volume, ball + tube, 1e-12));
    cr_assert(epsilon_eq(dbl, c.area, 4.0 * QN_PI * 4e-4 + QN_PI * 0.04 * 0.02, 1e-12));
    const struct qn_vessel all[] = {rounded(), conical(), sphere()};
    for (size_t n = 0; n < 3; n++) {
        int in = 0;
        for (uint64_t k = 0; k < 200000; k++) {
            struct qn_wall_point p;
            double x[3];
            int out = 0;
            draw(&all[n], k, x);
            for (int w = 0; w < all[n].n_walls; w++) {
                out |= qn_wall_look(&all[n].wall[w], x, 0.0, &p);
            }
            in += !out;
        }
        const double *half = all[n].half;
        cr_expect(epsilon_eq(dbl, in / 2e5 * 8.0 * half[0] * half[1] * half[2] / all[n].volume, 1.0,
                             0.006));
    }
    // bars: a shaft through a cylinder takes pi r^2 h and adds 2 pi r h
    struct qn_vessel v = qn_vessel_cylinder(0.06, 0.06);
    const double empty = v.volume, bare = v.area;
    const struct qn_rod shaft = {{0, 0, -0.05}, {0, 0, 0.05}, 8e-3, 1};
    qn_vessel_add_rod(&v, &shaft);
    qn_vessel_carve(&v, &shaft, 1);
    cr_expect(epsilon_eq(dbl, (empty - v.volume) / (QN_PI * 64e-6 * 0.06), 1.0, 0.01));
    cr_expect(epsilon_eq(dbl, (v.area - bare) / (2.0 * QN_PI * 8e-3 * 0.06), 1.0, 0.03));
}

Test(walls, a_hollow_wall_enters_the_law_with_its_curvature)
{
    // Hertz: delta_m = [5 m v^2 / (4 K)]^(2/5), K = 4/3 E* sqrt(R*), 1/R* = 1/R - 1/R_wall for a
    // sphere of 25 mm, 1/R - 1/(2 R_wall) for a mantle, 1/R + 1/(2 r) for a bar
    const double radius = 0.02;
    for (int k = 0; k < 3; k++) {
        struct qn_dem_model m = steel(1e-7);
        m.motion.gravity[2] = 0.0;
        m.classes[1].restitution = 1.0;
        m.vessel = k == 0 ? sphere() : rounded();
        const struct qn_rod bar = {{0, 0, -0.05}, {0, 0, 0.05}, 4e-3, 0};
        if (k == 2) {
            qn_vessel_add_rod(&m.vessel, &bar);
        }
        const double bend = k == 0 ? -1.0 / 0.025 : k == 1 ? -0.5 / radius : 0.5 / 4e-3;
        const double wall = k == 0 ? 0.025 - R : k == 1 ? radius - R : 4e-3 + R;
        const double v = 2.0, x[3] = {wall + (k == 2 ? 1e-6 : -1e-6), 0, 0};
        const double vel[3] = {k == 2 ? -v : v, 0, 0};
        struct qn_dem s;
        const struct qn_episode *e;
        size_t n = 0;
        qn_dem_init(&m, &s, 1);
        qn_dem_add(&m, &s, 0, R, x, vel, STILL);
        cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
        while (n == 0) {
            cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
            qn_dem_drain(&s, &e, &n);
        }
        const double rstar = 1.0 / (1.0 / R + bend);
        const double depth = pow(1.25 * s.mass[0] * v * v / (m.classes[1].k43 * sqrt(rstar)), 0.4);
        cr_expect(epsilon_eq(dbl, e[0].r_star / rstar, 1.0, 1e-9), "wall %d", k);
        cr_expect(epsilon_eq(dbl, e[0].depth_max / depth, 1.0, 1e-3), "wall %d", k);
        qn_dem_free(&s);
    }
}

/// A bed in a vial and a mill for `span`; returns the digest of its state.
static uint64_t mill_bed(struct qn_dem_model *m, int balls, double span, int threads,
                         struct qn_ledger *books)
{
    struct qn_dem s;
    const struct qn_insert group = {0, balls, R};
    const struct qn_episode *events;
    size_t n;
    qn_dem_init(m, &s, threads);
    cr_assert(eq(int, qn_insert_bodies(m, &s, &group, 1, 7), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_dem_start(m, &s), QN_OK), "%s", qn_error_text());
    while (qn_dem_time(m, &s) < span) {
        cr_assert(eq(int, qn_dem_step(m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
    }
    qn_ledger_read(m, &s, books);
    const uint64_t hash = qn_dem_hash(&s);
    qn_dem_free(&s);
    return hash;
}

static struct qn_motion shaker(void)
{
    const struct qn_mill_value v[] = {{"frequency", {14.583}},
                                      {"arm", {0.1}},
                                      {"swing", {0.0295}},
                                      {"sway", {0.0127}},
                                      {NULL, {0}}};
    struct qn_motion m = qn_motion_make("shaker", v);
    m.gravity[1] = -9.81;
    return m;
}

static struct qn_motion turning(const char *law, double speed)
{
    const struct qn_mill_value v[] = {{"speed", {speed}}, {NULL, {0}}};
    struct qn_motion m = qn_motion_make(law, v);
    m.gravity[law[0] == 't' ? 1 : 2] = -9.81;
    return m;
}

static void closes(struct qn_dem_model *m, const char *what)
{
    struct qn_ledger b;
    mill_bed(m, 20, 0.1, 1, &b);
    cr_expect(lt(dbl, fabs(b.residual_a), 1e-12), "%s %g", what, b.residual_a);
    cr_expect(lt(dbl, fabs(b.residual_b), 1e-3), "%s %g", what, b.residual_b);
    cr_expect(gt(dbl, b.normal + b.slip, 0.0), "%s", what);
    cr_expect(gt(dbl, fabs(b.drive), 1e-5), "%s", what);
}

Test(walls, both_books_close_whatever_moves)
{
    struct qn_dem_model m = steel(2e-6);
    m.vessel = rounded();
    m.motion = shaker();
    closes(&m, "rounded vial in a shaker");
    m.vessel = qn_vessel_box((const double[3]){0.04, 0.04, 0.04});
    m.motion = turning("tumbler", 12.0);
    closes(&m, "box in a tumbler");
    m.vessel = conical();
    m.motion = fixture_planetary(0.06, 40.0, -1.82);
    closes(&m, "cone in a planetary mill");
    m.vessel = with_arms();
    m.motion = turning("attritor", 30.0);
    m.motion.run_up = 0.02;
    closes(&m, "attritor");
}

Test(walls, a_mantle_asked_body_by_body_is_the_mantle_of_the_vector_kernel)
{
    // the same cylinder once as PLANE and MANTLE, once through the functions, for one ball
    struct qn_dem_model m = steel(1e-6);
    double x[2][3];
    for (int k = 0; k < 2; k++) {
        m.vessel = qn_vessel_cylinder(0.04, 0.06);
        if (k) {
            m.vessel.wall[0] = rounded().wall[0];
            m.vessel.wall[0].own[2] = m.vessel.wall[0].own[3] = -1.0; // no rounding
        }
        m.motion = fixture_planetary(0.06, 40.0, -1.82);
        m.motion.gravity[2] = -9.81;
        struct qn_dem s;
        const struct qn_episode *e;
        size_t n, hits = 0;
        qn_dem_init(&m, &s, 1);
        qn_dem_add(&m, &s, 0, R, (const double[3]){5e-3, 1e-3, 0}, STILL, STILL);
        cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
        while (qn_dem_time(&m, &s) < 0.06) {
            cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
            qn_dem_drain(&s, &e, &n);
            hits += n;
        }
        cr_expect(gt(sz, hits, 0));
        memcpy(x[k], s.body[0].x, sizeof x[k]);
        qn_dem_free(&s);
    }
    for (int d = 0; d < 3; d++) {
        cr_expect(lt(dbl, fabs(x[0][d] - x[1][d]), 1e-9));
    }
}

Test(walls, turning_walls_give_the_same_bits_for_any_threads_and_lists)
{
    struct qn_ledger b;
    struct qn_dem_model m = steel(2e-6);
    m.vessel = rounded();
    m.motion = shaker();
    const uint64_t hash = mill_bed(&m, 30, 0.05, 1, &b);
    cr_expect(eq(int, mill_bed(&m, 30, 0.05, 2, &b) == hash, 1));
    m.skin_speed = 0.2; // other lists
    cr_expect(eq(int, mill_bed(&m, 30, 0.05, 1, &b) == hash, 1));
}

Test(walls, an_arm_throws_a_ball_with_one_plus_e_times_its_speed)
{
    // a smooth bar turning at 20 rad/s meets a resting ball 20 mm out: v = (1 + e) w x at the
    // contact, to the first order in delta / x
    struct qn_dem_model m = steel(2e-7);
    m.motion = turning("attritor", 20.0);
    m.motion.gravity[2] = 0.0;
    m.classes[1].friction = 0.0;
    m.vessel = qn_vessel_cylinder(0.08, 0.06);
    const struct qn_rod arm = {{-0.035, 0, 0}, {0.035, 0, 0}, 2e-3, 1};
    qn_vessel_add_rod(&m.vessel, &arm);
    struct qn_dem s;
    const struct qn_episode *e;
    size_t n = 0;
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, R, (const double[3]){0.02, R + 2e-3 + 1e-5, 0}, STILL, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    while (n == 0) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &e, &n);
    }
    cr_expect(epsilon_eq(dbl, s.body[0].v[1], 1.6 * 20.0 * 0.02, 0.01));
    cr_expect(epsilon_eq(dbl, e[0].v_n0, 0.4, 0.002));
    qn_dem_free(&s);
}
