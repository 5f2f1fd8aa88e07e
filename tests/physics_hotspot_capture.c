// From an episode to its exposures: Hertz numbers of physics.md, captured mass and hot spot of
// joint.md 1.6, and where each joule goes.
#include <criterion/criterion.h>

#include <math.h>

#include "base/constants.h"
#include "exposure/capture.h"
#include "exposure/hotspot.h"
#include "model/material.h"

static void close_to(double got, double want, double tolerance, const char *what)
{
    cr_expect(fabs(got - want) <= tolerance * fabs(want), "%s: got %.9g, want %.9g (within %g)",
              what, got, want, tolerance);
}

// two 10 mm balls of 304 steel head on at 3 m/s, energy all lost
static struct qn_episode steel_impact(void)
{
    const double mass = 7930.0 * 4.0 / 3.0 * QN_PI * 125e-9;
    struct qn_episode e = {.pair = QN_BALL_BALL,
                           .v_n0 = 3.0,
                           .r_star = 2.5e-3,
                           .m_star = 0.5 * mass,
                           .t1 = 1.0,
                           .friction = 0.3,
                           .e_star_true = qn_reduced_young(193e9, 0.29, 193e9, 0.29)};
    e.e_star = 1e-2 * e.e_star_true;
    e.w_normal = qn_episode_impact_n(&e);
    return e;
}

static struct qn_expose_model zirconia_on_steel(void)
{
    return (struct qn_expose_model){.effusivity = {7839.0, 600.0, 7839.0},
                                    .diffusivity = {4e-6, 1e-7, 4e-6},
                                    .layer = 100e-6,
                                    .density = 5680.0,
                                    .packing = 0.6,
                                    .conductivity = 0.2,
                                    .heat_capacity = 480.0,
                                    .heat_share = 0.75,
                                    .taylor_quinney = 0.9,
                                    .temperature = 338.15,
                                    .parcel_mass = {2e-6, 2e-6}};
}

Test(capture, true_moduli_hertz_of_a_steel_pair)
{
    // physics.md: 304, 10 mm, 3 m/s: E 9.34 mJ, F 911 N, a 253 um, p0 6.79 GPa, t 25.1 us
    const struct qn_episode e = steel_impact();
    const struct qn_spot s = qn_expose_spot(&e, 0.0, 0.0);
    close_to(qn_episode_impact_n(&e), 9.34e-3, 5e-3, "energy");
    close_to(s.force, 911.0, 0.01, "force");
    close_to(s.radius, 253e-6, 0.01, "radius");
    close_to(1.5 * s.pressure, 6.79e9, 0.01, "p0");
    close_to(s.t_c, 25.1e-6, 0.01, "time");
    close_to(s.shear, 0.3 * s.pressure, 1e-12, "shear");
}

Test(capture, capped_pressure_spreads_the_force_over_a_larger_spot)
{
    const struct qn_episode e = steel_impact();
    const struct qn_spot s = qn_expose_spot(&e, 1e9, 0.2e9);
    close_to(s.pressure, 1e9, 1e-12, "pressure");
    close_to(s.area, s.force / 1e9, 1e-12, "area");
    close_to(s.radius, sqrt(s.area / QN_PI), 1e-12, "radius");
    close_to(s.shear, 0.2e9, 1e-12, "shear");
}

Test(capture, piece_of_a_lasting_contact_is_taken_from_its_peak_force)
{
    struct qn_episode e = steel_impact();
    e.flags = QN_OPEN_START;
    e.f_max = 911.0;
    e.t0 = e.t1 - 2e-4;
    const struct qn_spot s = qn_expose_spot(&e, 0.0, 0.0);
    close_to(s.radius, 253e-6, 0.01, "a = (3 F R/4 E)^(1/3)"); // at equal force, equal spot
    close_to(s.t_c, 2e-4, 1e-9, "duration");
}

Test(capture, shares_of_an_episode_sum_to_one)
{
    struct qn_expose_model m = zirconia_on_steel();
    for (m.heat_share = 0.0; m.heat_share <= 1.0; m.heat_share += 0.125) {
        const struct qn_shares s = qn_expose_shares(&m);
        cr_expect(fabs(s.heat + s.stored + s.bodies + s.wear - 1.0) < 1e-15);
    }
}

