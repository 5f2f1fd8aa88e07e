/// @file
/// Fits and integrates tails.
#include "bridge/tail.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "exposure/hotspot.h"

static const double SHARE = 0.05;     // above the quantile
static const double HOTTEST = 3000.0; // [K], upper edge of the spectrum
static const double WARMING = 10.0;   // [K], as in the spectrum: below, no hot spot
enum { FEWEST = 20, NEAREST = 16 };

struct pair {
    double x, w;
};

static int ascending(const void *a, const void *b)
{
    const struct pair *p = a, *q = b;
    return p->x != q->x ? (p->x > q->x) - (p->x < q->x) : (p->w > q->w) - (p->w < q->w);
}

static void sort_pairs(double *x, double *w, size_t n)
{
    struct pair *all = qn_alloc(n, sizeof *all);
    for (size_t k = 0; k < n; k++) {
        all[k] = (struct pair){x[k], w[k]};
    }
    if (n > 0) {
        qsort(all, n, sizeof *all, ascending);
    }
    for (size_t k = 0; k < n; k++) {
        x[k] = all[k].x;
        w[k] = all[k].w;
    }
    qn_free(all);
}

// derivative of the log-likelihood by the shape: falls, from above zero to below
static double slope_of(const double *x, const double *w, size_t n, double u, double L, double k)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        const double a = log(x[i] / u);
        sum += w[i] * (1.0 / k + a - L * exp(k * a) * a);
    }
    return sum;
}

int qn_tail_fit(double *x, double *w, size_t n, struct qn_tail *tail)
{
    double all = 0.0, above = 0.0;
    size_t from = n;
    sort_pairs(x, w, n);
    for (size_t k = 0; k < n; k++) {
        all += w[k];
    }
    while (from > 0 && above + w[from - 1] <= SHARE * all) {
        above += w[--from];
    }
    *tail = (struct qn_tail){.shape = (double)NAN, .n = n - from};
    if (from == 0 || tail->n < FEWEST) {
        return 0;
    }
    const double u = tail->threshold = x[from - 1];
    const double L = -log(above / all);
    tail->share = above / all;
    double low = 0.05, high = 20.0;
    for (int i = 0; i < 60; i++) {
        const double k = sqrt(low * high);
        *(slope_of(x + from, w + from, tail->n, u, L, k) > 0.0 ? &low : &high) = k;
    }
    tail->shape = sqrt(low * high);
    return 1;
}

double qn_tail_mean(const struct qn_tail *tail, qn_tail_fn *f, const void *context)
{
    // integral of f(x(t)) exp(-t), -ln S = L + t; Simpson
    enum { STEPS = 600 };
    static const double END = 30.0;
    const double L = -log(tail->share);
    double sum = 0.0;
    for (int i = 0; i <= STEPS; i++) {
        const double t = END * i / STEPS;
        const double x = tail->threshold * pow(1.0 + t / L, 1.0 / tail->shape);
        const double simpson = i == 0 || i == STEPS ? 1.0 : i % 2 ? 4.0 : 2.0;
        sum += simpson * exp(-t) * f(context, x);
    }
    return sum * END / (3.0 * STEPS);
}

// hits above the quantile, by energy, and what scales them
struct scaled {
    const struct qn_spectrum *s;
    const struct qn_stored *hit; // ascending
    size_t n;
    double exponent;
    int e;
};

static double weight_of(const struct scaled *c, const struct qn_stored *hit, double energy)
{
    struct qn_pulse p = hit->x.pulse;
    double dose = 0.0;
    const double ratio = energy / hit->x.energy;
    p.dT = fmin(p.dT * pow(ratio, c->exponent), HOTTEST);
    if (p.dT >= WARMING) {
        qn_pulse_weights(&p, c->s->T0, 1, &c->s->energy[c->e], &dose);
    }
    return hit->x.mass * pow(ratio, 1.0 - c->exponent) * dose;
}

