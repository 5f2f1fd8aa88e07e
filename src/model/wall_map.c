/// @file
/// Patches of a wall and their areas.
#include "model/wall_map.h"

#include <math.h>

#include "base/constants.h"

enum { RAYS = 5, MOST_STEPS = 400 }; ///< rays a patch and direction; steps of a ray

int qn_wall_patch(const double x[3])
{
    const double r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    const double up = r > 0.0 ? 0.5 * (x[2] / r + 1.0) : 0.5;
    const double turn = atan2(x[1], x[0]) / (2.0 * QN_PI);
    const int band = (int)(up * QN_MAP_BANDS);
    const int sector = (int)((turn < 0.0 ? turn + 1.0 : turn) * QN_MAP_SECTORS);
    return (band < QN_MAP_BANDS ? band : QN_MAP_BANDS - 1) * QN_MAP_SECTORS +
           (sector < QN_MAP_SECTORS ? sector : QN_MAP_SECTORS - 1);
}

/// The wall nearest to x; its distance is HUGE_VAL where there is none.
static struct qn_wall_point nearest(const struct qn_vessel *v, const double x[3])
{
    struct qn_wall_point best = {.distance = HUGE_VAL}, p;
    for (int w = 0; w < v->n_walls; w++) {
        if (!v->wall[w].inner && qn_wall_look(&v->wall[w], x, 1e3, &p) &&
            p.distance < best.distance) {
            best = p;
        }
    }
    return best;
}

/// Area of wall per solid angle along a direction, r^2/(-n . d)  [m2]; 0 where no wall is met.
static double per_angle(const struct qn_vessel *v, const double d[3])
{
    double r = 0.0;
    for (int k = 0; k < MOST_STEPS; k++) {
        const double x[3] = {r * d[0], r * d[1], r * d[2]};
        const struct qn_wall_point p = nearest(v, x);
        if (!isfinite(p.distance) || (r == 0.0 && p.distance <= 0.0)) {
            return 0.0;
        }
        if (p.distance < 1e-6 * v->reach) {
            const double faces = -(p.normal[0] * d[0] + p.normal[1] * d[1] + p.normal[2] * d[2]);
            return faces > 0.0 ? r * r / faces : 0.0;
        }
        r += p.distance;
    }
    return 0.0;
}

void qn_wall_map_areas(const struct qn_vessel *empty, double *area)
{
    const double part = 4.0 * QN_PI / (QN_MAP_BANDS * QN_MAP_SECTORS * RAYS * RAYS);
    for (int patch = 0; patch < QN_MAP_BANDS * QN_MAP_SECTORS; patch++) {
        const int band = patch / QN_MAP_SECTORS, sector = patch % QN_MAP_SECTORS;
        area[patch] = 0.0;
        for (int ray = 0; ray < RAYS * RAYS; ray++) {
            const int a = ray / RAYS, b = ray % RAYS;
            const double z = 2.0 * (band + (a + 0.5) / RAYS) / QN_MAP_BANDS - 1.0;
            const double turn = 2.0 * QN_PI * (sector + (b + 0.5) / RAYS) / QN_MAP_SECTORS;
            const double flat = sqrt(fmax(1.0 - z * z, 0.0));
            const double d[3] = {flat * cos(turn), flat * sin(turn), z};
            area[patch] += part * per_angle(empty, d);
        }
    }
}
