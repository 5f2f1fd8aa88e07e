/// @file
/// Offers, needs and the exchange of every step.
#include "dem/halo.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum {
    FIELDS = 9,  ///< doubles of a ghost and step: x, v, w
    LEVELS = 24, ///< size classes at most
};

/// Around everything of one size class that a rank owns, spheres and skins included.
struct box {
    double low[3], high[3];
};

static int level_of(const struct qn_halo *h, double radius)
{
    const int l = (int)floor(log2(radius / h->smallest) + 1e-9);
    return l < 0 ? 0 : l < LEVELS ? l : LEVELS - 1;
}

struct qn_halo *qn_halo_new(const struct qn_dem *s)
{
    struct qn_halo *h = qn_alloc(1, sizeof *h);
    h->n_offered = qn_alloc((size_t)s->group->size, sizeof *h->n_offered);
    h->n_got = qn_alloc((size_t)s->group->size, sizeof *h->n_got);
    h->smallest = (double)INFINITY;
    for (int i = 0; i < s->n; i++) {
        h->smallest = fmin(h->smallest, s->body[i].R);
    }
    for (int i = 0; i < s->n; i++) {
        const int l = level_of(h, s->body[i].R) + 1;
        h->n_levels = l > h->n_levels ? l : h->n_levels;
    }
    return h;
}

void qn_halo_free(struct qn_halo *h)
{
    if (h) {
        qn_exchange_free(&h->exchange);
        qn_free(h->send_index);
        qn_free(h->recv_index);
        qn_free(h->offered);
        qn_free(h->got);
        qn_free(h->n_offered);
        qn_free(h->n_got);
        qn_free(h);
    }
}

static void boxes_of(const struct qn_dem_model *m, const struct qn_halo *h,
                     const struct qn_body_record *own, size_t n, struct box *box)
{
    for (int l = 0; l < h->n_levels; l++) {
        for (int k = 0; k < 3; k++) {
            box[l].low[k] = (double)INFINITY, box[l].high[k] = -(double)INFINITY;
        }
    }
    for (size_t i = 0; i < n; i++) {
        struct box *b = &box[level_of(h, own[i].R)];
        const double reach = own[i].R + qn_half_skin(m, own[i].R);
        for (int k = 0; k < 3; k++) {
            b->low[k] = fmin(b->low[k], own[i].x[k] - reach);
            b->high[k] = fmax(b->high[k], own[i].x[k] + reach);
        }
    }
}

/// Does a sphere reach into a box? An empty box is nowhere.
static int reaches(const struct box *b, const double x[3], double reach)
{
    double d2 = 0.0;
    for (int k = 0; k < 3; k++) {
        const double d = fmax(fmax(b->low[k] - x[k], x[k] - b->high[k]), 0.0);
        d2 += d * d;
    }
    return d2 < reach * reach;
}

static int boxes_meet(const struct box *a, const struct box *b)
{
    for (int k = 0; k < 3; k++) {
        if (!(a->low[k] < b->high[k] && b->low[k] < a->high[k])) {
            return 0;
        }
    }
    return 1;
}

/// Can anything of ours and of theirs meet? Most ranks of a large job are far away.
static int near(const struct qn_halo *h, const struct box *ours, const struct box *theirs)
{
    for (int k = 0; k < h->n_levels * h->n_levels; k++) {
        if (boxes_meet(&ours[k / h->n_levels], &theirs[k % h->n_levels])) {
            return 1;
        }
    }
    return 0;
}

static int needed(const struct qn_halo *h, const struct box *box, const double x[3], double reach)
{
    for (int l = 0; l < h->n_levels; l++) {
        if (reaches(&box[l], x, reach)) {
            return 1;
        }
    }
    return 0;
}

