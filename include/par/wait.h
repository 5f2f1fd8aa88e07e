/// @file
/// Waiting for other ranks, with an eye on those that never come. Inside of par/.
///
/// A wait is a loop of tests. Past the group's patience the waiting ranks ask each other for a sign
/// of life; a rank that waits answers, one that hangs or is stopped does not, and is named before
/// the job ends. A rank that dies is named by mpirun.
#pragma once

#include <mpi.h>

#include "par/ranks.h"

/// Where a rank lives, for messages.
struct qn_wait_name {
    long pid;
    char host[56];
};

struct qn_comm {
    MPI_Comm comm;
    MPI_Comm watch; ///< for signs of life
    MPI_Op add_exact;
    MPI_Datatype exact;
    struct qn_wait_name *name; ///< shape [size]
};

/// Set up `watch` and the names; collective. g->comm->comm is there.
void qn_wait_begin(struct qn_group *g);
void qn_wait_end(struct qn_group *g);

/// Until all requests are done. Ends the job when some rank gives no sign of life.
void qn_wait(struct qn_group *g, MPI_Request *request, int n);
