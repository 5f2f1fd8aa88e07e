/// @file
/// Inner list: the pairs that can meet before some body has used up its allowance.
///
/// Contacts live in blocks of one class each; between two prunings a contact keeps its slot, its
/// history and its last push. Nothing here changes a bit of the trajectory: a pair that is listed
/// and does not touch adds zero.
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "dem/domain.h"
#include "dem/fault.h"
#include "dem/walls.h"

static const double FLIGHT = 12.0; ///< steps of flight a body is allowed between prunings
static const double REST = 0.004;  ///< and a share of its radius, for bodies at rest

/// A sound state, or a clear word about the first body that is not.
static enum qn_status check_body(const struct qn_dem_model *m, struct qn_dem *s,
                                 const struct qn_wall_frames *frames, int i)
{
    const struct qn_body *b = &s->body[i];
    const double t = m->dt * (double)s->step;
    const double v = sqrt(b->v[0] * b->v[0] + b->v[1] * b->v[1] + b->v[2] * b->v[2]);
    if (!isfinite(b->x[0] + b->x[1] + b->x[2] + v + b->w[0] + b->w[1] + b->w[2])) {
        (void)qn_fail(QN_ERR_PHYSICS,
                      "body %lld is not a number at t = %.9g s (step %lld): x = (%g, %g, %g) m, "
                      "speed %g m/s; a smaller contact.hertz_fraction is the usual remedy",
                      (long long)s->id[i], t, (long long)s->step, b->x[0], b->x[1], b->x[2], v);
        return qn_fault_take(m, s, i);
    }
    for (int k = 0; k < m->vessel.n_walls; k++) {
        if (qn_wall_reaches(&m->vessel.wall[k], frames, b->x, 0.0)) {
            (void)qn_fail(QN_ERR_PHYSICS,
                          "body %lld left the vial through wall %d at t = %.9g s (step %lld): "
                          "x = (%g, %g, %g) m, R = %g m, speed %g m/s",
                          (long long)s->id[i], k, t, (long long)s->step, b->x[0], b->x[1], b->x[2],
                          b->R, v);
            return qn_fault_take(m, s, i);
        }
    }
    return QN_OK;
}

enum qn_status qn_allowances(const struct qn_dem_model *m, struct qn_dem *s, int *rebuild)
{
    struct qn_wall_frames frames;
    qn_wall_frames_now(m, s, &frames);
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *b = &s->body[i];
        QN_TRY(qn_is_own(s, i) ? check_body(m, s, &frames, i)
                               : QN_OK); // its owner looks after a ghost
        const double v = sqrt(b->v[0] * b->v[0] + b->v[1] * b->v[1] + b->v[2] * b->v[2]);
        const double want = FLIGHT * m->dt * v + REST * b->R;
        const double most = 0.5 * s->half_skin[i];
        const double allow = *rebuild || want < most ? want : most;
        double moved = 0.0;
        for (int k = 0; k < 3; k++) {
            const double d = b->x[k] - s->built[i][k];
            moved += d * d;
        }
        s->allow[i] = allow;
        *rebuild |= sqrt(moved) + allow > s->half_skin[i];
    }
    return QN_OK;
}

/// After a rebuild no allowance may pass its skin.
static void clamp_allowances(struct qn_dem *s)
{
    for (int i = 0; i < s->n; i++) {
        s->allow[i] = fmin(s->allow[i], s->half_skin[i]);
    }
}

