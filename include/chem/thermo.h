/// @file
/// Standard-state thermochemistry of one species.
///
/// NASA7 (McBride, Gordon & Reno, NASA TM-4513, 1993): cp/R = a0 + a1 T + ... + a4 T^4.
/// NASA9 (McBride, Zehe & Gordon, NASA TP-2002-211556): cp/R = a0 T^-2 + a1/T + a2 + ... + a6 T^4.
/// Shomate (NIST WebBook): with t = T/1000 K, cp = A + B t + C t^2 + D t^3 + E/t^2 [J/(mol K)].
/// Constant cp serves adsorbates and solids. Outside its range a polynomial is continued, as
/// Cantera does. The pressure of solids is left out (v dp is some J/mol a bar).
/// To extend: one member of the enum, one case in qn_thermo_state and one in mechanism_thermo.c.
#pragma once

enum qn_thermo_model {
    QN_THERMO_NONE,
    QN_THERMO_NASA7,
    QN_THERMO_CONSTANT_CP,
    QN_THERMO_NASA9,
    QN_THERMO_SHOMATE
};
enum { QN_THERMO_RANGES = 5 }; ///< most ranges of a NASA9 polynomial

struct qn_thermo {
    enum qn_thermo_model model;
    double p_ref;   ///< pressure of the standard state (gas)                    [Pa]
    double T_mid;   ///< NASA7, Shomate: where the high range begins              [K]
    double a[2][7]; ///< NASA7, Shomate: low and high coefficients
    double T0;      ///< constant cp: reference temperature                       [K]
    double h0;      ///< constant cp: enthalpy at T0                          [J/mol]
    double s0;      ///< constant cp: entropy at T0                       [J/(mol K)]
    double cp0;     ///< constant cp                                      [J/(mol K)]
    int ranges;     ///< NASA9
    double T_low[QN_THERMO_RANGES]; ///< NASA9: where each range begins            [K]
    double nine[QN_THERMO_RANGES][9];
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
