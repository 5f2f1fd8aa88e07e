/// @file
/// CO2 and CO methanation and the reversed shift on Ni/Al2O3 after Champon et al. (2019).
///
/// Numbers as in hiroto-f/process-design-pse7. The law takes its equilibria from thermochemistry.
#include "chem/laws.h"

#include <math.h>

#include "base/constants.h"

static const double PER_KG_S = 1e3 / 60.0; // from 1/(g min)

void qn_law_champon(double T, const double *p, const double *K, double *rate)
{
    const double RT = QN_GAS_CONSTANT * T;
    const double H2 = qn_law_floor(p[0]);
    const double CO2 = qn_law_floor(p[1]);
    const double CO = qn_law_floor(p[2]);
    const double CH4 = p[3];
    const double H2O = p[4];
    const double K_CO = 2.39e-3 * exp(40.6e3 / RT);
    const double K_H2O = 0.609 * exp(14.5e3 / RT);
    const double K_CO2 = 1.07 * exp(9.72e3 / RT);
    const double K_H2 = 5.2e-5 * exp(52.0e3 / RT);
    const double D = 1.0 + K_CO2 * CO2 + K_H2 * H2 + K_H2O * H2O + K_CO * CO;
    const double H2_3 = H2 * H2 * H2;
    const double back1 = CH4 * H2O * H2O / (CO2 * H2_3 * H2 * K[0]);
    const double back2 = CO * H2O / (CO2 * H2 * K[1]);
    const double back3 = CH4 * H2O / (CO * H2_3 * K[2]);
    const double k1 = 1.14e8 * exp(-110.0e3 / RT);
    const double k2 = 1.78e6 * exp(-97.1e3 / RT);
    const double k3 = 2.23e8 * exp(-97.3e3 / RT);
    rate[0] = PER_KG_S * k1 * K_H2 * K_CO2 * H2 * CO2 * (1.0 - back1) / (D * D);
    rate[1] = PER_KG_S * k2 * K_CO2 * CO2 * (1.0 - back2) / D;
    rate[2] = PER_KG_S * k3 * K_H2 * K_CO * H2 * CO * (1.0 - back3) / (D * D);
}