void qn_halo_offer(const struct qn_dem_model *m, struct qn_dem *s, const struct qn_body_record *own,
                   size_t n)
{
    struct qn_halo *h = s->halo;
    const int ranks = s->group->size;
    const size_t each = (size_t)h->n_levels * sizeof(struct box);
    struct box *mine = qn_alloc(1, each), *all = qn_alloc((size_t)ranks, each);
    struct qn_body_record *send = NULL;
    size_t cap = 0, total = 0;
    size_t *bytes = qn_alloc((size_t)ranks, sizeof *bytes);
    boxes_of(m, h, own, n, mine);
    qn_group_allgather(s->group, mine, each, all);
    for (int r = 0; r < ranks; r++) {
        const size_t first = total;
        const struct box *theirs = all + (size_t)r * (size_t)h->n_levels;
        const int nobody = r == s->group->rank || !near(h, mine, theirs);
        for (size_t i = 0; i < n && !nobody; i++) {
            if (needed(h, theirs, own[i].x, own[i].R + qn_half_skin(m, own[i].R))) {
                qn_grow(&send, &cap, total + 1);
                qn_grow(&h->offered, &h->cap_offered, total + 1);
                send[total] = own[i];
                h->offered[total++] = (int)i;
            }
        }
        h->n_offered[r] = total - first;
        bytes[r] = h->n_offered[r] * sizeof *send;
    }
    void *came;
    qn_group_swap(s->group, send, bytes, &came);
    qn_free(h->got);
    h->got = came;
    for (int r = 0; r < ranks; r++) {
        h->n_got[r] = bytes[r] / sizeof *h->got;
        h->sum_got += (int64_t)h->n_got[r];
    }
    qn_free(send);
    qn_free(bytes);
    qn_free(mine);
    qn_free(all);
}

/// A record and who owns it, for sorting.
struct entry {
    const struct qn_body_record *r;
    int rank;
};

static int by_id(const void *a, const void *b)
{
    const struct entry *p = a, *q = b;
    return (p->r->id > q->r->id) - (p->r->id < q->r->id);
}

void qn_halo_assemble(const struct qn_dem_model *m, struct qn_dem *s,
                      const struct qn_body_record *own, size_t n, size_t n_was)
{
    const struct qn_halo *h = s->halo;
    size_t total = n, at = 0;
    s->halo->sum_own += (int64_t)n;
    for (int r = 0; r < s->group->size; r++) {
        total += h->n_got[r];
    }
    struct entry *e = qn_alloc(total, sizeof *e);
    for (size_t k = 0; k < n; k++) {
        e[at++] = (struct entry){&own[k], s->group->rank};
    }
    const struct qn_body_record *got = h->got;
    for (int r = 0; r < s->group->size; r++) {
        for (size_t k = 0; k < h->n_got[r]; k++) {
            e[at++] = (struct entry){got++, r};
        }
    }
    qsort(e, total, sizeof *e, by_id);
    qn_dem_room(s, total);
    s->n = (int)total;
    size_t before = 0;
    for (size_t k = 0; k < total; k++) {
        qn_record_put(s, (int)k, e[k].r, e[k].rank);
        while (before < n_was && s->id_was[before] < e[k].r->id) {
            before++;
        }
        const int same = before < n_was && s->id_was[before] == e[k].r->id;
        s->was[k] = same ? (int)before : -1;
    }
    qn_free(e);
    qn_dem_tidy(m, s);
}

/// Move body `from` to index `to`, with all its entries.
static void move_body(struct qn_dem *s, int to, int from)
{
    s->body[to] = s->body[from];
    s->mass[to] = s->mass[from];
    s->work[to] = s->work[from];
    s->species[to] = s->species[from];
    s->tally[to] = s->tally[from];
    s->id[to] = s->id[from];
    s->rank[to] = s->rank[from];
    s->was[to] = s->was[from];
}

/// Drop ghosts without a pair.
static void drop(struct qn_dem *s, struct qn_pairs *pairs)
{
    int *to = qn_alloc((size_t)s->n, sizeof *to);
    int n = 0;
    for (size_t k = 0; k < pairs->n; k++) {
        to[pairs->p[k][0]] = to[pairs->p[k][1]] = 1;
    }
    for (int i = 0; i < s->n; i++) {
        if (to[i] || qn_is_own(s, i)) {
            to[i] = n;
            move_body(s, n++, i);
        }
    }
    for (size_t k = 0; k < pairs->n; k++) {
        pairs->p[k][0] = to[pairs->p[k][0]];
        pairs->p[k][1] = to[pairs->p[k][1]];
    }
    s->n = n;
    qn_free(to);
}

/// Receive list from what was kept, and a byte for each offer to tell its owner.
static size_t keep_list(struct qn_dem *s, char *kept, size_t *n_recv)
{
    struct qn_halo *h = s->halo;
    size_t at = 0, n = 0;
    for (int r = 0; r < s->group->size; r++) {
        n_recv[r] = 0;
        for (size_t k = 0; k < h->n_got[r]; k++, at++) {
            const int i = qn_record_index(s, h->got[at].id);
            kept[at] = i >= 0 ? 1 : 0;
            if (i >= 0) {
                qn_grow(&h->recv_index, &h->cap_recv, n + 1);
                h->recv_index[n++] = i;
                n_recv[r]++;
            }
        }
    }
    return n;
}

