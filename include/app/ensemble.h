/// @file
/// Many runs in one job: replicas, listed conditions or a grid of them, over groups of ranks.
///
/// Ranks are cut into groups; each group takes its members in turn and decomposes each over its
/// ranks. A member is an ordinary run with a run file of its own, equal to the bit to a run of its
/// own. All decks are read before the first member runs, so a wrong key stops the job at once; a
/// member that fails later (a guard, a full disk) is noted and the others go on.
#pragma once

#include "app/deck_types.h"
#include "app/run_options.h"
#include "par/group.h"

enum { QN_MEMBER_NAME = 64 };

struct qn_member {
    char name[QN_MEMBER_NAME];
    int n_set;
    struct qn_override *set; ///< shape [n_set]; keys and values owned
};

struct qn_ensemble {
    const char *deck; ///< borrowed
    int n_base;
    const struct qn_override *base; ///< of the command line, for all members; borrowed
    int n;
    struct qn_member *member; ///< shape [n], owned
};

/// N members whose seeds count up from the deck's.
enum qn_status qn_ensemble_replicas(struct qn_ensemble *e, int n) QN_MUST_USE;

/// Members of a sweep file. Faults carry file:line:column.
enum qn_status qn_ensemble_sweep(struct qn_ensemble *e, const char *path) QN_MUST_USE;

/// Read every member's deck; all faults at once.
enum qn_status qn_ensemble_check(const struct qn_ensemble *e) QN_MUST_USE;

void qn_ensemble_free(struct qn_ensemble *e);

/// Run all members; collective over `world`. Groups are `n_groups`, this rank's is number `mine`
/// (-1: it has none and only waits). Rank 0 of the world writes <output>-members.csv and prints it.
/// @return the worst status of any member
enum qn_status qn_ensemble_run(const struct qn_ensemble *e, const struct qn_run_options *options,
                               struct qn_group *world, struct qn_group *group, int mine,
                               int n_groups) QN_MUST_USE;
