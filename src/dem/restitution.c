/// @file
/// Restitution closures and the exact damping of the no-tension Hertz contact.
#include "dem/restitution.h"

#include <math.h>

double qn_restitution_of_damping(double alpha)
{
    // u = (5/4) e^{-b tau} S(tau), speed = (4/5) u', with b = alpha/2 and S = sin(w tau)/w,
    // tau or sinh(w tau)/w as the oscillator is under-, critically or over-damped
    const double b = 0.5 * alpha, disc = 1.25 - b * b;
    const double w = sqrt(fabs(disc));
    double tau;
    if (alpha == 0.0) {
        return 1.0;
    }
    // force zero: S (5/4 - alpha b) + alpha S' = 0
    const double p = 1.25 - alpha * b;
    if (disc > 1e-14) {
        tau = atan2(alpha * w, -p) / w;
    } else if (disc < -1e-14) {
        tau = atanh(alpha * w / -p) / w;
    } else {
        tau = alpha / -p;
    }
    const double s = disc > 1e-14 ? sin(w * tau) / w : disc < -1e-14 ? sinh(w * tau) / w : tau;
    const double ds = disc > 1e-14 ? cos(w * tau) : disc < -1e-14 ? cosh(w * tau) : 1.0;
    return -exp(-b * tau) * (ds - b * s);
}

/// Bracketed fallback of the inversion.
static double bisect(double e)
{
    double lo = 0.0, hi = 40.0; // e(40) is below 0.002
    for (int k = 0; k < 60; k++) {
        const double mid = 0.5 * (lo + hi);
        if (qn_restitution_of_damping(mid) > e) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return 0.5 * (lo + hi);
}

double qn_damping_of_restitution(double e)
{
    if (e >= 1.0) {
        return 0.0;
    }
    // secant on ln e, from the form that lets the force turn tensile; a contact begins here, so it
    // is called at every first touch
    const double goal = log(e), pi = 3.14159265358979323846;
    double a0 = -sqrt(5.0) * goal / sqrt(goal * goal + pi * pi), a1 = 1.05 * a0;
    double g0 = log(qn_restitution_of_damping(a0)) - goal;
    for (int k = 0; k < 12; k++) {
        const double g1 = log(qn_restitution_of_damping(a1)) - goal;
        const double next = a1 - g1 * (a1 - a0) / (g1 - g0);
        if (!(next > 0.0 && next < 40.0)) {
            break;
        }
        if (fabs(g1) < 1e-13 || next == a1) {
            return a1;
        }
        a0 = a1, g0 = g1, a1 = next;
    }
    return bisect(e);
}

double qn_yield_speed(double p_y, double rstar, double e_star, double mstar)
{
    return 3.194 * sqrt(pow(p_y, 5) * pow(rstar, 3) / (pow(e_star, 4) * mstar));
}

double qn_thornton(double v_n, double yield_speed)
{
    if (v_n <= yield_speed) {
        return 1.0;
    }
    const double x = yield_speed / v_n;
    return sqrt(6.0 * sqrt(3.0) / 5.0) * sqrt(1.0 - x * x / 6.0) *
           pow(x / (x + 2.0 * sqrt(1.2 - x * x / 5.0)), 0.25);
}

double qn_restitution(const struct qn_pair_class *c, double v_n, double rstar, double mstar)
{
    double bare = c->restitution;
    if (c->thornton) {
        const double v_y = qn_yield_speed(c->yield_pressure, rstar, c->e_star_true, mstar);
        bare = c->yield_pressure > 0.0 ? qn_thornton(v_n, v_y) : 1.0;
    }
    const double powder = fmin(bare, c->powder_restitution);
    const double e = bare * c->bare_share + powder * (1.0 - c->bare_share);
    return fmin(fmax(e, 0.05), 1.0);
}
