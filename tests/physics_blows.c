// Mechanical rate types against their closed forms, one event or many; numbers of the joint study
// where it has them.
#include "blows_fixture.h"

#include "exposure/hotspot.h"

static const double RT300 = QN_GAS_CONSTANT * 300.0;

Test(blows, impact_yield_follows_the_dose_above_its_threshold)
{
    static const char entry[] = "- {equation: M => V, type: impact-yield, rate: {G: 2e-6 mol/J, "
                                "w-th: 1 kJ/kg, E-form: 1 J/mol}}\n";
    const struct qn_shot below = {.T0 = 300.0, .dose = 999.0};
    const struct qn_shot above = {.T0 = 300.0, .dose = 3e5};
    near(made_by(entry, "M", 0.4, &below), 0.0, 1e-300, "below");
    near(made_by(entry, "M", 0.4, &above), 0.4 * (1.0 - exp(-2e-6 * 2.99e5 / 0.4)), 1e-14, "above");
}

Test(blows, impact_yield_stores_no_more_than_a_tenth_of_the_dose)
{
    static const char entry[] = "- {equation: M => V, type: impact-yield, rate: {G: 1 mol/J, "
                                "E-form: 560 kJ/mol}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1e4};
    near(made_by(entry, "M", 0.4, &shot), 0.1 * 1e4 / 560e3, 1e-12, "capped by energy");
}

Test(blows, coverage_strip_is_proportional_to_the_dose_and_saturates)
{
    static const char entry[] =
        "- {equation: C => M, type: coverage-strip, rate: {k: 3e-7 kg/J}}\n";
    const struct qn_shot weak = {.T0 = 300.0, .dose = 10.0}, strong = {.T0 = 300.0, .dose = 1e7};
    near(made_by(entry, "C", 0.5, &weak), 0.5 * 3e-6, 2e-6, "weak");
    near(made_by(entry, "C", 0.5, &strong), 0.5 * (1.0 - exp(-3.0)), 1e-14, "strong");
}