Test(capture, every_powder_joule_and_kilogram_is_handed_out_once)
{
    struct qn_episode e = steel_impact();
    e.w_slip = 2e-3;
    struct qn_expose_model m = zirconia_on_steel();
    for (int bare = 0; bare < 2; bare++) {
        m.layer = bare ? 0.05e-6 : 100e-6;
        struct qn_exposure x[2];
        int n = 0;
        qn_expose(&e, &m, x, &n);
        cr_assert(n == 2);
        cr_expect((x[0].pulse.kind == QN_PULSE_RING_HOT) == bare);
        cr_expect((x[0].pulse.kind == QN_PULSE_LAYER_CORE) == !bare);
        const struct qn_shares s = qn_expose_shares(&m);
        close_to(x[0].energy + x[1].energy, (s.heat + s.stored) * qn_episode_loss(&e), 1e-14, "J");
        const struct qn_spot spot = qn_expose_spot(&e, 0.0, 0.0);
        close_to(x[0].mass + x[1].mass, spot.area * m.layer * m.density * m.packing, 1e-14, "kg");
        // the work of sliding whole, whatever share of the heat the powder takes
        close_to(x[0].slip * x[0].mass + x[1].slip * x[1].mass, 2e-3, 1e-14, "sliding");
        for (int k = 0; k < 2; k++) {
            close_to(x[k].dose, x[k].energy / x[k].mass, 1e-14, "dose");
            cr_expect(x[k].carrier == -1);
        }
    }
}

Test(capture, adiabatic_heat_of_a_thick_layer)
{
    // physics.md 5.3: 9.2 mJ x 0.75 into 7e-8 kg of a powder of 455 J/kgK: about 215 K; here beta 1
    struct qn_episode e = steel_impact();
    e.w_normal = 9.2e-3;
    struct qn_expose_model m = zirconia_on_steel();
    m.taylor_quinney = 1.0;
    m.heat_capacity = 455.0;
    const struct qn_spot spot = qn_expose_spot(&e, 0.0, 0.0);
    m.density = 7e-8 / (spot.area * m.layer * m.packing); // captures exactly 7e-8 kg
    struct qn_exposure x[2];
    int n = 0;
    qn_expose(&e, &m, x, &n);
    close_to(x[0].pulse.dT, 9.2e-3 * 0.75 / (7e-8 * 455.0), 1e-3, "core is adiabatic");
    close_to(x[0].pulse.dT, 216.6, 2e-3, "about 215 K");
    cr_expect(x[1].pulse.dT <= x[0].pulse.dT);
    // a film stays hot for milliseconds, far longer than its contact
    cr_expect(x[0].pulse.cool > 100.0 * x[0].pulse.t_c);
}

Test(capture, bare_spot_gives_the_canonical_rise_on_its_rings)
{
    // physics.md 5.1: E_slip 2.05 mJ on a 306 um spot for 31 us: 91 K uniform between 304 bodies
    struct qn_episode e = steel_impact();
    struct qn_expose_model m = zirconia_on_steel();
    m.layer = 0.05e-6;
    m.heat_share = 1.0;
    m.taylor_quinney = 1.0;
    const struct qn_spot spot = qn_expose_spot(&e, 0.0, 0.0);
    e.w_normal = 0.0;
    e.w_slip = 2.05e-3 * spot.area / (QN_PI * 306e-6 * 306e-6) * sqrt(spot.t_c / 31e-6);
    struct qn_exposure x[2];
    int n = 0;
    qn_expose(&e, &m, x, &n);
    close_to(x[0].pulse.dT, 1.987 * 91.0, 0.02, "hot ring");
    close_to(x[1].pulse.dT, 0.9618 * 91.0, 0.02, "warm ring");
}

Test(capture, melting_and_flung_off_grains)
{
    struct qn_episode e = steel_impact();
    e.w_normal *= 100.0;
    struct qn_expose_model m = zirconia_on_steel();
    m.melting = 2988.0;
    m.latent_heat = 1e9;
    m.grain_time = 4e-4;
    struct qn_exposure x[2];
    int n = 0;
    qn_expose(&e, &m, x, &n);
    close_to(x[0].pulse.dT, 2988.0 - 338.15, 1e-12, "held at melting");
    cr_expect(x[0].pulse.kind == QN_PULSE_GRAIN);
    close_to(x[0].pulse.cool, 4e-4, 1e-12, "gas film");
}

