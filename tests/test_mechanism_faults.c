// A mechanism that says something wrong, or something this program has no form for, is refused with
// its place; what it means is never guessed. Columns are 1-based and counted in the texts below.
#include <criterion/criterion.h>

#include <string.h>

#include "chem/mechanism.h"

// one gas, a surface, a solid and a metal; a text after it replaces or adds
#define HEAD "units: {length: cm, quantity: mol, time: s, activation-energy: kJ/mol}\n"
#define PHASES                                                                                     \
    "phases:\n"                                                                                    \
    "- {name: gas, thermo: ideal-gas, species: [H2, O2, N2]}\n"                                    \
    "- {name: s, thermo: ideal-surface, site-density: 1.0e-9, species: [M, H, D, W], reactions: "  \
    "[steps]}\n"                                                                                   \
    "- {name: c, thermo: fixed-stoichiometry, species: [C]}\n"                                     \
    "- {name: metal, thermo: electron-cloud, species: [electron]}\n"
#define SPECIES                                                                                    \
    "species:\n"                                                                                   \
    "- {name: H2, composition: {H: 2}, thermo: {model: constant-cp}}\n"                            \
    "- {name: O2, composition: {O: 2}, thermo: {model: constant-cp}}\n"                            \
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"                            \
    "- {name: M, composition: {}, thermo: {model: constant-cp}}\n"                                 \
    "- {name: H, composition: {H: 1}, thermo: {model: constant-cp}}\n"                             \
    "- {name: D, composition: {H: 2}, sites: 2, thermo: {model: constant-cp}}\n"                   \
    "- {name: W, composition: {H: 1}}\n"                                                           \
    "- {name: C, composition: {C: 1}, thermo: {model: constant-cp}}\n"                             \
    "- {name: electron, composition: {E: 1}, thermo: {model: constant-cp}}\n"

static void refuse(const char *text, const char *expected)
{
    struct qn_mechanism m;
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT, "taken, no \"%s\"", expected);
    cr_expect(strstr(qn_error_text(), expected) != NULL, "got: %s\nwanted: %s", qn_error_text(),
              expected);
}

// steps on line 18
static void refuse_step(const char *step, const char *expected)
{
    char text[4096];
    (void)snprintf(text, sizeof text, HEAD PHASES SPECIES "steps:\n- {%s}\n", step);
    refuse(text, expected);
}

