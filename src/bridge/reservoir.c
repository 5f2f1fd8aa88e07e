/// @file
/// Keeps raw exposures.
#include "bridge/reservoir.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"
#include "base/rng.h"

/// Share of the exposures of a class that is kept in full, the strongest.
static const double FULL_SHARE = 0.01;

/// Exposures at which a class is cut down: above all that can be kept after a cut.
enum {
    STRATA = QN_PULSE_KINDS * QN_SPECTRUM_BINS,
    CUT = 2 * (QN_RESERVOIR_FULL + STRATA * QN_RESERVOIR_SAMPLE)
};

const char *const qn_reservoir_columns[] = {
    "class",    "weight",       "kind",      "time[s]",    "mass[kg]", "energy[J]", "dose[J/kg]",
    "dT[K]",    "t_c[s]",       "cool[s]",   "kept",       "sink",     "lead[s]",   "lead_share",
    "t_cut[s]", "pressure[Pa]", "shear[Pa]", "slip[J/kg]", NULL};

void qn_reservoir_row(const struct qn_stored *e, int cls, double *row)
{
    const struct qn_exposure *x = &e->x;
    const struct qn_pulse *p = &x->pulse;
    const double all[QN_RESERVOIR_COLUMNS] = {
        cls,     e->weight,     p->kind,  x->time,     x->mass,  x->energy,
        x->dose, p->dT,         p->t_c,   p->cool,     p->kept,  p->sink,
        p->lead, p->lead_share, p->t_cut, x->pressure, x->shear, x->slip};
    memcpy(row, all, sizeof all);
}

void qn_reservoir_init(struct qn_reservoir *r, int n_classes, uint64_t seed)
{
    QN_ASSERT(n_classes > 0 && n_classes <= QN_SPECTRUM_CLASSES);
    *r = (struct qn_reservoir){.seed = seed, .n_classes = n_classes};
}

void qn_reservoir_free(struct qn_reservoir *r)
{
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        qn_free(r->cls[c].event);
    }
    *r = (struct qn_reservoir){0};
}

static uint64_t bits_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

// a number of this exposure alone
static double draw_of(const struct qn_reservoir *r, int cls, const struct qn_exposure *x)
{
    const uint64_t who =
        (uint64_t)(uint32_t)x->carrier << 16 | (uint64_t)x->pulse.kind << 8 | (uint64_t)cls;
    const uint64_t mass = bits_of(x->mass);
    return qn_uniform(r->seed, QN_STREAM_THIN, who, bits_of(x->time),
                      (uint32_t)(mass ^ mass >> 32));
}

static int stratum_of(const struct qn_exposure *x)
{
    return (int)x->pulse.kind * QN_SPECTRUM_BINS + qn_spectrum_bin_of(x);
}

// by all there is to an exposure: those that compare equal are the same, whoever saw them first
static int by_time(const struct qn_stored *p, const struct qn_stored *q)
{
    const struct qn_exposure *x = &p->x, *y = &q->x;
    const struct qn_pulse *a = &x->pulse, *b = &y->pulse;
    const double key[][2] = {
        {x->time, y->time},         {x->carrier, y->carrier}, {(double)a->kind, (double)b->kind},
        {x->mass, y->mass},         {x->energy, y->energy},   {x->dose, y->dose},
        {x->pressure, y->pressure}, {x->shear, y->shear},     {x->slip, y->slip},
        {x->pair, y->pair},         {a->dT, b->dT},           {a->t_c, b->t_c},
        {a->cool, b->cool},         {a->kept, b->kept},       {a->sink, b->sink},
        {a->t_cut, b->t_cut},       {a->lead, b->lead},       {a->lead_share, b->lead_share}};
    for (size_t i = 0; i < sizeof key / sizeof *key; i++) {
        if (key[i][0] != key[i][1]) {
            return key[i][0] < key[i][1] ? -1 : 1;
        }
    }
    return 0;
}

static int in_time(const void *a, const void *b)
{
    return by_time(a, b);
}

static int strongest(const void *a, const void *b)
{
    const struct qn_stored *p = a, *q = b;
    if (p->x.energy != q->x.energy) {
        return p->x.energy < q->x.energy ? 1 : -1;
    }
    return by_time(p, q);
}

static int drawn(const void *a, const void *b)
{
    const struct qn_stored *p = a, *q = b;
    if (p->draw != q->draw) {
        return p->draw < q->draw ? -1 : 1;
    }
    return by_time(p, q);
}

// Keep the `full` strongest and of each stratum the lowest draws among all of it, so that cutting
// now and then keeps what one cut at the end would. Marks by weight: 1 in full, 0 sampled.
static void cut(struct qn_reservoir_class *c, size_t full)
{
    int taken[STRATA] = {0};
    size_t kept = 0;
    if (c->n == 0) {
        return;
    }
    qsort(c->event, c->n, sizeof *c->event, strongest);
    for (size_t k = 0; k < c->n; k++) {
        c->event[k].weight = k < full;
    }
    qsort(c->event, c->n, sizeof *c->event, drawn);
    for (size_t k = 0; k < c->n; k++) {
        const int sampled = taken[stratum_of(&c->event[k].x)]++ < QN_RESERVOIR_SAMPLE;
        if (sampled || c->event[k].weight > 0.0) {
            c->event[kept++] = c->event[k];
        }
    }
    c->n = kept;
}

