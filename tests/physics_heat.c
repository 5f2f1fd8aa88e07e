// Exchange of heat and wear: closed forms against conduction solved in steps and printed numbers.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>

#include "base/constants.h"
#include "model/heat.h"
#include "model/wear.h"

enum { CELLS = 1200 };

/// Three layers of thickness d0, h, d2 with conductivity k and capacity c (per volume): the left
/// half begins 1 K warmer. Explicit conduction, cells of width dx, no flow at the ends.
struct slab {
    double T[CELLS], k[CELLS], c[CELLS], dx;
    int n;
};

/// Heat that has crossed the middle by time t, per area [J/m2].
static double crossed(struct slab *s, double t)
{
    double stiffest = 0.0, flow[CELLS + 1], sum = 0.0;
    for (int i = 0; i < s->n; i++) {
        stiffest = fmax(stiffest, s->k[i] / (s->c[i] * s->dx * s->dx));
    }
    const int steps = (int)ceil(t * stiffest / 0.4);
    const double dt = t / steps;
    for (int q = 0; q < steps; q++) {
        flow[0] = flow[s->n] = 0.0;
        for (int i = 1; i < s->n; i++) {
            const double between = 2.0 * s->k[i - 1] * s->k[i] / (s->k[i - 1] + s->k[i]);
            flow[i] = between * (s->T[i - 1] - s->T[i]) / s->dx;
        }
        sum += flow[s->n / 2] * dt;
        for (int i = 0; i < s->n; i++) {
            s->T[i] += dt / (s->c[i] * s->dx) * (flow[i] - flow[i + 1]);
        }
    }
    return sum;
}

// steel against zirconia for a contact of 25 us: cells of 1 um, 600 um a side, 40 lengths of it
Test(heat, two_bodies_touch)
{
    static struct slab s = {.dx = 0.5e-6, .n = 400};
    const double k[2] = {35.0, 2.5}, c[2] = {7810.0 * 475.0, 6050.0 * 455.0};
    for (int i = 0; i < s.n; i++) {
        const int side = i >= s.n / 2;
        s.T[i] = side ? 0.0 : 1.0, s.k[i] = k[side], s.c[i] = c[side];
    }
    const double b[2] = {sqrt(k[0] * c[0]), sqrt(k[1] * c[1])};
    const double found = crossed(&s, 25e-6);
    // steps of half a micrometre against a depth of 9 um
    cr_expect(lt(dbl, fabs(qn_heat_touch(b[0], b[1], 25e-6) / found - 1.0), 0.005), "%g", found);
}

/// A layer of powder between two steel bodies over a range of Fourier numbers.
static double through(double h, double t, int cells)
{
    static struct slab s;
    const double k_l = 0.2, c_l = 5680.0 * 0.5 * 455.0, k = 15.5, c = 7930.0 * 500.0;
    const double reach = fmax(4.0 * sqrt(k / c * t), h);
    s.dx = h / cells;
    s.n = 2 * ((int)ceil(reach / s.dx) + cells / 2);
    cr_assert(s.n <= CELLS);
    for (int i = 0; i < s.n; i++) {
        const int in = i >= s.n / 2 - cells / 2 && i < s.n / 2 + cells / 2;
        s.T[i] = i < s.n / 2 ? 1.0 : 0.0, s.k[i] = in ? k_l : k, s.c[i] = in ? c_l : c;
    }
    return crossed(&s, t) / qn_heat_layer(k_l, c_l, h, t);
}

Test(heat, through_a_layer)
{
    // Fourier numbers 0.01 to 1. The form takes bodies for ideal; bodies of 15 times the
    // effusivity of the layer hold back 1/(1 + ...) of it at long times
    const double h = 30e-6, tau = h * h * 5680.0 * 0.5 * 455.0 / 0.2;
    const double fo[4] = {0.01, 0.05, 0.2, 1.0};
    for (int q = 0; q < 4; q++) {
        const double ratio = through(h, fo[q] * tau, q < 2 ? 60 : 20);
        cr_expect(lt(dbl, fabs(ratio - 1.0), q < 2 ? 0.01 : 0.12), "Fo %g: %g", fo[q], ratio);
        cr_expect(le(dbl, ratio, 1.01));
    }
    // the same number from images and from modes
    const double low = qn_heat_layer(0.2, 1e6, h, 0.0799999 * h * h * 1e6 / 0.2);
    const double high = qn_heat_layer(0.2, 1e6, h, 0.0800001 * h * h * 1e6 / 0.2);
    cr_expect(lt(dbl, fabs(high / low - 1.0), 3e-6));
}

// int_0^1 sqrt(T(x)) dx by Simpson, u = 1 - s^2 and x = 1 - w^2 take the ends' roots away
static double touched(double upto)
{
    const int n = 200;
    double sum = 0.0;
    for (int i = 0; i <= n; i++) {
        const double s = upto * i / n;
        const double f = s > 0.0 ? 2.0 * s / sqrt(1.0 - pow(1.0 - s * s, 2.5)) : 2.0 / sqrt(2.5);
        sum += f * (i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0);
    }
    return sum * upto / (3.0 * n);
}

