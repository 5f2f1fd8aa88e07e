/// @file
/// The mechanical system: a const description, and the state that steps.
///
/// Layout and reasons: two phases a step (all contacts, then all bodies), a half list owned by the
/// lower index, contacts in blocks of VL with their history, one push a contact that each body
/// gathers in partner order. An outer list is rebuilt rarely, an inner one pruned from it as soon
/// as some body has used up its allowance; neither changes a bit. Indices follow ids.
///
/// Public calls are in `dem/engine.h`; this header is for the files of `dem/` and its tests.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/exact_sum.h"
#include "dem/contact.h"
#include "model/episode.h"
#include "model/motion.h"
#include "model/vessel.h"
#include "par/group.h"

enum { QN_DEM_SPECIES = 4, QN_DEM_CLASSES = QN_DEM_SPECIES * QN_DEM_SPECIES };

/// Bodies of one kind and material; the wall is a species too.
struct qn_dem_species {
    enum qn_kind kind;
    double density; ///< of the body [kg/m3]
    double young;   ///< of the engine (softened) [Pa]
    double poisson;
};

/// Everything that does not change while it runs.
struct qn_dem_model {
    double dt; ///< [s]
    struct qn_vessel vessel;
    struct qn_motion motion;
    int n_species; ///< body species; the wall is species n_species
    struct qn_dem_species species[QN_DEM_SPECIES];
    int class_of[QN_DEM_SPECIES][QN_DEM_SPECIES]; ///< pair class of two species
    int n_classes;
    struct qn_pair_class classes[QN_DEM_CLASSES];
    double skin_speed; ///< speed the outer list's skin is made for        [m/s]
};

/// Two cache lines a body; groups of four doubles, so that contacts transpose in registers.
struct qn_body {
    double x[3], R;       ///< position, radius                                      [m]
    double v[3], im;      ///< velocity half a step before x [m/s], 1/mass           [1/kg]
    double w[3], iI;      ///< spin [rad/s], 1/inertia                               [1/(kg m2)]
    double x0[3], allow2; ///< position at the last pruning [m], allowance squared   [m2]
};

/// Work of the uniform body forces on one body, per unit mass.
struct qn_tally {
    double gravity, frame; ///< [J/kg]
};

/// Blocks [first, last) hold contacts of one class, with a wall or between bodies.
struct qn_section {
    int first, last;
    int klass;
    int wall;  ///< wall number, -1: between bodies
    int asked; ///< the wall is asked body by body: it turns, or has no vector kernel
};

/// Inner list: contacts and where each body finds its pushes.
struct qn_inner {
    int n_blocks; ///< block 0 is empty and its pushes stay zero
    struct qn_block *block;
    size_t cap_block;
    double *push; ///< shape [n_blocks * VL][QN_PUSH]
    size_t cap_push;
    struct qn_contact_cold *cold; ///< shape [n_blocks * VL]
    size_t cap_cold;
    int *wall_slot; ///< shape [n][n_walls], slot or 0
    size_t cap_wall;
};

/// Outer list: pairs that may meet before the next rebuild, by owner and by both ends.
struct qn_outer {
    int *row, *col, *slot; ///< shape [n + 1], [m], [m]; slot 0: not in the inner list
    int *both_row, *both;  ///< shape [n + 1], [2 m]: 2 pair + side, by partner id
    int n_pairs;
    size_t cap_row, cap_col, cap_slot, cap_both_row, cap_both;
};

/// Finished episodes of one thread since the last drain.
struct qn_event_buffer {
    struct qn_episode *event;
    size_t count, capacity;
    char pad[40]; ///< a cache line each
};

/// What finished episodes booked [J]: order-free, so that no number of ranks changes a total.
enum qn_closed {
    QN_CLOSED_WORK,
    QN_CLOSED_DRIVE,
    QN_CLOSED_NORMAL,
    QN_CLOSED_SLIP,
    QN_CLOSED_ROLL,
    QN_CLOSED_TWIST,
    QN_CLOSED_COHESION,
    QN_CLOSED_E_NUM,
    QN_CLOSED
};

struct qn_domain; ///< who owns which body, dem/domain.h
struct qn_halo;   ///< ghosts and their exchange, dem/halo.h
struct qn_fault;  ///< what a guard left, dem/fault.h

