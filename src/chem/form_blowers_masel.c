/// @file
/// Barriers that follow the heat of reaction, after Blowers & Masel.
#include "chem/forms.h"

double qn_form_blowers_masel(double Ea0, double w, double dH, double *per_dH)
{
    if (dH < -4.0 * Ea0) {
        *per_dH = 0.0;
        return 0.0;
    }
    if (dH > 4.0 * Ea0) {
        *per_dH = 1.0;
        return dH;
    }
    const double V = 2.0 * w * (w + Ea0) / (w - Ea0);
    const double a = w + 0.5 * dH;
    const double b = V - 2.0 * w + dH;
    const double c = V * V - 4.0 * w * w + dH * dH;
    const double Ea = a * b * b / c;
    *per_dH = 0.5 * b * b / c + 2.0 * a * b / c - 2.0 * dH * Ea / c;
    return Ea;
}
