/// @file
/// The exchange of every step: fixed partners, fixed sizes, until the next rebuild.
///
/// One message to and one from each partner; a rank talks only to ranks that hold a body of its as
/// ghost or the other way round. Receives are posted first. Counts go to the group's traffic.
#pragma once

#include "par/group.h"

/// One partner; bytes of the send and of the receive buffer that belong to it. A size of 0 makes no
/// message; both sides must give the same sizes.
struct qn_peer {
    int rank;
    size_t send_at, send_bytes, recv_at, recv_bytes;
};

/// A zeroed one is valid and empty.
struct qn_exchange {
    int n;
    struct qn_peer *peer; ///< shape [n]
    char *send, *recv;    ///< the caller fills and reads them
    size_t cap_peer, cap_send, cap_recv, cap_request;
    struct qn_request *request; ///< opaque
};

/// Forget the last plan and make room for this one.
void qn_exchange_plan(struct qn_exchange *x, const struct qn_peer *peer, int n);
void qn_exchange_free(struct qn_exchange *x);

/// Exchange with all partners; blocks until all is there. Not collective beyond the partners.
void qn_exchange_run(struct qn_group *g, struct qn_exchange *x);
