// Classes of powder: what a contact swaps between them, and which parcels lie in a dead zone.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "app/dead_zone.h"
#include "app/exposing.h"
#include "base/array.h"
#include "dem_fixture.h"
#include "io/store.h"

TestSuite(powder_classes, .timeout = 60);

static struct qn_deck_powder powder_of(double exchange)
{
    return (struct qn_deck_powder){
        .mass = 1e-3, .packing = 0.5, .layer = 20e-6, .exchange = exchange};
}

// two balls (carriers 0, 1), the wall (2), then the reserve or two parcels (3, 4)
static struct qn_carriers carriers_of(int reserve)
{
    static double mass[5] = {1e-6, 1e-6, 1e-6, 1e-6, 1e-6};
    return (struct qn_carriers){.balls = 2,
                                .wall = 2,
                                .loose = 3,
                                .n_loose = reserve ? 1 : 2,
                                .n = reserve ? 4 : 5,
                                .mass = mass,
                                .ball_share = 0.5,
                                .pick_up = reserve ? powder_of(0.05).exchange : 0.0,
                                .seed = 7};
}

static const struct qn_expose_model MODEL = {.effusivity = {7839.0, 600.0, 7839.0},
                                             .diffusivity = {4e-6, 1e-7, 4e-6},
                                             .layer = 20e-6,
                                             .density = 5680.0,
                                             .packing = 0.6,
                                             .conductivity = 0.2,
                                             .heat_capacity = 480.0,
                                             .heat_share = 0.75,
                                             .taylor_quinney = 0.9,
                                             .temperature = 338.15,
                                             .parcel_mass = {1e-6, 1e-6}};

static struct qn_episode contact(enum qn_pair_kind pair, int64_t i, int64_t j)
{
    return (struct qn_episode){.pair = pair,
                               .id_i = i,
                               .id_j = j,
                               .v_n0 = 1.0,
                               .r_star = 2.5e-3,
                               .m_star = 1e-3,
                               .t1 = 1.0,
                               .friction = 0.3,
                               .e_star = 1e9,
                               .e_star_true = 1e11,
                               .w_normal = 5e-4};
}

static int swaps_of(int reserve, enum qn_pair_kind pair, int64_t i, int64_t j,
                    struct qn_swap swap[2], struct qn_exposure x[2])
{
    const struct qn_carriers c = carriers_of(reserve);
    const struct qn_episode e = contact(pair, i, j);
    return qn_exposing_episode(&c, &MODEL, &e, x, swap);
}

Test(powder_classes, media_swap_with_the_reserve_or_without_one_with_each_other)
{
    struct qn_swap s[2];
    struct qn_exposure x[2];
    cr_assert(swaps_of(1, QN_BALL_WALL, 1, -1, s, x) == 2);
    cr_expect(s[0].carrier + s[1].carrier == 1 + 2,
              "one half came from the ball, one from the wall");
    cr_expect(s[0].partner == 3 && s[1].partner == 3, "both swap with the reserve");
    cr_expect(s[0].mass == x[0].mass && s[1].mass == x[1].mass && s[0].mass > 0.0);
    cr_assert(swaps_of(0, QN_BALL_WALL, 1, -1, s, x) == 2);
    cr_expect(s[0].partner == s[1].carrier && s[1].partner == s[0].carrier, "with each other");
    cr_expect(x[0].carrier == s[0].carrier && x[1].carrier == s[1].carrier, "no reserve to draw");
}

Test(powder_classes, a_parcel_swaps_with_what_it_touches)
{
    struct qn_swap s[2];
    struct qn_exposure x[2];
    cr_assert(swaps_of(0, QN_BALL_PARCEL, 0, 3, s, x) == 1);
    cr_expect(x[0].carrier == 4 && s[0].carrier == 4 && s[0].partner == 0);
    cr_assert(swaps_of(0, QN_PARCEL_WALL, 2, -1, s, x) == 1);
    cr_expect(x[0].carrier == 3 && s[0].carrier == 3 && s[0].partner == 2);
    cr_assert(swaps_of(0, QN_PARCEL_PARCEL, 2, 3, s, x) == 2);
    cr_expect(s[0].carrier == 3 && s[0].partner == 4 && s[1].carrier == 4 && s[1].partner == 3);
}