/// Put a contact into `slot`, with what it had in slot `old` of the previous list (0: nothing).
static void put(struct qn_dem *s, int slot, int i, int j, const struct qn_touch_const1 *k, int old)
{
    struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int lane = slot % QN_VL;
    b->i[lane] = i;
    b->j[lane] = j;
    qn_set_lane_constants(b, lane, k);
    ((double *)&b->limit)[lane] = 1e30;
    for (int f = 0; f < QN_HISTORY; f++) {
        *qn_field(s->inner.block, slot, f) = old ? *qn_field(s->inner_old.block, old, f) : 0.0;
    }
    double *push = s->inner.push + (size_t)slot * QN_PUSH;
    if (old) {
        // a turning wall sets the curvature while it presses: until the contact ends it is history
        const struct qn_touch_const1 had =
            qn_lane_constants(&s->inner_old.block[old / QN_VL], old % QN_VL);
        qn_set_lane_constants(b, lane, &had);
        memcpy(push, s->inner_old.push + (size_t)old * QN_PUSH, QN_PUSH * sizeof *push);
        s->inner.cold[slot] = s->inner_old.cold[old];
    } else {
        memset(push, 0, QN_PUSH * sizeof *push);
        memset(&s->inner.cold[slot], 0, sizeof s->inner.cold[slot]);
    }
}

static const struct qn_touch_const1 NOBODY = {1.0, 1.0, {1e30, 1e30}};

/// Unused lanes up to a whole block: two dummies that touch nothing.
static int fill(struct qn_dem *s, int slot, int wall)
{
    while (slot % QN_VL) {
        put(s, slot++, s->n, wall >= 0 ? -1 - wall : s->n + 1, &NOBODY, 0);
    }
    return slot;
}

static void set_limit(struct qn_dem *s, int slot, double limit)
{
    ((double *)&s->inner.block[slot / QN_VL].limit)[slot % QN_VL] = limit > 0.0 ? limit : 1e30;
}

static void put_pair(const struct qn_dem_model *m, struct qn_dem *s, int slot, int i, int j,
                     int old)
{
    const struct qn_body *a = &s->body[i], *b = &s->body[j];
    const struct qn_pair_class *c = &m->classes[m->class_of[s->species[i]][s->species[j]]];
    // the cap is that of the parcel, or of the smaller of two
    const int only_i = m->species[s->species[j]].kind != QN_PARCEL;
    const int only_j = m->species[s->species[i]].kind != QN_PARCEL;
    const double cap = only_i ? a->R : only_j ? b->R : fmin(a->R, b->R);
    const struct qn_touch_const1 k =
        qn_contact_constants(c, 1.0 / a->R + 1.0 / b->R, a->im + b->im, cap);
    put(s, slot, i, j, &k, old);
    set_limit(s, slot, c->overlap_limit * fmin(a->R, b->R));
}

static void put_wall(const struct qn_dem_model *m, struct qn_dem *s, int slot, int i, int wall,
                     int old)
{
    const struct qn_body *b = &s->body[i];
    const struct qn_pair_class *c = &m->classes[m->class_of[s->species[i]][m->n_species]];
    // of a wall that is asked the step sets the curvature again
    const double mantle = m->vessel.wall[wall].radius;
    const double curvature = m->vessel.wall[wall].shape == QN_WALL_MANTLE ? -0.5 / mantle : 0.0;
    const struct qn_touch_const1 k = qn_contact_constants(c, 1.0 / b->R + curvature, b->im, b->R);
    put(s, slot, i, -1 - wall, &k, old);
    // parcels may sink deep, but a centre beyond the wall is a lost body
    set_limit(s, slot, c->overlap_limit > 0.0 ? c->overlap_limit * b->R : b->R);
}

static int was_open(struct qn_inner *old, int slot)
{
    return slot && *qn_field(old->block, slot, QN_H_DEPTH) > 0.0 ? slot : 0;
}

/// The slot of an open contact with a wall in the list before, or 0.
static int wall_open(struct qn_dem *s, int i, int w, int n_walls)
{
    return s->was[i] >= 0 && s->inner_old.wall_slot
               ? was_open(&s->inner_old, s->inner_old.wall_slot[s->was[i] * n_walls + w])
               : 0;
}

