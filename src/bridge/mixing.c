/// @file
/// Mixing number, burst factor, powder that moved.
#include "bridge/mixing.h"

#include <math.h>

double qn_mixing_number(double p, double k, double tau)
{
    return (1.0 - p) / p * k * tau;
}

double qn_burst_factor(double fano, double eps)
{
    return 1.0 + 0.5 * (1.0 - fano) * eps;
}

void qn_mix_moved(int n, int pool, const double *before, const double *after, int ns, double *y)
{
    double mass = before[pool];
    for (int c = 0; c < n; c++) {
        mass += c == pool ? 0.0 : fmax(before[c] - after[c], 0.0);
    }
    for (int k = 0; k < ns; k++) {
        double moles = before[pool] * y[pool * ns + k];
        for (int c = 0; c < n; c++) {
            moles += c == pool ? 0.0 : fmax(before[c] - after[c], 0.0) * y[c * ns + k];
        }
        y[pool * ns + k] = mass > 0.0 ? moles / mass : y[pool * ns + k];
    }
    for (int c = 0; c < n; c++) {
        const double came = c == pool ? 0.0 : fmax(after[c] - before[c], 0.0);
        for (int k = 0; k < ns && came > 0.0; k++) {
            y[c * ns + k] = (before[c] * y[c * ns + k] + came * y[pool * ns + k]) / after[c];
        }
    }
}
