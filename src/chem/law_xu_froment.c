/// @file
/// Steam reforming and shift on Ni/MgAl2O4 after Xu & Froment (1989).
#include "chem/laws.h"

#include <math.h>

#include "base/constants.h"

static const double PER_KG_S = 1e3 / 3600.0; // from kmol/h

void qn_law_xu_froment(double T, const double *p, const double *K, double *rate)
{
    (void)K; // has its own
    const double RT = QN_GAS_CONSTANT * T;
    const double H2 = qn_law_floor(p[0]);
    const double CO2 = p[1];
    const double CO = p[2];
    const double CH4 = p[3];
    const double H2O = p[4];
    const double K1 = exp(-26830.0 / T + 30.114); // [bar2]
    const double K2 = exp(4400.0 / T - 4.036);
    const double K3 = K1 * K2;
    const double D = 1.0 + 8.23e-5 * exp(70.65e3 / RT) * CO + 6.12e-9 * exp(82.90e3 / RT) * H2 +
                     6.65e-4 * exp(38.28e3 / RT) * CH4 + 1.77e5 * exp(-88.68e3 / RT) * H2O / H2;
    const double k1 = 4.225e15 * exp(-240.1e3 / RT);
    const double k2 = 1.955e6 * exp(-67.13e3 / RT);
    const double k3 = 1.020e15 * exp(-243.9e3 / RT);
    const double H2_3 = H2 * H2 * H2;
    const double root = sqrt(H2);
    const double scale = PER_KG_S / (D * D);
    rate[0] = scale * k1 / (H2 * H2 * root) * (CH4 * H2O - H2_3 * CO / K1);
    rate[1] = scale * k2 / H2 * (CO * H2O - H2 * CO2 / K2);
    rate[2] = scale * k3 / (H2_3 * root) * (CH4 * H2O * H2O - H2_3 * H2 * CO2 / K3);
}
