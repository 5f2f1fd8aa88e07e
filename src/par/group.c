/// @file
/// Collective calls of a group.
///
/// Every wait is a loop of tests (par/wait.h), so that a rank that never comes is noticed.
#include "par/group.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include <mpi.h>

#include "base/array.h"
#include "par/wait.h"

enum { TAG = 7 };

struct qn_group *qn_group_solo(void)
{
    static _Thread_local struct qn_group solo = {.size = 1}; // its counters never move
    return &solo;
}

/// Wait for a collective call.
static void finish(struct qn_group *g, MPI_Request request)
{
    g->agreements++;
    qn_wait(g, &request, 1);
}

static void add_exact(void *in, void *inout, int *n, MPI_Datatype *type)
{
    struct qn_exact *sum = inout;
    const struct qn_exact *more = in;
    (void)type;
    for (int k = 0; k < *n; k++) {
        qn_exact_merge(&sum[k], more[k]);
    }
}

/// Takes `comm` over.
static void adopt(struct qn_group *g, MPI_Comm comm)
{
    memset(g, 0, sizeof *g);
    MPI_Comm_rank(comm, &g->rank);
    MPI_Comm_size(comm, &g->size);
    g->comm = qn_alloc(1, sizeof *g->comm);
    g->comm->comm = comm;
    g->patience = 600.0;
    g->clock = CLOCK_MONOTONIC;
    qn_wait_begin(g);
    MPI_Type_contiguous(sizeof(struct qn_exact), MPI_BYTE, &g->comm->exact);
    MPI_Type_commit(&g->comm->exact);
    MPI_Op_create(add_exact, 1, &g->comm->add_exact);
}

void qn_group_init(struct qn_group *g, const void *mpi_comm)
{
    MPI_Comm mine, given;
    memcpy(&given, mpi_comm, sizeof given);
    MPI_Comm_dup(given, &mine);
    adopt(g, mine);
}

void qn_group_free(struct qn_group *g)
{
    if (g->comm) {
        MPI_Type_free(&g->comm->exact);
        MPI_Op_free(&g->comm->add_exact);
        qn_wait_end(g);
        MPI_Comm_free(&g->comm->comm);
        qn_free(g->comm);
    }
    memset(g, 0, sizeof *g);
}

void qn_group_split(const struct qn_group *g, int color, struct qn_group *part)
{
    MPI_Comm comm;
    if (!g->comm) {
        memset(part, 0, sizeof *part);
        part->size = 1;
        return;
    }
    MPI_Comm_split(g->comm->comm, color, g->rank, &comm);
    adopt(part, comm);
    part->patience = g->patience;
    part->clock = g->clock;
}

const void *qn_group_communicator(const struct qn_group *g)
{
    return g->comm ? &g->comm->comm : NULL;
}

int qn_group_any(struct qn_group *g, int flags)
{
    if (!qn_group_alone(g)) {
        MPI_Request request;
        MPI_Iallreduce(MPI_IN_PLACE, &flags, 1, MPI_INT, MPI_BOR, g->comm->comm, &request);
        finish(g, request);
    }
    return flags;
}

enum qn_status qn_group_agree(struct qn_group *g, enum qn_status mine)
{
    if (qn_group_alone(g)) {
        return mine;
    }
    struct {
        int status, rank;
    } worst = {mine == QN_CHECKPOINTED ? 1 : (int)mine, g->rank}; // errors outrank a checkpoint
    MPI_Request request;
    MPI_Iallreduce(MPI_IN_PLACE, &worst, 1, MPI_2INT, MPI_MAXLOC, g->comm->comm, &request);
    finish(g, request);
    if (worst.status <= 1) {
        return worst.status ? QN_CHECKPOINTED : QN_OK;
    }
    // everybody says what the first rank with the worst status has to say, and which rank that is
    // unless all failed alike (a deck's fault) or it has been said
    int some = (int)mine != worst.status;
    MPI_Iallreduce(MPI_IN_PLACE, &some, 1, MPI_INT, MPI_MAX, g->comm->comm, &request);
    finish(g, request);
    char text[16384] = "";
    if (g->rank == worst.rank) {
        snprintf(text, sizeof text, "%s", qn_error_text());
    }
    MPI_Ibcast(text, sizeof text, MPI_CHAR, worst.rank, g->comm->comm, &request);
    finish(g, request);
    if (some && strncmp(text, "rank ", 5) != 0) {
        return qn_fail((enum qn_status)worst.status, "rank %d: %s", worst.rank, text);
    }
    return qn_fail((enum qn_status)worst.status, "%s", text);
}

/// Everybody's arrays reduced in place.
static void reduce(struct qn_group *g, void *x, int n, MPI_Datatype type, MPI_Op op)
{
    if (!qn_group_alone(g)) {
        MPI_Request request;
        MPI_Iallreduce(MPI_IN_PLACE, x, n, type, op, g->comm->comm, &request);
        finish(g, request);
    }
}

void qn_group_max(struct qn_group *g, double *x, int n)
{
    reduce(g, x, n, MPI_DOUBLE, MPI_MAX);
}

void qn_group_sum(struct qn_group *g, double *x, int n)
{
    reduce(g, x, n, MPI_DOUBLE, MPI_SUM);
}

