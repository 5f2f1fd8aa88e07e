// Rests and exposures of many carriers side by side: those of chem/pulse.h, the same bits for any
// threads and neighbours, reaction heat, doses without a pulse, and jobs that fail.
#include <criterion/criterion.h>

#include <stdio.h>

#include "chem/crowd.h"
#include "coupled_fixture.h"

enum { MOST = 1100, SOME = 16, ROW = 160 };

#define DELGADO QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml"
#define GUAN QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml"

struct hits {
    struct crowd c;
    struct qn_shot shot[MOST];
    struct qn_crowd_job job[MOST];
    double gas[QN_MAX_SPECIES], y[MOST][QN_MAX_SPECIES];
    double out[MOST][QN_MAX_SPECIES], extent[MOST][ROW], impact[MOST][ROW];
    int steps[MOST], failed[MOST], called[MOST];
};

static void done(void *context, int thread, int job, const struct qn_crowd_result *r)
{
    struct hits *h = context;
    const struct qn_mechanism *m = &h->c.m;
    (void)thread;
    memcpy(h->out[job], r->out, (size_t)m->n_gas * sizeof *r->out);
    memcpy(h->extent[job], r->extent, (size_t)m->n_reactions * sizeof *r->extent);
    if (r->impact) {
        memcpy(h->impact[job], r->impact, (size_t)m->n_impacts * sizeof *r->impact);
    }
    h->steps[job] = r->steps;
    h->failed[job] = r->failed;
    h->called[job]++;
}

// Doses, stresses and rises of all sizes; every fifth is gated, every ninth has no pulse.
static struct hits *open_hits(const char *path, int n, int shots)
{
    struct hits *h = qn_alloc(1, sizeof *h);
    crowd_make(&h->c, path, n, 1);
    qn_gas_concentrations(&h->c.gas, h->gas);
    for (int i = 0; i < n; i++) {
        struct qn_matter *x = &h->c.matter[i];
        x->pore = 1.2e-4;
        x->refill = 1e3;
        h->shot[i] =
            (struct qn_shot){.pulse = {.kind = i % 9 == 8 ? QN_PULSE_NONE : QN_PULSE_LAYER_CORE,
                                       .dT = 20.0 + 600.0 * crowd_draw(i, 50),
                                       .t_c = 30e-6,
                                       .cool = 3e-3,
                                       .kept = 0.97,
                                       .sink = 0.8,
                                       .t_cut = 30e-3},
                             .T0 = 338.0 + 20.0 * crowd_draw(i, 51),
                             .dose = 1e5 * crowd_draw(i, 52),
                             .slip = 1e4 * crowd_draw(i, 53),
                             .pressure = 1e9 * crowd_draw(i, 54),
                             .shear = 1e8 * crowd_draw(i, 55),
                             .gated = i % 5 == 4};
        h->job[i] = (struct qn_crowd_job){.matter = x,
                                          .shot = shots ? &h->shot[i] : NULL,
                                          .gas = h->gas,
                                          .y = h->c.carrier[i].y,
                                          .T = 338.0 + 300.0 * crowd_draw(i, 56),
                                          .length = 0.1};
    }
    return h;
}

static void close_hits(struct hits *h)
{
    crowd_free(&h->c);
    qn_free(h);
}

static void take(struct hits *h, int threads)
{
    struct qn_crowd *c = qn_crowd_new(&h->c.m, threads);
    qn_crowd_run(c, &h->c.set, h->job, h->c.n, done, h);
    qn_crowd_free(c);
    for (int i = 0; i < h->c.n; i++) {
        cr_assert(h->called[i] == 1 && h->failed[i] == 0, "%d: %s", i, qn_error_text());
    }
}

// Both at rtol 1e-7: what an integrator of order 4 leaves of it is far below 1e-6.
static void against_single(const char *path, int shots)
{
    struct hits *h = open_hits(path, SOME, shots);
    struct crowd alone;
    struct qn_pulse_work w;
    crowd_make(&alone, path, SOME, 1);
    h->c.set.rtol = 1e-7;
    take(h, 2);
    qn_pulse_init(&w, &h->c.m);
    for (int i = 0; i < SOME; i++) {
        const struct qn_crowd_job *job = &h->job[i];
        double *y = alone.carrier[i].y;
        w.rates.T = -1.0; // another area
        cr_assert((shots ? qn_pulse_apply(job->matter, &h->c.set, job->shot, h->gas, y, &w)
                         : qn_pulse_hold(job->matter, &h->c.set, job->T, 0.1, h->gas, y, &w)) ==
                      QN_OK,
                  "%s", qn_error_text());
        for (int k = 0; k < h->c.m.n_surface; k++) {
            const double room = qn_matter_room(job->matter, k);
            cr_expect(fabs(job->y[k] - y[k]) < 1e-6 * y[k] + 1e-9 * room, "%d %s: %.9g, alone %.9g",
                      i, h->c.m.species[k].name, job->y[k], y[k]);
        }
        for (int g = 0; g < h->c.m.n_gas; g++) {
            const double size = fabs(w.out[g]) + 1e-3 * qn_matter_room(job->matter, 0);
            cr_expect(fabs(h->out[i][g] - w.out[g]) < 1e-6 * size, "%d gas %d: %.9g, alone %.9g", i,
                      g, h->out[i][g], w.out[g]);
        }
        for (int r = 0; shots && r < h->c.m.n_impacts; r++) { // these see no integrator
            cr_expect(h->impact[i][r] == w.impact[r]);
        }
        const int thermal = !shots || (i % 5 != 4 && i % 9 != 8);
        cr_expect((h->steps[i] > 0) == thermal, "%d: %d steps", i, h->steps[i]);
    }
    qn_pulse_free(&w);
    crowd_free(&alone);
    close_hits(h);
}

