/// @file
/// Random numbers as a pure function of (seed, id, step, draw): no stream, no state.
///
/// Philox 4x32-10 of Random123 (Salmon et al. 2011, SC'11). The same four keys give the same
/// number on any rank, thread or restart; that is why there is no generator object to carry.
#pragma once

#include <stdint.h>

/// What a draw is for, so that two uses of one (id, step) never share numbers.
enum qn_stream {
    QN_STREAM_INSERT = 1, ///< positions and velocities of inserted bodies
    QN_STREAM_CAPTURE,    ///< mass drawn from a coating by a contact
    QN_STREAM_REPLAY,     ///< events drawn from a stored spectrum
    QN_STREAM_BOOTSTRAP,  ///< resampling for intervals
    QN_STREAM_TEST,       ///< tests only
    QN_STREAM_THIN,       ///< which exposures a window keeps
    QN_STREAM_EVENTS,     ///< which episodes an event log keeps
    QN_STREAM_RESAMPLE,   ///< hits of a window drawn anew
};

/// Uniform in (0, 1), never 0 or 1; 53 random bits.
double qn_uniform(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step, uint32_t draw);

/// Standard exponential, mean 1.
double qn_exponential(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step,
                      uint32_t draw);

/// Poisson number of this mean: up to 256 by counting exponentials, above by the normal limit,
/// rounded, whose skew of 1/16 and less it leaves out.
double qn_poisson(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step, double mean);
