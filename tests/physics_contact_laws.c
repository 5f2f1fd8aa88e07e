// Contact laws other than the default, and the resistances all laws share, against closed forms.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <string.h>

#include "dem/contact_law.h"
#include "dem_fixture.h"

static const double R = 5e-3;
static const double G = 9.81;

// steel of a 210 GPa, 10 mm balls; one contact lasts some 24 us at 3 m/s
static struct fixture steel(double restitution, double dt)
{
    return (struct fixture){.young = 210e9,
                            .poisson = 0.3,
                            .density = 7810.0,
                            .restitution = restitution,
                            .friction = 0.3,
                            .dt = dt};
}

static struct qn_dem_model with_law(const struct fixture *f, const char *law)
{
    struct qn_dem_model m = fixture_model(f);
    for (int k = 0; k < m.n_classes; k++) {
        m.classes[k].law = qn_contact_law_find(law);
        cr_assert(ge(int, m.classes[k].law, 0));
    }
    return m;
}

static double ball_mass(const struct fixture *f, double radius)
{
    return f->density * 4.0 / 3.0 * QN_PI * radius * radius * radius;
}

struct outcome {
    double out; ///< speed at which they part; NAN: they had not after `most` steps [m/s]
    struct qn_episode episode;
};

// two balls head on with relative speed v
static struct outcome head_on(const struct qn_dem_model *m, double radius, double v, int most)
{
    struct qn_dem s;
    struct outcome o = {NAN, {0}};
    const struct qn_episode *events;
    size_t n = 0;
    qn_dem_init(m, &s, 1);
    for (int k = 0; k < 2; k++) {
        const double side = k ? 1.0 : -1.0;
        const double x[3] = {side * radius * (1.0 + 1e-5), 0.0, 0.0};
        const double u[3] = {-0.5 * side * v, 0.0, 0.0};
        qn_dem_add(m, &s, 0, radius, x, u, STILL);
    }
    cr_assert(eq(int, qn_dem_start(m, &s), QN_OK), "%s", qn_error_text());
    for (int k = 0; k < most; k++) {
        cr_assert(eq(int, qn_dem_step(m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        if (n > 0 && !(events[0].flags & QN_OPEN_END)) {
            o.episode = events[0];
            o.out = s.body[1].v[0] - s.body[0].v[0];
            break;
        }
    }
    qn_dem_free(&s);
    return o;
}

Test(contact_laws, linear_spring_returns_the_asked_restitution_in_its_own_time)
{
    // elastic: t = pi sqrt(m*/k), peak v sqrt(m*/k), at any speed
    static const double e[4] = {1.0, 0.8, 0.5, 0.2};
    const struct fixture f = steel(1.0, 1e-7);
    const double mstar = 0.5 * ball_mass(&f, R), k = 1e6, period = QN_PI * sqrt(mstar / k);
    for (int c = 0; c < 4; c++) {
        struct qn_dem_model m = with_law(&f, "linear");
        m.classes[0].stiffness = k;
        m.classes[0].tangential = 2.0 / 7.0;
        m.classes[0].restitution = e[c];
        const struct outcome o = head_on(&m, R, 0.5 + c, 1000000);
        const double v = 0.5 + c;
        cr_expect(epsilon_eq(dbl, o.out / v, e[c], 2e-3));
        cr_expect(epsilon_eq(dbl, qn_episode_loss(&o.episode) / (0.5 * mstar * v * v),
                             1.0 - e[c] * e[c], 2e-3));
        if (c == 0) {
            cr_expect(epsilon_eq(dbl, (o.episode.t1 - o.episode.t0) / period, 1.0, 5e-3));
            cr_expect(epsilon_eq(dbl, o.episode.depth_max / (v * sqrt(mstar / k)), 1.0, 1e-3));
        }
    }
}

Test(contact_laws, plastic_spheres_rebound_as_thornton_says)
{
    // Thornton (1997): e of x = V_y/V; hardened 100Cr6, p_y 3.2 GPa: V_y 0.384 m/s, 0.887 at 1,
    // 0.698 at 3, 0.618 at 5 m/s; softening the engine 50 times leaves all of it as it is
    static const double row[3][2] = {{1.0, 0.887}, {3.0, 0.698}, {5.0, 0.618}};
    for (int soft = 0; soft < 2; soft++) {
        const struct fixture f = steel(1.0, soft ? 1e-7 : 2e-8);
        struct qn_dem_model m = with_law(&f, "plastic");
        struct qn_pair_class *c = &m.classes[0];
        c->yield_pressure = 3.2e9;
        if (soft) {
            c->e_star /= 50.0, c->k43 /= 50.0, c->kn2 /= 50.0, c->kt8 /= 50.0;
        }
        const double mstar = 0.5 * ball_mass(&f, R);
        const double v_y = qn_yield_speed(3.2e9, 0.5 * R, c->e_star_true, mstar);
        cr_expect(epsilon_eq(dbl, v_y, 0.384, 1e-3));
        cr_expect(
            epsilon_eq(dbl, head_on(&m, R, 0.95 * v_y, 1000000).out / (0.95 * v_y), 1.0, 1e-4),
            "elastic below the yield speed");
        for (int k = 0; k < 3; k++) {
            const double v = row[k][0];
            const struct outcome o = head_on(&m, R, v, 1000000);
            cr_expect(epsilon_eq(dbl, o.out / v, row[k][1], 1e-3), "%g m/s: %g", v, o.out / v);
            cr_expect(epsilon_eq(dbl, o.out / v, qn_thornton(v, v_y), 3e-4));
            const double energy = 0.5 * mstar * v * v;
            cr_expect(lt(dbl, fabs(o.episode.e_num), 1e-4 * energy), "%g",
                      o.episode.e_num / energy);
            cr_expect(ne(int, o.episode.flags &QN_YIELDED, 0));
        }
    }
}

Test(contact_laws, elastic_work_at_the_peak_is_the_energy_of_the_approach)
{
    // nothing else to turn into at rest; after plastic flow only e^2 of it is left
    const struct fixture f = steel(1.0, 1e-8);
    const double mstar = 0.5 * ball_mass(&f, R), v = 2.0, energy = 0.5 * mstar * v * v;
    for (int l = 0; qn_contact_laws[l]; l++) {
        struct qn_dem_model m = with_law(&f, qn_contact_laws[l]->name);
        const int plastic = strcmp(qn_contact_laws[l]->name, "plastic") == 0;
        m.classes[0].stiffness = 1e6;
        m.classes[0].surface_energy = 20.0;
        m.classes[0].yield_pressure = 3.2e9;
        const struct outcome o = head_on(&m, R, v, 1000000);
        const double e = plastic ? o.out / v : 1.0;
        cr_expect(epsilon_eq(dbl, o.episode.w_elastic / energy, e * e, 1e-3), "%s: %g",
                  qn_contact_laws[l]->name, o.episode.w_elastic / energy);
    }
}

Test(contact_laws, an_episode_says_how_its_bodies_met_and_what_rubbed)
{
    const struct fixture f = steel(0.7, 1e-7);
    struct qn_dem_model m = fixture_model(&f);
    struct qn_dem s;
    const struct qn_episode *e;
    size_t n = 0;
    const double x[2][3] = {{-1.001 * R, 0.0, 0.0}, {1.001 * R, 0.0, 0.0}};
    const double v[2][3] = {{0.5, 0.0, 0.0}, {-0.5, 0.0, 0.0}};
    const double w[2][3] = {{30.0, 0.0, 40.0}, {-30.0, 0.0, -40.0}};
    m.classes[0].coating = 0.025;
    m.classes[0].rolling = 0.01;
    qn_dem_init(&m, &s, 1);
    for (int k = 0; k < 2; k++) {
        qn_dem_add(&m, &s, 0, R, x[k], v[k], w[k]);
    }
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK), "%s", qn_error_text());
    for (int k = 0; k < 100000 && n == 0; k++) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &e, &n);
    }
    cr_assert(eq(int, (int)n, 1));
    cr_expect(epsilon_eq(dbl, e->spin0, 100.0, 1e-9), "%g", e->spin0);
    cr_expect(epsilon_eq(dbl, e->friction, 0.3, 1e-15));
    cr_expect(epsilon_eq(dbl, e->rolling, 0.01, 1e-15));
    cr_expect(epsilon_eq(dbl, e->coating, 0.025, 1e-15));
    qn_dem_free(&s);
}

