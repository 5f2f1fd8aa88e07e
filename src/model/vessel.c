/// @file
/// The list of vial shapes, and the surfaces that several share.
#include "model/vessel.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "model/mesh.h"

/// Every vial shape: one line each, with the name of its file and of its `struct qn_vial_law`.
// clang-format off
#define VIALS(vial) \
    vial(cylinder) \
    vial(box) \
    vial(sphere) \
    vial(stl)
// clang-format on

#define DECLARE(name) extern const struct qn_vial_law qn_vial_##name;
#define ENTRY(name) &qn_vial_##name,
VIALS(DECLARE)
// clang-format off
const struct qn_vial_law *const qn_vial_laws[] = {VIALS(ENTRY) NULL};
// clang-format on

struct qn_wall qn_wall_plane(int axis, double sign, double offset)
{
    struct qn_wall w = {.shape = QN_WALL_PLANE, .offset = offset};
    w.normal[axis] = sign;
    return w;
}

static int look_at_plane(const struct qn_wall *w, const double x[3], struct qn_wall_point *out)
{
    memcpy(out->normal, w->normal, sizeof w->normal);
    out->distance = w->normal[0] * x[0] + w->normal[1] * x[1] + w->normal[2] * x[2] + w->offset;
    out->curvature = 0.0;
    return 1;
}

static int look_at_mantle(const struct qn_wall *w, const double x[3], struct qn_wall_point *out)
{
    const double rho = sqrt(x[0] * x[0] + x[1] * x[1]);
    out->normal[0] = rho > 0.0 ? -x[0] / rho : 1.0;
    out->normal[1] = rho > 0.0 ? -x[1] / rho : 0.0;
    out->normal[2] = 0.0;
    out->distance = w->radius - rho;
    out->curvature = -0.5 / w->radius; // the mean of its two
    return 1;
}

int qn_wall_look(const struct qn_wall *wall, const double x[3], double within,
                 struct qn_wall_point *out)
{
    struct qn_wall_point p;
    const int found = wall->shape == QN_WALL_PLANE    ? look_at_plane(wall, x, &p)
                      : wall->shape == QN_WALL_MANTLE ? look_at_mantle(wall, x, &p)
                                                      : wall->look(wall, x, within, &p);
    if (!found || !(p.distance < within)) {
        return 0;
    }
    *out = p;
    return 1;
}

/// own: ends a, b, radius.
static int look_at_rod(const struct qn_wall *w, const double x[3], double within,
                       struct qn_wall_point *out)
{
    const double *a = w->own, *b = w->own + 3, r = w->own[6];
    double ab[3], ax[3], d[3], along = 0.0, length2 = 0.0, d2 = 0.0;
    for (int k = 0; k < 3; k++) {
        ab[k] = b[k] - a[k], ax[k] = x[k] - a[k];
        along += ab[k] * ax[k], length2 += ab[k] * ab[k];
    }
    const double t = length2 > 0.0 ? fmin(fmax(along / length2, 0.0), 1.0) : 0.0;
    for (int k = 0; k < 3; k++) {
        d[k] = ax[k] - t * ab[k];
        d2 += d[k] * d[k];
    }
    const double far = sqrt(d2);
    if (!(far - r < within) || far == 0.0) {
        return 0;
    }
    for (int k = 0; k < 3; k++) {
        out->normal[k] = d[k] / far;
    }
    out->distance = far - r;
    out->curvature = (t > 0.0 && t < 1.0 ? 0.5 : 1.0) / r;
    return 1;
}

void qn_vessel_add_rod(struct qn_vessel *v, const struct qn_rod *rod)
{
    QN_ASSERT(v->n_walls < QN_MAX_WALLS);
    struct qn_wall *w = &v->wall[v->n_walls++];
    *w = (struct qn_wall){.shape = QN_WALL_OTHER, .look = look_at_rod, .inner = rod->inner};
    memcpy(w->own, rod->a, sizeof rod->a);
    memcpy(w->own + 3, rod->b, sizeof rod->b);
    w->own[6] = rod->radius;
    const int on_axis =
        rod->a[0] == 0.0 && rod->a[1] == 0.0 && rod->b[0] == 0.0 && rod->b[1] == 0.0;
    w->round = on_axis;
}

/// Is x inside all of the first `n` walls and in one of the others at least `gap` deep?
static int in_rods(const struct qn_vessel *v, int n, const double x[3], double gap)
{
    struct qn_wall_point p;
    int in = 0;
    if (v->mesh && !qn_mesh_inside(v->mesh, x)) {
        return 0;
    }
    for (int k = 0; k < v->n_walls; k++) {
        const int near = qn_wall_look(&v->wall[k], x, k < n ? 0.0 : -gap, &p);
        if (k < n && near) {
            return 0;
        }
        in |= k >= n && near;
    }
    return in;
}

void qn_vessel_carve(struct qn_vessel *v, const struct qn_rod *rod, int n)
{
    enum { POINTS = 160 };
    if (n == 0) {
        return;
    }
    const double shell = 0.2 * rod[0].radius; // half on either side of the surface
    const int own = v->n_walls - n;
    double inside = 0.0, outside = 0.0;
    const double cell = 8.0 * v->half[0] * v->half[1] * v->half[2] / POINTS / POINTS / POINTS;
    for (int k = 0; k < POINTS * POINTS * POINTS; k++) {
        const int index[3] = {k % POINTS, k / POINTS % POINTS, k / POINTS / POINTS};
        double x[3];
        for (int d = 0; d < 3; d++) {
            x[d] = v->half[d] * (2.0 * (index[d] + 0.5) / POINTS - 1.0);
        }
        inside += in_rods(v, own, x, 0.0);
        outside += in_rods(v, own, x, -0.5 * shell) - in_rods(v, own, x, 0.5 * shell);
    }
    v->volume -= inside * cell;
    v->area += outside * cell / shell;
}
