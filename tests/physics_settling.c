// Settling: inserted bodies come to rest in a mill that stands, and the mill begins at t = 0.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "base/array.h"
#include "dem/archive.h"
#include "dem/insert.h"
#include "dem/settle.h"
#include "dem_fixture.h"

static const double G = 9.81;
enum { BALLS = 80 };

/// 80 balls of 5 mm, two to three layers, in a box that a planetary mill would whirl at full speed.
static struct qn_dem_model mill(double dt)
{
    const struct fixture f = {.young = 5e7,
                              .poisson = 0.3,
                              .density = 7800.0,
                              .restitution = 0.5,
                              .friction = 0.4,
                              .rolling = 0.02,
                              .dt = dt};
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = qn_vessel_box((const double[3]){0.03, 0.03, 0.06});
    m.motion = fixture_planetary(0.06, 60.0, -1.82);
    m.motion.gravity[2] = -G;
    return m;
}

static void insert(const struct qn_dem_model *m, struct qn_dem *s, uint64_t seed)
{
    const struct qn_insert group = {0, BALLS, 2.5e-3};
    qn_dem_init(m, s, 1);
    cr_assert(eq(int, qn_insert_bodies(m, s, &group, 1, seed), QN_OK), "%s", qn_error_text());
    const struct qn_dem_model rest = qn_settle_model(m);
    cr_assert(eq(int, qn_dem_start(&rest, s), QN_OK), "%s", qn_error_text());
}

static struct qn_settling asked(void)
{
    return (struct qn_settling){.most = 2.0, .limit = 1e-4, .hold = 0.01, .quiet = -1.0};
}

/// At most `steps` steps, less when it is done.
static void settle(const struct qn_dem_model *rest, struct qn_dem *s, struct qn_settling *settling,
                   int64_t steps)
{
    const struct qn_episode *events;
    size_t n;
    for (int64_t k = 0; k < steps && !settling->done; k++) {
        cr_assert(eq(int, qn_settle_step(rest, s, settling), QN_OK), "%s", qn_error_text());
        qn_dem_drain(s, &events, &n);
    }
}

/// What floor and sides bear, upwards, now [N].
static double borne(const struct qn_dem *s)
{
    double force = 0.0;
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; slot < sec->last * QN_VL; slot++) {
            const int i = s->inner.block[slot / QN_VL].i[slot % QN_VL];
            const double *push = s->inner.push + (size_t)slot * QN_PUSH + QN_PUSH_F;
            force += sec->wall >= 0 && i < s->n ? push[2] : 0.0;
        }
    }
    return force;
}

struct bed {
    double height, floor, weight; ///< of the centre of mass above the floor [m]; [N]
    double book;                  ///< second, the integrator's error [-]
};

