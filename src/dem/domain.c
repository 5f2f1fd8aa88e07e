/// @file
/// Owners, migration and ghosts at a rebuild.
#include "dem/domain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "par/partition.h"

/// Work of one body and of one end of a listed contact, in units of a body's step: fitted once by
/// scripts/study-ranks (30 ns of kick, drift and lists; 16 ns of law and 2 ns of gathering).
static const double BODY_WORK = 1.0, CONTACT_WORK = 0.6;

/// Cuts move when the largest work passes the mean by this much ...
static const double UNEVEN = 1.05;
/// ... and at least this many rebuilds have passed since the last time.
enum { PATIENCE = 4 };

const char *qn_step_phase_name(enum qn_step_phase phase)
{
    static const char *const names[QN_STEP_PHASES] = {"contacts", "bodies", "exchange", "lists",
                                                      "waiting"};
    return names[phase];
}

void qn_domain_free(struct qn_domain *d)
{
    if (d) {
        qn_partition_free(d->partition);
        qn_free(d->arrived);
        qn_free(d->left);
        qn_free(d);
    }
}

void qn_dem_add_work(struct qn_dem *s, int64_t id, double amount)
{
    const int i = s->domain ? qn_record_index(s, id) : -1;
    if (i >= 0) {
        s->work[i] += amount;
    }
}

/// Work of each owned body; shaken, it says nothing true.
static double weigh(const struct qn_dem *s, const struct qn_domain *d, double *weight)
{
    const double steps = fmax((double)s->step - d->work_since, 1.0);
    double sum = 0.0;
    for (int k = 0; k < s->n_own; k++) {
        const int i = s->own[k];
        const int contacts = s->gather_row ? s->gather_row[i + 1] - s->gather_row[i] : 0;
        weight[k] = BODY_WORK + CONTACT_WORK * contacts + s->work[i] / steps;
        sum += weight[k];
        if (d->shake) {
            weight[k] *= (double)(1 + (s->id[i] / 7 + d->rebuilds) % 5);
        }
    }
    return sum;
}

/// New cuts when the work is uneven; notes how uneven it was.
static void balance(struct qn_dem *s, struct qn_domain *d)
{
    const size_t ranks = (size_t)s->group->size;
    double *weight = qn_alloc((size_t)s->n_own, sizeof *weight);
    double *all = qn_alloc(ranks, sizeof *all);
    const double mine = weigh(s, d, weight);
    double sum = 0.0, most = 0.0;
    qn_group_allgather(s->group, &mine, sizeof mine, all);
    for (size_t r = 0; r < ranks; r++) {
        sum += all[r];
        most = fmax(most, all[r]);
    }
    const double uneven = most * (double)ranks / sum;
    d->imbalance += uneven;
    d->worst = d->balances > 1 ? fmax(d->worst, uneven) : uneven;
    d->since++;
    if (d->shake || (uneven > UNEVEN && d->since >= PATIENCE)) {
        double(*x)[3] = qn_alloc((size_t)s->n_own, sizeof *x);
        for (int k = 0; k < s->n_own; k++) {
            memcpy(x[k], s->body[s->own[k]].x, sizeof x[k]);
            s->work[s->own[k]] = 0.0;
        }
        qn_partition_balance(d->partition, s->n_own, x, weight);
        qn_free(x);
        d->since = 0;
        d->work_since = (double)s->step;
        d->balances++;
    }
    qn_free(weight);
    qn_free(all);
}

/// Records of everything owned here, growing by what arrives.
struct crowd {
    struct qn_body_record *body;
    size_t n, cap;
};

static int by_id(const void *a, const void *b)
{
    const struct qn_body_record *p = a, *q = b;
    return (p->id > q->id) - (p->id < q->id);
}

/// Open contacts of a leaving body, from either side.
static size_t contacts_of(const struct qn_dem *s, int i, struct qn_contact_record **out,
                          size_t *cap, size_t n)
{
    for (int e = s->gather_row ? s->gather_row[i] : 0; s->gather_row && e < s->gather_row[i + 1];
         e++) {
        const int slot = s->gather[e] >> 1;
        if (qn_record_is_open(s, slot)) {
            qn_grow(out, cap, n + 1);
            qn_record_contact(s, slot, &(*out)[n++]);
        }
    }
    return n;
}

static int by_rank_and_id(const void *a, const void *b)
{
    const struct qn_departure *p = a, *q = b;
    const int to = (p->to > q->to) - (p->to < q->to);
    return to ? to : (p->id > q->id) - (p->id < q->id);
}

/// Who stays and who leaves, by the boxes of the ranks.
static void part(const struct qn_dem *s, struct qn_domain *d, struct crowd *stay)
{
    d->n_left = 0;
    for (int k = 0; k < s->n_own; k++) {
        const int i = s->own[k], to = qn_partition_owner(d->partition, s->body[i].x);
        if (to == s->group->rank) {
            qn_grow(&stay->body, &stay->cap, stay->n + 1);
            qn_record_body(s, i, &stay->body[stay->n++]);
        } else {
            qn_grow(&d->left, &d->cap_left, d->n_left + 1);
            d->left[d->n_left++] = (struct qn_departure){s->id[i], to, i};
        }
    }
    if (d->n_left > 1) {
        qsort(d->left, d->n_left, sizeof *d->left, by_rank_and_id);
    }
    d->migrated += (int64_t)d->n_left;
}

