/// @file
/// Exposures of a deck: constants of the hot spots, and which carrier each exposure falls on.
///
/// Carriers, in order: one coating a ball, one coating of the wall, then one a parcel or, with
/// carried powder, the reserve of all loose powder.
#pragma once

#include "app/deck_types.h"
#include "exposure/capture.h"

struct qn_carriers {
    int balls;         ///< carriers 0 .. balls - 1
    int wall;          ///< index of the wall's coating
    int loose;         ///< index of the first loose carrier
    int n_loose;       ///< parcels, or 1 reserve, or 0
    int n;             ///< all carriers
    double *mass;      ///< shape [n], owned                                       [kg]
    double ball_share; ///< of the layer between a ball and the wall, what lies on the ball [-]
    double pick_up;    ///< share of a trapped layer that comes from the reserve; 0: no reserve [-]
    uint64_t seed;
};

/// Constants for `qn_expose`. The bulk temperature enters only through the distance to melting and
/// is taken at 298.15 K, so that a window serves any bulk temperature. Without powder: bare media.
struct qn_expose_model qn_exposing_model(const struct qn_deck *deck);

/// Lay out the carriers of a powder form; free with qn_carriers_free.
void qn_carriers_init(const struct qn_deck *deck, enum qn_powder_form powder,
                      struct qn_carriers *c);
void qn_carriers_free(struct qn_carriers *c);

/// What a contact swaps: the `exchange` share of `mass` from one carrier's powder to the other's,
/// and as much back.
struct qn_swap {
    int carrier, partner;
    double mass; ///< [kg]
};

/// Expose one episode and give each exposure its carrier; returns how many (at most 2).
/// The two halves of a trapped layer come one from each coating, from unlike coatings each with the
/// probability of its share; which is which is drawn from (seed, pair, end of the episode). With
/// carried powder either half is, with the probability `powder.exchange`, loose powder instead:
/// what a contact swaps into the coating lies in the gap when it is pressed, so the swapped share
/// of a trapped mass is exposed as reserve.
/// @param[out] swap  one an exposure: with carried powder coating and reserve, else the powders of
///                   both bodies; NULL: not asked for
int qn_exposing_episode(const struct qn_carriers *c, const struct qn_expose_model *m,
                        const struct qn_episode *e, struct qn_exposure out[2],
                        struct qn_swap swap[2]);
