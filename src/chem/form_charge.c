/// @file
/// Charge transfer between phases at different potentials (Butler-Volmer through beta).
#include "chem/forms.h"

#include <math.h>

#include "base/constants.h"

static struct qn_form boltzmann(double energy, double T)
{
    const double RT = QN_GAS_CONSTANT * T;
    return (struct qn_form){.k = exp(-energy / RT), .slope = energy / (RT * T)};
}

struct qn_form qn_form_charge_forward(double beta, double work, double T)
{
    return boltzmann(beta * work, T);
}

struct qn_form qn_form_charge_reverse(double beta, double work, double T)
{
    return boltzmann((beta - 1.0) * work, T);
}
