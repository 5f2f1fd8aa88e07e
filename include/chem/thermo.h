/// @file
/// Standard-state thermochemistry of one species: NASA 7-coefficient polynomials or constant cp.
///
/// NASA7 (McBride, Gordon & Reno, NASA TM-4513, 1993): cp/R = a0 + a1 T + ... + a4 T^4. Outside its
/// range a polynomial is continued, as Cantera does. Constant cp serves adsorbates.
/// To extend: one member of the enum, one case in qn_thermo_state and one in mechanism_read.c.
#pragma once

enum qn_thermo_model { QN_THERMO_NONE, QN_THERMO_NASA7, QN_THERMO_CONSTANT_CP };

struct qn_thermo {
    enum qn_thermo_model model;
    double p_ref;   ///< pressure of the standard state (gas)                    [Pa]
    double T_mid;   ///< NASA7: where the high range begins                       [K]
    double a[2][7]; ///< NASA7: low and high coefficients
    double T0;      ///< constant cp: reference temperature                       [K]
    double h0;      ///< constant cp: enthalpy at T0                          [J/mol]
    double s0;      ///< constant cp: entropy at T0                       [J/(mol K)]
    double cp0;     ///< constant cp                                      [J/(mol K)]
};

/// Standard state at one temperature, all divided by R (or RT): pure numbers.
struct qn_standard {
    double cp_R, h_RT, s_R;
    double g_RT; ///< h_RT - s_R
};

/// A species without thermo (QN_THERMO_NONE) gives zeros.
struct qn_standard qn_thermo_state(const struct qn_thermo *t, double T);

/// Enthalpy alone [J/mol], and heat capacity [J/(mol K)]; zeros without thermo.
double qn_thermo_enthalpy(const struct qn_thermo *t, double T, double *cp);
