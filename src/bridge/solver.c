/// @file
/// Right-hand side, Jacobian and PETSc time stepper of the cold part with a linear pulse term.
#include "solver.h"

#include <math.h>
#include <string.h>

#include <petscts.h>

#include "base/array.h"

#define PETSC(call)                                                                                \
    do {                                                                                           \
        if (call) {                                                                                \
            return qn_fail(QN_ERR_PHYSICS, "PETSc failed in %s", #call);                           \
        }                                                                                          \
    } while (0)

// The powder and headspace of one class as chem/rates sees them: gas is part of the state, in
// moles per kilogram of this class.
static struct qn_matter closed(const struct qn_bridged *b, int cls, const double *z)
{
    struct qn_matter room;
    struct qn_matter x = *qn_matter_bare(&b->matter, z + cls * b->matter.mech->n_surface, &room);
    if (x.mech->n_buried) { // constants of an earlier area
        b->solver->rates[cls].T = -1.0;
    }
    x.pore = b->gas.volume / b->mass[cls];
    return x;
}

static void class_state(const struct qn_bridged *b, int cls, const double *z, double *u)
{
    const struct qn_mechanism *m = b->matter.mech;
    memcpy(u, z + cls * m->n_surface, (size_t)m->n_surface * sizeof *u);
    for (int g = 0; g < m->n_gas; g++) {
        u[m->n_surface + g] = z[b->n_classes * m->n_surface + g] / b->mass[cls];
    }
}

// rates without what flows in and out
static void closed_rates(const struct qn_bridged *b, const double *z, double *f)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const int gas = b->n_classes * m->n_surface;
    memset(f, 0, (size_t)s->n_all * sizeof *f);
    for (int c = 0; c < b->n_classes; c++) {
        const struct qn_matter x = closed(b, c, z);
        double u[QN_MAX_SPECIES];
        double made[QN_MAX_SPECIES];
        class_state(b, c, z, u);
        qn_rates_constants(&x, b->T[c], &s->rates[c]);
        qn_rates_progress(&x, u, NULL, &s->rates[c]);
        qn_rates_production(m, s->rates[c].q, made);
        for (int k = 0; k < m->n_surface; k++) {
            f[c * m->n_surface + k] += made[k];
        }
        for (int g = 0; g < m->n_gas; g++) {
            f[gas + g] += b->mass[c] * made[m->n_surface + g];
        }
        for (int r = 0; r < m->n_reactions; r++) {
            f[s->n_state + r] += b->mass[c] * s->rates[c].q[r];
        }
        for (int l = 0; l < b->n_classes; l++) {
            const double rate = b->exchange[c][l] / b->mass[c];
            for (int k = 0; k < m->n_surface && rate > 0.0; k++) {
                f[c * m->n_surface + k] += rate * (z[l * m->n_surface + k] - u[k]);
            }
        }
    }
}

// The share of the gas that goes out a second. By the pressure alone: with what is made in it, the
// outlet would be as stiff as the surface, and every gas would feel it.
static double outlet(const struct qn_bridged *b, const double *z, double *slope)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_gas room = {.n_gas = m->n_gas, .volume = b->gas.volume};
    memcpy(room.moles, z + b->n_classes * m->n_surface, (size_t)m->n_gas * sizeof *z);
    return qn_flow_regulated(&b->set.flow, &room, b->full, slope);
}

// with feed and outlet, their extents behind those of the reactions
static void cold(const struct qn_bridged *b, const double *z, double *f)
{
    const struct qn_mechanism *m = b->matter.mech;
    const int gas = b->n_classes * m->n_surface, in = b->solver->n_state + m->n_reactions;
    closed_rates(b, z, f);
    if (!(b->set.flow.rate > 0.0)) {
        return;
    }
    double slope;
    const double share = outlet(b, z, &slope);
    for (int g = 0; g < m->n_gas; g++) {
        f[in + g] = b->set.flow.rate * b->set.flow.feed[g];
        f[in + m->n_gas + g] = share * z[gas + g];
        f[gas + g] += f[in + g] - f[in + m->n_gas + g];
    }
}

static const struct qn_equation *hot_equation(const struct qn_mechanism *m, int r)
{
    return r < m->n_reactions ? &m->reaction[r].eq : &m->impact[r - m->n_reactions].eq;
}

// index in z of species k of class c
static int index_of(const struct qn_bridged *b, int c, int k)
{
    const int ns = b->matter.mech->n_surface;
    return k < ns ? c * ns + k : b->n_classes * ns + k - ns;
}

