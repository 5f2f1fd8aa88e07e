// Global rate laws: rates at stated pressures and a plug-flow conversion against numbers computed
// apart from the published parameters; as reactions of a mechanism they keep elements, stop at
// equilibrium, and their derivatives agree with differences.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pulse.h"

static void expect(double value, double want, double digits, const char *what)
{
    cr_expect(fabs(value / want - 1.0) < digits, "%s: %.5g, want %.5g", what, value, want);
}

Test(laws, koschany_at_four_to_one)
{
    // mol/(g s) at H2 0.8, CO2 0.2 bar, no products
    static const double row[7][3] = {{288.15, 8.69e-13, 3.21e-13}, {338.15, 2.36e-10, 1.04e-10},
                                     {453.15, 6.73e-7, 4.84e-7},   {473.15, 1.77e-6, 1.38e-6},
                                     {523.15, 1.414e-5, 1.345e-5}, {555.0, 4.33e-5, 4.62e-5},
                                     {573.15, 7.74e-5, 8.79e-5}};
    const double p[4] = {0.8, 0.2, 0.0, 0.0};
    for (int i = 0; i < 7; i++) {
        double lhhw = 0.0, power = 0.0;
        qn_law_koschany_lhhw(row[i][0], p, NULL, &lhhw);
        qn_law_koschany_power(row[i][0], p, NULL, &power);
        expect(1e-3 * lhhw, row[i][1], 5e-3, "LHHW");
        expect(1e-3 * power, row[i][2], 5e-3, "power law");
    }
}

// conversion of CO2 in an isothermal plug flow at 1 bar, H2/CO2 = 4, by midpoint steps in W/F
static double plug_flow(double T, double W_F)
{
    const int n = 200000;
    double X = 0.0;
    for (int i = 0; i < n; i++) {
        double slope = 0.0, at = X;
        for (int half = 0; half < 2; half++) {
            const double total = 5.0 - 2.0 * at;
            const double p[4] = {4.0 * (1.0 - at) / total, (1.0 - at) / total, at / total,
                                 2.0 * at / total};
            qn_law_koschany_lhhw(T, p, NULL, &slope);
            slope *= 1e-3;
            at = X + 0.5 * slope * W_F / n;
        }
        X += slope * W_F / n;
    }
    return X;
}

Test(laws, koschany_in_a_plug_flow)
{
    // W/F in g s/mol, at 250 and 300 degC
    expect(plug_flow(523.15, 1e3), 0.0141, 5e-3, "250 degC");
    expect(plug_flow(523.15, 1e4), 0.1363, 5e-3, "250 degC");
    expect(plug_flow(523.15, 1e5), 0.8497, 5e-3, "250 degC");
    expect(plug_flow(573.15, 1e3), 0.0755, 5e-3, "300 degC");
    expect(plug_flow(573.15, 1e4), 0.5788, 5e-3, "300 degC");
    expect(plug_flow(573.15, 1e5), 0.949, 5e-3, "300 degC");
}

// H2, CO2, CO, CH4, H2O [bar]
static const double MIX[5] = {0.60, 0.15, 0.01, 0.08, 0.16};

Test(laws, champon_with_the_equilibria_of_the_gas)
{
    // log10 K of the NASA polynomials at 623.15 K; mol/(g min)
    const double K[3] = {pow(10.0, 4.253), pow(10.0, -1.326), pow(10.0, 5.579)};
    static const double want[3] = {2.622e-3, 1.909e-3, 3.434e-3};
    double rate[3];
    qn_law_champon(623.15, MIX, K, rate);
    for (int i = 0; i < 3; i++) {
        expect(rate[i] * 60e-3, want[i], 1e-3, "Champon");
    }
}

Test(laws, xu_and_froment_run_backwards_here)
{
    static const double want[2][3] = {{-3.128e-2, -6.519e-3, -2.642e-3},
                                      {-7.538e-2, -6.730e-2, -1.136e-2}}; // kmol/(kg h)
    static const double T[2] = {623.15, 673.15};
    for (int i = 0; i < 2; i++) {
        double rate[3];
        qn_law_xu_froment(T[i], MIX, NULL, rate);
        for (int r = 0; r < 3; r++) {
            expect(rate[r] * 3.6, want[i][r], 1e-3, "Xu and Froment");
        }
    }
}

