// Accounts of heat and sliding: where joules go, what contacts exchange, a shaken box whose book
// closes, wear of the sliding that the ledger has.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "app/deck_types.h"
#include "app/deck.h"
#include "app/deck_derived.h"
#include "app/heat_accounts.h"
#include "app/heat_balance.h"
#include "app/heat_gas.h"
#include "app/wear_report.h"
#include "base/array.h"
#include "dem/insert.h"
#include "dem_fixture.h"
#include "exposure/heat_parts.h"
#include "model/heat.h"

TestSuite(heat_accounts, .timeout = 60);

// steel and an oxide powder between, 20 um
static const struct qn_expose_model MODEL = {.effusivity = {7839.0, 600.0, 7839.0},
                                             .diffusivity = {3.9e-6, 1.5e-7, 3.9e-6},
                                             .layer = 20e-6,
                                             .density = 5680.0,
                                             .packing = 0.5,
                                             .conductivity = 0.2,
                                             .heat_capacity = 455.0,
                                             .heat_share = 0.75,
                                             .taylor_quinney = 0.9,
                                             .temperature = 298.15};

// two 10 mm steel balls at 3 m/s
static struct qn_episode hit(enum qn_pair_kind pair)
{
    return (struct qn_episode){.pair = pair,
                               .id_i = 0,
                               .id_j = 1,
                               .v_n0 = 3.0,
                               .r_star = 2.5e-3,
                               .m_star = 2.08e-3,
                               .t1 = 2.5e-5,
                               .e_star = 1.05e11,
                               .e_star_true = 1.05e11,
                               .w_normal = 4e-3,
                               .w_slip = 2e-3};
}

Test(heat_accounts, shares_of_a_joule_sum_to_one_and_go_where_they_belong)
{
    for (int pair = 0; pair < QN_PAIR_KINDS; pair++) {
        for (int flung = 0; flung < 2; flung++) {
            struct qn_expose_model m = MODEL;
            const struct qn_episode e = hit((enum qn_pair_kind)pair);
            m.grain_time = flung ? 1e-3 : 0.0;
            const struct qn_heat_parts p = qn_heat_parts_of(&e, &m);
            cr_expect(lt(dbl, fabs(p.body[0] + p.body[1] + p.flung + p.stored - 6e-3), 1e-17));
            cr_expect(lt(dbl, fabs(p.stored - 0.075 * 6e-3), 1e-17)); // f_p (1 - beta)
        }
    }
    // bare bodies share by effusivity; a parcel keeps the powder's share
    struct qn_expose_model bare = MODEL;
    bare.heat_share = 0.0;
    bare.effusivity[QN_WALL] = 2600.0;
    struct qn_episode e = hit(QN_BALL_WALL);
    struct qn_heat_parts p = qn_heat_parts_of(&e, &bare);
    cr_expect(lt(dbl, fabs(p.body[0] / p.body[1] - 7839.0 / 2600.0), 1e-12));
    e = hit(QN_BALL_PARCEL);
    p = qn_heat_parts_of(&e, &MODEL);
    cr_expect(lt(dbl, fabs(p.body[1] - 6e-3 * (0.675 + 0.25 * 600.0 / 8439.0)), 1e-16));
    // flung grains have what the media would have had
    bare = MODEL;
    bare.grain_time = 1e-3;
    e = hit(QN_BALL_BALL);
    p = qn_heat_parts_of(&e, &bare);
    cr_expect(lt(dbl, fabs(p.flung - 0.675 * 6e-3), 1e-17));
}

