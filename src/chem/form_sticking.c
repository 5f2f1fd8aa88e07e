/// @file
/// Sticking from a gas.
#include "chem/forms.h"

#include <math.h>

#include "base/constants.h"

struct qn_form qn_form_sticking(struct qn_form gamma, int motz_wise, double weight, double sites,
                                double T)
{
    // Motz-Wise divides by 1 - gamma/2; its slope follows gamma
    const double gain = motz_wise ? 1.0 / (1.0 - 0.5 * gamma.k) : 1.0;
    const double flux = sqrt(QN_GAS_CONSTANT * T / (2.0 * QN_PI * weight));
    return (struct qn_form){
        .k = gamma.k * (gain * flux / sites),
        .slope = gamma.slope * gain,
        .power = gamma.power * gain + 0.5,
    };
}