/// Force of a law at an overlap, on the way apart from an open contact, at rest.
static double pull_at(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double depth)
{
    const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = depth};
    struct qn_given1 out;
    double h[QN_HISTORY] = {0.0};
    h[QN_H_DEPTH] = h[QN_H_DEPTH_OLD] = depth + k->own[1]; // JKR counts from where it breaks
    qn_contact_law_of(c)->alone(c, &t, k, 1e-9, h, &out);
    return out.f[0];
}

Test(contact_laws, jkr_pulls_as_johnson_kendall_and_roberts)
{
    // pull-off 3 pi gamma R*; 8/9 of it at overlap 0; 5/9 where the neck breaks, at -3 a_c^2/R*
    const struct fixture f = steel(1.0, 1e-9);
    struct qn_dem_model m = with_law(&f, "jkr");
    struct qn_pair_class *c = &m.classes[0];
    c->surface_energy = 0.5;
    const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / 1e-4, 1e9, 1e-4);
    const double pull_off = 3.0 * QN_PI * 0.5 * k.rstar, broken = -k.own[1];
    double least = 0.0;
    for (int i = 0; i <= 4000; i++) {
        least = fmin(least, pull_at(c, &k, broken * (1.0 - i / 2000.0)));
    }
    cr_expect(epsilon_eq(dbl, least / -pull_off, 1.0, 1e-5));
    cr_expect(epsilon_eq(dbl, pull_at(c, &k, 0.0) / -pull_off, 8.0 / 9.0, 1e-9));
    cr_expect(epsilon_eq(dbl, pull_at(c, &k, broken * (1.0 - 1e-9)) / -pull_off, 5.0 / 9.0, 5e-3));
    cr_expect(pull_at(c, &k, 1.0001 * broken) == 0.0, "the neck is gone");
    // deep down adhesion hardly matters: Hertz within a per cent
    const double deep = 2e-7, hertz = c->k43 * sqrt(k.rstar * deep) * deep;
    cr_expect(epsilon_eq(dbl, pull_at(c, &k, deep) / hertz, 1.0, 0.05));
}

