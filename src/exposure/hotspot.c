/// @file
/// Closed forms of contact heating.
///
/// Layer: heat Q per volume in |x| < L = h/2 between half-spaces of effusivity b. In the Laplace
/// domain the rise is Q/(rho c s^2) [1 - b cosh(mx)/(b_l sinh mL + b cosh mL)], m^2 = s/kappa.
/// Expanding in exp(-2mL) with r = (b - b_l)/(b + b_l) gives the images, each a repeated integral
/// of the error function: with u = sqrt(kappa t)/L and d = x/L, at a depth
///     M(t)  = t [1 - 2 (1 + r) sum_n (-r)^n {i2erfc((2n+1-d)/2u) + i2erfc((2n+1+d)/2u)}]
///     M'(t) = 1 - (1 + r)/2 sum_n (-r)^n {erfc((2n+1-d)/2u) + erfc((2n+1+d)/2u)}
/// in the mean
///     M(t)  = t [1 - 4 (1 + r) u {1/(6 sqrt pi) - (1 + r) sum_n (-r)^(n-1) i3erfc(n/u)}]
/// and a heating of length t_c is M(t) - M(t - t_c).
#include "exposure/hotspot.h"

#include <math.h>
#include <string.h>
#include <stddef.h>

#include "base/constants.h"

double qn_hot_shape(double tau)
{
    if (tau <= 0.0) {
        return 0.0;
    }
    // the second form has no cancellation in the tail
    return tau <= 1.0 ? sqrt(tau) : 1.0 / (sqrt(tau) + sqrt(tau - 1.0));
}

static double disc(double s, double A)
{
    if (s <= 0.0) {
        return 0.0;
    }
    const double g = A / s;
    return -sqrt(s) * expm1(-g) + sqrt(QN_PI * A) * erfc(sqrt(g));
}

double qn_hot_disc_shape(double tau, double A)
{
    return disc(tau, A) - disc(tau - 1.0, A);
}

double qn_hot_residence(double x)
{
    return 0.25 / (x * x) + 0.5 - 0.75 * x * x;
}

double qn_hot_interface(double flux, double t_c, double B)
{
    return 2.0 / sqrt(QN_PI) * flux * sqrt(t_c) / B;
}

// exp(z^2) erfc(z), by its asymptotic series where exp overflows
static double erfcx_of(double z)
{
    if (z < 25.0) {
        return exp(z * z) * erfc(z);
    }
    const double w = 1.0 / (2.0 * z * z);
    return (1.0 - w + 3.0 * w * w) / (z * sqrt(QN_PI));
}

double qn_hot_lump(double z)
{
    if (z < 1e-3) {
        return 1.0 - 4.0 / (3.0 * sqrt(QN_PI)) * z + 0.5 * z * z;
    }
    return (erfcx_of(z) - 1.0 + 2.0 * z / sqrt(QN_PI)) / (z * z);
}

struct layer {
    double rise; ///< M(t)/t [-]
    double rate; ///< M'(t) [-]
};

struct image {
    double e0, e2; ///< erfc and its second integral
};

static struct image image_at(double x)
{
    const double e0 = erfc(x);
    const double e1 = exp(-x * x) / sqrt(QN_PI) - x * e0;
    return (struct image){e0, 0.25 * (e0 - 2.0 * x * e1)};
}

// images beyond 5.5 diffusion lengths add less than 1e-14
static int images(double u)
{
    return (int)fmin(5.5 * u + 1.0, 100000.0);
}

// Heat of unit adiabatic rate flows since t, u = sqrt(kappa t)/L, at depth d.
static struct layer layer_heating(double u, double r, double d)
{
    double sum2 = 0.0;
    double sum0 = 0.0;
    double sign = 1.0;
    const int last = images(u);
    for (int n = 0; n < last; n++) {
        const struct image near = image_at((2.0 * n + 1.0 - d) / (2.0 * u));
        const struct image far = image_at((2.0 * n + 1.0 + d) / (2.0 * u));
        sum2 += sign * (near.e2 + far.e2);
        sum0 += sign * (near.e0 + far.e0);
        sign *= -r;
    }
    return (struct layer){1.0 - 2.0 * (1.0 + r) * sum2, 1.0 - 0.5 * (1.0 + r) * sum0};
}

double qn_hot_layer_kept(double fo, double sink, double depth)
{
    return layer_heating(2.0 * sqrt(fo), sink, depth).rise;
}

double qn_hot_layer_mean(double fo, double sink)
{
    const double u = 2.0 * sqrt(fo);
    double sum = 0.0;
    double sign = 1.0;
    const int last = images(u);
    for (int n = 1; n <= last; n++) {
        const double x = n / u;
        const double e0 = erfc(x);
        const double e1 = exp(-x * x) / sqrt(QN_PI) - x * e0;
        const double e2 = 0.25 * (e0 - 2.0 * x * e1);
        sum += sign * (e1 - 2.0 * x * e2) / 6.0;
        sign *= -sink;
    }
    return 1.0 - 4.0 * (1.0 + sink) * u * (1.0 / (6.0 * sqrt(QN_PI)) - (1.0 + sink) * sum);
}

