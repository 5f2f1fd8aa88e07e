/// @file
/// Cylinder and box as primitive surfaces.
#include "model/vessel.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"

static struct qn_wall plane(int axis, double sign, double offset)
{
    struct qn_wall w = {.shape = QN_WALL_PLANE, .offset = offset};
    w.normal[axis] = sign;
    return w;
}

struct qn_vessel qn_vessel_cylinder(double diameter, double height)
{
    const double r = 0.5 * diameter, h = 0.5 * height;
    return (struct qn_vessel){
        .n_walls = 3,
        .wall = {{.shape = QN_WALL_MANTLE, .radius = r}, plane(2, 1.0, h), plane(2, -1.0, h)},
        .half = {r, r, h},
        .volume = QN_PI * r * r * height,
        .area = 2.0 * QN_PI * r * (r + height),
    };
}

struct qn_vessel qn_vessel_box(const double size[3])
{
    struct qn_vessel v = {
        .n_walls = 6,
        .volume = size[0] * size[1] * size[2],
        .area = 2.0 * (size[0] * size[1] + size[1] * size[2] + size[2] * size[0]),
    };
    for (int k = 0; k < 3; k++) {
        v.half[k] = 0.5 * size[k];
        v.wall[2 * k] = plane(k, 1.0, v.half[k]);
        v.wall[2 * k + 1] = plane(k, -1.0, v.half[k]);
    }
    return v;
}

double qn_wall_distance(const struct qn_wall *wall, const double x[3], double normal[3])
{
    if (wall->shape == QN_WALL_PLANE) {
        memcpy(normal, wall->normal, sizeof wall->normal);
        return normal[0] * x[0] + normal[1] * x[1] + normal[2] * x[2] + wall->offset;
    }
    const double rho = sqrt(x[0] * x[0] + x[1] * x[1]);
    normal[0] = rho > 0.0 ? -x[0] / rho : 1.0;
    normal[1] = rho > 0.0 ? -x[1] / rho : 0.0;
    normal[2] = 0.0;
    return wall->radius - rho;
}

double qn_wall_curvature(const struct qn_wall *wall)
{
    return wall->shape == QN_WALL_MANTLE ? -0.5 / wall->radius : 0.0;
}
