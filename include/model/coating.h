/// @file
/// The coating law: powder that media pick up from loose powder and shed under impacts.
///
///     d sigma_b/dt = P_b m_loose/m_window - S_b sigma_b,   0 <= sigma_b <= sigma_max
///
/// for b = balls, wall: P_b = pick-up x dose power of loose powder on b over its area, as a window
/// measured it with the loose mass m_window (a smaller reserve gives so much less dose), S_b = shed
/// x impact power on b over its area. What is not on media is loose, so with masses m = A sigma the
/// law is linear, m' = Q m, and Q's columns add up to zero: powder is kept. Solved in closed form
/// with the two eigenvalues of Q that are not zero; a coating at its bound stays there while it
/// would grow. Not here: how e, mu and the layer follow (app/coating_report.h), and what rates do
/// as they change (model/coating_epochs.h).
#pragma once

enum { QN_COATED_BALLS, QN_COATED_WALL, QN_LOOSE_POWDER, QN_COATINGS };

/// Rates of a window.
struct qn_coating_law {
    double take[2]; ///< share of the loose powder that balls and wall pick up per second  [1/s]
    double shed[2]; ///< share of their coating that they lose per second                  [1/s]
    double most[2]; ///< bound of the mass each carries                                    [kg]
};

/// From mass `m` on balls, on the wall and loose [kg], to what it is a time `t` later; the sum is
/// kept to round-off.
void qn_coating_advance(const struct qn_coating_law *law, double t, double m[QN_COATINGS]);

/// e-fold of the slower mode [s]; infinite when nothing moves.
double qn_coating_time(const struct qn_coating_law *law);

/// How far a coating has moved from `was` to `is` [kg]: over what it was, or over a tenth of its
/// bound where it was less, so that one that begins at nothing or has all but gone asks for a
/// bounded number of windows. Restitution, friction and layer move by less: they follow
/// exp(-sigma/sigma_0) and sigma itself [-].
double qn_coating_moved(double was, double is, double most);

/// Time until which both coatings move by at most `share`, looked for up to `until`; `until` when
/// they do [s].
double qn_coating_until(const struct qn_coating_law *law, const double m[QN_COATINGS], double share,
                        double until);
