/// @file
/// A group of MPI ranks that run one simulation together, and what they may say to each other.
///
/// A zeroed group, or qn_group_solo(), is one rank without MPI: every call below then does nothing
/// or copies, so that serial programs and tests need no MPI. Every function is collective over the
/// group unless it says otherwise. Results that feed back into the physics go through order-free
/// sums (base/exact_sum.h); nothing here depends on the number of ranks. A failed communication, or
/// a rank that gives no sign of life, aborts the job: no rank can go on alone. Not here: the
/// exchange of every step (par/exchange.h), who owns which place (par/partition.h).
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/exact_sum.h"
#include "par/ranks.h"

/// One rank, no MPI; shared and never changed.
struct qn_group *qn_group_solo(void);

/// A group over a communicator (its duplicate); `mpi_comm` points to an MPI_Comm.
void qn_group_init(struct qn_group *g, const void *mpi_comm);
void qn_group_free(struct qn_group *g);

/// Part of this group whose ranks gave the same color, in the order of their ranks.
void qn_group_split(const struct qn_group *g, int color, struct qn_group *part);

/// The communicator, for libraries that need one: a pointer to an MPI_Comm, NULL when alone.
const void *qn_group_communicator(const struct qn_group *g);

/// Bitwise or of everybody's flags.
int qn_group_any(struct qn_group *g, int flags);

/// All ranks leave with the worst status of any; those that had none are told which rank failed.
enum qn_status qn_group_agree(struct qn_group *g, enum qn_status mine) QN_MUST_USE;

void qn_group_max(struct qn_group *g, double *x, int n);
void qn_group_sum(struct qn_group *g, double *x, int n); ///< for printing only: order is MPI's
void qn_group_sum_integers(struct qn_group *g, int64_t *x, int n); ///< wraps around, like hashes
void qn_group_max_integers(struct qn_group *g, int *x, int n);
void qn_group_sum_exact(struct qn_group *g, struct qn_exact *x, int n);

/// Bytes of rank 0 to all.
void qn_group_broadcast(struct qn_group *g, void *bytes, size_t size);

/// The same number of bytes from each rank to all, in rank order. @param[out] all [size * each]
void qn_group_allgather(struct qn_group *g, const void *mine, size_t each, void *all);

/// Any number of bytes from each rank to rank 0, in rank order.
/// @param[out] all    on rank 0 all bytes, else NULL; the caller frees them with qn_free
/// @param[out] total  on rank 0 their number, else 0
void qn_group_gather(struct qn_group *g, const void *mine, size_t size, void **all, size_t *total);

/// Bytes from every rank to every other.
/// @param send   what goes to rank 0, 1, ...: one after the other
/// @param sizes  shape [size], bytes for each rank; replaced by bytes from each rank
/// @param[out] received  from rank 0, 1, ... one after the other; freed by the caller with qn_free
/// @return how many bytes were received
size_t qn_group_swap(struct qn_group *g, const void *send, size_t *sizes, void **received);

void qn_group_barrier(struct qn_group *g);

/// Ranks of the group that share this rank's memory.
int qn_group_on_node(struct qn_group *g);