double qn_hot_interface_limit(double conductivity, double t_c, double B)
{
    return 1.35 * conductivity * sqrt(t_c) / B;
}

double qn_hot_melt(double rise, double melt, double latent)
{
    if (rise <= melt) {
        return rise;
    }
    return fmax(melt, rise - latent);
}

double qn_hot_grain_time(double rho_c, double diameter, double k_gas)
{
    return rho_c * diameter * diameter / (12.0 * k_gas);
}

double qn_hot_level(double T0, double Ea, double log_ratio)
{
    const double inverse = 1.0 / T0 - QN_GAS_CONSTANT / Ea * log_ratio;
    return inverse > 0.0 ? 1.0 / inverse : (double)INFINITY;
}

// rise of a steady heating and its slope in tau = t/t_c; 0 before it begins
struct shape {
    double y, slope;
};

static struct shape layer_response(const struct qn_pulse *p, double tau)
{
    if (tau <= 0.0) {
        return (struct shape){0.0, 0.0};
    }
    const int edge = p->kind == QN_PULSE_LAYER_EDGE || p->kind == QN_PULSE_LAYER_EDGE_PIECE;
    const double per_u = 2.0 / QN_PI * sqrt(p->t_c / p->cool);
    const struct layer at = layer_heating(per_u * sqrt(tau), p->sink, QN_LAYER_DEPTH[edge]);
    return (struct shape){tau * at.rise, at.rate};
}

static struct shape disc_response(const struct qn_pulse *p, double tau)
{
    if (tau < 0.0) {
        return (struct shape){0.0, 0.0};
    }
    const double A = p->cool / p->t_c, near = fmax(tau, 1e-12); // its slope is infinite at 0
    return (struct shape){disc(tau, A), -0.5 / sqrt(near) * expm1(-A / near)};
}

// what there is of a pulse of steady heatings: own from 0 to 1, the past from -lead to 0
static struct shape heated(const struct qn_pulse *p, double tau,
                           struct shape (*response)(const struct qn_pulse *, double))
{
    const struct shape now = response(p, tau);
    const struct shape then =
        tau > 1.0 ? response(p, tau - 1.0) : (struct shape){.y = 0.0, .slope = 0.0};
    struct shape s = {now.y - then.y, now.slope - then.slope};
    if (p->lead > 0.0) {
        const struct shape early = response(p, tau + p->lead / p->t_c);
        const double w = p->lead_share;
        s.y = (1.0 - w) * s.y + w * (early.y - now.y);
        s.slope = (1.0 - w) * s.slope + w * (early.slope - now.slope);
    }
    return s;
}

// the larger of the rises at 0 and 1, in the units of heated()
static double warm_peak(const struct qn_pulse *p,
                        struct shape (*response)(const struct qn_pulse *, double))
{
    return fmax(heated(p, 0.0, response).y, heated(p, 1.0, response).y);
}

// shapes: rise in units of dT and slope in units of dT/t_c, tau > 0
static struct shape layer_shape(const struct qn_pulse *p, double tau)
{
    const struct shape s = heated(p, tau, layer_response);
    const double peak = p->lead > 0.0 ? warm_peak(p, layer_response) : p->kept;
    return (struct shape){s.y / peak, s.slope / peak};
}

static struct shape ring_shape(const struct qn_pulse *p, double tau)
{
    const struct shape s = heated(p, tau, disc_response);
    const double peak = p->lead > 0.0 ? warm_peak(p, disc_response) : disc(1.0, p->cool / p->t_c);
    return (struct shape){s.y / peak, s.slope / peak};
}

static struct shape grain_shape(const struct qn_pulse *p, double tau)
{
    if (tau <= 1.0) {
        return (struct shape){tau, 1.0};
    }
    const double left = exp(-(tau - 1.0) * p->t_c / p->cool);
    return (struct shape){left, -left * p->t_c / p->cool};
}

void qn_pulse_rise(const struct qn_pulse *p, double t, double *rise, double *rate)
{
    static struct shape (*const shapes[QN_PULSE_KINDS])(const struct qn_pulse *, double) = {
        [QN_PULSE_LAYER_CORE] = layer_shape,
        [QN_PULSE_LAYER_EDGE] = layer_shape,
        [QN_PULSE_RING_HOT] = ring_shape,
        [QN_PULSE_RING_WARM] = ring_shape,
        [QN_PULSE_GRAIN] = grain_shape,
        [QN_PULSE_LAYER_CORE_PIECE] = layer_shape,
        [QN_PULSE_LAYER_EDGE_PIECE] = layer_shape,
        [QN_PULSE_RING_HOT_PIECE] = ring_shape,
        [QN_PULSE_RING_WARM_PIECE] = ring_shape,
    };
    struct shape s = {0.0, 0.0};
    const int warm = p->lead > 0.0 && t >= 0.0;
    if (shapes[p->kind] && (t > 0.0 || rate || warm)) {
        s = shapes[p->kind](p, fmax(t / p->t_c, 1e-300));
    }
    *rise = t > 0.0 || warm ? p->dT * s.y : 0.0;
    if (rate) {
        *rate = p->t_c > 0.0 ? p->dT * s.slope / p->t_c : 0.0;
    }
}

