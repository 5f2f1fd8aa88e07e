/// @file
/// The bodies of one simulation on many ranks: who owns which.
///
/// Space is cut by recursive bisection into one box a rank (par/partition.h), in axes that travel
/// with the vial and do not turn; a body belongs to the rank in whose box its centre lies at a
/// rebuild. Cuts move when the counted work (bodies, listed contacts, what the caller adds) is
/// uneven. A body migrates with its open contacts, history and all.
/// Lists never change a bit, so ranks prune on their own; only rebuilds are agreed, once a step,
/// together with failures.
#pragma once

#include "dem/halo.h"

struct qn_partition;

/// Phases of a step that are timed when there are several ranks: work, and apart from it waiting.
enum qn_step_phase {
    QN_STEP_CONTACTS,
    QN_STEP_BODIES,
    QN_STEP_EXCHANGE,
    QN_STEP_LISTS,
    QN_STEP_WAITING,
    QN_STEP_PHASES
};
const char *qn_step_phase_name(enum qn_step_phase phase);

/// A body that went to another rank.
struct qn_departure {
    int64_t id;
    int to;    ///< rank
    int index; ///< here, before it left
};

struct qn_domain {
    struct qn_partition *partition;
    struct qn_contact_record *arrived; ///< open contacts of bodies that arrived
    size_t n_arrived;
    struct qn_departure *left; ///< bodies that left at the last rebuild
    size_t n_left, cap_left;
    int since; ///< rebuilds since the cuts moved
    int shake; ///< for tests: new cuts at every rebuild, elsewhere each time
    int64_t rebuilds, balances, migrated; ///< of this rank; the first two are everybody's
    double imbalance, worst;              ///< largest work over the mean: sum over rebuilds, worst
    double wall[QN_STEP_PHASES];          ///< time of this rank by phase              [s]
    double waited;                        ///< of the group, when last looked at       [s]
    double work_since;                    ///< step at which the work was last weighed
};

/// Cuts for all bodies, which every rank still holds; marks their owners.
struct qn_domain *qn_domain_new(struct qn_dem *s);
void qn_domain_free(struct qn_domain *d);

/// Before a rebuild: move bodies to their owners and fetch everything that may come near.
void qn_domain_gather(const struct qn_dem_model *m, struct qn_dem *s);

/// After the inner list is made: histories of the contacts that came with arriving bodies.
enum qn_status qn_domain_place_contacts(struct qn_dem *s) QN_MUST_USE;

/// Count work that the caller did for a body (episodes, pulses), in units of a body's step, so
/// that the balance of the ranks knows of it. Changes no result.
void qn_dem_add_work(struct qn_dem *s, int64_t id, double amount);

/// What all ranks counted since the start.
struct qn_domain_stats {
    int ranks;
    int64_t steps, rebuilds, balances;
    double migrated;         ///< bodies that changed their owner, per rebuild
    double ghosts, offered;  ///< per owned body, mean over rebuilds
    double messages, bytes;  ///< per rank and step
    double imbalance, worst; ///< largest counted work over the mean: mean and worst of rebuilds
    double wall[QN_STEP_PHASES][3]; ///< least, mean, largest time of a rank by phase  [s]
};

/// Collective; all zero when alone.
void qn_domain_read(const struct qn_dem *s, struct qn_domain_stats *out);
