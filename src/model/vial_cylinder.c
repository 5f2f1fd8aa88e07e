/// @file
/// Upright cylinder whose two ends are flat, rounded or conical.
///
/// A rounded end joins the mantle without an edge, so both are one surface (`look_at_bowl`); with a
/// rounding of half the diameter it is a half sphere. A cone meets the mantle in an edge and is a
/// surface of its own. The height is that of the whole inside.
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "mill_row.h"
#include "model/vessel.h"

enum end { FLAT, ROUNDED, CONICAL };
static const char *const end_words[] = {"flat", "rounded", "conical", NULL};

struct cylinder {
    double diameter, height;
    double size[2]; ///< of the ends: radius of a rounding, height of a cone       [m]
    enum end end[2];
};

static const struct qn_field fields[] = {
    MILL_NUMBER(struct cylinder, "diameter", diameter, "m", 0, 2, QN_ABOVE, NEED, "inner"),
    MILL_NUMBER(struct cylinder, "height", height, "m", 0, 2, QN_ABOVE, NEED,
                "inner, with its ends"),
    MILL_WORD(struct cylinder, "bottom", end[0], end_words, "flat", "end at -z"),
    MILL_NUMBER(struct cylinder, "bottom_size", size[0], "m", 0, 2, 0, "0 m",
                "radius of a rounded bottom (half the diameter: a half sphere), height of a cone"),
    MILL_WORD(struct cylinder, "lid", end[1], end_words, "flat", "end at +z"),
    MILL_NUMBER(struct cylinder, "lid_size", size[1], "m", 0, 2, 0, "0 m",
                "as bottom_size, of the lid"),
    {0},
};

/// own: radius, half height, rounding at -z, at +z; below 0: no such end.
static int look_at_bowl(const struct qn_wall *w, const double x[3], double within,
                        struct qn_wall_point *out)
{
    const double radius = w->own[0], rho = sqrt(x[0] * x[0] + x[1] * x[1]);
    const double side = x[2] < 0.0 ? -1.0 : 1.0, round = w->own[x[2] < 0.0 ? 2 : 3];
    const double up = w->own[1] - fabs(x[2]); // from the end
    const double ex = rho > 0.0 ? x[0] / rho : 1.0, ey = rho > 0.0 ? x[1] / rho : 0.0;
    const double core = radius - round, out_r = rho - core, out_z = round - up;
    double nr = 1.0, nz = 0.0, bend = 0.5 / radius; // outward normal, curvature of the mantle
    double distance = radius - rho;
    if (round > 0.0 && out_r > 0.0 && out_z > 0.0) {
        const double far = sqrt(out_r * out_r + out_z * out_z);
        nr = out_r / far, nz = out_z / far;
        distance = round - far;
        const double foot = core + round * nr;
        bend = 0.5 * (1.0 / round + (foot > 0.0 ? nr / foot : 1.0 / round));
    } else if (round > 0.0 && out_r <= 0.0 && up < distance) { // the flat between
        nr = 0.0, nz = 1.0, bend = 0.0;
        distance = up;
        if (core <= 0.0) { // a half sphere seen from its pole
            bend = 1.0 / round;
        }
    }
    (void)within;
    *out = (struct qn_wall_point){distance, {-nr * ex, -nr * ey, -nz * side}, -bend};
    return 1;
}

/// own: height of the apex beyond the centre (positive), side, sine and cosine of the slope.
static int look_at_cone(const struct qn_wall *w, const double x[3], double within,
                        struct qn_wall_point *out)
{
    const double side = w->own[1], s = w->own[2], c = w->own[3];
    const double rho = sqrt(x[0] * x[0] + x[1] * x[1]);
    const double ex = rho > 0.0 ? x[0] / rho : 1.0, ey = rho > 0.0 ? x[1] / rho : 0.0;
    const double distance = (w->own[0] - side * x[2]) * c - rho * s;
    const double foot = rho + distance * s; // radius of the nearest point
    (void)within;
    *out = (struct qn_wall_point){
        distance, {-s * ex, -s * ey, -side * c}, foot > 0.0 ? -0.5 * s / foot : 0.0};
    return 1;
}

