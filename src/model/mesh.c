/// @file
/// From raw triangles to an audited mesh: shared corners, neighbours, patches, curvature.
#include "model/mesh.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "base/hash.h"

static const double SMOOTH = 35.0 * QN_PI / 180.0; ///< largest turn within a patch [rad]
static const double THIN = 1e-9;                   ///< of a degenerate triangle: height / side

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

static void cross(const double a[3], const double b[3], double out[3])
{
    out[0] = a[1] * b[2] - a[2] * b[1];
    out[1] = a[2] * b[0] - a[0] * b[2];
    out[2] = a[0] * b[1] - a[1] * b[0];
}

struct placed {
    double x[3];
    int corner;
};

static int by_place(const void *a, const void *b)
{
    const struct placed *p = a, *q = b;
    for (int k = 0; k < 3; k++) {
        if (p->x[k] != q->x[k]) {
            return p->x[k] < q->x[k] ? -1 : 1;
        }
    }
    return (p->corner > q->corner) - (p->corner < q->corner);
}

/// Corners at the same place become one vertex.
static void weld(struct qn_mesh *m, const double (*corner)[3])
{
    const size_t n = 3 * (size_t)m->n_tri;
    struct placed *p = qn_alloc(n, sizeof *p);
    for (size_t i = 0; i < n; i++) {
        for (int k = 0; k < 3; k++) {
            p[i].x[k] = corner[i][k] + 0.0; // -0 is 0
        }
        p[i].corner = (int)i;
    }
    qsort(p, n, sizeof *p, by_place);
    m->vert = qn_alloc(n, sizeof *m->vert);
    for (size_t i = 0; i < n; i++) {
        const double *x = p[i].x, *last = i ? p[i - 1].x : NULL;
        if (!last || x[0] != last[0] || x[1] != last[1] || x[2] != last[2]) {
            memcpy(m->vert[m->n_vert++], p[i].x, sizeof p[i].x);
        }
        m->tri[p[i].corner / 3][p[i].corner % 3] = m->n_vert - 1;
    }
    qn_free(p);
}

/// Normals into the vial (corners run counterclockwise seen from outside it), area.
static enum qn_status set_normals(struct qn_mesh *m)
{
    for (int t = 0; t < m->n_tri; t++) {
        const double *a = m->vert[m->tri[t][0]], *b = m->vert[m->tri[t][1]],
                     *c = m->vert[m->tri[t][2]];
        double ab[3], ac[3], bc[3], n[3];
        minus(b, a, ab), minus(c, a, ac), minus(c, b, bc);
        cross(ab, ac, n);
        const double size = sqrt(dot(n, n)),
                     side2 = fmax(dot(ab, ab), fmax(dot(ac, ac), dot(bc, bc)));
        if (!(size > THIN * side2)) {
            return qn_fail(QN_ERR_INPUT,
                           "triangle %d at (%g, %g, %g) m from the middle is degenerate: its "
                           "corners lie on a line; repair the mesh",
                           t + 1, a[0], a[1], a[2]);
        }
        m->area += 0.5 * size;
        for (int k = 0; k < 3; k++) {
            m->normal[t][k] = -n[k] / size;
        }
    }
    return QN_OK;
}

struct edge {
    int lo, hi, tri, k;
};

static int by_ends(const void *a, const void *b)
{
    const struct edge *p = a, *q = b;
    const int by = p->lo != q->lo ? p->lo - q->lo : p->hi - q->hi;
    return by ? by : p->tri - q->tri;
}