void qn_group_sum_integers(struct qn_group *g, int64_t *x, int n)
{
    reduce(g, x, n, MPI_INT64_T, MPI_SUM);
}

void qn_group_max_integers(struct qn_group *g, int *x, int n)
{
    reduce(g, x, n, MPI_INT, MPI_MAX);
}

void qn_group_sum_exact(struct qn_group *g, struct qn_exact *x, int n)
{
    if (!qn_group_alone(g)) { // alone there is no type for it
        reduce(g, x, n, g->comm->exact, g->comm->add_exact);
    }
}

void qn_group_broadcast(struct qn_group *g, void *bytes, size_t size)
{
    char *at = bytes;
    for (; !qn_group_alone(g) && size > 0;) {
        const int part = size > INT_MAX ? INT_MAX : (int)size;
        MPI_Request request;
        MPI_Ibcast(at, part, MPI_BYTE, 0, g->comm->comm, &request);
        finish(g, request);
        at += part;
        size -= (size_t)part;
    }
}

void qn_group_allgather(struct qn_group *g, const void *mine, size_t each, void *all)
{
    QN_ASSERT(each <= INT_MAX);
    if (qn_group_alone(g)) {
        memcpy(all, mine, each);
    } else {
        MPI_Request request;
        MPI_Iallgather(mine, (int)each, MPI_BYTE, all, (int)each, MPI_BYTE, g->comm->comm,
                       &request);
        finish(g, request);
    }
}

void qn_group_gather(struct qn_group *g, const void *mine, size_t size, void **all, size_t *total)
{
    const size_t ranks = qn_group_alone(g) ? 1 : (size_t)g->size;
    size_t *sizes = qn_alloc(ranks, sizeof *sizes);
    MPI_Request request;
    *total = 0;
    *all = NULL;
    qn_group_allgather(g, &size, sizeof size, sizes);
    for (size_t r = 0; r < ranks; r++) {
        *total += sizes[r];
    }
    if (g->rank == 0) {
        *all = qn_alloc(*total, 1);
        char *at = *all;
        if (size > 0) {
            memcpy(at, mine, size);
        }
        at += size;
        for (int r = 1; r < (int)ranks; r++) { // one after the other: no more memory than needed
            for (size_t left = sizes[r]; left > 0;) {
                const int part = left > INT_MAX ? INT_MAX : (int)left;
                MPI_Irecv(at, part, MPI_BYTE, r, TAG, g->comm->comm, &request);
                qn_wait(g, &request, 1);
                at += part;
                left -= (size_t)part;
            }
        }
    } else {
        const char *at = mine;
        *total = 0;
        for (size_t left = size; left > 0;) {
            const int part = left > INT_MAX ? INT_MAX : (int)left;
            MPI_Isend(at, part, MPI_BYTE, 0, TAG, g->comm->comm, &request);
            qn_wait(g, &request, 1);
            g->messages++;
            at += part;
            left -= (size_t)part;
        }
        g->bytes += (int64_t)size;
    }
    qn_free(sizes);
}

size_t qn_group_swap(struct qn_group *g, const void *send, size_t *sizes, void **received)
{
    if (qn_group_alone(g)) {
        *received = qn_alloc(sizes[0], 1);
        if (sizes[0] > 0) {
            memcpy(*received, send, sizes[0]);
        }
        return sizes[0];
    }
    const int n = g->size;
    size_t *from = qn_alloc((size_t)n, sizeof *from), total = 0;
    MPI_Request *request = qn_alloc(2 * (size_t)n, sizeof *request);
    int open = 0;
    MPI_Ialltoall(sizes, sizeof *sizes, MPI_BYTE, from, sizeof *from, MPI_BYTE, g->comm->comm,
                  request);
    finish(g, *request);
    for (int r = 0; r < n; r++) {
        QN_ASSERT(from[r] <= INT_MAX && sizes[r] <= INT_MAX);
        total += from[r];
    }
    char *in = *received = qn_alloc(total, 1);
    const char *out = send;
    for (int r = 0; r < n; r++) {
        if (from[r] > 0) {
            MPI_Irecv(in, (int)from[r], MPI_BYTE, r, TAG, g->comm->comm, &request[open++]);
        }
        in += from[r];
    }
    for (int r = 0; r < n; r++) {
        if (sizes[r] > 0) {
            MPI_Isend(out, (int)sizes[r], MPI_BYTE, r, TAG, g->comm->comm, &request[open++]);
            g->messages += r != g->rank;
            g->bytes += r != g->rank ? (int64_t)sizes[r] : 0;
        }
        out += sizes[r];
    }
    qn_wait(g, request, open);
    memcpy(sizes, from, (size_t)n * sizeof *sizes);
    qn_free(from);
    qn_free(request);
    return total;
}

void qn_group_barrier(struct qn_group *g)
{
    if (!qn_group_alone(g)) {
        MPI_Request request;
        MPI_Ibarrier(g->comm->comm, &request);
        finish(g, request);
    }
}

int qn_group_on_node(struct qn_group *g)
{
    MPI_Comm node;
    int n = 1;
    if (!qn_group_alone(g)) {
        MPI_Comm_split_type(g->comm->comm, MPI_COMM_TYPE_SHARED, g->rank, MPI_INFO_NULL, &node);
        MPI_Comm_size(node, &n);
        MPI_Comm_free(&node);
    }
    return n;
}