// what an extent of one mole per second does to z: surfaces are per kilogram of their class
static double per_mole(const struct qn_bridged *b, int c, const struct qn_term *t)
{
    return t->species < b->matter.mech->n_surface ? t->nu / b->mass[c] : t->nu;
}

void qn_solver_pulses(const struct qn_bridged *b, const double *hot, double *f)
{
    const struct qn_mechanism *m = b->matter.mech;
    const struct qn_bridged_solver *s = b->solver;
    const int per_class = m->n_reactions + m->n_impacts;
    for (int h = 0; h < s->n_hot; h++) {
        const int c = h / per_class;
        const struct qn_equation *eq = hot_equation(m, h % per_class);
        for (int t = 0; t < eq->n_net; t++) {
            f[index_of(b, c, eq->net[t].species)] += hot[h] * per_mole(b, c, &eq->net[t]);
        }
    }
}

// z' - cold - pulse term
static PetscErrorCode residual(TS ts, PetscReal t, Vec Z, Vec Zdot, Vec F, void *context)
{
    (void)ts;
    (void)t;
    const struct qn_bridged *b = context;
    const struct qn_bridged_solver *s = b->solver;
    const PetscScalar *z = NULL;
    const PetscScalar *dot = NULL;
    PetscScalar *f = NULL;
    PetscCall(VecGetArrayRead(Z, &z));
    PetscCall(VecGetArrayRead(Zdot, &dot));
    PetscCall(VecGetArray(F, &f));
    cold(b, z, f);
    for (int i = 0; i < s->n_state; i++) {
        f[i] += s->push[i];
    }
    for (int i = 0; i < s->n_all; i++) {
        f[i] = dot[i] - f[i];
    }
    PetscCall(VecRestoreArray(F, &f));
    PetscCall(VecRestoreArrayRead(Zdot, &dot));
    PetscCall(VecRestoreArrayRead(Z, &z));
    return 0;
}

static PetscErrorCode add_entry(Mat P, int row, int column, double value)
{
    return MatSetValues(P, 1, &row, 1, &column, &value, ADD_VALUES);
}

// one class's share of minus the Jacobian
static PetscErrorCode add_class(const struct qn_bridged *b, int c, const double *z, Mat P)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const int ns = m->n_surface;
    const int gas = b->n_classes * ns;
    const struct qn_matter x = closed(b, c, z);
    double u[QN_MAX_SPECIES];
    class_state(b, c, z, u);
    qn_rates_constants(&x, b->T[c], &s->rates[c]);
    qn_rates_progress(&x, u, NULL, &s->rates[c]);
    qn_rates_derivatives(&x, &s->rates[c]);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int o = 0; o < q->n_on; o++) {
            const int k = q->on[o];
            const int column = k < ns ? c * ns + k : gas + k - ns;
            const double slope = s->rates[c].q_y[r * QN_RATES_ON + o] / (k < ns ? 1.0 : b->mass[c]);
            for (int i = 0; i < q->eq.n_net; i++) {
                const int v = q->eq.net[i].species;
                const int row = v < ns ? c * ns + v : gas + v - ns;
                PetscCall(add_entry(P, row, column,
                                    -q->eq.net[i].nu * slope * (v < ns ? 1.0 : b->mass[c])));
            }
            PetscCall(add_entry(P, s->n_state + r, column, -b->mass[c] * slope));
        }
    }
    for (int l = 0; l < b->n_classes; l++) {
        const double rate = b->exchange[c][l] / b->mass[c];
        for (int k = 0; k < ns && rate > 0.0; k++) {
            PetscCall(add_entry(P, c * ns + k, l * ns + k, -rate));
            PetscCall(add_entry(P, c * ns + k, c * ns + k, rate));
        }
    }
    return 0;
}

// the outlet's share of minus the Jacobian
static PetscErrorCode add_outlet(const struct qn_bridged *b, const double *z, Mat P)
{
    const struct qn_mechanism *m = b->matter.mech;
    const int gas = b->n_classes * m->n_surface;
    const int out = b->solver->n_state + m->n_reactions + m->n_gas;
    double slope;
    const double share = outlet(b, z, &slope);
    for (int g = 0; g < m->n_gas; g++) {
        for (int k = 0; k < m->n_gas; k++) {
            const double by = (g == k ? share : 0.0) + slope * z[gas + g];
            PetscCall(add_entry(P, gas + g, gas + k, by));
            PetscCall(add_entry(P, out + g, gas + k, -by));
        }
    }
    return 0;
}