Test(crowd, rests_and_exposures_are_those_of_single_carriers)
{
    against_single(DELGADO, 0);
    against_single(DELGADO, 1);
    against_single(GUAN, 0);
    against_single(GUAN, 1);
}

// As many as keep four threads busy; then a few of them by themselves.
Test(crowd, threads_and_neighbours_do_not_change_a_bit)
{
    for (int shots = 0; shots < 2; shots++) {
        struct hits *one = open_hits(GUAN, 64, shots);
        take(one, 1);
        for (int threads = 2; threads <= 4; threads++) {
            struct hits *many = open_hits(GUAN, 64, shots);
            take(many, threads);
            cr_expect(memcmp(one->c.y, many->c.y,
                             (size_t)(64 * one->c.m.n_surface) * sizeof(double)) == 0);
            cr_expect(memcmp(one->out, many->out, sizeof one->out) == 0);
            cr_expect(memcmp(one->extent, many->extent, sizeof one->extent) == 0);
            cr_expect(memcmp(one->steps, many->steps, sizeof one->steps) == 0);
            close_hits(many);
        }
        struct hits *few = open_hits(GUAN, 64, shots);
        struct qn_crowd *c = qn_crowd_new(&few->c.m, 1);
        qn_crowd_run(c, &few->c.set, few->job + 7, 3, done, few);
        qn_crowd_free(c);
        const size_t row = (size_t)one->c.m.n_surface * sizeof(double);
        for (int i = 7; i < 10; i++) {
            cr_expect(memcmp(one->c.carrier[i].y, few->c.carrier[i].y, row) == 0, "%d", i);
        }
        close_hits(few);
        close_hits(one);
    }
}

// A thread takes jobs in pieces, here three of them.
Test(crowd, more_jobs_than_a_thread_holds_are_all_taken)
{
    struct hits *h[2];
    for (int i = 0; i < 2; i++) {
        h[i] = open_hits(GUAN, MOST, 0);
        for (int k = 0; k < MOST; k++) {
            h[i]->job[k].length = 1e-9;
        }
        take(h[i], 1 + i);
    }
    cr_expect(memcmp(h[0]->c.y, h[1]->c.y, (size_t)(MOST * h[0]->c.m.n_surface) * sizeof(double)) ==
              0);
    cr_expect(memcmp(h[0]->out, h[1]->out, sizeof h[0]->out) == 0);
    close_hits(h[0]);
    close_hits(h[1]);
}

// Powder of a small heat capacity: where the heat of its reactions matters, a pulse is to the bit
// the one that chem/pulse.h takes, and unlike the one without heat.
Test(crowd, a_pulse_whose_reaction_heat_matters_is_taken_with_it)
{
    struct hits *warm = open_hits(GUAN, 40, 1), *cold = open_hits(GUAN, 40, 1);
    struct crowd alone;
    struct qn_pulse_work w;
    int matters = 0;
    crowd_make(&alone, GUAN, 40, 1);
    qn_pulse_init(&w, &alone.m);
    for (int i = 0; i < 40; i++) {
        warm->c.matter[i].heat_capacity = 2.0; // [J/(kg K)], so that it shows
    }
    take(warm, 2);
    take(cold, 2);
    for (int i = 0; i < 40; i++) {
        double *y = alone.carrier[i].y;
        w.rates.T = -1.0;
        cr_assert(qn_pulse_apply(&warm->c.matter[i], &warm->c.set, &warm->shot[i], warm->gas, y,
                                 &w) == QN_OK);
        const size_t row = (size_t)alone.m.n_surface * sizeof *y;
        if (w.excess != 0.0) {
            matters++;
            cr_expect(memcmp(warm->job[i].y, y, row) == 0, "%d", i);
            cr_expect(memcmp(warm->job[i].y, cold->job[i].y, row) != 0, "%d", i);
            cr_expect(memcmp(warm->out[i], w.out, (size_t)alone.m.n_gas * sizeof *y) == 0);
            cr_expect(warm->steps[i] > cold->steps[i], "both passes are counted");
        }
    }
    cr_expect(matters > 3 && matters < 35, "%d pulses", matters);
    qn_pulse_free(&w);
    crowd_free(&alone);
    close_hits(warm);
    close_hits(cold);
}

Test(crowd, a_job_without_enough_steps_fails_alone_and_says_why)
{
    for (int shots = 0; shots < 2; shots++) {
        struct hits *h = open_hits(DELGADO, 20, shots);
        struct hits *was = open_hits(DELGADO, 20, shots);
        struct qn_crowd *c = qn_crowd_new(&h->c.m, 1);
        h->c.set.max_steps = 8;
        qn_crowd_run(c, &h->c.set, h->job, 20, done, h);
        cr_expect(h->failed[0] == 1 && strstr(qn_error_text(), "are not enough for"), "%s",
                  qn_error_text());
        cr_expect(memcmp(h->job[0].y, was->job[0].y, (size_t)h->c.m.n_surface * sizeof(double)) ==
                  0);
        const int dose = shots ? h->failed[4] : 0;
        cr_expect(dose == 0, "a dose without a pulse takes no steps");
        qn_crowd_free(c);
        close_hits(h);
        close_hits(was);
    }
}
