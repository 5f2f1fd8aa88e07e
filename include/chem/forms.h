/// @file
/// Forms of rate constants: pure functions of numbers, each in a file of its own, form_*.c.
///
/// Each gives the constant and its logarithmic slope in two parts, so that what multiplies powers
/// of T can be added: d ln k/dT = slope + power/T. Formulas as in Cantera (reference/kinetics).
/// To add a form: one file form_<name>.c, its line here, its case in rates.c and its reader in
/// mechanism_rate.c.
#pragma once

struct qn_form {
    double k;
    double slope; ///< [1/K]
    double power;
};

/// k = A T^b exp(-Ea/RT).  @param Ea [J/mol]  @param T [K]
struct qn_form qn_form_arrhenius(double A, double b, double Ea, double T);

/// Sticking: k = gamma/sites sqrt(RT/(2 pi W)), Motz-Wise gamma/(1 - gamma/2).
/// @param gamma   coefficient with its slope
/// @param weight  of the molecule [kg/mol]
/// @param sites   product of Gamma^nu of the surface reactants [(mol/m2)^m]
struct qn_form qn_form_sticking(struct qn_form gamma, int motz_wise, double weight, double sites,
                                double T);

/// Activation energy of Blowers & Masel (AIChE J. 2000, 46, 2041) [J/mol].
/// @param Ea0    intrinsic barrier, of a thermoneutral reaction [J/mol]
/// @param w      mean bond dissociation energy of what breaks and forms, above Ea0 [J/mol]
/// @param dH     enthalpy of reaction [J/mol]
/// @param[out] per_dH  dEa/d(dH)
double qn_form_blowers_masel(double Ea0, double w, double dH, double *per_dH);

/// Charge transfer: the factor exp(-beta work/RT) on the forward constant, exp((1 - beta) work/RT)
/// on the reverse. @param work  F sum(nu z phi), charge carried against the potentials [J/mol]
struct qn_form qn_form_charge_forward(double beta, double work, double T);
struct qn_form qn_form_charge_reverse(double beta, double work, double T);

/// Coverage dependence of one species: ln of 10^(a theta) theta^m exp(-(E1 theta + E2 theta^2 +
/// E3 theta^3 + E4 theta^4)/RT). @param E shape [4] [J/mol]
/// @return the energy E1 theta + ... [J/mol] and its slope by theta
double qn_form_coverage_energy(const double *E, double theta, double *per_theta);
