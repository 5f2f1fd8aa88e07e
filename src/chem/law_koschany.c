/// @file
/// CO2 methanation on co-precipitated Ni-Al after Koschany et al. (2016).
///
/// Numbers as in jonakopmann/CO2-Methanation and lsptrsn/HybridVsData-driven_CSTR, which agree. One
/// of them multiplies k by 0.2 for its own reactor; that is no part of the law. The equilibrium
/// constant is the paper's fit, 0.01-0.2 decades above that of the NASA polynomials.
#include "chem/laws.h"

#include <math.h>

#include "base/constants.h"

static const double PER_KG = 1e3; // from 1/g

// X(T) = X(555 K) exp(E/R (1/555 K - 1/T))
static double at(double x555, double E, double T)
{
    return x555 * exp(E / QN_GAS_CONSTANT * (1.0 / 555.0 - 1.0 / T));
}

// [bar^-2]
static double equilibrium(double T)
{
    return 137.0 * pow(T, -3.998) * exp(158.7e3 / (QN_GAS_CONSTANT * T));
}

// 1 - Q/K
static double drive(double T, double H2, double CO2, const double *p)
{
    return 1.0 - p[2] * p[3] * p[3] / (CO2 * H2 * H2 * H2 * H2 * equilibrium(T));
}

void qn_law_koschany_lhhw(double T, const double *p, const double *K, double *rate)
{
    (void)K; // has its own
    const double H2 = qn_law_floor(p[0]);
    const double CO2 = qn_law_floor(p[1]);
    const double k = at(3.46e-4, 77.5e3, T); // [mol/(bar g s)]
    const double hydroxyl = at(0.50, 22.4e3, T) * p[3] / sqrt(H2);
    const double hydrogen = at(0.44, -6.2e3, T) * sqrt(H2);
    const double mixed = at(0.88, -10.0e3, T) * sqrt(CO2);
    const double D = 1.0 + hydroxyl + hydrogen + mixed;
    rate[0] = PER_KG * k * sqrt(H2 * CO2) * drive(T, H2, CO2, p) / (D * D);
}

void qn_law_koschany_power(double T, const double *p, const double *K, double *rate)
{
    (void)K; // has its own
    const double H2 = qn_law_floor(p[0]);
    const double CO2 = qn_law_floor(p[1]);
    const double k = at(6.41e-5, 93.6e3, T); // [mol/(bar^0.47 g s)]
    const double D = 1.0 + at(0.62, 64.3e3, T) * p[3] / sqrt(H2);
    rate[0] = PER_KG * k * pow(H2, 0.31) * pow(CO2, 0.16) * drive(T, H2, CO2, p) / D;
}
