/// @file
/// Poisson numbers for bins and stored exposures.
#include "bridge/resample.h"

#include "base/rng.h"

enum { MEMBERS = sizeof(struct qn_spectrum_bin) / sizeof(double) };

void qn_spectrum_resample(struct qn_spectrum *s, uint64_t seed, uint64_t draw)
{
    uint64_t id = 0;
    for (int c = 0; c < s->n_classes; c++) {
        for (int kind = 0; kind < QN_PULSE_KINDS; kind++) {
            for (int b = 0; b < QN_SPECTRUM_BINS; b++, id++) {
                struct qn_spectrum_bin *bin = &s->cls[c].bin[kind][b];
                double *member = (double *)bin;
                if (bin->hits > 0.0) {
                    const double drawn =
                        qn_poisson(seed, QN_STREAM_RESAMPLE, id, draw, bin->hits) / bin->hits;
                    for (int i = 0; i < MEMBERS; i++) {
                        member[i] *= drawn;
                    }
                }
            }
        }
    }
}

void qn_reservoir_resample(struct qn_reservoir *r, uint64_t seed, uint64_t draw)
{
    for (int c = 0; c < r->n_classes; c++) {
        for (size_t k = 0; k < r->cls[c].n; k++) {
            const uint64_t id = (uint64_t)k << 8 | (uint64_t)(c + 1); // bins have ids below 2^16
            double *weight = &r->cls[c].event[k].weight;
            *weight = qn_poisson(seed, QN_STREAM_RESAMPLE, id << 16, draw, *weight);
        }
    }
}