Test(contact_laws, jkr_sticks_below_the_speed_of_thornton_and_ning)
{
    // work to break the neck 7.09 (Gamma^5 R*^4/E*^2)^(1/3), Gamma = 2 gamma (Thornton & Ning 1998,
    // Powder Technol. 99, 154); elastic spheres stick when they bring less, and lose so much else
    const struct fixture f = steel(1.0, 2e-11);
    struct qn_dem_model m = with_law(&f, "jkr");
    struct qn_pair_class *c = &m.classes[0];
    const double radius = 1e-5;
    c->surface_energy = 0.2;
    const double rstar = 0.5 * radius, mstar = 0.5 * ball_mass(&f, radius);
    const double neck = 7.09 * cbrt(pow(0.4, 5.0) * pow(rstar, 4.0) / (c->e_star * c->e_star));
    const double v_s = sqrt(2.0 * neck / mstar);
    cr_expect(isnan(head_on(&m, radius, 0.97 * v_s, 60000).out), "sticks");
    const struct outcome o = head_on(&m, radius, 2.0 * v_s, 60000);
    cr_expect(epsilon_eq(dbl, o.out / v_s, sqrt(3.0), 5e-3), "%g", o.out / v_s);
    cr_expect(epsilon_eq(dbl, o.episode.w_cohesion / neck, 1.0, 5e-3), "%g",
              o.episode.w_cohesion / neck);
    cr_expect(lt(dbl, fabs(o.episode.e_num), 2e-3 * neck), "%g", o.episode.e_num / neck);
}