// the Ni mechanism's gas and surface without its steps, and laws
static struct qn_mechanism with_laws(const char *laws)
{
    static char text[1 << 16];
    struct qn_mechanism m;
    FILE *file = fopen(QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml", "rb");
    cr_assert(file != NULL);
    text[fread(text, 1, sizeof text - 4096, file)] = '\0';
    (void)fclose(file);
    char *steps = strstr(text, "ni-reactions:\n");
    char *list = strstr(text, "[ni-reactions]");
    cr_assert(steps && list);
    (void)snprintf(steps, 4096, "global-reactions:\n%s", laws);
    memcpy(list, "none          ", strlen("[ni-reactions]"));
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s", qn_error_text());
    return m;
}

Test(laws, as_reactions_of_a_mechanism_keep_elements_and_stop_at_equilibrium)
{
    struct qn_mechanism m = with_laws("- {law: champon2019, catalyst: 0.3}\n");
    const struct qn_matter x = {.mech = &m, .area = {1.0}};
    const struct qn_pulse_settings set = {
        .rtol = 1e-8, .stored = 0.1, .max_steps = 100000, .heat_above = 0.1};
    struct qn_pulse_work w;
    const double T = 673.15, per_bar = 1e5 / (QN_GAS_CONSTANT * T);
    double y[QN_MAX_SPECIES] = {0.0}, c[QN_MAX_SPECIES] = {0.0};
    y[0] = m.phase[0].site_density;
    c[qn_mechanism_species(&m, "H2") - m.n_surface] = 0.8 * per_bar;
    c[qn_mechanism_species(&m, "CO2") - m.n_surface] = 0.2 * per_bar;
    qn_pulse_init(&w, &m);
    cr_assert(qn_pulse_batch(&x, &set, T, 1e6, 1.0, c, y, &w) == QN_OK, "%s", qn_error_text());
    double p[5];
    for (int i = 0; i < 5; i++) {
        p[i] = c[qn_mechanism_species(&m, m.global[0].law->species[i]) - m.n_surface] / per_bar;
    }
    // log10 K at 673.15 K: Sabatier 3.129, reversed shift -1.087
    cr_expect(fabs(log10(p[3] * p[4] * p[4] / (p[1] * pow(p[0], 4.0))) - 3.129) < 2e-3);
    cr_expect(fabs(log10(p[2] * p[4] / (p[1] * p[0])) + 1.087) < 2e-3);
    expect(p[1] + p[2] + p[3], 0.2, 1e-12, "carbon");
    expect(2.0 * p[1] + p[2] + p[4], 0.4, 1e-12, "oxygen");
    expect(2.0 * p[0] + 4.0 * p[3] + 2.0 * p[4], 1.6, 1e-12, "hydrogen");
    qn_pulse_free(&w);
    qn_mechanism_free(&m);
}

Test(laws, champon_at_the_end_of_its_range_with_the_mechanism_s_own_equilibria)
{
    // 723.15 K, mol/(g min); a kg of powder is all catalyst
    static const double want[3] = {1.941e-2, 3.895e-2, 7.910e-3};
    struct qn_mechanism m = with_laws("- {law: champon2019, catalyst: 1}\n");
    const struct qn_matter x = {.mech = &m, .area = {1.0}};
    struct qn_rates w;
    const double T = 723.15;
    double y[QN_MAX_SPECIES] = {0.0}, c[QN_MAX_SPECIES] = {0.0};
    for (int i = 0; i < 5; i++) {
        c[qn_mechanism_species(&m, m.global[0].law->species[i]) - m.n_surface] =
            1e5 * MIX[i] / (QN_GAS_CONSTANT * T);
    }
    qn_rates_init(&w, &m);
    qn_rates_constants(&x, T, &w);
    qn_rates_progress(&x, y, c, &w);
    for (int i = 0; i < 3; i++) {
        expect(w.q[i] * 60e-3, want[i], 1e-3, "Champon");
    }
    qn_rates_free(&w);
    qn_mechanism_free(&m);
}

// log10 K of CO2 + 4 H2 = CH4 + 2 H2O, CO2 + H2 = CO + H2O, CO + 3 H2 = CH4 + H2O from NASA-7
// (McBride 1993), 1 bar, and heats of the first two [kJ/mol]
Test(laws, equilibria_and_heats_of_the_gas_over_the_table)
{
    static const double row[12][6] = {{298.15, 19.852, -5.015, 24.867, -164.74, 41.15},
                                      {338.15, 16.418, -4.164, 20.582, -166.74, 40.99},
                                      {400.0, 12.401, -3.189, 15.589, -169.83, 40.62},
                                      {453.15, 9.781, -2.569, 12.350, -172.40, 40.22},
                                      {500.0, 7.907, -2.137, 10.044, -174.56, 39.82},
                                      {573.15, 5.559, -1.610, 7.170, -177.69, 39.14},
                                      {600.0, 4.833, -1.451, 6.284, -178.76, 38.87},
                                      {623.15, 4.253, -1.326, 5.579, -179.65, 38.64},
                                      {673.15, 3.129, -1.087, 4.216, -181.46, 38.14},
                                      {700.0, 2.588, -0.974, 3.561, -182.37, 37.86},
                                      {773.15, 1.292, -0.709, 2.001, -184.67, 37.10},
                                      {900.0, -0.482, -0.362, -0.121, -188.07, 35.78}};
    struct qn_mechanism m = with_laws("- {law: champon2019, catalyst: 1}\n");
    struct qn_rates w;
    qn_rates_init(&w, &m);
    for (int i = 0; i < 12; i++) {
        qn_rates_heats(&m, row[i][0], &w);
        for (int r = 0; r < 3; r++) {
            const double K = log10(qn_rates_equilibrium(&m, r, row[i][0]));
            cr_expect(fabs(K - row[i][1 + r]) < 1.1e-3, "%g K, %d: %g", row[i][0], r, K);
        }
        for (int r = 0; r < 2; r++) {
            cr_expect(fabs(-1e-3 * w.heat[r] - row[i][4 + r]) < 1.1e-2, "%g K, %d: %g", row[i][0],
                      r, -1e-3 * w.heat[r]);
        }
    }
    qn_rates_free(&w);
    qn_mechanism_free(&m);
}

// A closed batch of CO2 and 4 H2 that ends at `bar`: what is left of CO2 and what became CH4.
static void ends_at(struct qn_mechanism *m, double T, double bar, double X, double S, double *c)
{
    const struct qn_matter x = {.mech = m, .area = {1.0}};
    const struct qn_pulse_settings set = {
        .rtol = 1e-8, .stored = 0.1, .max_steps = 100000, .heat_above = 0.1};
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES] = {m->phase[0].site_density};
    const double per_bar = 1e5 / (QN_GAS_CONSTANT * T);
    const double fill = bar * per_bar / (5.0 - 2.0 * X * S); // moles shrink by two a CH4
    memset(c, 0, QN_MAX_SPECIES * sizeof *c);
    c[qn_mechanism_species(m, "H2") - m->n_surface] = 4.0 * fill;
    c[qn_mechanism_species(m, "CO2") - m->n_surface] = fill;
    qn_pulse_init(&w, m);
    for (double dt = 1.0; dt < 1e13; dt *= 10.0) {
        cr_assert(qn_pulse_batch(&x, &set, T, dt, 1.0, c, y, &w) == QN_OK, "%s", qn_error_text());
    }
    qn_pulse_free(&w);
    double all = 0.0;
    for (int g = 0; g < m->n_gas; g++) {
        all += c[g];
    }
    for (int g = 0; g < m->n_gas; g++) {
        c[g] /= all;
    }
}

