// Times of the chemistry for scripts/bench-chem; problems come from a file, answers go to another.
//
//   bench_chem rests|single|pulses|single-pulses MECHANISM RTOL IN OUT
//   bench_chem coupled MECHANISM RTOL IN OUT SECONDS VOLUME
//
// IN is raw doubles: number of rows, columns; then rows of
//   T, gas [n_gas] (mol/m3), coverages [n_surface], for pulses rise (K), t_c, t_cut, e-fold (s).
// OUT gets rows of [n_surface] coverages and [n_gas] moles given off per area (mol/m2; coupled:
// concentrations at the end). Every surface has 1 m2 on 1 kg; rests take 1 s under a gas that stays
// what it is; coupled surfaces share VOLUME [m3] of the first row's gas. `single`: the integrator
// of one carrier at a time. Printed: seconds of the processor, steps, rejected steps, failures,
// bytes.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/array.h"
#include "chem/batch.h"
#include "chem/coupled.h"

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_settings set;
    int rows, columns, pulses;
    double *in, *y, *out;
    struct qn_pulse *pulse;
    struct qn_batch_job *job;
    long long steps, rejects, failed;
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void die(const char *why)
{
    fprintf(stderr, "bench_chem: %s\n", why);
    exit(2);
}

static void read_problem(struct bench *b, const char *path)
{
    FILE *f = fopen(path, "rb");
    double head[2];
    if (!f || fread(head, sizeof *head, 2, f) != 2) {
        die("cannot read the problem");
    }
    b->rows = (int)head[0];
    b->columns = (int)head[1];
    const size_t n = (size_t)b->rows * (size_t)b->columns;
    b->in = qn_alloc(n, sizeof(double));
    if (fread(b->in, sizeof(double), n, f) != n) {
        die("the problem is cut short");
    }
    (void)fclose(f);
}

static double room(const struct bench *b, int k)
{
    return qn_matter_room(&b->x, k) / b->m.species[k].sites;
}

static void prepare(struct bench *b)
{
    const int ns = b->m.n_surface, ng = b->m.n_gas;
    const size_t n = (size_t)b->rows;
    b->y = qn_alloc(n * (size_t)(ns + ng), sizeof(double));
    b->out = qn_alloc(n * (size_t)ng, sizeof(double));
    b->pulse = qn_alloc(b->pulses ? n : 1, sizeof *b->pulse);
    b->job = qn_alloc(n, sizeof *b->job);
    for (int i = 0; i < b->rows; i++) {
        const double *row = b->in + (size_t)i * (size_t)b->columns;
        double *y = b->y + (size_t)i * (size_t)(ns + ng);
        for (int k = 0; k < ns; k++) {
            y[k] = row[1 + ng + k] * room(b, k);
        }
        for (int g = 0; g < ng; g++) {
            y[ns + g] = row[1 + g] * b->x.pore;
        }
        b->job[i] = (struct qn_batch_job){
            .matter = &b->x, .gas = row + 1, .y = y, .T = row[0], .length = 1.0};
        if (b->pulses) {
            const double *p = row + 1 + ng + ns;
            b->pulse[i] = (struct qn_pulse){.kind = QN_PULSE_GRAIN,
                                            .dT = p[0],
                                            .t_c = p[1],
                                            .cool = p[3],
                                            .kept = 1.0,
                                            .t_cut = p[2]};
            b->job[i].pulse = &b->pulse[i];
        }
    }
}

static void done(void *context, int job, const struct qn_batch_result *r)
{
    struct bench *b = context;
    memcpy(b->out + (size_t)job * (size_t)b->m.n_gas, r->out, (size_t)b->m.n_gas * sizeof *r->out);
    b->steps += r->steps;
    b->rejects += r->rejects;
    b->failed += r->failed;
}

