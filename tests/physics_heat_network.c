// Lumps that exchange heat: closed forms, a small system in steps, the books; the map of a wall.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "base/constants.h"
#include "model/heat.h"
#include "model/heat_network.h"
#include "model/wall_map.h"

Test(heat_network, two_equal_spheres_equilibrate_as_exp_minus_2_H_t_over_mc)
{
    // 10 mm steel balls pressed together over a spot of 0.1 mm: H = 2 k a
    const double mc = 7930.0 * QN_PI / 6.0 * 1e-6 * 500.0;
    const double H = qn_heat_spot(15.5, 15.5, 1e-4);
    struct qn_heat_network net = {.n = 2,
                                  .capacity = {mc, mc},
                                  .link = {{0.0, H}, {H, 0.0}},
                                  .start = {310.0, 300.0},
                                  .ambient = 0.0};
    qn_heat_network_solve(&net);
    for (double t = 1.0; t < 2000.0; t *= 3.0) {
        double T[2];
        qn_heat_network_at(&net, t, T);
        cr_expect(lt(dbl, fabs((T[0] - T[1]) / (10.0 * exp(-2.0 * H * t / mc)) - 1.0), 1e-10));
        cr_expect(lt(dbl, fabs(T[0] + T[1] - 610.0), 1e-10));
    }
    cr_expect(eq(dbl, qn_heat_network_book(&net, 100.0).out, 0.0));
}

Test(heat_network, one_lump_ends_at_ambient_plus_power_over_cooling)
{
    struct qn_heat_network net = {.n = 1,
                                  .capacity = {800.0},
                                  .source = {28.0},
                                  .loss = {0.7},
                                  .start = {298.15},
                                  .ambient = 298.15};
    qn_heat_network_solve(&net);
    const double tau = 800.0 / 0.7;
    double T;
    qn_heat_network_end(&net, &T);
    cr_expect(lt(dbl, fabs(T - 338.15), 1e-9));
    cr_expect(lt(dbl, fabs(qn_heat_network_time(&net) / tau - 1.0), 1e-12));
    qn_heat_network_at(&net, tau, &T);
    cr_expect(lt(dbl, fabs(T - (298.15 + 40.0 * (1.0 - exp(-1.0)))), 1e-9));
    // without cooling it warms for ever
    net.loss[0] = 0.0;
    qn_heat_network_solve(&net);
    qn_heat_network_at(&net, 1000.0, &T);
    cr_expect(lt(dbl, fabs(T - (298.15 + 35.0)), 1e-9));
    cr_expect(gt(dbl, qn_heat_network_time(&net), 1e300));
}

/// Balls of two sizes, a wall, loose powder and a gas: capacities over three decades.
static struct qn_heat_network mill(void)
{
    struct qn_heat_network net = {.n = 5,
                                  .capacity = {200.0, 100.0, 750.0, 0.9, 0.7},
                                  .source = {9.0, 6.0, 8.0, 0.5, 0.0},
                                  .loss = {0.0, 0.0, 0.8, 0.0, 0.0},
                                  .start = {300.0, 310.0, 295.0, 300.0, 298.0},
                                  .ambient = 293.0};
    const double links[5][5] = {
        {0, 0.4, 0.5, 1.1, 3.0}, {0, 0, 0.3, 0.9, 2.0}, {0, 0, 0, 0.7, 1.5}, {0}};
    for (int i = 0; i < 5; i++) {
        for (int j = i + 1; j < 5; j++) {
            net.link[i][j] = net.link[j][i] = links[i][j];
        }
    }
    qn_heat_network_solve(&net);
    return net;
}

