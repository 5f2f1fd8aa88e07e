/// @file
/// The scope of "same bits": ranks that run together must be the same program on the same numbers.
///
/// Results are equal to the bit for any number of ranks and threads of one binary whose libm takes
/// the same path on every CPU. (glibc picks its exp, log and pow by CPU; two kinds of node in one
/// job may differ in the last bit.) Before anything is computed all ranks compare the deck as
/// resolved, the mechanism, the binary's bytes, and the bits of some thousand values of libm.
#pragma once

#include "app/deck_types.h"
#include "par/group.h"

/// Collective. @return QN_ERR_USAGE on all ranks when some rank differs from rank 0; the text names
/// it and says in what
enum qn_status qn_fingerprint_check(const struct qn_deck *deck, struct qn_group *group) QN_MUST_USE;

/// Digest of libm's bits on this CPU.
uint64_t qn_fingerprint_libm(void);
