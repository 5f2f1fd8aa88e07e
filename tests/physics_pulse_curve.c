// The curve of a pulse against its closed form, over all kinds and a wide range of shapes.
#include <criterion/criterion.h>

#include <math.h>

#include "base/rng.h"
#include "exposure/pulse_curve.h"

static double draw(int k, uint32_t what)
{
    return qn_uniform(1, QN_STREAM_TEST, (uint64_t)k, 0, what);
}

static double between(double low, double high, double u)
{
    return low * pow(high / low, u);
}

// heating times of 10 us to 1 ms, layers that cool in 0.03 to 1000 heating times, cuts from within
// the heating to 1000 heating times, half of them with a past
static struct qn_pulse any(int k)
{
    static const enum qn_pulse_kind kind[] = {
        QN_PULSE_LAYER_CORE,       QN_PULSE_LAYER_EDGE,     QN_PULSE_RING_HOT,
        QN_PULSE_RING_WARM,        QN_PULSE_GRAIN,          QN_PULSE_LAYER_CORE_PIECE,
        QN_PULSE_LAYER_EDGE_PIECE, QN_PULSE_RING_HOT_PIECE, QN_PULSE_RING_WARM_PIECE};
    struct qn_pulse p = {.kind = kind[k % 9], .dT = 1.0, .t_c = between(1e-5, 1e-3, draw(k, 0))};
    const int layer = p.kind == QN_PULSE_LAYER_CORE || p.kind == QN_PULSE_LAYER_EDGE ||
                      p.kind == QN_PULSE_LAYER_CORE_PIECE || p.kind == QN_PULSE_LAYER_EDGE_PIECE;
    const int edge = p.kind == QN_PULSE_LAYER_EDGE || p.kind == QN_PULSE_LAYER_EDGE_PIECE;
    p.cool = p.t_c * between(layer ? 0.03 : 0.3, 1000.0, draw(k, 1));
    p.sink = layer ? 0.3 + 0.7 * draw(k, 2) : 0.0;
    p.t_cut = p.t_c * between(0.5, 1000.0, draw(k, 3));
    if (k % 18 >= 9) {
        p.lead = p.t_c * between(0.1, 20.0, draw(k, 4));
        p.lead_share = draw(k, 5);
    }
    const double fo = p.t_c / (9.869604401089358 * p.cool); // cool = h^2/(pi^2 kappa)
    p.kept = layer ? qn_hot_layer_kept(fo, p.sink, QN_LAYER_DEPTH[edge]) : 1.0;
    return p;
}

Test(pulse_curve, is_the_closed_form_to_1e_9_of_the_peak)
{
    double worst = 0.0;
    for (int k = 0; k < 1800; k++) {
        const struct qn_pulse p = any(k);
        struct qn_pulse_curve c;
        qn_pulse_curve_init(&c, &p);
        for (int i = 0; i < 40; i++) {
            const int cooling = i % 2 && c.stretch[1].end > 0.0;
            // dense where a stretch begins; nearer to it the closed form itself, asked at t, rounds
            const double u = draw(k, (uint32_t)(10 + i));
            const double share = i < 2 ? 1.0 : i % 4 < 2 ? u : fmax(u * u * u, 1e-6);
            const double s = c.stretch[cooling].end * share;
            double want;
            qn_pulse_rise(&p, (cooling ? p.t_c : 0.0) + s * s, &want, NULL);
            // at the end s^2 may round beyond t_c, where a ring falls as a root
            const double allowed = i < 2 ? 1e-7 : 1e-9;
            const double off = fabs(qn_pulse_curve_at(&c, cooling, s, NULL) - want);
            worst = i < 2 ? worst : fmax(worst, off);
            cr_assert(off < allowed, "pulse %d of kind %d at s %g: %g, not %g (t_c %g, cool %g)", k,
                      p.kind, s / sqrt(p.t_c), want + off, want, p.t_c, p.cool / p.t_c);
        }
    }
    cr_log_info("worst %.2g", worst);
}

Test(pulse_curve, its_slope_is_that_of_the_closed_form)
{
    // d(rise)/ds = 2 s d(rise)/dt; the derivative of an error of 1e-9 over a piece of 18 nodes
    for (int k = 0; k < 900; k++) {
        const struct qn_pulse p = any(k);
        struct qn_pulse_curve c;
        qn_pulse_curve_init(&c, &p);
        for (int i = 0; i < 20; i++) {
            const int cooling = i % 2 && c.stretch[1].end > 0.0;
            const double s = c.stretch[cooling].end * (0.001 + 0.999 * draw(k, (uint32_t)(10 + i)));
            double rise, rate, slope;
            qn_pulse_rise(&p, (cooling ? p.t_c : 0.0) + s * s, &rise, &rate);
            (void)qn_pulse_curve_at(&c, cooling, s, &slope);
            cr_assert(fabs(slope - 2.0 * s * rate) * sqrt(p.t_c) < 3e-7,
                      "pulse %d of kind %d at s %g: %g, not %g", k, p.kind, s / sqrt(p.t_c),
                      slope * sqrt(p.t_c), 2.0 * s * rate * sqrt(p.t_c));
        }
    }
}