Test(heat, a_hertz_impact_has_the_printed_0_87)
{
    const int n = 200;
    const double all = touched(1.0);
    double sum = 0.0;
    for (int i = 0; i <= n; i++) {
        const double w = (double)i / n;
        sum += 2.0 * w * sqrt(touched(w) / all) * (i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0);
    }
    const double mean = sum / (3.0 * n);
    cr_expect(lt(dbl, fabs(2.0 * all - 2.9432), 1e-4)); // Hertz: t_c = 2.9432 depth/v
    cr_expect(lt(dbl, fabs(mean - QN_HEAT_HERTZ), 1e-5));
    cr_expect(lt(dbl, fabs(2.0 / sqrt(QN_PI) * QN_HEAT_HERTZ - 0.87), 0.005)); // Sun & Chen 1988
}

Test(heat, steady_spots_miss_what_an_impact_exchanges)
{
    // 10 mm balls at 3 m/s, a 250 um, 25 us: transient over steady 11 (100Cr6), 19 (304),
    // 39 (zirconia), printed for Fourier numbers of two digits
    const double k[3] = {35.0, 15.5, 2.5};
    const double c[3] = {7810.0 * 475.0, 7930.0 * 500.0, 6050.0 * 455.0};
    const double a[3] = {248e-6, 253e-6, 236e-6}, t[3] = {24.1e-6, 25.1e-6, 21.9e-6};
    const double printed[3] = {11.0, 19.0, 39.0};
    for (int m = 0; m < 3; m++) {
        const double b = sqrt(k[m] * c[m]);
        const double impact = QN_HEAT_HERTZ * QN_PI * a[m] * a[m] * qn_heat_touch(b, b, t[m]);
        const double steady = qn_heat_spot(k[m], k[m], a[m]) * t[m];
        cr_expect(lt(dbl, fabs(impact / steady / printed[m] - 1.0), 0.1), "%g", impact / steady);
    }
}

Test(heat, a_lasting_spot_begins_transient_and_ends_steady)
{
    const double k = 15.5, c = 7930.0 * 500.0, b = sqrt(k * c), kappa = k / c, a = 1e-4;
    const double unit = a * a / (4.0 * kappa); // tau 1
    // mean flow over the steady one from the integral of Shoup and Szabo's f(tau)
    const double tau[4] = {0.01, 1.0, 10.0, 1000.0};
    for (int q = 0; q < 4; q++) {
        double sum = 0.0;
        const int n = 2000;
        for (int i = 0; i < n; i++) { // r = sqrt(tau), midpoints
            const double r = sqrt(tau[q]) * (i + 0.5) / n;
            const double f = 0.7854 + 0.8862 / r + 0.2146 * exp(-0.7823 / r);
            sum += 2.0 * r * f * sqrt(tau[q]) / n;
        }
        const double t = tau[q] * unit;
        const double flow = qn_heat_lasting(b, b, kappa, a, t);
        cr_expect(lt(dbl, fabs(flow / (qn_heat_spot(k, k, a) * unit * sum) - 1.0), 0.02));
    }
    cr_expect(lt(dbl, fabs(qn_heat_spot(k, k, a) / (2.0 * k * a) - 1.0), 1e-14));
    cr_expect(eq(dbl, qn_heat_lasting(b, b, kappa, a, 0.0), 0.0));
}

Test(heat, gas_around_a_ball)
{
    // a resting sphere: Nu 2, h = 2 k/d; Ranz and Marshall at Re 100, Pr 0.7
    const double d = 0.01, k = 0.026, area = QN_PI * d * d;
    cr_expect(
        lt(dbl, fabs(qn_heat_sphere_gas(d, k, 0.0, 0.7) / (area * 2.0 * k / d) - 1.0), 1e-14));
    const double nu = qn_heat_sphere_gas(d, k, 100.0, 0.7) / (area * k / d);
    cr_expect(lt(dbl, fabs(nu - 7.327), 1e-3));
    cr_expect(lt(dbl, fabs(qn_heat_series(3.0, 6.0) - 2.0), 1e-14));
    cr_expect(eq(dbl, qn_heat_series(3.0, 0.0), 0.0));
}

Test(wear, archard)
{
    // 10 W of slip, K 1e-4, mu 0.3, H 3 GPa: 1.1e-12 m3/s, 0.031 g/h of steel
    const double path = qn_archard_load_path(10.0, 0.3);
    const double volume = qn_archard_volume(1e-4, 3e9, path);
    cr_expect(lt(dbl, fabs(volume - 1.1111e-12), 1e-16));
    cr_expect(lt(dbl, fabs(volume * 7800.0 * 1e3 * 3600.0 - 0.0312), 1e-4));
    cr_expect(eq(dbl, qn_archard_load_path(1.0, 0.0), 0.0));
}
