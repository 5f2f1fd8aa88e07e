/// @file
/// The pulse term of bridged mode: average the pulse's map, not its rate constants.
///
///     P(theta) = sum_q nu_q phi_q [Phi_q(theta) - theta]
///
/// with Phi_q the stiff integration of one representative hit q of the window's spectrum from the
/// present state. It is exact for linear and affine networks under Poisson hits; averaging rate
/// constants over a temperature spectrum instead was wrong 3,800 times for a 33-step mechanism.
/// The linear limit (thermal rates add up at a fixed state; impacts as in the map) is for pulses
/// that change no species by 2 %, where the two agree to that; it needs no stiff solve.
#pragma once

#include "bridge/spectrum.h"
#include "chem/crowd.h"
#include "par/group.h"

/// How a class is carried over the hours.
enum qn_level {
    QN_LEVEL_LINEAR, ///< effective rates add up: no species changes by 2 % in a pulse
    QN_LEVEL_MAP,    ///< pulse map
    QN_LEVEL_REPLAY, ///< single hits change a carrier too much for a mean
};
const char *qn_level_name(enum qn_level level);

/// Who chooses the level of a class. Automatic: the criterion, at the start and again at the end of
/// every segment, upwards only (linear, map, replay), so that a class never goes to and fro.
enum qn_choice {
    QN_CHOICE_AUTOMATIC,
    QN_CHOICE_LINEAR,
    QN_CHOICE_MAP,
    QN_CHOICE_REPLAY, ///< bridged mode carries it by the map until the caller replays
};

/// One class of matter and its hits.
struct qn_map {
    struct qn_matter matter;
    struct qn_pulse_settings set;
    double T;            ///< of the matter before a hit                              [K]
    double gate;         ///< hits below this rise give their dose only               [K]
    enum qn_level level; ///< LINEAR or MAP; the caller sets it
    int n_hits;
    struct qn_hit *hit;           ///< [n_hits]
    struct qn_pulse_curve *curve; ///< [n_hits], of those with a spot
    double total;                 ///< sum of nu phi                                   [1/s]
    int threads;
    struct qn_group *group;     ///< ranks that share the hits; borrowed, never NULL
    struct qn_crowd *crowd;     ///< takes the hits of the map side by side
    struct qn_crowd_job *job;   ///< [n_hits] those of this rank
    struct qn_shot *shot;       ///< [n_hits]
    double *hot;                ///< [n_hits * n_surface] what the hits leave       [mol/kg]
    struct qn_pulse_work *work; ///< [threads] of the linear limit
    double *gain;               ///< [n_hits * stride] what each hit does; see qn_map_term
    int stride;                 ///< n_surface + n_gas + n_reactions + n_impacts
    char message[512];
};

/// Hits of class `cls` of a spectrum. `scale` multiplies their rate (a carrier mass other than the
/// window's).
void qn_map_init(struct qn_map *map, const struct qn_matter *matter, const struct qn_spectrum *s,
                 int cls, double T, double gate, int threads);
void qn_map_free(struct qn_map *map);

/// The pulse term at state y with headspace concentrations `gas` [mol/m3].
/// @param[out] rate  shape [stride]: d/dt of surface species, moles given to the gas, extents of
///                   the reactions, extents of the impact reactions, all [mol/(kg s)]
enum qn_status qn_map_term(struct qn_map *map, const double *y, const double *gas,
                           double *rate) QN_MUST_USE;

/// What decides the level, from the gains of the last qn_map_term at state y.
struct qn_criterion {
    double A;   ///< largest relative change of any species in the strongest hit that carries
                ///< more than 1 % of the change
    double eps; ///< change of a carrier by one hit: mean of phi X weighted by nu phi X
    enum qn_level level; ///< A < 0.02 linear; else eps < 0.05 map; else replay
};
/// @param carrier  mass of one carrier [kg]
struct qn_criterion qn_map_criterion(const struct qn_map *map, const double *y, double carrier);
