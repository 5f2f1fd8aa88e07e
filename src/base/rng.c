/// @file
/// Counter-based uniforms from Random123's Philox.
#include "base/rng.h"

#include <math.h>

#include <Random123/philox.h>

double qn_uniform(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step, uint32_t draw)
{
    // 64 bits of key, 128 of counter: the id keeps 56 bits, the stream the 8 above them
    const uint64_t who = id ^ ((uint64_t)stream << 56);
    const philox4x32_key_t key = {{(uint32_t)seed, (uint32_t)(seed >> 32) ^ draw}};
    const philox4x32_ctr_t ctr = {
        {(uint32_t)who, (uint32_t)(who >> 32), (uint32_t)step, (uint32_t)(step >> 32)}};
    const philox4x32_ctr_t out = philox4x32(ctr, key);
    const uint64_t bits = ((uint64_t)out.v[0] << 32 | out.v[1]) >> 11;
    return ((double)bits + 0.5) * 0x1p-53;
}

double qn_exponential(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step,
                      uint32_t draw)
{
    return -log(qn_uniform(seed, stream, id, step, draw));
}

double qn_poisson(uint64_t seed, enum qn_stream stream, uint64_t id, uint64_t step, double mean)
{
    static const double COUNTED = 256.0, PI = 3.14159265358979323846;
    if (mean > COUNTED) { // Box & Muller (1958)
        const double radius = sqrt(2.0 * qn_exponential(seed, stream, id, step, 0));
        const double z = radius * cos(2.0 * PI * qn_uniform(seed, stream, id, step, 1));
        return fmax(rint(mean + sqrt(mean) * z), 0.0);
    }
    double time = 0.0;
    uint32_t n = 0;
    while ((time += qn_exponential(seed, stream, id, step, n)) < mean) {
        n++;
    }
    return n;
}
