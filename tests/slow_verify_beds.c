// Means of whole beds and mills: Janssen's silo, the regimes of a rotating drum, powers of a mill's
// speed, and what neither the step nor an admissible softening may change.
#include "dem/insert.h"
#include "impact_fixture.h"

static void walk(const struct qn_dem_model *m, struct qn_dem *s, double until)
{
    const struct qn_episode *events;
    size_t n;
    while (qn_dem_time(m, s) < until) {
        cr_assert(eq(int, qn_dem_step(m, s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(s, &events, &n);
    }
}

static const double G = 9.81;

/// A rough tube of 24 mm filled with balls of 4 mm.
struct silo {
    double weight, floor;  ///< [N]
    double side, friction; ///< of the mantle: normal force, pull up               [N]
    double height;         ///< of the bed                                         [m]
    double weight_moment, friction_moment; ///< force times height above the floor  [N m]
};

static const double TUBE = 0.024, TUBE_FRICTION = 0.4;

/// What the walls do to a bed under `gravity`.
static struct silo weigh(const struct qn_dem_model *m, const struct qn_dem *s, double gravity)
{
    struct silo out = {0};
    const double ground = -m->vessel.half[2];
    for (int i = 0; i < s->n; i++) {
        out.weight += s->mass[i] * gravity;
        out.weight_moment += s->mass[i] * gravity * (s->body[i].x[2] - ground);
    }
    out.height = 2.0 * out.weight_moment / out.weight;
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; slot < sec->last * QN_VL; slot++) {
            const double *push = s->inner.push + (size_t)slot * QN_PUSH + QN_PUSH_F;
            const int i = s->inner.block[slot / QN_VL].i[slot % QN_VL];
            if (sec->wall < 0 || i >= s->n) {
                continue;
            }
            const double *x = s->body[i].x;
            if (sec->wall == 0) {
                out.side -= (push[0] * x[0] + push[1] * x[1]) / hypot(x[0], x[1]);
                out.friction += push[2];
                out.friction_moment += push[2] * (x[2] - ground);
            } else if (sec->wall == 1) {
                out.floor += push[2];
            }
        }
    }
    return out;
}

/// Settles under 1 g, then the weight grows to 20 g within 0.2 s: every layer sinks along the
/// wall, whose friction is then spent upwards, as when a silo is filled.
static struct silo fill(int count)
{
    const struct fixture f = {.young = 2e7,
                              .poisson = 0.3,
                              .density = 2500.0,
                              .restitution = 0.3,
                              .friction = TUBE_FRICTION,
                              .dt = 7e-6};
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = qn_vessel_cylinder(TUBE, 0.4);
    m.classes[0].friction = 0.2;
    const struct qn_insert group = {0, count, 2e-3};
    struct qn_dem s;
    m.motion.gravity[2] = -G;
    qn_dem_init(&m, &s, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, &group, 1, 5), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    walk(&m, &s, 0.8);
    for (int k = 1; k <= 200; k++) {
        m.motion.gravity[2] = -G * (1.0 + 19.0 * k / 200.0);
        walk(&m, &s, 0.8 + 1e-3 * k);
    }
    walk(&m, &s, 1.1);
    const struct silo out = weigh(&m, &s, 20.0 * G);
    qn_dem_free(&s);
    return out;
}

/// Floor over weight of a bed as high as `x` of Janssen's lengths.
static double janssen(double x)
{
    return (1.0 - exp(-x)) / x;
}

Test(verify_beds, a_rough_tube_carries_what_janssen_says)
{
    // floor = W (L/H)(1 - exp(-H/L)), L = D/(4 mu K) with the friction really spent. One length,
    // from the highest bed, serves all; and it is that of the walls' own pressure and friction.
    enum { BEDS = 4 };
    double measured[BEDS], high[BEDS];
    for (int k = 0; k < BEDS; k++) {
        const struct silo a = fill(150 << k);
        const double area = 0.25 * QN_PI * TUBE * TUBE, mantle = QN_PI * TUBE * a.height;
        const double down = (a.weight_moment - a.friction_moment) / (area * a.height);
        const double length = 0.25 * TUBE * mantle * down / a.friction;
        const double closed = janssen(a.height / length), pressure = a.side / mantle / down;
        measured[k] = a.floor / a.weight, high[k] = a.height / TUBE;
        printf("H/D %.2f: floor/W %.3f, by the walls' friction %.3f, K %.2f, spent %.2f\n", high[k],
               measured[k], closed, pressure, a.friction / TUBE_FRICTION / a.side);
        cr_expect(epsilon_eq(dbl, (a.floor + a.friction) / a.weight, 1.0, 2e-3));
        cr_expect(lt(dbl, a.friction, TUBE_FRICTION * a.side * (1.0 + 1e-12))); // Coulomb
        cr_expect(epsilon_eq(dbl, measured[k], closed, 0.05), "%g, %g", measured[k], closed);
    }
    double x = 1.0 / measured[BEDS - 1];
    for (int k = 0; k < 50; k++) {
        x = (1.0 - exp(-x)) / measured[BEDS - 1];
    }
    for (int k = 0; k + 1 < BEDS; k++) {
        const double one = janssen(x * high[k] / high[BEDS - 1]);
        cr_expect(epsilon_eq(dbl, measured[k] / one, 1.0, 0.08), "%g, %g", measured[k], one);
    }
}

/// Means of a turning drum.
struct turned {
    double power;    ///< dissipated, over M g R w                                  [-]
    double x, y;     ///< place of the mean, over R                                 [-]
    double flying;   ///< share of balls that touch nothing                         [-]
    double rotation; ///< mean angular speed of the balls about the axis, over w    [-]
};

static void look_at_drum(const struct qn_dem *s, double w, double share, struct turned *out)
{
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *b = &s->body[i];
        const double each = share / s->n, r2 = b->x[0] * b->x[0] + b->x[1] * b->x[1];
        int open = 0;
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
            const int slot = s->gather[e] >> 1;
            open |= slot && *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
        }
        out->flying += each * !open;
        out->x += each * b->x[0], out->y += each * b->x[1];
        out->rotation += each * (b->x[0] * b->v[1] - b->x[1] * b->v[0]) / (r2 * w);
    }
}