Test(laws, a_batch_ends_at_the_composition_of_minimal_gibbs_energy)
{
    // CO2:H2 = 1:4, Sabatier and reversed shift [%]: conversion at 1, 10 bar, selectivity to CH4 at
    // 1
    static const double row[6][4] = {{300.0, 94.88, 97.94, 99.99}, {350.0, 90.84, 96.26, 99.90},
                                     {400.0, 85.19, 93.82, 99.49}, {500.0, 71.21, 86.48, 92.43},
                                     {600.0, 65.18, 77.80, 54.76}, {700.0, 72.49, 73.57, 10.65}};
    struct qn_mechanism m = with_laws("- {law: champon2019, catalyst: 1}\n");
    const int co2 = qn_mechanism_species(&m, "CO2") - m.n_surface;
    const int co = qn_mechanism_species(&m, "CO") - m.n_surface;
    const int ch4 = qn_mechanism_species(&m, "CH4") - m.n_surface;
    double c[QN_MAX_SPECIES];
    for (int i = 0; i < 6; i++) {
        ends_at(&m, row[i][0] + 273.15, 1.0, 0.01 * row[i][1], 0.01 * row[i][3], c);
        const double carbon = c[co2] + c[co] + c[ch4];
        cr_expect(fabs(100.0 * (1.0 - c[co2] / carbon) - row[i][1]) < 0.03, "%g degC: %g",
                  row[i][0], 100.0 * (1.0 - c[co2] / carbon));
        cr_expect(fabs(100.0 * c[ch4] / (c[ch4] + c[co]) - row[i][3]) < 0.03, "%g degC: %g",
                  row[i][0], 100.0 * c[ch4] / (c[ch4] + c[co]));
    }
    // 300 degC, 1 bar: mole fractions of CO2, CH4
    ends_at(&m, 573.15, 1.0, 0.9488, 0.9999, c);
    expect(c[co2], 0.01650, 1e-3, "CO2");
    expect(c[ch4], 0.30576, 1e-3, "CH4");
    // at 10 bar almost all of what reacts is CH4 up to 400 degC
    ends_at(&m, 573.15, 10.0, 0.9794, 1.0, c);
    expect(1.0 - c[co2] / (c[co2] + c[co] + c[ch4]), 0.9794, 3e-4, "10 bar");
    qn_mechanism_free(&m);
}