static void accept_step(const char *step)
{
    char text[4096];
    struct qn_mechanism m;
    (void)snprintf(text, sizeof text, HEAD PHASES SPECIES "steps:\n- {%s}\n", step);
    cr_expect(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s: %s", step, qn_error_text());
    qn_mechanism_free(&m);
}

#define RATE "rate-constant: {A: 1.0e+13, b: 0, Ea: 50}"

Test(faults, balance_of_elements_sites_and_charge)
{
    refuse_step("equation: H2 + 2 M => H + M, " RATE,
                "m.yaml:18:4: H2 + 2 M => H + M is not balanced: "
                "the right side has -1 H");
    refuse_step("equation: D => 2 H + M, " RATE, "the right side has +1 sites of s");
    accept_step("equation: D => 2 H, " RATE);
    refuse_step("equation: H + electron => H, " RATE,
                "H + electron => H is not balanced: the right side has +1 proton charges");
    refuse_step("equation: C + 2 H => 2 M + H2, " RATE, "the right side has -1 C");
}

Test(faults, species_and_thermo)
{
    refuse_step("equation: H2 + 2 Q => 2 H, " RATE, "\"Q\" is not a species of this mechanism");
    refuse_step("equation: W <=> H, " RATE,
                "m.yaml:18:4: W <=> H is reversible, so W needs thermo");
    refuse_step(
        "equation: W => H, type: Blowers-Masel, rate-constant: {A: 1, b: 0, Ea0: 5, w: 100}",
        "W => H follows its heat, so W needs thermo");
    refuse_step("equation: 2 H => D, " RATE ", coverage-dependencies: {Q: [0, 0, 1]}",
                "m.yaml:18:91: \"Q\" is not a surface species");
    refuse_step("equation: 2 H => D, " RATE ", coverage-dependencies: {N2: [0, 0, 1]}",
                "\"N2\" is not a surface species");
    refuse_step("equation: inf H => D, " RATE, "\"inf\" is not a species of this mechanism");
}

Test(faults, units_that_do_not_fit_the_order)
{
    // two surface reactants: an area per mole and second
    accept_step("equation: 2 H => D, rate-constant: {A: 1 cm^2/mol/s, b: 0, Ea: 1 kcal/mol}");
    refuse_step("equation: 2 H => D, rate-constant: {A: 1 1/s, b: 0, Ea: 1}",
                "m.yaml:18:40: \"1 1/s\": \"1/s\" cannot be converted to m2 mol-1 s-1");
    refuse_step("equation: H2 + 2 M => 2 H, rate-constant: {A: 1 cm^2/mol/s, b: 0, Ea: 1}",
                "cannot be converted to m5 mol-2 s-1");
    // a pure phase adds no order
    accept_step("equation: C + 2 H => C + D, rate-constant: {A: 1 cm^2/mol/s, b: 0, Ea: 1}");
    // the order asked for counts, not the equation's
    accept_step("equation: 2 H => D, orders: {H: 1}, rate-constant: {A: 1 1/s, b: 0, Ea: 1}");
    refuse_step("equation: 2 H => D, orders: {H: 1}, rate-constant: {A: 1 cm^2/mol/s, b: 0, Ea: 1}",
                "cannot be converted to m0 mol0 s-1");
    refuse_step("equation: 2 H => D, orders: {H: 1.5}, rate-constant: {A: 1 1/s, b: 0, Ea: 1}",
                "write this number in the file's units");
    accept_step("equation: 2 H => D, orders: {H: 1.5}, rate-constant: {A: 1, b: 0, Ea: 1}");
    refuse_step("equation: 2 H => D, rate-constant: {A: 1, b: 0, Ea: 5 m}",
                "\"m\" cannot be converted to J/mol");
    refuse_step("equation: H2 + 2 M => 2 H, sticking-coefficient: {A: 0.1 1/s, b: 0, Ea: 1}",
                "cannot be converted to a pure number");
}

Test(faults, numbers_that_are_none)
{
    static const char *const bad[] = {"nan", ".nan", "-nan", "inf", ".inf", "1e999", "x", "[1]"};
    char step[256];
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        (void)snprintf(step, sizeof step, "equation: 2 H => D, rate-constant: {A: %s, b: 0, Ea: 0}",
                       bad[i]);
        refuse_step(step, "m.yaml:18:40: a number was expected here");
        (void)snprintf(step, sizeof step, "equation: 2 H => D, rate-constant: {A: 1, b: %s, Ea: 0}",
                       bad[i]);
        refuse_step(step, "m.yaml:18:46: a number was expected here");
        (void)snprintf(step, sizeof step, "equation: 2 H => D, rate-constant: {A: 1, b: 0, Ea: %s}",
                       bad[i]);
        refuse_step(step, "m.yaml:18:52: a number was expected here");
    }
    refuse_step("equation: 2 H => D, rate-constant: {A: -1, b: 0, Ea: 0}",
                "A must not be negative");
    refuse_step(
        "equation: 2 H => D, rate-constant: [1, 0, 0], coverage-dependencies: {H: [0, 0, [1, 2]]}",
        "E is a number or a list of 4, this has 2");
}

Test(faults, orders_need_their_words)
{
    refuse_step("equation: 2 H <=> D, orders: {H: 1}, rate-constant: [1, 0, 0]",
                "orders need an irreversible reaction");
    refuse_step("equation: 2 H => D, orders: {M: 1}, rate-constant: [1, 0, 0]",
                "M is no reactant: its order needs nonreactant-orders: true");
    refuse_step("equation: 2 H => D, orders: {H: -1}, rate-constant: [1, 0, 0]",
                "a negative order needs negative-orders: true");
    refuse_step("equation: 2 H => D, orders: {X: 1}, rate-constant: [1, 0, 0]",
                "\"X\" is not a species");
    accept_step("equation: 2 H => D, orders: {M: -0.5}, nonreactant-orders: true, "
                "negative-orders: true, rate-constant: [1, 0, 0]");
}