// one carrier at a time
static void singly(struct bench *b)
{
    struct qn_pulse_work w;
    qn_pulse_init(&w, &b->m);
    for (int i = 0; i < b->rows; i++) {
        const struct qn_batch_job *job = &b->job[i];
        enum qn_status status;
        if (b->pulses) {
            const struct qn_shot shot = {.pulse = b->pulse[i], .T0 = job->T};
            status = qn_pulse_apply(&b->x, &b->set, &shot, job->gas, job->y, &w);
        } else {
            status = qn_pulse_hold(&b->x, &b->set, job->T, 1.0, job->gas, job->y, &w);
        }
        const struct qn_batch_result r = {w.out, w.extent, w.steps, w.rejects, status != QN_OK};
        done(b, i, &r);
    }
    qn_pulse_free(&w);
}

// all in one gas
static double coupled(struct bench *b, double dt, double volume)
{
    const int ng = b->m.n_gas;
    struct qn_coupled_carrier *x = qn_alloc((size_t)b->rows, sizeof *x);
    struct qn_gas gas = {.n_gas = ng, .volume = volume, .T = b->in[0]};
    struct qn_coupled_count count;
    for (int i = 0; i < b->rows; i++) {
        x[i] = (struct qn_coupled_carrier){&b->x, b->job[i].T, 1.0, b->job[i].y};
    }
    for (int g = 0; g < ng; g++) {
        gas.moles[g] = b->in[1 + g] * volume;
    }
    struct qn_coupled *solver = qn_coupled_new(&b->m, 1, 0, NULL);
    b->failed = qn_coupled_run(solver, &b->set, x, b->rows, dt, &gas, &count) != QN_OK;
    for (int i = 0; i < b->rows * ng; i++) {
        b->out[i] = gas.moles[i % ng] / volume;
    }
    b->steps = count.steps;
    b->rejects = count.rejects;
    qn_coupled_free(solver);
    qn_free(x);
    return (double)count.bytes;
}

static void write_answers(const struct bench *b, const char *path)
{
    FILE *f = fopen(path, "wb");
    if (!f) {
        die("cannot write the answers");
    }
    const int ns = b->m.n_surface, ng = b->m.n_gas;
    for (int i = 0; i < b->rows; i++) {
        double row[2 * QN_MAX_SPECIES];
        for (int k = 0; k < ns; k++) {
            row[k] = b->y[(size_t)i * (size_t)(ns + ng) + (size_t)k] / room(b, k);
        }
        for (int g = 0; g < ng; g++) {
            row[ns + g] = b->out[(size_t)i * (size_t)ng + (size_t)g];
        }
        if (fwrite(row, sizeof(double), (size_t)(ns + ng), f) != (size_t)(ns + ng)) {
            die("cannot write the answers");
        }
    }
    (void)fclose(f);
}

int main(int argc, char **argv)
{
    struct bench b = {.set = qn_pulse_defaults()};
    if (argc < 6 || qn_mechanism_read(argv[2], &b.m) != QN_OK) {
        die(argc < 6 ? "see the head of bench_chem.c" : qn_error_text());
    }
    b.pulses = strstr(argv[1], "pulses") != NULL;
    b.set.rtol = atof(argv[3]);
    // the pores are so large that their gas stays what it is
    b.x = (struct qn_matter){.mech = &b.m, .pore = 1e6};
    for (int p = 0; p < b.m.n_phases; p++) {
        b.x.area[p] = 1.0;
    }
    read_problem(&b, argv[4]);
    prepare(&b);
    double bytes = 0.0;
    const double start = seconds();
    if (strcmp(argv[1], "coupled") == 0 && argc > 7) {
        bytes = coupled(&b, atof(argv[6]), atof(argv[7]));
    } else if (strncmp(argv[1], "single", 6) == 0) {
        singly(&b);
    } else {
        struct qn_batch *batch = qn_batch_new(&b.m, b.pulses);
        qn_batch_run(batch, &b.set, b.job, b.rows, done, &b);
        bytes = (double)qn_batch_bytes(batch);
        qn_batch_free(batch);
    }
    printf("%.6f %lld %lld %lld %.0f\n", seconds() - start, b.steps, b.rejects, b.failed, bytes);
    write_answers(&b, argv[5]);
    return 0;
}
