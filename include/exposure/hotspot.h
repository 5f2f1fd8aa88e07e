/// @file
/// How hot a contact makes the matter it exposes: closed forms of one-dimensional transient
/// heating.
///
/// At impact scale the Fourier number of the contact spot is about 1e-3, so heating is a
/// one-dimensional transient (Carslaw & Jaeger, Conduction of Heat in Solids, 2nd ed., ch. 2, 12).
/// Interface: constant flux for t_c into two half-spaces, y = sqrt(tau) - sqrt(tau - 1), with the
/// tail of a disc of radius a. Layer: uniform heating of a slab between two half-spaces, solved
/// exactly by images, so the adiabatic, thin and intermediate regimes and the cooling are one
/// function and no table or blend is needed (the tests hold it to both limits and to a
/// finite-difference reference).
/// A piece of a contact that was cut starts warm: its past is a steady heating before it, in the
/// same closed forms (exposure/inherit.h).
/// Not here: lateral conduction under a ring, reaction heat.
/// To extend: one member of `enum qn_pulse_kind`, one row of the shape table in hotspot.c.
#pragma once

#include "exposure/exposure.h"

/// The two rings that stand for a sliding Hertz spot, whose flux and radius vary: area as a share
/// of pi a_max^2, peak rise in units of the uniform spot's; the rest of the spot stays cold.
/// Worst error of an Arrhenius dose 3.1 % (T0 288-550 K, rise 50-600 K, Ea 40-150 kJ/mol).
static const double QN_RING_AREA[2] = {0.2683, 0.4497};
static const double QN_RING_RISE[2] = {1.987, 0.9618};

/// Rise of a constant-flux pulse over its peak, at tau = t/t_c, one-dimensional.
double qn_hot_shape(double tau);

/// The same under the centre of a disc, A = a^2/(4 kappa t_c): falls as tau^-3/2 beyond A.
double qn_hot_disc_shape(double tau, double A);

/// Time above the level x = dT/peak (0 < x < 1) of the one-dimensional pulse, in units of t_c.
double qn_hot_residence(double x);

/// Peak rise of an interface, (2/sqrt pi) q sqrt(t_c)/B  [K].
/// @param flux  q [W/m2]
/// @param t_c   heating time [s]
/// @param B     b_1 + b_2, sum of the bodies' effusivities [W s^1/2/(m2 K)]
double qn_hot_interface(double flux, double t_c, double B);

/// Peak rise over the adiabatic rise of a layer that stays uniform (infinite conductivity),
/// z = B sqrt(t_c)/(rho c h).
double qn_hot_lump(double z);

/// The two depths that stand for a layer, its inner and its outer half: distance from the middle
/// in half thicknesses. An Arrhenius dose averaged over the two is within 2 % of the average over
/// the depth (rise 100-500 K, Ea 40-100 kJ/mol); a dose of the mean temperature is up to 3.7 times
/// too low.
static const double QN_LAYER_DEPTH[2] = {0.25, 0.75};

/// Rise at a depth of a heated layer over the adiabatic rise, at the end of heating.
/// @param fo     kappa_l t_c/h^2 [-]
/// @param sink   (b - b_l)/(b + b_l) [-]
/// @param depth  distance from the middle in half thicknesses, 0 to 1
double qn_hot_layer_kept(double fo, double sink, double depth);

/// The same, mean over the depth.
double qn_hot_layer_mean(double fo, double sink);

/// Below this thickness a layer's own rise is under a tenth of the interface's, and the joule
/// heats the bare interface instead: 1.35 k_l sqrt(t_c)/B  [m].
double qn_hot_interface_limit(double conductivity, double t_c, double B);

/// Rise after melting took its share: held at `melt` until the latent heat is paid [K].
/// @param rise     rise without melting [K]
/// @param melt     rise at which the matter melts [K]
/// @param latent   latent heat over heat capacity [K]
double qn_hot_melt(double rise, double melt, double latent);

/// E-fold time of a grain in gas, rho c d^2/(12 k_gas)  [s].
double qn_hot_grain_time(double rho_c, double diameter, double k_gas);

/// Temperature at which (Ea/R)(1/T0 - 1/T) = log_ratio; INFINITY when no temperature does.
/// With log_ratio = ln(1/duty) a pulse beats the cold rate above it; with ln(0.01/duty) it is the
/// gate below which a stiff solve is not worth its time.
double qn_hot_level(double T0, double Ea, double log_ratio);

/// Rise of a pulse and its rate at time t after the beginning of the contact.
/// Continuous for t >= 0 (a pulse with a past starts warm); its slope jumps at t_c, so an
/// integrator must land there. The slope of a ring is infinite at 0 and t_c: it is given there as
/// that one 1e-12 t_c later. At t_c exactly the slope is that of heating; ask a little later for
/// that of cooling.
/// @param[out] rise  [K]
/// @param[out] rate  [K/s], may be NULL
void qn_pulse_rise(const struct qn_pulse *p, double t, double *rise, double *rate);

/// Rise of a steady heating of the pulse's kind, t after its beginning, in units of (LAYER) the
/// adiabatic rise of t_c, (RING) the one-dimensional interface rise of t_c; 0 for other kinds.
double qn_pulse_response(const struct qn_pulse *p, double t);

/// Excess reaction time at the cold rate, integral of k/k0 - 1 over the pulse [s].
/// Gauss-Legendre in sqrt(t) from 0 and from t_c; relative error below 1e-6 for Ea <= 150 kJ/mol.
double qn_pulse_dose(const struct qn_pulse *p, double T0, double Ea);

/// The same for several activation energies at once, within 2 %: for statistics over many pulses,
/// at a twentieth of the cost.
/// @param[in]  Ea   shape [n] [J/mol]
/// @param[out] out  shape [n] [s]
void qn_pulse_weights(const struct qn_pulse *p, double T0, int n, const double *Ea, double *out);
