/// @file
/// Point-to-point exchange with fixed partners.
#include "par/exchange.h"

#include <limits.h>
#include <string.h>

#include <mpi.h>

#include "base/array.h"
#include "par/wait.h"

enum { TAG = 11 };

struct qn_request {
    MPI_Request handle;
};

void qn_exchange_plan(struct qn_exchange *x, const struct qn_peer *peer, int n)
{
    size_t send = 0, recv = 0;
    qn_grow(&x->peer, &x->cap_peer, (size_t)n);
    qn_grow(&x->request, &x->cap_request, 2 * (size_t)n);
    for (int k = 0; k < n; k++) {
        QN_ASSERT(peer[k].recv_bytes <= INT_MAX && peer[k].send_bytes <= INT_MAX);
        x->peer[k] = peer[k];
        send += peer[k].send_bytes;
        recv += peer[k].recv_bytes;
    }
    x->n = n;
    qn_grow(&x->send, &x->cap_send, send);
    qn_grow(&x->recv, &x->cap_recv, recv);
}

void qn_exchange_free(struct qn_exchange *x)
{
    qn_free(x->peer);
    qn_free(x->send);
    qn_free(x->recv);
    qn_free(x->request);
    memset(x, 0, sizeof *x);
}

void qn_exchange_run(struct qn_group *g, struct qn_exchange *x)
{
    MPI_Comm comm;
    int open = 0;
    if (x->n == 0) {
        return;
    }
    memcpy(&comm, qn_group_communicator(g), sizeof comm);
    MPI_Request *request = &x->request->handle;
    for (int k = 0; k < x->n; k++) {
        const struct qn_peer *p = &x->peer[k];
        if (p->recv_bytes > 0) {
            MPI_Irecv(x->recv + p->recv_at, (int)p->recv_bytes, MPI_BYTE, p->rank, TAG, comm,
                      &request[open++]);
        }
    }
    for (int k = 0; k < x->n; k++) {
        const struct qn_peer *p = &x->peer[k];
        if (p->send_bytes > 0) {
            MPI_Isend(x->send + p->send_at, (int)p->send_bytes, MPI_BYTE, p->rank, TAG, comm,
                      &request[open++]);
            g->messages++;
            g->bytes += (int64_t)p->send_bytes;
        }
    }
    qn_wait(g, request, open);
}
