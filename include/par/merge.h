/// @file
/// Bringing together what each rank has counted for itself. Collective; the order of the ranks and
/// their number do not change a bit of what comes out.
#pragma once

#include <stddef.h>

#include "base/wide_sum.h"
#include "par/group.h"

/// Sums of all ranks, on all ranks.
void qn_group_sum_wide(struct qn_group *g, struct qn_wide_sum *x, size_t n);

/// Lists too long to gather at once go to rank 0 along a tree: in the round of `distance` 1, 2, 4,
/// ... (while below the group's size) every second of the ranks still in it gives its list to the
/// one `distance` below, which merges it into its own and cuts it before the next round.
/// Does this rank give in that round?
int qn_group_gives(const struct qn_group *g, int distance);

/// One round; `mine` counts only where qn_group_gives. @param[out] given  NULL or bytes received,
/// freed by the caller with qn_free
/// @return how many bytes
size_t qn_group_give(struct qn_group *g, int distance, const void *mine, size_t size, void **given);