/// Volume that an end takes away from the full cylinder, and the area it adds to the flat one.
static void end_loss(const struct cylinder *c, int k, double *volume, double *area)
{
    const double r = 0.5 * c->diameter, s = c->size[k], core = r - s;
    *volume = *area = 0.0;
    if (c->end[k] == CONICAL) {
        *volume = 2.0 / 3.0 * QN_PI * r * r * s;
        *area = QN_PI * r * (sqrt(r * r + s * s) - r - 2.0 * s);
    } else if (c->end[k] == ROUNDED) {
        // Pappus: a square less a quarter disc, and a quarter arc, about the axis
        const double quarter = 0.25 * QN_PI * s * s, arm = core + 4.0 * s / (3.0 * QN_PI);
        *volume = 2.0 * QN_PI * (s * s * (core + 0.5 * s) - quarter * arm);
        *area = 2.0 * QN_PI * (0.5 * QN_PI * s * (core + 2.0 * s / QN_PI)) +
                QN_PI * (core * core - r * r) - 2.0 * QN_PI * r * s;
    }
}

static void build(const void *own, const struct qn_mesh *mesh, struct qn_vessel *out)
{
    const struct cylinder *c = own;
    const double r = 0.5 * c->diameter, h = 0.5 * c->height;
    (void)mesh;
    *out = qn_vessel_cylinder(c->diameter, c->height);
    if (c->end[0] == ROUNDED || c->end[1] == ROUNDED) {
        out->wall[0] = (struct qn_wall){.shape = QN_WALL_OTHER,
                                        .look = look_at_bowl,
                                        .own = {r, h, c->end[0] == ROUNDED ? c->size[0] : -1.0,
                                                c->end[1] == ROUNDED ? c->size[1] : -1.0},
                                        .round = 1};
    }
    out->n_walls = 1;
    for (int k = 0; k < 2; k++) {
        const double side = k ? 1.0 : -1.0, slope = sqrt(r * r + c->size[k] * c->size[k]);
        double volume, area;
        if (c->end[k] == FLAT) {
            out->wall[out->n_walls++] = qn_wall_plane(2, -side, h);
        } else if (c->end[k] == CONICAL) {
            out->wall[out->n_walls++] =
                (struct qn_wall){.shape = QN_WALL_OTHER,
                                 .look = look_at_cone,
                                 .own = {h, side, c->size[k] / slope, r / slope},
                                 .round = 1};
        }
        end_loss(c, k, &volume, &area);
        out->volume -= volume;
        out->area += area;
    }
}

static const char *fault(const void *own, const char **key)
{
    const struct cylinder *c = own;
    static const char *const keys[2] = {"vial.bottom_size", "vial.lid_size"};
    for (int k = 0; k < 2; k++) {
        *key = keys[k];
        if (c->end[k] == FLAT && c->size[k] != 0.0) {
            return "a flat end has no size; remove it, or make the end rounded or conical";
        }
        if (c->end[k] != FLAT && c->size[k] <= 0.0) {
            return "a rounded or conical end needs a size above 0 m";
        }
        if (c->end[k] == ROUNDED && c->size[k] > 0.5 * c->diameter * (1.0 + 1e-12)) {
            return "larger than the radius of the vial";
        }
    }
    *key = "vial.height";
    return c->size[0] + c->size[1] > c->height * (1.0 + 1e-12) ? "lower than its two ends together"
                                                               : NULL;
}

struct qn_vessel qn_vessel_cylinder(double diameter, double height)
{
    const double r = 0.5 * diameter, h = 0.5 * height;
    return (struct qn_vessel){
        .n_walls = 3,
        .wall = {{.shape = QN_WALL_MANTLE, .radius = r},
                 qn_wall_plane(2, 1.0, h),
                 qn_wall_plane(2, -1.0, h)},
        .half = {r, r, h},
        .volume = QN_PI * r * r * height,
        .area = 2.0 * QN_PI * r * (r + height),
        .reach = r,
        .narrow = fmin(diameter, height),
    };
}

const struct qn_vial_law qn_vial_cylinder = {
    .name = "cylinder",
    .size = sizeof(struct cylinder),
    .field = fields,
    .build = build,
    .fault = fault,
    .path_at = -1,
};
