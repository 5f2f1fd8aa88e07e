/// @file
/// xxHash behind one function.
#include "base/hash.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

uint64_t qn_hash(uint64_t seed, const void *bytes, size_t size)
{
    return XXH3_64bits_withSeed(bytes, size, seed);
}