struct qn_dem {
    int n;                    ///< bodies here, ghosts too; body[n], body[n + 1] are the dummies
    int64_t n_total;          ///< bodies of all ranks
    int64_t step;             ///< steps done
    struct qn_group *group;   ///< ranks that share the bodies; borrowed
    struct qn_domain *domain; ///< NULL when alone
    struct qn_halo *halo;     ///< NULL when alone
    int64_t *id;              ///< ascending, shape [n]
    int *rank;                ///< owner, shape [n]
    int *own, n_own;          ///< indices of the bodies owned here, shape [n_own]
    int *was;                 ///< index before the last rebuild, -1 for none; shape [n]
    int64_t *id_was;          ///< ids before the last rebuild, shape [n then]
    struct qn_body *body;     ///< shape [n + 2]
    double *mass;             ///< shape [n]
    int *species;             ///< shape [n]
    struct qn_tally *tally;   ///< shape [n]
    double (*built)[3];       ///< positions at the last rebuild, shape [n]
    double *half_skin;        ///< shape [n]
    double *work;             ///< beside bodies and contacts since the last balance, shape [n]
    double *allow;            ///< flight until the inner list is stale, shape [n]  [m]
    size_t cap_body, cap_mass, cap_species, cap_tally, cap_built, cap_half, cap_allow, cap_work;
    size_t cap_id, cap_rank, cap_own, cap_was, cap_id_was;
    struct qn_outer outer, outer_old;
    struct qn_inner inner, inner_old;
    int *gather_row, *gather; ///< shape [n + 1], entries 2 slot + side, rows padded to even
    size_t cap_gather_row, cap_gather;
    int n_sections;
    struct qn_section section[QN_DEM_CLASSES + QN_DEM_SPECIES * QN_MAX_WALLS];
    int *keep; ///< scratch of pruning, shape [pairs + n * n_walls]
    size_t cap_keep;
    int stale;                    ///< 2: rebuild, 1: prune, before the next contacts
    double wall_room, wall_moved; ///< how far walls may turn until the inner list is stale; so far
                                  ///< [m]
    int walls_turn;               ///< some wall does not stay where it is
    int64_t paranoid;             ///< steps between checks against brute force; 0: none
    struct qn_fault *fault;       ///< NULL: no guard has fired here; owned
    int n_threads;
    struct qn_event_buffer *buffer; ///< shape [n_threads]
    struct qn_episode *drained;
    size_t n_drained, cap_drained;
    struct qn_exact closed[QN_CLOSED]; ///< of the episodes written here
    double ke_start;                   ///< of all bodies at the start, half-step velocities  [J]
    int64_t n_rebuilds, n_prunes;
    int64_t n_episodes, n_capped; ///< of the episodes written here
};

static inline int qn_is_own(const struct qn_dem *s, int i)
{
    return s->rank[i] == s->group->rank;
}

/// Half of the skin of a body's outer list [m].
static inline double qn_half_skin(const struct qn_dem_model *m, double radius)
{
    return 0.2 * radius + 40.0 * m->dt * m->skin_speed;
}

/// Pairs of indices, lower first.
struct qn_pairs {
    int (*p)[2];
    size_t n, cap;
};

/// Room for n bodies in every array that has one entry a body.
void qn_dem_room(struct qn_dem *s, size_t n);
/// Indices of the owned bodies, and the two dummies behind the last body.
void qn_dem_tidy(const struct qn_dem_model *m, struct qn_dem *s);

/// Outer list from the bodies as they are.
void qn_outer_rebuild(const struct qn_dem_model *m, struct qn_dem *s);
/// How far each body may fly before the inner list is stale; guards the state of each.
/// @param[in,out] rebuild  1: the outer list is about to be rebuilt; set when it must be
enum qn_status qn_allowances(const struct qn_dem_model *m, struct qn_dem *s,
                             int *rebuild) QN_MUST_USE;
/// Inner list from the outer one and the allowances.
void qn_inner_prune(const struct qn_dem_model *m, struct qn_dem *s);
/// Whatever `stale` asks for: bodies to their owners, outer list, inner list. Collective when it is
/// a rebuild.
enum qn_status qn_lists_renew(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;

/// A step without doubts; qn_dem_step may put paranoid checks around it.
enum qn_status qn_engine_step(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;

/// Name the first contact whose overlap is above its guard, QN_ERR_PHYSICS.
enum qn_status qn_guard_deep(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE
    __attribute__((cold));

/// Lanes of a block whose contact has just begun or ended; rare. `touch_*` are VL doubles.
struct qn_change {
    const double *depth, *un, *ut; ///< overlap, closing is -un, tangential speed
    const double *spin;            ///< relative spin
    double now;
};
void qn_track_change(const struct qn_dem_model *m, struct qn_dem *s, int block, int klass,
                     const struct qn_change *seen, struct qn_event_buffer *out);

/// Cut every contact that lasts longer than its piece; called at fixed steps.
void qn_track_cut(const struct qn_dem_model *m, struct qn_dem *s, double now);

/// One field of one contact.
static inline double *qn_field(struct qn_block *block, int slot, int field)
{
    return (double *)&block[slot / QN_VL].h[field] + slot % QN_VL;
}