/// Bodies of others whose boxes they have entered join those that stay.
static void swap_bodies(const struct qn_dem *s, const struct qn_domain *d, size_t *bytes,
                        struct crowd *stay)
{
    struct qn_body_record *send = qn_alloc(d->n_left, sizeof *send);
    void *came;
    for (size_t k = 0; k < d->n_left; k++) {
        qn_record_body(s, d->left[k].index, &send[k]);
        bytes[d->left[k].to] += sizeof *send;
    }
    const size_t total = qn_group_swap(s->group, send, bytes, &came);
    const size_t arrivals = total / sizeof *send;
    qn_grow(&stay->body, &stay->cap, stay->n + arrivals);
    if (arrivals > 0) {
        memcpy(stay->body + stay->n, came, total);
        stay->n += arrivals;
        qsort(stay->body, stay->n, sizeof *stay->body, by_id);
    }
    qn_free(send);
    qn_free(came);
}

/// Their open contacts travel along and wait until the lists are made.
static void swap_contacts(const struct qn_dem *s, struct qn_domain *d, size_t *bytes)
{
    struct qn_contact_record *send = NULL;
    size_t cap = 0, n = 0;
    void *came;
    for (size_t k = 0; k < d->n_left; k++) {
        const size_t before = n;
        n = contacts_of(s, d->left[k].index, &send, &cap, n);
        bytes[d->left[k].to] += (n - before) * sizeof *send;
    }
    d->n_arrived = qn_group_swap(s->group, send, bytes, &came) / sizeof *send;
    qn_free(d->arrived);
    d->arrived = came;
    qn_free(send);
}

/// Send bodies to the ranks in whose boxes they lie, with their contacts; `stay` receives what is
/// owned afterwards, in id order.
static void migrate(const struct qn_dem *s, struct qn_domain *d, struct crowd *stay)
{
    const size_t ranks = (size_t)s->group->size;
    size_t *bodies = qn_alloc(ranks, sizeof *bodies), *contacts = qn_alloc(ranks, sizeof *contacts);
    part(s, d, stay);
    swap_bodies(s, d, bodies, stay);
    swap_contacts(s, d, contacts);
    qn_free(bodies);
    qn_free(contacts);
}

struct qn_domain *qn_domain_new(struct qn_dem *s)
{
    struct qn_domain *d = qn_alloc(1, sizeof *d);
    const int ranks = s->group->size;
    d->partition = qn_partition_new(s->group);

    // all ranks hold all bodies: each weighs a share of them, then keeps its own
    double(*x)[3] = qn_alloc((size_t)s->n, sizeof *x);
    double *weight = qn_alloc((size_t)s->n, sizeof *weight);
    int n = 0;
    for (int i = s->group->rank; i < s->n; i += ranks) {
        memcpy(x[n], s->body[i].x, sizeof x[n]);
        weight[n++] = BODY_WORK + CONTACT_WORK;
    }
    qn_partition_balance(d->partition, n, x, weight);
    qn_free(x);
    qn_free(weight);
    for (int i = 0; i < s->n; i++) {
        s->rank[i] = qn_partition_owner(d->partition, s->body[i].x);
    }
    return d;
}

void qn_domain_gather(const struct qn_dem_model *m, struct qn_dem *s)
{
    struct qn_domain *d = s->domain;
    struct crowd own = {0};
    const size_t n_was = (size_t)s->n;
    balance(s, d);
    migrate(s, d, &own);
    qn_grow(&s->id_was, &s->cap_id_was, n_was);
    memcpy(s->id_was, s->id, n_was * sizeof *s->id_was);
    qn_halo_offer(m, s, own.body, own.n);
    qn_halo_assemble(m, s, own.body, own.n, n_was);
    d->rebuilds++;
    qn_free(own.body);
}

enum qn_status qn_domain_place_contacts(struct qn_dem *s)
{
    enum qn_status status = QN_OK;
    for (size_t k = 0; k < s->domain->n_arrived && status == QN_OK; k++) {
        status = qn_record_place(s, &s->domain->arrived[k]);
    }
    s->domain->n_arrived = 0;
    return qn_group_agree(s->group, status);
}

void qn_domain_read(const struct qn_dem *s, struct qn_domain_stats *out)
{
    memset(out, 0, sizeof *out);
    if (!s->domain) {
        return;
    }
    const struct qn_domain *d = s->domain;
    const struct qn_halo *h = s->halo;
    double sum[6 + QN_STEP_PHASES] = {(double)d->migrated,        (double)h->sum_own,
                                      (double)h->sum_ghosts,      (double)h->sum_got,
                                      (double)s->group->messages, (double)s->group->bytes};
    double most[2 * QN_STEP_PHASES];
    for (int p = 0; p < QN_STEP_PHASES; p++) {
        sum[6 + p] = most[p] = d->wall[p];
        most[QN_STEP_PHASES + p] = -d->wall[p];
    }
    qn_group_sum(s->group, sum, 6 + QN_STEP_PHASES);
    qn_group_max(s->group, most, 2 * QN_STEP_PHASES);
    const double rebuilds = (double)d->rebuilds, ranks = s->group->size;
    *out = (struct qn_domain_stats){
        .ranks = s->group->size,
        .steps = s->step,
        .rebuilds = d->rebuilds,
        .balances = d->balances,
        .migrated = sum[0] / rebuilds,
        .ghosts = sum[2] / sum[1],
        .offered = sum[3] / sum[1],
        .messages = sum[4] / ranks / (double)s->step,
        .bytes = sum[5] / ranks / (double)s->step,
        .imbalance = d->imbalance / rebuilds,
        .worst = d->worst,
    };
    for (int p = 0; p < QN_STEP_PHASES; p++) {
        out->wall[p][0] = -most[QN_STEP_PHASES + p];
        out->wall[p][1] = sum[6 + p] / ranks;
        out->wall[p][2] = most[p];
    }
}
