/// @file
/// Boxes of boxes around triangles, and the nearest point of a patch.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/mesh.h"

enum { LEAF = 4, DEPTH = 64 };

static double dot(const double a[3], const double b[3])
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

static void set_box(struct qn_mesh *m, struct qn_mesh_node *node, int first, int count)
{
    for (int k = 0; k < 3; k++) {
        node->lo[k] = HUGE_VAL, node->hi[k] = -HUGE_VAL;
        for (int i = first; i < first + count; i++) {
            for (int c = 0; c < 3; c++) {
                const double x = m->vert[m->tri[m->order[i]][c]][k];
                node->lo[k] = fmin(node->lo[k], x), node->hi[k] = fmax(node->hi[k], x);
            }
        }
    }
    node->first = first;
    node->count = count;
}

struct keyed {
    double key;
    int tri;
};

static int by_key(const void *a, const void *b)
{
    const struct keyed *p = a, *q = b;
    return p->key != q->key ? (p->key < q->key ? -1 : 1) : p->tri - q->tri;
}

/// Order a node's triangles along the longest side of its box.
static void sort_node(struct qn_mesh *m, const struct qn_mesh_node *node, struct keyed *scratch)
{
    int axis = 0;
    for (int k = 1; k < 3; k++) {
        axis = node->hi[k] - node->lo[k] > node->hi[axis] - node->lo[axis] ? k : axis;
    }
    for (int i = 0; i < node->count; i++) {
        const int t = m->order[node->first + i];
        scratch[i] = (struct keyed){m->vert[m->tri[t][0]][axis] + m->vert[m->tri[t][1]][axis] +
                                        m->vert[m->tri[t][2]][axis],
                                    t};
    }
    qsort(scratch, (size_t)node->count, sizeof *scratch, by_key);
    for (int i = 0; i < node->count; i++) {
        m->order[node->first + i] = scratch[i].tri;
    }
}

void qn_mesh_plant(struct qn_mesh *m)
{
    struct keyed *scratch = qn_alloc((size_t)m->n_tri, sizeof *scratch);
    m->node = qn_alloc(2 * (size_t)m->n_tri + 2 * (size_t)m->n_patch, sizeof *m->node);
    m->root = qn_alloc((size_t)m->n_patch, sizeof *m->root);
    m->order = qn_alloc((size_t)m->n_tri, sizeof *m->order);
    int at = 0;
    for (int p = 0; p < m->n_patch; p++) {
        const int first = at;
        for (int t = 0; t < m->n_tri; t++) {
            if (m->patch[t] == p) {
                m->order[at++] = t;
            }
        }
        m->root[p] = m->n_node++;
        set_box(m, &m->node[m->root[p]], first, at - first);
    }
    for (int k = 0; k < m->n_node; k++) { // children are made behind their parents
        struct qn_mesh_node *node = &m->node[k];
        if (node->count <= LEAF) {
            continue;
        }
        sort_node(m, node, scratch);
        const int low = node->count / 2;
        set_box(m, &m->node[m->n_node], node->first, low);
        set_box(m, &m->node[m->n_node + 1], node->first + low, node->count - low);
        node->first = m->n_node;
        node->count = 0;
        m->n_node += 2;
    }
    qn_free(scratch);
}

static double box_d2(const struct qn_mesh_node *n, const double x[3])
{
    double d2 = 0.0;
    for (int k = 0; k < 3; k++) {
        const double d = fmax(fmax(n->lo[k] - x[k], x[k] - n->hi[k]), 0.0);
        d2 += d * d;
    }
    return d2;
}

/// Barycentric weights of the point of a triangle nearest to x, by the regions around it (Ericson,
/// Real-Time Collision Detection, 5.1.5).
static void nearest_weights(const double *const v[3], const double x[3], double w[3])
{
    double ab[3], ac[3], p[3][3];
    for (int k = 0; k < 3; k++) {
        ab[k] = v[1][k] - v[0][k], ac[k] = v[2][k] - v[0][k];
        for (int c = 0; c < 3; c++) {
            p[c][k] = x[k] - v[c][k];
        }
    }
    const double d1 = dot(ab, p[0]), d2 = dot(ac, p[0]), d3 = dot(ab, p[1]), d4 = dot(ac, p[1]),
                 d5 = dot(ab, p[2]), d6 = dot(ac, p[2]);
    const double vc = d1 * d4 - d3 * d2, vb = d5 * d2 - d1 * d6, va = d3 * d6 - d5 * d4;
    w[0] = w[1] = w[2] = 0.0;
    if (d1 <= 0.0 && d2 <= 0.0) {
        w[0] = 1.0;
    } else if (d3 >= 0.0 && d4 <= d3) {
        w[1] = 1.0;
    } else if (d6 >= 0.0 && d5 <= d6) {
        w[2] = 1.0;
    } else if (vc <= 0.0 && d1 >= 0.0 && d3 <= 0.0) {
        w[1] = d1 / (d1 - d3), w[0] = 1.0 - w[1];
    } else if (vb <= 0.0 && d2 >= 0.0 && d6 <= 0.0) {
        w[2] = d2 / (d2 - d6), w[0] = 1.0 - w[2];
    } else if (va <= 0.0 && d4 - d3 >= 0.0 && d5 - d6 >= 0.0) {
        w[2] = (d4 - d3) / ((d4 - d3) + (d5 - d6)), w[1] = 1.0 - w[2];
    } else {
        w[1] = vb / (va + vb + vc), w[2] = vc / (va + vb + vc), w[0] = 1.0 - w[1] - w[2];
    }
}

static int try_triangle(const struct qn_mesh *m, int t, const double x[3], struct qn_mesh_hit *hit)
{
    const double *const v[3] = {m->vert[m->tri[t][0]], m->vert[m->tri[t][1]],
                                m->vert[m->tri[t][2]]};
    double w[3], at[3], d[3];
    nearest_weights(v, x, w);
    for (int k = 0; k < 3; k++) {
        at[k] = w[0] * v[0][k] + w[1] * v[1][k] + w[2] * v[2][k];
        d[k] = x[k] - at[k];
    }
    const double d2 = dot(d, d);
    if (!(d2 < hit->d2)) {
        return 0;
    }
    *hit = (struct qn_mesh_hit){t, {at[0], at[1], at[2]}, {w[0], w[1], w[2]}, d2};
    return 1;
}

int qn_mesh_nearest(const struct qn_mesh *m, int patch, const double x[3], struct qn_mesh_hit *hit)
{
    int stack[DEPTH], depth = 0, found = 0;
    stack[depth++] = m->root[patch];
    while (depth > 0) {
        const struct qn_mesh_node *node = &m->node[stack[--depth]];
        if (!(box_d2(node, x) < hit->d2)) {
            continue;
        }
        for (int i = node->first; i < node->first + node->count; i++) {
            found |= try_triangle(m, m->order[i], x, hit);
        }
        if (node->count == 0) { // the nearer child first
            const int far =
                box_d2(&m->node[node->first], x) <= box_d2(&m->node[node->first + 1], x);
            QN_ASSERT(depth + 2 <= DEPTH);
            stack[depth++] = node->first + far;
            stack[depth++] = node->first + 1 - far;
        }
    }
    return found;
}
