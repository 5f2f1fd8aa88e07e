/// @file
/// Draws jumps, exposes carriers, exchanges gas and matter.
#include "bridge/replay.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/rng.h"
#include "chem/coupled.h"
#include "replay_parts.h"

struct qn_replay_settings qn_replay_defaults(void)
{
    struct qn_replay_settings set = {.seed = 1,
                                     .gate = 20.0,
                                     .most = 64,
                                     .bundle = 0.02,
                                     .change = 4e-3,
                                     .exposed = 0.05,
                                     .threads = 1};
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        set.carrier[c] = 1e-6;
    }
    return set;
}

// time of the next jump of a class
static void draw_time(const struct qn_replay *r, struct qn_replay_class *c, int cls)
{
    if (c->rate > 0.0) {
        c->next +=
            qn_exponential(r->set.seed, QN_STREAM_REPLAY, (uint64_t)cls, c->drawn, 0) / c->rate;
    } else {
        c->next = (double)INFINITY;
    }
}

// exposures of a class as jumps of one carrier of mass m, with the rates of n such carriers
static void load(struct qn_replay *r, int cls, const struct qn_reservoir_class *from, double span)
{
    struct qn_replay_class *c = &r->cls[cls];
    const double m = c->mass / c->population;
    const double share = c->n / c->population; // of the class's hits that fall on those replayed
    c->rate = c->total = 0.0;
    c->n_events = from ? (int)from->n : 0;
    c->event = qn_alloc((size_t)c->n_events, sizeof *c->event);
    c->upto = qn_alloc((size_t)c->n_events, sizeof *c->upto);
    for (int k = 0; k < c->n_events; k++) {
        const struct qn_stored *e = &from->event[k];
        const double phi = e->x.mass / m;
        const double bundle = phi < r->set.bundle ? r->set.bundle / phi : 1.0;
        c->event[k] = e->x;
        c->event[k].mass *= bundle;
        c->rate += share * e->weight / (span * bundle);
        c->upto[k] = c->rate;
        c->total += e->weight * e->x.mass / (span * c->mass);
    }
}

// carriers go round the ranks; every rank has all rows at a start
void qn_replay_own(struct qn_replay *r)
{
    const struct qn_group *g = r->d.group;
    for (int i = 0; i < r->d.n; i++) {
        r->d.mine[i] = qn_group_alone(g) || i % g->size == g->rank;
    }
}

static double population_of(const struct qn_replay_start *start,
                            const struct qn_replay_settings *set, int cls)
{
    return fmax(1.0, rint(start->mass[cls] / set->carrier[cls]));
}

static int carriers_of(const struct qn_replay_start *start, const struct qn_replay_settings *set,
                       int cls)
{
    return (int)fmin(population_of(start, set, cls), set->most);
}

// of the first interval: a jump or so [s]
static double first_length(const struct qn_replay *r)
{
    double soonest = (double)INFINITY;
    for (int c = 0; c < r->n_classes; c++) {
        soonest = fmin(soonest, r->cls[c].rate > 0.0 ? 1.0 / r->cls[c].rate : soonest);
    }
    return isfinite(soonest) ? soonest : 1.0;
}

void qn_replay_init(struct qn_replay *r, const struct qn_matter *matter, const struct qn_gas *gas,
                    const struct qn_reservoir *events, const struct qn_replay_start *start,
                    const struct qn_replay_settings *set)
{
    const int ns = matter->mech->n_surface;
    int n = 0;
    *r = (struct qn_replay){.set = *set, .n_classes = events->n_classes};
    r->coupled = set->gas == QN_REPLAY_COUPLED;
    QN_ASSERT(!r->coupled || qn_coupled_fits(matter->mech));
    for (int c = 0; c < r->n_classes; c++) {
        struct qn_replay_class *p = &r->cls[c];
        p->mass = start->mass[c];
        p->population = population_of(start, set, c);
        p->first = n;
        p->n = carriers_of(start, set, c);
        p->next = start->time;
        load(r, c, &events->cls[c], start->span);
        draw_time(r, p, c);
        n += p->n;
    }
    double *mass = qn_alloc((size_t)n, sizeof *mass);
    for (int c = 0; c < r->n_classes; c++) {
        for (int i = 0; i < r->cls[c].n; i++) {
            mass[r->cls[c].first + i] = r->cls[c].mass / r->cls[c].n; // what each stands for
        }
    }
    const struct qn_start all = {n, mass, start->y, start->time, set->threads, set->group};
    qn_direct_init(&r->d, matter, gas, &all);
    for (int c = 0; c < r->n_classes; c++) {
        for (int i = 0; i < r->cls[c].n; i++) {
            memcpy(r->d.y + (size_t)(r->cls[c].first + i) * (size_t)ns, start->y + c * ns,
                   (size_t)ns * sizeof *start->y);
        }
    }
    qn_replay_own(r);
    qn_direct_restart(&r->d);
    r->d.gate = set->gate;
    r->d.set.rtol = 1e-3; // of a pulse: the draws' own scatter is larger
    qn_free(mass);
    r->length = first_length(r);
}

