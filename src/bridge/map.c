/// @file
/// Evaluates the pulse term over the hits of a class.
#include "bridge/map.h"

#include <math.h>
#include <string.h>

#include <omp.h>

#include "base/array.h"

const char *qn_level_name(enum qn_level level)
{
    static const char *const names[] = {"linear", "map", "replay"};
    return names[level];
}

void qn_map_init(struct qn_map *map, const struct qn_matter *matter, const struct qn_spectrum *s,
                 int cls, double T, double gate, int threads)
{
    const struct qn_mechanism *m = matter->mech;
    *map = (struct qn_map){.matter = *matter,
                           .set = qn_pulse_defaults(),
                           .T = T,
                           .gate = gate,
                           .level = QN_LEVEL_MAP,
                           .group = qn_group_solo(),
                           .threads = threads > 0 ? threads : 1};
    map->hit = qn_alloc(QN_SPECTRUM_HITS, sizeof *map->hit);
    map->n_hits = qn_spectrum_hits(s, cls, map->hit);
    for (int q = 0; q < map->n_hits; q++) {
        map->total += map->hit[q].rate;
    }
    map->curve = qn_alloc((size_t)map->n_hits, sizeof *map->curve);
    for (int q = 0; q < map->n_hits; q++) {
        if (map->hit[q].pulse.kind != QN_PULSE_NONE) {
            qn_pulse_curve_init(&map->curve[q], &map->hit[q].pulse);
        }
    }
    map->stride = m->n_surface + m->n_gas + m->n_reactions + m->n_impacts;
    map->gain = qn_alloc((size_t)(map->n_hits * map->stride), sizeof(double));
    map->crowd = qn_crowd_new(m, map->threads);
    map->job = qn_alloc((size_t)map->n_hits, sizeof *map->job);
    map->shot = qn_alloc((size_t)map->n_hits, sizeof *map->shot);
    map->hot = qn_alloc((size_t)(map->n_hits * m->n_surface), sizeof *map->hot);
    map->work = qn_alloc((size_t)map->threads, sizeof *map->work);
    for (int t = 0; t < map->threads; t++) {
        qn_pulse_init(&map->work[t], m);
    }
}

void qn_map_free(struct qn_map *map)
{
    for (int t = 0; t < map->threads; t++) {
        qn_pulse_free(&map->work[t]);
    }
    qn_crowd_free(map->crowd);
    qn_free(map->job);
    qn_free(map->shot);
    qn_free(map->hot);
    qn_free(map->hit);
    qn_free(map->curve);
    qn_free(map->gain);
    qn_free(map->work);
    *map = (struct qn_map){0};
}

static struct qn_shot shot_of(const struct qn_map *map, int q)
{
    const struct qn_hit *hit = &map->hit[q];
    return (struct qn_shot){.pulse = hit->pulse,
                            .curve = hit->pulse.kind == QN_PULSE_NONE ? NULL : &map->curve[q],
                            .T0 = map->T,
                            .dose = hit->dose,
                            .slip = hit->slip,
                            .pressure = hit->pressure,
                            .shear = hit->shear,
                            .gated = hit->pulse.dT < map->gate};
}

// the row of a hit that left `hot` of a kilogram of exposed matter that was `y`
static void note_gain(const struct qn_mechanism *m, const double *hot, const double *y,
                      const struct qn_crowd_result *r, double *gain)
{
    for (int k = 0; k < m->n_surface; k++) {
        gain[k] = hot[k] - y[k];
    }
    gain += m->n_surface;
    memcpy(gain, r->out, (size_t)m->n_gas * sizeof *gain);
    gain += m->n_gas;
    memcpy(gain, r->extent, (size_t)m->n_reactions * sizeof *gain);
    gain += m->n_reactions;
    memcpy(gain, r->impact, (size_t)m->n_impacts * sizeof *gain);
}

static void keep_message(struct qn_map *map, const struct qn_hit *hit)
{
#pragma omp critical(qn_map_message)
    (void)snprintf(map->message, sizeof map->message, "a pulse of %.1f K: %.440s", hit->pulse.dT,
                   qn_error_text());
}

// thermal extents at the fixed state: rates of progress integrated over the pulse in sqrt(t)
static void linear_extents(const struct qn_map *map, int q, const double *y, const double *gas,
                           struct qn_pulse_work *w, double *extent)
{
    enum { PANELS = 24 };
    const struct qn_mechanism *m = map->matter.mech;
    struct qn_matter room;
    const struct qn_matter *x = qn_matter_bare(&map->matter, y, &room);
    w->rates.T = -1.0;
    for (int part = 0; part < 2; part++) {
        const double root = map->curve[q].stretch[part].end;
        for (int i = 0; i < PANELS && root > 0.0; i++) {
            // midpoints of panels that are narrow by the peak
            const double a = root * i * i / (PANELS * PANELS);
            const double b = root * (i + 1) * (i + 1) / (PANELS * PANELS);
            const double s = part ? 0.5 * (a + b) : root - 0.5 * (a + b);
            const double rise = qn_pulse_curve_at(&map->curve[q], part, s, NULL);
            qn_rates_constants(x, map->T + rise, &w->rates);
            qn_rates_progress(x, y, gas, &w->rates);
            for (int r = 0; r < m->n_reactions; r++) {
                extent[r] += w->rates.q[r] * 2.0 * s * (b - a);
            }
        }
    }
}