Test(faults, forms_that_are_not_here)
{
    refuse_step("equation: 2 H => D, type: Chebyshev, " RATE,
                "m.yaml:18:24: rate type \"Chebyshev\" is not supported");
    refuse_step("equation: 2 H => D, type: sticking-Arrhenius, " RATE,
                "sticking-Arrhenius does not go with the key of its rate");
    refuse_step("equation: 2 H => D, beta: 0.5, " RATE, "beta is for reactions that carry charge");
    refuse_step("equation: 2 H => D, efficiencies: {H2: 2}, " RATE,
                "the key \"efficiencies\" is not supported here");
    refuse_step("equation: H2 + O2 + 2 M => H2 + O2 + 2 M, sticking-coefficient: [1, 0, 0]",
                "a sticking reaction has one molecule of one gas");
    refuse_step("equation: H2 + 2 M => 2 H, Motz-Wise: maybe, sticking-coefficient: [1, 0, 0]",
                "Motz-Wise is true or false");
    refuse_step(
        "equation: 2 H => D, type: Blowers-Masel, rate-constant: {A: 1, b: 0, Ea0: 50, w: 20}",
        "Blowers-Masel needs 0 < Ea0 < w");
    refuse_step("equation: 2 H => D, type: Blowers-Masel, rate-constant: {A: 1, b: 0, Ea: 50}",
                "a Blowers-Masel rate needs A, b, Ea0 and w");
}

Test(faults, phases_and_species_that_are_not_here)
{
    refuse(HEAD "phases:\n- {name: g, thermo: Redlich-Kwong, species: [H2]}\n" SPECIES,
           "m.yaml:3:13: phase \"Redlich-Kwong\" is not supported");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2], kinetics: gas, reactions: "
                "all}\n" SPECIES "reactions: []\n",
           "m.yaml:3:62: reactions in the gas are not supported");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2], kinetics: gas}\n" SPECIES
                "reactions: []\n",
           "reactions in the gas are not supported");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [X]}\n" SPECIES,
           "m.yaml:3:42: \"X\" is not in the species section");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2, H2]}\n" SPECIES,
           "\"H2\" is in two phases");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2]}\n"
                "- {name: g, thermo: ideal-gas, species: [O2]}\n" SPECIES,
           "there must be one ideal-gas phase, here are 2");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [W]}\n" SPECIES,
           "gas species W needs thermo");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2]}\n"
                "- {name: c, thermo: fixed-stoichiometry, species: [C, N2]}\n" SPECIES,
           "a pure phase has one species, c has 2");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [H2]}\n"
                "- {name: m, thermo: electron-cloud, species: [C]}\n" SPECIES,
           "C: electrons of a metal have composition {E: 1}");
    refuse(HEAD "phases:\n- {name: g, thermo: ideal-gas, species: [{none.yaml/species: [H2]}]}\n",
           "none.yaml: the mechanism cannot be opened");
    refuse(HEAD PHASES SPECIES "steps: []\nstray: [{equation: 2 H => D}]\n",
           "the section \"stray\" is used by no phase");
    refuse(HEAD PHASES SPECIES
           "steps: []\nspill-over-reactions:\n- {equation: H + M => M + H, phase: t, " RATE "}\n",
           "\"t\" is not a surface phase");
}

Test(faults, thermo_that_cannot_be)
{
#define GAS                                                                                        \
    "phases:\n- {name: g, thermo: ideal-gas, species: [A]}\nspecies:\n- name: A\n"                 \
    "  composition: {H: 2}\n  thermo: "
    refuse(HEAD GAS "{model: Mu0}\n", "m.yaml:7:12: thermo model \"Mu0\" is not supported");
    refuse(HEAD GAS "{model: NASA7, temperature-ranges: [200, 1000], data: [[1, 2, 3, 4, 5, 6]]}\n",
           "a row of this model has 7 coefficients, this has 6");
    refuse(HEAD GAS "{model: NASA7, temperature-ranges: [200, 1000], data: []}\n",
           "1 to 2 rows of data are needed");
    refuse(HEAD GAS "{model: NASA9, temperature-ranges: [1000, 200], data: [[1, 2, 3, 4, 5, 6, 7, "
                    "8, 9]]}\n",
           "temperatures must rise");
    refuse(HEAD GAS "{model: constant-cp, h0: nan}\n", "a number was expected here");
    refuse(HEAD GAS "{model: constant-cp, T0: 0}\n", "T0 must be above 0 K");
    refuse(HEAD GAS "{model: constant-cp, reference-pressure: 0}\n",
           "the reference pressure must be positive");
}