// m events that each expose a share phi of one carrier
static void many_hits(struct blows *b, int m, double phi, struct qn_direct *d)
{
    const double mass = 1.0;
    const struct qn_gas gas = {.n_gas = 2, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    const struct qn_start start = {1, &mass, b->y, 0.0, 1, NULL};
    qn_direct_init(d, &b->x, &gas, &start);
    for (int k = 0; k < m; k++) {
        const struct qn_exposure x = {.time = 1e-3 * (k + 1), .mass = phi, .dose = 1e3};
        cr_assert(qn_direct_expose(d, &x, 1) == QN_OK, "%s", qn_error_text());
    }
    cr_assert(qn_direct_sync(d, 1e-3 * m) == QN_OK, "%s", qn_error_text());
}

Test(blows, one_hit_and_two_hit_laws_of_a_fraction)
{
    enum { HITS = 400 };
    static const char one[] = "- {equation: M => V, type: impact-fraction, rate: {share: 0.5}, "
                              "cap: reactants}\n";
    static const char two[] =
        "- {equation: M => V, type: impact-fraction, rate: {share: 0.5}, cap: reactants}\n"
        "- {equation: V => W, type: impact-fraction, rate: {share: 0.5}, cap: reactants}\n";
    const double k = 0.01 * 0.5;
    struct blows b;
    struct qn_direct d;
    open_blows(&b, "", one);
    b.y[species_of(&b, "M")] = 1.0;
    many_hits(&b, HITS, 0.01, &d);
    near(d.y[species_of(&b, "V")], 1.0 - pow(1.0 - k, HITS), 1e-12, "one hit, regular");
    near(d.y[species_of(&b, "V")], 1.0 - exp(-k * HITS), 3e-3, "one hit, Delogu");
    qn_direct_free(&d);
    close_blows(&b);
    open_blows(&b, "", two);
    b.y[species_of(&b, "M")] = 1.0;
    many_hits(&b, HITS, 0.01, &d);
    const double left = pow(1.0 - k, HITS);
    near(d.y[species_of(&b, "W")], 1.0 - left - HITS * k * left / (1.0 - k), 1e-11, "two hits");
    near(d.y[species_of(&b, "W")], 1.0 - (1.0 + k * HITS) * exp(-k * HITS), 5e-3, "Delogu");
    cr_expect(d.books.element_error < 1e-12);
    qn_direct_free(&d);
    close_blows(&b);
}

Test(blows, no_matter_makes_two_steps_in_one_event)
{
    static const char two[] =
        "- {equation: M => V, type: impact-fraction, rate: {share: 1}, cap: reactants}\n"
        "- {equation: V => W, type: impact-fraction, rate: {share: 1}, cap: reactants}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1.0};
    struct blows b;
    open_blows(&b, "", two);
    b.y[species_of(&b, "M")] = 1.0;
    strike(&b, &shot);
    cr_expect(b.y[species_of(&b, "V")] == 1.0 && b.y[species_of(&b, "W")] == 0.0);
    strike(&b, &shot);
    cr_expect(b.y[species_of(&b, "W")] == 1.0);
    close_blows(&b);
}

// A small enough for extents to add up
static double stressed(double volume, double pressure, double shear)
{
    char entry[256];
    (void)snprintf(
        entry, sizeof entry,
        "- {equation: M => V, type: stress-assisted, cap: reactants, rate: {A: 1e10 1/s, "
        "Ea: 180 kJ/mol, V-act: %.17g cm^3/mol, V-shear: 4 cm^3/mol}}\n",
        volume);
    const struct qn_shot shot = {
        .T0 = 338.0, .pulse = {.t_c = 30e-6}, .pressure = pressure, .shear = shear};
    return made_by(entry, "M", 1.0, &shot);
}

Test(blows, stress_lowers_the_barrier_by_its_volume)
{
    const double RT = QN_GAS_CONSTANT * 338.0;
    const double k = 1e10 * exp(-(180e3 - 3e9 * 10e-6 - 1e9 * 4e-6) / RT);
    near(stressed(10.0, 3e9, 1e9), k * 30e-6, 1e-12, "one event");
    // p^0.2 of an exponential spectrum, 3 GPa at the mean energy: joint study 2.6
    static const struct {
        double volume, ratio;
    } want[] = {{1.0, 1.03}, {3.0, 1.24}, {6.0, 2.2}, {10.0, 7.9}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        double sum = 0.0, mean = 0.0;
        const double de = 0.01;
        for (double e = 0.5 * de; e < 40.0; e += de) {
            const double p = 3e9 * pow(e, 0.2);
            sum += de * exp(-e) * stressed(want[i].volume, p, 0.0);
            mean += de * exp(-e) * p;
        }
        near(sum / stressed(want[i].volume, mean, 0.0), want[i].ratio, 0.02, "over the spectrum");
    }
}

// what a rate constant adds up to over a pulse from 0 to `end`, in 400,000 steps
static double summed(const struct qn_shot *shot, double A, double Ea, double end)
{
    enum { STEPS = 400000 };
    double sum = 0.0;
    for (int i = 0; i < STEPS; i++) {
        const double v = sqrt(end) * (i + 0.5) / STEPS; // t = v^2
        double rise = 0.0;
        qn_pulse_rise(&shot->pulse, v * v, &rise, NULL);
        sum += A * exp(-Ea / (QN_GAS_CONSTANT * (shot->T0 + rise))) * 2.0 * v * sqrt(end) / STEPS;
    }
    return sum;
}

Test(blows, stress_and_temperature_of_one_event_act_together)
{
    static const char entry[] = "- {equation: M => V, type: stress-assisted, cap: reactants, rate: "
                                "{A: 1e10 1/s, Ea: 90 kJ/mol, V-act: 10 cm^3/mol}}\n";
    const struct qn_shot shot = {.T0 = 338.0,
                                 .pulse = {.kind = QN_PULSE_RING_HOT,
                                           .dT = 200.0,
                                           .t_c = 30e-6,
                                           .cool = 1e30,
                                           .kept = 1.0,
                                           .t_cut = 30e-3},
                                 .pressure = 2e9,
                                 .gated = 1};
    const double k = summed(&shot, 1e10, 90e3 - 2e9 * 10e-6, 30e-6);
    near(made_by(entry, "M", 1.0, &shot), 1.0 - exp(-k), 1e-5, "with a hot spot");
    // a barrier that stress takes away altogether is none
    const struct qn_shot hard = {.T0 = 338.0, .pulse = {.t_c = 1e-11}, .pressure = 1e11};
    near(made_by(entry, "M", 1.0, &hard), 1.0 - exp(-0.1), 1e-12, "no barrier");
}

Test(blows, flash_thermal_gives_the_dose_of_the_hot_spot)
{
    // joint study 1.1: 74 kJ/mol from 338.15 K by 300 K, dose (55860.1 + 14803.7) t_c beyond the
    // cold one of 1000 t_c
    static const char entry[] = "- {equation: M => V, type: flash-thermal, cap: reactants, rate: "
                                "{A: 1e4 1/s, Ea: 74 kJ/mol}}\n";
    const struct qn_shot shot = {.T0 = 338.15,
                                 .pulse = {.kind = QN_PULSE_RING_HOT,
                                           .dT = 300.0,
                                           .t_c = 30e-6,
                                           .cool = 1e30,
                                           .kept = 1.0,
                                           .t_cut = 30e-3}};
    const double k0 = 1e4 * exp(-74e3 / (QN_GAS_CONSTANT * 338.15));
    const double want = -expm1(-k0 * 30e-6 * (55860.1 + 14803.7 + 1000.0));
    near(made_by(entry, "M", 1.0, &shot), want, 1e-5, "first order");
    struct qn_shot cold = shot; // what lasts is what counts
    cold.pulse = (struct qn_pulse){.t_c = 1.0};
    near(made_by(entry, "M", 1.0, &cold), -expm1(-k0), 1e-12, "no rise");
}

Test(blows, fresh_surface_grows_by_its_yield_up_to_the_whole_area)
{
    static const char entry[] =
        "- {equation: B => F, type: fresh-surface, rate: {yield: 0.01 m2/J, "
        "w-th: 100 J/kg}}\n";
    // small: area times site density; large: all
    const struct qn_shot small = {.T0 = 300.0, .dose = 1100.0};
    const struct qn_shot large = {.T0 = 300.0, .dose = 1e9};
    near(made_by(entry, "B", 1.0, &small), 1e-5 * 0.01 * 1000.0, 1e-4, "small");
    near(made_by(entry, "B", 1.0, &large), 1.0, 1e-12, "large");
    // surface energy: a tenth of the dose is stored, 1000 J/m2 (of no real solid) take it up
    static const char costly[] = "- {equation: B => F, type: fresh-surface, rate: {yield: 1 m2/J, "
                                 "energy: 1000 J/m2}}\n";
    near(made_by(costly, "B", 1.0, &small), 1e-5 * 0.1 * 1100.0 / 1000.0, 1e-12, "by energy");
}

Test(blows, fresh_sites_age_between_the_hits)
{
    // F heals to M at k: after n hits that lay bare f each, a time t apart, f (1 - q^n)/(1 - q) are
    // fresh, q = exp(-k t)
    static const char step[] = "{equation: F => M, rate-constant: {A: 0.5, b: 0, Ea: 0}}";
    static const char entry[] =
        "- {equation: B => F, type: fresh-surface, rate: {yield: 1e-4 m2/J}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1e3};
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-8;
    struct blows b;
    open_blows(&b, step, entry);
    b.y[species_of(&b, "B")] = 0.9;
    b.y[species_of(&b, "W")] = 0.1;
    for (int n = 0; n < 5; n++) {
        strike(&b, &shot);
        cr_assert(qn_pulse_hold(&b.x, &set, 300.0, 2.0, b.gas, b.y, &b.w) == QN_OK);
    }
    const double q = exp(-1.0), f = 1e-5 * 0.1;
    near(b.y[species_of(&b, "F")], f * q * (1.0 - pow(q, 5)) / (1.0 - q), 1e-5, "fresh");
    const double all = 0.9 - b.y[species_of(&b, "B")];
    near(b.y[species_of(&b, "M")], all - b.y[species_of(&b, "F")], 1e-9, "healed");
    close_blows(&b);
}

Test(blows, a_buried_site_is_no_area)
{
    // 2 C => 2 D per area: dC/dt = -2 k C^2/A; with half of the area buried C goes twice as fast
    static const char step[] = "{equation: 2 C => 2 D, rate-constant: {A: 3e4, b: 0, Ea: 0}}";
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-8;
    for (int half = 0; half < 2; half++) {
        struct blows b;
        open_blows(&b, step, "- {equation: B => F, type: comminution, rate: {k: 1 kg/J}}\n");
        b.y[species_of(&b, half ? "B" : "M")] = 0.5;
        b.y[species_of(&b, "C")] = 0.5;
        const double A = half ? 0.5e5 : 1e5;
        cr_assert(qn_pulse_hold(&b.x, &set, 300.0, 2.0, b.gas, b.y, &b.w) == QN_OK);
        near(b.y[species_of(&b, "C")], 0.5 / (1.0 + 2.0 * 3e4 / A * 0.5 * 2.0), 1e-6, "C");
        close_blows(&b);
    }
}

Test(blows, solids_react_where_they_touch_and_their_product_is_in_the_way)
{
    // a = b = n, N = 2n - x: n/u + ln(n/u) - 1 = k w with u = n - x, from dx/dw = k u^2/N
    static const char entry[] =
        "- {equation: R + S => T, type: solid-contact, rate: {k: 1e-4 kg/J}}\n";
    const double n = 3.0, dose = 20.0;
    struct blows b;
    open_blows(&b, "", entry);
    b.y[species_of(&b, "R")] = n;
    b.y[species_of(&b, "S")] = n;
    const struct qn_shot shot = {.T0 = 300.0, .dose = dose};
    for (int k = 0; k < 2000; k++) {
        strike(&b, &shot);
    }
    const double u = b.y[species_of(&b, "R")];
    near(n / u + log(n / u) - 1.0, 1e-4 * 2000.0 * dose, 1e-3, "dose that was needed");
    near(b.y[species_of(&b, "S")], u, 1e-12, "S");
    near(b.y[species_of(&b, "T")], n - u, 1e-12, "T");
    close_blows(&b);
}

Test(blows, unequal_solids_meet_as_pairs_do)
{
    static const char entry[] =
        "- {equation: R + S => T, type: solid-contact, rate: {k: 0.5 kg/J}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 2.0};
    struct blows b;
    open_blows(&b, "", entry);
    b.y[species_of(&b, "R")] = 1.0;
    b.y[species_of(&b, "S")] = 2.0;
    b.y[species_of(&b, "T")] = 1.0;
    strike(&b, &shot);
    const double e = exp(-0.25); // k (b - a) w/N
    near(b.w.impact[0], 2.0 * (1.0 - e) / (2.0 - e), 1e-12, "x = ab (1 - e)/(b - a e)");
    close_blows(&b);
}

Test(blows, half_a_gram_of_metal_takes_the_slip_energy_of_archard)
{
    // joint study 4.3: 0.5 g at mu 0.5, H 3.5 GPa: 1.1e6, 1.1e5, 1.1e4 J for K 1e-4, 1e-3, 1e-2
    static const double K[3] = {1e-4, 1e-3, 1e-2}, work[3] = {1.1e6, 1.1e5, 1.1e4};
    for (int i = 0; i < 3; i++) {
        char entry[256];
        (void)snprintf(entry, sizeof entry,
                       "- {equation: Fe + N2 => Fe + N2, type: wear, rate: {K: %g, hardness: 3.5 "
                       "GPa, friction: 0.5, density: 7.9 g/cm^3}}\n",
                       K[i]);
        const struct qn_shot shot = {.T0 = 300.0, .dose = 1.0, .slip = 1e-3 * work[i]};
        struct blows b;
        open_blows(&b, "", entry);
        b.y[species_of(&b, "Fe")] = 1.0;
        b.gas[0] = 1e4;
        strike(&b, &shot);
        near(b.w.impact[0] * 55.845e-3, 0.5e-3 * 1e-3, 0.03, "kg of metal");
        close_blows(&b);
    }
}

Test(blows, comminution_goes_to_its_limit_and_does_not_care_how_the_dose_is_cut)
{
    static const char entry[] =
        "- {equation: M => V, type: comminution, rate: {k: 2e-6 kg/J, limit: "
        "0.3, from: 200 nm, to: 10 nm}}\n";
    for (int pieces = 1; pieces <= 50; pieces += 49) {
        struct blows b;
        open_blows(&b, "", entry);
        b.y[species_of(&b, "M")] = 0.9;
        b.y[species_of(&b, "V")] = 0.1;
        const struct qn_shot shot = {.T0 = 300.0, .dose = 4e5 / pieces};
        for (int k = 0; k < pieces; k++) {
            strike(&b, &shot);
        }
        const double share = 0.3 - (0.3 - 0.1) * exp(-2e-6 * 4e5);
        near(b.y[species_of(&b, "V")], share, 1e-12, "made");
        const struct qn_impact *q = &b.m.impact[0];
        const struct qn_stock s = qn_blow_stock(&b.m, &q->eq, b.y);
        near(q->type->measure(q->value, &s), 200e-9 - share * 190e-9, 1e-12, "mean size");
        close_blows(&b);
    }
    // beyond its limit nothing happens
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1e7};
    struct blows b;
    open_blows(&b, "", entry);
    b.y[species_of(&b, "M")] = b.y[species_of(&b, "V")] = 0.5;
    strike(&b, &shot);
    cr_expect(b.w.impact[0] == 0.0);
    close_blows(&b);
}

