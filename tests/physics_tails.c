// How much of a pulse's dose lies before a cut: numbers of the joint study, section 1.4.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "base/constants.h"
#include "exposure/hotspot.h"

/// Dose of a disc spot at Fourier number 1e-3 up to `cut` heating times, over that to 1e6.
static double share_by(double T0, double dT, double Ea, double cut)
{
    const double t_c = 30e-6;
    struct qn_pulse p = {.kind = QN_PULSE_RING_HOT,
                         .dT = dT,
                         .t_c = t_c,
                         .cool = 250.0 * t_c, // a^2/(4 kappa) at Fo = kappa t_c/a^2 = 1e-3
                         .kept = 1.0,
                         .t_cut = cut * t_c};
    const double part = qn_pulse_dose(&p, T0, Ea);
    p.t_cut = 1e6 * t_c;
    return part / qn_pulse_dose(&p, T0, Ea);
}

static double gamma_of(double T0, double dT, double Ea)
{
    return Ea / 8.314462618 * (1.0 / T0 - 1.0 / (T0 + dT));
}

Test(tails, a_cut_at_1000_heating_times_keeps_what_matters)
{
    // "at 1000 t_c >= 0.98 for gamma >= 10, 0.99 for gamma >= 11; at 30 t_c 0.98 for 12, 0.99 for
    // 13"; over the study's range of temperatures and activation energies
    int met[4] = {0};
    for (double T0 = 288.15; T0 < 460.0; T0 += 82.5) {
        for (double Ea = 40e3; Ea <= 150e3; Ea += 10e3) {
            for (double dT = 50.0; dT <= 600.0; dT += 25.0) {
                const double g = gamma_of(T0, dT, Ea);
                const double limit[4][3] = {{10.0, 1000.0, 0.98},
                                            {11.0, 1000.0, 0.99},
                                            {12.0, 30.0, 0.98},
                                            {13.0, 30.0, 0.99}};
                for (int k = 0; k < 4; k++) {
                    if (g >= limit[k][0]) {
                        met[k]++;
                        cr_expect(share_by(T0, dT, Ea, limit[k][1]) > limit[k][2] - 0.005,
                                  "T0 %g dT %g Ea %g gamma %.2f: %.4f", T0, dT, Ea, g,
                                  share_by(T0, dT, Ea, limit[k][1]));
                    }
                }
            }
        }
    }
    cr_expect(met[0] > 100 && met[3] > 50);
}

Test(tails, a_weak_pulse_is_mostly_tail_and_belongs_to_the_bulk)
{
    // Ea 40 kJ/mol, 100 K, from 288 K: 38 % by 30 t_c, 80 % by 1000 t_c
    cr_expect(epsilon_eq(dbl, share_by(288.15, 100.0, 40e3, 30.0), 0.38, 0.01));
    cr_expect(epsilon_eq(dbl, share_by(288.15, 100.0, 40e3, 1000.0), 0.80, 0.015));
}
