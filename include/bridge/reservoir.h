/// @file
/// Raw exposures of a window, bounded: what replay draws from and tails are fitted to.
///
/// Per class, every exposure whose energy is above a threshold is kept in full (the strongest
/// hundredth, at most QN_RESERVOIR_FULL); the rest is thinned: of each stratum (pulse kind and bin
/// of the spectrum) a uniform sample of at most QN_RESERVOIR_SAMPLE, each standing for `weight`
/// exposures, so that counts of every stratum are exact. A sample is the exposures with the lowest
/// draws, and a draw is a pure function of the exposure: the order of arrival, threads and restarts
/// do not change what is kept.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "bridge/spectrum.h"

enum { QN_RESERVOIR_FULL = 8192, QN_RESERVOIR_SAMPLE = 128, QN_RESERVOIR_COLUMNS = 18 };

struct qn_stored {
    struct qn_exposure x;
    double weight; ///< exposures it stands for; 1 above the threshold
    double draw;   ///< in (0, 1)
};

struct qn_reservoir_class {
    double count;     ///< exposures seen
    double threshold; ///< every one of this energy and above is kept; set by close     [J]
    double hits[QN_PULSE_KINDS][QN_SPECTRUM_BINS]; ///< seen, by stratum
    size_t n, capacity;
    struct qn_stored *event; ///< shape [n], owned; after close in order of time
};

struct qn_reservoir {
    uint64_t seed;
    int n_classes;
    struct qn_reservoir_class cls[QN_SPECTRUM_CLASSES];
};

void qn_reservoir_init(struct qn_reservoir *r, int n_classes, uint64_t seed);
void qn_reservoir_free(struct qn_reservoir *r);

void qn_reservoir_add(struct qn_reservoir *r, int cls, const struct qn_exposure *x);

/// Take in what another one, of the same window, has seen: as if it had been seen here.
void qn_reservoir_merge(struct qn_reservoir *r, const struct qn_reservoir *other);

/// End of the window: cut to what is kept, set thresholds and weights.
void qn_reservoir_close(struct qn_reservoir *r);

/// All of it as bytes and back; the bytes are freed with qn_free.
void qn_reservoir_pack(const struct qn_reservoir *r, void **bytes, size_t *size);
enum qn_status qn_reservoir_unpack(struct qn_reservoir *r, const void *bytes,
                                   size_t size) QN_MUST_USE;

/// Names of the columns of a table of stored exposures, with units; ended by NULL.
extern const char *const qn_reservoir_columns[];

/// One row of that table. @param[out] row  shape [QN_RESERVOIR_COLUMNS]
void qn_reservoir_row(const struct qn_stored *e, int cls, double *row);