Test(heat_accounts, an_impact_exchanges_the_transient_of_the_true_spot)
{
    struct qn_expose_model bare = MODEL;
    bare.layer = 0.0;
    struct qn_episode e = hit(QN_BALL_BALL);
    double a;
    (void)qn_episode_impact_force(&e, e.e_star_true, &a);
    // 2.868 (m*^2/(R* E*^2 v))^(1/5) is 25 us; a 250 um: 0.87 pi a^2 sqrt(t) b/2
    const double t = 2.868 * pow(e.m_star * e.m_star / (e.r_star * 1.1025e22 * 3.0), 0.2);
    const double want = 0.8709 * QN_PI * a * a * sqrt(t) * 7839.0 / 2.0;
    const double found = qn_heat_exchange(&e, &bare);
    cr_expect(lt(dbl, fabs(found / want - 1.0), 1e-4), "%g J/K", found);
    // softening lengthens the engine's contact and leaves the answer alone
    e.e_star /= 50.0;
    e.t1 *= pow(50.0, 0.4);
    cr_expect(eq(dbl, qn_heat_exchange(&e, &bare), found));
    // powder between them holds most of it back: the half layers meet, sqrt(k rho c t/pi) each area
    const double layered = qn_heat_exchange(&e, &MODEL);
    const double powder = sqrt(0.2 * 5680.0 * 0.5 * 455.0);
    const double alone = 0.8709 * QN_PI * a * a * sqrt(t) * powder / 2.0;
    cr_expect(lt(dbl, fabs(layered * (1.0 / alone + 1.0 / want) - 1.0), 1e-3));
}

Test(heat_accounts, a_resting_contact_in_pieces_is_the_whole)
{
    struct qn_expose_model bare = MODEL;
    bare.layer = 0.0;
    struct qn_episode e = hit(QN_BALL_WALL);
    e.v_n0 = 0.0;
    e.f_max = 5.0;
    e.flags = QN_OPEN_END;
    double sum = 0.0, a;
    (void)qn_episode_force(&e, &a);
    for (int k = 0; k < 5; k++) {
        e.t0 = e.t1;
        e.t1 = e.t0 + 1e-3;
        if (k > 0) {
            const struct qn_past_part last = {.span = 1e-3, .energy = 1e-6, .force = 5.0};
            e.flags |= QN_OPEN_START;
            qn_past_add(&e.past, &last);
        } else {
            e.t0 = 0.0, e.t1 = 1e-3;
        }
        sum += qn_heat_exchange(&e, &bare);
    }
    const double whole = qn_heat_lasting(7839.0, 7839.0, 3.9e-6, a, 5e-3);
    cr_expect(lt(dbl, fabs(sum / whole - 1.0), 1e-9), "%g of %g", sum, whole);
    // and that is the static spot of the true moduli: a = (3 F R/4 E)^(1/3)
    cr_expect(lt(dbl, fabs(a - cbrt(0.75 * 5.0 * 2.5e-3 / 1.05e11)), 1e-12));
}

/// A spot of 5 N that slides for `t` with speed v.
static double slid(double v, double t, double *a)
{
    struct qn_expose_model bare = MODEL;
    bare.layer = 0.0;
    struct qn_episode e = hit(QN_BALL_WALL);
    e.v_n0 = 0.0;
    e.f_max = 5.0;
    e.friction = 0.4;
    e.t0 = 0.0, e.t1 = t;
    e.w_slip = e.friction * e.f_max * v * t;
    (void)qn_episode_force(&e, a);
    return qn_heat_exchange(&e, &bare);
}

Test(heat_accounts, a_travelling_spot_is_a_swept_strip_when_fast_and_a_steady_spot_when_slow)
{
    double a, strip = 0.0;
    // fast: every line of the strip is touched for its chord over v; half a per cent is the ends,
    // one the steady part
    const double v = 2000.0, t = 1e-5;
    const double fast = slid(v, t, &a);
    const int n = 1000;
    for (int i = 0; i < n; i++) {
        const double y = a * (2.0 * (i + 0.5) / n - 1.0);
        const double chord = 2.0 * sqrt(a * a - y * y);
        strip += v * t * 2.0 * a / n * qn_heat_touch(7839.0, 7839.0, chord / v);
    }
    cr_expect(lt(dbl, fabs(fast / strip - 1.0), 0.02), "%g", fast / strip);
    // slow: 2 k a t
    const double slow = slid(1e-4, 10.0, &a), k = 7839.0 * sqrt(3.9e-6);
    cr_expect(lt(dbl, fabs(slow / (2.0 * k * a * 10.0) - 1.0), 0.04), "%g", slow);
}

