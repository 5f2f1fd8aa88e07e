/// @file
/// A window's hits drawn anew: how far would results lie if another window had been counted?
///
/// Parametric bootstrap: each bin of a spectrum, each stored exposure of a reservoir, stands for a
/// counted number N of hits; it gets a Poisson number of mean N instead, and what it holds scales
/// with that. The spread of a result over some draws is its standard error from the window's length
/// alone. Hits count as independent: bursts make the true error larger by the root of their Fano
/// factor (intervals by blocks in the summary know them). A pure function of (seed, draw).
#pragma once

#include "bridge/reservoir.h"
#include "bridge/spectrum.h"

/// Rates of the bins; the sums for statistics (W, pieces) stay those of the window.
void qn_spectrum_resample(struct qn_spectrum *s, uint64_t seed, uint64_t draw);

/// Weights of the stored exposures.
void qn_reservoir_resample(struct qn_reservoir *r, uint64_t seed, uint64_t draw);
