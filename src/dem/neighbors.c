/// @file
/// Outer list: every pair that may meet before the next rebuild.
///
/// Bodies are sorted into one cell grid per size level (a factor of two in radius each), so that
/// 10 mm balls and sub-millimetre parcels cost what they are worth: a body searches its own level
/// for later ids and all finer levels for any. Each body has a skin of its own, larger for fast and
/// large ones. Rows are sorted by partner, so that old and new rows merge and contacts keep the
/// slots in which their histories live. Pairs of two ghosts are left to their owners.
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "dem/halo.h"

enum { LEVELS = 24 };

struct grid {
    int n[3], bodies;
    double cell, reach; ///< cell size; largest R + half skin of the level
    int *start, *item;  ///< cell -> first item; bodies by cell
};

static int level_of(double radius, double smallest)
{
    const int l = (int)floor(log2(radius / smallest) + 1e-9);
    return l < 0 ? 0 : l < LEVELS ? l : LEVELS - 1;
}

static int cell_of(const struct grid *g, const double half[3], const double x[3], int c[3])
{
    for (int k = 0; k < 3; k++) {
        const double f = (x[k] + half[k]) / g->cell;
        c[k] = f <= 0.0 ? 0 : f >= g->n[k] ? g->n[k] - 1 : (int)f;
    }
    return (c[2] * g->n[1] + c[1]) * g->n[0] + c[0];
}

static void grid_fill(struct grid *g, const struct qn_dem *s, const double half[3],
                      const int *level, int l)
{
    // cells no finer than the bodies need, and no more of them than bodies
    const double volume = 8.0 * half[0] * half[1] * half[2];
    g->cell = fmax(2.0 * g->reach, cbrt(volume / (2.0 * g->bodies + 8.0)));
    int cells = 1, c[3];
    for (int k = 0; k < 3; k++) {
        g->n[k] = (int)(2.0 * half[k] / g->cell) + 1;
        cells *= g->n[k];
    }
    g->start = qn_alloc((size_t)cells + 1, sizeof *g->start);
    g->item = qn_alloc((size_t)g->bodies, sizeof *g->item);
    for (int i = 0; i < s->n; i++) {
        if (level[i] == l) {
            g->start[cell_of(g, half, s->body[i].x, c) + 1]++;
        }
    }
    for (int k = 0; k < cells; k++) {
        g->start[k + 1] += g->start[k];
    }
    for (int i = s->n - 1; i >= 0; i--) { // from the back: items of a cell end in id order
        if (level[i] == l) {
            const int k = cell_of(g, half, s->body[i].x, c);
            g->item[--g->start[k + 1]] = i;
        }
    }
    memmove(g->start, g->start + 1, (size_t)cells * sizeof *g->start);
    g->start[cells] = g->bodies;
}

static void keep_pair(struct qn_pairs *out, int i, int j)
{
    qn_grow(&out->p, &out->cap, out->n + 1);
    out->p[out->n][0] = i < j ? i : j;
    out->p[out->n][1] = i < j ? j : i;
    out->n++;
}

/// Partners of body i among items [from, to): later ids only when `same`.
static void test_items(const struct grid *g, const struct qn_dem *s, int i, int same,
                       const int range[2], struct qn_pairs *out)
{
    const struct qn_body *b = &s->body[i];
    for (int e = range[0]; e < range[1]; e++) {
        const int j = g->item[e];
        const struct qn_body *c = &s->body[j];
        const double dx = b->x[0] - c->x[0], dy = b->x[1] - c->x[1], dz = b->x[2] - c->x[2];
        const double far = b->R + c->R + s->half_skin[i] + s->half_skin[j];
        const int mine = qn_is_own(s, i) || qn_is_own(s, j); // two ghosts are others' business
        if (mine && !(same && j <= i) && dx * dx + dy * dy + dz * dz < far * far) {
            keep_pair(out, i, j);
        }
    }
}

/// Partners of body i in one grid: all of a finer level, later ids of its own.
static void search(const struct grid *g, const struct qn_dem *s, const double half[3], int i,
                   int same, struct qn_pairs *out)
{
    const struct qn_body *b = &s->body[i];
    const double reach = b->R + s->half_skin[i] + g->reach;
    const double low[3] = {b->x[0] - reach, b->x[1] - reach, b->x[2] - reach};
    const double high[3] = {b->x[0] + reach, b->x[1] + reach, b->x[2] + reach};
    int lo[3], hi[3];
    cell_of(g, half, low, lo);
    cell_of(g, half, high, hi);
    for (int cz = lo[2]; cz <= hi[2]; cz++) {
        for (int cy = lo[1]; cy <= hi[1]; cy++) { // a row of cells is one run of items
            const int row = (cz * g->n[1] + cy) * g->n[0];
            const int range[2] = {g->start[row + lo[0]], g->start[row + hi[0] + 1]};
            test_items(g, s, i, same, range, out);
        }
    }
}

