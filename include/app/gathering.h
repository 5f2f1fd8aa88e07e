/// @file
/// Episodes of all ranks on one: in the order a single rank would have finished them.
///
/// Each rank keeps what it finishes and the log will want; now and then, at steps all ranks agree
/// on, everything goes to rank 0. Order: end time, then ids, so what rank 0 counts does not depend
/// on the number of ranks.
#pragma once

#include <stddef.h>

#include "app/event_log.h"
#include "model/episode.h"
#include "par/group.h"

/// A zeroed one is valid and empty.
struct qn_gathering {
    struct qn_episode *held;
    size_t n, cap;
    void *all; ///< what the last collect gave
};

void qn_gathering_add(struct qn_gathering *g, const struct qn_event_filter *f,
                      const struct qn_episode *e, size_t n);

/// Everything held by any rank; collective. Borrowed until the next call.
/// @param[out] e, n  on rank 0 all of it in order; elsewhere n is 0
void qn_gathering_collect(struct qn_gathering *g, struct qn_group *group,
                          const struct qn_episode **e, size_t *n);

void qn_gathering_free(struct qn_gathering *g);