static double weight_at(const void *context, double energy)
{
    const struct scaled *c = context;
    size_t low = 0, high = c->n;
    while (low < high) { // first at or above the energy
        const size_t middle = (low + high) / 2;
        *(c->hit[middle].x.energy < energy ? &low : &high) =
            c->hit[middle].x.energy < energy ? middle + 1 : middle;
    }
    const size_t from = low > NEAREST / 2 ? low - NEAREST / 2 : 0;
    const size_t first = from + NEAREST <= c->n ? from : c->n - NEAREST;
    double sum = 0.0, count = 0.0;
    for (size_t k = first; k < first + NEAREST; k++) {
        sum += c->hit[k].weight * weight_of(c, &c->hit[k], energy);
        count += c->hit[k].weight;
    }
    return sum / count;
}

static int by_energy(const void *a, const void *b)
{
    const struct qn_stored *p = a, *q = b;
    if (p->x.energy != q->x.energy) {
        return p->x.energy < q->x.energy ? -1 : 1;
    }
    return (p->x.time > q->x.time) - (p->x.time < q->x.time);
}

// least squares of ln rise on ln energy, between none and all of it
static double exponent_of(const struct qn_stored *hit, size_t n)
{
    double sum[5] = {0.0};
    for (size_t k = 0; k < n; k++) {
        if (hit[k].x.pulse.dT > 0.0) {
            const double x = log(hit[k].x.energy), y = log(hit[k].x.pulse.dT), w = hit[k].weight;
            const double add[5] = {w, w * x, w * y, w * x * x, w * x * y};
            for (int i = 0; i < 5; i++) {
                sum[i] += add[i];
            }
        }
    }
    const double spread = sum[0] * sum[3] - sum[1] * sum[1];
    const double slope = spread > 0.0 ? (sum[0] * sum[4] - sum[1] * sum[2]) / spread : 0.0;
    return fmin(fmax(slope, 0.0), 1.0);
}

struct qn_tail_rate qn_tail_rate(const struct qn_reservoir *r, const struct qn_spectrum *s, int cls,
                                 int e)
{
    const struct qn_reservoir_class *c = &r->cls[cls];
    const struct qn_interval i = qn_spectrum_interval(s, cls, e);
    struct qn_tail_rate out = {
        .raw = i.mean, .fitted = (double)NAN, .error = i.mean * i.rel_error, .value = i.mean};
    struct qn_stored *hit = qn_alloc(c->n, sizeof *hit);
    double *x = qn_alloc(c->n, sizeof *x), *w = qn_alloc(c->n, sizeof *w);
    size_t n = 0;
    for (size_t k = 0; k < c->n; k++) {
        if (c->event[k].x.energy > 0.0) {
            hit[n] = c->event[k];
            x[n] = hit[n].x.energy;
            w[n] = hit[n].weight;
            n++;
        }
    }
    if (n > 0) {
        qsort(hit, n, sizeof *hit, by_energy);
    }
    if (qn_tail_fit(x, w, n, &out.tail)) {
        const size_t above = n - out.tail.n;
        struct scaled scaled = {s, hit + above, out.tail.n, 0.0, e};
        scaled.exponent = out.exponent = exponent_of(scaled.hit, scaled.n);
        double raw = 0.0, hits = 0.0;
        for (size_t k = 0; k < scaled.n; k++) {
            raw +=
                scaled.hit[k].weight * weight_of(&scaled, &scaled.hit[k], scaled.hit[k].x.energy);
            hits += scaled.hit[k].weight;
        }
        const double fitted = hits * qn_tail_mean(&out.tail, weight_at, &scaled);
        out.fitted = out.raw + (fitted - raw) / (s->span * s->cls[cls].mass);
        out.value = fabs(out.fitted - out.raw) <= 2.0 * out.error ? out.fitted : out.raw;
    }
    qn_free(hit);
    qn_free(x);
    qn_free(w);
    return out;
}
