/// @file
/// Finding parcels in a dead zone.
#include "app/dead_zone.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

void qn_dead_zone_init(struct qn_dead_zone *z, int n_parcels, int64_t first)
{
    const size_t n = (size_t)n_parcels;
    *z = (struct qn_dead_zone){.n = n_parcels, .first = first};
    z->place = qn_alloc(3 * n, sizeof *z->place);
    z->met = qn_alloc(n, sizeof *z->met);
    z->dead = qn_alloc(n, sizeof *z->dead);
}

void qn_dead_zone_free(struct qn_dead_zone *z)
{
    qn_free(z->place);
    qn_free(z->met);
    qn_free(z->dead);
    *z = (struct qn_dead_zone){0};
}

int64_t qn_dead_zone_judge(int n, const int64_t *before, const int64_t *now, const int64_t *met,
                           double half, int64_t *dead)
{
    int64_t still = 0;
    for (int k = 0; k < n; k++) {
        double d2 = 0.0;
        for (int a = 0; a < 3; a++) {
            const double d = (double)(now[3 * k + a] - before[3 * k + a]);
            d2 += d * d;
        }
        dead[k] = met[k] == 0 && d2 < half * half;
        still += dead[k];
    }
    if (still == n) {
        memset(dead, 0, (size_t)n * sizeof *dead);
        still = 0;
    }
    return still;
}

/// Places of all parcels as the wall sees them [nm], and the largest radius [m].
static double places(const struct qn_dead_zone *z, const struct qn_dem_model *m,
                     const struct qn_dem *dem, int64_t *place)
{
    struct qn_pose pose;
    double axes[3][3], radius = 0.0;
    qn_motion_pose(&m->motion, qn_dem_time(m, dem), &pose);
    qn_motion_axes(&m->motion, &pose, axes);
    memset(place, 0, 3 * (size_t)z->n * sizeof *place);
    for (int k = 0; k < dem->n_own; k++) {
        const int i = dem->own[k];
        if (dem->id[i] >= z->first) {
            const double *x = dem->body[i].x;
            int64_t *to = place + 3 * (dem->id[i] - z->first);
            for (int a = 0; a < 3; a++) { // the transposed turns back
                to[a] = llround(1e9 * (axes[0][a] * x[0] + axes[1][a] * x[1] + axes[2][a] * x[2]));
            }
            radius = fmax(radius, dem->body[i].R);
        }
    }
    qn_group_sum_integers(dem->group, place, 3 * z->n);
    qn_group_max(dem->group, &radius, 1);
    return radius;
}

void qn_dead_zone_block(struct qn_dead_zone *z, const struct qn_dem_model *m,
                        const struct qn_dem *dem, const int64_t *hits)
{
    if (z->n == 0) {
        return;
    }
    int64_t *now = qn_alloc(3 * (size_t)z->n, sizeof *now);
    int64_t *dead = qn_alloc((size_t)z->n, sizeof *dead);
    const double radius = places(z, m, dem, now);
    qn_group_sum_integers(dem->group, z->met, z->n);
    if (z->seen) {
        qn_dead_zone_judge(z->n, z->place, now, z->met, 1e9 * radius, dead);
    }
    for (int k = 0; k < z->n; k++) {
        const double share = z->mass ? z->mass[k] / z->mass[0] : 1.0;
        z->lain += z->dead[k];
        z->lain_share += share * (double)z->dead[k];
        z->moved_share += dead[k] != z->dead[k] ? share : 0.0;
        z->hits += z->dead[k] * hits[k];
        z->square += z->dead[k] * hits[k] * hits[k];
        z->moved += dead[k] != z->dead[k];
        z->dead[k] = dead[k];
        z->met[k] = 0;
    }
    memcpy(z->place, now, 3 * (size_t)z->n * sizeof *now);
    z->seen = 1;
    qn_free(now);
    qn_free(dead);
}

enum { SHARES = 2, NUMBERS = 5, COLUMNS = 5 };

void qn_dead_zone_pack(const struct qn_dead_zone *z, void **bytes, size_t *size)
{
    const size_t n = (size_t)z->n;
    const int64_t head[NUMBERS] = {z->seen, z->lain, z->moved, z->hits, z->square};
    const double shares[SHARES] = {z->lain_share, z->moved_share};
    *size = (SHARES + NUMBERS + COLUMNS * n) * sizeof(int64_t);
    int64_t *to = qn_alloc(SHARES + NUMBERS + COLUMNS * n, sizeof *to);
    *bytes = to;
    memcpy(to, shares, sizeof shares);
    to += SHARES;
    memcpy(to, head, sizeof head);
    memcpy(to + NUMBERS, z->place, 3 * n * sizeof *to);
    memcpy(to + NUMBERS + 3 * n, z->met, n * sizeof *to);
    memcpy(to + NUMBERS + 4 * n, z->dead, n * sizeof *to);
}

enum qn_status qn_dead_zone_unpack(struct qn_dead_zone *z, const void *bytes, size_t size)
{
    const size_t n = (size_t)z->n;
    const int64_t *from = bytes;
    if (size != (SHARES + NUMBERS + COLUMNS * n) * sizeof *from) {
        return qn_fail(QN_ERR_IO, "the dead zone of the checkpoint is of other parcels");
    }
    memcpy(&z->lain_share, &from[0], sizeof z->lain_share);
    memcpy(&z->moved_share, &from[1], sizeof z->moved_share);
    from += SHARES;
    z->seen = (int)from[0];
    z->lain = from[1], z->moved = from[2], z->hits = from[3], z->square = from[4];
    memcpy(z->place, from + NUMBERS, 3 * n * sizeof *from);
    memcpy(z->met, from + NUMBERS + 3 * n, n * sizeof *from);
    memcpy(z->dead, from + NUMBERS + 4 * n, n * sizeof *from);
    return QN_OK;
}

double qn_dead_zone_mean(const struct qn_dead_zone *z, int blocks)
{
    return blocks > 0 ? z->lain_share / blocks : 0.0;
}

double qn_dead_zone_fano(const struct qn_dead_zone *z)
{
    if (z->hits == 0) {
        return 1.0;
    }
    const double n = (double)z->lain, mean = (double)z->hits / n;
    return ((double)z->square / n - mean * mean) / mean;
}