Test(faults, the_same_reaction_twice)
{
    static const char *const pair[][2] = {{"2 H => D", "H + H => D"}, {"2 H <=> D", "D => 2 H"}};
    char text[4096];
    struct qn_mechanism m;
    for (int i = 0; i < 2; i++) {
        (void)snprintf(text, sizeof text,
                       HEAD PHASES SPECIES "steps:\n- {equation: %s, " RATE ", duplicate: true}\n"
                                           "- {equation: %s, " RATE "}\n",
                       pair[i][0], pair[i][1]);
        refuse(text, "m.yaml:19:4: ");
        cr_expect(strstr(qn_error_text(), "is there already as 2 H ") != NULL);
    }
    (void)snprintf(text, sizeof text,
                   HEAD PHASES SPECIES "steps:\n- {equation: 2 H => D, " RATE "}\n"
                                       "- {equation: D => 2 H, " RATE "}\n");
    cr_expect(qn_mechanism_parse("m.yaml", text, &m) == QN_OK, "%s", qn_error_text());
    qn_mechanism_free(&m);
}

Test(faults, all_at_once_and_as_many_as_there_are)
{
    struct qn_mechanism m;
    char text[65536] = HEAD PHASES SPECIES "steps:\n";
    for (int i = 0; i < 100; i++) { // more than any buffer of one line each
        (void)strcat(text, "- {equation: H2 + 2 M => H + M, duplicate: true, " RATE "}\n");
    }
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    int lines = 1;
    for (const char *c = qn_error_text(); *c; c++) {
        lines += *c == '\n';
    }
    cr_expect(lines == 100, "%d of 100 faults", lines);
    for (int i = 0; i < 400; i++) {
        (void)strcat(text, "- {equation: H2 + 2 M => H + M, duplicate: true, " RATE "}\n");
    }
    cr_assert(qn_mechanism_parse("m.yaml", text, &m) == QN_ERR_INPUT);
    const char *last = strrchr(qn_error_text(), '\n');
    cr_expect(last && strstr(last, " more faults") != NULL, "the end is %s", last);
}

// mechanical reactions on line 20, R and B beside the rest
static void refuse_blow(const char *entry, const char *expected)
{
    char text[4096];
    (void)snprintf(text, sizeof text,
                   HEAD PHASES SPECIES "steps: []\nmechanical-reactions:\n- {%s}\n", entry);
    refuse(text, expected);
}

