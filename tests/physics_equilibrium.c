// Left alone, powder and gas end at thermodynamic equilibrium: reverse rates come from
// thermochemistry, so the mechanism's barriers cannot decide where it ends.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/gas.h"
#include "chem/pulse.h"

/// log10 of the reaction quotient of `names` with stoichiometric numbers `nu`, pressures in bar.
static double log_quotient(const struct qn_mechanism *m, const double *c, double T,
                           const char *const *names, const double *nu, int n)
{
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        const int g = qn_mechanism_species(m, names[k]) - m->n_surface;
        sum += nu[k] * log10(c[g] * QN_GAS_CONSTANT * T / 1e5);
    }
    return sum;
}

/// Gas concentrations after a long rest of 5 g in 1 bar CO2 + 4 bar H2 (filled at 25 C) at T.
static void rest(const struct qn_mechanism *m, double T, double seconds, double *c)
{
    const struct qn_matter x = {
        .mech = m, .area = {3060.0, 50000.0, 14.2}, .pore = 0.4 / (0.6 * 5680.0), .refill = 1e3};
    struct qn_pulse_settings set = qn_pulse_defaults();
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES] = {0.0};
    const double volume = 234e-6 / 5e-3, per_bar = 1e5 / (QN_GAS_CONSTANT * 298.15);
    memset(c, 0, (size_t)m->n_gas * sizeof *c);
    c[qn_mechanism_species(m, "CO2") - m->n_surface] = per_bar;
    c[qn_mechanism_species(m, "H2") - m->n_surface] = 4.0 * per_bar;
    y[qn_mechanism_species(m, "M(ni)")] = m->phase[0].site_density * x.area[0];
    y[qn_mechanism_species(m, "O(ox)")] = m->phase[1].site_density * x.area[1];
    qn_pulse_init(&w, m);
    for (double dt = 1e-9; dt <= seconds; dt *= 10.0) { // decade by decade, from fresh powder on
        cr_assert(qn_pulse_batch(&x, &set, T, dt, volume, c, y, &w) == QN_OK, "%s",
                  qn_error_text());
    }
    qn_pulse_free(&w);
}

static void check(double T, double sabatier, double shift)
{
    struct qn_mechanism m;
    double c[QN_MAX_SPECIES];
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml", &m) == QN_OK);
    rest(&m, T, 1e7, c);
    const double k_sab = log_quotient(&m, c, T, (const char *[]){"CO2", "H2", "CH4", "H2O"},
                                      (const double[]){-1, -4, 1, 2}, 4);
    const double k_shift = log_quotient(&m, c, T, (const char *[]){"CO2", "H2", "CO", "H2O"},
                                        (const double[]){-1, -1, 1, 1}, 4);
    cr_expect(fabs(k_sab - sabatier) < 0.01, "Sabatier at %g K: %g, want %g", T, k_sab, sabatier);
    cr_expect(fabs(k_shift - shift) < 0.01, "shift at %g K: %g, want %g", T, k_shift, shift);
    qn_mechanism_free(&m);
}

Test(equilibrium, a_long_rest_at_700_k_ends_at_the_sabatier_and_shift_constants)
{
    // NASA polynomials (McBride 1993): log10 K in bar, CO2 + 4 H2 = CH4 + 2 H2O and CO2 + H2 = CO +
    // H2O
    check(700.0, 2.588, -0.974);
}

Test(equilibrium, and_at_900_k_where_methane_is_not_stable)
{
    check(900.0, -0.482, -0.362);
}