/// A deck of steel balls of two sizes alone in a box.
static void deck_of(struct qn_deck *d, int balls)
{
    memset(d, 0, sizeof *d);
    const double size[3] = {0.05, 0.05, 0.05};
    d->n_materials = 1;
    d->material[0] = (struct qn_material){.density = 7930.0,
                                          .young = 193e9,
                                          .poisson = 0.29,
                                          .conductivity = 15.5,
                                          .heat_capacity = 500.0};
    d->mill.type = qn_mill_find("vibration");
    while (strcmp(qn_vial_laws[d->vial.shape]->name, "box") != 0) {
        d->vial.shape++;
    }
    memcpy(d->vial.own, size, sizeof size);
    d->balls.n_groups = 2;
    d->balls.group[0].count = balls / 2;
    d->balls.group[1].count = balls - balls / 2;
    d->balls.group[0].diameter = 6e-3;
    d->balls.group[1].diameter = 4e-3;
    d->powder.material = -1;
    d->wear[0].coefficient = 1e-4;
    d->wear[0].hardness = 4e9;
    d->wear[0].n_elements = 2;
    strcpy(d->wear[0].element[0].symbol, "Fe");
    strcpy(d->wear[0].element[1].symbol, "Cr");
    d->wear[0].element[0].share = 0.8;
    d->wear[0].element[1].share = 0.2;
}

struct shaken {
    struct qn_ledger books;
    struct qn_window_heat heat;
    double loss, paths, heats; ///< of all bodies' accounts
    double roots;              ///< of the first ball's speeds, at every move
    int64_t moves;
    struct qn_body_heat body[41];
};

static void count_roots(const struct qn_dem *s, const struct qn_heat_accounts *a,
                        struct shaken *out)
{
    if (a->moves > out->moves) {
        const double *v = s->body[0].v;
        out->roots += sqrt(sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]));
        out->moves = a->moves;
    }
}

/// Forty balls of two sizes in a shaken box, each episode into the accounts, to the last.
/// @param booked  deck of the accounts, for which later balls may be parcels
static void shake(const struct qn_deck *d, const struct qn_deck *booked, struct shaken *out)
{
    const struct fixture f = {.young = 193e9 / 50.0,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = 0.6,
                              .friction = 0.4,
                              .rolling = 0.001,
                              .gravity_z = -9.81,
                              .dt = 2e-6};
    struct qn_dem_model m = fixture_model(&f);
    struct qn_heat_accounts a;
    struct qn_sums sums;
    const struct qn_insert group[2] = {{0, d->balls.group[0].count, 3e-3},
                                       {0, d->balls.group[1].count, 2e-3}};
    m.vessel = qn_vessel_box((const double[3]){0.05, 0.05, 0.05});
    m.motion = fixture_vibration(30.0, (const double[3]){2e-3, 0.0, 4e-3},
                                 (const double[3]){0.5 * QN_PI, 0.0, 0.0});
    m.motion.gravity[2] = f.gravity_z;
    struct qn_dem s;
    const struct qn_episode *e;
    size_t n;
    memset(out, 0, sizeof *out);
    qn_heat_accounts_init(&a, booked);
    qn_sums_init(&sums, &out->heat, sizeof out->heat);
    qn_dem_init(&m, &s, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, group, 2, 7), QN_OK));
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    for (int end = 0; !end;) {
        end = qn_dem_time(&m, &s) > 0.2;
        if (end) {
            qn_dem_flush(&m, &s);
        } else {
            cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        }
        qn_dem_drain(&s, &e, &n);
        for (size_t k = 0; k < n; k++) {
            qn_heat_accounts_add(&a, &e[k], &out->heat, &sums);
            out->loss += qn_episode_loss(&e[k]);
        }
        qn_heat_accounts_move(&a, &s, qn_dem_time(&m, &s), end);
        count_roots(&s, &a, out);
    }
    qn_sums_settle(&sums);
    qn_ledger_read(&m, &s, &out->books);
    cr_assert(a.n == 41 && a.moves == 21); // the last one is the end
    for (int k = 0; k < a.n; k++) {
        out->body[k] = a.body[k];
        out->heats += a.body[k].heat;
        out->paths += a.body[k].path;
    }
    qn_dem_free(&s);
    qn_sums_free(&sums);
    qn_heat_accounts_free(&a);
}