Test(faults, mechanical_reactions_at_their_place)
{
    refuse_blow(
        "equation: W => H, type: hammer, rate: {k: 1 kg/J}",
        "m.yaml:19:22: type \"hammer\" is not supported: impact-yield, impact-fraction, "
        "stress-assisted, flash-thermal, fresh-surface, coverage-strip, solid-contact, wear, "
        "comminution, annihilation");
    refuse_blow("equation: W => H, type: coverage-strip, rate: {}",
                "m.yaml:19:44: coverage-strip needs \"k\", share removed per dose, at small doses "
                "[kg/J]");
    refuse_blow("equation: W => H, type: coverage-strip, rate: {k: 1 J/kg}",
                "\"J/kg\" cannot be converted to kg/J");
    refuse_blow("equation: W => H, type: coverage-strip, rate: {k: 0}", "k must be above 0");
    refuse_blow("equation: W => H, type: coverage-strip, rate: {k: 1, G: 2}",
                "m.yaml:19:57: the key \"G\" is not supported here");
    refuse_blow("equation: W => H, type: comminution, rate: {k: 1, limit: 1.5}",
                "m.yaml:19:54: limit is at most 1");
    refuse_blow("equation: W => H, type: comminution, rate: {k: 1, w-th: -1}",
                "w-th must not be negative");
    refuse_blow("equation: W => H, type: comminution, rate: {k: 1, from: 1 um}",
                "sizes come in twos: from, to");
    refuse_blow("equation: W <=> H, type: comminution, rate: {k: 1}", "write =>");
    refuse_blow("equation: H2 => H2, type: coverage-strip, rate: {k: 1}",
                "an impact reaction needs a reactant of the powder");
    refuse_blow("equation: W => H, type: impact-fraction, rate: {share: 1}",
                "m.yaml:19:4: W => H stops at its equilibrium, so W needs thermo (or write cap: "
                "reactants)");
    refuse_blow("equation: W => H, type: coverage-strip, cap: equilibrium, rate: {k: 1}",
                "m.yaml:19:44: W => H stops");
    refuse_blow("equation: W => H, type: coverage-strip, cap: sky, rate: {k: 1}",
                "cap is reactants or equilibrium");
    refuse_blow("equation: H => W, type: stress-assisted, cap: reactants, rate: {A: 1, Ea: 1}",
                "stress-assisted needs V-act or V-shear");
    refuse_blow("equation: H => W, type: fresh-surface, rate: {yield: 1}",
                "the first reactant of fresh-surface is a species that is buried");
    refuse_blow("equation: C + H => C + W, type: solid-contact, cap: reactants, rate: {k: 1}",
                "solid-contact needs two pure solids that react");
    refuse_blow("equation: 3 H => 3 W, type: annihilation, rate: {k: 1}",
                "annihilation is between two: 2 A => or A + B =>");
    refuse_blow(
        "equation: M => M, type: wear, rate: {K: 0.1, hardness: 1, friction: 1, density: 1}",
        "the first reactant of wear is the metal and needs a composition");
    refuse_blow("equation: W => H, type: coverage-strip, remainder-of: m1, rate: {k: 1}",
                "remainder-of names a reaction of the same type that stands before, by its id");
}

Test(faults, buried_sites_are_for_mechanical_reactions)
{
    static const char phases[] =
        "phases:\n"
        "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
        "- {name: s, thermo: ideal-surface, site-density: 1.0e-9, species: [M, B], reactions: "
        "[steps]}\n"
        "species:\n"
        "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}%s}\n"
        "- {name: M, composition: {}}\n"
        "- {name: B, composition: {}, buried: true}\n"
        "steps: [%s]\n";
    char text[1024];
    (void)snprintf(text, sizeof text, phases, "", "{equation: M => B, " RATE "}");
    refuse(text, "m.yaml:8:10: M => B: B is buried, only mechanical-reactions reach it");
    (void)snprintf(text, sizeof text, phases, ", buried: true", "");
    refuse(text, "N2 is buried, so it belongs to a surface");
}

Test(units, of_a_list_and_of_a_map_and_the_thermochemical_calorie)
{
    struct qn_mechanism m;
    cr_assert(
        qn_mechanism_parse(
            "m.yaml",
            HEAD PHASES SPECIES
            "steps:\n"
            "- units: {length: m, activation-energy: K}\n"
            "- {equation: 2 H => D, duplicate: true, rate-constant: {A: 1, b: 0, Ea: 1000}}\n"
            "- equation: 2 H => D\n"
            "  units: {quantity: kmol, activation-energy: kcal/mol}\n"
            "  duplicate: true\n"
            "  rate-constant: {A: 1, b: 0, Ea: 1}\n"
            "- {equation: 2 H => D, duplicate: true, rate-constant: {A: 1, b: 0, Ea: 1 cal/mol}}\n",
            &m) == QN_OK,
        "%s", qn_error_text());
    cr_expect_float_eq(m.reaction[0].A, 1.0, 1e-15);
    cr_expect_float_eq(m.reaction[0].Ea, 8314.462618, 1e-9);
    cr_expect_float_eq(m.reaction[1].A, 1e-3, 1e-18);
    cr_expect_float_eq(m.reaction[1].Ea, 4184.0, 1e-9);
    cr_expect_float_eq(m.reaction[2].Ea, 4.184, 1e-12);
    cr_expect_float_eq(m.reaction[2].A, 1.0, 1e-15);
    qn_mechanism_free(&m);
}
