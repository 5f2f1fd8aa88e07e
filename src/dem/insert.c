/// @file
/// Random sequential addition over a cell list.
#include "dem/insert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/rng.h"
#include "model/mesh.h"

enum { ATTEMPTS = 200000 };

static const double CLEARANCE = 1e-3; ///< gap left to neighbours and walls, of the radius [-]

struct placed {
    double x[3], r;
    int next; ///< in the same cell, -1 ends
};

struct bed {
    const struct qn_dem_model *m;
    struct placed *body;
    int n, cells[3], *head;
    double cell;
};

static int cell_at(const struct bed *b, const double x[3], int c[3])
{
    for (int k = 0; k < 3; k++) {
        const int at = (int)((x[k] + b->m->vessel.half[k]) / b->cell);
        c[k] = at < 0 ? 0 : at >= b->cells[k] ? b->cells[k] - 1 : at;
    }
    return (c[2] * b->cells[1] + c[1]) * b->cells[0] + c[0];
}

/// Does a sphere keep clear of those in one cell?
static int clear_of_cell(const struct bed *b, int cell, const double x[3], double r)
{
    for (int k = b->head[cell]; k >= 0; k = b->body[k].next) {
        const double *p = b->body[k].x;
        const double d0 = p[0] - x[0], d1 = p[1] - x[1], d2 = p[2] - x[2];
        const double far = (b->body[k].r + r) * (1.0 + CLEARANCE);
        if (d0 * d0 + d1 * d1 + d2 * d2 < far * far) {
            return 0;
        }
    }
    return 1;
}

static int fits(const struct bed *b, const double x[3], double r)
{
    int c[3];
    if (b->m->vessel.mesh && !qn_mesh_inside(b->m->vessel.mesh, x)) {
        return 0;
    }
    for (int w = 0; w < b->m->vessel.n_walls; w++) {
        struct qn_wall_point p; // in the vial's axes
        if (qn_wall_look(&b->m->vessel.wall[w], x, r * (1.0 + CLEARANCE), &p)) {
            return 0;
        }
    }
    cell_at(b, x, c);
    for (int k = 0; k < 27; k++) {
        const int q[3] = {c[0] + k % 3 - 1, c[1] + k / 3 % 3 - 1, c[2] + k / 9 - 1};
        const int inside = q[0] >= 0 && q[1] >= 0 && q[2] >= 0 && q[0] < b->cells[0] &&
                           q[1] < b->cells[1] && q[2] < b->cells[2];
        if (inside && !clear_of_cell(b, (q[2] * b->cells[1] + q[1]) * b->cells[0] + q[0], x, r)) {
            return 0;
        }
    }
    return 1;
}

/// Try places for body `id` until one fits; 0 when none did.
static int find_place(const struct bed *b, uint64_t seed, int64_t id, double r, double x[3])
{
    for (uint64_t attempt = 0; attempt < ATTEMPTS; attempt++) {
        for (uint32_t k = 0; k < 3; k++) {
            const double u = qn_uniform(seed, QN_STREAM_INSERT, (uint64_t)id, attempt, k);
            x[k] = (2.0 * u - 1.0) * b->m->vessel.half[k];
        }
        if (fits(b, x, r)) {
            return 1;
        }
    }
    return 0;
}

static void keep(struct bed *b, const double x[3], double r)
{
    int c[3];
    const int at = cell_at(b, x, c);
    struct placed *p = &b->body[b->n];
    memcpy(p->x, x, sizeof p->x);
    p->r = r;
    p->next = b->head[at];
    b->head[at] = b->n++;
}

/// Largest radius of a group below `last`, 0 when there is none.
static double next_radius(const struct qn_insert *group, int n_groups, double last)
{
    double r = 0.0;
    for (int g = 0; g < n_groups; g++) {
        r = group[g].radius < last ? fmax(r, group[g].radius) : r;
    }
    return r;
}

static enum qn_status place_group(struct bed *b, const struct qn_insert *group, int64_t first,
                                  uint64_t seed, double (*where)[3])
{
    for (int64_t id = first; id < first + group->count; id++) {
        if (!find_place(b, seed, id, group->radius, where[id])) {
            return qn_fail(QN_ERR_INPUT,
                           "no room for body %lld (R = %g m) after %d attempts with %d bodies "
                           "placed: the vial is too full; reduce the counts",
                           (long long)id, group->radius, ATTEMPTS, b->n);
        }
        keep(b, where[id], group->radius);
    }
    return QN_OK;
}

