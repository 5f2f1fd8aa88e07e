/// @file
/// Bodies that are heated and share one gas, over seconds:
///
///     C_i dT_i/dt = P_i - G_i (T_i - T_g),      C_g dT_g/dt = sum_i G_i (T_i - T_g)
///
/// as rises over a common start. Any number of bodies; the matrix is an arrow, so a step costs as
/// many operations as there are bodies. Trapezoidal rule: order 2, stable for any step, and the
/// heat that goes over is the same on both sides, so the book closes to round-off. A body of
/// infinite capacity stays where it is. Lumps over hours: model/heat_network.h.
#pragma once

struct qn_gas_bath {
    int n;                  ///< bodies
    const double *capacity; ///< shape [n]                                    [J/K]
    const double *power;    ///< shape [n]                                      [W]
    const double *link;     ///< shape [n], to the gas                        [W/K]
    double gas_capacity;    ///< above 0                                      [J/K]
};

/// From a common temperature on for `span` seconds, in `steps` steps.
/// @param[out] rise   of each body, shape [n]                                 [K]
/// @param[out] given  heat of each body to the gas, shape [n]                 [J]
/// @return rise of the gas [K]
double qn_gas_bath_run(const struct qn_gas_bath *b, double span, int steps, double *rise,
                       double *given);