/// Which outer pairs stay, which walls: `keep` holds 1 + section or 0; counts per section.
static void choose_pairs(const struct qn_dem_model *m, struct qn_dem *s, int *keep, int *count)
{
    const struct qn_outer *o = &s->outer;
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *a = &s->body[i];
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            const struct qn_body *b = &s->body[o->col[k]];
            const double x = a->x[0] - b->x[0], y = a->x[1] - b->x[1], z = a->x[2] - b->x[2];
            const double near = a->R + b->R + s->allow[i] + s->allow[o->col[k]];
            const int stays =
                was_open(&s->inner_old, o->slot[k]) || x * x + y * y + z * z < near * near;
            const int section = m->class_of[s->species[i]][s->species[o->col[k]]];
            keep[k] = stays ? 1 + section : 0;
            count[section] += stays;
        }
    }
}

/// Room for walls that turn: they are asked again when they have used it up.
static void set_wall_room(const struct qn_dem_model *m, struct qn_dem *s,
                          const struct qn_wall_frames *frames)
{
    const double least = fmin(m->vessel.half[0], fmin(m->vessel.half[1], m->vessel.half[2]));
    s->wall_moved = s->wall_room = 0.0;
    if (s->walls_turn) {
        s->wall_room = fmax(FLIGHT * m->dt * qn_walls_drift(m, frames), 0.5 * REST * least);
    }
}

static void choose_walls(const struct qn_dem_model *m, struct qn_dem *s, int *keep_wall, int *count)
{
    struct qn_wall_frames frames;
    qn_wall_frames_now(m, s, &frames);
    set_wall_room(m, s, &frames);
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *a = &s->body[i];
        const double within = a->R + s->allow[i] + s->wall_room;
        for (int w = 0; w < m->vessel.n_walls; w++) {
            const int at = i * m->vessel.n_walls + w;
            const int stays =
                qn_is_own(s, i) && (qn_wall_reaches(&m->vessel.wall[w], &frames, a->x, within) ||
                                    wall_open(s, i, w, m->vessel.n_walls));
            const int section = m->n_classes + s->species[i] * m->vessel.n_walls + w;
            keep_wall[at] = stays ? 1 + section : 0;
            count[section] += stays;
        }
    }
}

/// Section bounds from counts; returns the slots needed.
static int lay_out(const struct qn_dem_model *m, struct qn_dem *s, const int *count, int *next)
{
    const int nw = m->vessel.n_walls;
    s->n_sections = m->n_classes + m->n_species * nw;
    int block = 1; // block 0 stays empty
    for (int k = 0; k < s->n_sections; k++) {
        const int wall = k < m->n_classes ? -1 : (k - m->n_classes) % nw;
        const int klass = k < m->n_classes ? k : m->class_of[(k - m->n_classes) / nw][m->n_species];
        const int blocks = (count[k] + QN_VL - 1) / QN_VL;
        const struct qn_wall *w = wall < 0 ? NULL : &m->vessel.wall[wall];
        const int asked = w && (w->shape == QN_WALL_OTHER || !qn_wall_glides(m, w));
        s->section[k] = (struct qn_section){block, block + blocks, klass, wall, asked};
        next[k] = block * QN_VL;
        block += blocks;
    }
    return block;
}

static void make_room(struct qn_dem *s, int blocks)
{
    const size_t slots = (size_t)blocks * QN_VL;
    struct qn_inner *in = &s->inner;
    qn_grow(&in->block, &in->cap_block, (size_t)blocks);
    qn_grow(&in->push, &in->cap_push, slots * QN_PUSH);
    qn_grow(&in->cold, &in->cap_cold, slots);
    in->n_blocks = blocks;
    memset(in->push, 0, QN_VL * QN_PUSH * sizeof *in->push);
    for (int t = 0; t < s->n_threads; t++) { // a step ends or cuts each contact at most once
        qn_grow(&s->buffer[t].event, &s->buffer[t].capacity, 2 * slots);
    }
}

