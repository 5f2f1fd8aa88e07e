/// @file
/// Sparse elimination in a fixed order: Markowitz's count chooses the pivots, on the diagonal.
#include <string.h>

#include "base/array.h"
#include "network_build.h"

// entries of the matrix with fill; `left`: not eliminated yet
struct pattern {
    int n;
    char *full; ///< [n * n]
    char *left; ///< [n]
};

static int cost_of(const struct pattern *p, int k)
{
    int rows = 0, cols = 0;
    for (int i = 0; i < p->n; i++) {
        rows += p->left[i] && i != k && p->full[i * p->n + k];
        cols += p->left[i] && i != k && p->full[k * p->n + i];
    }
    return rows * cols;
}

static int next_pivot(const struct pattern *p)
{
    int best = -1, cost = 0;
    for (int k = 0; k < p->n; k++) {
        const int now = p->left[k] ? cost_of(p, k) : 0;
        if (p->left[k] && (best < 0 || now < cost)) {
            best = k;
            cost = now;
        }
    }
    return best;
}

static void fill_in(struct pattern *p, int k)
{
    for (int i = 0; i < p->n; i++) {
        for (int j = 0; j < p->n && p->left[i] && p->full[i * p->n + k]; j++) {
            if (p->left[j] && p->full[k * p->n + j]) {
                p->full[i * p->n + j] = 1;
            }
        }
    }
}

static void number_slots(struct qn_network *w, const struct pattern *p)
{
    for (int i = 0; i < p->n * p->n; i++) {
        w->slot[i] = p->full[i] ? w->n_lu++ : -1;
    }
}

// what is done when k is eliminated, given what is left after it
static void add_step(struct qn_net_build *b, const struct pattern *p, int k, int *counts)
{
    struct qn_network *w = b->w;
    struct qn_net_elimination s = {k, counts[0], 0, counts[1], 0, counts[2]};
    qn_grow(&w->l, &b->ls, (size_t)(counts[0] + p->n));
    qn_grow(&w->u, &b->us, (size_t)(counts[1] + p->n));
    for (int i = 0; i < p->n; i++) {
        if (p->left[i] && p->full[i * p->n + k]) {
            w->l[counts[0]++] = (struct qn_net_place){i, w->slot[i * p->n + k]};
        }
        if (p->left[i] && p->full[k * p->n + i]) {
            w->u[counts[1]++] = (struct qn_net_place){i, w->slot[k * p->n + i]};
        }
    }
    s.l_to = counts[0];
    s.u_to = counts[1];
    qn_grow(&w->target, &b->targets, (size_t)(counts[2] + p->n * p->n));
    for (int i = s.l_from; i < s.l_to; i++) {
        for (int j = s.u_from; j < s.u_to; j++) {
            w->target[counts[2]++] = w->slot[w->l[i].variable * p->n + w->u[j].variable];
        }
    }
    w->step[p->n - 1] = s; // moved down by the caller
}

void qn_network_order(struct qn_net_build *b)
{
    struct qn_network *w = b->w;
    const size_t n = (size_t)w->n;
    struct pattern p = {w->n, qn_alloc(n * n, 1), qn_alloc(n, 1)};
    int *order = qn_alloc(n, sizeof *order);
    w->step = qn_alloc(n, sizeof *w->step);
    w->slot = qn_alloc(n * n, sizeof *w->slot);
    for (int e = 0; e < w->n_jac; e++) {
        if (w->jac[e].row < w->n && w->jac[e].col < w->n) {
            p.full[w->jac[e].row * w->n + w->jac[e].col] = 1;
        }
    }
    memset(p.left, 1, n);
    for (int k = 0; k < w->n; k++) {
        order[k] = next_pivot(&p);
        p.left[order[k]] = 0;
        fill_in(&p, order[k]);
    }
    number_slots(w, &p);
    memset(p.left, 1, n);
    int counts[3] = {0, 0, 0};
    for (int k = 0; k < w->n; k++) {
        p.left[order[k]] = 0;
        add_step(b, &p, order[k], counts);
        w->step[k] = w->step[w->n - 1];
    }
    qn_free(order);
    qn_free(p.full);
    qn_free(p.left);
}