Test(heat_accounts, the_book_of_a_shaken_box_closes)
{
    static struct qn_deck d;
    static struct shaken s;
    deck_of(&d, 40);
    shake(&d, &d, &s);
    double sources = 0.0;
    for (int p = 0; p < QN_LUMPS; p++) {
        sources += s.heat.source[p];
    }
    // what contacts dissipated is in the lumps and, exchange and all, in the bodies
    cr_expect(gt(dbl, s.loss, 0.01));
    cr_expect(lt(dbl, fabs(sources / s.loss - 1.0), 1e-12));
    cr_expect(lt(dbl, fabs(s.heats / s.loss - 1.0), 1e-12));
    cr_expect(lt(dbl, fabs(s.loss / qn_ledger_lost(&s.books) - 1.0), 1e-12));
    // a ball's rise is its heat over m c, and the wall is held
    const double mc = 7930.0 * QN_PI / 6.0 * pow(6e-3, 3) * 500.0;
    for (int k = 0; k < 20; k++) {
        cr_expect(lt(dbl, fabs(s.body[k].rise - s.body[k].heat / mc), 1e-15));
        cr_expect(gt(dbl, s.body[k].heat, 0.0));
    }
    cr_expect(eq(dbl, s.body[40].rise, 0.0));
    // the mean of the roots of its speeds, for the gas
    cr_expect(gt(dbl, s.roots, 0.0));
    cr_expect(lt(dbl, fabs(s.body[0].stir * (double)s.moves / s.roots - 1.0), 1e-12));
    // bodies of one lump conduct within it: nothing between lumps is on the diagonal
    cr_expect(eq(dbl, s.heat.exchange[0][0], 0.0));
    cr_expect(gt(dbl, s.heat.exchange[0][1], 0.0));
    cr_expect(eq(dbl, s.heat.exchange[0][1], s.heat.exchange[1][0]));
}

Test(heat_accounts, wear_is_archards_of_the_ledgers_slip)
{
    static struct qn_deck d;
    static struct shaken s;
    struct qn_wear w;
    deck_of(&d, 40);
    shake(&d, &d, &s);
    // each contact slides on two surfaces of the same steel: V = K/(mu H) W_slip on either
    const double volume = 1e-4 / (0.4 * 4e9) * s.books.slip;
    qn_wear_of(&d, &s.heat, &w);
    cr_expect(gt(dbl, s.books.slip, 1e-3));
    cr_expect(lt(dbl, fabs((w.balls + w.wall) / (2.0 * volume * 7930.0) - 1.0), 1e-12));
    cr_expect(lt(dbl, fabs(s.paths / (2.0 * s.books.slip / 0.4) - 1.0), 1e-12));
    // the map has all of the wall's
    double map = s.heat.shaft;
    for (int k = 0; k < QN_MAP_BANDS * QN_MAP_SECTORS; k++) {
        map += s.heat.patch[k];
    }
    cr_expect(lt(dbl, fabs(map / s.body[40].path - 1.0), 1e-12));
    cr_expect(lt(dbl, fabs(map / s.heat.path[QN_LUMP_WALL] - 1.0), 1e-12));
    // elements sum to what is worn
    cr_assert(w.n_elements == 2);
    cr_expect(lt(dbl, fabs((w.element[0] + w.element[1]) / (w.balls + w.wall) - 1.0), 1e-14));
    cr_expect(lt(dbl, fabs(w.element[0] / w.element[1] - 4.0), 1e-12));
}

