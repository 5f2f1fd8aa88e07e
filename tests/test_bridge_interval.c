// Statistics of a window: blocks and intervals, how long the mill remembers, and fitted tails.
// Numbers of the joint study, section 3.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/rng.h"
#include "bridge/tail.h"

static const double CYCLE = 0.02; // [s]

// A window of so many cycles with so many hits in each, of an energy that is exponential times a
// scale: 1, or one that wanders with memory rho per cycle and a spread of 20 %.
static struct qn_spectrum *window(int cycles, int hits, double rho, uint64_t seed)
{
    static struct qn_spectrum s;
    const double mass = 1.0, Ea = 40e3;
    const struct qn_spectrum_window w = {.begin = 0.0,
                                         .span = cycles * CYCLE,
                                         .cycle = CYCLE,
                                         .T0 = 338.0,
                                         .n_classes = 1,
                                         .mass = &mass,
                                         .n_energies = 1,
                                         .energy = &Ea};
    double wander = 0.0;
    qn_spectrum_init(&s, &w);
    for (uint64_t c = 0; c < (uint64_t)cycles; c++) {
        const double u = qn_uniform(seed, QN_STREAM_TEST, c, 0, 0);
        const double v = qn_uniform(seed, QN_STREAM_TEST, c, 0, 1);
        const double normal = sqrt(-2.0 * log(u)) * cos(6.283185307179586 * v);
        wander = rho * wander + sqrt(1.0 - rho * rho) * normal;
        const double scale = rho > 0.0 ? fmax(1.0 + 0.2 * wander, 0.1) : 1.0;
        for (uint64_t k = 0; k < (uint64_t)hits; k++) {
            const double E = scale * qn_exponential(seed, QN_STREAM_TEST, c, k + 1, 2);
            const struct qn_exposure x = {.pulse = {.kind = QN_PULSE_GRAIN,
                                                    .dT = 50.0 * pow(E, 0.6),
                                                    .t_c = 30e-6,
                                                    .cool = 1e-3,
                                                    .kept = 1.0,
                                                    .t_cut = 5e-3},
                                          .time = (double)c * CYCLE + 0.5 * CYCLE,
                                          .mass = 1e-6,
                                          .energy = E};
            qn_spectrum_add(&s, 0, &x);
        }
    }
    return &s;
}

Test(bridge_interval, a_short_window_has_none_and_says_how_long_one_would)
{
    char text[QN_INTERVAL_TEXT];
    const struct qn_interval i = qn_spectrum_interval(window(100, 20, 0.0, 1), 0, 0);
    cr_expect(i.n_eff > 100.0 && isnan(i.low) && isnan(i.high) && i.blocks == 0);
    cr_expect(i.lack == QN_INTERVAL_SHORT);
    cr_expect(fabs(i.needed - 8 * 25 * CYCLE) < 1e-9, "needed %g", i.needed);
    cr_expect(strstr(qn_interval_words(&i, text), "shorter than 8 blocks") != NULL, "%s", text);
    cr_expect(strstr(text, "about 4 s") != NULL, "%s", text);
}

Test(bridge_interval, few_hits_have_none_and_say_how_long_a_window_would)
{
    char text[QN_INTERVAL_TEXT];
    const struct qn_interval i = qn_spectrum_interval(window(100, 1, 0.0, 1), 0, 0);
    cr_expect(i.n_eff < 100.0 && isnan(i.low) && i.lack == QN_INTERVAL_FEW_HITS);
    cr_expect(fabs(i.needed - fmax(2.0 * 100.0 / i.n_eff, 4.0)) < 1e-9, "needed %g", i.needed);
    cr_expect(strstr(qn_interval_words(&i, text), "too few hits") != NULL, "%s", text);
}

Test(bridge_interval, blocks_are_8_to_20_and_at_least_25_cycles)
{
    static const int row[4][2] = {{200, 8}, {300, 12}, {510, 20}, {1000, 20}};
    for (int k = 0; k < 4; k++) {
        const struct qn_spectrum *s = window(row[k][0], 20, 0.0, 1);
        const struct qn_interval i = qn_spectrum_interval(s, 0, 0);
        cr_expect(i.blocks == row[k][1], "%d cycles: %d blocks", row[k][0], i.blocks);
        cr_expect(i.lack == QN_INTERVAL_THERE && i.low < i.mean && i.mean < i.high);
        // pieces double when 512 are full and lose nothing
        double sum = 0.0;
        for (int p = 0; p < QN_SPECTRUM_PIECES; p++) {
            sum += s->cls[0].piece[0][p];
        }
        cr_expect(fabs(sum / s->cls[0].W[0] - 1.0) < 1e-12);
        cr_expect(s->length == (row[k][0] > 512 ? 2.0 * CYCLE : CYCLE));
    }
}

Test(bridge_interval, memory_of_the_mill_is_measured_and_makes_blocks_longer)
{
    // 0.8 a cycle: decay time 4.5 cycles (1/2 + sum 0.8^k = 4.5); 0.95: 19.5, of which 500 cycles
    // show about half, being only 25 of them
    const struct qn_interval none = qn_spectrum_interval(window(500, 200, 0.0, 3), 0, 0);
    const struct qn_interval some = qn_spectrum_interval(window(500, 200, 0.8, 3), 0, 0);
    const struct qn_interval long_one = qn_spectrum_interval(window(500, 200, 0.95, 3), 0, 0);
    cr_expect(none.correlation / CYCLE < 1.0, "none: %g cycles", none.correlation / CYCLE);
    cr_expect(some.correlation / CYCLE > 3.0 && some.correlation / CYCLE < 6.5, "0.8: %g cycles",
              some.correlation / CYCLE);
    cr_expect(long_one.correlation / CYCLE > 7.0, "0.95: %g cycles", long_one.correlation / CYCLE);
    cr_expect(none.blocks == 20, "%d", none.blocks);
    cr_expect(long_one.blocks < 12, "%d blocks", long_one.blocks);
    cr_expect(some.rel_error > 2.0 * none.rel_error, "%g against %g", some.rel_error,
              none.rel_error);
}

