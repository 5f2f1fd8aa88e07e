/// @file
/// Restitution closures and the exact damping of the no-tension Hertz contact.
#include "dem/restitution.h"

#include <math.h>

static const double HERTZ = 1.25, LINEAR = 1.0; ///< K of u'' + alpha u' + K u = 0

/// Speed of an oscillator u'' + alpha u' + K u = 0, started with 1, where K u + alpha u' = 0.
static double returned(double K, double alpha)
{
    // u = e^{-b tau} S(tau), with b = alpha/2 and S = sin(w tau)/w, tau or sinh(w tau)/w as the
    // oscillator is under-, critically or over-damped
    const double b = 0.5 * alpha, disc = K - b * b;
    const double w = sqrt(fabs(disc));
    double tau;
    if (alpha == 0.0) {
        return 1.0;
    }
    // force zero: S (K - alpha b) + alpha S' = 0
    const double p = K - alpha * b;
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

double qn_restitution_of_damping(double alpha)
{
    return returned(HERTZ, alpha);
}

/// Bracketed fallback of the inversion.
static double bisect(double K, double e)
{
    double lo = 0.0, hi = 40.0; // e(40) is below 0.002
    for (int k = 0; k < 60; k++) {
        const double mid = 0.5 * (lo + hi);
        if (returned(K, mid) > e) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    return 0.5 * (lo + hi);
}

static double damping_of(double K, double e)
{
    if (e >= 1.0) {
        return 0.0;
    }
    // secant on ln e, from the form that lets the force turn tensile; a contact begins here, so it
    // is called at every first touch
    const double goal = log(e), pi = 3.14159265358979323846;
    double a0 = -sqrt(4.0 * K) * goal / sqrt(goal * goal + pi * pi), a1 = 1.05 * a0;
    double g0 = log(returned(K, a0)) - goal;
    for (int k = 0; k < 12; k++) {
        const double g1 = log(returned(K, a1)) - goal;
        const double next = a1 - g1 * (a1 - a0) / (g1 - g0);
        if (!(next > 0.0 && next < 40.0)) {
            break;
        }
        if (fabs(g1) < 1e-13 || next == a1) {
            return a1;
        }
        a0 = a1, g0 = g1, a1 = next;
    }
    return bisect(K, e);
}

double qn_damping_of_restitution(double e)
{
    return damping_of(HERTZ, e);
}

double qn_damping_of_restitution_linear(double e)
{
    return damping_of(LINEAR, e);
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

double qn_restitution_table(int n, const double (*row)[2], double v_n)
{
    if (v_n <= row[0][0]) {
        return row[0][1];
    }
    for (int k = 1; k < n; k++) {
        if (v_n < row[k][0]) {
            const double share = log(v_n / row[k - 1][0]) / log(row[k][0] / row[k - 1][0]);
            return row[k - 1][1] + share * (row[k][1] - row[k - 1][1]);
        }
    }
    return row[n - 1][1];
}

double qn_coated_friction(double bare, double powder, double bare_share)
{
    return bare * bare_share + powder * (1.0 - bare_share);
}

double qn_restitution(const struct qn_pair_class *c, double v_n, double rstar, double mstar)
{
    double bare = c->restitution;
    if (c->closure == QN_CLOSURE_TABLE) {
        bare = qn_restitution_table(c->n_table, c->table, v_n);
    } else if (c->closure == QN_CLOSURE_THORNTON) {
        const double v_y = qn_yield_speed(c->yield_pressure, rstar, c->e_star_true, mstar);
        bare = c->yield_pressure > 0.0 ? qn_thornton(v_n, v_y) : 1.0;
    }
    const double powder = fmin(bare, c->powder_restitution);
    const double e = bare * c->bare_share + powder * (1.0 - c->bare_share);
    return fmin(fmax(e, 0.05), 1.0);
}