Test(heat_accounts, parcels_have_their_half_of_the_slip_by_group)
{
    static struct qn_deck d, booked;
    static struct shaken s;
    struct qn_wear w;
    deck_of(&d, 40);
    booked = d;
    booked.balls.n_groups = 1; // the smaller twenty are told to be parcels, of two groups
    booked.powder =
        (struct qn_deck_powder){.mass = 1e-3, .layer = 1e-5, .packing = 0.5, .taylor_quinney = 1.0};
    booked.run.window_powder = QN_POWDER_PARCELS;
    booked.run.parcels = 20;
    booked.run.n_parcel_groups = 2;
    booked.run.parcel_group[0] = (struct qn_deck_size){12, 4e-3};
    booked.run.parcel_group[1] = (struct qn_deck_size){8, 4e-3};
    booked.run.one_parcel[0] = booked.run.one_parcel[1] = 1e-5;
    shake(&d, &booked, &s);
    double slip = 0.0, path[2] = {0.0, 0.0};
    for (int p = 0; p < QN_LUMPS; p++) {
        slip += s.heat.slip[p];
    }
    cr_expect(lt(dbl, fabs(slip / s.books.slip - 1.0), 1e-12));
    const double *own = s.heat.parcel_slip;
    cr_expect(own[0] > 0.0 && own[1] > 0.0);
    cr_expect(lt(dbl, fabs((own[0] + own[1]) / s.heat.slip[QN_LUMP_POWDER] - 1.0), 1e-12));
    for (int k = 0; k < 20; k++) { // friction is 0.4 everywhere, a path the work over it
        path[k >= 12] += s.body[21 + k].path;
    }
    for (int g = 0; g < 2; g++) {
        cr_expect(lt(dbl, fabs(path[g] / s.heat.parcel_path[g] - 1.0), 1e-12));
        cr_expect(lt(dbl, fabs(0.5 * 0.4 * path[g] / own[g] - 1.0), 1e-12));
    }
    // V = K/H path of the powder's own coefficient; nothing of it is foreign to the powder
    qn_wear_of(&booked, &s.heat, &w);
    const double volume = 1e-4 / 4e9 * (path[0] + path[1]);
    cr_expect(lt(dbl, fabs(w.powder / (volume * 7930.0) - 1.0), 1e-12));
    cr_expect(lt(dbl, fabs((w.element[0] + w.element[1]) / (w.balls + w.wall) - 1.0), 1e-14));
}

Test(heat_accounts, two_balls_that_keep_touching_become_alike)
{
    // 40,000 equal touches, one a move: the difference falls as exp(-2 H t/(m c)), H t the sum of
    // their exchanges
    static struct qn_deck d;
    static struct qn_window_heat w;
    struct qn_heat_accounts a;
    const struct qn_dem nobody = {.group = qn_group_solo()};
    deck_of(&d, 2);
    d.balls.group[1].diameter = 6e-3;
    qn_heat_accounts_init(&a, &d);
    struct qn_episode e = hit(QN_BALL_BALL);
    e.w_normal = e.w_slip = 0.0;
    const double g = qn_heat_exchange(&e, &a.model);
    const double mc = a.capacity[0];
    a.body[0].rise = 40.0;
    const int touches = 40000;
    for (int k = 0; k < touches; k++) {
        qn_heat_accounts_add(&a, &e, &w, NULL);
        qn_heat_accounts_move(&a, &nobody, 0.0, 1);
    }
    const double left = (a.body[0].rise - a.body[1].rise) / 40.0;
    const double want = exp(-2.0 * g * touches / mc);
    cr_expect(lt(dbl, want, 0.7)); // it has really fallen
    cr_expect(lt(dbl, fabs(log(left) / log(want) - 1.0), 1e-3), "%g of %g", left, want);
    cr_expect(lt(dbl, fabs(a.body[0].rise + a.body[1].rise - 40.0), 1e-10));
    cr_expect(lt(dbl, fabs(w.exchange[0][1] / (g * touches) - 1.0), 1e-12));
    // no contact does more than to make them alike
    e.r_star = 1e6;
    qn_heat_accounts_add(&a, &e, &w, NULL);
    qn_heat_accounts_move(&a, &nobody, 0.0, 1);
    cr_expect(lt(dbl, fabs(a.body[0].rise - a.body[1].rise), 1e-10));
    qn_heat_accounts_free(&a);
}

