// Pure solids in a carrier: a solid that reacts away ends at zero with its rate, and two solids and
// a gas rest at the decomposition pressure of their thermochemistry, however much of each there is.
#include <criterion/criterion.h>

#include <math.h>

#include "base/constants.h"
#include "chem/pulse.h"

static const char TEXT[] =
    "units: {length: m, quantity: mol, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [H2, CH4, CO2]}\n"
    "- name: face\n"
    "  thermo: ideal-surface\n"
    "  site-density: 2.0e-5\n"
    "  species: [M, H]\n"
    "  kinetics: surface\n"
    "  reactions: [steps]\n"
    "- {name: graphite, thermo: fixed-stoichiometry, species: [C]}\n"
    "- {name: calcite, thermo: fixed-stoichiometry, species: [CaCO3]}\n"
    "- {name: lime, thermo: fixed-stoichiometry, species: [CaO]}\n"
    "species:\n"
    "- {name: H2, composition: {H: 2}, thermo: {model: constant-cp}}\n"
    "- {name: CH4, composition: {C: 1, H: 4}, thermo: {model: constant-cp}}\n"
    "- name: CO2\n"
    "  composition: {C: 1, O: 2}\n"
    "  thermo: {model: constant-cp, reference-pressure: 1 bar, h0: -393.5 kJ/mol, s0: 213.8 "
    "J/mol/K}\n"
    "- {name: M, composition: {}, thermo: {model: constant-cp}}\n"
    "- {name: H, composition: {H: 1}, thermo: {model: constant-cp}}\n"
    "- {name: C, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- name: CaCO3\n"
    "  composition: {Ca: 1, C: 1, O: 3}\n"
    "  thermo: {model: constant-cp, h0: -1206.9 kJ/mol, s0: 92.9 J/mol/K}\n"
    "- name: CaO\n"
    "  composition: {Ca: 1, O: 1}\n"
    "  thermo: {model: constant-cp, h0: -635.1 kJ/mol, s0: 39.7 J/mol/K}\n"
    "steps:\n"
    "- {equation: H2 + 2 M => 2 H, sticking-coefficient: [0.01, 0, 0]}\n"
    "- {equation: C + 4 H => CH4 + 4 M, rate-constant: [1.0e+16, 0, 0]}\n"
    "- {equation: CaCO3 <=> CaO + CO2, rate-constant: [1.0e+6, 0, 150]}\n";

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES], c[QN_MAX_SPECIES];
};

static double *amount(struct bench *b, const char *name)
{
    const int k = qn_mechanism_species(&b->m, name);
    return k < b->m.n_surface ? &b->y[k] : &b->c[k - b->m.n_surface];
}

static void begin(struct bench *b)
{
    *b = (struct bench){0};
    cr_assert(qn_mechanism_parse("m.yaml", TEXT, &b->m) == QN_OK, "%s", qn_error_text());
    cr_assert(b->m.n_sites == 2 && b->m.n_surface == 5 && b->m.n_gas == 3);
    b->x = (struct qn_matter){.mech = &b->m, .area = {100.0}};
    *amount(b, "M") = 2e-3;
    qn_pulse_init(&b->w, &b->m);
}

// in a closed volume of 1 m3/kg
static void rest(struct bench *b, double T, double dt)
{
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-6;
    cr_assert(qn_pulse_batch(&b->x, &set, T, dt, 1.0, b->c, b->y, &b->w) == QN_OK, "%s",
              qn_error_text());
}

static void finish(struct bench *b)
{
    qn_pulse_free(&b->w);
    qn_mechanism_free(&b->m);
}

Test(solids, one_that_reacts_away_ends_with_its_rate)
{
    struct bench b;
    begin(&b);
    *amount(&b, "C") = 0.5;
    *amount(&b, "H2") = 3.0;
    rest(&b, 700.0, 1e5);
    cr_expect(*amount(&b, "C") < 1e-8, "%g mol/kg left", *amount(&b, "C"));
    cr_expect(fabs(*amount(&b, "CH4") + *amount(&b, "C") - 0.5) < 1e-12);
    // the hydrogen left over covers the metal
    const double H = 2.0 * *amount(&b, "H2") + 4.0 * *amount(&b, "CH4") + *amount(&b, "H");
    cr_expect(fabs(H - 6.0) < 1e-11, "%.14g", H);
    finish(&b);
}

Test(solids, decomposition_pressure_does_not_ask_how_much)
{
    // K = p(CO2)/1 bar = exp(-(dH - T dS)/RT), dH = 178.3 kJ/mol, dS = 160.6 J/mol/K
    for (int n = 0; n < 3; n++) {
        struct bench b;
        const double T = 1000.0 + 50.0 * n;
        begin(&b);
        *amount(&b, "CaCO3") = 5.0 + 3.0 * n;
        *amount(&b, "CaO") = 0.1 + 2 * n;
        *amount(&b, "CO2") = n == 1 ? 5.0 : 0.0;
        const double carbon = *amount(&b, "CaCO3") + *amount(&b, "CO2");
        rest(&b, T, 1e6);
        const double bar = *amount(&b, "CO2") * QN_GAS_CONSTANT * T * 1e-5;
        const double want = exp(-(178.3e3 - T * 160.6) / (QN_GAS_CONSTANT * T));
        cr_expect(fabs(bar / want - 1.0) < 1e-5, "%g K: %.8g bar, want %.8g", T, bar, want);
        cr_expect(fabs(*amount(&b, "CaCO3") + *amount(&b, "CO2") - carbon) < 1e-11);
        finish(&b);
    }
}