Test(powder_classes, dead_is_what_lies_still_and_unmet_while_others_move)
{
    const int64_t before[12] = {0, 0, 0, 100, 0, 0, 200, 0, 0, 300, 0, 0};
    const int64_t now[12] = {3, 0, 4, 100, 0, 0, 200, 6, 0, 300, 4, 0};
    const int64_t met[4] = {0, 2, 0, 0};
    int64_t dead[4];
    // still within 5.5: 0 (moved 5), 1 (met by a ball), 3 (moved 4); 2 has moved 6
    cr_expect(qn_dead_zone_judge(4, before, now, met, 5.5, dead) == 2);
    cr_expect(dead[0] == 1 && dead[1] == 0 && dead[2] == 0 && dead[3] == 1);
    const int64_t none[4] = {0};
    cr_expect(qn_dead_zone_judge(4, before, before, none, 5.5, dead) == 0, "nothing moves at all");
    cr_expect(dead[0] == 0 && dead[3] == 0);
}

// Three parcels in a turning vial without contacts: one rides with the wall, one stands in space,
// one rides until it is moved.
Test(powder_classes, still_is_what_the_turning_wall_sees)
{
    const struct fixture f = {
        .young = 1e9, .poisson = 0.3, .density = 5000.0, .restitution = 0.5, .dt = 1e-3};
    struct qn_dem_model m = fixture_model(&f);
    m.motion = fixture_planetary(0.06, 10.0, 1.0);
    struct qn_dem dem;
    struct qn_dead_zone z;
    const double R = 1e-3;
    qn_dem_init(&m, &dem, 1);
    for (int k = 0; k < 3; k++) {
        const double x[3] = {0.1, 0.05 * k, 0.0};
        cr_assert(qn_dem_add(&m, &dem, 0, R, x, STILL, STILL) == k);
    }
    cr_assert(qn_dem_start(&m, &dem) == QN_OK, "%s", qn_error_text());
    qn_dead_zone_init(&z, 3, 0);
    const int64_t hits[3] = {5, 6, 7};
    int64_t expected[4][3] = {{0, 0, 0}, {1, 0, 1}, {1, 0, 0}, {1, 0, 1}};
    for (int block = 0; block < 4; block++) {
        struct qn_pose pose;
        dem.step = 37 * block;
        qn_motion_pose(&m.motion, qn_dem_time(&m, &dem), &pose);
        for (int k = 0; k < 3; k += 2) { // riders
            const double shift = k == 2 && block >= 2 ? 3.0 * R : 0.0;
            const double a = 0.1 + shift, b = 0.05 * k;
            dem.body[k].x[0] = cos(pose.turn) * a - sin(pose.turn) * b;
            dem.body[k].x[1] = sin(pose.turn) * a + cos(pose.turn) * b;
        }
        qn_dead_zone_block(&z, &m, &dem, hits);
        for (int k = 0; k < 3; k++) {
            cr_expect(z.dead[k] == expected[block][k], "block %d, parcel %d: %d", block, k,
                      (int)z.dead[k]);
        }
    }
    // dead in blocks 2 (two), 3 (one); the third block's flags hold for a fourth that is not there
    cr_expect(z.lain == 3 && fabs(qn_dead_zone_mean(&z, 4) - 0.75) < 1e-15);
    cr_expect(z.moved == 4, "two fell still, one woke, one fell still again: %d", (int)z.moved);
    // exposures of dead parcels 5, 7, 5: mean 17/3, mean square 33
    cr_expect(fabs(qn_dead_zone_fano(&z) - (33.0 - 289.0 / 9.0) / (17.0 / 3.0)) < 1e-14);
    void *bytes;
    size_t size;
    struct qn_dead_zone back;
    qn_dead_zone_pack(&z, &bytes, &size);
    qn_dead_zone_init(&back, 3, 0);
    cr_assert(qn_dead_zone_unpack(&back, bytes, size) == QN_OK);
    cr_expect(back.lain == 3 && back.moved == 4 && memcmp(back.place, z.place, 72) == 0);
    cr_expect(memcmp(back.dead, z.dead, 24) == 0);
    cr_expect(qn_dead_zone_unpack(&back, bytes, size - 8) != QN_OK);
    qn_free(bytes);
    qn_dead_zone_free(&back);
    qn_dead_zone_free(&z);
    qn_dem_free(&dem);
}