Test(capture, parcels_are_exposed_by_depth_and_never_more_than_whole)
{
    struct qn_episode e = steel_impact();
    e.pair = QN_BALL_PARCEL;
    e.friction = 0.5;
    e.depth_max = 20e-6;
    struct qn_expose_model m = zirconia_on_steel();
    m.free_flow = 20e6;
    struct qn_exposure x[2];
    int n = 0;
    e.v_n0 = 0.3;
    qn_expose(&e, &m, x, &n);
    const struct qn_spot s = qn_expose_spot(&e, 20e6, 0.0);
    cr_expect(n == 1);
    close_to(x[0].pressure, 20e6, 1e-12, "flow stress");
    close_to(x[0].mass, fmin(2e-6, 5680.0 * 0.6 * s.area * 20e-6), 1e-12, "crushed mass");
    close_to(x[0].energy, 0.75 * qn_episode_loss(&e), 1e-12, "energy");
    e.pair = QN_PARCEL_PARCEL;
    m.parcel_mass[0] = m.parcel_mass[1] = 1e-12;
    qn_expose(&e, &m, x, &n);
    cr_expect(n == 2);
    close_to(x[0].mass, 1e-12, 1e-12, "whole parcel");
    close_to(x[0].energy + x[1].energy, 0.75 * qn_episode_loss(&e), 1e-12, "energy");
}

Test(capture, idle_contact_exposes_nothing)
{
    struct qn_episode e = steel_impact();
    e.w_normal = 0.0;
    struct qn_exposure x[2];
    int n = 7;
    const struct qn_expose_model m = zirconia_on_steel();
    qn_expose(&e, &m, x, &n);
    cr_expect(n == 0);
}

Test(capture, gate_of_joint_1_4)
{
    // T0 338, duty 1e-5, 74 kJ/mol: hot beats cold above 601 K; the gate (0.01 of that) is lower
    struct qn_exposure x = {.pulse = {.dT = 0.0}};
    const double level = qn_hot_level(338.0, 74e3, log(0.01 / 1e-5));
    x.pulse.dT = level - 338.0 + 1e-6;
    cr_expect(qn_expose_gate(&x, 338.0, 74e3, 1e-5) == 1);
    x.pulse.dT = level - 338.0 - 1e-6;
    cr_expect(qn_expose_gate(&x, 338.0, 74e3, 1e-5) == 0);
    cr_expect(level < 601.0);
}

Test(capture, a_spot_that_slides_far_sweeps_area_and_passes_quickly)
{
    // a piece of a lasting contact, 10 N at mu 0.3 over 2 mm: 6 mJ of slip. Area swept is 2 a (s -
    // 2 a) beyond the spot, and each place is under the spot for t 2a/s
    struct qn_episode e = steel_impact();
    e.flags = QN_OPEN_START;
    e.f_max = 10.0;
    e.t0 = e.t1 - 1e-3;
    e.w_normal = 0.0;
    e.w_slip = 0.3 * 10.0 * 2e-3;
    const struct qn_spot s = qn_expose_spot(&e, 0.0, 0.0);
    close_to(s.swept, s.area + 2.0 * s.radius * (2e-3 - 2.0 * s.radius), 1e-12, "swept");
    close_to(s.passing, 1e-3 * 2.0 * s.radius / 2e-3, 1e-12, "passing");
}

Test(capture, a_ball_pressed_on_after_a_soft_touch_is_no_impact)
{
    // touched at 1 mm/s, then loaded with 50 N: the spot is that of 50 N
    struct qn_episode e = steel_impact();
    e.v_n0 = 1e-3;
    e.f_max = 50.0;
    const struct qn_spot s = qn_expose_spot(&e, 0.0, 0.0);
    close_to(s.force, 50.0, 1e-12, "force");
    close_to(s.radius, cbrt(0.75 * 50.0 * e.r_star / e.e_star_true), 1e-12, "radius");
}