/// Exactly two triangles share an edge, and run along it in opposite directions.
static enum qn_status join_edges(struct qn_mesh *m, const struct edge *e, int n)
{
    for (int i = 0; i < n;) {
        int same = 1;
        while (i + same < n && e[i + same].lo == e[i].lo && e[i + same].hi == e[i].hi) {
            same++;
        }
        const double *x = m->vert[e[i].lo];
        if (same != 2) {
            return qn_fail(QN_ERR_INPUT,
                           "not closed: %d triangle%s at the edge that begins at (%g, %g, %g) m "
                           "from the middle, two are needed; repair the mesh",
                           same, same == 1 ? "" : "s", x[0], x[1], x[2]);
        }
        if (m->tri[e[i].tri][e[i].k] == m->tri[e[i + 1].tri][e[i + 1].k]) {
            return qn_fail(QN_ERR_INPUT,
                           "not oriented: triangles %d and %d at (%g, %g, %g) m from the middle "
                           "face different sides; make the normals agree",
                           e[i].tri + 1, e[i + 1].tri + 1, x[0], x[1], x[2]);
        }
        m->across[e[i].tri][e[i].k] = e[i + 1].tri;
        m->across[e[i + 1].tri][e[i + 1].k] = e[i].tri;
        i += 2;
    }
    return QN_OK;
}

static enum qn_status find_neighbours(struct qn_mesh *m)
{
    const int n = 3 * m->n_tri;
    struct edge *e = qn_alloc((size_t)n, sizeof *e);
    for (int i = 0; i < n; i++) {
        const int a = m->tri[i / 3][i % 3], b = m->tri[i / 3][(i + 1) % 3];
        e[i] = (struct edge){a < b ? a : b, a < b ? b : a, i / 3, i % 3};
    }
    qsort(e, (size_t)n, sizeof *e, by_ends);
    const enum qn_status status = join_edges(m, e, n);
    qn_free(e);
    return status;
}

/// Turn of the surface across an edge: positive where it sticks into the vial.
static double turn(const struct qn_mesh *m, int t, int k)
{
    const int u = m->across[t][k];
    double c[3], e[3];
    cross(m->normal[t], m->normal[u], c);
    minus(m->vert[m->tri[t][(k + 1) % 3]], m->vert[m->tri[t][k]], e);
    const double angle = atan2(sqrt(dot(c, c)), dot(m->normal[t], m->normal[u]));
    return dot(c, e) < 0.0 ? angle : -angle;
}

/// Number the parts that hang together across edges that turn by at most `most`; returns how many.
static int flood(const struct qn_mesh *m, double most, int *part)
{
    int n = 0, *stack = qn_alloc((size_t)m->n_tri, sizeof *stack);
    for (int t = 0; t < m->n_tri; t++) {
        part[t] = -1;
    }
    for (int t = 0; t < m->n_tri; t++) {
        int depth = 0;
        if (part[t] >= 0) {
            continue;
        }
        part[t] = n;
        stack[depth++] = t;
        while (depth > 0) {
            const int now = stack[--depth];
            for (int k = 0; k < 3; k++) {
                const int next = m->across[now][k];
                if (part[next] < 0 && fabs(turn(m, now, k)) <= most) {
                    part[next] = n;
                    stack[depth++] = next;
                }
            }
        }
        n++;
    }
    qn_free(stack);
    return n;
}

/// The outer shell encloses a positive volume, what stands inside it a negative one.
static enum qn_status check_shells(struct qn_mesh *m)
{
    const int n = flood(m, HUGE_VAL, m->patch);
    double *volume = qn_alloc((size_t)n, sizeof *volume);
    int outer = 0, wrong = 0;
    for (int t = 0; t < m->n_tri; t++) {
        double c[3];
        cross(m->vert[m->tri[t][1]], m->vert[m->tri[t][2]], c);
        volume[m->patch[t]] += dot(m->vert[m->tri[t][0]], c) / 6.0;
    }
    for (int k = 0; k < n; k++) {
        outer = fabs(volume[k]) > fabs(volume[outer]) ? k : outer;
        m->volume += volume[k];
    }
    for (int k = 0; k < n; k++) {
        wrong |= (volume[k] > 0.0) != (k == outer);
    }
    const double v = volume[outer];
    qn_free(volume);
    if (v < 0.0) {
        return qn_fail(QN_ERR_INPUT,
                       "inside out: it must be the surface of the vial's inside, with "
                       "normals that point away from the inside; flip them");
    }
    return wrong ? qn_fail(QN_ERR_INPUT,
                           "%d shells: besides the inside of the vial only closed "
                           "bodies in it may be there, with normals into the bodies",
                           n)
                 : QN_OK;
}

