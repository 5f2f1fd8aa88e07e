// Steady states, what controls their rate, and variants of a mechanism by binding energies.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/scaling.h"
#include "chem/steady.h"

#define NI QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml"

// A adsorbs, leaves as B: k1 and k2 per site
static const char TWO_STEPS[] =
    "units: {length: m, quantity: mol, activation-energy: J/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [A, B]}\n"
    "- {name: face, thermo: ideal-surface, species: [M, X], site-density: 1e-5 mol/m^2,\n"
    "   kinetics: surface, reactions: all}\n"
    "species:\n"
    "- {name: A, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: B, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: M, composition: {}}\n"
    "- {name: X, composition: {H: 2}}\n"
    "reactions:\n"
    "- {equation: A + M => X, rate-constant: {A: 3.0, b: 0, Ea: 0}}\n"
    "- {equation: X => B + M, rate-constant: {A: 1.0, b: 0, Ea: 0}}\n";

static struct qn_steady steady_of(struct qn_mechanism *m, double T, const double *gas,
                                  const char *target)
{
    const struct qn_matter x = {.mech = m, .area = {1.0}};
    double y[QN_MAX_SPECIES] = {m->phase[0].site_density};
    struct qn_steady s;
    cr_assert(qn_steady_find(&x, T, gas, y, qn_mechanism_species(m, target), &s) == QN_OK, "%s",
              qn_error_text());
    return s;
}

Test(steady, two_steps_share_control_as_they_share_the_sites)
{
    // TOF k1 c k2/(k1 c + k2), X of either step: the other's share of the sum
    struct qn_mechanism m;
    cr_assert(qn_mechanism_parse("two.yaml", TWO_STEPS, &m) == QN_OK, "%s", qn_error_text());
    const double gas[2] = {2.0, 0.0}; // k1 c = 6, k2 = 1
    struct qn_steady s = steady_of(&m, 500.0, gas, "B");
    cr_expect(fabs(s.made[m.n_surface + 1] / (1e-5 * 6.0 / 7.0) - 1.0) < 1e-12);
    cr_expect(fabs(s.control[0] - 1.0 / 7.0) < 1e-12, "%g", s.control[0]);
    cr_expect(fabs(s.control[1] - 6.0 / 7.0) < 1e-12, "%g", s.control[1]);
    qn_steady_free(&s);
    qn_mechanism_free(&m);
}

Test(steady, a_surface_whose_solid_grows_has_no_steady_state)
{
    char text[2048];
    struct qn_mechanism m;
    struct qn_steady s;
    snprintf(text, sizeof text, "%s%s", TWO_STEPS,
             "- {equation: X => B(s) + M, rate-constant: {A: "
             "1.0, b: 0, Ea: 0}}\n");
    char *at = strstr(text, "- {name: face");
    char rest[2048];
    snprintf(rest, sizeof rest, "%s", at);
    snprintf(at, sizeof text - (size_t)(at - text),
             "- {name: solid, thermo: fixed-stoichiometry, species: [B(s)]}\n%s", rest);
    at = strstr(text, "- {name: M,");
    snprintf(rest, sizeof rest, "%s", at);
    snprintf(at, sizeof text - (size_t)(at - text), "- {name: B(s), composition: {H: 2}}\n%s",
             rest);
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = &m, .area = {1.0}};
    double y[QN_MAX_SPECIES] = {1e-5};
    const double gas[2] = {2.0, 0.0};
    cr_expect(qn_steady_find(&x, 500.0, gas, y, -1, &s) == QN_ERR_PHYSICS);
    cr_expect(strstr(qn_error_text(), "no steady state") != NULL);
    qn_mechanism_free(&m);
}

// bar of H2, CO2, CO, CH4, H2O
static void converted(const struct qn_mechanism *m, double T, double *gas)
{
    static const char *const name[5] = {"H2", "CO2", "CO", "CH4", "H2O"};
    static const double bar[5] = {0.60, 0.15, 0.01, 0.08, 0.16};
    memset(gas, 0, QN_MAX_SPECIES * sizeof *gas);
    for (int i = 0; i < 5; i++) {
        gas[qn_mechanism_species(m, name[i]) - m->n_surface] = 1e5 * bar[i] / (QN_GAS_CONSTANT * T);
    }
}

static struct qn_steady nickel(struct qn_mechanism *m)
{
    double gas[QN_MAX_SPECIES];
    cr_assert(m->n_species || qn_mechanism_read(NI, m) == QN_OK, "%s", qn_error_text());
    converted(m, 573.15, gas);
    return steady_of(m, 573.15, gas, "CH4");
}

Test(steady, nickel_makes_what_an_independent_solution_makes_and_control_sums_to_one)
{
    // 1.988e-4 CH4 a site and second; Euler's theorem on rates that are linear in all constants
    struct qn_mechanism m = {0};
    struct qn_steady s = nickel(&m);
    double sum = 0.0;
    const int ch4 = qn_mechanism_species(&m, "CH4");
    cr_expect(fabs(s.made[ch4] / m.phase[0].site_density / 1.988e-4 - 1.0) < 1e-3, "%g",
              s.made[ch4] / m.phase[0].site_density);
    cr_expect(s.residual < 1e-12, "%g", s.residual);
    for (int r = 0; r < m.n_reactions; r++) {
        sum += s.control[r];
    }
    cr_expect(fabs(sum - 1.0) < 1e-6, "%.12g", sum);
    // 47 to 50 do nothing: HCO is too unstable
    cr_expect(fabs(s.control[46] + s.control[47]) < 1e-4 &&
              fabs(s.control[48] + s.control[49]) < 1e-4);
    qn_steady_free(&s);
    qn_mechanism_free(&m);
}

