// The system of chem/coupled.h under PETSc TS: unlike carriers and the gas that they share.
//
// Unknowns: coverages (amounts over the sites of their surface) of each carrier, then the gas over
// all gas at the start. The matrix is an arrow, a block of each carrier and the gas at the tip;
// natural order makes of its LU the elimination of the carriers one by one and the Schur complement
// of the gas, without fill between carriers. Its entries are written in place, constants are kept.
// Options prefix -quern_.
#pragma once

#include <time.h>

#include <petscts.h>

#include "coupled_fixture.h"

struct petsc_set {
    const char *type, *scheme; ///< of TS and of its scheme: rosw ra34pw2, arkimex 4, bdf 3
    double rtol, first;        ///< first step [s]
    double atol;               ///< a share of rtol
    double below;              ///< domain error beyond this many atol below zero; 0: none
    double patience;           ///< seconds of the processor after which a run is given up
};

struct petsc_count {
    long long steps, rejects, failed; ///< failed: solves of stages
    int done;
    double seconds, inside; ///< inside: of them on rates and derivatives
    double least;           ///< smallest coverage or share of gas after any step
};

/// Carriers [0, n) of a crowd under its gas.
struct petsc_crowd {
    struct crowd *c;
    const struct qn_coupled_carrier *x; ///< of this object
    int n, ns, ng, all;
    double total;  ///< of all gas at the start [mol]
    double low;    ///< domain error below it
    double until;  ///< of the processor [s]
    double least;  ///< smallest unknown after any step of the last run
    double inside; ///< seconds spent on rates and derivatives, the rest is PETSc's
    struct qn_rates rates;
    double *constants;              ///< [n * 2 * n_reactions]
    struct qn_matter *open;         ///< [n] with a gas that is part of the state
    double *own_forward, *own_back; ///< of the workspace
    double *block;                  ///< [(ns + ng)^2]
    char *filled;                   ///< [(ns + ng)^2] entries that may differ from zero
    int *row, *column, *diagonal;   ///< of the matrix
    double *value;
    TS ts;
    Vec u, weight;
    Mat J;
};

static double petsc_clock(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static void petsc_must(PetscErrorCode error)
{
    if (error) {
        fprintf(stderr, "PETSc failed with %d\n", (int)error);
        abort();
    }
}

// rates of carrier i at state u; its gas slopes are per concentration
static void petsc_rates(struct petsc_crowd *p, int i, const double *u)
{
    double y[QN_MAX_SPECIES];
    const struct qn_mechanism *m = &p->c->m;
    const double per = p->total / p->c->gas.volume;
    for (int k = 0; k < p->ns; k++) {
        y[k] = u[i * p->ns + k] * qn_matter_room(&p->open[i], k);
    }
    for (int g = 0; g < p->ng; g++) {
        y[p->ns + g] = u[p->n * p->ns + g] * per; // on a pore of 1 m3/kg
    }
    p->rates.forward = p->constants + (size_t)(2 * i) * (size_t)m->n_reactions;
    p->rates.reverse = p->rates.forward + m->n_reactions;
    p->rates.T = p->x[i].T;
    qn_rates_progress(&p->open[i], y, NULL, &p->rates);
}

// what a unit of rate of progress does to unknown v of carrier i
static double petsc_share(const struct petsc_crowd *p, int i, int v)
{
    return v < p->ns ? 1.0 / qn_matter_room(&p->open[i], v) : p->x[i].mass / p->total;
}

static void petsc_slope(struct petsc_crowd *p, const double *u, double *f)
{
    double made[QN_MAX_SPECIES];
    const int gas = p->n * p->ns;
    memset(f + gas, 0, (size_t)p->ng * sizeof *f);
    for (int i = 0; i < p->n; i++) {
        petsc_rates(p, i, u);
        qn_rates_production(&p->c->m, p->rates.q, made);
        for (int k = 0; k < p->ns; k++) {
            f[i * p->ns + k] = made[k] * petsc_share(p, i, k);
        }
        for (int g = 0; g < p->ng; g++) {
            f[gas + g] += made[p->ns + g] * petsc_share(p, i, p->ns + g);
        }
    }
}

static PetscErrorCode petsc_residual(TS ts, PetscReal t, Vec U, Vec Udot, Vec F, void *context)
{
    struct petsc_crowd *p = context;
    const PetscScalar *u = NULL, *dot = NULL;
    PetscScalar *f = NULL;
    (void)ts, (void)t;
    p->inside -= petsc_clock();
    PetscCall(VecGetArrayRead(U, &u));
    PetscCall(VecGetArrayRead(Udot, &dot));
    PetscCall(VecGetArray(F, &f));
    petsc_slope(p, u, f);
    for (int i = 0; i < p->all; i++) {
        f[i] = dot[i] - f[i];
    }
    PetscCall(VecRestoreArray(F, &f));
    PetscCall(VecRestoreArrayRead(Udot, &dot));
    PetscCall(VecRestoreArrayRead(U, &u));
    p->inside += petsc_clock();
    return 0;
}

// derivatives of what carrier i gives to its own unknowns and to the gas
static void petsc_block(struct petsc_crowd *p, int i, const double *u)
{
    const struct qn_mechanism *m = &p->c->m;
    const int wide = p->ns + p->ng;
    const double per = p->total / p->c->gas.volume;
    memset(p->block, 0, (size_t)(wide * wide) * sizeof *p->block);
    petsc_rates(p, i, u);
    qn_rates_derivatives(&p->open[i], &p->rates);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int o = 0; o < q->n_on; o++) {
            const int k = q->on[o];
            const double slope = p->rates.q_y[r * QN_RATES_ON + o] *
                                 (k < p->ns ? qn_matter_room(&p->open[i], k) : per);
            for (int e = 0; e < q->eq.n_net; e++) {
                const int v = q->eq.net[e].species;
                p->block[v * wide + k] += q->eq.net[e].nu * slope * petsc_share(p, i, v);
            }
        }
    }
}