Test(bridge_interval, intervals_cover_the_truth_under_a_memory_of_0_8)
{
    // joint study: blocks of 25-50 cycles cover 0.89-0.95 of nominal 95 %; the truth is the mean of
    // many windows
    enum { REPEATS = 60 };
    double mean[REPEATS], low[REPEATS], high[REPEATS], all = 0.0;
    int covered = 0;
    for (int k = 0; k < REPEATS; k++) {
        const struct qn_interval i =
            qn_spectrum_interval(window(400, 10, 0.8, 100 + (uint64_t)k), 0, 0);
        cr_assert(i.lack == QN_INTERVAL_THERE);
        mean[k] = i.mean, low[k] = i.low, high[k] = i.high;
        all += mean[k] / REPEATS;
    }
    for (int k = 0; k < REPEATS; k++) {
        covered += low[k] <= all && all <= high[k];
    }
    // 0.92 expected of 60: at least 0.92 - 3 sqrt(0.92 0.08/60) = 0.81
    cr_expect(covered >= 49, "%d of %d", covered, REPEATS);
    cr_expect(covered < REPEATS, "intervals without end cover all");
}

// the study's weight of a hit of energy x: x^0.4 t_eff (k/k0 - 1), rise dT1 x^0.6, T0 338 K,
// t_eff = min(1, 2 R T^2/(Ea dT)), T at most 2500 K
struct law {
    double dT1, Ea;
};

static double study_weight(const void *context, double x)
{
    const struct law *l = context;
    const double R = 8.31446261815324, T0 = 338.0;
    const double T = fmin(T0 + l->dT1 * pow(x, 0.6), 2500.0), dT = T - T0;
    const double t_eff = fmin(1.0, 2.0 * R * T * T / (l->Ea * dT));
    return pow(x, 0.4) * t_eff * expm1(l->Ea / R * (1.0 / T0 - 1.0 / T));
}

// bias and scatter, relative, of raw and fitted means over repeats of 1e4 hits of Weibull shape k
struct scatter {
    double bias[2], rmse[2];
    double cv2; // of the weight, by quadrature
};

static struct scatter scatter_of(double k, const struct law *l)
{
    enum { REPEATS = 150, N = 10000 };
    static double x[N], w[N];
    const double mean = tgamma(1.0 + 1.0 / k); // of x, which the study measures by its mean
    double truth = 0.0, square = 0.0;
    for (int i = 0; i < 400000; i++) { // -ln S from 0 to 40, midpoints
        const double t = 40.0 * (i + 0.5) / 400000;
        const double W = study_weight(l, pow(t, 1.0 / k) / mean);
        truth += 40.0 / 400000 * exp(-t) * W;
        square += 40.0 / 400000 * exp(-t) * W * W;
    }
    struct scatter out = {{0.0}, {0.0}, square / (truth * truth) - 1.0};
    for (uint64_t r = 0; r < REPEATS; r++) {
        double raw = 0.0, body = 0.0;
        struct qn_tail tail;
        for (uint64_t i = 0; i < N; i++) {
            x[i] = pow(qn_exponential(7, QN_STREAM_TEST, r, i, 5), 1.0 / k) / mean;
            w[i] = 1.0;
            raw += study_weight(l, x[i]) / N;
        }
        cr_assert(qn_tail_fit(x, w, N, &tail));
        for (size_t i = 0; i < N - tail.n; i++) {
            body += study_weight(l, x[i]) / N;
        }
        const double fitted = body + tail.share * qn_tail_mean(&tail, study_weight, l);
        const double off[2] = {raw / truth - 1.0, fitted / truth - 1.0};
        for (int q = 0; q < 2; q++) {
            out.bias[q] += off[q] / REPEATS;
            out.rmse[q] += off[q] * off[q] / REPEATS;
        }
    }
    out.rmse[0] = sqrt(out.rmse[0]);
    out.rmse[1] = sqrt(out.rmse[1]);
    return out;
}

Test(bridge_interval, a_weibull_tail_has_no_bias_and_less_scatter_than_raw_sums)
{
    // printed: exponential, 100 K, 100 kJ/mol: CV^2 595, 0.243 -> 0.159; Weibull 0.7, 400 K: CV^2
    // 155, 0.125 -> 0.087; a scatter of 150 repeats that few hits rule is good to some tenths
    static const double shape[2] = {1.0, 0.7}, cv2[2] = {595.0, 155.0}, fitted[2] = {0.159, 0.087};
    static const struct law law[2] = {{100.0, 100e3}, {400.0, 100e3}};
    for (int k = 0; k < 2; k++) {
        const struct scatter s = scatter_of(shape[k], &law[k]);
        cr_expect(fabs(s.cv2 / cv2[k] - 1.0) < 0.02, "CV^2 %.4g, printed %g", s.cv2, cv2[k]);
        cr_expect(fabs(s.bias[1]) < 0.02 + 2.0 * s.rmse[1] / sqrt(150.0), "shape %g: bias %+.3f",
                  shape[k], s.bias[1]);
        cr_expect(s.rmse[1] < s.rmse[0], "shape %g: %.3f, raw %.3f", shape[k], s.rmse[1],
                  s.rmse[0]);
        cr_expect(fabs(s.rmse[1] / fitted[k] - 1.0) < 0.4, "fitted %.3f", s.rmse[1]);
    }
}
