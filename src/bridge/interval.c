/// @file
/// Intervals of a spectrum's rates, by blocks of time.
#include <math.h>
#include <stdio.h>

#include "bridge/spectrum.h"

static const double CYCLES = 25.0;  // of the mill, at least, in a block
static const double MEMORIES = 5.0; // correlation times, at least, in a block
static const double HITS = 100.0;   // N_eff below which an interval would mislead
enum {
    FEWEST = 8, // blocks
    MOST = 20,  // few long blocks beat many short ones
    PIECES_FOR_MEMORY = 16
};

// two-sided 97.5 % quantile of Student's t, n degrees of freedom (Hill 1970, CACM 13, 617)
static double student(double n)
{
    const double z = 1.959963985;
    const double z3 = z * z * z;
    const double z5 = z3 * z * z;
    return z + (z3 + z) / (4.0 * n) + (5.0 * z5 + 16.0 * z3 + 3.0 * z) / (96.0 * n * n) +
           (3.0 * z5 * z * z + 19.0 * z5 + 17.0 * z3 - 15.0 * z) / (384.0 * n * n * n);
}

// integrated correlation time in pieces, at least the half piece of a series without memory
static double memory_of(const double *x, int n)
{
    double mean = 0.0, variance = 0.0, sum = 0.5;
    for (int k = 0; k < n; k++) {
        mean += x[k] / n;
    }
    for (int k = 0; k < n; k++) {
        variance += (x[k] - mean) * (x[k] - mean);
    }
    if (n < PIECES_FOR_MEMORY || !(variance > 0.0)) {
        return 0.5;
    }
    for (int lag = 1; lag < n && lag < 5.0 * fmax(sum, 0.5) + 1.0; lag++) {
        double product = 0.0;
        for (int k = 0; k + lag < n; k++) {
            product += (x[k] - mean) * (x[k + lag] - mean);
        }
        sum += product / variance;
    }
    return fmax(sum, 0.5);
}

// relative standard error of the mean over n blocks of pieces
static double spread_of(const double *piece, int pieces, int n, int *empty)
{
    double mean = 0.0, spread = 0.0;
    for (int k = 0; k < pieces; k++) {
        mean += piece[k] / pieces;
    }
    *empty = 0;
    for (int b = 0; b < n; b++) {
        const int from = b * pieces / n, to = (b + 1) * pieces / n;
        double sum = 0.0;
        for (int k = from; k < to; k++) {
            sum += piece[k];
        }
        const double off = sum / ((to - from) * mean) - 1.0;
        spread += off * off;
        *empty |= !(sum > 0.0);
    }
    return sqrt(spread / ((n - 1.0) * n));
}

struct qn_interval qn_spectrum_interval(const struct qn_spectrum *s, int cls, int e)
{
    const struct qn_spectrum_class *c = &s->cls[cls];
    struct qn_interval out = {.low = (double)NAN,
                              .high = (double)NAN,
                              .rel_error = (double)NAN,
                              .needed = (double)INFINITY,
                              .lack = QN_INTERVAL_FEW_HITS};
    out.n_eff = qn_spectrum_n_eff(s, cls, e);
    out.mean = c->mass > 0.0 ? c->W[e] / (s->span * c->mass) : 0.0;
    if (!(c->W[e] > 0.0)) {
        return out;
    }
    const int pieces = (int)fmin(s->span / s->length * (1.0 + 1e-9), QN_SPECTRUM_PIECES);
    out.correlation = s->length * fmax(memory_of(c->piece[e], pieces),
                                       memory_of(c->piece[QN_SPECTRUM_ENERGIES], pieces));
    const double shortest = fmax(CYCLES * s->cycle, MEMORIES * out.correlation);
    const int blocks = (int)fmin(pieces / ceil(shortest / s->length * (1.0 - 1e-9)), MOST);
    out.rel_error = 1.0 / sqrt(out.n_eff);
    out.needed = fmax(s->span * HITS / out.n_eff, FEWEST * shortest);
    if (blocks < FEWEST) {
        out.lack = out.n_eff < HITS ? QN_INTERVAL_FEW_HITS : QN_INTERVAL_SHORT;
        return out;
    }
    int empty;
    out.blocks = blocks;
    out.rel_error = spread_of(c->piece[e], pieces, blocks, &empty);
    if (out.n_eff >= HITS && !empty) {
        // interval of the logarithm: the weights are skewed, their mean is positive
        const double half = student(blocks - 1.0) * out.rel_error;
        out.low = out.mean * exp(-half);
        out.high = out.mean * exp(half);
        out.lack = QN_INTERVAL_THERE;
    }
    return out;
}

const char *qn_interval_words(const struct qn_interval *i, char text[QN_INTERVAL_TEXT])
{
    text[0] = '\0';
    if (i->lack == QN_INTERVAL_THERE) {
        return text;
    }
    const int at =
        i->lack == QN_INTERVAL_FEW_HITS
            ? snprintf(text, QN_INTERVAL_TEXT, "no interval: too few hits carry it (100 needed)")
            : snprintf(text, QN_INTERVAL_TEXT,
                       "no interval: the window is shorter than 8 blocks of 25 cycles and 5 "
                       "correlation times");
    if (isfinite(i->needed)) {
        (void)snprintf(text + at, (size_t)(QN_INTERVAL_TEXT - at),
                       "; a window of about %.2g s would have one", i->needed);
    }
    return text;
}
