// Mechanisms: thermochemistry against NASA tables, rate constants against Cantera 3.2, derivatives
// against differences, and faults at their line and column.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/rates.h"

static struct qn_mechanism guan(void)
{
    struct qn_mechanism m;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml", &m) == QN_OK,
              "%s", qn_error_text());
    return m;
}

Test(thermo, gas_at_298_15_k_is_the_nasa_table)
{
    static const struct {
        const char *name;
        double h, s, cp; // kJ/mol, J/mol/K
    } row[5] = {{"CO2", -393.508, 213.786, 37.135},
                {"H2", 0.0, 130.680, 28.836},
                {"CO", -110.529, 197.656, 29.141},
                {"CH4", -74.600, 186.370, 35.691},
                {"H2O", -241.825, 188.828, 33.588}};
    struct qn_mechanism m = guan();
    for (int i = 0; i < 5; i++) {
        const int k = qn_mechanism_species(&m, row[i].name);
        const struct qn_standard s = qn_thermo_state(&m.species[k].thermo, 298.15);
        cr_expect(fabs(s.h_RT * QN_GAS_CONSTANT * 0.29815 - row[i].h) < 2e-3, "h %s", row[i].name);
        cr_expect(fabs(s.s_R * QN_GAS_CONSTANT - row[i].s) < 2e-3, "s %s", row[i].name);
        cr_expect(fabs(s.cp_R * QN_GAS_CONSTANT - row[i].cp) < 2e-3, "cp %s", row[i].name);
        // the two ranges meet
        const struct qn_standard low = qn_thermo_state(&m.species[k].thermo, 1000.0);
        const struct qn_standard high = qn_thermo_state(&m.species[k].thermo, 1000.0 + 1e-9);
        cr_expect(fabs(low.g_RT - high.g_RT) < 1e-5, "%s at 1000 K", row[i].name);
    }
    qn_mechanism_free(&m);
}

Test(thermo, sabatier_equilibrium_at_298_15_k)
{
    // log10 K = 19.852 (p in bar)
    struct qn_mechanism m = guan();
    static const char *const name[5] = {"CO2", "H2", "CH4", "H2O", "CO"};
    double g[5];
    for (int i = 0; i < 5; i++) {
        g[i] = qn_thermo_state(&m.species[qn_mechanism_species(&m, name[i])].thermo, 298.15).g_RT;
    }
    cr_expect(fabs(-(g[2] + 2 * g[3] - g[0] - 4 * g[1]) / log(10.0) - 19.852) < 2e-3);
    cr_expect(fabs(-(g[4] + g[3] - g[0] - g[1]) / log(10.0) + 5.015) < 2e-3); // shift reversed
    qn_mechanism_free(&m);
}

Test(rates, forward_and_reverse_constants_are_cantera_s)
{
    // Cantera 3.2.0 at 700 K from the same file, in its kmol; here in mol: a factor 1000 for each
    // reactant beyond the first
    static const struct {
        double forward, reverse;
        int n_forward, n_reverse;
    } want[11] = {{1.21728315e+16, 3.02462109e+12, 3, 2}, {1.20899410e+08, 1.13104876e+11, 2, 1},
                  {1.20899410e+09, 1.96362145e+04, 2, 1}, {2.11036569e+15, 1.12230314e+13, 2, 2},
                  {3.78584775e+14, 2.16277930e+16, 2, 2}, {4.15214696e+23, 9.88501583e+17, 3, 4},
                  {1.17639262e+16, 6.25611537e+13, 2, 2}, {4.98258831e+15, 4.68753432e+11, 2, 3},
                  {9.25725312e+11, 3.42040491e+12, 2, 3}, {6.41329774e+01, 2.32397772e+04, 1, 2},
                  {1.09092295e+04, 6.81942757e+00, 2, 2}};
    struct qn_mechanism m = guan();
    for (int r = 0; r < 11; r++) {
        const double f = qn_rates_forward(&m, r, 700.0) * pow(1e3, want[r].n_forward - 1);
        const double b = qn_rates_reverse(&m, r, 700.0) * pow(1e3, want[r].n_reverse - 1);
        cr_expect(fabs(f / want[r].forward - 1.0) < 1e-8, "%s: %.9g", m.reaction[r].eq.text, f);
        cr_expect(fabs(b / want[r].reverse - 1.0) < 1e-8, "%s: %.9g back", m.reaction[r].eq.text,
                  b);
    }
    qn_mechanism_free(&m);
}

