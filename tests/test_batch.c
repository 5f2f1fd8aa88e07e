// Carriers side by side in lanes against one at a time: same answers, neighbours do not matter,
// sums are kept, nothing falls below zero.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/rng.h"
#include "chem/batch.h"

enum { MOST = 96 };

struct set {
    struct qn_mechanism m;
    struct qn_matter matter[MOST];
    struct qn_pulse pulse[MOST];
    struct qn_pulse_settings how;
    double gas[MOST][QN_MAX_SPECIES], y[MOST][QN_MAX_SPECIES], start[MOST][QN_MAX_SPECIES];
    double out[MOST][QN_MAX_SPECIES], extent[MOST][128];
    struct qn_batch_job job[MOST];
    int steps, rejects, failed, n, pulses;
};

static double draw(int k, int j)
{
    return qn_uniform(7, QN_STREAM_TEST, (uint64_t)k, (uint64_t)j, 3);
}

static void done(void *context, int job, const struct qn_batch_result *r)
{
    struct set *s = context;
    memcpy(s->out[job], r->out, (size_t)s->m.n_gas * sizeof *r->out);
    memcpy(s->extent[job], r->extent, (size_t)s->m.n_reactions * sizeof *r->extent);
    s->steps += r->steps;
    s->rejects += r->rejects;
    s->failed += r->failed;
}

// carriers unlike in area, temperature, gas and coverages
static struct set *make(const char *path, int n, int pulses)
{
    struct set *s = qn_alloc(1, sizeof *s);
    cr_assert(qn_mechanism_read(path, &s->m) == QN_OK, "%s", qn_error_text());
    const struct qn_mechanism *m = &s->m;
    s->n = n;
    s->pulses = pulses;
    s->how = qn_pulse_defaults();
    for (int i = 0; i < n; i++) {
        struct qn_matter *x = &s->matter[i];
        *x = (struct qn_matter){.mech = m, .pore = 1.2e-4, .refill = 1e3};
        double total[QN_MAX_PHASES] = {0.0};
        for (int p = 0; p < m->n_phases; p++) {
            x->area[p] = 2000.0 * (1.0 + draw(i, p));
        }
        for (int k = 0; k < m->n_surface; k++) {
            s->start[i][k] = pow(draw(i, 10 + k), 6.0) + 1e-4;
            total[m->species[k].phase] += s->start[i][k];
        }
        for (int k = 0; k < m->n_surface; k++) {
            s->start[i][k] *= qn_matter_room(x, k) / total[m->species[k].phase];
            s->start[i][k] /= k < m->n_sites ? m->species[k].sites : 1.0;
        }
        for (int g = 0; g < m->n_gas; g++) {
            s->gas[i][g] = 40.0 * draw(i, 60 + g);
            s->start[i][m->n_surface + g] = s->gas[i][g] * x->pore;
        }
        s->pulse[i] = (struct qn_pulse){.kind = QN_PULSE_RING_HOT,
                                        .dT = 100.0 + 500.0 * draw(i, 80),
                                        .t_c = 30e-6,
                                        .cool = 3e-3,
                                        .kept = 1.0,
                                        .t_cut = 30e-3};
        s->job[i] = (struct qn_batch_job){.matter = x,
                                          .pulse = pulses ? &s->pulse[i] : NULL,
                                          .gas = s->gas[i],
                                          .y = s->y[i],
                                          .T = pulses ? 338.0 : 450.0 + 300.0 * draw(i, 81),
                                          .length = 1.0};
    }
    memcpy(s->y, s->start, sizeof s->y);
    return s;
}

static void run(struct set *s)
{
    struct qn_batch *b = qn_batch_new(&s->m, s->pulses);
    s->steps = s->rejects = s->failed = 0;
    qn_batch_run(b, &s->how, s->job, s->n, done, s);
    cr_assert(s->failed == 0);
    qn_batch_free(b);
}

static void drop(struct set *s)
{
    qn_mechanism_free(&s->m);
    qn_free(s);
}

#define DELGADO QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml"
#define GUAN QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml"

