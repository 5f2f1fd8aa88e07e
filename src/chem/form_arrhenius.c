/// @file
/// Modified Arrhenius.
#include "chem/forms.h"

#include <math.h>

#include "base/constants.h"

struct qn_form qn_form_arrhenius(double A, double b, double Ea, double T)
{
    const double RT = QN_GAS_CONSTANT * T;
    double k = A * exp(-Ea / RT);
    if (b != 0.0) {
        k *= pow(T, b);
    }
    return (struct qn_form){.k = k, .slope = Ea / (RT * T), .power = b};
}