int qn_replay_fits(const struct qn_replay *r, const struct qn_replay_start *start, int n_classes,
                   const struct qn_replay_settings *set)
{
    int fits = n_classes == r->n_classes;
    for (int c = 0; c < n_classes && fits; c++) {
        fits = carriers_of(start, set, c) == r->cls[c].n;
    }
    return fits;
}

// the carriers of a class become shares of themselves and of another composition
static void blend(struct qn_replay *r, int cls, double own, double other, const double *y)
{
    const int ns = r->d.matter.mech->n_surface;
    const struct qn_replay_class *c = &r->cls[cls];
    for (int i = c->first * ns; i < (c->first + c->n) * ns; i++) {
        r->d.y[i] = (own * r->d.y[i] + other * y[i % ns]) / (own + other);
    }
}

// masses of the classes become those of `to`
static void move_powder(struct qn_replay *r, const double *to, int pool)
{
    double mean[QN_MAX_SPECIES], mass = r->cls[pool].mass;
    for (int c = 0; c < r->n_classes; c++) {
        const double gave = c == pool ? 0.0 : r->cls[c].mass - to[c];
        if (gave > 0.0) {
            qn_replay_mean(r, c, mean);
            blend(r, pool, mass, gave, mean);
            mass += gave;
        }
    }
    qn_replay_mean(r, pool, mean);
    for (int c = 0; c < r->n_classes; c++) {
        const double came = c == pool ? 0.0 : to[c] - r->cls[c].mass;
        if (came > 0.0) {
            blend(r, c, r->cls[c].mass, came, mean);
        }
    }
    for (int c = 0; c < r->n_classes; c++) {
        struct qn_replay_class *p = &r->cls[c];
        p->mass = to[c];
        for (int i = p->first; i < p->first + p->n; i++) {
            r->d.mass[i] = p->mass / p->n;
        }
    }
}

void qn_replay_go_on(struct qn_replay *r, const struct qn_matter *matter, const struct qn_gas *gas,
                     const struct qn_reservoir *events, const struct qn_replay_start *start,
                     const struct qn_replay_settings *set)
{
    QN_ASSERT(qn_replay_fits(r, start, r->n_classes, set));
    r->set = *set;
    r->d.matter = *matter;
    r->coupled |= set->gas == QN_REPLAY_COUPLED;
    move_powder(r, start->mass, start->pool);
    qn_direct_stage(&r->d, gas, start->time);
    r->d.gate = set->gate;
    for (int c = 0; c < r->n_classes; c++) {
        struct qn_replay_class *p = &r->cls[c];
        qn_free(p->event);
        qn_free(p->upto);
        p->population = population_of(start, set, c);
        p->next = start->time;
        load(r, c, events ? &events->cls[c] : NULL, start->span);
        draw_time(r, p, c);
    }
    r->streak = (struct qn_replay_streak){0};
    r->jumps = r->syncs = r->repeats = r->together = 0;
    r->length = first_length(r);
}

void qn_replay_warm(struct qn_replay *r, const double *T)
{
    for (int c = 0; c < r->n_classes; c++) {
        qn_direct_warm(&r->d, r->cls[c].first, r->cls[c].first + r->cls[c].n, T[c]);
    }
}

void qn_replay_free(struct qn_replay *r)
{
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        qn_free(r->cls[c].event);
        qn_free(r->cls[c].upto);
    }
    qn_free(r->queue);
    qn_direct_copy_free(&r->before);
    qn_direct_free(&r->d);
    *r = (struct qn_replay){0};
}

