/// @file
/// Replay: hours of chemistry as single jumps drawn from the stored exposures of a window.
///
/// For classes whose single hits change a carrier so much that a mean over hits misleads. Each
/// class is a population of carriers of one mass, each with its own state and clock: direct mode
/// (chem/carrier.h) fed with drawn exposures, so cold chemistry is advanced lazily, and elements,
/// order-free sums and books are its own. Hits of a class are a Poisson process; the k-th hit, its
/// time, exposure and carrier, is a pure function of (seed, class, k). A hit exposes phi =
/// m_x/m_carrier of its carrier; what is more than the carrier spills to the next one.
/// Rare hot exposures, kept in full by the window, come singly. Small ones come in bundles: one
/// jump at a rate 1/B with B times the mass, B phi <= 0.02, which keeps means and adds a second-
/// order closure error of about 0.07 x 0.02 of the conversion (joint study, section 2.5).
/// A class of more carriers than asked for is represented by a sample; its error falls as
/// 1/sqrt(carriers). Exchange between classes, at syncs, brings each carrier its share of the other
/// class's mean.
/// Gas. Frozen: it stands still between syncs, whose interval follows its change (0.4 % is good to
/// 1e-4 of what is made, test_bridge_duel); carriers are exact beside it. Where much surface meets
/// little gas that is stiff, and intervals end in milliseconds. Coupled: all carriers rest together
/// with the gas (chem/coupled.h) up to the mean time of the interval's jumps; these come at once,
/// each carrier's in their order, with what flows through and what classes swap; then all rest to
/// the interval's end. So one jump comes at its time, several are displaced about their mean: an
/// error of second order where carriers are alike, beside that one of random signs. The interval
/// follows what jumps and flow change in the gas, and no more than 5 % of a class is exposed in it.
/// Automatic: coupled once 64 intervals in a row took a twentieth of what jumps alone would have
/// allowed them, and from then on, through later stages: a question to the state, so that ranks
/// agree, and never asked back. Pulses stay with the carriers' owners, in turn; for a coupled rest
/// rows go to the owners of blocks of QN_COUPLED_BLOCK, which do not ask for ranks, and back. A
/// class in replay takes the whole stage with it: all classes share one population run. Not here:
/// bursts (hits are Poisson), carriers of different masses within a class.
#pragma once

#include "bridge/reservoir.h"
#include "chem/carrier_archive.h"

/// What the gas does while carriers rest; automatic: frozen until it proves stiff.
enum qn_replay_gas { QN_REPLAY_AUTOMATIC, QN_REPLAY_FROZEN, QN_REPLAY_COUPLED };

struct qn_replay_settings {
    uint64_t seed;
    double gate;                         ///< rises below this give their dose only            [K]
    double carrier[QN_SPECTRUM_CLASSES]; ///< mass of one carrier of each class               [kg]
    int most;                            ///< carriers of a class that are replayed
    double bundle;                       ///< exposed share up to which small hits are bundled
    double change;                       ///< of any gas in one interval, relative
    double exposed;                      ///< share of a class, at most, in one coupled interval
    enum qn_replay_gas gas;
    int threads;
    struct qn_group *group; ///< ranks that share the carriers, in turn; NULL: alone
};
struct qn_replay_settings qn_replay_defaults(void); ///< 1, 20 K, 1e-6 kg, 64, 0.02,
///< 4e-3, 0.05, automatic, 1

/// What a class's jumps are drawn from.
struct qn_replay_class {
    double mass;       ///< of the class                                                  [kg]
    double population; ///< carriers the class has, mass / carrier mass, rounded, at least 1
    int first, n;      ///< carriers that are replayed: [first, first + n)
    double rate;       ///< jumps of all n per second
    int n_events;
    struct qn_exposure *event; ///< shape [n_events], masses as bundled
    double *upto;              ///< sums of jump rates, shape [n_events]                  [1/s]
    double total;              ///< sum nu phi, as in the map                             [1/s]
    uint64_t drawn;            ///< jumps drawn so far
    double next;               ///< time of the next one                                  [s]
};

