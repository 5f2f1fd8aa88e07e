/// @file
/// How the vial moves: a mill is one law that gives acceleration, turn and spin at a time.
///
/// Bodies live in axes that travel with the vial's centre and do not turn. There the motion is felt
/// as -A0(t) alone, and the vial's own turning only as the velocity of its wall. To add a mill:
/// one row in `laws` of motion.c with a function of time.
#pragma once

enum qn_motion_kind { QN_MOTION_PLANETARY, QN_MOTION_VIBRATION };

struct qn_motion {
    enum qn_motion_kind kind;
    double gravity[3];   ///< in the vial's (non-turning) axes                     [m/s2]
    double run_up;       ///< linear ramp from rest; 0: at speed at once           [s]
    double sun_radius;   ///< planetary                                            [m]
    double sun_speed;    ///< planetary, of the sun wheel at full speed            [rad/s]
    double ratio;        ///< planetary, jar relative to wheel / wheel             [-]
    double circular;     ///< vibration, angular frequency                         [rad/s]
    double amplitude[3]; ///< vibration, zero to peak                              [m]
    double phase[3];     ///< vibration                                            [rad]
};

/// The vial at one instant.
struct qn_pose {
    double centre[3]; ///< of the vial, lab axes                                    [m]
    double speed[3];  ///< of the centre                                            [m/s]
    double accel[3];  ///< A0 of the centre                                         [m/s2]
    double omega;     ///< absolute spin of the vial about z                        [rad/s]
    double turn;      ///< absolute angle of the vial about z                       [rad]
};

/// The pose at time t. During run-up a planetary wheel accelerates evenly and a vibrator's
/// amplitude grows smoothly (quintic, so that acceleration is continuous).
void qn_motion_pose(const struct qn_motion *motion, double t, struct qn_pose *pose);

/// Largest wall speed relative to the vial's centre and largest |A0| at full speed.
double qn_motion_wall_speed(const struct qn_motion *motion, double vial_radius);
double qn_motion_peak_accel(const struct qn_motion *motion);

/// Period after which the felt motion repeats at full speed [s].
double qn_motion_period(const struct qn_motion *motion);
