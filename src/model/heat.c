/// @file
/// Closed forms of heat exchange.
#include "model/heat.h"

#include <math.h>

#include "base/constants.h"

double qn_heat_touch(double b_i, double b_j, double t)
{
    return 2.0 * sqrt(t / QN_PI) * qn_heat_series(b_i, b_j);
}

/// Integral of erfc from z to infinity.
static double ierfc(double z)
{
    return exp(-z * z) / sqrt(QN_PI) - z * erfc(z);
}

double qn_heat_layer(double k, double rho_c, double h, double t)
{
    const double fo = k * t / (rho_c * h * h);
    const double z = 0.5 / sqrt(fo);
    double g;
    if (fo < 0.08) { // images beyond the second are below 1e-12
        g = sqrt(fo) * (1.0 / sqrt(QN_PI) + 2.0 * (ierfc(z) + ierfc(2.0 * z)));
    } else { // and so are modes beyond the second
        const double e = exp(-4.0 * QN_PI * QN_PI * fo);
        g = fo + 1.0 / 12.0 - (e + 0.25 * e * e * e * e) / (2.0 * QN_PI * QN_PI);
    }
    return rho_c * h * g;
}

double qn_heat_spot(double k_i, double k_j, double a)
{
    return 4.0 * a * qn_heat_series(k_i, k_j);
}

double qn_heat_lasting(double b_i, double b_j, double diffusivity, double a, double t)
{
    if (!(t > 0.0)) {
        return 0.0;
    }
    const double root = sqrt(diffusivity);
    const double steady = qn_heat_spot(b_i * root, b_j * root, a) * t;
    const double rate = sqrt(a * a / (4.0 * diffusivity * t)); // tau^-1/2 of the source
    const double spread = 0.25 * QN_PI + (1.0 - 0.25 * QN_PI) * exp(-0.7823 * rate);
    return QN_PI * a * a * qn_heat_touch(b_i, b_j, t) + spread * steady;
}

double qn_heat_series(double a, double b)
{
    return a > 0.0 && b > 0.0 ? a * b / (a + b) : 0.0;
}

double qn_heat_sphere_gas(double diameter, double k_gas, double reynolds, double prandtl)
{
    return QN_PI * diameter * k_gas * (2.0 + 0.6 * sqrt(reynolds) * cbrt(prandtl));
}