/// All groups of one radius; ids as the groups are given.
static enum qn_status place_radius(struct bed *b, const struct qn_insert *group, int n_groups,
                                   double r, uint64_t seed, double (*where)[3])
{
    int64_t id = 0;
    for (int g = 0; g < n_groups; g++) {
        const int now = group[g].radius == r;
        QN_TRY(now ? place_group(b, &group[g], id, seed, where) : QN_OK);
        id += group[g].count;
    }
    return QN_OK;
}

static enum qn_status place_all(struct bed *b, const struct qn_insert *group, int n_groups,
                                uint64_t seed, double (*where)[3])
{
    double r = next_radius(group, n_groups, (double)INFINITY); // large ones find room first
    while (r > 0.0) {
        QN_TRY(place_radius(b, group, n_groups, r, seed, where));
        r = next_radius(group, n_groups, r);
    }
    return QN_OK;
}

struct keyed {
    uint64_t key;
    int64_t place; ///< breaks ties
    double x[3];
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *p = a, *q = b;
    const int by = (p->key > q->key) - (p->key < q->key);
    return by ? by : (p->place > q->place) - (p->place < q->place);
}

/// Number the places of one group along a Morton curve: neighbours in space are near in memory.
static void order(const struct bed *b, double (*where)[3], int64_t count)
{
    struct keyed *k = qn_alloc((size_t)count, sizeof *k);
    for (int64_t i = 0; i < count; i++) {
        uint64_t c[3];
        k[i].place = i;
        for (int d = 0; d < 3; d++) {
            c[d] = (uint64_t)((where[i][d] + b->m->vessel.half[d]) / b->cell * 4.0);
        }
        for (int bit = 0; bit < 20; bit++) {
            for (int d = 0; d < 3; d++) {
                k[i].key |= (c[d] >> bit & 1u) << (3 * bit + d);
            }
        }
        memcpy(k[i].x, where[i], sizeof k[i].x);
    }
    qsort(k, (size_t)count, sizeof *k, by_key);
    for (int64_t i = 0; i < count; i++) {
        memcpy(where[i], k[i].x, sizeof k[i].x);
    }
    qn_free(k);
}

enum qn_status qn_insert_bodies(const struct qn_dem_model *m, struct qn_dem *s,
                                const struct qn_insert *group, int n_groups, uint64_t seed)
{
    static const double still[3] = {0.0, 0.0, 0.0};
    int64_t total = 0;
    double largest = 0.0;
    for (int g = 0; g < n_groups; g++) {
        total += group[g].count;
        largest = fmax(largest, group[g].radius);
    }
    struct bed b = {.m = m, .cell = 2.0 * largest * (1.0 + 2.0 * CLEARANCE)};
    size_t cells = 1;
    for (int k = 0; k < 3; k++) {
        b.cells[k] = (int)(2.0 * m->vessel.half[k] / b.cell) + 1;
        cells *= (size_t)b.cells[k];
    }
    b.head = qn_alloc(cells, sizeof *b.head);
    memset(b.head, 0xff, cells * sizeof *b.head);
    b.body = qn_alloc((size_t)total, sizeof *b.body);
    double(*where)[3] = qn_alloc((size_t)total, sizeof *where);
    struct qn_pose pose;
    double axes[3][3];
    qn_motion_pose(&m->motion, 0.0, &pose);
    qn_motion_axes(&m->motion, &pose, axes);
    const enum qn_status status = place_all(&b, group, n_groups, seed, where);
    int64_t id = 0;
    for (int g = 0; g < n_groups && status == QN_OK; g++) {
        order(&b, where + id, group[g].count);
        for (int64_t k = 0; k < group[g].count; k++, id++) {
            double x[3];
            for (int d = 0; d < 3; d++) {
                x[d] = axes[d][0] * where[id][0] + axes[d][1] * where[id][1] +
                       axes[d][2] * where[id][2];
            }
            qn_dem_add(m, s, group[g].species, group[g].radius, x, still, still);
        }
    }
    qn_free(where);
    qn_free(b.body);
    qn_free(b.head);
    return status;
}
