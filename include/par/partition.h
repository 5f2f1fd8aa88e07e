/// @file
/// Which rank owns which place: recursive coordinate bisection by weight (Zoltan's RCB).
///
/// A place has exactly one owner, the same on every rank that asks. Where the cuts lie changes no
/// result, only who computes it.
#pragma once

#include "par/group.h"

struct qn_partition; ///< opaque: Zoltan's object and cuts

/// NULL for a group of one. Borrows the group.
struct qn_partition *qn_partition_new(struct qn_group *g);
void qn_partition_free(struct qn_partition *p);

/// New cuts, so that each rank owns about the same weight. Collective; points may be given by any
/// rank, each by one.
/// @param x       places, shape [n][3] [m]
/// @param weight  shape [n], >= 0
void qn_partition_balance(struct qn_partition *p, int n, double (*x)[3], const double *weight);

/// Owner of a place; local. Only after qn_partition_balance.
int qn_partition_owner(const struct qn_partition *p, const double x[3]);