/// Send list from what the others keep of our offers.
static void send_list(struct qn_dem *s, const char *wanted, size_t *n_send)
{
    struct qn_halo *h = s->halo;
    size_t at = 0, n = 0;
    for (int r = 0; r < s->group->size; r++) {
        n_send[r] = 0;
        for (size_t k = 0; k < h->n_offered[r]; k++, at++) {
            if (wanted[at]) {
                qn_grow(&h->send_index, &h->cap_send, n + 1);
                h->send_index[n++] = s->own[h->offered[at]];
                n_send[r]++;
            }
        }
    }
}

static void plan(struct qn_dem *s, const size_t *n_send, const size_t *n_recv)
{
    const size_t each = FIELDS * sizeof(double);
    struct qn_peer *peer = qn_alloc((size_t)s->group->size, sizeof *peer);
    size_t send = 0, recv = 0;
    int n = 0;
    for (int r = 0; r < s->group->size; r++) {
        if (n_send[r] || n_recv[r]) {
            peer[n++] =
                (struct qn_peer){r, send * each, n_send[r] * each, recv * each, n_recv[r] * each};
        }
        send += n_send[r];
        recv += n_recv[r];
    }
    qn_exchange_plan(&s->halo->exchange, peer, n);
    qn_free(peer);
}

void qn_halo_trim(const struct qn_dem_model *m, struct qn_dem *s, struct qn_pairs *pairs)
{
    struct qn_halo *h = s->halo;
    const size_t ranks = (size_t)s->group->size;
    size_t offers = 0;
    size_t *bytes = qn_alloc(ranks, sizeof *bytes);
    size_t *n_send = qn_alloc(ranks, sizeof *n_send), *n_recv = qn_alloc(ranks, sizeof *n_recv);
    drop(s, pairs);
    qn_dem_tidy(m, s);
    for (size_t r = 0; r < ranks; r++) {
        offers += h->n_got[r];
        bytes[r] = h->n_got[r];
    }
    char *kept = qn_alloc(offers, 1);
    void *wanted;
    h->sum_ghosts += (int64_t)keep_list(s, kept, n_recv);
    qn_group_swap(s->group, kept, bytes, &wanted);
    send_list(s, wanted, n_send);
    plan(s, n_send, n_recv);
    qn_free(kept);
    qn_free(wanted);
    qn_free(bytes);
    qn_free(n_send);
    qn_free(n_recv);
}

int qn_halo_exchange(struct qn_dem *s)
{
    struct qn_halo *h = s->halo;
    struct qn_exchange *x = &h->exchange;
    int stale = 0;
    for (int p = 0; p < x->n; p++) {
        double *to = (double *)(void *)(x->send + x->peer[p].send_at);
        const size_t first = x->peer[p].send_at / (FIELDS * sizeof *to);
        const size_t n = x->peer[p].send_bytes / (FIELDS * sizeof *to);
        for (size_t k = 0; k < n; k++, to += FIELDS) {
            const struct qn_body *b = &s->body[h->send_index[first + k]];
            memcpy(to, b->x, sizeof b->x);
            memcpy(to + 3, b->v, sizeof b->v);
            memcpy(to + 6, b->w, sizeof b->w);
        }
    }
    qn_exchange_run(s->group, x);
    for (int p = 0; p < x->n; p++) {
        const double *from = (const double *)(const void *)(x->recv + x->peer[p].recv_at);
        const size_t first = x->peer[p].recv_at / (FIELDS * sizeof *from);
        const size_t n = x->peer[p].recv_bytes / (FIELDS * sizeof *from);
        for (size_t k = 0; k < n; k++, from += FIELDS) {
            struct qn_body *b = &s->body[h->recv_index[first + k]];
            memcpy(b->x, from, sizeof b->x);
            memcpy(b->v, from + 3, sizeof b->v);
            memcpy(b->w, from + 6, sizeof b->w);
            double moved = 0.0;
            for (int c = 0; c < 3; c++) {
                moved += (b->x[c] - b->x0[c]) * (b->x[c] - b->x0[c]);
            }
            stale |= !(moved <= b->allow2);
        }
    }
    return stale;
}