/// 150 balls of 5 mm in a drum of 60 x 20 mm.
static struct turned turn_drum(double froude)
{
    const double big = 0.03, w = sqrt(froude * G / big), turn = 2.0 * QN_PI / w;
    const struct fixture f = {.young = 5e8,
                              .poisson = 0.3,
                              .density = 2500.0,
                              .restitution = 0.5,
                              .friction = 0.6,
                              .dt = 5e-6};
    const struct qn_insert group = {0, 150, 2.5e-3};
    const int samples = 400;
    struct qn_dem_model m = fixture_model(&f);
    struct qn_dem s;
    struct qn_ledger a, b;
    struct turned out = {0};
    m.vessel = qn_vessel_cylinder(2.0 * big, 0.02);
    m.motion = fixture_planetary(0.0, w, 0.0);
    m.motion.gravity[1] = -G;
    qn_dem_init(&m, &s, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, &group, 1, 5), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    const double t0 = fmin(fmax(3.0 * turn, 1.5), 3.0), span = fmin(fmax(2.0 * turn, 1.0), 3.0);
    walk(&m, &s, t0);
    qn_ledger_read(&m, &s, &a);
    for (int k = 1; k <= samples; k++) {
        walk(&m, &s, t0 + span * k / samples);
        look_at_drum(&s, w, 1.0 / samples, &out);
    }
    qn_ledger_read(&m, &s, &b);
    out.x /= big, out.y /= big;
    out.power = (b.normal + b.slip - a.normal - a.slip) / span / (s.n * s.mass[0] * G * big * w);
    qn_dem_free(&s);
    printf("Fr %g: flying %.3f, rotation %.3f, x %.3f, y %.3f, power %.3f\n", froude, out.flying,
           out.rotation, out.x, out.y, out.power);
    return out;
}

Test(verify_beds, a_drum_rolls_cascades_cataracts_and_centrifuges)
{
    // Mellmann (2001): rolling 1e-4 to 1e-2, cascading 1e-3 to 0.1, cataracting 0.1 to 1,
    // centrifuging from 1 on in the Froude number w^2 R/g. Steady: P = M g x w.
    const struct turned rolling = turn_drum(1e-3), cascading = turn_drum(0.03),
                        cataracting = turn_drum(0.4), centrifuging = turn_drum(4.0);
    cr_expect(lt(dbl, rolling.flying, 0.1)); // a bed that holds together
    cr_expect(lt(dbl, rolling.flying, cascading.flying));
    cr_expect(gt(dbl, cataracting.flying, 0.5)); // thrown
    cr_expect(lt(dbl, fabs(cataracting.rotation), 0.05));
    cr_expect(gt(dbl, centrifuging.rotation, 0.95)); // carried round
    cr_expect(lt(dbl, centrifuging.flying, 0.05));
    cr_expect(lt(dbl, hypot(centrifuging.x, centrifuging.y), 0.05));
    cr_expect(lt(dbl, centrifuging.power, 0.1 * cataracting.power));
    cr_expect(epsilon_eq(dbl, cascading.power / cascading.x, 1.0, 0.05));
    cr_expect(epsilon_eq(dbl, cataracting.power / cataracting.x, 1.0, 0.05));
}

