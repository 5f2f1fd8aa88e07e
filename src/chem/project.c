/// @file
/// Projection of a state on its conserved sums.
///
/// Rows that the state cannot feel (an element none of it holds, or one that follows from the
/// others) are dropped by the pivot of the Cholesky factor.
#include "chem/project.h"

#include "stiff.h"

#include <math.h>

enum { MAX_ROWS = QN_PROJECT_ROWS };

// coefficient of species k in row `row`: elements first, then sites of each surface
static double coefficient(const struct qn_mechanism *m, int row, int k)
{
    const struct qn_species *s = &m->species[k];
    if (row < m->n_elements) {
        return s->element[row];
    }
    return k < m->n_sites && s->phase == row - m->n_elements ? s->sites : 0.0;
}

static int rows_of(const struct qn_mechanism *m)
{
    return m->n_elements + m->n_phases - 1; // the gas has no sites
}

int qn_project_sums(const struct qn_mechanism *m, int pores, const double *y, const double *out,
                    double *sum)
{
    const int rows = rows_of(m);
    for (int i = 0; i < rows; i++) {
        sum[i] = 0.0;
        for (int k = 0; k < m->n_species; k++) {
            const int gas = k - m->n_surface;
            const double amount = (gas < 0 || pores ? y[k] : 0.0) + (gas >= 0 ? out[gas] : 0.0);
            sum[i] += coefficient(m, i, k) * amount;
        }
    }
    return rows;
}

// Cholesky of the n x n matrix a with dropped rows (zero diagonal), then solve in place
static void solve_semidefinite(double a[MAX_ROWS][MAX_ROWS], double *b, int n)
{
    for (int j = 0; j < n; j++) {
        const double before = a[j][j];
        for (int k = 0; k < j; k++) {
            a[j][j] -= a[j][k] * a[j][k];
        }
        const int keep = a[j][j] > 1e-13 * before && before > 0.0;
        a[j][j] = keep ? sqrt(a[j][j]) : 0.0;
        for (int i = j + 1; i < n; i++) {
            for (int k = 0; k < j; k++) {
                a[i][j] -= a[i][k] * a[j][k];
            }
            a[i][j] = keep ? a[i][j] / a[j][j] : 0.0;
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            b[i] -= a[i][k] * b[k];
        }
        b[i] = a[i][i] > 0.0 ? b[i] / a[i][i] : 0.0;
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) {
            b[i] -= a[k][i] * b[k];
        }
        b[i] = a[i][i] > 0.0 ? b[i] / a[i][i] : 0.0;
    }
}

void qn_project_rows(const double *A, int rows, int n, const double *want, double *y)
{
    QN_ASSERT(rows <= MAX_ROWS);
    for (int pass = 0; pass < 2; pass++) { // the second takes the round-off of the first
        double gram[MAX_ROWS][MAX_ROWS] = {{0.0}};
        double miss[MAX_ROWS] = {0.0};
        for (int i = 0; i < rows; i++) {
            miss[i] = want[i];
            for (int k = 0; k < n; k++) {
                miss[i] -= A[i * n + k] * y[k];
            }
            for (int j = 0; j <= i; j++) {
                for (int k = 0; k < n; k++) {
                    gram[i][j] += A[i * n + k] * A[j * n + k] * fmax(y[k], 0.0);
                }
            }
        }
        solve_semidefinite(gram, miss, rows);
        for (int k = 0; k < n; k++) {
            double shift = 0.0;
            for (int i = 0; i < rows; i++) {
                shift += A[i * n + k] * miss[i];
            }
            y[k] += fmax(y[k], 0.0) * fmax(shift, -0.5);
        }
    }
}

void qn_project(const struct qn_mechanism *m, int pores, const double *want, const double *out,
                double *y)
{
    const int rows = rows_of(m);
    const int n = pores ? m->n_species : m->n_surface;
    double A[MAX_ROWS * QN_MAX_SPECIES];
    double left[MAX_ROWS];
    for (int i = 0; i < rows; i++) {
        left[i] = want[i];
        for (int g = 0; g < m->n_gas; g++) { // what has left is not moved
            left[i] -= coefficient(m, i, m->n_surface + g) * out[g];
        }
        for (int k = 0; k < n; k++) {
            A[i * n + k] = coefficient(m, i, k);
        }
    }
    qn_project_rows(A, rows, n, left, y);
}
