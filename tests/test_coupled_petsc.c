// Carriers coupled through their gas, by chem/coupled.h and by PETSc over the same equations.
#include <criterion/criterion.h>

#include "petsc_crowd.h"

#define DELGADO QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml"

enum { N = 6 };

static void advance(struct crowd *c, double rtol, double dt)
{
    struct qn_coupled_count count;
    struct qn_coupled *solver = qn_coupled_new(&c->m, 1, 0, NULL);
    c->set.rtol = rtol;
    cr_assert(qn_coupled_run(solver, &c->set, c->carrier, c->n, dt, &c->gas, &count) == QN_OK, "%s",
              qn_error_text());
    qn_coupled_free(solver);
}

static const struct petsc_set SET = {TSROSW, TSROSWRA34PW2, 1e-6, 1e-9, 1e-4, 0.0, 600.0};

// Largest difference of an analytic derivative from a central one, over the largest of its row.
static double slope_error(struct petsc_crowd *p)
{
    const size_t n = (size_t)p->all;
    double *u = qn_alloc(n, sizeof *u), *f = qn_alloc(2 * n, sizeof *f), worst = 0.0;
    double *J = qn_alloc(n * n, sizeof *J);
    const PetscScalar *now = NULL;
    petsc_move(p, 0);
    petsc_must(VecGetArrayRead(p->u, &now));
    memcpy(u, now, n * sizeof *u);
    petsc_must(VecRestoreArrayRead(p->u, &now));
    memset(p->value, 0, (size_t)p->row[p->all] * sizeof *p->value);
    for (int i = 0; i < p->n; i++) {
        petsc_block(p, i, u);
        petsc_scatter(p, i, p->value);
    }
    for (int i = 0; i < p->all; i++) {
        for (int e = p->row[i]; e < p->row[i + 1]; e++) {
            J[(size_t)i * n + (size_t)p->column[e]] = -p->value[e];
        }
    }
    for (int k = 0; k < p->all; k++) {
        const double was = u[k], step = 1e-4 * fmax(was, 1e-4);
        u[k] = was + step;
        petsc_slope(p, u, f);
        u[k] = was - step;
        petsc_slope(p, u, f + n);
        u[k] = was;
        for (size_t i = 0; i < n; i++) {
            double most = 1e-300;
            for (size_t j = 0; j < n; j++) {
                most = fmax(most, fabs(J[i * n + j]));
            }
            const double slope = (f[i] - f[n + i]) / (2.0 * step);
            worst = fmax(worst, fabs(slope - J[i * n + (size_t)k]) / most);
        }
    }
    qn_free(u);
    qn_free(f);
    qn_free(J);
    return worst;
}

// the derivatives of the unknowns by central differences, to what differences can show
Test(coupled_petsc, the_arrow_holds_the_derivatives_of_the_slopes)
{
    struct crowd c;
    struct petsc_crowd p;
    cr_assert(PetscInitializeNoArguments() == 0);
    crowd_make(&c, DELGADO, 3, 1);
    advance(&c, 1e-4, 1e-3);
    petsc_open(&p, &c, 0, c.n, &SET);
    const double error = slope_error(&p);
    cr_expect(error < 1e-6, "%g of a row's largest", error);
    petsc_close(&p);
    crowd_free(&c);
}

// A PETSc Rosenbrock method over all unknowns against the arrow's own, both at tight tolerances,
// from a start that has rested a millisecond.
Test(coupled_petsc, petsc_over_all_unknowns_ends_where_the_arrow_does)
{
    struct crowd own, other;
    struct petsc_crowd p;
    struct petsc_count count = {0};
    double step = SET.first, moved = 0.0, all = 0.0;
    cr_assert(PetscInitializeNoArguments() == 0);
    crowd_make(&own, DELGADO, N, 1);
    crowd_make(&other, DELGADO, N, 1);
    advance(&own, 1e-4, 1e-3);
    advance(&other, 1e-4, 1e-3);
    petsc_open(&p, &other, 0, N, &SET);
    petsc_run(&p, &SET, 0.1, &step, &count);
    cr_assert(count.done);
    petsc_close(&p);
    const struct qn_gas before = own.gas;
    advance(&own, 1e-8, 0.1);
    for (int i = 0; i < N * own.m.n_surface; i++) {
        const double room = qn_matter_room(&own.matter[i / own.m.n_surface], i % own.m.n_surface);
        cr_expect(fabs(other.y[i] - own.y[i]) < 1e-4 * own.y[i] + 1e-8 * room, "%d: %.9g and %.9g",
                  i, other.y[i], own.y[i]);
    }
    for (int g = 0; g < own.m.n_gas; g++) {
        all += own.gas.moles[g];
    }
    for (int g = 0; g < own.m.n_gas; g++) {
        const double now = own.gas.moles[g];
        cr_expect(fabs(other.gas.moles[g] - now) < 1e-4 * now + 1e-8 * all, "gas %d: %.9g and %.9g",
                  g, other.gas.moles[g], now);
        moved = fmax(moved, fabs(now - before.moles[g]) / all);
    }
    cr_expect(moved > 0.05, "the gas moved by %g only", moved);
    crowd_free(&own);
    crowd_free(&other);
}
