/// @file
/// Chebyshev series of a pulse's rise.
#include "exposure/pulse_curve.h"

#include <math.h>

#include "base/constants.h"
#include "base/error.h"

enum { N = QN_CURVE_NODES };

/// Series of the rise over s in [a, b], t = begin + s^2.
static void fit(const struct qn_pulse *p, double begin, double a, double b, double *series)
{
    for (int j = 0; j < N; j++) {
        series[j] = 0.0;
    }
    for (int k = 0; k < N; k++) {
        const double x = cos(QN_PI * (k + 0.5) / N), s = 0.5 * (a + b) + 0.5 * (b - a) * x;
        double rise, before = 1.0, now = x;
        qn_pulse_rise(p, begin + s * s, &rise, NULL);
        rise *= 2.0 / N;
        series[0] += 0.5 * rise;
        for (int j = 1; j < N; j++) {
            const double next = 2.0 * x * now - before;
            series[j] += now * rise;
            before = now;
            now = next;
        }
    }
}

static double piece_begin(const struct qn_pulse_curve *c, int piece)
{
    return c->sigma * (ldexp(1.0, piece) - 1.0);
}

static double piece_end(const struct qn_pulse_curve *c, const struct qn_pulse_stretch *x, int piece)
{
    return piece + 1 < x->pieces ? piece_begin(c, piece + 1) : x->end;
}

static void cut(struct qn_pulse_curve *c, const struct qn_pulse *p, double begin, double length,
                struct qn_pulse_stretch *x)
{
    x->end = sqrt(fmax(length, 0.0));
    x->pieces = 0;
    while (piece_begin(c, x->pieces) < x->end) {
        x->pieces++;
        QN_ASSERT(x->pieces <= QN_CURVE_PIECES);
    }
    for (int i = 0; i < x->pieces; i++) {
        fit(p, begin, piece_begin(c, i), piece_end(c, x, i), x->series[i]);
    }
}

void qn_pulse_curve_init(struct qn_pulse_curve *c, const struct qn_pulse *p)
{
    QN_ASSERT(p->kind != QN_PULSE_NONE && p->t_c > 0.0 && p->cool > 0.0);
    c->grain.kind = QN_PULSE_NONE;
    if (p->kind == QN_PULSE_GRAIN) {
        c->grain = *p;
        c->stretch[0].end = sqrt(fmin(p->t_c, p->t_cut));
        c->stretch[1].end = sqrt(fmax(p->t_cut - p->t_c, 0.0));
        return;
    }
    c->sigma = fmin(0.5 * sqrt(p->t_c), sqrt(p->cool) / 12.0);
    cut(c, p, 0.0, fmin(p->t_c, p->t_cut), &c->stretch[0]);
    cut(c, p, p->t_c, p->t_cut - p->t_c, &c->stretch[1]);
}

/// Clenshaw's sum of a series and of its derivative.
static double sum(const double *series, double x, double *slope)
{
    double b1 = 0.0, b2 = 0.0, d1 = 0.0, d2 = 0.0;
    for (int j = N - 1; j > 0; j--) {
        const double d = 2.0 * b1 + 2.0 * x * d1 - d2, b = series[j] + 2.0 * x * b1 - b2;
        d2 = d1, d1 = d;
        b2 = b1, b1 = b;
    }
    *slope = b1 + x * d1 - d2;
    return series[0] + x * b1 - b2;
}

static double of_grain(const struct qn_pulse *p, int cooling, double s, double *slope)
{
    double rise, rate;
    qn_pulse_rise(p, (cooling ? p->t_c : 0.0) + s * s, &rise, slope ? &rate : NULL);
    if (slope) {
        *slope = 2.0 * s * rate;
    }
    return rise;
}

double qn_pulse_curve_at(const struct qn_pulse_curve *c, int cooling, double s, double *slope)
{
    if (c->grain.kind == QN_PULSE_GRAIN) {
        return of_grain(&c->grain, cooling, s, slope);
    }
    const struct qn_pulse_stretch *x = &c->stretch[cooling];
    const int here = ilogb(1.0 + s / c->sigma);
    const int piece = here < x->pieces ? here : x->pieces - 1;
    const double a = piece_begin(c, piece), b = piece_end(c, x, piece);
    double by_x;
    const double rise = sum(x->series[piece], (2.0 * s - a - b) / (b - a), &by_x);
    if (slope) {
        *slope = by_x * 2.0 / (b - a);
    }
    return rise;
}
