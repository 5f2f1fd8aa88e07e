/// @file
/// What a rank has counted of a mechanical window: sums, strongest events, stored exposures.
///
/// Every rank counts the episodes it finishes, and none travels for it: sums do not depend on the
/// order (base/sums.h), kept events are chosen by what they are. So it does not matter which rank
/// counted what, and qn_window_counts_merge may bring it all to rank 0 at any time.
#pragma once

#include "app/dead_zone.h"
#include "app/exposing.h"
#include "app/heat_accounts.h"
#include "app/window_data.h"
#include "base/sums.h"
#include "exposure/capture.h"
#include "par/group.h"

struct qn_window_counts {
    struct qn_window *w;          ///< its strongest events and stored exposures are this rank's;
                                  ///< its sums are in `sums` until they are settled
    const struct qn_deck *deck;   ///< borrowed
    struct qn_carriers carriers;  ///< owned; none without powder
    struct qn_expose_model model; ///< of the deck's powder
    struct qn_sums sums;          ///< over *w, owned
    struct qn_wide_sum loss, impacts, mass; ///< in the block that is open         [J], [-], [kg]
    struct qn_dead_zone zone;               ///< of the parcels, owned
    struct qn_heat_accounts heat;           ///< of all bodies, owned
    int64_t *hits; ///< shape [3 * carriers.n]: of each carrier exposures in the open block (this
                   ///< rank's), over closed blocks their sum and sum of squares (all ranks')
};

/// Nothing counted yet. `w` is borrowed; its spectrum and reservoir need not be there yet.
void qn_window_counts_init(struct qn_window_counts *c, const struct qn_deck *deck,
                           struct qn_window *w);
void qn_window_counts_free(struct qn_window_counts *c);

/// Count episodes of this rank.
void qn_window_count(struct qn_window_counts *c, const struct qn_episode *e, size_t n);

/// Collective: heat moves temperatures when it is time, or at the end of the window.
void qn_window_counts_heat(struct qn_window_counts *c, const struct qn_dem *dem, double now,
                           int end);

/// Collective: close the open block; all ranks get the block's sums of all ranks.
/// @param[out] sums  dissipated energy [J], impacts, exposed powder [kg]
void qn_window_counts_block(struct qn_window_counts *c, const struct qn_dem_model *m,
                            const struct qn_dem *dem, double sums[3]);

/// Collective: all that any rank has counted is rank 0's; the others go on from nothing.
void qn_window_counts_merge(struct qn_window_counts *c, struct qn_group *g);

/// This rank has counted nothing, apart from closed blocks: after a restore, all but rank 0.
void qn_window_counts_clear(struct qn_window_counts *c);

/// After the sums are settled: rates of heat and wear, and what each body has.
void qn_window_counts_close_heat(const struct qn_window_counts *c);

/// Rank 0, after the sums are settled: masses of the classes, what they swap per second, Fano
/// factors; the spectrum and the reservoir keep the classes in use.
void qn_window_counts_classes(const struct qn_window_counts *c);

/// Variance over mean of the hits of a carrier in a block of the window, over carriers [first,
/// last): 1 for Poisson hits, m for bursts of m. 1 where there are no hits or too few blocks.
double qn_window_counts_fano(const struct qn_window_counts *c, int first, int last);
