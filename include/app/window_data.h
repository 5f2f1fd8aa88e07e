/// @file
/// What a mechanical window holds: blocks, spectra, books, strongest events.
#pragma once

#include "app/heat_accounts.h"
#include "app/powder_classes.h"
#include "app/session.h"
#include "bridge/reservoir.h"
#include "bridge/tail.h"
#include "dem/ledger.h"
#include "exposure/hot_spectrum.h"
#include "model/collisions.h"

enum { QN_WINDOW_BLOCKS = 48, QN_STRONG_EVENTS = 20000, QN_STRONG_FIELDS = 12 };

/// One block of time of the window.
struct qn_window_block {
    double time;    ///< at its end                                               [s]
    double power;   ///< dissipated                                               [W]
    double kinetic; ///< at its end                                               [J]
    double impacts; ///< per second
    double mass;    ///< powder taken by contacts                               [kg/s]
};

struct qn_window {
    uint64_t hash;           ///< of the mechanical part of the deck
    double dt;               ///< [s]
    int64_t steps, episodes; ///< whole run, start-up included
    double begin, span;      ///< after the start-up                          [s]
    double settled[2];       ///< time the bodies took [s], what was left of m g R [-]; 0: not asked
    int still;               ///< the statistics held still within the tolerance
    int n_blocks;
    struct qn_window_block block[QN_WINDOW_BLOCKS];
    struct qn_collisions collisions;
    struct qn_hot_spectrum hot;
    struct qn_ledger ledger; ///< from rest to the end of the window
    /// powder swapped between classes, symmetric; a sum until the window is closed      [kg/s]
    double exchange[QN_POWDER_CLASSES][QN_POWDER_CLASSES];
    double mass[QN_POWDER_CLASSES]; ///< mean over the window                         [kg]
    /// of exposures x [kg] of carriers of mass m: sums of x^2 and of x^2/m    [kg2], [kg]
    double exposed[QN_POWDER_CLASSES][2];
    double dose_on[2];   ///< energy loose powder takes on balls and wall; as exchange [W]
    double impact_on[2]; ///< impact energy on balls and wall          [W]
    uint64_t state;      ///< digest of the mechanical state at the end
    int reused;          ///< read from a file
    int64_t n_strong;    ///< strongest media episodes, by dissipated energy
    double (*strong)[QN_STRONG_FIELDS]; ///< shape [QN_STRONG_EVENTS * 2], owned
    struct qn_reservoir *events;        ///< raw exposures of the same classes, owned
    struct qn_window_heat heat;         ///< and sliding; sums until the window is closed
    int64_t n_bodies;                   ///< with accounts of their own: balls, wall, powder
    struct qn_body_heat *bodies;        ///< shape [n_bodies], owned
    struct qn_spectrum spectrum;        ///< joint spectrum of pulses by powder class
};

/// Names of the columns of `strong`, ended by NULL.
extern const char *const qn_strong_columns[];

/// The one mass of carrier that stands for a class whose carriers differ in size [kg].
///
/// A hit exposes x of a carrier of mass m and converts X of that: eps = (x/m) X, and a kilogram
/// turns over at sum x X, whatever m is. What depends on m is of the next order: what is exposed
/// again, or at once, sum x (x/m) X. So 1/m is to be weighted with x^2: m = sum x^2/sum (x^2/m)
/// over the exposures of the window (X alike in all). Where every kilogram is met alike that is
/// total mass over number; where all carriers are met alike and wholly (x = m), the mean by mass.
/// @param mean  what it is without any exposure
double qn_window_carrier(const struct qn_window *w, int cls, double mean);

/// Put its results into a store (spectra, blocks, ledger, statistics).
void qn_window_results(const struct qn_window *w, struct qn_store *store);