static const struct qn_override COMPUTED[6] = {
    {"heat.balance", "computed"},        {"heat.vial_mass", "1 kg"},
    {"heat.cooling", "0.5 W/K"},         {"heat.gas_conductivity", "0.15 W/(m K)"},
    {"heat.gas_viscosity", "3e-5 m2/s"}, {"heat.grain", "1 mm"}};

/// The deck with a computed balance and a window of half a second, in which every body took up 2 J
/// and the balls' mean root of speed was 1.2.
static void with_gas(struct qn_deck *deck, struct qn_window *w, struct qn_deck_derived *derived)
{
    cr_assert(qn_deck_read(QUERN_SOURCE_DIR "/tests/decks/good.yaml", COMPUTED, 6, deck) == QN_OK,
              "%s", qn_error_text());
    struct qn_heat_accounts a;
    qn_deck_derive(deck, derived);
    qn_heat_accounts_init(&a, deck);
    w->span = 0.5;
    w->n_bodies = a.n;
    w->bodies = qn_alloc((size_t)a.n, sizeof *w->bodies);
    for (int k = 0; k < a.n; k++) {
        w->bodies[k] = (struct qn_body_heat){.heat = 2.0, .stir = 1.2, .capacity = a.capacity[k]};
    }
    qn_heat_accounts_free(&a);
}

Test(heat_accounts, parcels_meet_the_gas_at_a_nusselt_number_of_two)
{
    // N pi d^2 2 k/d; balls at Nu = 2 + 0.6 Re^1/2 Pr^1/3 with the mean root of their speed
    static struct qn_deck deck;
    static struct qn_window window;
    struct qn_climate c;
    struct qn_deck_derived derived;
    with_gas(&deck, &window, &derived);
    deck.run.window_powder = QN_POWDER_PARCELS;
    qn_free(window.bodies);
    window.n_bodies = derived.balls + 1 + deck.run.parcels;
    window.bodies = qn_alloc((size_t)window.n_bodies, sizeof *window.bodies);
    for (int64_t k = 0; k < derived.balls; k++) {
        window.bodies[k].stir = 1.2;
    }
    qn_climate_init(&deck, &window, &c);
    cr_assert(c.powder >= 0 && c.gas >= 0);
    const double parcels =
        (double)deck.run.parcels * 3.14159265358979 * derived.parcel_diameter * 0.3;
    cr_expect(fabs(c.net.link[c.powder][c.gas] / parcels - 1.0) < 1e-9, "%g, want %g",
              c.net.link[c.powder][c.gas], parcels);
    const double size = deck.balls.group[0].diameter;
    const double nu = 2.0 + 0.6 * 1.2 * sqrt(size / 3e-5) * cbrt(0.7);
    const double balls = (double)deck.balls.group[0].count * 3.14159265358979 * size * 0.15 * nu;
    cr_expect(fabs(c.net.link[0][c.gas] / balls - 1.0) < 1e-9, "%g, want %g", c.net.link[0][c.gas],
              balls);
    qn_free(window.bodies);
    qn_deck_free(&deck);
}

