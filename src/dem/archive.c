/// @file
/// Packing and unpacking the mechanical state.
///
/// Records go in the order of ids, so the bytes do not depend on how many ranks wrote them.
#include "dem/archive.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "dem/engine.h"
#include "dem/record.h"

struct header {
    char magic[8];
    int64_t n, step, n_open, n_episodes, n_capped;
    double ke_start;
    struct qn_exact closed[QN_CLOSED];
};

static const char MAGIC[8] = "qn-dem4";

/// Open contacts whose lower body is owned here; `out` NULL: only counts.
static size_t gather_open(const struct qn_dem *s, struct qn_contact_record *out)
{
    size_t n = 0;
    for (int k = 0; k < s->n_own; k++) {
        const int i = s->own[k];
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
            const int slot = s->gather[e] >> 1;
            if ((s->gather[e] & 1) || !qn_record_is_open(s, slot)) {
                continue;
            }
            if (out) {
                qn_record_contact(s, slot, &out[n]);
            }
            n++;
        }
    }
    return n;
}

static int by_id(const void *a, const void *b)
{
    const struct qn_body_record *p = a, *q = b;
    return (p->id > q->id) - (p->id < q->id);
}

static int by_ids(const void *a, const void *b)
{
    const struct qn_contact_record *p = a, *q = b;
    const int i = (p->i > q->i) - (p->i < q->i);
    return i ? i : (p->j > q->j) - (p->j < q->j);
}

/// All bodies, in id order, on rank 0.
static void all_bodies(const struct qn_dem *s, struct qn_body_record **out)
{
    size_t total;
    void *all;
    struct qn_body_record *mine = qn_alloc((size_t)s->n_own, sizeof *mine);
    for (int k = 0; k < s->n_own; k++) {
        qn_record_body(s, s->own[k], &mine[k]);
        mine[k].work = 0.0; // depends on the ranks
    }
    qn_group_gather(s->group, mine, (size_t)s->n_own * sizeof *mine, &all, &total);
    qn_free(mine);
    *out = all;
    if (total > 0) {
        qsort(*out, total / sizeof **out, sizeof **out, by_id);
    }
}

static void all_contacts(const struct qn_dem *s, struct qn_contact_record **out, size_t *n)
{
    size_t total;
    void *all;
    const size_t n_mine = gather_open(s, NULL);
    struct qn_contact_record *mine = qn_alloc(n_mine, sizeof *mine);
    gather_open(s, mine);
    qn_group_gather(s->group, mine, n_mine * sizeof *mine, &all, &total);
    qn_free(mine);
    *out = all;
    *n = total / sizeof **out;
    if (*n > 0) {
        qsort(*out, *n, sizeof **out, by_ids);
    }
}

void qn_dem_pack(const struct qn_dem *s, void **bytes, size_t *size)
{
    struct qn_body_record *body;
    struct qn_contact_record *contact;
    size_t n_open;
    int64_t count[2] = {s->n_episodes, s->n_capped};
    struct header h = {.n = s->n_total, .step = s->step, .ke_start = s->ke_start};
    memcpy(h.magic, MAGIC, sizeof h.magic);
    memcpy(h.closed, s->closed, sizeof h.closed);
    qn_group_sum_exact(s->group, h.closed, QN_CLOSED);
    qn_group_sum_integers(s->group, count, 2);
    all_bodies(s, &body);
    all_contacts(s, &contact, &n_open);
    h.n_open = (int64_t)n_open, h.n_episodes = count[0], h.n_capped = count[1];
    *bytes = NULL;
    *size = 0;
    if (s->group->rank == 0) {
        const size_t n_body = (size_t)s->n_total;
        *size = sizeof h + n_body * sizeof *body + n_open * sizeof *contact;
        char *at = *bytes = qn_alloc(*size, 1);
        memcpy(at, &h, sizeof h);
        memcpy(at + sizeof h, body, n_body * sizeof *body);
        if (n_open > 0) {
            memcpy(at + sizeof h + n_body * sizeof *body, contact, n_open * sizeof *contact);
        }
    }
    qn_free(body);
    qn_free(contact);
}

/// Rank 0's bytes on every rank; the caller frees them.
static void *share(struct qn_group *g, const void *bytes, size_t *size)
{
    qn_group_broadcast(g, size, sizeof *size);
    void *copy = qn_alloc(*size, 1);
    if (g->rank == 0 && *size > 0) {
        memcpy(copy, bytes, *size);
    }
    qn_group_broadcast(g, copy, *size);
    return copy;
}

static enum qn_status add_bodies(const struct qn_dem_model *m, struct qn_dem *s,
                                 const struct qn_body_record *b, int64_t n)
{
    for (int64_t k = 0; k < n; k++) {
        if (b[k].id != k || b[k].species < 0 || b[k].species >= m->n_species) {
            return qn_fail(QN_ERR_IO, "checkpoint: body %lld has no species", (long long)k);
        }
        qn_dem_add(m, s, (int)b[k].species, b[k].R, b[k].x, b[k].v, b[k].w);
        s->tally[k] = b[k].tally;
    }
    return QN_OK;
}

static enum qn_status unpack(const struct qn_dem_model *m, struct qn_dem *s, const char *at,
                             size_t size)
{
    struct header h;
    if (size < sizeof h) {
        return qn_fail(QN_ERR_IO, "checkpoint: mechanical state is cut off");
    }
    memcpy(&h, at, sizeof h);
    const size_t need = sizeof h + (size_t)h.n * sizeof(struct qn_body_record) +
                        (size_t)h.n_open * sizeof(struct qn_contact_record);
    if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 || need != size) {
        return qn_fail(QN_ERR_IO, "checkpoint: not a mechanical state of this version");
    }
    const struct qn_body_record *b = (const void *)(at + sizeof h);
    QN_TRY(add_bodies(m, s, b, h.n));
    s->step = h.step;
    s->ke_start = h.ke_start;
    if (s->group->rank == 0) { // totals so far belong to one rank; sums do not ask which
        s->n_episodes = h.n_episodes;
        s->n_capped = h.n_capped;
        memcpy(s->closed, h.closed, sizeof s->closed);
    }
    QN_TRY(qn_dem_divide(m, s));
    const struct qn_contact_record *c = (const void *)(b + h.n);
    for (int64_t k = 0; k < h.n_open; k++) {
        QN_TRY(qn_record_place(s, &c[k]));
    }
    return QN_OK;
}

enum qn_status qn_dem_unpack(const struct qn_dem_model *m, struct qn_dem *s, const void *bytes,
                             size_t size)
{
    char *copy = share(s->group, bytes, &size);
    const enum qn_status status = qn_group_agree(s->group, unpack(m, s, copy, size));
    qn_free(copy);
    return status;
}
