/// @file
/// Accounts of heat and of sliding.
#include "app/heat_accounts.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "base/array.h"
#include "exposure/heat_parts.h"
#include "model/charge.h"
#include "model/wear.h"
#include "par/merge.h"

/// Capacities and lumps; coatings count with what they lie on.
static void bodies(struct qn_heat_accounts *a, const struct qn_deck *d, const struct qn_carriers *c)
{
    const struct qn_material *ball = &d->material[d->balls.material];
    const double powder =
        d->powder.material >= 0 ? d->material[d->powder.material].heat_capacity : 0.0;
    int at = 0;
    for (int g = 0; g < d->balls.n_groups; g++) {
        const double own = qn_sphere_volume(d->balls.group[g].diameter) * ball->density;
        for (int64_t k = 0; k < d->balls.group[g].count; k++, at++) {
            a->lump[at] = g;
            a->capacity[at] = own * ball->heat_capacity + (c->n > 0 ? c->mass[at] * powder : 0.0);
        }
    }
    a->lump[at] = QN_LUMP_WALL;
    a->capacity[at++] = HUGE_VAL;
    for (; at < a->n && c->mass; at++) { // without powder the wall is the last
        a->lump[at] = QN_LUMP_POWDER;
        a->capacity[at] = c->mass[at] * powder;
    }
    for (int k = 0; k < a->n; k++) {
        a->size[k] = -1;
    }
    at = a->balls + 1;
    for (int g = 0; d->run.window_powder == QN_POWDER_PARCELS && g < d->run.n_parcel_groups; g++) {
        for (int64_t k = 0; k < d->run.parcel_group[g].count && at < a->n; k++) {
            a->size[at++] = g;
        }
    }
}

void qn_heat_accounts_init(struct qn_heat_accounts *a, const struct qn_deck *deck)
{
    const int powder = deck->powder.material >= 0;
    struct qn_deck_derived derived;
    struct qn_carriers c = {0};
    struct qn_vessel vessel;
    qn_deck_derive(deck, &derived);
    qn_deck_vessel(deck, &vessel);
    if (powder) {
        qn_carriers_init(deck, deck->run.window_powder, &c);
    }
    *a = (struct qn_heat_accounts){.balls = (int)derived.balls,
                                   .n = powder ? c.n : (int)derived.balls + 1,
                                   .begin = deck->run.start_up,
                                   .model = qn_exposing_model(deck),
                                   .motion = qn_deck_motion(deck)};
    a->reserve = deck->run.window_powder != QN_POWDER_PARCELS && c.n_loose == 1 ? c.loose : -1;
    a->swapped = powder ? deck->powder.exchange * a->model.heat_capacity : 0.0;
    a->lump = qn_alloc((size_t)a->n, sizeof *a->lump);
    a->size = qn_alloc((size_t)a->n, sizeof *a->size);
    a->capacity = qn_alloc((size_t)a->n, sizeof *a->capacity);
    a->body = qn_alloc((size_t)a->n, sizeof *a->body);
    a->heat = qn_alloc((size_t)a->n, sizeof *a->heat);
    a->path = qn_alloc((size_t)a->n, sizeof *a->path);
    a->stir = qn_alloc((size_t)a->n, sizeof *a->stir);
    bodies(a, deck, &c);
    for (int k = 0; k < vessel.n_walls; k++) {
        a->shaft[k] = vessel.wall[k].inner;
    }
    qn_carriers_free(&c);
}

void qn_heat_accounts_free(struct qn_heat_accounts *a)
{
    qn_free(a->lump);
    qn_free(a->size);
    qn_free(a->capacity);
    qn_free(a->body);
    qn_free(a->heat);
    qn_free(a->path);
    qn_free(a->stir);
    *a = (struct qn_heat_accounts){0};
}

static int body_of(const struct qn_heat_accounts *a, int64_t id)
{
    return id < 0 ? a->balls : id < a->balls ? (int)id : (int)(id + 1);
}

/// `per_kelvin` joules a kelvin between two bodies: as their temperatures were at the last move.
/// No contact does more than to make them alike.
static void exchange(struct qn_heat_accounts *a, int i, int j, double per_kelvin,
                     struct qn_window_heat *w, struct qn_sums *sums)
{
    const int p = a->lump[i], q = a->lump[j];
    const double both = 1.0 / (1.0 / a->capacity[i] + 1.0 / a->capacity[j]);
    const double g = fmin(per_kelvin, both);
    const double flow = g * (a->body[i].rise - a->body[j].rise);
    qn_wide_add(&a->heat[i], -flow);
    qn_wide_add(&a->heat[j], flow);
    if (p != q) {
        qn_sums_add(sums, &w->exchange[p][q], g);
        qn_sums_add(sums, &w->exchange[q][p], g);
    }
}

static void pay(struct qn_heat_accounts *a, int i, double joules, struct qn_window_heat *w,
                struct qn_sums *sums)
{
    qn_wide_add(&a->heat[i], joules);
    qn_sums_add(sums, &w->source[a->lump[i]], joules);
}

/// Load path of a wall contact to its patch, in the axes of the vial.
static void on_wall(const struct qn_heat_accounts *a, const struct qn_episode *e, double path,
                    struct qn_window_heat *w, struct qn_sums *sums)
{
    struct qn_pose pose;
    double axes[3][3], own[3];
    const int64_t wall = -1 - e->id_j;
    if (wall < QN_MAX_WALLS && a->shaft[wall]) {
        qn_sums_add(sums, &w->shaft, path);
        return;
    }
    qn_motion_pose(&a->motion, e->t1, &pose);
    qn_motion_axes(&a->motion, &pose, axes);
    for (int k = 0; k < 3; k++) {
        own[k] = axes[0][k] * e->x[0] + axes[1][k] * e->x[1] + axes[2][k] * e->x[2];
    }
    qn_sums_add(sums, &w->patch[qn_wall_patch(own)], path);
}

