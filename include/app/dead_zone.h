/// @file
/// Which parcels lie in a dead zone: over one block of the window none of them was met by a ball,
/// and each lies within half a diameter (of the largest) of where it lay before, as the wall sees
/// it.
///
/// The flags hold for the block that follows. Where no parcel moves at all there is no dead zone:
/// it is what the moving powder leaves out. Places are whole nanometres, so that ranks can add what
/// each of them owns.
#pragma once

#include <stdint.h>

#include "dem/engine.h"
#include "dem/state.h"

struct qn_dead_zone {
    int n;              ///< parcels
    int64_t first;      ///< id of the first parcel
    int seen;           ///< the places of an earlier block are known
    int64_t *place;     ///< shape [n][3], at the end of the last block [nm], owned
    int64_t *met;       ///< shape [n], contacts with balls in the open block (this rank's), owned
    int64_t *dead;      ///< shape [n], 1: in the dead zone now, owned
    int64_t lain;       ///< dead parcels, summed over closed blocks
    int64_t moved;      ///< changes from dead to loose and back
    const double *mass; ///< of each, borrowed [kg]; NULL: all alike
    double lain_share;  ///< lain and moved in masses of the first parcel, exact when all are alike
    double moved_share;
    int64_t hits, square; ///< exposures of a dead parcel in a block: sum, sum of squares
};

void qn_dead_zone_init(struct qn_dead_zone *z, int n_parcels, int64_t first);
void qn_dead_zone_free(struct qn_dead_zone *z);

/// A ball met parcel k.
static inline void qn_dead_zone_meet(struct qn_dead_zone *z, int k)
{
    z->met[k]++;
}

/// Which of n parcels lie still and unmet, from places at both ends of a block [nm], shape [n][3];
/// none if all do. @param half  distance that counts as still [nm] @param[out] dead  shape [n]
/// @return how many
int64_t qn_dead_zone_judge(int n, const int64_t *before, const int64_t *now, const int64_t *met,
                           double half, int64_t *dead);

/// Collective: the block ends. Books the parcels that were dead in it, with their exposures
/// `hits` [n] (all ranks'), and flags those of the next one.
void qn_dead_zone_block(struct qn_dead_zone *z, const struct qn_dem_model *m,
                        const struct qn_dem *dem, const int64_t *hits);

/// All of it as bytes, freed with qn_free, and back into one of as many parcels.
void qn_dead_zone_pack(const struct qn_dead_zone *z, void **bytes, size_t *size);
enum qn_status qn_dead_zone_unpack(struct qn_dead_zone *z, const void *bytes,
                                   size_t size) QN_MUST_USE;

/// Mean of dead parcels over `blocks` blocks of the window, the first of which has none, in masses
/// of the first parcel.
double qn_dead_zone_mean(const struct qn_dead_zone *z, int blocks);

/// Variance over mean of the exposures of a dead parcel in a block; 1 where there are none.
double qn_dead_zone_fano(const struct qn_dead_zone *z);
