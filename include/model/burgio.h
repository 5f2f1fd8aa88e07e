/// @file
/// Burgio's kinematics of one ball in a planetary mill: an order of magnitude, not the truth.
///
/// Burgio, Iasonna, Magini, Martelli & Padella, Nuovo Cimento D 13 (1991) 459, with signed absolute
/// jar speed. It knows no sliding and no hits between balls; filmed mills differ from it.
#pragma once

struct qn_burgio {
    double jar_speed; ///< absolute, w_v = (1 + ratio) w_p                      [rad/s]
    double cos_phi;   ///< of the angle at which the ball leaves the wall; below -1: never   [-]
    double v_b;       ///< speed just after leaving, lab                        [m/s]
    double v_s;       ///< speed of the wall where it lands                     [m/s]
    double energy;    ///< per hit and mass of the ball                         [J/kg]
    double frequency; ///< hits per ball                                        [Hz]
};

/// @param sun_radius   axis to axis [m]        @param sun_speed  of the wheel, above 0 [rad/s]
/// @param ratio        jar relative to wheel / wheel, signed
/// @param ball_circle  l = inner radius of the jar - radius of the ball [m]
struct qn_burgio qn_burgio(double sun_radius, double sun_speed, double ratio, double ball_circle);
