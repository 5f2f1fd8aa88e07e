/// @file
/// Direct mode: a batch of carriers, each with its own state and clock, and the gas they share.
///
/// A carrier that is exposed is brought to the time of its exposure with its own cold chemistry, a
/// share phi = min(1, m_exposed/m_carrier) of it goes through the pulse, and is mixed back after
/// the tail is cut. Untouched carriers wait until qn_direct_sync, where all come to one time and
/// the gas, frozen since the last sync, takes what they gave. What they gave is added up in an
/// order-free sum, so threads do not change bits; carriers never see each other between syncs, so
/// rests and pulses go side by side in vector lanes, each with steps of its own (chem/crowd.h):
/// exposures in rounds, the first of every carrier, then the second ...
///
/// Where the carriers change their gas faster than that, qn_direct_couple lets them rest together
/// with it instead (bridge/replay.h).
///
/// In a group of ranks every rank has a row for every carrier, but only the owner's is true; rows
/// move with their owners (qn_direct_move). The gas and the books are the same on all ranks.
#pragma once

#include <stddef.h>

#include "base/exact_sum.h"
#include "chem/crowd.h"
#include "chem/gas.h"
#include "chem/pulse.h"
#include "par/group.h"

struct qn_coupled;
struct qn_coupled_carrier;

/// Channels in which moles of a reaction are booked.
enum qn_channel { QN_CHANNEL_BULK, QN_CHANNEL_HOT, QN_CHANNELS };

/// What happened since the start.
struct qn_books {
    double *reaction;             ///< [n_reactions * QN_CHANNELS] net moles
    double *impact;               ///< [n_impacts] moles
    double element_error;         ///< largest relative change of an element's total since the start
    int64_t pulses;               ///< exposures solved as pulses
    int64_t doses;                ///< exposures below the gate: dose only
    int64_t steps;                ///< integrator steps, holds and pulses
    struct qn_exact gated_energy; ///< energy of exposures below the gate            [J]
};

struct qn_direct {
    struct qn_matter matter;
    struct qn_pulse_settings set;
    double gate; ///< rises below this are not solved as pulses                [K]
    struct qn_gas gas;
    struct qn_flow flow;    ///< through the headspace, at every sync; rate 0: closed
    double time;            ///< of the last sync                                        [s]
    int n;                  ///< carriers
    double *y;              ///< [n * n_surface], a carrier's species together     [mol/kg]
    double *mass;           ///< [n]                                                     [kg]
    double *clock;          ///< [n] time of each carrier                                 [s]
    double *T;              ///< [n] temperature of each carrier, between hits            [K]
    struct qn_books books;  ///< up to the last sync
    struct qn_group *group; ///< borrowed
    double *cost;           ///< [n] integrator steps of each carrier; the caller clears it
    unsigned char *mine;    ///< [n] 1: this rank owns the carrier
    // inside
    int64_t pulses, doses, steps;           ///< here since the last sync
    struct qn_exact gated;                  ///< here since the last sync                   [J]
    struct qn_exact start[QN_MAX_ELEMENTS]; ///< element totals at the start
    struct qn_exact *given; ///< [threads * n_sums] moles to gas, reactions, impacts since sync
    int n_sums, threads;
    struct qn_pulse_work work; ///< of settling
    struct qn_crowd *crowd;
    struct qn_crowd_job *jobs; ///< [n]
    const struct qn_exposure **order;
    size_t *turn;               ///< exposures of a round, in `order`
    struct qn_shot *shot;       ///< of a round
    double *hot;                ///< of a round, what the exposed shares become
    struct qn_coupled *coupled; ///< NULL before the first coupled rest
    struct qn_coupled_carrier *together;
    size_t order_capacity, turn_capacity, shot_capacity, hot_capacity, together_capacity;
    char message[512];
};

/// The carriers a direct span begins with, all in one state.
struct qn_start {
    int n;                  ///< carriers
    const double *mass;     ///< shape [n]                                                 [kg]
    const double *y;        ///< state of each, shape [n_surface]                        [mol/kg]
    double time;            ///< [s]
    int threads;            ///< workspaces, 1 or more
    struct qn_group *group; ///< ranks that share the carriers, rank 0 owns all; NULL: alone
};

/// Start carriers under a gas, at its temperature. Copies everything; the mechanism is borrowed.
void qn_direct_init(struct qn_direct *d, const struct qn_matter *matter, const struct qn_gas *gas,
                    const struct qn_start *start);
void qn_direct_free(struct qn_direct *d);

/// Carriers [first, last) are at T [K] from now on.
void qn_direct_warm(struct qn_direct *d, int first, int last, double T);

/// The same carriers under another gas, at its temperature and at another time, with new books.
/// Right after a sync. Collective.
void qn_direct_stage(struct qn_direct *d, const struct qn_gas *gas, double time);

/// Take the present state for the start of the books: for a caller that set carriers by hand.
void qn_direct_restart(struct qn_direct *d);

/// Let powder and gas find their cold state together for `dt` seconds of a closed batch, before
/// the clock runs; all carriers must still be alike (they take the first one's state), and as
/// warm.
enum qn_status qn_direct_settle(struct qn_direct *d, double dt) QN_MUST_USE;

/// Carriers change their owners: row and clock go to rank `to[i]`, shape [n], the same on all ranks
/// for carriers owned here. Collective.
void qn_direct_move(struct qn_direct *d, const int *to);

/// Expose carriers owned here; each x->carrier in [0, n), x->time not before the last sync. Any
/// order: they are sorted by carrier, time and mass. Threads take carriers. Not collective.
enum qn_status qn_direct_expose(struct qn_direct *d, const struct qn_exposure *x,
                                size_t n) QN_MUST_USE;

/// Rest for dt of all carriers together with their gas, as one stiff system (chem/coupled.h), for
/// mechanisms that qn_coupled_fits; the gas is up to date then. The clocks of the carriers are set
/// to `until`, the time of the last sync stays. All clocks must be alike before. Collective.
/// @return QN_ERR_PHYSICS when the step size collapses
enum qn_status qn_direct_couple(struct qn_direct *d, double dt, double until) QN_MUST_USE;

/// Moles that exposures have given to each gas so far, by the books, shape [n_gas].
void qn_direct_jumped(const struct qn_direct *d, double *moles);

/// Bring every carrier to time t, exchange gas, check elements. Collective.
/// @return QN_ERR_PHYSICS when a gas was overdrawn (sync more often) or an element is lost
enum qn_status qn_direct_sync(struct qn_direct *d, double t) QN_MUST_USE;

/// Largest relative change of any gas's moles waiting for the next sync. Collective.
double qn_direct_pending(const struct qn_direct *d);

/// Mass-weighted mean state of carriers [first, last), shape [n_surface]  [mol/kg]. Collective.
void qn_direct_mean(const struct qn_direct *d, int first, int last, double *y);