void qn_heat_accounts_add(struct qn_heat_accounts *a, const struct qn_episode *e,
                          struct qn_window_heat *w, struct qn_sums *sums)
{
    const int body[2] = {body_of(a, e->id_i), body_of(a, e->id_j)};
    const struct qn_heat_parts parts = qn_heat_parts_of(e, &a->model);
    const double path = qn_archard_load_path(e->w_slip, e->friction);
    // grains flung off are loose powder; without a reserve they fall back on the media
    const double back = a->reserve < 0 ? 0.5 * parts.flung : 0.0;
    for (int k = 0; k < 2; k++) {
        pay(a, body[k], parts.body[k] + back, w, sums);
        qn_wide_add(&a->path[body[k]], path);
        qn_sums_add(sums, &w->path[a->lump[body[k]]], path);
        qn_sums_add(sums, &w->slip[a->lump[body[k]]], 0.5 * e->w_slip);
        if (a->size[body[k]] >= 0) {
            qn_sums_add(sums, &w->parcel_path[a->size[body[k]]], path);
            qn_sums_add(sums, &w->parcel_slip[a->size[body[k]]], 0.5 * e->w_slip);
        }
    }
    if (a->reserve >= 0) {
        pay(a, a->reserve, parts.flung, w, sums);
    }
    qn_sums_add(sums, &w->stored, parts.stored);
    exchange(a, body[0], body[1], qn_heat_exchange(e, &a->model), w, sums);
    if (e->id_j < 0) {
        on_wall(a, e, path, w, sums);
    }
}

void qn_heat_accounts_swap(struct qn_heat_accounts *a, const struct qn_swap *swap,
                           struct qn_window_heat *w, struct qn_sums *sums)
{
    if (swap->carrier != swap->partner) {
        exchange(a, swap->carrier, swap->partner, a->swapped * swap->mass, w, sums);
    }
}

/// How fast the bodies of this rank are now.
static void stir(struct qn_heat_accounts *a, const struct qn_dem *dem)
{
    for (int k = 0; k < dem->n_own; k++) {
        const int i = dem->own[k], body = body_of(a, dem->id[i]);
        const double *v = dem->body[i].v;
        qn_wide_add(&a->stir[body], sqrt(sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2])));
    }
}

void qn_heat_accounts_move(struct qn_heat_accounts *a, const struct qn_dem *dem, double now,
                           int end)
{
    if (!end && now < a->begin + (double)(a->moves + 1) * QN_HEAT_SYNC) {
        return;
    }
    stir(a, dem);
    struct qn_wide_sum *const sums[3] = {a->heat, a->path, a->stir};
    for (int s = 0; s < 3; s++) {
        qn_group_sum_wide(dem->group, sums[s], (size_t)a->n);
    }
    const double moves = (double)(a->moves + 1);
    for (int k = 0; k < a->n; k++) {
        const double heat = qn_wide_value(&a->heat[k]);
        struct qn_body_heat *body = &a->body[k];
        body->heat += heat;
        body->rise += heat / a->capacity[k];
        body->path += qn_wide_value(&a->path[k]);
        body->stir += (qn_wide_value(&a->stir[k]) - body->stir) / moves;
        body->capacity = a->capacity[k];
    }
    qn_heat_accounts_clear(a);
    a->moves++;
}

void qn_heat_accounts_merge(struct qn_heat_accounts *a, struct qn_group *g)
{
    qn_group_sum_wide(g, a->heat, (size_t)a->n);
    qn_group_sum_wide(g, a->path, (size_t)a->n);
}

void qn_heat_accounts_clear(struct qn_heat_accounts *a)
{
    memset(a->heat, 0, (size_t)a->n * sizeof *a->heat);
    memset(a->path, 0, (size_t)a->n * sizeof *a->path);
    memset(a->stir, 0, (size_t)a->n * sizeof *a->stir);
}

/// One body in a pack.
struct packed {
    struct qn_body_heat body;
    struct qn_wide_sum heat, path;
};

void qn_heat_accounts_pack(const struct qn_heat_accounts *a, void **bytes, size_t *size)
{
    *size = sizeof a->moves + (size_t)a->n * sizeof(struct packed);
    char *out = qn_alloc(*size, 1);
    memcpy(out, &a->moves, sizeof a->moves);
    for (int k = 0; k < a->n; k++) {
        struct packed p = {.body = a->body[k]};
        memcpy(&p.heat, &a->heat[k], sizeof p.heat);
        memcpy(&p.path, &a->path[k], sizeof p.path);
        memcpy(out + sizeof a->moves + (size_t)k * sizeof p, &p, sizeof p);
    }
    *bytes = out;
}

enum qn_status qn_heat_accounts_unpack(struct qn_heat_accounts *a, const void *bytes, size_t size)
{
    const char *in = bytes;
    if (size != sizeof a->moves + (size_t)a->n * sizeof(struct packed)) {
        return qn_fail(QN_ERR_IO, "heat accounts of another charge");
    }
    memcpy(&a->moves, in, sizeof a->moves);
    for (int k = 0; k < a->n; k++) {
        struct packed p;
        memcpy(&p, in + sizeof a->moves + (size_t)k * sizeof p, sizeof p);
        a->body[k] = p.body;
        a->heat[k] = p.heat;
        a->path[k] = p.path;
    }
    return QN_OK;
}

void qn_window_heat_close(struct qn_window_heat *w, double span)
{
    double *x = w->source;
    for (size_t k = 0; k < sizeof *w / sizeof *x; k++) {
        x[k] /= span;
    }
}