/// Each body's pushes: partners by id, then walls by number, padded to an even count with zeros.
static void gather_rows(const struct qn_dem_model *m, struct qn_dem *s)
{
    const struct qn_outer *o = &s->outer;
    const int nw = m->vessel.n_walls;
    qn_grow(&s->gather_row, &s->cap_gather_row, (size_t)s->n + 1);
    qn_grow(&s->gather, &s->cap_gather,
            2 * (size_t)o->n_pairs + (size_t)s->n * ((size_t)nw + 1) + 2);
    int at = 0;
    for (int i = 0; i < s->n; i++) {
        s->gather_row[i] = at;
        const int last = qn_is_own(s, i) ? o->both_row[i + 1] : o->both_row[i]; // ghosts: nothing
        for (int e = o->both_row[i]; e < last; e++) {
            const int slot = o->slot[o->both[e] >> 1];
            s->gather[at] = 2 * slot + (o->both[e] & 1);
            at += slot > 0;
        }
        for (int w = 0; w < nw; w++) {
            const int slot = s->inner.wall_slot[i * nw + w];
            s->gather[at] = 2 * slot;
            at += slot > 0;
        }
        if (at % 2) {
            s->gather[at++] = 0;
        }
        memcpy(s->body[i].x0, s->body[i].x, sizeof s->body[i].x0);
        s->body[i].allow2 = s->allow[i] * s->allow[i];
    }
    s->gather_row[s->n] = at;
}

static void place(const struct qn_dem_model *m, struct qn_dem *s, const int *keep,
                  const int *keep_wall, int *next)
{
    struct qn_outer *o = &s->outer;
    const int nw = m->vessel.n_walls;
    for (int i = 0; i < s->n; i++) {
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            const int old = was_open(&s->inner_old, o->slot[k]);
            const int slot = keep[k] ? next[keep[k] - 1]++ : 0;
            if (slot) {
                put_pair(m, s, slot, i, o->col[k], old);
            }
            o->slot[k] = slot;
        }
        for (int w = 0; w < nw; w++) {
            const int at = i * nw + w;
            const int old = wall_open(s, i, w, nw);
            const int slot = keep_wall[at] ? next[keep_wall[at] - 1]++ : 0;
            if (slot) {
                put_wall(m, s, slot, i, w, old);
            }
            s->inner.wall_slot[at] = slot;
        }
    }
    for (int k = 0; k < s->n_sections; k++) {
        fill(s, next[k], s->section[k].wall);
    }
}

void qn_inner_prune(const struct qn_dem_model *m, struct qn_dem *s)
{
    const struct qn_inner swap = s->inner;
    s->inner = s->inner_old;
    s->inner_old = swap;

    const size_t walls = (size_t)s->n * (size_t)m->vessel.n_walls;
    qn_grow(&s->keep, &s->cap_keep, (size_t)s->outer.n_pairs + walls);
    int *keep = s->keep, *keep_wall = s->keep + s->outer.n_pairs;
    int count[sizeof s->section / sizeof *s->section] = {0};
    int next[sizeof s->section / sizeof *s->section] = {0};
    qn_grow(&s->inner.wall_slot, &s->inner.cap_wall, walls);
    choose_pairs(m, s, keep, count);
    choose_walls(m, s, keep_wall, count);
    make_room(s, lay_out(m, s, count, next));
    place(m, s, keep, keep_wall, next);
    gather_rows(m, s);
    s->stale = 0;
    s->n_prunes++;
}

enum qn_status qn_lists_renew(const struct qn_dem_model *m, struct qn_dem *s)
{
    const int rebuild = s->stale == 2;
    if (rebuild) {
        int all = 1;
        if (s->domain) {
            qn_domain_gather(m, s);
        }
        qn_outer_rebuild(m, s);
        QN_TRY(qn_group_agree(s->group, qn_allowances(m, s, &all)));
        clamp_allowances(s);
    }
    qn_inner_prune(m, s);
    for (int i = 0; rebuild && i < s->n; i++) {
        s->was[i] = i;
    }
    return rebuild && s->domain ? qn_domain_place_contacts(s) : QN_OK;
}