Test(steady, control_is_what_one_percent_more_of_a_step_and_its_reverse_gives)
{
    struct qn_mechanism m = {0};
    struct qn_steady s = nickel(&m);
    const int ch4 = qn_mechanism_species(&m, "CH4");
    for (int r = 18; r < 38; r += 2) {
        struct qn_steady up, down;
        struct qn_reaction *q = &m.reaction[r];
        cr_assert(qn_scaling_opposite(&m, r) == r + 1);
        q[0].A *= 1.01, q[1].A *= 1.01;
        up = nickel(&m);
        q[0].A /= 1.01 * 1.01, q[1].A /= 1.01 * 1.01;
        down = nickel(&m);
        q[0].A *= 1.01, q[1].A *= 1.01;
        const double slope = log(up.made[ch4] / down.made[ch4]) / (2.0 * log(1.01));
        cr_expect(fabs(slope - s.control[r] - s.control[r + 1]) < 2e-4, "R%d: %g, %g", r + 1, slope,
                  s.control[r] + s.control[r + 1]);
        qn_steady_free(&up);
        qn_steady_free(&down);
    }
    qn_steady_free(&s);
    qn_mechanism_free(&m);
}

// what becomes of ln(k forward/k reverse) of listed pair r
static double affinity(const struct qn_mechanism *m, int r, double T)
{
    return log(qn_rates_forward(m, r, T) / qn_rates_forward(m, r + 1, T));
}

Test(scaling, binding_energies_of_ruthenium_shift_species_by_their_bonds)
{
    // C -7.598 eV: CO holds on by half of its valence, 0.4 eV tighter: 38.6 kJ/mol
    struct qn_mechanism m, nickel;
    cr_assert(qn_mechanism_read(NI, &m) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_mechanism_read(NI, &nickel) == QN_OK);
    double energy[QN_MAX_ATOMS];
    memcpy(energy, m.scaling.reference, sizeof energy);
    energy[qn_scaling_atom(&m.scaling, "C")] = -7.598 * QN_FARADAY;
    energy[qn_scaling_atom(&m.scaling, "O")] = -5.449 * QN_FARADAY;
    const int co = qn_mechanism_species(&m, "CO(ni)"), oh = qn_mechanism_species(&m, "OH(ni)");
    cr_expect(fabs(qn_scaling_shift(&m.scaling, co, energy) + 0.4 * QN_FARADAY) < 1e-6);
    cr_expect(fabs(qn_scaling_shift(&m.scaling, oh, energy) + 0.23 * QN_FARADAY) < 1e-6);
    const double T = 600.0, RT = QN_GAS_CONSTANT * T;
    qn_scaling_apply(&m, energy);
    for (int r = 0; r < m.n_reactions; r += 2) { // every pair keeps to thermo
        double dH = 0.0;
        for (int i = 0; i < m.reaction[r].eq.n_net; i++) {
            const struct qn_term *t = &m.reaction[r].eq.net[i];
            dH += t->nu * qn_scaling_shift(&nickel.scaling, t->species, energy);
        }
        const double moved = affinity(&m, r, T) - affinity(&nickel, r, T);
        cr_expect(fabs(moved + dH / RT) < 1e-9, "R%d: %g, %g", r + 1, moved, -dH / RT);
        cr_expect(m.reaction[r].Ea >= 0.0 && m.reaction[r + 1].Ea >= 0.0);
    }
    cr_expect(fabs(m.reaction[9].Ea - 111.27e3 - 0.4 * QN_FARADAY) < 1e-6, "CO leaves harder");
    cr_expect(m.reaction[8].Ea == 0.0 && m.reaction[8].A == nickel.reaction[8].A, "it sticks");
    // 35, C + O => CO: dH = +0.86 eV, half of it to the barrier
    cr_expect(fabs(m.reaction[34].Ea - 148.10e3 - 0.43 * QN_FARADAY) < 1e-6, "%g",
              m.reaction[34].Ea);
    qn_mechanism_free(&m);
    qn_mechanism_free(&nickel);
}

Test(scaling, a_barrier_below_zero_goes_to_the_reverse)
{
    double forward = 10.0, reverse = 50.0;
    qn_scaling_barriers(0.5, -60.0, &forward, &reverse);
    cr_expect(forward == 0.0 && reverse == 100.0);
    forward = 50.0, reverse = 10.0;
    qn_scaling_barriers(0.5, 60.0, &forward, &reverse);
    cr_expect(forward == 100.0 && reverse == 0.0);
    forward = 50.0, reverse = 50.0;
    qn_scaling_barriers(0.3, 10.0, &forward, &reverse);
    cr_expect(forward == 53.0 && reverse == 43.0);
}