// against the integrator of single carriers, both far tighter than the tolerance
static void against_single(const char *path, int pulses)
{
    struct set *s = make(path, 24, pulses);
    struct qn_pulse_work w;
    qn_pulse_init(&w, &s->m);
    s->how.rtol = 1e-8;
    run(s);
    for (int i = 0; i < s->n; i++) {
        const struct qn_batch_job *job = &s->job[i];
        double y[QN_MAX_SPECIES];
        memcpy(y, s->start[i], sizeof y);
        w.rates.T = -1.0; // another area
        if (pulses) {
            const struct qn_shot shot = {.pulse = s->pulse[i], .T0 = job->T};
            cr_assert(qn_pulse_apply(job->matter, &s->how, &shot, s->gas[i], y, &w) == QN_OK);
        } else {
            cr_assert(qn_pulse_hold(job->matter, &s->how, job->T, 1.0, s->gas[i], y, &w) == QN_OK,
                      "%s", qn_error_text());
        }
        for (int k = 0; k < s->m.n_surface; k++) {
            const double room = qn_matter_room(job->matter, k);
            cr_expect(fabs(s->y[i][k] - y[k]) < 1e-6 * fabs(y[k]) + 1e-9 * room,
                      "%d %s: %.9g, alone %.9g of %g", i, s->m.species[k].name, s->y[i][k], y[k],
                      room);
        }
        for (int g = 0; g < s->m.n_gas; g++) {
            const double size = fabs(w.out[g]) + 1e-3 * qn_matter_room(job->matter, 0);
            cr_expect(fabs(s->out[i][g] - w.out[g]) < 1e-6 * size, "%d gas %d: %.9g, alone %.9g", i,
                      g, s->out[i][g], w.out[g]);
        }
        double most = 0.0;
        for (int r = 0; r < s->m.n_reactions; r++) {
            most = fmax(most, fabs(w.extent[r]));
        }
        for (int r = 0; r < s->m.n_reactions; r++) {
            const double size = fabs(w.extent[r]) + 1e-6 * most;
            cr_expect(fabs(s->extent[i][r] - w.extent[r]) < 1e-5 * size,
                      "%d extent %d: %.9g, alone %.9g", i, r, s->extent[i][r], w.extent[r]);
        }
    }
    qn_pulse_free(&w);
    drop(s);
}

Test(batch, rests_are_those_of_single_carriers)
{
    against_single(DELGADO, 0);
    against_single(GUAN, 0);
}

Test(batch, pulses_are_those_of_single_carriers)
{
    against_single(DELGADO, 1);
    against_single(GUAN, 1);
}

// Order of the queue, and with it every neighbour in the lanes, is another; the bits are the same.
Test(batch, neighbours_do_not_change_a_bit)
{
    for (int pulses = 0; pulses < 2; pulses++) {
        struct set *a = make(DELGADO, 37, pulses), *b = make(DELGADO, 37, pulses);
        for (int i = 0; i < b->n; i++) {
            b->job[i] = a->job[b->n - 1 - i];
            b->job[i].y = b->y[b->n - 1 - i];
        }
        run(a);
        run(b);
        cr_expect(memcmp(a->y, b->y, sizeof a->y) == 0);
        cr_expect(a->steps == b->steps && a->rejects == b->rejects);
        drop(a);
        drop(b);
    }
}

Test(batch, elements_and_sites_are_kept_and_nothing_is_negative)
{
    const char *const path[] = {DELGADO, GUAN};
    for (int which = 0; which < 4; which++) {
        struct set *s = make(path[which % 2], 64, which / 2);
        const struct qn_mechanism *m = &s->m;
        run(s);
        for (int i = 0; i < s->n; i++) {
            for (int row = 0; row < m->n_elements + m->n_phases - 1; row++) {
                double before = 0.0, after = 0.0, size = 0.0;
                for (int k = 0; k < m->n_species; k++) {
                    const struct qn_species *x = &m->species[k];
                    const int site = k < m->n_sites && x->phase == row - m->n_elements;
                    const double a = row < m->n_elements ? x->element[row] : site * x->sites;
                    const double was = k < m->n_surface ? s->start[i][k] : 0.0;
                    const double is = k < m->n_surface ? s->y[i][k] : s->out[i][k - m->n_surface];
                    before += a * was;
                    after += a * is;
                    size += a * fmax(fabs(was), fabs(is));
                    cr_expect(k >= m->n_surface || is >= 0.0);
                }
                cr_expect(fabs(after - before) <= 1e-12 * size, "%d row %d: %.17g, was %.17g", i,
                          row, after, before);
            }
        }
        drop(s);
    }
}

// A job that cannot be done within its steps says so and leaves its state alone.
Test(batch, a_job_without_enough_steps_fails_alone)
{
    struct set *s = make(DELGADO, 20, 0);
    s->how.max_steps = 20;
    struct qn_batch *b = qn_batch_new(&s->m, 0);
    s->job[7].length = 1e-13; // over at once
    qn_batch_run(b, &s->how, s->job, s->n, done, s);
    qn_batch_free(b);
    cr_expect(s->failed == s->n - 1, "%d failed", s->failed);
    cr_expect(memcmp(s->y[3], s->start[3], sizeof s->y[3]) == 0);
    cr_expect(memcmp(s->y[7], s->start[7], sizeof s->y[7]) != 0);
    drop(s);
}
