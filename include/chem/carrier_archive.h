/// @file
/// The complete state of direct mode as bytes, and back to the same bits.
#pragma once

#include <stddef.h>

#include "chem/carrier.h"

/// Bytes of the state (carriers, clocks, gas, books, what waits for the next sync) on rank 0,
/// nothing elsewhere; the same for any number of ranks; collective. The caller frees them with
/// qn_free.
void qn_direct_pack(const struct qn_direct *d, void **bytes, size_t *size);

/// State from bytes, the same on every rank, into a batch fresh from qn_direct_init with the same
/// carriers and mechanism; the numbers of threads and ranks may differ. Rank 0 owns all carriers
/// then.
/// @return QN_ERR_IO when the bytes do not fit the batch.
enum qn_status qn_direct_unpack(struct qn_direct *d, const void *bytes, size_t size) QN_MUST_USE;

/// A copy of this rank's part of the state in memory, to go back to after a step that was too long.
/// A zeroed one is valid and empty; taking one again reuses its memory. Not collective.
struct qn_direct_copy {
    struct qn_direct plain; ///< members without arrays
    char *arrays;
    size_t capacity;
};
void qn_direct_keep(const struct qn_direct *d, struct qn_direct_copy *copy);
void qn_direct_go_back(struct qn_direct *d, const struct qn_direct_copy *copy);
void qn_direct_copy_free(struct qn_direct_copy *copy);