// every slope of every rate against differences at one state; y [mol/kg]
static void check_slopes(const struct qn_matter *x, double T, double *y)
{
    const struct qn_mechanism *m = x->mech;
    struct qn_rates w;
    struct qn_rates v;
    qn_rates_init(&w, m);
    qn_rates_init(&v, m);
    qn_rates_constants(x, T, &w);
    qn_rates_progress(x, y, NULL, &w);
    qn_rates_derivatives(x, &w);
    for (int r = 0; r < m->n_reactions; r++) {
        const double big = w.bare[2 * r] + w.bare[2 * r + 1];
        for (int s = 0; s < m->reaction[r].n_on; s++) {
            const int k = m->reaction[r].on[s];
            const double was = y[k];
            y[k] = was * 1.00001;
            qn_rates_constants(x, T, &v);
            qn_rates_progress(x, y, NULL, &v);
            const double slope = (v.q[r] - w.q[r]) / (1e-5 * was);
            y[k] = was;
            cr_expect(fabs(slope - w.q_y[r * QN_RATES_ON + s]) < 1e-4 * big / was, "%s by %s",
                      m->reaction[r].eq.text, m->species[k].name);
        }
        qn_rates_constants(x, T + 0.001, &v);
        qn_rates_progress(x, y, NULL, &v);
        const double heat = (v.q[r] - w.q[r]) / 1e-3;
        cr_expect(fabs(heat - w.q_T[r]) < 1e-5 * big, "%s by T: %g, %g", m->reaction[r].eq.text,
                  heat, w.q_T[r]);
    }
    qn_rates_free(&w);
    qn_rates_free(&v);
}

Test(rates, derivatives_agree_with_differences)
{
    struct qn_mechanism m = guan();
    const struct qn_matter x = {
        .mech = &m, .area = {3060.0, 50000.0, 14.2}, .pore = 1.2e-4, .refill = 1e3};
    double y[QN_MAX_SPECIES];
    for (int k = 0; k < m.n_species; k++) {
        y[k] = 0.01 * (k + 1);
    }
    check_slopes(&x, 650.0, y);
    qn_mechanism_free(&m);
}

Test(rates, derivatives_of_every_form_agree_with_differences)
{
    struct qn_mechanism m;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/tests/decks/forms.yaml", &m) == QN_OK, "%s",
              qn_error_text());
    const struct qn_matter x = {
        .mech = &m, .area = {1000.0}, .pore = 1.2e-4, .potential = {0.1, 0.0, -0.2, 0.0}};
    double y[QN_MAX_SPECIES];
    for (int k = 0; k < m.n_species; k++) {
        y[k] = (k < m.n_sites ? 1e-3 : 1e-2) * (2 + k % 5);
    }
    y[qn_mechanism_species(&m, "C(gr)")] = 3e-9; // where its activity falls
    check_slopes(&x, 520.0, y);
    check_slopes(&x, 1100.0, y);
    qn_mechanism_free(&m);
}

static const char GOOD[] =
    "units: {length: cm, quantity: mol, time: s, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [H2]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0e-9, species: [M, H], reactions: "
    "[steps]}\n"
    "species:\n"
    "- {name: H2, composition: {H: 2}, thermo: {model: constant-cp, s0: 130.0 J/mol/K}}\n"
    "- {name: M, composition: {}, thermo: {model: constant-cp}}\n"
    "- {name: H, composition: {H: 1}, thermo: {model: constant-cp, h0: -45.0 kJ/mol}}\n"
    "steps:\n";

// the text after GOOD's ten lines must be refused with this in the message
static void refused(const char *steps, const char *expected)
{
    char text[4096];
    struct qn_mechanism m;
    (void)snprintf(text, sizeof text, "%s%s", GOOD, steps);
    cr_expect(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), expected) != NULL, "got: %s\nwanted: %s", qn_error_text(),
              expected);
}

