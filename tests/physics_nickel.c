// The 52-step Ni mechanism at steady state under fixed gas, against an independent solution (14
// species, implicit Euler to past 1e6 s, CO's shifts of barriers on, ideal gas): turnovers per site
// and second and coverages, in the digits given there.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pulse.h"

struct steady {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    double theta[QN_MAX_SPECIES], turnover[QN_MAX_SPECIES];
};

// gas [bar] of H2, CO2, CO, CH4, H2O
static void settle(struct steady *s, double T, const double *bar)
{
    static const char *const name[5] = {"H2", "CO2", "CO", "CH4", "H2O"};
    memset(s, 0, sizeof *s);
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml", &s->m) ==
                  QN_OK,
              "%s", qn_error_text());
    cr_assert(s->m.n_reactions == 52 && s->m.n_sites == 14);
    s->x = (struct qn_matter){.mech = &s->m, .area = {1.0}};
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-7;
    qn_pulse_init(&s->w, &s->m);
    double y[QN_MAX_SPECIES] = {0.0}, gas[QN_MAX_SPECIES] = {0.0};
    const double sites = s->m.phase[0].site_density;
    y[qn_mechanism_species(&s->m, "M(ni)")] = sites;
    for (int i = 0; i < 5; i++) {
        const int k = qn_mechanism_species(&s->m, name[i]);
        gas[k - s->m.n_surface] = 1e5 * bar[i] / (QN_GAS_CONSTANT * T);
    }
    cr_assert(qn_pulse_hold(&s->x, &set, T, 1e8, gas, y, &s->w) == QN_OK, "%s", qn_error_text());
    // what the gas gains in the time after: rates at the state itself are small differences of fast
    // steps and see its last digits
    const double after = 1e7;
    cr_assert(qn_pulse_hold(&s->x, &set, T, after, gas, y, &s->w) == QN_OK, "%s", qn_error_text());
    for (int g = 0; g < s->m.n_gas; g++) {
        s->turnover[s->m.n_surface + g] = s->w.out[g] / after;
    }
    for (int k = 0; k < s->m.n_species; k++) {
        s->turnover[k] /= sites;
        s->theta[k] = k < s->m.n_sites ? y[k] / sites : 0.0;
    }
}

static void expect(const struct steady *s, const char *name, double want, double digits)
{
    const int k = qn_mechanism_species(&s->m, name);
    const double value = k < s->m.n_sites ? s->theta[k] : s->turnover[k];
    cr_expect(fabs(value / want - 1.0) < digits, "%s: %.5g, want %.5g", name, value, want);
}

static void finish(struct steady *s)
{
    qn_pulse_free(&s->w);
    qn_mechanism_free(&s->m);
}