Test(heat_accounts, a_reserve_meets_the_gas_as_single_grains_where_asked)
{
    // m/(rho pi/6 d^3) grains of conductance 2 pi d k each: 12 k m/(rho d^2)
    static struct qn_deck deck;
    static struct qn_window window;
    struct qn_climate c;
    struct qn_deck_derived derived;
    with_gas(&deck, &window, &derived);
    deck.run.window_powder = QN_POWDER_CARRIED;
    qn_climate_init(&deck, &window, &c);
    cr_assert(c.powder >= 0 && c.gas >= 0);
    const double mass = c.share[c.powder] * deck.powder.mass;
    const double density = deck.material[deck.powder.material].density;
    const double want = 12.0 * 0.15 * mass / (density * 1e-6);
    cr_expect(fabs(c.net.link[c.powder][c.gas] / want - 1.0) < 1e-9, "%g, want %g",
              c.net.link[c.powder][c.gas], want);
    deck.heat.grain = 0.0;
    qn_climate_init(&deck, &window, &c);
    cr_expect(c.net.link[c.powder][c.gas] == 0.0);
    qn_free(window.bodies);
    qn_deck_free(&deck);
}

Test(heat_accounts, each_class_of_powder_is_as_warm_as_what_it_lies_on)
{
    static struct qn_deck deck;
    static struct qn_window window;
    struct qn_climate c;
    struct qn_deck_derived derived;
    double T[QN_SPECTRUM_CLASSES];
    with_gas(&deck, &window, &derived);
    deck.run.window_powder = QN_POWDER_CARRIED;
    qn_climate_init(&deck, &window, &c);
    cr_assert(c.n_groups == 2 && c.powder >= 0);
    c.net.start[0] = 340.0, c.net.start[1] = 350.0;
    c.share[0] = 0.1, c.share[1] = 0.3;
    c.net.start[c.wall] = 310.0, c.net.start[c.powder] = 325.0;
    qn_heat_network_solve(&c.net);
    qn_climate_classes(&c, -c.begin, T); // where the network's time begins
    // balls of two groups by the powder they carry
    cr_expect(fabs(T[QN_CLASS_BALL] - 347.5) < 1e-9 && fabs(T[QN_CLASS_WALL] - 310.0) < 1e-9);
    cr_expect(fabs(T[QN_CLASS_LOOSE] - 325.0) < 1e-9 && fabs(T[QN_CLASS_DEAD] - 325.0) < 1e-9);
    qn_free(window.bodies);
    qn_deck_free(&deck);
}

Test(heat_accounts, single_bodies_give_the_gas_what_they_do_not_keep)
{
    static struct qn_deck deck;
    static struct qn_window window;
    struct qn_deck_derived derived;
    int rank;
    size_t n[8];
    with_gas(&deck, &window, &derived);
    struct qn_store *s = qn_store_new();
    qn_heat_gas_results(&deck, &window, s);
    const double *rise = qn_store_get(s, "/heat/window/bodies/rise_in_gas", &rank, n);
    cr_assert(rise && rank == 1 && (int64_t)n[0] == window.n_bodies);
    const double *given = qn_store_get(s, "/heat/window/bodies/to_gas", NULL, NULL);
    const double *gas = qn_store_get(s, "/heat/window/gas/heat", NULL, NULL);
    double all = 0.0;
    for (size_t k = 0; k < n[0]; k++) {
        const double capacity = window.bodies[k].capacity;
        all += given[k];
        if (isfinite(capacity)) { // every joule is in the body or in the gas
            cr_expect(fabs(capacity * rise[k] + given[k] - 2.0) < 2e-12, "body %zu", k);
        }
    }
    // the light reserve is the warmest: it warms the gas, and that the balls
    cr_expect(given[n[0] - 1] > 1e-4 && given[0] < -1e-6);
    cr_expect(fabs(all - gas[0]) < 1e-12, "%g, not %g", all, gas[0]);
    qn_store_free(s);
    qn_free(window.bodies);
    qn_deck_free(&deck);
}
