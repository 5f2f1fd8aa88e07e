/// @file
/// Box: six planes.
#include <math.h>

#include "mill_row.h"
#include "model/vessel.h"

struct box {
    double size[3]; ///< [m]
};

static const struct qn_field fields[] = {
    {.path = "size",
     .type = QN_FIELD_DOUBLE,
     .offset = offsetof(struct box, size),
     .unit = "m",
     .min = 0,
     .max = 2,
     .count = 3,
     .flags = QN_ABOVE | QN_REQUIRED,
     .doc = "inner, [x, y, z]"},
    {0},
};

struct qn_vessel qn_vessel_box(const double size[3])
{
    struct qn_vessel v = {
        .n_walls = 6,
        .volume = size[0] * size[1] * size[2],
        .area = 2.0 * (size[0] * size[1] + size[1] * size[2] + size[2] * size[0]),
        .reach = 0.5 * hypot(size[0], size[1]),
        .narrow = fmin(size[0], fmin(size[1], size[2])),
    };
    for (int k = 0; k < 3; k++) {
        v.half[k] = 0.5 * size[k];
        v.wall[2 * k] = qn_wall_plane(k, 1.0, v.half[k]);
        v.wall[2 * k + 1] = qn_wall_plane(k, -1.0, v.half[k]);
    }
    return v;
}

static void build(const void *own, const struct qn_mesh *mesh, struct qn_vessel *out)
{
    (void)mesh;
    *out = qn_vessel_box(((const struct box *)own)->size);
}

const struct qn_vial_law qn_vial_box = {
    .name = "box",
    .size = sizeof(struct box),
    .field = fields,
    .build = build,
    .path_at = -1,
};
