// What instruments saw, from the state of gas and powder.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "chem/observe.h"

static const char TEXT[] =
    "units: {length: m, quantity: mol, activation-energy: J/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [H2, CO2, CH4, H2O]}\n"
    "- {name: lime, thermo: fixed-stoichiometry, species: [CaO]}\n"
    "- {name: calcite, thermo: fixed-stoichiometry, species: [CaCO3]}\n"
    "species:\n"
    "- {name: H2, composition: {H: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: CO2, composition: {C: 1, O: 2}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: CH4, composition: {C: 1, H: 4}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: H2O, composition: {H: 2, O: 1}, thermo: {model: constant-cp, h0: 0, s0: 0}}\n"
    "- {name: CaO, composition: {Ca: 1, O: 1}}\n"
    "- {name: CaCO3, composition: {Ca: 1, C: 1, O: 3}}\n"
    "observations:\n";

static enum qn_status parse(const char *list, struct qn_mechanism *m)
{
    char text[4096];
    snprintf(text, sizeof text, "%s%s", TEXT, list);
    return qn_mechanism_parse("m.yaml", text, m);
}

Test(observe, a_chromatograph_sees_dry_gas_and_two_gases_as_shares_of_their_sum)
{
    struct qn_mechanism m;
    cr_assert(parse("- {name: gc, type: dry-basis, without: [H2O], detection-limit: 0.02}\n"
                    "- {name: ratio, type: normalised, of: [CO2, H2]}\n",
                    &m) == QN_OK,
              "%s", qn_error_text());
    const double moles[4] = {6.0, 3.0, 0.15, 5.0}, y[2] = {0.0};
    double seen[QN_OBSERVED];
    cr_assert(m.n_observations == 2 && qn_observe_count(&m.observation[0]) == 3);
    qn_observe(&m, &m.observation[0], moles, y, seen);
    cr_expect(fabs(seen[0] - 6.0 / 9.15) < 1e-15 && fabs(seen[1] - 3.0 / 9.15) < 1e-15);
    cr_expect(seen[2] == 0.0, "1.6 %% are below the limit");
    qn_observe(&m, &m.observation[1], moles, y, seen);
    cr_expect(fabs(seen[0] - 1.0 / 3.0) < 1e-15 && fabs(seen[1] - 2.0 / 3.0) < 1e-15);
    qn_mechanism_free(&m);
}

Test(observe, x_rays_see_mass_fractions_of_phases)
{
    struct qn_mechanism m;
    cr_assert(parse("- {name: xrd, type: mass-fractions, of: [CaO, CaCO3]}\n", &m) == QN_OK, "%s",
              qn_error_text());
    const double moles[4] = {0.0}, y[2] = {2.0, 1.0};
    double seen[QN_OBSERVED];
    qn_observe(&m, &m.observation[0], moles, y, seen);
    // 2 x 56.077 against 100.086 g
    cr_expect(fabs(seen[0] - 112.154 / 212.24) < 1e-4, "%g", seen[0]);
    cr_expect(fabs(seen[0] + seen[1] - 1.0) < 1e-15);
    const double none[2] = {0.0};
    qn_observe(&m, &m.observation[0], moles, none, seen);
    cr_expect(isnan(seen[0]), "nothing to share");
    qn_mechanism_free(&m);
}

Test(observe, an_instrument_states_its_uncertainty)
{
    struct qn_mechanism m;
    cr_assert(parse("- {name: gc, type: dry-basis, detection-limit: 0.01, uncertainty: {relative: "
                    "0.03, absolute: 0.004}}\n",
                    &m) == QN_OK,
              "%s", qn_error_text());
    // 3 % of 0.1 and 0.004: root of 9 + 16 in thousandths; below the limit a rectangle
    const struct qn_observation *o = &m.observation[0];
    cr_expect(fabs(qn_observe_uncertainty(o, 0.1) - 0.005) < 1e-15);
    cr_expect(fabs(qn_observe_uncertainty(o, 0.0) - sqrt(0.004 * 0.004 + 1e-4 / 12.0)) < 1e-15);
    qn_mechanism_free(&m);
    cr_assert(parse("- {name: gc, type: dry-basis, uncertainty: {relative: -1, absolut: 3}}\n",
                    &m) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), "not below 0") != NULL, "%s", qn_error_text());
    cr_expect(strstr(qn_error_text(), "absolut") != NULL, "%s", qn_error_text());
}

Test(observe, faults_are_named_at_their_place)
{
    struct qn_mechanism m;
    cr_assert(parse("- {name: gc, type: dry-basis, without: [He]}\n"
                    "- {name: xrd, type: mass-fractions, of: [CO2]}\n"
                    "- {name: nose, type: smell, of: [CO2]}\n"
                    "- {type: normalised, of: [CO2]}\n",
                    &m) == QN_ERR_INPUT);
    static const char *const want[] = {"m.yaml:14:41: He is no gas",
                                       "m.yaml:15:42: CO2 is no pure phase",
                                       "m.yaml:16:16: type \"smell\" is not supported",
                                       "m.yaml:17:3: the key \"name\" is missing"};
    for (int i = 0; i < 4; i++) {
        cr_expect(strstr(qn_error_text(), want[i]) != NULL, "%s\nnot in\n%s", want[i],
                  qn_error_text());
    }
}
