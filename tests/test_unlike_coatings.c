// Balls and wall with coatings of their own: masses, contacts, layers, from which coating a contact
// takes; the deck of later coatings.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include "app/deck.h"
#include "app/deck_coated.h"
#include "app/deck_derived.h"
#include "app/exposing.h"
#include "app/mechanics.h"
#include "base/constants.h"

TestSuite(unlike_coatings, .timeout = 100);

static const char GOOD[] = QUERN_SOURCE_DIR "/tests/decks/good.yaml";
static const double BULK = 0.5 * 5680.0;

static void read_with(const char *balls, const char *wall, struct qn_deck *deck)
{
    const struct qn_override set[] = {{"powder.coating_balls", balls},
                                      {"powder.coating_wall", wall},
                                      {"contact.powder_friction", "0.9"},
                                      {"powder.mass", "3 g"}};
    cr_assert(qn_deck_read(GOOD, set, 4, deck) == QN_OK, "%s", qn_error_text());
}

Test(unlike_coatings, weigh_rub_and_part_as_thick_as_each_is)
{
    struct qn_deck deck;
    struct qn_deck_derived d;
    struct qn_carriers c;
    struct qn_dem_model m;
    read_with("15 um", "5 um", &deck);
    qn_deck_derive(&deck, &d);
    const double mass = BULK * (15e-6 * d.ball_area + 5e-6 * d.vial_area);
    cr_expect(epsilon_eq(dbl, d.coating_mass / mass, 1.0, 1e-12));
    qn_carriers_init(&deck, QN_POWDER_CARRIED, &c);
    cr_expect(epsilon_eq(dbl, c.mass[0] / (BULK * 15e-6 * QN_PI * 1e-4), 1.0, 1e-12));
    cr_expect(epsilon_eq(dbl, c.mass[c.wall] / (BULK * 5e-6 * d.vial_area), 1.0, 1e-12));
    qn_carriers_free(&c);
    // friction by the mean of both sides, sigma_0 0.1 kg/m2
    qn_mechanics_model(&deck, QN_POWDER_CARRIED, &m);
    const double bare = deck.contact.friction;
    for (int pair = QN_BALL_BALL; pair <= QN_BALL_WALL; pair++) {
        const double sigma = BULK * (pair == QN_BALL_BALL ? 15e-6 : 10e-6);
        const double s = exp(-sigma / 0.1);
        cr_expect(epsilon_eq(dbl, m.classes[pair].coating, sigma, 1e-15));
        cr_expect(epsilon_eq(dbl, m.classes[pair].friction, bare * s + 0.9 * (1.0 - s), 1e-12));
    }
    qn_deck_free(&deck);
}

/// Captured mass of an impact, and the share of it that came from the first body's coating.
static double captured(const struct qn_deck *deck, enum qn_pair_kind pair, double *share)
{
    enum { DRAWS = 20000 };
    struct qn_carriers c;
    const struct qn_expose_model m = qn_exposing_model(deck);
    double mass = 0.0, first = 0.0;
    qn_carriers_init(deck, QN_POWDER_PARCELS, &c); // no reserve to draw from
    for (int k = 0; k < DRAWS; k++) {
        struct qn_exposure out[2];
        const struct qn_episode e = {.pair = pair,
                                     .id_i = 0,
                                     .id_j = pair == QN_BALL_WALL ? -1 : 1,
                                     .t1 = 1e-5 * (k + 1),
                                     .v_n0 = 3.0,
                                     .r_star = 2.5e-3,
                                     .m_star = 2e-3,
                                     .e_star = 1e11,
                                     .e_star_true = 1e11,
                                     .f_max = 1000.0,
                                     .w_normal = 1e-3};
        cr_assert(eq(int, qn_exposing_episode(&c, &m, &e, out, NULL), 2));
        for (int i = 0; i < 2; i++) {
            mass += out[i].mass / DRAWS;
            first += out[i].carrier == 0 ? out[i].mass / DRAWS : 0.0;
            cr_assert(out[i].carrier == 0 || out[i].carrier == (pair == QN_BALL_WALL ? c.wall : 1));
        }
    }
    qn_carriers_free(&c);
    *share = first / mass;
    return mass;
}

