/// @file
/// Hollow sphere.
#include <math.h>

#include "base/constants.h"
#include "mill_row.h"
#include "model/vessel.h"

struct sphere {
    double diameter; ///< [m]
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct sphere, "diameter", diameter, "m", 0, 2, QN_ABOVE, NEED, "inner"),
    {0},
};

/// own: radius.
static int look_at_sphere(const struct qn_wall *w, const double x[3], double within,
                          struct qn_wall_point *out)
{
    const double r = sqrt(x[0] * x[0] + x[1] * x[1] + x[2] * x[2]);
    (void)within;
    *out = (struct qn_wall_point){w->own[0] - r, {1.0, 0.0, 0.0}, -1.0 / w->own[0]};
    for (int k = 0; k < 3 && r > 0.0; k++) {
        out->normal[k] = -x[k] / r;
    }
    return 1;
}

static void build(const void *own, const struct qn_mesh *mesh, struct qn_vessel *out)
{
    const double d = ((const struct sphere *)own)->diameter, r = 0.5 * d;
    (void)mesh;
    *out = (struct qn_vessel){
        .n_walls = 1,
        .wall = {{.shape = QN_WALL_OTHER, .look = look_at_sphere, .own = {r}, .round = 1}},
        .half = {r, r, r},
        .volume = QN_PI / 6.0 * d * d * d,
        .area = QN_PI * d * d,
        .reach = r,
        .narrow = d,
    };
}

const struct qn_vial_law qn_vial_sphere = {
    .name = "sphere",
    .size = sizeof(struct sphere),
    .field = fields,
    .build = build,
    .path_at = -1,
};
