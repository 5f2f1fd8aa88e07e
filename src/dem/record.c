/// @file
/// Bodies and contacts to records and back.
#include "dem/record.h"

#include <string.h>

void qn_record_body(const struct qn_dem *s, int i, struct qn_body_record *out)
{
    const struct qn_body *b = &s->body[i];
    memset(out, 0, sizeof *out);
    out->id = s->id[i];
    out->species = s->species[i];
    out->R = b->R;
    out->mass = s->mass[i];
    out->work = s->work[i];
    out->tally = s->tally[i];
    memcpy(out->x, b->x, sizeof b->x);
    memcpy(out->v, b->v, sizeof b->v);
    memcpy(out->w, b->w, sizeof b->w);
}

void qn_record_put(struct qn_dem *s, int i, const struct qn_body_record *r, int rank)
{
    struct qn_body *b = &s->body[i];
    memset(b, 0, sizeof *b);
    b->R = r->R;
    b->im = 1.0 / r->mass;
    b->iI = 2.5 / (r->mass * r->R * r->R);
    memcpy(b->x, r->x, sizeof b->x);
    memcpy(b->v, r->v, sizeof b->v);
    memcpy(b->w, r->w, sizeof b->w);
    s->id[i] = r->id;
    s->rank[i] = rank;
    s->mass[i] = r->mass;
    s->work[i] = r->work;
    s->species[i] = (int)r->species;
    s->tally[i] = r->tally;
}

int qn_record_is_open(const struct qn_dem *s, int slot)
{
    return slot && *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
}

void qn_record_contact(const struct qn_dem *s, int slot, struct qn_contact_record *out)
{
    const struct qn_block *b = &s->inner.block[slot / QN_VL];
    const int j = b->j[slot % QN_VL];
    memset(out, 0, sizeof *out);
    out->i = s->id[b->i[slot % QN_VL]];
    out->j = j < 0 ? j : s->id[j];
    for (int f = 0; f < QN_HISTORY; f++) {
        out->h[f] = *qn_field(s->inner.block, slot, f);
    }
    memcpy(out->push, s->inner.push + (size_t)slot * QN_PUSH, sizeof out->push);
    out->k = qn_lane_constants(b, slot % QN_VL);
    out->cold = s->inner.cold[slot];
}

int qn_record_index(const struct qn_dem *s, int64_t id)
{
    int low = 0, high = s->n;
    while (low < high) {
        const int mid = low + (high - low) / 2;
        *(s->id[mid] < id ? &low : &high) = s->id[mid] < id ? mid + 1 : mid;
    }
    return low < s->n && s->id[low] == id ? low : -1;
}

/// Slot of a contact among the pushes of an owned body, 0 when it is not there.
static int find_slot(const struct qn_dem *s, int owned, int i, int j)
{
    for (int e = s->gather_row[owned]; e < s->gather_row[owned + 1]; e++) {
        const int slot = s->gather[e] >> 1;
        const struct qn_block *b = &s->inner.block[slot / QN_VL];
        if (slot && b->i[slot % QN_VL] == i && b->j[slot % QN_VL] == j) {
            return slot;
        }
    }
    return 0;
}

enum qn_status qn_record_place(struct qn_dem *s, const struct qn_contact_record *c)
{
    const int i = qn_record_index(s, c->i);
    const int j = c->j < 0 ? (int)c->j : qn_record_index(s, c->j);
    const int own_i = i >= 0 && qn_is_own(s, i);
    const int own_j = c->j >= 0 && j >= 0 && qn_is_own(s, j);
    if (!own_i && !own_j) {
        return QN_OK;
    }
    const int here = i >= 0 && (c->j < 0 || j >= 0);
    const int slot = here ? find_slot(s, own_i ? i : j, i, j) : 0;
    if (!slot) {
        return qn_fail(QN_ERR_IO, "contact %lld-%lld is not a near pair", (long long)c->i,
                       (long long)c->j);
    }
    for (int f = 0; f < QN_HISTORY; f++) {
        *qn_field(s->inner.block, slot, f) = c->h[f];
    }
    qn_set_lane_constants(&s->inner.block[slot / QN_VL], slot % QN_VL, &c->k);
    memcpy(s->inner.push + (size_t)slot * QN_PUSH, c->push, sizeof c->push);
    s->inner.cold[slot] = c->cold;
    return QN_OK;
}