Test(mechanism, faults_are_named_at_their_place)
{
    refused("- {equation: H2 + M => H, rate-constant: {A: 1, b: 0, Ea: 0}}\n",
            "m.yaml:10:4: H2 + M => H is not balanced: the right side has -1 H");
    refused("- {equation: H2 + M => 2 H, rate-constant: {A: 1, b: 0, Ea: 0}}\n",
            "the right side has +1 sites of s");
    refused("- {equation: H2 + 2 X => 2 H, rate-constant: {A: 1, b: 0, Ea: 0}}\n",
            "\"X\" is not a species of this mechanism");
    refused("- {equation: H2 + 2 M 2 H, rate-constant: {A: 1, b: 0, Ea: 0}}\n",
            "is not an equation");
    refused("- {equation: H2 + 2 M => 2 H, rate-constant: {A: 1, b: 0, Ea: 5 m}}\n",
            "\"m\" cannot be converted to J/mol");
    refused("- {equation: H2 + 2 M => 2 H, rate-constant: {A: 1, b: 0, Ea: 0}, beat: 1}\n",
            "m.yaml:10:67: the key \"beat\" is not supported here");
    refused("- {equation: H2 + 2 M => 2 H}\n", "one of rate-constant and sticking-coefficient");
    refused("- {equation: 2 H => 2 H, sticking-coefficient: {A: 1, b: 0, Ea: 0}}\n",
            "a sticking reaction needs a gas reactant");
    refused("- {equation: H2 + 2 M => 2 H, sticking-coefficient: {A: 0.1, b: 0, Ea: 0}}\n"
            "mechanical-reactions:\n"
            "- {equation: 2 H => H2 + 2 M, type: hammer, rate: {k: 1 kg/J}}\n",
            "m.yaml:12:");
}

Test(mechanism, all_faults_come_at_once)
{
    char text[4096];
    struct qn_mechanism m;
    (void)snprintf(text, sizeof text,
                   "%s- {equation: H2 => H, rate-constant: {A: 1, b: 0, Ea: 0}}\n"
                   "- {equation: Q => H, rate-constant: {A: 1, b: 0, Ea: 0}, colour: red}\n",
                   GOOD);
    cr_expect(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), "m.yaml:10:") && strstr(qn_error_text(), "m.yaml:11:") &&
                  strstr(qn_error_text(), "colour"),
              "%s", qn_error_text());
}

Test(mechanism, units_of_the_file_and_of_a_value_mean_the_same)
{
    char text[4096];
    struct qn_mechanism m;
    (void)snprintf(text, sizeof text,
                   "%s- {equation: 2 H => H2 + 2 M, duplicate: true, rate-constant: {A: 2.544e+20, "
                   "b: 0, Ea: 95.21}}\n"
                   "- {equation: 2 H => H2 + 2 M, duplicate: true, rate-constant: [2.544e+16 "
                   "m^2/mol/s, 0, 95210 J/mol]}\n"
                   "- {equation: 2 H <=> H2 + 2 M, duplicate: true, rate-constant: {A: 1, b: 0, "
                   "Ea: 1000 K}}\n",
                   GOOD);
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s", qn_error_text());
    cr_expect(fabs(m.reaction[0].A / 2.544e16 - 1.0) < 1e-12);
    cr_expect(fabs(m.reaction[1].A / m.reaction[0].A - 1.0) < 1e-12);
    cr_expect(fabs(m.reaction[1].Ea / m.reaction[0].Ea - 1.0) < 1e-12);
    cr_expect(fabs(m.reaction[2].Ea - 8314.462618) < 1e-6);
    qn_mechanism_free(&m);
    qn_mechanism_free(&m);
}

Test(mechanism, coverage_dependence_slows_a_step_as_written)
{
    char text[4096];
    struct qn_mechanism m;
    (void)snprintf(text, sizeof text,
                   "%s- equation: 2 H => H2 + 2 M\n"
                   "  rate-constant: {A: 1.0e+20, b: 0, Ea: 50}\n"
                   "  coverage-dependencies: {H: {a: 0.5, m: 1, E: -20}}\n",
                   GOOD);
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = &m, .area = {1.0}, .pore = 1.0};
    struct qn_rates w;
    qn_rates_init(&w, &m);
    const double y[3] = {0.6e-5, 0.4e-5, 1.0};
    qn_rates_constants(&x, 500.0, &w);
    qn_rates_progress(&x, y, NULL, &w);
    const double factor = pow(10.0, 0.5 * 0.4) * 0.4 * exp(20e3 * 0.4 / (QN_GAS_CONSTANT * 500.0));
    const double bare = 1e16 * exp(-50e3 / (QN_GAS_CONSTANT * 500.0)) * 0.16e-10;
    cr_expect(fabs(w.q[0] / (factor * bare) - 1.0) < 1e-10, "%g, %g", w.q[0], factor * bare);
    qn_rates_free(&w);
    qn_mechanism_free(&m);
}
