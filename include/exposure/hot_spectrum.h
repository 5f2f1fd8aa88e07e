/// @file
/// Distribution of hot spots: exposures counted by their peak rise, for pictures and tables.
///
/// The spectrum that chemistry uses is the joint one of the bridge; this one only shows it.
#pragma once

#include <stddef.h>

#include "base/sums.h"
#include "exposure/exposure.h"

enum { QN_HOT_BINS = 50 };

static const double QN_HOT_LOWEST = 0.1; ///< lower edge of bin 0; ten bins a decade, to 1e4 K [K]

/// Sums over a span; plain doubles.
struct qn_hot_spectrum {
    double hits[QN_HOT_BINS];   ///< exposures
    double mass[QN_HOT_BINS];   ///< exposed powder                                   [kg]
    double energy[QN_HOT_BINS]; ///< energy it took up                                [J]
};

/// Count `n` exposures, through order-free sums (NULL: into the doubles).
void qn_hot_spectrum_add(struct qn_hot_spectrum *h, const struct qn_exposure *x, size_t n,
                         struct qn_sums *sums);
