/// @file
/// Mixing number and burst factor.
#include "bridge/mixing.h"

double qn_mixing_number(double p, double k, double tau)
{
    return (1.0 - p) / p * k * tau;
}

double qn_burst_factor(double fano, double eps)
{
    return 1.0 + 0.5 * (1.0 - fano) * eps;
}