static void find_pairs(const struct qn_dem_model *m, struct qn_dem *s, struct qn_pairs *out)
{
    struct grid grid[LEVELS] = {{{0}, 0, 0, 0, NULL, NULL}};
    int *level = qn_alloc((size_t)s->n, sizeof *level);
    double smallest = INFINITY;
    for (int i = 0; i < s->n; i++) {
        smallest = fmin(smallest, s->body[i].R);
    }
    for (int i = 0; i < s->n; i++) {
        level[i] = level_of(s->body[i].R, smallest);
        struct grid *g = &grid[level[i]];
        g->bodies++;
        g->reach = fmax(g->reach, s->body[i].R + s->half_skin[i]);
    }
    for (int l = 0; l < LEVELS; l++) {
        if (grid[l].bodies) {
            grid_fill(&grid[l], s, m->vessel.half, level, l);
        }
    }
    for (int i = 0; i < s->n; i++) {
        for (int l = 0; l <= level[i]; l++) {
            if (grid[l].bodies) {
                search(&grid[l], s, m->vessel.half, i, l == level[i], out);
            }
        }
    }
    for (int l = 0; l < LEVELS; l++) {
        qn_free(grid[l].start);
        qn_free(grid[l].item);
    }
    qn_free(level);
}

/// Half list by owner, rows sorted by partner.
static void rows_by_owner(struct qn_outer *o, int n, const struct qn_pairs *found)
{
    qn_grow(&o->row, &o->cap_row, (size_t)n + 1);
    qn_grow(&o->col, &o->cap_col, found->n + 1);
    qn_grow(&o->slot, &o->cap_slot, found->n + 1);
    memset(o->row, 0, ((size_t)n + 1) * sizeof *o->row);
    for (size_t k = 0; k < found->n; k++) {
        o->row[found->p[k][0] + 1]++;
    }
    for (int i = 0; i < n; i++) {
        o->row[i + 1] += o->row[i];
    }
    int *next = qn_alloc((size_t)n, sizeof *next);
    for (size_t k = 0; k < found->n; k++) {
        const int i = found->p[k][0], j = found->p[k][1];
        int at = o->row[i] + next[i]++;
        for (; at > o->row[i] && o->col[at - 1] > j; at--) {
            o->col[at] = o->col[at - 1];
        }
        o->col[at] = j;
    }
    qn_free(next);
    o->n_pairs = (int)found->n;
}

/// Rows of both ends, by partner id: lower partners come from earlier owners, so one sweep sorts.
static void rows_of_both(struct qn_outer *o, int n)
{
    qn_grow(&o->both_row, &o->cap_both_row, (size_t)n + 1);
    qn_grow(&o->both, &o->cap_both, 2 * (size_t)o->n_pairs + 1);
    int *next = qn_alloc((size_t)n + 1, sizeof *next);
    for (int i = 0; i < n; i++) {
        next[i + 1] += o->row[i + 1] - o->row[i];
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            next[o->col[k] + 1]++;
        }
    }
    for (int i = 0; i < n; i++) {
        next[i + 1] += next[i];
    }
    memcpy(o->both_row, next, ((size_t)n + 1) * sizeof *next);
    for (int i = 0; i < n; i++) { // entries of lower partners were written by earlier owners
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            o->both[next[o->col[k]]++] = 2 * k + 1;
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            o->both[next[i]++] = 2 * k;
        }
    }
    qn_free(next);
}

void qn_outer_rebuild(const struct qn_dem_model *m, struct qn_dem *s)
{
    struct qn_pairs found = {0};
    for (int i = 0; i < s->n; i++) {
        s->half_skin[i] = qn_half_skin(m, s->body[i].R);
    }
    find_pairs(m, s, &found);
    if (s->halo) {
        qn_halo_trim(m, s, &found);
    } else {
        for (int i = 0; i < s->n; i++) { // everybody stays where they are
            s->was[i] = i;
            s->id_was[i] = s->id[i];
        }
    }
    for (int i = 0; i < s->n; i++) {
        s->half_skin[i] = qn_half_skin(m, s->body[i].R);
        memcpy(s->built[i], s->body[i].x, sizeof s->built[i]);
    }

    struct qn_outer swap = s->outer;
    s->outer = s->outer_old;
    s->outer_old = swap;
    struct qn_outer *o = &s->outer;
    const struct qn_outer *was = &s->outer_old;
    rows_by_owner(o, s->n, &found);
    rows_of_both(o, s->n);
    for (int i = 0; i < s->n; i++) { // where each pair lives now, 0 if it is new
        const int before = was->row ? s->was[i] : -1;
        int q = before >= 0 ? was->row[before] : 0;
        const int end = before >= 0 ? was->row[before + 1] : 0;
        for (int k = o->row[i]; k < o->row[i + 1]; k++) {
            const int64_t partner = s->id[o->col[k]];
            while (q < end && s->id_was[was->col[q]] < partner) {
                q++;
            }
            o->slot[k] = q < end && s->id_was[was->col[q]] == partner ? was->slot[q] : 0;
        }
    }
    qn_free(found.p);
    s->n_rebuilds++;
}
