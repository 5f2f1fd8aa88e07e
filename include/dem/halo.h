/// @file
/// Ghosts of a rank: which bodies of others it needs, and their exchange at every step.
///
/// Ghosts by need: at a rebuild each rank tells the others one box per size class around what it
/// owns; bodies that reach into such a box are offered, the pair search finds which of them really
/// can meet a body owned here, and only those are sent at every step. With balls 20 times the size
/// of parcels a halo as wide as the largest body would copy more than a rank owns.
#pragma once

#include "dem/record.h"
#include "dem/state.h"
#include "par/exchange.h"

/// Arrays by rank have one entry a rank of the group.
struct qn_halo {
    struct qn_exchange exchange;
    int *send_index, *recv_index; ///< local indices, partner by partner
    size_t cap_send, cap_recv;
    int n_levels;    ///< size classes of all bodies, a factor of two each
    double smallest; ///< radius of the smallest body                  [m]
    int *offered;    ///< owned bodies offered, as numbers in `own`, by rank
    size_t cap_offered, *n_offered;
    struct qn_body_record *got; ///< bodies offered to us, by rank
    size_t *n_got;
    int64_t sum_own, sum_ghosts, sum_got; ///< over rebuilds, this rank
};

/// Size classes of all bodies; every rank must still hold all of them.
struct qn_halo *qn_halo_new(const struct qn_dem *s);
void qn_halo_free(struct qn_halo *h);

/// Offer owned bodies [n], in id order, to every rank they may come near; collective.
void qn_halo_offer(const struct qn_dem_model *m, struct qn_dem *s, const struct qn_body_record *own,
                   size_t n);

/// Local bodies from the owned ones and the offers, in id order; `n_was` bodies were here before.
void qn_halo_assemble(const struct qn_dem_model *m, struct qn_dem *s,
                      const struct qn_body_record *own, size_t n, size_t n_was);

/// After the pair search: drop ghosts that nobody here can meet, tell their owners, plan the
/// exchange. Pairs keep their meaning; their indices are renumbered. Collective.
void qn_halo_trim(const struct qn_dem_model *m, struct qn_dem *s, struct qn_pairs *pairs);

/// Positions, velocities and spins of all ghosts from their owners.
/// @return whether some ghost has used up its allowance
int qn_halo_exchange(struct qn_dem *s);