Test(blows, defects_meet_in_pairs)
{
    static const char twins[] =
        "- {equation: 2 V => 2 M, type: annihilation, rate: {k: 1e-5 kg2/(mol J)}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 2e5};
    // a = a0/(1 + 2 k a0 w)
    near(made_by(twins, "V", 0.4, &shot), 0.5 * (0.4 - 0.4 / (1.0 + 2.0 * 1e-5 * 0.4 * 2e5)), 1e-12,
         "2 V");
    static const char pair[] =
        "- {equation: V + W => 2 M, type: annihilation, rate: {k: 1e-5 kg2/(mol J)}}\n";
    for (int equal = 0; equal < 2; equal++) {
        struct blows b;
        open_blows(&b, "", pair);
        const double a = 0.2, c = equal ? 0.2 : 0.5, k = 1e-5 * 2e5;
        b.y[species_of(&b, "V")] = c;
        b.y[species_of(&b, "W")] = a;
        strike(&b, &shot);
        const double e = exp(-k * (c - a));
        near(b.w.impact[0], equal ? k * a * a / (1.0 + k * a) : a * c * (1.0 - e) / (c - a * e),
             1e-12, equal ? "as many" : "V + W");
        close_blows(&b);
    }
}

Test(blows, yield_and_annihilation_balance)
{
    // G = 2 k a^2 at the end of a long run
    static const char both[] =
        "- {equation: M => V, type: impact-yield, rate: {G: 1e-6 mol/J, E-form: 1 J/mol}}\n"
        "- {equation: 2 V => 2 M, type: annihilation, rate: {k: 1e-4 kg2/(mol J)}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1e3};
    struct blows b;
    open_blows(&b, "", both);
    b.y[species_of(&b, "M")] = 1.0;
    for (int k = 0; k < 2000; k++) {
        strike(&b, &shot);
    }
    near(b.y[species_of(&b, "V")], sqrt(1e-6 / 2e-4), 0.01, "V");
    close_blows(&b);
}

