// Parcels of several sizes: counts and masses, what they carry, what a run makes of them.
#include <math.h>

#include "app/deck.h"
#include "app/deck_derived.h"
#include "app/exposing.h"
#include "app/mechanics.h"
#include "app/powder_classes.h"
#include "app/window.h"
#include "app/window_counts.h"
#include "base/array.h"
#include "base/constants.h"
#include "run_fixture.h"

TestSuite(parcel_sizes, .timeout = 100);

static const char GOOD[] = QUERN_SOURCE_DIR "/tests/decks/good.yaml";
static const double OXIDE = 5680.0;

/// good.yaml with groups in place of count and mass; the fault's words, or "".
static const char *with_groups(const char *groups, struct qn_deck *deck)
{
    const struct qn_override set[] = {{"run.parcels", "0"},
                                      {"run.parcel_mass", "0 kg"},
                                      {"run.parcel_groups", groups},
                                      {"run.direct_powder", "parcels"}};
    return qn_deck_read(GOOD, set, 4, deck) == QN_OK ? "" : qn_error_text();
}

static double mass_of(const struct qn_deck *deck)
{
    double mass = 0.0;
    for (int g = 0; g < deck->run.n_parcel_groups; g++) {
        mass += (double)deck->run.parcel_group[g].count * OXIDE * QN_PI / 6.0 *
                pow(deck->run.parcel_group[g].diameter, 3);
    }
    return mass;
}

Test(parcel_sizes, a_lognormal_keeps_count_and_mass)
{
    // mean volume of a lognormal: pi/6 median^3 exp(4.5 sigma^2)
    struct qn_deck deck;
    cr_assert_str_eq(with_groups("[{count: 400, median: 0.4 mm, sigma: 0.3, classes: 5}]", &deck),
                     "");
    const double mass = 400.0 * OXIDE * QN_PI / 6.0 * pow(0.4e-3, 3) * exp(4.5 * 0.09);
    cr_expect(eq(int, (int)deck.run.parcels, 400));
    cr_expect(eq(int, deck.run.n_parcel_groups, 5));
    cr_expect(epsilon_eq(dbl, deck.run.parcel_mass / mass, 1.0, 1e-9));
    cr_expect(epsilon_eq(dbl, deck.run.parcel_mass / mass_of(&deck), 1.0, 1e-12));
    qn_deck_free(&deck);
}

Test(parcel_sizes, bodies_carriers_and_step_follow_each_size)
{
    struct qn_deck deck, again;
    struct qn_dem_model m;
    struct qn_dem s = {0};
    struct qn_carriers c;
    cr_assert_str_eq(
        with_groups("[{count: 30, diameter: 0.3 mm}, {count: 20, diameter: 0.6 mm}]", &deck), "");
    qn_mechanics_model(&deck, QN_POWDER_PARCELS, &m);
    qn_dem_init(&m, &s, 1);
    cr_assert(qn_mechanics_fill(&deck, QN_POWDER_PARCELS, &m, &s) == QN_OK, "%s", qn_error_text());
    qn_carriers_init(&deck, QN_POWDER_PARCELS, &c);
    cr_assert(eq(int, c.n_loose, 50));
    for (int k = 0; k < 50; k++) {
        const double d = k < 30 ? 0.3e-3 : 0.6e-3, one = OXIDE * QN_PI / 6.0 * d * d * d;
        cr_expect(epsilon_eq(dbl, s.body[c.balls + k].R, 0.5 * d, 1e-15));
        cr_expect(epsilon_eq(dbl, s.mass[c.balls + k] / one, 1.0, 1e-12));
        cr_expect(epsilon_eq(dbl, c.mass[c.loose + k] / one, 1.0, 1e-12));
    }
    qn_dem_free(&s);
    qn_carriers_free(&c);
    // the smallest sets the step: half the size, half the step of parcels of 0.6 mm
    cr_assert_str_eq(with_groups("[{count: 20, diameter: 0.6 mm}]", &again), "");
    cr_expect(epsilon_eq(dbl, qn_deck_step(&deck, 1).dt / qn_deck_step(&again, 1).dt, 0.5, 1e-9));
    qn_deck_free(&deck);
    qn_deck_free(&again);
}