Test(unlike_coatings, a_contact_takes_of_each_in_proportion)
{
    struct qn_deck thick, thin;
    double share;
    read_with("40 um", "10 um", &thick);
    read_with("0 um", "0 um", &thin); // 10 um each, of the layer of 20 um
    const double alike = captured(&thin, QN_BALL_WALL, &share);
    cr_expect(share == 0.5 || fabs(share - 0.5) < 1e-9, "one half from each: %g", share);
    // the captured mass is area x layer: 50 and 80 um in place of 20
    const double wall = captured(&thick, QN_BALL_WALL, &share);
    cr_expect(epsilon_eq(dbl, wall / alike, 2.5, 1e-9));
    // 20,000 draws whose variance is at most that of single halves: 4 standard errors are 0.011
    cr_expect(fabs(share - 0.8) < 0.011, "%g", share);
    const double balls = captured(&thick, QN_BALL_BALL, &share);
    cr_expect(epsilon_eq(dbl, balls / alike, 4.0, 1e-9));
    cr_expect(fabs(share - 0.5) < 1e-9, "%g", share);
    qn_deck_free(&thick);
    qn_deck_free(&thin);
}

Test(unlike_coatings, a_deck_of_later_coatings_has_the_window_of_a_deck_that_says_them)
{
    struct qn_deck deck, said, then;
    struct qn_deck_derived d;
    read_with("0 um", "0 um", &deck);
    read_with("12.34 um", "5.678 um", &said);
    qn_deck_derive(&deck, &d);
    const double start[QN_COATINGS] = {1.0, 1.0, 1.0};
    double mass[QN_COATINGS] = {BULK * 12.3441e-6 * d.ball_area, BULK * 5.6778e-6 * d.vial_area};
    mass[QN_LOOSE_POWDER] = deck.powder.mass - mass[0] - mass[1];
    cr_assert(qn_deck_coated(&deck, mass, start, &then) == QN_OK);
    cr_expect(then.mechanical_hash == said.mechanical_hash &&
              then.mechanical_hash != deck.mechanical_hash);
    cr_expect(strcmp(then.resolved, deck.resolved) != 0);
    qn_deck_coated_free(&then);
    // all on the media: some is left, or the window would have no loose powder
    mass[0] = 0.6 * deck.powder.mass, mass[1] = 0.4 * deck.powder.mass;
    mass[QN_LOOSE_POWDER] = 0.0;
    cr_assert(qn_deck_coated(&deck, mass, start, &then) == QN_OK);
    qn_deck_derive(&then, &d);
    cr_expect(d.coating_mass < deck.powder.mass && d.coating_mass > 0.99 * deck.powder.mass);
    qn_deck_coated_free(&then);
    qn_deck_free(&deck);
    qn_deck_free(&said);
}

Test(unlike_coatings, parcels_take_up_what_is_shed)
{
    struct qn_deck deck, then;
    const struct qn_override set[] = {{"run.window_powder", "parcels"}};
    cr_assert(qn_deck_read(GOOD, set, 1, &deck) == QN_OK, "%s", qn_error_text());
    const double loose = deck.run.parcel_mass;
    const double start[QN_COATINGS] = {1e-4, 1e-4, loose},
                 mass[QN_COATINGS] = {5e-5, 5e-5, 1.1 * loose};
    cr_assert(qn_deck_coated(&deck, mass, start, &then) == QN_OK);
    cr_expect(then.run.parcels == deck.run.parcels);
    cr_expect(epsilon_eq(dbl, then.run.one_parcel[0] / deck.run.one_parcel[0], 1.1, 1e-12));
    const double wider = then.run.parcel_group[0].diameter / deck.run.parcel_group[0].diameter;
    cr_expect(epsilon_eq(dbl, wider, cbrt(1.1), 1e-12));
    cr_expect(then.mechanical_hash != deck.mechanical_hash);
    qn_deck_coated_free(&then);
    const double heaps[QN_COATINGS] = {0.0, 0.0, 1e3 * loose};
    cr_expect(qn_deck_coated(&deck, heaps, start, &then) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), "at most 1 mm") != NULL, "%s", qn_error_text());
    qn_deck_free(&deck);
}
