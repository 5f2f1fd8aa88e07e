/// @file
/// A vial whose inside is a closed STL surface; each smooth patch of it is a wall.
#include <math.h>
#include <string.h>

#include "mill_row.h"
#include "model/mesh.h"
#include "model/vessel.h"

enum { PATH = 256 };
static const char *const unit_words[] = {"m", "cm", "mm", "in", NULL};

struct stl {
    char file[PATH];
    int unit;
};

static const struct qn_field fields[] = {
    {.path = "file",
     .type = QN_FIELD_STRING,
     .offset = offsetof(struct stl, file),
     .size = PATH,
     .flags = QN_REQUIRED,
     .doc = "STL of the inside, found from where the deck is; the middle of its box is the centre"},
    MILL_WORD(struct stl, "unit", unit, unit_words, NEED, "of the numbers in the file"),
    {0},
};

static void minus(const double a[3], const double b[3], double out[3])
{
    for (int k = 0; k < 3; k++) {
        out[k] = a[k] - b[k];
    }
}

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

/// Sum of the normals of the triangles that share the nearest point, d = x - point; `own` becomes 0
/// when the point is not this patch's: x is nearer to a neighbour's, or an edge that sticks out
/// belongs to a lower patch.
static void look_around(const struct qn_mesh *m, const struct qn_mesh_hit *hit, const double d[3],
                        double normal[3], int *own)
{
    const int patch = m->patch[hit->tri];
    memset(normal, 0, 3 * sizeof *normal);
    int corner = 0;
    while (hit->weight[corner] == 0.0) {
        corner++;
    }
    const int v = m->tri[hit->tri][corner];
    for (int i = m->fan_row[v]; i < m->fan_row[v + 1]; i++) {
        const int t = m->fan[i];
        int there = 1; // does t hold every corner the point lies on?
        for (int k = 0; k < 3; k++) {
            const int c = m->tri[hit->tri][k];
            there &= hit->weight[k] == 0.0 || m->tri[t][0] == c || m->tri[t][1] == c ||
                     m->tri[t][2] == c;
        }
        for (int k = 0; k < 3 && there; k++) {
            double out[3];
            minus(m->vert[m->tri[t][k]], hit->at, out);
            normal[k] += m->normal[t][k];
            // a step along t brings it nearer to x
            const double gain = dot(d, out), size = sqrt(dot(d, d) * dot(out, out));
            *own &= m->patch[t] == patch || !(gain > 1e-9 * size);
        }
        *own &= !there || m->patch[t] >= patch;
    }
}

/// Signed distance of x from the nearest point of a patch, and the normal there.
static double signed_distance(const struct qn_mesh *m, const struct qn_mesh_hit *hit,
                              const double x[3], double normal[3], int *own)
{
    double d[3], around[3];
    minus(x, hit->at, d);
    const double far = sqrt(hit->d2);
    if (hit->weight[0] > 0.0 && hit->weight[1] > 0.0 && hit->weight[2] > 0.0) {
        memcpy(normal, m->normal[hit->tri], sizeof m->normal[hit->tri]);
        return dot(d, normal);
    }
    look_around(m, hit, d, around, own);
    const double side = dot(d, around) < 0.0 ? -1.0 : 1.0;
    for (int k = 0; k < 3; k++) {
        normal[k] = far > 0.0 ? side * d[k] / far : m->normal[hit->tri][k];
    }
    return side * far;
}

int qn_mesh_inside(const struct qn_mesh *m, const double x[3])
{
    struct qn_mesh_hit hit = {.d2 = HUGE_VAL};
    double normal[3];
    int own = 1;
    for (int p = 0; p < m->n_patch; p++) {
        (void)qn_mesh_nearest(m, p, x, &hit);
    }
    return signed_distance(m, &hit, x, normal, &own) > 0.0;
}

/// own: how far behind the surface a lost body is looked for.
static int look_at_patch(const struct qn_wall *w, const double x[3], double within,
                         struct qn_wall_point *out)
{
    const struct qn_mesh *m = w->mesh;
    const double reach = fmax(within, w->own[0]);
    struct qn_mesh_hit hit = {.d2 = reach * reach};
    int own = 1;
    if (!qn_mesh_nearest(m, w->patch, x, &hit)) {
        return 0;
    }
    out->distance = signed_distance(m, &hit, x, out->normal, &own);
    out->curvature = hit.weight[0] * m->bend[hit.tri][0] + hit.weight[1] * m->bend[hit.tri][1] +
                     hit.weight[2] * m->bend[hit.tri][2];
    // the far side of something thin is not a wall that x has passed
    return own && (out->distance >= 0.0 || !qn_mesh_inside(m, x));
}

static void build(const void *own, const struct qn_mesh *mesh, struct qn_vessel *out)
{
    (void)own;
    _Static_assert(QN_MESH_PATCHES + QN_MAX_RODS <= QN_MAX_WALLS, "no room for bars");
    QN_ASSERT(mesh);
    *out = (struct qn_vessel){.volume = mesh->volume, .area = mesh->area, .mesh = mesh};
    memcpy(out->half, mesh->half, sizeof out->half);
    out->narrow = 2.0 * fmin(mesh->half[0], fmin(mesh->half[1], mesh->half[2]));
    for (int v = 0; v < mesh->n_vert; v++) {
        out->reach = fmax(out->reach, hypot(mesh->vert[v][0], mesh->vert[v][1]));
    }
    for (int p = 0; p < mesh->n_patch; p++) {
        out->wall[out->n_walls++] = (struct qn_wall){.shape = QN_WALL_OTHER,
                                                     .look = look_at_patch,
                                                     .own = {0.02 * out->narrow},
                                                     .mesh = mesh,
                                                     .patch = p};
    }
}

/// Metres of `vial.unit`, for who reads the file.
static double unit(const void *own)
{
    static const double metres[] = {1.0, 1e-2, 1e-3, 0.0254};
    return metres[((const struct stl *)own)->unit];
}

const struct qn_vial_law qn_vial_stl = {
    .name = "stl",
    .size = sizeof(struct stl),
    .field = fields,
    .build = build,
    .unit = unit,
    .path_at = offsetof(struct stl, file),
};