Test(parcel_sizes, an_exposure_is_at_most_its_own_parcel)
{
    struct qn_deck deck;
    struct qn_carriers c;
    struct qn_exposure out[2];
    cr_assert_str_eq(
        with_groups("[{count: 1, diameter: 20 um}, {count: 1, diameter: 10 um}]", &deck), "");
    const struct qn_expose_model m = qn_exposing_model(&deck);
    qn_carriers_init(&deck, QN_POWDER_PARCELS, &c);
    // parcels so small that a hard hit takes them whole
    struct qn_episode e = {.pair = QN_PARCEL_PARCEL,
                           .id_i = c.balls,
                           .id_j = c.balls + 1,
                           .t1 = 1e-5,
                           .v_n0 = 3.0,
                           .r_star = 5e-4,
                           .m_star = 1e-6,
                           .e_star = 1e9,
                           .e_star_true = 1e9,
                           .f_max = 10.0,
                           .depth_max = 1e-4,
                           .w_normal = 1e-6};
    cr_assert(eq(int, qn_exposing_episode(&c, &m, &e, out, NULL), 2));
    cr_expect(out[0].mass == c.mass[c.loose] && out[1].mass == c.mass[c.loose + 1]);
    cr_expect(epsilon_eq(dbl, out[0].mass / out[1].mass, 8.0, 1e-9));
    e.pair = QN_BALL_PARCEL, e.id_i = 0, e.id_j = c.balls + 1;
    cr_assert(eq(int, qn_exposing_episode(&c, &m, &e, out, NULL), 1));
    cr_expect(out[0].mass == c.mass[c.loose + 1]);
    e.pair = QN_PARCEL_WALL, e.id_i = c.balls + 1, e.id_j = -1;
    cr_assert(eq(int, qn_exposing_episode(&c, &m, &e, out, NULL), 1));
    cr_expect(out[0].mass == c.mass[c.loose + 1]);
    qn_carriers_free(&c);
    qn_deck_free(&deck);
}

Test(parcel_sizes, faults_are_told_where_they_are)
{
    struct qn_deck deck;
    cr_expect(
        strstr(with_groups("[{mass: 0.3 g, sieve: [{from: 1 mm, to: 1.4 mm, share: 1}]}]", &deck),
               "run.parcel_groups: the largest parcels are 1.") != NULL,
        "%s", qn_error_text());
    cr_expect(strstr(with_groups("[{mass: 1 mg, diameter: 0.9 mm}]", &deck),
                     "is 0.461 parcels of 0.00216808 g") != NULL,
              "%s", qn_error_text());
    const struct qn_override both[] = {{"run.parcel_groups", "[{count: 3, diameter: 0.5 mm}]"}};
    cr_expect(eq(int, qn_deck_read(GOOD, both, 1, &deck), QN_ERR_INPUT));
    cr_expect(strstr(qn_error_text(), "has 3 parcels; leave this key out") != NULL, "%s",
              qn_error_text());
}

Test(parcel_sizes, a_listed_size_is_what_count_and_mass_give)
{
    // the same parcels by list: their mass is that of their sphere, equal to round-off
    struct qn_deck deck, listed;
    char text[96];
    cr_assert(qn_deck_read(GOOD, NULL, 0, &deck) == QN_OK, "%s", qn_error_text());
    cr_expect(deck.run.one_parcel[0] == deck.run.parcel_mass / 500.0);
    snprintf(text, sizeof text, "[{count: 500, diameter: %.17g m}]",
             deck.run.parcel_group[0].diameter);
    cr_assert_str_eq(with_groups(text, &listed), "");
    cr_expect(epsilon_eq(dbl, listed.run.parcel_mass / deck.run.parcel_mass, 1.0, 1e-12));
    cr_expect(qn_deck_step(&deck, 1).dt == qn_deck_step(&listed, 1).dt);
    qn_deck_free(&deck);
    qn_deck_free(&listed);
}

#define MIXED                                                                                      \
    QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml --set powder.mass='0.14 g' "                 \
                     "--set run.parcel_groups='[{mass: 0.015 g, sieve: ["                          \
                     "{from: 0.35 mm, to: 0.5 mm, share: 0.4}, "                                   \
                     "{from: 0.5 mm, to: 0.7 mm, share: 0.6}]}]' "                                 \
                     "--set mill.run_up='0 s' --set run.start_up='2 ms' "                          \
                     "--set run.window_powder=parcels --set run.direct_powder=parcels "            \
                     "--set run.window_min='8 ms' --set run.window_max='8 ms' "                    \
                     "--set run.direct_span='2 ms' --set run.sync='1 ms' --quiet "

Test(parcel_sizes, a_run_books_their_masses_and_energies, .init = enter, .fini = leave)
{
    cr_assert(eq(int, run(MIXED, "--output a/run.h5", 1), 0), "%s", words());
    struct qn_store *s = load("a/run.h5");
    const double *mass = qn_store_get(s, "/statistics/classes/mass", NULL, NULL);
    const double *a = qn_store_get(s, "/mechanics/ledger/residual_a", NULL, NULL);
    cr_assert(mass && a);
    size_t dims[QN_STORE_RANK];
    (void)qn_store_get(s, "/statistics/classes/mass", NULL, dims);
    const double dead = dims[0] > QN_CLASS_DEAD ? mass[QN_CLASS_DEAD] : 0.0;
    // counts are whole, so the mass asked for is met within the 2 % that a deck may be off
    cr_expect(epsilon_eq(dbl, (mass[QN_CLASS_LOOSE] + dead) / 0.015e-3, 1.0, 0.02));
    cr_expect(fabs(a[0]) < 1e-10);
    qn_store_free(s);
    cr_assert(eq(int, run(MIXED, "--output b/run.h5", 2), 0), "%s", words());
    expect_same_results("a/run.h5", "b/run.h5");
}