/// Intervals in a row of which it is asked whether the gas keeps them short.
struct qn_replay_streak {
    int64_t n;
    double from, length;           ///< where it began, of all intervals since            [s]
    double jumped[QN_MAX_SPECIES]; ///< what jumps had given to each gas by then        [mol]
};

struct qn_replay {
    struct qn_replay_settings set;
    struct qn_direct d;
    int n_classes;
    struct qn_replay_class cls[QN_SPECTRUM_CLASSES];
    double exchange[QN_SPECTRUM_CLASSES][QN_SPECTRUM_CLASSES]; ///< symmetric            [kg/s]
    double length; ///< of the next interval                                             [s]
    int coupled;   ///< 1: intervals are coupled from now on
    struct qn_replay_streak streak;
    int64_t jumps, syncs, repeats; ///< syncs: intervals taken
    int64_t together;              ///< of them, those with a coupled gas
    double struck, moment;         ///< by the jumps of the interval [kg], times their times [kg s]
    struct qn_exposure *queue;     ///< jumps of one interval on carriers owned here
    size_t queue_capacity;
    struct qn_direct_copy before; ///< state at the beginning of the interval
};

/// Where a replay begins.
struct qn_replay_start {
    const double *mass; ///< of each class, shape [reservoir's classes]                    [kg]
    const double *y;    ///< state of each class, shape [classes * n_surface]          [mol/kg]
    double time;        ///< [s]
    double span;        ///< of the window that filled the reservoir                      [s]
    int pool;           ///< class through which powder goes when masses change
};

/// Start; collective over the group, as all below. Copies what it needs of the closed reservoir,
/// borrows the mechanism.
void qn_replay_init(struct qn_replay *r, const struct qn_matter *matter, const struct qn_gas *gas,
                    const struct qn_reservoir *events, const struct qn_replay_start *start,
                    const struct qn_replay_settings *set);
void qn_replay_free(struct qn_replay *r);

/// Can these carriers be the carriers of another stage: as many of each class?
int qn_replay_fits(const struct qn_replay *r, const struct qn_replay_start *start, int n_classes,
                   const struct qn_replay_settings *set);

/// Another stage with the same carriers, each as it is: another gas, other hits (NULL: none), pores
/// of another layer (`matter`, of the same mechanism and areas), new books; jumps go on to be
/// counted and drawn where they stood. Where classes have other masses, all carriers of one give
/// alike, of what they are, to the pool, and gain alike what the pool then is on the mean (as
/// qn_mix_moved). `start->y` is not asked for. Collective.
void qn_replay_go_on(struct qn_replay *r, const struct qn_matter *matter, const struct qn_gas *gas,
                     const struct qn_reservoir *events, const struct qn_replay_start *start,
                     const struct qn_replay_settings *set);

/// Carriers of each class are at T [K] from now on, shape [n_classes].
void qn_replay_warm(struct qn_replay *r, const double *T);

/// Advance to time t, or by at most `most` intervals (0: all); r->d.time says how far it came.
/// @return QN_ERR_PHYSICS when a pulse fails or no interval is short enough for the gas
enum qn_status qn_replay_run(struct qn_replay *r, double t, int most) QN_MUST_USE;

/// Mean state of a class, shape [n_surface]  [mol/kg].
void qn_replay_mean(const struct qn_replay *r, int cls, double *y);

/// Standard error over mean, over the carriers of a class, of how much of species k they hold;
/// 0 when the class has none or fewer than two carriers.
double qn_replay_error(const struct qn_replay *r, int cls, int k);

/// State for checkpoints, on rank 0 (nothing elsewhere); the bytes are freed with qn_free. Unpack
/// the same bytes on every rank into a freshly started one.
void qn_replay_pack(const struct qn_replay *r, void **bytes, size_t *size);
enum qn_status qn_replay_unpack(struct qn_replay *r, const void *bytes, size_t size) QN_MUST_USE;