Test(contact_laws, dmt_pulls_4_pi_gamma_r_and_gives_back_what_it_took)
{
    const struct fixture f = steel(1.0, 2e-11);
    struct qn_dem_model m = with_law(&f, "dmt");
    struct qn_pair_class *c = &m.classes[0];
    const double radius = 1e-5;
    c->surface_energy = 0.2;
    const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / radius, 1e9, radius);
    const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = 1e-16};
    struct qn_given1 out;
    double h[QN_HISTORY] = {0.0};
    qn_contact_law_of(c)->alone(c, &t, &k, 1e-9, h, &out);
    cr_expect(epsilon_eq(dbl, out.f[0] / (-4.0 * QN_PI * 0.2 * k.rstar), 1.0, 1e-5));
    const struct outcome o = head_on(&m, radius, 1.0, 60000);
    cr_expect(epsilon_eq(dbl, o.out, 1.0, 2e-3), "%g", o.out);
    m.classes[0].restitution = 0.6;
    const struct outcome damped = head_on(&m, radius, 5.0, 60000);
    cr_expect(lt(dbl, fabs(damped.episode.e_num), 2e-3 * qn_episode_loss(&damped.episode)));
}

// Elastic energy of a law at rest at an overlap, and the force there.
static double stored_at(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                        double depth, double *force)
{
    const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = depth};
    struct qn_given1 out;
    double h[QN_HISTORY] = {0.0};
    qn_contact_law_of(c)->alone(c, &t, k, 1e-9, h, &out);
    *force = out.f[0];
    return qn_contact_stored(c, k, h);
}

Test(contact_laws, force_is_the_slope_of_the_stored_energy_under_every_law)
{
    const struct fixture f = steel(1.0, 1e-9);
    for (int law = 0; qn_contact_laws[law]; law++) {
        struct qn_dem_model m = fixture_model(&f);
        struct qn_pair_class *c = &m.classes[0];
        c->law = law;
        c->stiffness = 1e6;
        c->surface_energy = 50.0;
        c->yield_pressure = 1e11;
        const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / R, 2.0, R);
        const double depth = 2e-6, step = 1e-9;
        double force, aside;
        (void)stored_at(c, &k, depth, &force);
        const double slope =
            (stored_at(c, &k, depth + step, &aside) - stored_at(c, &k, depth - step, &aside)) /
            (2.0 * step);
        cr_expect(epsilon_eq(dbl, slope / force, 1.0, 1e-5), "%s: %g N, slope %g N",
                  qn_contact_laws[law]->name, force, slope);
    }
}

Test(contact_laws, adhesion_adds_twice_its_pull_to_the_load_on_friction)
{
    // Thornton (1991): mu (F + 2 F_pull-off), at overlap 0: JKR 6 - 8/3, DMT 8 - 4 times pi gamma
    // R*
    static const struct {
        const char *law;
        double times;
    } row[2] = {{"jkr", 6.0 - 8.0 / 3.0}, {"dmt", 4.0}};
    const struct fixture f = steel(1.0, 1e-9);
    for (int i = 0; i < 2; i++) {
        struct qn_dem_model m = with_law(&f, row[i].law);
        struct qn_pair_class *c = &m.classes[0];
        c->surface_energy = 0.5;
        const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / R, 2.0, R);
        const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = 1e-16, .u = {0.0, 1e9, 0.0}};
        struct qn_given1 out;
        double h[QN_HISTORY] = {0.0};
        qn_contact_law_of(c)->alone(c, &t, &k, 1e-6, h, &out);
        const double want = c->friction * row[i].times * QN_PI * 0.5 * k.rstar;
        cr_expect(epsilon_eq(dbl, -out.f[1] / want, 1.0, 1e-4), "%s: %g, want %g", row[i].law,
                  -out.f[1], want);
    }
}

Test(contact_laws, restitution_table_is_linear_in_the_logarithm_of_speed)
{
    static const double row[3][2] = {{0.1, 0.9}, {1.0, 0.7}, {10.0, 0.4}};
    cr_expect(epsilon_eq(dbl, qn_restitution_table(3, row, 0.01), 0.9, 1e-15));
    cr_expect(epsilon_eq(dbl, qn_restitution_table(3, row, sqrt(0.1)), 0.8, 1e-12));
    cr_expect(epsilon_eq(dbl, qn_restitution_table(3, row, sqrt(10.0)), 0.55, 1e-12));
    cr_expect(epsilon_eq(dbl, qn_restitution_table(3, row, 50.0), 0.4, 1e-15));
    const struct fixture f = steel(1.0, 2e-8);
    struct qn_dem_model m = fixture_model(&f);
    m.classes[0].closure = QN_CLOSURE_TABLE;
    m.classes[0].n_table = 3;
    memcpy(m.classes[0].table, row, sizeof row);
    cr_expect(epsilon_eq(dbl, head_on(&m, R, 1.0, 1000000).out, 0.7, 2e-3), "the contact uses it");
}

