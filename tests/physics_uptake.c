// What the bulk of a powder takes up: hydrogen into an alloy, a gas into the powder's water.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pulse.h"
#include "chem/uptakes.h"

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES], c[QN_MAX_SPECIES];
};

static void begin(struct bench *b, const char *file)
{
    char path[512];
    memset(b, 0, sizeof *b);
    snprintf(path, sizeof path, "%s/inputs/mechanisms/%s", QUERN_SOURCE_DIR, file);
    cr_assert(qn_mechanism_read(path, &b->m) == QN_OK, "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {2.0}};
    qn_pulse_init(&b->w, &b->m);
}

static void finish(struct bench *b)
{
    qn_pulse_free(&b->w);
    qn_mechanism_free(&b->m);
}

static double *amount(struct bench *b, const char *name)
{
    const int k = qn_mechanism_species(&b->m, name);
    return k < b->m.n_surface ? &b->y[k] : &b->c[k - b->m.n_surface];
}

// in a closed volume per mass of powder [m3/kg]
static void rest(struct bench *b, double T, double volume, double dt)
{
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-8;
    cr_assert(qn_pulse_batch(&b->x, &set, T, dt, volume, b->c, b->y, &b->w) == QN_OK, "%s",
              qn_error_text());
}

Test(uptake, plateau_of_lani5_lies_where_it_was_measured)
{
    // in the middle of the plateau, between uptake and release [bar]
    static const double row[5][2] = {
        {288.0, 1.14}, {298.15, 1.76}, {303.0, 2.16}, {313.0, 3.19}, {333.0, 6.49}};
    struct bench b;
    begin(&b, "lani5.yaml");
    const double *value = b.m.global[0].value;
    for (int i = 0; i < 5; i++) {
        const double in = qn_hydride_pressure(value, row[i][0], 0.5, 1);
        const double out = qn_hydride_pressure(value, row[i][0], 0.5, 0);
        cr_expect(fabs(sqrt(in * out) / row[i][1] - 1.0) < 8e-3, "%g K: %g", row[i][0],
                  sqrt(in * out));
        cr_expect(fabs(in / out - 1.4) < 1e-12);
    }
    finish(&b);
}

Test(uptake, an_alloy_takes_hydrogen_down_to_one_pressure_and_gives_it_up_to_a_lower_one)
{
    struct bench b;
    const double T = 298.15, per_bar = 1e5 / (QN_GAS_CONSTANT * T), volume = 0.05;
    begin(&b, "lani5.yaml");
    const double *value = b.m.global[0].value;
    *amount(&b, "LaNi5") = 2.0; // 12 mol of hydrogen atoms a kilogram
    *amount(&b, "H2") = 4.0 * per_bar;
    const double hydrogen = 2.0 * volume * *amount(&b, "H2");
    rest(&b, T, volume, 1e6);
    double x = *amount(&b, "LaNi5H6") / 2.0;
    double p = *amount(&b, "H2") / per_bar;
    cr_expect(x > 0.3 && x < 0.9, "%g", x);
    cr_expect(fabs(p / qn_hydride_pressure(value, T, x, 1) - 1.0) < 1e-4, "%g bar at %g", p, x);
    cr_expect(fabs(2.0 * volume * *amount(&b, "H2") + 6.0 * *amount(&b, "LaNi5H6") - hydrogen) <
              1e-11 * hydrogen);

    *amount(&b, "H2") = per_bar * qn_hydride_pressure(value, T, x, 1) / 1.2; // between the two
    const double held = *amount(&b, "LaNi5H6");
    rest(&b, T, volume, 1e6);
    cr_expect(fabs(*amount(&b, "LaNi5H6") - held) < 1e-12, "hysteresis");

    *amount(&b, "H2") = 0.0; // pumped off
    rest(&b, T, volume, 1e6);
    x = *amount(&b, "LaNi5H6") / 2.0;
    p = *amount(&b, "H2") / per_bar;
    cr_expect(fabs(p / qn_hydride_pressure(value, T, x, 0) - 1.0) < 1e-4, "%g bar at %g", p, x);
    finish(&b);
}

Test(uptake, fresh_alloy_takes_hydrogen_at_the_rate_of_the_law)
{
    // n C exp(-E/RT) ln(p/p_in) of 2 mol/kg at 10 bar, 25 degC, for a millisecond
    struct bench b;
    const double T = 298.15, dt = 1e-3;
    begin(&b, "lani5.yaml");
    *amount(&b, "LaNi5") = 2.0;
    *amount(&b, "H2") = 10e5 / (QN_GAS_CONSTANT * T);
    const double p_in = qn_hydride_pressure(b.m.global[0].value, T, 0.0, 1);
    rest(&b, T, 1.0, dt);
    const double want = 2.0 * 59.187 * exp(-21179.6 / (QN_GAS_CONSTANT * T)) * log(10.0 / p_in);
    cr_expect(fabs(*amount(&b, "LaNi5H6") / (want * dt) - 1.0) < 1e-3, "%g, want %g",
              *amount(&b, "LaNi5H6") / dt, want);
    finish(&b);
}

Test(uptake, water_holds_what_henry_says_and_gives_it_back_when_it_dries)
{
    // 20 mol of water a kg, CO2 of 3 bar in 20 mL a gram at 25 and 65 degC
    static const double T[2] = {298.15, 338.15};
    for (int i = 0; i < 2; i++) {
        struct bench b;
        const double volume = 0.02;
        begin(&b, "water.yaml");
        *amount(&b, "X(film)") = 2e-5;
        *amount(&b, "H2O(L)") = 20.0;
        *amount(&b, "CO2") = 3e5 / (QN_GAS_CONSTANT * T[i]);
        const double carbon = volume * *amount(&b, "CO2");
        rest(&b, T[i], volume, 1e5);
        const double pressure = *amount(&b, "CO2") * QN_GAS_CONSTANT * T[i];
        const double H = 3.3e-4 * exp(2400.0 * (1.0 / T[i] - 1.0 / 298.15));
        const double want = H * pressure * *amount(&b, "H2O(L)") * 18.07e-6;
        cr_expect(fabs(*amount(&b, "CO2(aq)") / want - 1.0) < 1e-6, "%g, want %g",
                  *amount(&b, "CO2(aq)"), want);
        cr_expect(fabs(volume * *amount(&b, "CO2") + *amount(&b, "CO2(aq)") - carbon) <
                  1e-11 * carbon);
        *amount(&b, "H2O(L)") = 0.0;
        *amount(&b, "H2O") = 0.0;
        rest(&b, T[i], volume, 100.0);
        cr_expect(*amount(&b, "CO2(aq)") < 1e-9, "%g", *amount(&b, "CO2(aq)"));
        finish(&b);
    }
}

Test(uptake, faults_are_named_at_their_place)
{
    static const char text[] =
        "units: {length: m, quantity: mol, activation-energy: J/mol}\n"
        "phases:\n"
        "- {name: gas, thermo: ideal-gas, species: [A]}\n"
        "- {name: s, thermo: fixed-stoichiometry, species: [B]}\n"
        "species:\n"
        "- {name: A, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
        "- {name: B, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
        "uptake-reactions:\n"
        "- {equation: A <=> B, type: hydride, rate: {heat: 1 kJ/mol, entropy: 1 J/mol/K,\n"
        "   hysteresis: 1.4, rate-in: 1 1/s, rate-out: 1 1/s}}\n"
        "- {equation: A => B, type: dissolution, rate: {henry: -1 mol/m3/Pa, k: 1 1/s}}\n"
        "- {equation: A <=> B, type: sponge, rate: {}}\n";
    static const char *const want[] = {
        "m.yaml:9:4: hydride is one gas + one pure phase <=> one pure phase",
        "m.yaml:11:4: uptake goes both ways",
        "henry must be above 0",
        "dissolution needs \"molar-volume\"",
        "dissolution needs a solvent",
        "type \"sponge\" is not supported: hydride, dissolution"};
    struct qn_mechanism m;
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        cr_expect(strstr(qn_error_text(), want[i]) != NULL, "%s\nnot in\n%s", want[i],
                  qn_error_text());
    }
}
