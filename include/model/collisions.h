/// @file
/// Statistics of contact episodes: energy spectra by pair kind and the normal-tangential map.
///
/// Ten bins a decade, 1e-9 to 10 J. An *impact* is an episode from its first touch (not a later
/// piece of a lasting contact) with v_n above QN_IMPACT_SPEED; only impacts are counted in rates
/// and impact spectra. Dissipation counts every episode, also sliding and rolling ones. The cut-off
/// changes rates and hardly changes energies: it is stored beside every spectrum.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/sums.h"
#include "model/episode.h"

enum { QN_ENERGY_BINS = 100, QN_MAP_BINS = 50 };

static const double QN_ENERGY_LOWEST = 1e-9; ///< lower edge of bin 0               [J]
static const double QN_IMPACT_SPEED = 1e-2;  ///< v_n above which an episode is an impact [m/s]

/// Sums over a span; all plain doubles, so that it can be stored and added as an array.
struct qn_collisions {
    double span; ///< mill time covered                                              [s]
    double impacts[QN_PAIR_KINDS];                           ///< number
    double episodes[QN_PAIR_KINDS];                          ///< number, pieces included
    double impact_n[QN_PAIR_KINDS], impact_t[QN_PAIR_KINDS]; ///< sums of 1/2 m* v^2  [J]
    double normal[QN_PAIR_KINDS], slip[QN_PAIR_KINDS], roll[QN_PAIR_KINDS]; ///< dissipated [J]
    double twist[QN_PAIR_KINDS], cohesion[QN_PAIR_KINDS];                   ///< dissipated [J]
    double count[QN_PAIR_KINDS][QN_ENERGY_BINS];  ///< impacts by 1/2 m* (v_n^2 + v_t^2)
    double energy[QN_PAIR_KINDS][QN_ENERGY_BINS]; ///< their energy                   [J]
    double loss[QN_PAIR_KINDS][QN_ENERGY_BINS];   ///< impacts by dissipated energy
    double map[QN_MAP_BINS][QN_MAP_BINS];         ///< media impacts, normal by tangential energy,
                                                  ///< five bins a decade
};

/// Bin of an energy, clamped to the first and the last.
int qn_energy_bin(double joule);

/// Is it an impact in the sense above?
int qn_is_impact(const struct qn_episode *e);

/// Count `n` episodes, through order-free sums (NULL: into the doubles).
void qn_collisions_add(struct qn_collisions *c, const struct qn_episode *e, size_t n,
                       struct qn_sums *sums);

/// Dissipated energy of all pair kinds [J].
double qn_collisions_loss(const struct qn_collisions *c);
