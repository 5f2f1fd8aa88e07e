/// @file
/// Restitution closures, and the damping that returns a given restitution.
#pragma once

#include "dem/contact.h"

/// Restitution returned by damping alpha in the no-tension Hertz contact, closed form.
///
/// With u = depth^(5/4) and d(tau) = depth^(1/4) dt the damped Hertz contact is a linear
/// oscillator, u'' + alpha u' + 5/4 u = 0 (Antypov & Elliott 2011); the contact ends where the
/// force first vanishes, u + (4/5) alpha u' = 0, and e is the speed there.
/// @param alpha  >= 0, in F_d = alpha sqrt(m* K) depth^(1/4) v_n  [-]
double qn_restitution_of_damping(double alpha);

/// Its inverse, to 1e-12 in e. @param e  0.01 <= e <= 1
double qn_damping_of_restitution(double e);

/// The same of a linear spring and dashpot, F_d = alpha sqrt(m* k) v_n, without tension.
double qn_damping_of_restitution_linear(double e);

/// Restitution from a table of (speed [m/s], e), speeds rising and positive: linear in the
/// logarithm of speed, held at the ends. @param row  shape [n][2]
double qn_restitution_table(int n, const double (*row)[2], double v_n);

/// Thornton (1997) J. Appl. Mech. 64, 383: yield speed V_y = 3.194 (p_y^5 R*^3/(E*^4 m*))^(1/2)
/// [m/s].
double qn_yield_speed(double p_y, double rstar, double e_star, double mstar);

/// Thornton's elastic-plastic restitution; 1 below the yield speed.
double qn_thornton(double v_n, double yield_speed);

/// Friction of media that carry powder, mu = mu_bare s + mu_powder (1 - s), with s = exp(-sigma/
/// sigma_0) as for the restitution: one coating hides the metal from both [-].
double qn_coated_friction(double bare, double powder, double bare_share);

/// e(v_n, R*, m*, pair, coating) of a pair class, clamped to [0.05, 1]: bare closure blended with
/// that of the coating, e = e_bare s + min(e_bare, e_powder) (1 - s), s = exp(-sigma/sigma_0).
double qn_restitution(const struct qn_pair_class *c, double v_n, double rstar, double mstar);