// which entries of a carrier's block there are
static void petsc_fill(struct petsc_crowd *p)
{
    const struct qn_mechanism *m = &p->c->m;
    const int wide = p->ns + p->ng;
    for (int v = 0; v < wide; v++) {
        p->filled[v * wide + v] = 1;
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int o = 0; o < q->n_on; o++) {
            for (int e = 0; e < q->eq.n_net; e++) {
                p->filled[q->eq.net[e].species * wide + q->on[o]] = 1;
            }
        }
    }
}

// rows of the arrow: a carrier's own columns, then the gas; rows of the gas have all carriers'
static void petsc_pattern(struct petsc_crowd *p)
{
    const int wide = p->ns + p->ng;
    size_t most = (size_t)p->n * (size_t)(wide * wide) + (size_t)(p->ng * p->ng);
    p->row = qn_alloc((size_t)p->all + 1, sizeof *p->row);
    p->diagonal = qn_alloc((size_t)p->all, sizeof *p->diagonal);
    p->column = qn_alloc(most, sizeof *p->column);
    p->value = qn_alloc(most, sizeof *p->value);
    int at = 0;
    for (int i = 0; i < p->all; i++) {
        const int gas = i >= p->n * p->ns;
        const int v = gas ? i - p->n * p->ns + p->ns : i % p->ns;
        p->row[i] = at;
        for (int b = gas ? 0 : i / p->ns; b < (gas ? p->n : i / p->ns + 1); b++) {
            for (int k = 0; k < p->ns; k++) {
                if (p->filled[v * wide + k]) {
                    p->column[at++] = b * p->ns + k;
                }
            }
        }
        for (int g = 0; g < p->ng; g++) {
            if (gas || p->filled[v * wide + p->ns + g]) {
                p->column[at++] = p->n * p->ns + g;
            }
        }
    }
    p->row[p->all] = at;
    for (int i = 0; i < p->all; i++) {
        for (at = p->row[i]; p->column[at] != i; at++) {
        }
        p->diagonal[i] = at;
    }
}

// minus the derivatives of carrier i into the values of the matrix
static void petsc_scatter(const struct petsc_crowd *p, int i, double *a)
{
    const int wide = p->ns + p->ng, gas = p->n * p->ns;
    for (int v = 0; v < wide; v++) {
        const int row = v < p->ns ? i * p->ns + v : gas + v - p->ns;
        int at = p->row[row];
        if (v >= p->ns) { // behind those of the carriers before
            at += (p->row[row + 1] - p->row[row] - p->ng) / p->n * i;
        }
        for (int k = 0; k < p->ns; k++) {
            if (p->filled[v * wide + k]) {
                a[at++] -= p->block[v * wide + k];
            }
        }
        at = v < p->ns ? at : p->row[row + 1] - p->ng;
        for (int g = 0; g < p->ng; g++) {
            if (v >= p->ns || p->filled[v * wide + p->ns + g]) {
                a[at++] -= p->block[v * wide + p->ns + g];
            }
        }
    }
}

// the signature is PETSc's
// NOLINTNEXTLINE(readability-function-size)
static PetscErrorCode petsc_jacobian(TS ts, PetscReal t, Vec U, Vec Udot, PetscReal shift, Mat J,
                                     Mat P, void *context)
{
    struct petsc_crowd *p = context;
    const PetscScalar *u = NULL;
    PetscScalar *a = NULL;
    (void)ts, (void)t, (void)Udot, (void)J;
    p->inside -= petsc_clock();
    PetscCall(VecGetArrayRead(U, &u));
    PetscCall(MatSeqAIJGetArray(P, &a));
    memset(a, 0, (size_t)p->row[p->all] * sizeof *a);
    for (int i = 0; i < p->n; i++) {
        petsc_block(p, i, u);
        petsc_scatter(p, i, a);
    }
    for (int i = 0; i < p->all; i++) {
        a[p->diagonal[i]] += shift;
    }
    PetscCall(MatSeqAIJRestoreArray(P, &a));
    PetscCall(VecRestoreArrayRead(U, &u));
    p->inside += petsc_clock();
    return 0;
}