void qn_reservoir_add(struct qn_reservoir *r, int cls, const struct qn_exposure *x)
{
    QN_ASSERT(cls >= 0 && cls < r->n_classes);
    struct qn_reservoir_class *c = &r->cls[cls];
    if (c->n >= CUT) {
        cut(c, QN_RESERVOIR_FULL);
    }
    qn_grow(&c->event, &c->capacity, c->n + 1);
    c->event[c->n++] = (struct qn_stored){.x = *x, .draw = draw_of(r, cls, x)};
    c->hits[x->pulse.kind][qn_spectrum_bin_of(x)] += 1.0;
    c->count += 1.0;
}

void qn_reservoir_merge(struct qn_reservoir *r, const struct qn_reservoir *other)
{
    QN_ASSERT(r->n_classes == other->n_classes && r->seed == other->seed);
    for (int k = 0; k < r->n_classes; k++) {
        struct qn_reservoir_class *c = &r->cls[k];
        const struct qn_reservoir_class *more = &other->cls[k];
        qn_grow(&c->event, &c->capacity, c->n + more->n);
        if (more->n > 0) {
            memcpy(c->event + c->n, more->event, more->n * sizeof *more->event);
        }
        c->n += more->n;
        c->count += more->count;
        for (int s = 0; s < STRATA; s++) {
            (&c->hits[0][0])[s] += (&more->hits[0][0])[s];
        }
        cut(c, QN_RESERVOIR_FULL);
    }
}

// what the thinned ones of a stratum stand for; without any, the full ones stand for all of it
static void weigh(struct qn_reservoir_class *c)
{
    double full[STRATA] = {0.0}, thin[STRATA] = {0.0};
    const double *hits = &c->hits[0][0];
    for (size_t k = 0; k < c->n; k++) {
        *(c->event[k].weight > 0.0 ? &full[stratum_of(&c->event[k].x)]
                                   : &thin[stratum_of(&c->event[k].x)]) += 1.0;
    }
    for (size_t k = 0; k < c->n; k++) {
        struct qn_stored *e = &c->event[k];
        const int s = stratum_of(&e->x);
        if (!(e->weight > 0.0)) {
            e->weight = (hits[s] - full[s]) / thin[s];
        } else if (thin[s] == 0.0) {
            e->weight = hits[s] / full[s];
        }
    }
}

void qn_reservoir_close(struct qn_reservoir *r)
{
    for (int k = 0; k < r->n_classes; k++) {
        struct qn_reservoir_class *c = &r->cls[k];
        const double full = fmin(ceil(FULL_SHARE * c->count), QN_RESERVOIR_FULL);
        cut(c, (size_t)full);
        c->threshold = (double)INFINITY;
        for (size_t i = 0; i < c->n; i++) {
            if (c->event[i].weight > 0.0) {
                c->threshold = fmin(c->threshold, c->event[i].x.energy);
            }
        }
        weigh(c);
        if (c->n > 0) {
            qsort(c->event, c->n, sizeof *c->event, in_time);
        }
    }
}

void qn_reservoir_pack(const struct qn_reservoir *r, void **bytes, size_t *size)
{
    struct qn_reservoir head = *r;
    *size = sizeof head;
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        head.cls[c].event = NULL;
        head.cls[c].capacity = 0;
        *size += head.cls[c].n * sizeof(struct qn_stored);
    }
    char *at = qn_alloc(*size, 1);
    *bytes = at;
    memcpy(at, &head, sizeof head);
    at += sizeof head;
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        const size_t part = r->cls[c].n * sizeof(struct qn_stored);
        if (part > 0) {
            memcpy(at, r->cls[c].event, part);
        }
        at += part;
    }
}

enum qn_status qn_reservoir_unpack(struct qn_reservoir *r, const void *bytes, size_t size)
{
    struct qn_reservoir head = {0};
    const char *at = bytes;
    size_t need = sizeof head;
    if (size >= need) {
        memcpy(&head, at, sizeof head);
    }
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        need += head.cls[c].n * sizeof(struct qn_stored);
    }
    if (size != need || head.n_classes > QN_SPECTRUM_CLASSES) {
        return qn_fail(QN_ERR_IO, "%zu bytes of stored exposures, expected %zu", size, need);
    }
    qn_reservoir_free(r);
    at += sizeof head;
    *r = head;
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        const size_t part = head.cls[c].n * sizeof(struct qn_stored);
        qn_grow(&r->cls[c].event, &r->cls[c].capacity, head.cls[c].n);
        if (part > 0) {
            memcpy(r->cls[c].event, at, part);
        }
        at += part;
    }
    return QN_OK;
}