Test(laws, derivatives_agree_with_differences)
{
    struct qn_mechanism m = with_laws("- {law: koschany2016-lhhw, catalyst: 0.5}\n"
                                      "- {law: xu-froment1989, catalyst: 0.2}\n"
                                      "- {law: champon2019, catalyst: 0.7}\n");
    const struct qn_matter x = {.mech = &m, .area = {1.0}, .pore = 1e-4};
    struct qn_rates w, v;
    double y[QN_MAX_SPECIES];
    qn_rates_init(&w, &m);
    qn_rates_init(&v, &m);
    cr_assert(m.n_reactions == 7 && m.n_mass_action == 0);
    for (int k = 0; k < m.n_species; k++) {
        y[k] = 1e-4 * (2.0 + k % 5);
    }
    qn_rates_constants(&x, 620.0, &w);
    qn_rates_progress(&x, y, NULL, &w);
    qn_rates_derivatives(&x, &w);
    for (int r = 0; r < m.n_reactions; r++) {
        for (int s = 0; s < m.reaction[r].n_on; s++) {
            const int k = m.reaction[r].on[s];
            const double was = y[k];
            y[k] = was * 1.0001;
            qn_rates_constants(&x, 620.0, &v);
            qn_rates_progress(&x, y, NULL, &v);
            y[k] = was;
            const double slope = (v.q[r] - w.q[r]) / (1e-4 * was);
            cr_expect(fabs(slope - w.q_y[r * QN_RATES_ON + s]) < 1e-3 * fabs(w.q[r]) / was,
                      "%s by %s: %g, %g", m.reaction[r].eq.text, m.species[k].name, slope,
                      w.q_y[r * QN_RATES_ON + s]);
        }
        qn_rates_constants(&x, 620.01, &v);
        qn_rates_progress(&x, y, NULL, &v);
        const double slope = (v.q[r] - w.q[r]) / 0.01;
        cr_expect(fabs(slope - w.q_T[r]) < 1e-3 * fabs(slope), "%g, %g", slope, w.q_T[r]);
    }
    qn_rates_free(&w);
    qn_rates_free(&v);
    qn_mechanism_free(&m);
}

Test(laws, faults_are_named_at_their_place)
{
    static const char text[] = "phases:\n"
                               "- {name: g, thermo: ideal-gas, species: [H2]}\n"
                               "species:\n"
                               "- {name: H2, composition: {H: 2}, thermo: {model: constant-cp}}\n"
                               "global-reactions:\n"
                               "- {law: koschany2016-lhhw, catalyst: -1}\n"
                               "- {law: arrhenius, catalyst: 1}\n";
    static const char *const want[] = {
        "m.yaml:6:28: catalyst is a mass share", "m.yaml:6:4: koschany2016-lhhw needs the gas CO2",
        "m.yaml:7:4: \"arrhenius\" is not a law: koschany2016-lhhw, "};
    struct qn_mechanism m;
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    for (int i = 0; i < 3; i++) {
        cr_expect(strstr(qn_error_text(), want[i]) != NULL, "%s\nnot in %s", want[i],
                  qn_error_text());
    }
}
