/// @file
/// How bodies of different temperature exchange heat: closed forms for one contact and for gas.
///
/// All are per kelvin of difference, so a caller multiplies by T_i - T_j. Conduction of heat, not
/// its generation (exposure/heat_parts.h says where dissipated joules go). Radiation is left out:
/// between surfaces at 350 K it is below 10 W/(m2 K), against hundreds through contacts and gas.
#pragma once

/// Two half-spaces touch for a time t: 2 sqrt(t/pi)/(1/b_i + 1/b_j)  [J/(m2 K)]; the interface
/// takes one temperature at once (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., 2.15).
/// @param b_i, b_j  effusivities [W s^1/2/(m2 K)]
double qn_heat_touch(double b_i, double b_j, double t);

/// An elastic Hertz impact over a uniform spot pi a_max^2 that touches for all of t_c: a place at
/// radius r touches only while a(t) > r. With x = depth over its maximum = (a/a_max)^2 and
/// dx/dt ~ sqrt(1 - x^2.5) it touches for t_c T(x), T = int_x^1 / int_0^1 of du/sqrt(1 - u^2.5),
/// and this is int_0^1 sqrt(T(x)) dx. With 2/sqrt(pi) it is the 0.87 of Sun & Chen (1988).
static const double QN_HEAT_HERTZ = 0.77184;

/// Through a layer of powder of thickness h between bodies that conduct far better, whose halves
/// are as warm as the body they lie on, a step in the middle [J/(m2 K)]:
/// rho c h (Fo + 1/12 - 1/(2 pi^2) sum_m exp(-4 pi^2 m^2 Fo)/m^2), Fo = kappa t/h^2; by images
/// sqrt(k rho c t/pi) while Fo is small and k t/h + rho c h/12 when it is large.
/// @param k      conductivity of the layer [W/(m K)]
/// @param rho_c  heat capacity of the layer [J/(m3 K)]
double qn_heat_layer(double k, double rho_c, double h, double t);

/// Steady conductance of a round spot between two bodies, 4 a/(1/k_i + 1/k_j)  [W/K]
/// (Batchelor & O'Brien 1977; equal bodies: 2 k a).
double qn_heat_spot(double k_i, double k_j, double a);

/// A spot that begins to touch at 0 and lasts: heat per kelvin until t [J/K]. The one-dimensional
/// start and the steady spot in one, after Shoup & Szabo (J. Electroanal. Chem. 140 (1982) 237)
/// for a disc; within 2 % of the integral of their flow (itself within 0.6 %).
/// @param diffusivity  of the body [m2/s]; of unlike bodies their mean serves
double qn_heat_lasting(double b_i, double b_j, double diffusivity, double a, double t);

/// Two ways one after the other: 1/(1/a + 1/b); 0 when one of them is.
double qn_heat_series(double a, double b);

/// A sphere in gas: pi d k (2 + 0.6 Re^1/2 Pr^1/3)  [W/K] (Ranz & Marshall 1952).
double qn_heat_sphere_gas(double diameter, double k_gas, double reynolds, double prandtl);
