/// @file
/// Checkpoints of the hours.
#include "hours_state.h"

#include <string.h>

#include "base/array.h"

static size_t books_size(const struct qn_hours *h, int impacts)
{
    const struct qn_mechanism *m = &h->powder->mechanism;
    const int n = impacts ? m->n_impacts : m->n_reactions * QN_CHANNELS;
    return (size_t)(n + 1) * sizeof(double); // one more, for a mechanism that has none
}

void qn_hours_save(const void *hours, struct qn_store *store)
{
    const struct qn_hours *h = hours;
    const size_t n = qn_bridged_packed(h->b);
    struct qn_hours_place at = h->at;
    double *flat = qn_alloc(n, sizeof *flat);
    qn_bridged_pack(h->b, flat);
    qn_store_put_bytes(store, "/checkpoint/hours/solver", flat, n * sizeof *flat);
    qn_free(flat);
    if (h->at.replaying) {
        void *bytes;
        size_t size;
        qn_replay_pack(&h->replay, &bytes, &size);
        qn_store_put_bytes(store, "/checkpoint/hours/replay", bytes, size);
        qn_free(bytes);
    }
    at.then = h->b->gas;
    qn_store_put_bytes(store, "/checkpoint/hours/found", h->out, sizeof *h->out);
    qn_store_put_bytes(store, "/checkpoint/hours/place", &at, sizeof at);
    qn_store_put_bytes(store, "/checkpoint/hours/reaction", h->reaction, books_size(h, 0));
    qn_store_put_bytes(store, "/checkpoint/hours/impact", h->impact, books_size(h, 1));
}

enum qn_status qn_hours_restore_place(struct qn_session *s, struct qn_hours *h, int *there)
{
    *there = qn_store_get_integers(s->store, "/checkpoint/hours/solver", NULL, NULL) != NULL;
    qn_group_broadcast(s->group, there, sizeof *there);
    if (!*there) {
        return QN_OK;
    }
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/hours/place", &h->at, sizeof h->at));
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/hours/reaction", h->reaction, books_size(h, 0)));
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/hours/impact", h->impact, books_size(h, 1)));
    return qn_session_get_exactly(s, "/checkpoint/hours/found", h->out, sizeof *h->out);
}

static enum qn_status restore_replay(struct qn_session *s, struct qn_hours *h)
{
    void *bytes;
    size_t size;
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/hours/replay", &bytes, &size));
    qn_hours_open_replay(s, h);
    const enum qn_status status = qn_replay_unpack(&h->replay, bytes, size);
    qn_free(bytes);
    return status;
}

enum qn_status qn_hours_restore(struct qn_session *s, struct qn_hours *h)
{
    const size_t n = qn_bridged_packed(h->b);
    double *flat = qn_alloc(n, sizeof *flat);
    const enum qn_status status =
        qn_session_get_exactly(s, "/checkpoint/hours/solver", flat, n * sizeof *flat);
    if (status == QN_OK) {
        qn_bridged_unpack(h->b, flat);
        const struct qn_gas gas = h->b->gas;
        h->b->gas = h->at.then;
        memcpy(h->b->gas.moles, gas.moles, sizeof gas.moles);
    }
    qn_free(flat);
    QN_TRY(status);
    return h->at.replaying ? restore_replay(s, h) : QN_OK;
}