// index of the event whose share of the rates x falls into
static int pick(const struct qn_replay_class *c, double x)
{
    int low = 0, high = c->n_events - 1;
    while (low < high) {
        const int middle = (low + high) / 2;
        if (c->upto[middle] > x) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

// One jump into the queue: from its carrier on to the next ones until its mass is placed. Masses
// are in shares of a carrier, times what each carrier stands for.
static size_t place(struct qn_replay *r, int cls, double time, size_t n)
{
    const struct qn_replay_class *c = &r->cls[cls];
    const double at = qn_uniform(r->set.seed, QN_STREAM_REPLAY, (uint64_t)cls, c->drawn, 1);
    const double who = qn_uniform(r->set.seed, QN_STREAM_REPLAY, (uint64_t)cls, c->drawn, 2);
    const struct qn_exposure *x = &c->event[pick(c, at * c->rate)];
    const double stands = c->mass / c->n;
    double phi = x->mass * c->population / c->mass;
    r->struck += phi * stands;
    r->moment += phi * stands * time;
    const int from = (int)(who * c->n);
    for (int i = 0; i < c->n && phi > 0.0; i++) {
        const int carrier = c->first + (from + i) % c->n;
        if (r->d.mine[carrier]) {
            qn_grow(&r->queue, &r->queue_capacity, n + 1);
            r->queue[n] = *x;
            r->queue[n].time = time;
            r->queue[n].carrier = carrier;
            r->queue[n++].mass = fmin(phi, 1.0) * stands;
        }
        phi -= 1.0;
    }
    return n;
}

size_t qn_replay_draw(struct qn_replay *r, double t)
{
    size_t n = 0;
    r->struck = r->moment = 0.0;
    for (int k = 0; k < r->n_classes; k++) {
        struct qn_replay_class *c = &r->cls[k];
        while (c->next <= t) {
            n = place(r, k, c->next, n);
            c->drawn++;
            r->jumps++;
            draw_time(r, c, k);
        }
    }
    return n;
}

void qn_replay_mean(const struct qn_replay *r, int cls, double *y)
{
    const struct qn_replay_class *c = &r->cls[cls];
    qn_direct_mean(&r->d, c->first, c->first + c->n, y);
}

double qn_replay_error(const struct qn_replay *r, int cls, int k)
{
    const struct qn_replay_class *c = &r->cls[cls];
    const int ns = r->d.matter.mech->n_surface;
    double y[QN_MAX_SPECIES];
    struct qn_exact sum = {0};
    qn_replay_mean(r, cls, y);
    for (int i = c->first; i < c->first + c->n; i++) {
        const double off = r->d.mine[i] && y[k] > 0.0 ? r->d.y[i * ns + k] / y[k] - 1.0 : 0.0;
        qn_exact_add(&sum, off * off);
    }
    qn_group_sum_exact(r->d.group, &sum, 1);
    return c->n > 1 && y[k] > 0.0 ? sqrt(qn_exact_value(sum) / ((c->n - 1.0) * c->n)) : 0.0;
}

// two classes swap matter for dt: exact for their means
static void swap(struct qn_replay *r, int a, int b, double dt)
{
    const int ns = r->d.matter.mech->n_surface;
    const double reduced = r->cls[a].mass * r->cls[b].mass / (r->cls[a].mass + r->cls[b].mass);
    const double moved = -reduced * expm1(-r->exchange[a][b] * dt / reduced);
    double mean[2][QN_MAX_SPECIES];
    qn_replay_mean(r, a, mean[0]);
    qn_replay_mean(r, b, mean[1]);
    for (int side = 0; side < 2; side++) {
        const struct qn_replay_class *c = &r->cls[side ? b : a];
        const double share = moved / c->mass;
        for (int i = 0; i < c->n; i++) {
            double *y = r->d.y + (size_t)(c->first + i) * (size_t)ns;
            for (int k = 0; k < ns; k++) {
                y[k] += share * (mean[!side][k] - y[k]);
            }
        }
    }
}

void qn_replay_mix(struct qn_replay *r, double dt)
{
    for (int a = 0; a < r->n_classes; a++) {
        for (int b = a + 1; b < r->n_classes; b++) {
            if (r->exchange[a][b] > 0.0) {
                swap(r, a, b, dt);
            }
        }
    }
}

struct header {
    double length;
    int64_t jumps, syncs, repeats, together;
    int coupled;
    struct qn_replay_streak streak;
    uint64_t drawn[QN_SPECTRUM_CLASSES];
    double next[QN_SPECTRUM_CLASSES];
};

void qn_replay_pack(const struct qn_replay *r, void **bytes, size_t *size)
{
    struct header h = {.length = r->length,
                       .jumps = r->jumps,
                       .syncs = r->syncs,
                       .repeats = r->repeats,
                       .together = r->together,
                       .coupled = r->coupled,
                       .streak = r->streak};
    void *chemistry = NULL;
    size_t part = 0;
    for (int c = 0; c < r->n_classes; c++) {
        h.drawn[c] = r->cls[c].drawn;
        h.next[c] = r->cls[c].next;
    }
    qn_direct_pack(&r->d, &chemistry, &part);
    *bytes = NULL;
    *size = 0;
    if (chemistry) { // rank 0
        *size = sizeof h + part;
        char *at = *bytes = qn_alloc(*size, 1);
        memcpy(at, &h, sizeof h);
        memcpy(at + sizeof h, chemistry, part);
        qn_free(chemistry);
    }
}

enum qn_status qn_replay_unpack(struct qn_replay *r, const void *bytes, size_t size)
{
    struct header h;
    if (size < sizeof h) {
        return qn_fail(QN_ERR_IO, "checkpoint: %zu bytes of replay", size);
    }
    memcpy(&h, bytes, sizeof h);
    QN_TRY(qn_direct_unpack(&r->d, (const char *)bytes + sizeof h, size - sizeof h));
    qn_replay_own(r);
    r->length = h.length;
    r->jumps = h.jumps, r->syncs = h.syncs, r->repeats = h.repeats;
    r->together = h.together, r->coupled = h.coupled, r->streak = h.streak;
    for (int c = 0; c < r->n_classes; c++) {
        r->cls[c].drawn = h.drawn[c];
        r->cls[c].next = h.next[c];
    }
    return QN_OK;
}
