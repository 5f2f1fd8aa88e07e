/// @file
/// The headspace: a closed batch of ideal gas.
#pragma once

#include "chem/mechanism.h"

struct qn_gas {
    int n_gas;                    ///< species, in the order of the mechanism
    double moles[QN_MAX_SPECIES]; ///< [mol]
    double volume;                ///< free volume of the vial     [m3]
    double T;                     ///< [K]
};

/// Concentrations n/V, shape [n_gas]  [mol/m3].
static inline void qn_gas_concentrations(const struct qn_gas *gas, double *c)
{
    for (int g = 0; g < gas->n_gas; g++) {
        c[g] = gas->moles[g] / gas->volume;
    }
}