static PetscErrorCode petsc_domain(TS ts, PetscReal t, Vec U, PetscBool *fine)
{
    struct petsc_crowd *p = NULL;
    PetscReal least = 0.0;
    (void)t;
    PetscCall(TSGetApplicationContext(ts, &p));
    PetscCall(VecMin(U, NULL, &least));
    *fine = p->low == 0.0 || least >= p->low ? PETSC_TRUE : PETSC_FALSE;
    return 0;
}

static PetscErrorCode petsc_watch(TS ts)
{
    struct petsc_crowd *p = NULL;
    Vec now = NULL;
    PetscReal least = 0.0;
    PetscCall(TSGetApplicationContext(ts, &p));
    PetscCall(TSGetSolution(ts, &now));
    PetscCall(VecMin(now, NULL, &least));
    p->least = fmin(p->least, least);
    if (petsc_clock() > p->until) {
        PetscCall(TSSetConvergedReason(ts, TS_DIVERGED_STEP_REJECTED));
    }
    return 0;
}

static void petsc_matter(struct petsc_crowd *p)
{
    const int r = p->c->m.n_reactions;
    for (int i = 0; i < p->n; i++) {
        p->open[i] = *p->x[i].matter;
        p->open[i].pore = 1.0;
        p->rates.T = -1.0;
        qn_rates_constants(&p->open[i], p->x[i].T, &p->rates);
        memcpy(p->constants + (size_t)(2 * i * r), p->rates.forward, (size_t)r * sizeof(double));
        memcpy(p->constants + (size_t)((2 * i + 1) * r), p->rates.reverse,
               (size_t)r * sizeof(double));
    }
}

static void petsc_scheme(struct petsc_crowd *p, const struct petsc_set *set)
{
    petsc_must(TSSetType(p->ts, set->type));
    if (strcmp(set->type, TSROSW) == 0) {
        petsc_must(TSRosWSetType(p->ts, set->scheme));
    } else if (strcmp(set->type, TSARKIMEX) == 0) {
        petsc_must(TSARKIMEXSetType(p->ts, set->scheme));
        petsc_must(TSARKIMEXSetFullyImplicit(p->ts, PETSC_TRUE));
    } else {
        petsc_must(TSBDFSetOrder(p->ts, atoi(set->scheme)));
    }
}

static void petsc_stepper(struct petsc_crowd *p, const struct petsc_set *set)
{
    SNES snes = NULL;
    KSP ksp = NULL;
    PC pc = NULL;
    TSAdapt adapt = NULL;
    petsc_must(TSCreate(PETSC_COMM_SELF, &p->ts));
    petsc_must(TSSetOptionsPrefix(p->ts, "quern_"));
    petsc_must(TSSetApplicationContext(p->ts, p));
    petsc_must(TSSetProblemType(p->ts, TS_NONLINEAR));
    petsc_must(TSSetIFunction(p->ts, NULL, petsc_residual, p));
    petsc_must(TSSetIJacobian(p->ts, p->J, p->J, petsc_jacobian, p));
    petsc_scheme(p, set);
    petsc_must(TSSetFunctionDomainError(p->ts, petsc_domain));
    petsc_must(TSSetPostStep(p->ts, petsc_watch));
    petsc_must(TSSetExactFinalTime(p->ts, TS_EXACTFINALTIME_MATCHSTEP));
    petsc_must(TSSetMaxSteps(p->ts, 10000000));
    petsc_must(TSSetMaxStepRejections(p->ts, 1000));
    petsc_must(TSSetMaxSNESFailures(p->ts, -1));
    petsc_must(TSSetErrorIfStepFails(p->ts, PETSC_FALSE));
    petsc_must(TSGetAdapt(p->ts, &adapt));
    petsc_must(TSAdaptSetType(adapt, TSADAPTBASIC));
    petsc_must(TSGetSNES(p->ts, &snes));
    petsc_must(SNESSetType(snes, strcmp(set->type, TSROSW) == 0 ? SNESKSPONLY : SNESNEWTONLS));
    petsc_must(SNESGetKSP(snes, &ksp));
    petsc_must(KSPSetType(ksp, KSPPREONLY));
    petsc_must(KSPGetPC(ksp, &pc));
    petsc_must(PCSetType(pc, PCLU));
    petsc_must(PCFactorSetMatOrderingType(pc, MATORDERINGNATURAL));
    petsc_must(TSSetFromOptions(p->ts));
    petsc_must(TSSetTolerances(p->ts, set->atol * set->rtol, NULL, set->rtol, NULL));
    p->low = -set->below * set->atol * set->rtol;
}