// The first second of a fresh surface under the converted mixture, and a pulse: the error follows
// the tolerance down its ladder.
Test(nickel, errors_follow_the_tolerance)
{
    static const char *const name[5] = {"H2", "CO2", "CO", "CH4", "H2O"};
    static const double bar[5] = {0.60, 0.15, 0.01, 0.08, 0.16};
    struct qn_mechanism m;
    struct qn_pulse_work w;
    double gas[QN_MAX_SPECIES] = {0.0}, truth[QN_MAX_SPECIES], first = 0.0, last = 0.0;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml", &m) ==
              QN_OK);
    const struct qn_matter x = {.mech = &m, .area = {1.0}, .pore = 1e-3, .refill = 1e3};
    const double T = 600.0, sites = m.phase[0].site_density;
    for (int i = 0; i < 5; i++) {
        gas[qn_mechanism_species(&m, name[i]) - m.n_surface] = 1e5 * bar[i] / (QN_GAS_CONSTANT * T);
    }
    qn_pulse_init(&w, &m);
    for (int rung = -1; rung < 5; rung++) { // 1e-11, then 1e-3 to 1e-7
        struct qn_pulse_settings set = qn_pulse_defaults();
        double y[QN_MAX_SPECIES] = {0.0}, error = 0.0;
        set.rtol = rung < 0 ? 1e-11 : pow(10.0, -3 - rung);
        y[qn_mechanism_species(&m, "M(ni)")] = sites;
        cr_assert(qn_pulse_hold(&x, &set, T, 1.0, gas, y, &w) == QN_OK, "%s", qn_error_text());
        const struct qn_shot shot = {.pulse = {.kind = QN_PULSE_RING_HOT,
                                               .dT = 400.0,
                                               .t_c = 30e-6,
                                               .cool = 1e-3,
                                               .kept = 1.0,
                                               .t_cut = 30e-3},
                                     .T0 = T};
        cr_assert(qn_pulse_apply(&x, &set, &shot, gas, y, &w) == QN_OK, "%s", qn_error_text());
        if (rung < 0) {
            memcpy(truth, y, sizeof y);
            continue;
        }
        for (int k = 0; k < m.n_sites; k++) {
            error = fmax(error, fabs(y[k] - truth[k]) / sites);
        }
        cr_expect(error < 1e-2 * set.rtol, "rtol %g: %g", set.rtol, error);
        first = rung == 0 ? error : first;
        last = error;
    }
    cr_expect(last < 1e-3 * first, "%g after %g", last, first);
    qn_pulse_free(&w);
    qn_mechanism_free(&m);
}

Test(nickel, turnovers_of_a_dry_feed)
{
    static const double feed[5] = {0.8, 0.2, 0.0, 0.0, 0.0};
    static const struct {
        double T, CO2, CH4;
    } row[4] = {{473.15, -1.046e-4, 4.75e-10},
                {523.15, -3.630e-3, 1.331e-8},
                {573.15, -6.315e-2, 2.008e-7},
                {673.15, -3.244, 1.166e-5}};
    for (int i = 0; i < 4; i++) {
        struct steady s;
        settle(&s, row[i].T, feed);
        expect(&s, "CO2", row[i].CO2, 2e-3);
        expect(&s, "CH4", row[i].CH4, 5e-3);
        finish(&s);
    }
}

Test(nickel, coverages_of_a_dry_feed)
{
    static const double feed[5] = {0.8, 0.2, 0.0, 0.0, 0.0};
    struct steady s;
    settle(&s, 473.15, feed);
    expect(&s, "H(ni)", 0.997, 1e-3);
    expect(&s, "CO(ni)", 5.6e-4, 1e-2);
    expect(&s, "M(ni)", 2.41e-3, 3e-3);
    finish(&s);
    settle(&s, 573.15, feed);
    expect(&s, "H(ni)", 0.979, 1e-3);
    expect(&s, "CO(ni)", 2.39e-3, 3e-3);
    expect(&s, "M(ni)", 1.83e-2, 3e-3);
    finish(&s);
}

Test(nickel, a_converted_mixture)
{
    static const double mix[5] = {0.60, 0.15, 0.01, 0.08, 0.16};
    struct steady s;
    settle(&s, 573.15, mix);
    expect(&s, "CH4", 1.988e-4, 3e-3);
    expect(&s, "CO", 2.504e-3, 3e-3);
    expect(&s, "CO2", -2.702e-3, 3e-3);
    expect(&s, "CO(ni)", 0.5683, 1e-3);
    expect(&s, "H(ni)", 0.4062, 1e-3);
    expect(&s, "C(ni)", 1.46e-2, 5e-3);
    expect(&s, "M(ni)", 8.78e-3, 2e-3);
    finish(&s);
    settle(&s, 673.15, mix);
    expect(&s, "CH4", 1.665e-3, 3e-3);
    expect(&s, "CO", 0.7108, 3e-3);
    expect(&s, "CO(ni)", 0.472, 2e-3);
    expect(&s, "H(ni)", 0.482, 2e-3);
    finish(&s);
}
