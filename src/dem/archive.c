/// @file
/// Packing and unpacking the mechanical state.
#include "dem/archive.h"

#include <string.h>

#include "base/array.h"
#include "dem/engine.h"

struct header {
    char magic[8];
    int64_t n, step, n_open, n_episodes, n_capped;
    double ke_start;
    struct qn_closed closed;
};

struct saved_body {
    double x[3], R, v[3], w[3], mass;
    int64_t species;
    struct qn_tally tally;
};

struct saved_contact {
    int64_t i, j;
    double h[QN_HISTORY], push[QN_PUSH];
    struct qn_contact_cold cold;
};

static const char MAGIC[8] = "qn-dem2";

static int is_open(const struct qn_dem *s, int slot)
{
    return slot && *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
}

static void save_contact(const struct qn_dem *s, int slot, struct saved_contact *c)
{
    const struct qn_block *b = &s->inner.block[slot / QN_VL];
    memset(c, 0, sizeof *c);
    c->i = b->i[slot % QN_VL];
    c->j = b->j[slot % QN_VL];
    for (int f = 0; f < QN_HISTORY; f++) {
        c->h[f] = *qn_field(s->inner.block, slot, f);
    }
    memcpy(c->push, s->inner.push + (size_t)slot * QN_PUSH, sizeof c->push);
    c->cold = s->inner.cold[slot];
}

/// Open contacts in the order of their first bodies and partners; `out` NULL: only counts.
static size_t gather_open(const struct qn_dem *s, struct saved_contact *out)
{
    size_t n = 0;
    for (int i = 0; i < s->n; i++) {
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
            const int slot = s->gather[e] >> 1;
            if ((s->gather[e] & 1) || !is_open(s, slot)) {
                continue;
            }
            if (out) {
                save_contact(s, slot, &out[n]);
            }
            n++;
        }
    }
    return n;
}

void qn_dem_pack(const struct qn_dem *s, void **bytes, size_t *size)
{
    const size_t n_open = gather_open(s, NULL);
    *size = sizeof(struct header) + (size_t)s->n * sizeof(struct saved_body) +
            n_open * sizeof(struct saved_contact);
    char *at = qn_alloc(*size, 1);
    *bytes = at;
    struct header h = {
        .n = s->n,
        .step = s->step,
        .n_open = (int64_t)n_open,
        .n_episodes = s->n_episodes,
        .n_capped = s->n_capped,
        .ke_start = s->ke_start,
        .closed = s->closed,
    };
    memcpy(h.magic, MAGIC, sizeof h.magic);
    memcpy(at, &h, sizeof h);
    struct saved_body *b = (struct saved_body *)(void *)(at + sizeof h);
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *from = &s->body[i];
        b[i].R = from->R;
        b[i].mass = s->mass[i];
        b[i].species = s->species[i];
        b[i].tally = s->tally[i];
        memcpy(b[i].x, from->x, sizeof b[i].x);
        memcpy(b[i].v, from->v, sizeof b[i].v);
        memcpy(b[i].w, from->w, sizeof b[i].w);
    }
    gather_open(s, (struct saved_contact *)(void *)(b + s->n));
}

/// Slot of a contact in the fresh inner list, 0 when it is not there.
static int find_slot(const struct qn_dem *s, int i, int j)
{
    for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
        const int slot = s->gather[e] >> 1;
        const struct qn_block *b = &s->inner.block[slot / QN_VL];
        if (slot && b->i[slot % QN_VL] == i && b->j[slot % QN_VL] == j) {
            return slot;
        }
    }
    return 0;
}

static enum qn_status restore_contacts(struct qn_dem *s, const struct saved_contact *c, int64_t n)
{
    for (int64_t k = 0; k < n; k++, c++) {
        const int slot = c->i >= 0 && c->i < s->n ? find_slot(s, (int)c->i, (int)c->j) : 0;
        if (!slot) {
            return qn_fail(QN_ERR_IO, "checkpoint: contact %lld-%lld is not a near pair",
                           (long long)c->i, (long long)c->j);
        }
        for (int f = 0; f < QN_HISTORY; f++) {
            *qn_field(s->inner.block, slot, f) = c->h[f];
        }
        memcpy(s->inner.push + (size_t)slot * QN_PUSH, c->push, sizeof c->push);
        s->inner.cold[slot] = c->cold;
    }
    return QN_OK;
}

enum qn_status qn_dem_unpack(const struct qn_dem_model *m, struct qn_dem *s, const void *bytes,
                             size_t size)
{
    const char *at = bytes;
    struct header h;
    if (size < sizeof h) {
        return qn_fail(QN_ERR_IO, "checkpoint: mechanical state is cut off");
    }
    memcpy(&h, at, sizeof h);
    const size_t need = sizeof h + (size_t)h.n * sizeof(struct saved_body) +
                        (size_t)h.n_open * sizeof(struct saved_contact);
    if (memcmp(h.magic, MAGIC, sizeof h.magic) != 0 || need != size) {
        return qn_fail(QN_ERR_IO, "checkpoint: not a mechanical state of this version");
    }
    const struct saved_body *b = (const struct saved_body *)(const void *)(at + sizeof h);
    for (int64_t i = 0; i < h.n; i++) {
        if (b[i].species < 0 || b[i].species >= m->n_species) {
            return qn_fail(QN_ERR_IO, "checkpoint: body %lld has no species", (long long)i);
        }
        qn_dem_add(m, s, (int)b[i].species, b[i].R, b[i].x, b[i].v, b[i].w);
        s->tally[i] = b[i].tally;
    }
    s->step = h.step;
    s->n_episodes = h.n_episodes;
    s->n_capped = h.n_capped;
    s->ke_start = h.ke_start;
    s->closed = h.closed;
    s->stale = 2;
    QN_TRY(qn_inner_prune(m, s));
    return restore_contacts(s, (const struct saved_contact *)(const void *)(b + h.n), h.n_open);
}