static void petsc_open(struct petsc_crowd *p, struct crowd *c, int first, int n,
                       const struct petsc_set *set)
{
    const struct qn_mechanism *m = &c->m;
    const size_t wide = (size_t)(m->n_surface + m->n_gas);
    *p = (struct petsc_crowd){.c = c, .n = n, .ns = m->n_surface, .ng = m->n_gas};
    p->x = c->carrier + first;
    p->all = n * p->ns + p->ng;
    for (int g = 0; g < p->ng; g++) {
        p->total += c->gas.moles[g];
    }
    qn_rates_init(&p->rates, m);
    p->own_forward = p->rates.forward;
    p->own_back = p->rates.reverse;
    p->constants = qn_alloc((size_t)(2 * n) * (size_t)m->n_reactions, sizeof *p->constants);
    p->open = qn_alloc((size_t)n, sizeof *p->open);
    p->block = qn_alloc(wide * wide, sizeof *p->block);
    p->filled = qn_alloc(wide * wide, 1);
    petsc_matter(p);
    petsc_fill(p);
    petsc_pattern(p);
    petsc_must(VecCreateSeq(PETSC_COMM_SELF, p->all, &p->u));
    petsc_must(MatCreateSeqAIJWithArrays(PETSC_COMM_SELF, p->all, p->all, p->row, p->column,
                                         p->value, &p->J));
    petsc_stepper(p, set);
}

static void petsc_close(struct petsc_crowd *p)
{
    petsc_must(TSDestroy(&p->ts));
    petsc_must(MatDestroy(&p->J));
    petsc_must(VecDestroy(&p->u));
    p->rates.forward = p->own_forward;
    p->rates.reverse = p->own_back;
    qn_rates_free(&p->rates);
    qn_free(p->constants);
    qn_free(p->open);
    qn_free(p->block);
    qn_free(p->filled);
    qn_free(p->row);
    qn_free(p->column);
    qn_free(p->diagonal);
    qn_free(p->value);
}

// states of carriers and gas into unknowns, or back
static void petsc_move(struct petsc_crowd *p, int back)
{
    PetscScalar *u = NULL;
    petsc_must(VecGetArray(p->u, &u));
    for (int i = 0; i < p->n * p->ns; i++) {
        double *y = &p->x[i / p->ns].y[i % p->ns];
        const double room = qn_matter_room(&p->open[i / p->ns], i % p->ns);
        *(back ? y : &u[i]) = back ? u[i] * room : *y / room;
    }
    for (int g = 0; g < p->ng; g++) {
        double *moles = &p->c->gas.moles[g], *at = &u[p->n * p->ns + g];
        *(back ? moles : at) = back ? *at * p->total : *moles / p->total;
    }
    petsc_must(VecRestoreArray(p->u, &u));
}

/// Advance this object's carriers and the crowd's gas by dt; adds to `count`.
static void petsc_run(struct petsc_crowd *p, const struct petsc_set *set, double dt, double *step,
                      struct petsc_count *count)
{
    TSConvergedReason reason = TS_CONVERGED_ITERATING;
    PetscInt steps = 0, rejects = 0, failed = 0;
    const double start = petsc_clock();
    p->until = start + set->patience;
    p->inside = p->least = 0.0;
    petsc_move(p, 0);
    petsc_must(TSSetTime(p->ts, 0.0));
    petsc_must(TSSetStepNumber(p->ts, 0));
    petsc_must(TSSetMaxTime(p->ts, dt));
    petsc_must(TSSetTimeStep(p->ts, fmin(*step, dt)));
    petsc_must(TSRestartStep(p->ts));
    petsc_must(PetscPushErrorHandler(PetscReturnErrorHandler, NULL));
    const PetscErrorCode error = TSSolve(p->ts, p->u);
    petsc_must(PetscPopErrorHandler());
    petsc_must(TSGetConvergedReason(p->ts, &reason));
    petsc_must(TSGetStepNumber(p->ts, &steps));
    petsc_must(TSGetStepRejections(p->ts, &rejects));
    petsc_must(TSGetSNESFailures(p->ts, &failed));
    petsc_must(TSGetTimeStep(p->ts, step));
    count->done = !error && reason > 0;
    count->steps += steps;
    count->rejects += rejects;
    count->failed += failed;
    if (count->done) {
        petsc_move(p, 1);
    }
    count->inside += p->inside;
    count->least = fmin(count->least, p->least);
    count->seconds += petsc_clock() - start;
}