/// Means of a planetary mill.
struct milled {
    double speed;  ///< of the balls, root mean square, in axes of the jar          [m/s]
    double power;  ///< dissipated                                                  [W]
    double hits;   ///< above HARD, half the speed of the balls                     [1/s]
    double energy; ///< dissipated by one of them                                   [J]
};

/// What counts as a hit at 400 rpm. Weaker ones are re-bounces within a crowd: those above 0.05 m/s
/// become 15 % and 33 % fewer when moduli are softened 10 and 100 times, while the power stays.
static const double HARD = 0.67;

/// Forty 10 mm balls in a Pulverisette 6 of 75 x 50 mm: `turns` of the wheel after 3; moduli over
/// `softening`; the step is the shortest impact (6 m/s) over `steps`.
static struct milled mill(double speed, double gravity, double softening, double steps,
                          double turns)
{
    struct fixture f = {.young = 193e9 / softening,
                        .poisson = 0.29,
                        .density = 7930.0,
                        .restitution = 0.7,
                        .friction = 0.4};
    const double w = speed * QN_PI / 30.0, turn = 2.0 * QN_PI / w;
    const struct qn_insert group = {0, 40, 5e-3};
    struct qn_dem_model m;
    struct qn_dem s;
    struct qn_ledger a, b;
    struct milled out = {0};
    const struct qn_episode *events;
    size_t n;
    double squares = 0.0, kept = 0.0, lost = 0.0;
    f.dt = floor_time(&f, 5e-3, 6.0 * speed / 400.0) / steps;
    m = fixture_model(&f);
    m.vessel = qn_vessel_cylinder(0.075, 0.05);
    m.motion = fixture_planetary(0.0608, w, -1.82);
    m.motion.gravity[2] = -gravity;
    m.skin_speed = 2.0;
    qn_dem_init(&m, &s, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, &group, 1, 11), QN_OK));
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    walk(&m, &s, 3.0 * turn);
    qn_ledger_read(&m, &s, &a);
    while (qn_dem_time(&m, &s) < (3.0 + turns) * turn) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        for (size_t k = 0; k < n; k++) {
            if (events[k].v_n0 > HARD * speed / 400.0 && !(events[k].flags & QN_OPEN_START)) {
                out.hits += 1.0;
                lost += qn_episode_loss(&events[k]);
            }
        }
        if (s.step % 50 == 0) {
            for (int i = 0; i < s.n; i++) {
                const double *v = s.body[i].v;
                squares += v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
                kept += 1.0;
            }
        }
    }
    qn_ledger_read(&m, &s, &b);
    out.speed = sqrt(squares / kept);
    out.power = (b.normal + b.slip - a.normal - a.slip) / (turns * turn);
    out.energy = lost / out.hits;
    out.hits /= turns * turn;
    qn_dem_free(&s);
    printf("%g rpm, g %g, softened %g, %g steps an impact: %.4f m/s, %.3f W, %.1f hits/s, %.4g J\n",
           speed, gravity, softening, steps, out.speed, out.power, out.hits, out.energy);
    return out;
}

Test(verify_beds, speed_energy_and_power_go_with_powers_1_2_3)
{
    // hard balls, no gravity, constant restitution and friction: no other speed exists
    const struct milled slow = mill(200.0, 0.0, 1.0, 40.0, 12.0);
    for (double times = 2.0; times < 5.0; times *= 2.0) {
        const struct milled fast = mill(200.0 * times, 0.0, 1.0, 40.0, 12.0);
        cr_expect(epsilon_eq(dbl, log(fast.speed / slow.speed) / log(times), 1.0, 0.03));
        cr_expect(epsilon_eq(dbl, log(fast.energy / slow.energy) / log(times), 2.0, 0.06));
        cr_expect(epsilon_eq(dbl, log(fast.power / slow.power) / log(times), 3.0, 0.06));
    }
}

Test(verify_beds, neither_the_step_nor_softening_changes_a_mill)
{
    const struct milled of[4] = {mill(400.0, G, 1.0, 40.0, 20.0), mill(400.0, G, 1.0, 80.0, 20.0),
                                 mill(400.0, G, 10.0, 40.0, 20.0),
                                 mill(400.0, G, 100.0, 40.0, 20.0)};
    for (int k = 1; k < 4; k++) {
        cr_expect(epsilon_eq(dbl, of[k].speed / of[0].speed, 1.0, 0.01));
        cr_expect(epsilon_eq(dbl, of[k].power / of[0].power, 1.0, 0.02));
        cr_expect(epsilon_eq(dbl, of[k].hits / of[0].hits, 1.0, 0.08));
        cr_expect(epsilon_eq(dbl, of[k].energy / of[0].energy, 1.0, 0.05));
    }
}
