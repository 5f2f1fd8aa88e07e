/// @file
/// What a group of ranks is; what it can do is in par/group.h.
#pragma once

#include <stdint.h>

struct qn_comm; ///< opaque: the communicator

struct qn_group {
    int rank, size;       ///< size 0 or 1: alone
    struct qn_comm *comm; ///< owned
    int64_t messages;     ///< point-to-point messages this rank has sent
    int64_t bytes;        ///< and their bytes
    int64_t agreements;   ///< collective calls
    double waited;        ///< time spent waiting for other ranks, by `clock`              [s]
    int clock;            ///< clockid_t; CLOCK_MONOTONIC unless a study counts CPU time
    double patience;      ///< waiting longer, a rank asks the others for a sign of life   [s]
};

static inline int qn_group_alone(const struct qn_group *g)
{
    return g->size <= 1;
}