// a ball set down on the floor of the box, with a spin and a speed, for `seconds`
static void on_the_floor(const struct qn_dem_model *m, const double v[3], const double w[3],
                         double seconds, struct qn_body *out, struct qn_ledger *books)
{
    struct qn_dem s;
    const struct qn_episode *events;
    size_t n;
    const double x[3] = {0.0, 0.0, -0.5 + R}; // it sinks in within milliseconds
    qn_dem_init(m, &s, 1);
    qn_dem_add(m, &s, 0, R, x, v, w);
    cr_assert(eq(int, qn_dem_start(m, &s), QN_OK), "%s", qn_error_text());
    while (qn_dem_time(m, &s) < seconds) {
        cr_assert(eq(int, qn_dem_step(m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
    }
    *out = s.body[0];
    qn_ledger_read(m, &s, books);
    qn_dem_free(&s);
}

static struct fixture soft_ball(void)
{
    return (struct fixture){.young = 1e8,
                            .poisson = 0.3,
                            .density = 7810.0,
                            .restitution = 0.5,
                            .friction = 0.5,
                            .gravity_z = -G,
                            .dt = 2e-6};
}

Test(contact_laws, twisting_resistance_stops_a_spinning_ball)
{
    // M = twisting a F: dw/dt = -M/(2/5 m R^2); after half the time half the spin is left, then it
    // swings about with what the spring holds
    const struct fixture f = soft_ball();
    struct qn_dem_model m = fixture_model(&f);
    m.classes[1].twisting = 2.0 / 3.0 * 0.5;
    const double mass = ball_mass(&f, R), load = mass * G;
    const double a = cbrt(load * R / m.classes[1].k43);
    const double slowing = 2.0 / 3.0 * 0.5 * a * load / (0.4 * mass * R * R);
    const double w[3] = {0.0, 0.0, slowing * 0.5};
    struct qn_body b;
    struct qn_ledger books;
    on_the_floor(&m, STILL, w, 0.25, &b, &books);
    cr_expect(epsilon_eq(dbl, b.w[2] / w[2], 0.5, 0.01), "%g", b.w[2] / w[2]);
    cr_expect(lt(dbl, fabs(books.residual_a), 1e-9), "%g", books.residual_a);
    on_the_floor(&m, STILL, w, 0.75, &b, &books);
    cr_expect(lt(dbl, fabs(b.w[2]), 0.05 * w[2]), "%g", b.w[2]);
    const double energy = 0.5 * 0.4 * mass * R * R * w[2] * w[2];
    cr_expect(epsilon_eq(dbl, books.twist / energy, 1.0, 0.01), "%g", books.twist / energy);
    cr_expect(books.roll == 0.0);
    cr_expect(lt(dbl, fabs(books.residual_b), 1e-3), "%g", books.residual_b);
}

Test(contact_laws, a_twist_below_its_cap_is_stored_and_nothing_is_lost)
{
    // k_t a^2/2 times the angle, half its square in the spring
    const struct fixture f = steel(1.0, 1e-7);
    struct qn_dem_model m = fixture_model(&f);
    struct qn_pair_class *c = &m.classes[0];
    c->twisting = 10.0;
    const struct qn_touch_const1 k = qn_contact_constants(c, 2.0 / R, 2.0 / ball_mass(&f, R), 0.0);
    const struct qn_touch1 t = {.n = {1.0, 0.0, 0.0}, .depth = 1e-5, .w = {0.01, 0.0, 0.0}};
    struct qn_given1 out;
    double h[QN_HISTORY] = {0.0};
    h[QN_H_DEPTH] = h[QN_H_DEPTH_OLD] = t.depth;
    for (int i = 0; i < 101; i++) { // the first step finds no spot behind it
        qn_contact_law_of(c)->alone(c, &t, &k, 1e-6, h, &out);
    }
    const double a = sqrt(k.rstar * t.depth), spring = 0.5 * c->kt8 * a * a * a;
    const double angle = 0.01 * 101e-6;
    cr_expect(epsilon_eq(dbl, -out.m[0] / (spring * angle), 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, qn_twist_stored(c, h) / (0.5 * spring * angle * angle), 1.0, 1e-9));
    cr_expect(lt(dbl, fabs(h[QN_H_W_TWIST]), 1e-9 * qn_twist_stored(c, h)), "%g",
              h[QN_H_W_TWIST] / qn_twist_stored(c, h));
}

Test(contact_laws, constant_rolling_moment_slows_a_rolling_ball)
{
    // rolling without sliding against M = mu_r R m g: deceleration 5/7 mu_r g
    const struct fixture f = soft_ball();
    struct qn_dem_model m = fixture_model(&f);
    m.classes[1].rolling = 0.02;
    m.classes[1].rolling_speed = 0.5;
    const double v[3] = {0.2, 0.0, 0.0}, w[3] = {0.0, 0.2 / R, 0.0};
    struct qn_body b;
    struct qn_ledger books;
    on_the_floor(&m, v, w, 0.5, &b, &books);
    const double want = 0.2 - 5.0 / 7.0 * 0.02 * G * 0.5;
    cr_expect(epsilon_eq(dbl, b.v[0], want, 0.02 * (0.2 - want)), "%g, want %g", b.v[0], want);
    on_the_floor(&m, v, w, 2.0, &b, &books);
    cr_expect(lt(dbl, fabs(b.v[0]), 1e-3), "at rest without chatter: %g", b.v[0]);
    cr_expect(lt(dbl, fabs(books.residual_b), 1e-3), "%g", books.residual_b);
}

// Twelve balls in a shaken box: both books of each law.
static void shaken(const char *law)
{
    const struct fixture f = {.young = 1e8,
                              .poisson = 0.3,
                              .density = 5000.0,
                              .restitution = 0.7,
                              .friction = 0.3,
                              .rolling = 0.02,
                              .gravity_z = -G,
                              .dt = 1e-6};
    struct qn_dem_model m = with_law(&f, law);
    struct qn_dem s;
    struct qn_ledger books;
    const struct qn_episode *events;
    size_t n;
    m.vessel = qn_vessel_box((const double[3]){0.03, 0.03, 0.03});
    m.motion = fixture_vibration(25.0, (const double[3]){0.0, 2e-3, 4e-3}, STILL);
    m.motion.gravity[2] = -G;
    for (int k = 0; k < m.n_classes; k++) {
        m.classes[k].stiffness = 1e5;
        m.classes[k].tangential = 2.0 / 7.0;
        m.classes[k].yield_pressure = 5e6;
        m.classes[k].surface_energy = 0.5;
        m.classes[k].twisting = 0.2;
    }
    qn_dem_init(&m, &s, 1);
    for (int k = 0; k < 12; k++) {
        const double x[3] = {0.009 * (k % 3 - 1), 0.009 * (k / 3 % 2) - 0.0045,
                             0.009 * (k / 6) - 0.009};
        const double v[3] = {0.3 * sin(k), 0.3 * cos(k), 0.1};
        qn_dem_add(&m, &s, 0, 4e-3, x, v, STILL);
    }
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK), "%s", qn_error_text());
    for (int k = 0; k < 200000; k++) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s: %s", law, qn_error_text());
        qn_dem_drain(&s, &events, &n);
    }
    qn_ledger_read(&m, &s, &books);
    qn_dem_free(&s);
    cr_expect(gt(i64, books.episodes, 100));
    cr_expect(lt(dbl, fabs(books.residual_a), 1e-11), "%s: %g", law, books.residual_a);
    cr_expect(lt(dbl, fabs(books.residual_b), 1e-3), "%s: %g", law, books.residual_b);
}

Test(contact_laws, both_books_close_under_every_law)
{
    for (int k = 0; qn_contact_laws[k]; k++) {
        shaken(qn_contact_laws[k]->name);
    }
}