static struct bed settled_bed(double dt, uint64_t seed)
{
    const struct qn_dem_model m = mill(dt), rest = qn_settle_model(&m);
    struct qn_dem s = {0};
    struct qn_settling settling = asked();
    struct qn_ledger books;
    struct bed out = {0};
    insert(&m, &s, seed);
    settle(&rest, &s, &settling, INT64_MAX);
    cr_expect(eq(int, (int)s.step, 0)); // the mill's clock
    cr_expect(epsilon_eq(dbl, qn_settle_energy(&rest, &s), settling.energy, 1e-15));
    const int steps = (int)(0.02 / dt);
    const struct qn_episode *events;
    size_t n;
    for (int k = 0; k < steps; k++) { // forces still ring: a mean over 20 ms
        cr_assert(eq(int, qn_dem_step(&rest, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        out.floor += borne(&s) / steps;
    }
    for (int i = 0; i < s.n; i++) {
        out.height += (s.body[i].x[2] + m.vessel.half[2]) / s.n;
        out.weight += s.mass[i] * G;
    }
    qn_ledger_read(&m, &s, &books);
    cr_expect(settling.done && settling.energy < 1e-4 && settling.time > 0.05);
    cr_expect(fabs(books.residual_a) < 1e-10, "first book %g", books.residual_a);
    out.book = fabs(books.residual_b);
    // a mill that stands feeds in nothing, so all of the fall is lost or stored
    cr_expect(books.frame == 0.0 && fabs(books.drive) < 1e-12 * books.gravity);
    qn_dem_free(&s);
    printf("dt %g: settled in %.3f s, centre of mass at %.4f mm, walls bear %.5f of the weight, "
           "second "
           "book %.1e\n",
           dt, settling.time, 1e3 * out.height, out.floor / out.weight, out.book);
    return out;
}

Test(settling, the_vial_bears_the_weight_and_the_height_does_not_feel_the_step)
{
    // which ball lies where is chaotic; means over three beds differ by their scatter
    double height[2] = {0.0, 0.0}, books[2] = {0.0, 0.0};
    for (uint64_t seed = 1; seed <= 3; seed++) {
        for (int half = 0; half < 2; half++) {
            const struct bed b = settled_bed(half ? 5e-6 : 1e-5, seed);
            height[half] += b.height / 3.0;
            books[half] += b.book / 3.0;
            cr_expect(epsilon_eq(dbl, b.floor / b.weight, 1.0, 0.01));
        }
    }
    cr_expect(epsilon_eq(dbl, height[1] / height[0], 1.0, 0.03));
    cr_expect(books[0] < 1e-3 && books[1] < 0.4 * books[0], "%g %g", books[0], books[1]);
}

Test(settling, the_mean_of_kinetic_energy_over_m_g_R_is_what_it_says)
{
    // v = 0.1 m/s and one at rest that spins on its spot: half of v^2/(2 g R)
    const struct qn_dem_model m = mill(1e-5), rest = qn_settle_model(&m);
    struct qn_dem s = {0};
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, 2e-3, (const double[3]){-5e-3, 0, 0}, (const double[3]){0.1, 0, 0},
               STILL);
    qn_dem_add(&m, &s, 0, 4e-3, (const double[3]){5e-3, 0, 0}, STILL, (const double[3]){50, 0, 0});
    cr_assert(eq(int, qn_dem_start(&rest, &s), QN_OK), "%s", qn_error_text());
    // the start adds half a kick of gravity, downward: (g dt/2)^2 of 1e-2 m2/s2
    const double one = 0.01 / (2.0 * G * 2e-3);
    cr_expect(epsilon_eq(dbl, qn_settle_energy(&rest, &s), 0.5 * one, 1e-6));
    qn_dem_free(&s);
}

Test(settling, bodies_that_cannot_settle_are_told_in_words)
{
    const struct qn_dem_model m = mill(2e-5), rest = qn_settle_model(&m);
    struct qn_dem s = {0};
    struct qn_settling settling = asked();
    enum qn_status status = QN_OK;
    settling.most = 0.02;
    insert(&m, &s, 1);
    for (int k = 0; k < 2000 && status == QN_OK; k++) {
        status = qn_settle_step(&rest, &s, &settling);
    }
    cr_expect(eq(int, status, QN_ERR_PHYSICS));
    cr_expect(strstr(qn_error_text(), "did not settle within run.settle, 0.02 s") != NULL, "%s",
              qn_error_text());
    qn_dem_free(&s);
}

Test(settling, bodies_that_have_just_begun_to_fall_do_not_rest)
{
    // after 64 steps of 0.02 ms v^2/(2 g R) = g t^2/(2 R) is 0.003; it passes 0.01 within the hold
    const struct qn_dem_model m = mill(2e-5), rest = qn_settle_model(&m);
    struct qn_dem s = {0};
    struct qn_settling settling = asked();
    settling.limit = 0.01;
    insert(&m, &s, 1);
    settle(&rest, &s, &settling, 64);
    cr_expect(settling.energy > 0.0 && settling.energy < 0.01);
    settle(&rest, &s, &settling, 1000);
    cr_expect(eq(int, settling.done, 0));
    qn_dem_free(&s);
}

Test(settling, goes_on_from_a_pack_to_the_same_bits)
{
    const struct qn_dem_model m = mill(2e-5), rest = qn_settle_model(&m);
    struct qn_dem s = {0}, again = {0};
    struct qn_settling settling = asked(), went;
    const struct qn_episode *events;
    void *bytes;
    size_t size, n;
    insert(&m, &s, 2);
    settle(&rest, &s, &settling, 3000);
    cr_assert(settling.done == 0);
    went = settling;
    qn_dem_pack(&s, &bytes, &size);
    qn_dem_init(&m, &again, 1);
    cr_assert(eq(int, qn_dem_unpack(&m, &again, bytes, size), QN_OK), "%s", qn_error_text());
    qn_free(bytes);
    settle(&rest, &s, &settling, INT64_MAX);
    settle(&rest, &again, &went, INT64_MAX);
    cr_expect(settling.time == went.time && settling.energy == went.energy);
    for (int k = 0; k < 500; k++) { // and the mill moves them
        cr_assert(qn_dem_step(&m, &s) == QN_OK && qn_dem_step(&m, &again) == QN_OK);
        qn_dem_drain(&s, &events, &n);
        for (size_t e = 0; e < n; e++) {
            cr_expect(ge(dbl, events[e].t1, events[e].t0)); // contacts begun before t = 0 are older
        }
        qn_dem_drain(&again, &events, &n);
    }
    cr_expect(qn_dem_hash(&s) == qn_dem_hash(&again));
    cr_expect(qn_settle_energy(&m, &s) > 0.05, "the mill moves what had settled");
    qn_dem_free(&s);
    qn_dem_free(&again);
}
