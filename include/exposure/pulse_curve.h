/// @file
/// The rise of one pulse as a curve that is cheap to ask for: what an integrator needs some hundred
/// times a pulse.
///
/// qn_pulse_rise adds up images, each an erfc and an exp, up to ten and more of them late in a
/// pulse: that was two thirds of the hours. Here the rise is kept as Chebyshev series in s, over
/// the heating, t = s^2, and over the cooling, t = t_c + s^2, in pieces that are each twice as long
/// as the one before, [2^i - 1, 2^(i+1) - 1] sigma: in s the rise is smooth on the scale of s
/// itself beyond sigma = min(sqrt(t_c)/2, sqrt(cool)/12), and 16 nodes a piece leave less than
/// 1e-9 of the peak. A grain's one exponential is cheaper than any series and is asked itself.
#pragma once

#include "exposure/hotspot.h"

enum { QN_CURVE_NODES = 16, QN_CURVE_PIECES = 24 };

/// The series of one stretch.
struct qn_pulse_stretch {
    double end; ///< of s                                     [s^1/2]
    int pieces;
    double series[QN_CURVE_PIECES][QN_CURVE_NODES]; ///< coefficients [K]
};

struct qn_pulse_curve {
    struct qn_pulse grain;              ///< kind NONE: not one
    double sigma;                       ///< [s^1/2]
    struct qn_pulse_stretch stretch[2]; ///< heating, cooling
};

/// @param p  a pulse with a spot (not QN_PULSE_NONE), its cut below 2^48 sigma^2
void qn_pulse_curve_init(struct qn_pulse_curve *c, const struct qn_pulse *p);

/// Rise at s.
/// @param s           [s^1/2], 0 to the end of the heating (0) or of the cooling (1)
/// @param[out] slope  d(rise)/ds [K/s^1/2], may be NULL
/// @return [K]
double qn_pulse_curve_at(const struct qn_pulse_curve *c, int cooling, double s, double *slope);