// the signature is PETSc's
// NOLINTNEXTLINE(readability-function-size)
static PetscErrorCode jacobian(TS ts, PetscReal t, Vec Z, Vec Zdot, PetscReal shift, Mat J, Mat P,
                               void *context) // signature of TSIJacobian
{
    (void)ts;
    (void)t;
    (void)Zdot;
    (void)J;
    const struct qn_bridged *b = context;
    const struct qn_bridged_solver *s = b->solver;
    const PetscScalar *z = NULL;
    PetscCall(VecGetArrayRead(Z, &z));
    PetscCall(MatZeroEntries(P));
    for (int i = 0; i < s->n_all; i++) {
        PetscCall(add_entry(P, i, i, shift));
    }
    for (int c = 0; c < b->n_classes; c++) {
        PetscCall(add_class(b, c, z, P));
    }
    if (b->set.flow.rate > 0.0) {
        PetscCall(add_outlet(b, z, P));
    }
    PetscCall(VecRestoreArrayRead(Z, &z));
    PetscCall(MatAssemblyBegin(P, MAT_FINAL_ASSEMBLY));
    PetscCall(MatAssemblyEnd(P, MAT_FINAL_ASSEMBLY));
    return 0;
}

static void drop_stepper(struct qn_bridged_solver *s)
{
    TS ts = s->ts;
    Vec x = s->x, tolerance = s->tolerance;
    Mat J = s->jacobian;
    (void)TSDestroy(&ts); // there is nobody to tell
    (void)VecDestroy(&x);
    (void)VecDestroy(&tolerance);
    (void)MatDestroy(&J);
    s->ts = s->x = s->tolerance = s->jacobian = NULL;
}

// The matrix is an arrow: blocks of the classes, then the gas, then the extents, which nothing
// feels. Eliminated in that order without fill between classes: the gas is left with its Schur
// complement, at a cost linear in classes, as long as they do not swap powder.
static PetscErrorCode make_matrix(const struct qn_bridged *b, Mat *J)
{
    const struct qn_mechanism *m = b->matter.mech;
    const struct qn_bridged_solver *s = b->solver;
    const int surfaces = b->n_classes * m->n_surface;
    int *most = qn_alloc((size_t)s->n_all, sizeof *most); // entries of each row
    for (int i = 0; i < s->n_all; i++) {
        most[i] = i < surfaces ? m->n_species + b->n_classes : s->n_state + 1;
    }
    const PetscErrorCode error = MatCreateSeqAIJ(PETSC_COMM_SELF, s->n_all, s->n_all, 0, most, J);
    qn_free(most);
    return error;
}

static enum qn_status make_stepper(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    TS ts = NULL;
    Vec x = NULL;
    Vec tolerance = NULL;
    Mat J = NULL;
    SNES snes = NULL;
    KSP ksp = NULL;
    PC pc = NULL;
    PETSC(TSCreate(PETSC_COMM_SELF, &ts));
    s->ts = ts;
    PETSC(VecCreateSeq(PETSC_COMM_SELF, s->n_all, &x));
    s->x = x;
    PETSC(VecDuplicate(x, &tolerance));
    s->tolerance = tolerance;
    PETSC(make_matrix(b, &J));
    s->jacobian = J;
    PETSC(TSSetOptionsPrefix(ts, "quern_"));
    PETSC(TSSetProblemType(ts, TS_NONLINEAR));
    PETSC(TSSetType(ts, TSROSW));
    PETSC(TSRosWSetType(ts, TSROSWRA34PW2));
    PETSC(TSSetIFunction(ts, NULL, residual, b));
    PETSC(TSSetIJacobian(ts, J, J, jacobian, b));
    PETSC(TSSetExactFinalTime(ts, TS_EXACTFINALTIME_MATCHSTEP));
    PETSC(TSSetMaxSteps(ts, 20000)); // a segment that needs more is better cut
    PETSC(TSSetMaxStepRejections(ts, 200));
    PETSC(TSSetErrorIfStepFails(ts, PETSC_FALSE));
    PETSC(TSGetSNES(ts, &snes));
    PETSC(SNESSetType(snes, SNESKSPONLY));
    PETSC(SNESGetKSP(snes, &ksp));
    PETSC(KSPSetType(ksp, KSPPREONLY));
    PETSC(KSPGetPC(ksp, &pc));
    PETSC(PCSetType(pc, PCLU));
    PETSC(PCFactorSetMatOrderingType(pc, MATORDERINGNATURAL));
    PETSC(TSSetFromOptions(ts));
    for (int i = 0; i < s->n_all; i++) {
        PETSC(VecSetValue(tolerance, i, s->scale[i] * 1e-6, INSERT_VALUES));
    }
    PETSC(VecAssemblyBegin(tolerance));
    PETSC(VecAssemblyEnd(tolerance));
    PETSC(TSSetTolerances(ts, 0.0, tolerance, b->set.ts_rtol, NULL));
    return QN_OK;
}