// the linear limit: what the dose does, and the rates of the hot spot at the state before it
static enum qn_status one_linear(const struct qn_map *map, int q, const double *y,
                                 const double *gas, struct qn_pulse_work *w, double *gain)
{
    const struct qn_hit *hit = &map->hit[q];
    const struct qn_mechanism *m = map->matter.mech;
    struct qn_shot blow = shot_of(map, q);
    double made[QN_MAX_SPECIES], struck[QN_MAX_SPECIES];
    blow.gated = 1;
    memcpy(struck, y, (size_t)m->n_surface * sizeof *y);
    QN_TRY(qn_pulse_apply(&map->matter, &map->set, &blow, gas, struck, w));
    const struct qn_crowd_result r = {.out = w->out, .extent = w->extent, .impact = w->impact};
    note_gain(m, struck, y, &r, gain);
    if (hit->pulse.kind == QN_PULSE_NONE || hit->pulse.dT < map->gate) {
        return QN_OK;
    }
    linear_extents(map, q, y, gas, w, gain + m->n_surface + m->n_gas);
    qn_rates_production(m, gain + m->n_surface + m->n_gas, made);
    for (int k = 0; k < m->n_species; k++) {
        gain[k] += made[k];
    }
    return QN_OK;
}

// hits of this rank one after the other
static void linear_hits(struct qn_map *map, const double *y, const double *gas, int ranks)
{
#pragma omp parallel for schedule(dynamic, 1) num_threads(map->threads) if (map->threads > 1)
    for (int q = map->group->rank; q < map->n_hits; q += ranks) {
        struct qn_pulse_work *w = &map->work[omp_get_thread_num()];
        double *gain = map->gain + (size_t)q * (size_t)map->stride;
        if (one_linear(map, q, y, gas, w, gain) != QN_OK) {
            keep_message(map, &map->hit[q]);
        }
    }
}

/// A round of hits on one state.
struct hitting {
    struct qn_map *map;
    const double *y;
    int ranks;
};

static void was_hit(void *context, int thread, int job, const struct qn_crowd_result *r)
{
    const struct hitting *x = context;
    struct qn_map *map = x->map;
    const int q = map->group->rank + job * x->ranks;
    (void)thread;
    if (r->failed) {
        keep_message(map, &map->hit[q]);
        return;
    }
    note_gain(map->matter.mech, map->job[job].y, x->y, r,
              map->gain + (size_t)q * (size_t)map->stride);
}

// hits of this rank side by side
static void all_hits(struct qn_map *map, const double *y, const double *gas, int ranks)
{
    const int ns = map->matter.mech->n_surface;
    struct hitting x = {map, y, ranks};
    int n = 0;
    for (int q = map->group->rank; q < map->n_hits; q += ranks) { // neighbours cost alike
        double *hot = map->hot + (size_t)n * (size_t)ns;
        memcpy(hot, y, (size_t)ns * sizeof *y);
        map->shot[n] = shot_of(map, q);
        map->job[n] = (struct qn_crowd_job){
            .matter = &map->matter, .shot = &map->shot[n], .gas = gas, .y = hot};
        n++;
    }
    qn_crowd_run(map->crowd, &map->set, map->job, n, was_hit, &x);
}

enum qn_status qn_map_term(struct qn_map *map, const double *y, const double *gas, double *rate)
{
    const int ranks = qn_group_alone(map->group) ? 1 : map->group->size;
    map->message[0] = '\0';
    memset(map->gain, 0, (size_t)(map->n_hits * map->stride) * sizeof *map->gain);
    if (map->level == QN_LEVEL_LINEAR) {
        linear_hits(map, y, gas, ranks);
    } else {
        all_hits(map, y, gas, ranks);
    }
    const enum qn_status mine =
        map->message[0] ? qn_fail(QN_ERR_PHYSICS, "%s", map->message) : QN_OK;
    QN_TRY(qn_group_agree(map->group, mine));
    // every gain comes from one rank and zeros from the others: the sum is exact
    qn_group_sum(map->group, map->gain, map->n_hits * map->stride);
    memset(rate, 0, (size_t)map->stride * sizeof *rate);
    for (int q = 0; q < map->n_hits; q++) { // in order: same bits for any threads
        for (int i = 0; i < map->stride; i++) {
            rate[i] += map->hit[q].rate * map->gain[(size_t)q * (size_t)map->stride + (size_t)i];
        }
    }
    return QN_OK;
}

struct qn_criterion qn_map_criterion(const struct qn_map *map, const double *y, double carrier)
{
    const struct qn_mechanism *m = map->matter.mech;
    struct qn_criterion c = {0};
    double all = 0.0;
    for (int pass = 0; pass < 2; pass++) {
        double sum = 0.0;
        double weighted = 0.0;
        for (int q = 0; q < map->n_hits; q++) {
            const double *gain = map->gain + (size_t)q * (size_t)map->stride;
            double X = 0.0; // largest change in units of the surface's sites
            double A = 0.0;
            for (int k = 0; k < m->n_surface; k++) {
                const double sites = qn_matter_room(&map->matter, k);
                X = fmax(X, fabs(gain[k]) / sites);
                A = fmax(A, fabs(gain[k]) / fmax(y[k], 1e-6 * sites));
            }
            const double share = map->hit[q].rate * X;
            const double phi = fmin(1.0, map->hit[q].mass / carrier);
            sum += share;
            weighted += share * phi * X;
            if (pass == 1 && share > 0.01 * all) {
                c.A = fmax(c.A, A);
            }
        }
        all = sum;
        c.eps = sum > 0.0 ? weighted / sum : 0.0;
    }
    c.level = c.A < 0.02 ? QN_LEVEL_LINEAR : c.eps < 0.05 ? QN_LEVEL_MAP : QN_LEVEL_REPLAY;
    return c;
}