/// Mass that stands for parcels of the masses m[2], of which `met` are met, each exposing x.
static double carrier_of(const double x[2], const double m[2], const double met[2])
{
    struct qn_window w = {0};
    for (int k = 0; k < 2; k++) {
        w.exposed[QN_CLASS_LOOSE][0] += met[k] * x[k] * x[k];
        w.exposed[QN_CLASS_LOOSE][1] += met[k] * x[k] * x[k] / m[k];
    }
    return qn_window_carrier(&w, QN_CLASS_LOOSE, 7.0);
}

/// What one pass of hits leaves unconverted of two sizes of carriers, X = 1, Poisson: per kilogram
/// of size k the second order is nu_k phi_k^2/2, beside the first, nu_k phi_k.
Test(parcel_sizes, one_carrier_stands_for_several_sizes_to_the_next_order)
{
    const double m[2] = {1.0, 8.0}, one[2] = {1e-3, 1e-3};
    // every kilogram met alike: hits in the ratio of the masses, here of one small and one large
    cr_expect(epsilon_eq(dbl, carrier_of(one, m, m), 4.5, 1e-12), "mass over number");
    const double alike[2] = {1.0, 1.0};
    cr_expect(epsilon_eq(dbl, carrier_of(m, m, alike), 65.0 / 9.0, 1e-12), "mean by mass");
    const struct qn_window none = {0};
    cr_expect(qn_window_carrier(&none, QN_CLASS_LOOSE, 7.0) == 7.0);
    // against the classes themselves: what repeated exposure wastes is the same
    const double x[2] = {2e-3, 5e-3}, met[2] = {3.0, 2.0};
    const double both = carrier_of(x, m, met);
    double wasted = 0.0, lumped = 0.0;
    for (int k = 0; k < 2; k++) {
        wasted += met[k] * x[k] * (x[k] / m[k]);
        lumped += met[k] * x[k] * (x[k] / both);
    }
    cr_expect(epsilon_eq(dbl, lumped / wasted, 1.0, 1e-12));
}

Test(parcel_sizes, a_window_counts_what_it_exposes_of_each_size)
{
    struct qn_deck deck;
    struct qn_window w = {0};
    struct qn_window_counts c;
    cr_assert_str_eq(
        with_groups("[{count: 30, diameter: 0.3 mm}, {count: 20, diameter: 0.6 mm}]", &deck), "");
    deck.run.window_powder = QN_POWDER_PARCELS;
    w.strong = qn_alloc(2 * QN_STRONG_EVENTS, sizeof *w.strong);
    w.events = qn_alloc(1, sizeof *w.events);
    const struct qn_spectrum_window span = {
        .span = 1.0, .T0 = 300.0, .n_classes = QN_POWDER_CLASSES, .mass = w.mass};
    qn_spectrum_init(&w.spectrum, &span);
    qn_reservoir_init(w.events, QN_POWDER_CLASSES, 1);
    qn_window_counts_init(&c, &deck, &w);
    double square = 0.0, over = 0.0;
    for (int k = 0; k < 50; k += 7) {
        struct qn_exposure x[2];
        const struct qn_episode e = {.pair = QN_BALL_PARCEL,
                                     .id_i = 0,
                                     .id_j = c.carriers.balls + k,
                                     .t1 = 1e-5 * (k + 1),
                                     .v_n0 = 0.1 * (k + 1),
                                     .r_star = 2e-4,
                                     .m_star = 1e-7,
                                     .e_star = 1e9,
                                     .e_star_true = 1e9,
                                     .f_max = 0.1,
                                     .depth_max = 1e-6,
                                     .w_normal = 1e-7};
        cr_assert(eq(int, qn_exposing_episode(&c.carriers, &c.model, &e, x, NULL), 1));
        square += x[0].mass * x[0].mass;
        over += x[0].mass * x[0].mass / deck.run.one_parcel[k >= 30];
        qn_window_count(&c, &e, 1);
    }
    qn_sums_settle(&c.sums);
    cr_expect(square > 0.0);
    cr_expect(epsilon_eq(dbl, w.exposed[QN_CLASS_LOOSE][0] / square, 1.0, 1e-12));
    cr_expect(
        epsilon_eq(dbl, qn_window_carrier(&w, QN_CLASS_LOOSE, 0.0) / (square / over), 1.0, 1e-12));
    qn_window_counts_free(&c);
    qn_window_free(&w);
    qn_deck_free(&deck);
}