enum qn_status qn_solver_init(struct qn_bridged *b)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver = qn_alloc(1, sizeof *s);
    s->n_state = b->n_classes * m->n_surface + m->n_gas;
    s->n_all = s->n_state + m->n_reactions + (b->set.flow.rate > 0.0 ? 2 * m->n_gas : 0);
    s->n_rows = m->n_elements + b->n_classes * (m->n_phases - 1);
    const size_t n = (size_t)s->n_state;
    const size_t all = (size_t)s->n_all;
    s->n_hot = b->n_classes * (m->n_reactions + m->n_impacts);
    double **const part[] = {&s->z,    &s->trial, &s->scale,    &s->before, &s->push,
                             &s->next, &s->hot,   &s->next_hot, &s->rows,   &s->sums};
    const size_t hot = (size_t)s->n_hot;
    const size_t count[] = {
        all, all, all, all, n, n, hot, hot, (size_t)s->n_rows * n, (size_t)s->n_rows};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i] = qn_alloc(count[i], sizeof(double));
    }
    for (int c = 0; c < b->n_classes; c++) {
        qn_rates_init(&s->rates[c], m);
    }

    // a change worth a name: of the sites of a surface, of all gas
    double all_gas = 0.0;
    for (int g = 0; g < m->n_gas; g++) {
        all_gas += b->gas.moles[g];
    }
    for (int i = 0; i < s->n_all; i++) {
        s->scale[i] = all_gas;
        if (i < b->n_classes * m->n_surface) {
            s->scale[i] = qn_matter_room(&b->matter, i % m->n_surface);
        }
    }
    s->ts_step = 1e-3;
    return make_stepper(b);
}

void qn_solver_free(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    if (!s) {
        return;
    }
    double *const part[] = {s->z,    s->trial, s->scale,    s->before, s->push,
                            s->next, s->hot,   s->next_hot, s->rows,   s->sums};
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        qn_free(part[i]);
    }
    for (int c = 0; c < b->n_classes; c++) {
        qn_rates_free(&s->rates[c]);
    }
    drop_stepper(s);
    qn_free(s);
    b->solver = NULL;
}

// one call of TSSolve without PETSc's own report; true when it came to the end
static int solved(TS ts, Vec x)
{
    TSConvergedReason reason = TS_CONVERGED_ITERATING;
    if (PetscPushErrorHandler(PetscReturnErrorHandler, NULL)) {
        return 0;
    }
    int fine = TSSolve(ts, x) == 0;
    fine = fine && TSGetConvergedReason(ts, &reason) == 0 && reason > 0;
    return PetscPopErrorHandler() == 0 && fine;
}

enum qn_status qn_solver_segment(struct qn_bridged *b, double length, int *done)
{
    struct qn_bridged_solver *s = b->solver;
    TS ts = s->ts;
    Vec x = s->x;
    PetscScalar *to = NULL;
    const PetscScalar *from = NULL;
    PETSC(VecGetArray(x, &to));
    memcpy(to, s->trial, (size_t)s->n_all * sizeof *to);
    PETSC(VecRestoreArray(x, &to));
    PETSC(TSSetTime(ts, 0.0));
    PETSC(TSSetStepNumber(ts, 0));
    PETSC(TSSetMaxTime(ts, length));
    PETSC(TSSetTimeStep(ts, fmin(s->ts_step, length)));
    PETSC(TSRestartStep(ts));
    *done = solved(ts, x);
    if (!*done) { // an error leaves locks and half-made steps behind
        drop_stepper(s);
        s->ts_step = 1e-6 * length;
        return make_stepper(b);
    }
    PetscReal step = 0.0;
    PETSC(TSGetTimeStep(ts, &step));
    s->ts_step = fmax(step, 1e-9);
    PETSC(VecGetArrayRead(x, &from));
    memcpy(s->trial, from, (size_t)s->n_all * sizeof *from);
    PETSC(VecRestoreArrayRead(x, &from));
    return QN_OK;
}