Test(heat_network, a_mill_follows_steps_of_runge_and_kutta)
{
    const struct qn_heat_network net = mill();
    double T[5], x[5], k[4][5];
    const double t_end = 600.0, dt = 0.01;
    for (int i = 0; i < 5; i++) {
        T[i] = net.start[i];
    }
    for (int step = 0; step < (int)(t_end / dt + 0.5); step++) {
        for (int q = 0; q < 4; q++) {
            for (int i = 0; i < 5; i++) {
                x[i] = T[i] + (q == 0 ? 0.0 : (q == 3 ? 1.0 : 0.5) * dt * k[q - 1][i]);
            }
            for (int i = 0; i < 5; i++) {
                double flow = net.source[i] - net.loss[i] * (x[i] - net.ambient);
                for (int j = 0; j < 5; j++) {
                    flow += net.link[i][j] * (x[j] - x[i]);
                }
                k[q][i] = flow / net.capacity[i];
            }
        }
        for (int i = 0; i < 5; i++) {
            T[i] += dt / 6.0 * (k[0][i] + 2.0 * k[1][i] + 2.0 * k[2][i] + k[3][i]);
        }
    }
    double found[5];
    qn_heat_network_at(&net, t_end, found);
    for (int i = 0; i < 5; i++) {
        cr_expect(lt(dbl, fabs(found[i] - T[i]), 1e-7), "%d: %.9g %.9g", i, found[i], T[i]);
    }
}

Test(heat_network, heat_in_is_stored_or_out)
{
    const struct qn_heat_network net = mill();
    double end[5];
    for (double t = 1e-3; t < 1e6; t *= 10.0) {
        const struct qn_heat_book book = qn_heat_network_book(&net, t);
        cr_expect(lt(dbl, fabs(book.in - book.stored - book.out), 1e-12 * (book.in + 1e4)),
                  "%g s: %g of %g J", t, book.in - book.stored - book.out, book.in);
        cr_expect(lt(dbl, fabs(book.in / (23.5 * t) - 1.0), 1e-14));
    }
    // all of the power leaves through the wall
    qn_heat_network_end(&net, end);
    cr_expect(lt(dbl, fabs(end[2] - (293.0 + 23.5 / 0.8)), 1e-8));
    cr_expect(end[0] > end[2] && end[1] > end[2], "balls are warmer than the wall they heat");
}

static double total(const struct qn_vessel *v, double *area)
{
    double sum = 0.0;
    qn_wall_map_areas(v, area);
    for (int k = 0; k < QN_MAP_BANDS * QN_MAP_SECTORS; k++) {
        sum += area[k];
    }
    return sum;
}

Test(wall_map, patches_cover_the_wall)
{
    double area[QN_MAP_BANDS * QN_MAP_SECTORS];
    const struct qn_vessel cylinder = qn_vessel_cylinder(0.075, 0.0713);
    cr_expect(lt(dbl, fabs(total(&cylinder, area) / cylinder.area - 1.0), 0.01));
    // symmetric about the axis and up and down
    cr_expect(lt(dbl, fabs(area[5] / area[17 * QN_MAP_SECTORS + 30] - 1.0), 1e-6));
    // the middle bands are mantle: r dphi times the height between the rays
    const double z = 1.0 / 9.0, high = 0.0375 * z / sqrt(1.0 - z * z);
    const double strip = 0.0375 * 2.0 * QN_PI / QN_MAP_SECTORS * high;
    cr_expect(lt(dbl, fabs(area[9 * QN_MAP_SECTORS] / strip - 1.0), 1e-3));
    const struct qn_vessel box = qn_vessel_box((const double[3]){0.05, 0.04, 0.06});
    cr_expect(lt(dbl, fabs(total(&box, area) / box.area - 1.0), 0.01));
}

Test(wall_map, a_point_is_in_the_patch_that_is_seen_there)
{
    cr_expect(eq(int, qn_wall_patch((const double[3]){0.01, 1e-9, -0.05}) / QN_MAP_SECTORS, 0));
    cr_expect(eq(int, qn_wall_patch((const double[3]){0.0, 0.0, 0.05}) / QN_MAP_SECTORS,
                 QN_MAP_BANDS - 1));
    cr_expect(eq(int, qn_wall_patch((const double[3]){0.0, 0.03, 1e-9}) % QN_MAP_SECTORS, 9));
    cr_expect(eq(int, qn_wall_patch((const double[3]){0.03, -1e-9, 1e-9}) % QN_MAP_SECTORS, 35));
    cr_expect(eq(int, qn_wall_patch((const double[3]){0.0, 0.0, 0.0}),
                 QN_MAP_BANDS / 2 * QN_MAP_SECTORS));
}
