/// @file
/// 64-bit digests of bytes (xxHash XXH3), for window keys, state hashes and manifests.
#pragma once

#include <stddef.h>
#include <stdint.h>

/// Digest of `size` bytes continuing from `seed` (0 to begin).
uint64_t qn_hash(uint64_t seed, const void *bytes, size_t size);
