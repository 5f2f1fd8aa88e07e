/// @file
/// The complete mechanical state as bytes, and back to the same bits.
///
/// Lists are not kept: they never change a bit and are rebuilt. Kept are bodies, tallies, totals,
/// and each open contact with its history, last push and beginnings.
#pragma once

#include <stddef.h>

#include "dem/engine.h"

/// Bytes of the state on rank 0 (nothing elsewhere), the same for any number of ranks; collective.
/// The caller frees them with qn_free. Episodes must have been drained.
void qn_dem_pack(const struct qn_dem *s, void **bytes, size_t *size);

/// State from rank 0's bytes into a system fresh from qn_dem_init (and join); collective. The next
/// step continues to the same bits, on any number of ranks.
/// @return QN_ERR_IO when the bytes are not those of such a system.
enum qn_status qn_dem_unpack(const struct qn_dem_model *m, struct qn_dem *s, const void *bytes,
                             size_t size) QN_MUST_USE;
