/// @file
/// Archard's law of wear.
#pragma once

/// Worn volume K F s/H (J. F. Archard, J. Appl. Phys. 24 (1953) 981)  [m3].
/// @param coefficient  K [-]   @param hardness  H of the surface that wears [Pa]
/// @param load_path    F s, normal force times sliding path: W_slip/mu [N m]
double qn_archard_volume(double coefficient, double hardness, double load_path);

/// F s of a contact that dissipated `slip` by sliding with a friction mu; 0 without friction [N m].
double qn_archard_load_path(double slip, double friction);
