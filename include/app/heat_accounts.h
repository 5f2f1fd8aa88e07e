/// @file
/// Accounts of heat and of sliding in a window: of each ball, each parcel, the wall and the reserve
/// of loose powder, and of the lumps they make up in the balance over the hours.
///
/// Every closed episode pays its joules to its bodies (exposure/heat_parts.h) and lets them
/// exchange heat for their difference of temperature; powder that a contact swaps carries its
/// own. Temperatures are rises over the beginning of the window, where all are alike, so they ask
/// for no absolute temperature, and a window serves any. They move at fixed times, every
/// QN_HEAT_SYNC, by order-free sums of all ranks: between these an exchange sees those of the last.
/// The wall stays where it is: it takes minutes for what a window sees in seconds. Gas and ambient
/// belong to the deck (app/heat_gas.h, app/heat_balance.h).
/// Sliding is kept as Archard's load path, the work of sliding over friction (model/wear.h), of
/// each body and of each patch of the wall (model/wall_map.h): wear is a matter of the deck then.
#pragma once

#include "app/exposing.h"
#include "base/sums.h"
#include "base/wide_sum.h"
#include "dem/state.h"
#include "model/motion.h"
#include "model/wall_map.h"
#include "par/group.h"

/// Lumps of the hours: balls of each group, the wall, loose powder (reserve or parcels).
enum { QN_LUMP_WALL = QN_MAX_GROUPS, QN_LUMP_POWDER, QN_LUMPS };

/// Mill time between two moves of the temperatures [s].
static const double QN_HEAT_SYNC = 10e-3;

/// Sums over the window; rates once it is closed. Plain doubles, as all of a window.
struct qn_window_heat {
    double source[QN_LUMPS];             ///< heat of each lump                   [J], then [W]
    double exchange[QN_LUMPS][QN_LUMPS]; ///< between lumps, symmetric      [J/K], then [W/K]
    double stored;                       ///< in the powder, never heat           [J], then [W]
    double path[QN_LUMPS];               ///< load path of each lump          [N m], then [N m/s]
    double slip[QN_LUMPS];               ///< work of sliding, half to each body [J], then [W]
    double parcel_slip[QN_MAX_GROUPS];   ///< of that of the powder, by size of parcel
    double parcel_path[QN_MAX_GROUPS];   ///< load path of the same
    double shaft;                        ///< of that of the wall: on bodies of the mill inside it
    double patch[QN_MAP_BANDS * QN_MAP_SECTORS]; ///< the rest of it, by patch
};

/// What a body has at the end of a window. Heat is that of contacts: gas is the deck's
/// (app/heat_gas.h).
struct qn_body_heat {
    double rise;     ///< of temperature over the window                             [K]
    double heat;     ///< taken up, exchange included                                [J]
    double path;     ///< load path                                                  [N m]
    double stir;     ///< mean of the root of its speed in vial-centred axes     [(m/s)^1/2]
    double capacity; ///< of heat, infinite of the wall                          [J/K]
};

struct qn_heat_accounts {
    int balls, n;                    ///< bodies: balls, the wall, then parcels or the reserve
    int *lump;                       ///< shape [n], owned
    int *size;                       ///< group of each parcel, else -1; shape [n], owned
    double *capacity;                ///< shape [n] [J/K]; the wall's is infinite, owned
    struct qn_body_heat *body;       ///< shape [n], as of the last move, on all ranks alike; owned
    struct qn_wide_sum *heat, *path; ///< shape [n], since then, of this rank; owned
    struct qn_wide_sum *stir;        ///< shape [n], within a move: roots of speeds; owned
    double begin;                    ///< of the window                                [s]
    int64_t moves;                   ///< of the temperatures so far
    int reserve;                     ///< index of the reserve of loose powder, -1: none
    double swapped;                  ///< heat a swapped mass carries, share x c   [J/(kg K)]
    struct qn_expose_model model;
    struct qn_motion motion; ///< borrows the deck's table
    int shaft[QN_MAX_WALLS]; ///< 1: the wall of that number turns with the mill's inner bodies
};

void qn_heat_accounts_init(struct qn_heat_accounts *a, const struct qn_deck *deck);
void qn_heat_accounts_free(struct qn_heat_accounts *a);

/// Book one episode of this rank. @param sums  over the struct that `w` is in, or NULL
void qn_heat_accounts_add(struct qn_heat_accounts *a, const struct qn_episode *e,
                          struct qn_window_heat *w, struct qn_sums *sums);

/// Powder of `mass` swapped between two carriers (numbered as the bodies here).
void qn_heat_accounts_swap(struct qn_heat_accounts *a, const struct qn_swap *swap,
                           struct qn_window_heat *w, struct qn_sums *sums);

/// Collective: move the temperatures when it is time, or at the end of the window. Called at the
/// same steps by all ranks.
void qn_heat_accounts_move(struct qn_heat_accounts *a, const struct qn_dem *dem, double now,
                           int end);

/// Collective: open sums of all ranks are rank 0's. And: this rank has none.
void qn_heat_accounts_merge(struct qn_heat_accounts *a, struct qn_group *g);
void qn_heat_accounts_clear(struct qn_heat_accounts *a);

/// All of it as bytes, freed with qn_free, and back into one of the same deck.
void qn_heat_accounts_pack(const struct qn_heat_accounts *a, void **bytes, size_t *size);
enum qn_status qn_heat_accounts_unpack(struct qn_heat_accounts *a, const void *bytes,
                                       size_t size) QN_MUST_USE;

/// Sums of a window of `span` seconds become rates.
void qn_window_heat_close(struct qn_window_heat *w, double span);