Test(blows, nothing_runs_past_its_equilibrium)
{
    // ln K = 1728.9/RT at 300 K = ln 2
    near(1728.943896461 / RT300, log(2.0), 1e-9, "K");
    static const char entry[] = "- {equation: C => D, type: impact-fraction, rate: {share: 1}}\n";
    const struct qn_shot shot = {.T0 = 300.0, .dose = 1.0};
    near(made_by(entry, "C", 0.9, &shot), 0.6, 1e-9, "two thirds");
    // at the peak of the event: K = 2^(300/600)
    const struct qn_shot hot = {.T0 = 300.0,
                                .dose = 1.0,
                                .gated = 1,
                                .pulse = {.kind = QN_PULSE_GRAIN,
                                          .dT = 300.0,
                                          .t_c = 1e-5,
                                          .cool = 1e-3,
                                          .kept = 1.0,
                                          .t_cut = 1e-2}};
    near(made_by(entry, "C", 0.9, &hot), 0.9 * sqrt(2.0) / (1.0 + sqrt(2.0)), 1e-9, "hot");
    // a product in the gas: CO + M from C at K = 1: p/bar theta(M) = theta(C) in the pores
    static const char gas[] =
        "- {equation: R + S => CO, type: coverage-strip, rate: {k: 1 kg/J}, cap: "
        "equilibrium}\n";
    struct blows b;
    open_blows(&b, "", gas);
    b.y[species_of(&b, "R")] = b.y[species_of(&b, "S")] = 1.0;
    const struct qn_shot strong = {.T0 = 300.0, .dose = 100.0};
    strike(&b, &strong);
    near(b.w.impact[0], 1e5 * 1e-4 / RT300, 1e-6, "one bar in the pores");
    close_blows(&b);
}
