/// @file
/// What carriers gave, and jobs of theirs: shared by the files of chem/carrier.h.
#pragma once

#include "chem/carrier.h"

/// A thread's sums since the last sync: gas, reactions by channel, impacts.
struct qn_exact *qn_direct_sums(const struct qn_direct *d, int thread);

/// Add what a kilogram gave and its extents to a thread's sums, times a mass.
void qn_direct_book(const struct qn_mechanism *m, const double *out, const double *extent,
                    double mass, enum qn_channel channel, struct qn_exact *sum);

/// Keep the first failing carrier's words; the error text itself belongs to its thread alone.
void qn_direct_keep_message(struct qn_direct *d, int carrier);
enum qn_status qn_direct_outcome(const struct qn_direct *d);

/// Carrier i from its clock to time t.
struct qn_crowd_job qn_direct_rest(const struct qn_direct *d, int i, double t, const double *gas);
/// A qn_crowd_done of such jobs in d->jobs; context: the struct qn_direct. Clocks are the caller's.
void qn_direct_rested(void *context, int thread, int job, const struct qn_crowd_result *r);

/// What was given since the last exchange goes to the gas and to the books. Collective.
enum qn_status qn_direct_exchange(struct qn_direct *d) QN_MUST_USE;

/// Elements are still what they were. Collective.
enum qn_status qn_direct_check(struct qn_direct *d) QN_MUST_USE;