static void set_fans(struct qn_mesh *m)
{
    m->fan_row = qn_alloc((size_t)m->n_vert + 2, sizeof *m->fan_row);
    m->fan = qn_alloc(3 * (size_t)m->n_tri, sizeof *m->fan);
    for (int i = 0; i < 3 * m->n_tri; i++) {
        m->fan_row[m->tri[i / 3][i % 3] + 2]++;
    }
    for (int v = 0; v < m->n_vert; v++) {
        m->fan_row[v + 2] += m->fan_row[v + 1];
    }
    for (int i = 0; i < 3 * m->n_tri; i++) {
        m->fan[m->fan_row[m->tri[i / 3][i % 3] + 1]++] = i / 3;
    }
}

/// Mean curvature at a vertex within a patch: half the turn times length of the edges there, over
/// the area there. Each triangle sees half of an edge, each edge belongs half to the vertex.
static double curvature(const struct qn_mesh *m, int v, int patch)
{
    double bent = 0.0, area = 0.0;
    for (int i = m->fan_row[v]; i < m->fan_row[v + 1]; i++) {
        const int t = m->fan[i];
        if (m->patch[t] != patch) {
            continue;
        }
        double e[3][3], n[3];
        for (int k = 0; k < 3; k++) {
            minus(m->vert[m->tri[t][(k + 1) % 3]], m->vert[m->tri[t][k]], e[k]);
            const int here = m->tri[t][k] == v || m->tri[t][(k + 1) % 3] == v;
            if (here && m->patch[m->across[t][k]] == patch) {
                bent += 0.125 * sqrt(dot(e[k], e[k])) * turn(m, t, k);
            }
        }
        cross(e[0], e[1], n);
        area += sqrt(dot(n, n)) / 6.0;
    }
    return bent / area;
}

enum qn_status qn_mesh_make(const double (*corner)[3], int n, struct qn_mesh *m)
{
    memset(m, 0, sizeof *m);
    m->n_tri = n;
    m->tri = qn_alloc((size_t)n, sizeof *m->tri);
    m->normal = qn_alloc((size_t)n, sizeof *m->normal);
    m->across = qn_alloc((size_t)n, sizeof *m->across);
    m->patch = qn_alloc((size_t)n, sizeof *m->patch);
    m->bend = qn_alloc((size_t)n, sizeof *m->bend);
    weld(m, corner);
    enum qn_status status = set_normals(m);
    status = status == QN_OK ? find_neighbours(m) : status;
    status = status == QN_OK ? check_shells(m) : status;
    if (status == QN_OK) {
        m->n_patch = flood(m, SMOOTH, m->patch);
        if (m->n_patch > QN_MESH_PATCHES) {
            status = qn_fail(QN_ERR_INPUT,
                             "%d smooth parts between sharp edges (above 35 degrees); at most %d "
                             "fit: simplify the mesh, or tile curved walls more finely",
                             m->n_patch, QN_MESH_PATCHES);
        }
    }
    if (status != QN_OK) {
        qn_mesh_free(m);
        return status;
    }
    set_fans(m);
    for (int i = 0; i < 3 * n; i++) {
        m->bend[i / 3][i % 3] = curvature(m, m->tri[i / 3][i % 3], m->patch[i / 3]);
        for (int k = 0; k < 3; k++) {
            m->half[k] = fmax(m->half[k], fabs(m->vert[m->tri[i / 3][i % 3]][k]));
        }
    }
    qn_mesh_plant(m);
    return QN_OK;
}

void qn_mesh_free(struct qn_mesh *m)
{
    void *const parts[] = {m->vert, m->tri,     m->normal, m->across, m->patch, m->bend,
                           m->fan,  m->fan_row, m->node,   m->root,   m->order};
    for (size_t k = 0; k < sizeof parts / sizeof *parts; k++) {
        qn_free(parts[k]);
    }
    memset(m, 0, sizeof *m);
}

uint64_t qn_mesh_hash(const struct qn_mesh *m)
{
    const uint64_t h = qn_hash(1, m->vert, (size_t)m->n_vert * sizeof *m->vert);
    return qn_hash(h, m->tri, (size_t)m->n_tri * sizeof *m->tri);
}