double qn_pulse_response(const struct qn_pulse *p, double t)
{
    switch (p->kind) {
    case QN_PULSE_LAYER_CORE:
    case QN_PULSE_LAYER_EDGE:
    case QN_PULSE_LAYER_CORE_PIECE:
    case QN_PULSE_LAYER_EDGE_PIECE:
        return layer_response(p, t / p->t_c).y;
    case QN_PULSE_RING_HOT:
    case QN_PULSE_RING_WARM:
    case QN_PULSE_RING_HOT_PIECE:
    case QN_PULSE_RING_WARM_PIECE:
        return disc_response(p, t / p->t_c).y;
    default:
        return 0.0;
    }
}

// 8-point Gauss-Legendre on (-1, 1): the positive nodes and their weights
static const double GAUSS_X[4] = {0.18343464249564980, 0.52553240991632899, 0.79666647741362674,
                                  0.96028985649753623};
static const double GAUSS_W[4] = {0.36268378337836198, 0.31370664587788729, 0.22238103445337447,
                                  0.10122853629037626};

struct dose {
    const struct qn_pulse *pulse;
    double T0, Ea;
};

// integral of (k/k0 - 1) dt over t = t0 + v^2, v from a to b
static double dose_panel(const struct dose *d, double t0, double a, double b)
{
    double sum = 0.0;
    for (int i = 0; i < 8; i++) {
        const double x = i < 4 ? GAUSS_X[i] : -GAUSS_X[i - 4];
        const double v = 0.5 * (a + b) + 0.5 * (b - a) * x;
        double rise = 0.0;
        qn_pulse_rise(d->pulse, t0 + v * v, &rise, NULL);
        const double gamma = d->Ea / QN_GAS_CONSTANT * rise / (d->T0 * (d->T0 + rise));
        sum += GAUSS_W[i % 4] * expm1(gamma) * 2.0 * v;
    }
    return 0.5 * (b - a) * sum;
}

double qn_pulse_dose(const struct qn_pulse *p, double T0, double Ea)
{
    if (p->kind == QN_PULSE_NONE || p->dT <= 0.0) {
        return 0.0;
    }
    const struct dose d = {p, T0, Ea};
    const double root = sqrt(p->t_c);
    double total = 0.0;
    for (int k = 0; k < 4; k++) {
        total += dose_panel(&d, 0.0, 0.25 * k * root, 0.25 * (k + 1) * root);
    }
    // cooling: panels that grow, from a twentieth of sqrt(t_c) to the cut
    const double end = sqrt(fmax(p->t_cut - p->t_c, 0.0));
    double from = 0.0;
    double to = 0.05 * root;
    while (from < end) {
        total += dose_panel(&d, p->t_c, from, fmin(to, end));
        from = to;
        to = 1.5 * to + 0.05 * root;
    }
    return total;
}

void qn_pulse_weights(const struct qn_pulse *p, double T0, int n, const double *Ea, double *out)
{
    memset(out, 0, (size_t)n * sizeof *out);
    if (p->kind == QN_PULSE_NONE || p->dT <= 0.0) {
        return;
    }
    const double root = sqrt(p->t_c), end = sqrt(fmax(p->t_cut - p->t_c, 0.0));
    double begin = 0.0, from = 0.0,
           to = root; // one panel of heating, then cooling ones that triple
    for (int panel = 0; panel == 0 || from < end; panel++) {
        const double last = panel == 0 ? root : fmin(to, end);
        for (int i = 0; i < 8; i++) {
            const double x = i < 4 ? GAUSS_X[i] : -GAUSS_X[i - 4];
            const double v = 0.5 * (from + last) + 0.5 * (last - from) * x;
            const double weight = 0.5 * (last - from) * GAUSS_W[i % 4] * 2.0 * v;
            double rise = 0.0;
            qn_pulse_rise(p, begin + v * v, &rise, NULL);
            for (int e = 0; e < n; e++) {
                out[e] += weight * expm1(Ea[e] / QN_GAS_CONSTANT * rise / (T0 * (T0 + rise)));
            }
        }
        begin = p->t_c;
        from = panel == 0 ? 0.0 : to;
        to = panel == 0 ? 0.2 * root : 3.0 * to;
    }
}
