/// @file
/// Barriers that shift with coverages.
#include "chem/forms.h"

double qn_form_coverage_energy(const double *E, double theta, double *per_theta)
{
    const double x = theta;
    *per_theta = E[0] + x * (2.0 * E[1] + x * (3.0 * E[2] + x * 4.0 * E[3]));
    return x * (E[0] + x * (E[1] + x * (E[2] + x * E[3])));
}
