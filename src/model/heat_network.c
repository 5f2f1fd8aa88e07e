/// @file
/// Modes of a heat network.
#include "model/heat_network.h"

#include <math.h>
#include <string.h>

enum { SWEEPS = 60 };

/// One of Jacobi's rotations: A[p][q] becomes 0 (Golub & Van Loan, Matrix Computations, 8.5).
static void rotate(int n, double A[][QN_HEAT_NODES], double V[][QN_HEAT_NODES], int p, int q)
{
    const double half = 0.5 * (A[q][q] - A[p][p]) / A[p][q];
    const double t = (half >= 0.0 ? 1.0 : -1.0) / (fabs(half) + hypot(half, 1.0));
    const double c = 1.0 / hypot(t, 1.0), s = t * c;
    for (int k = 0; k < n; k++) {
        const double x = A[k][p], y = A[k][q];
        A[k][p] = c * x - s * y;
        A[k][q] = s * x + c * y;
    }
    for (int k = 0; k < n; k++) {
        const double x = A[p][k], y = A[q][k];
        A[p][k] = c * x - s * y;
        A[q][k] = s * x + c * y;
        const double v = V[k][p], w = V[k][q];
        V[k][p] = c * v - s * w;
        V[k][q] = s * v + c * w;
    }
    A[p][q] = A[q][p] = 0.0;
}

void qn_heat_network_solve(struct qn_heat_network *net)
{
    double A[QN_HEAT_NODES][QN_HEAT_NODES] = {{0.0}};
    const int n = net->n;
    memset(net->mode, 0, sizeof net->mode);
    for (int i = 0; i < n; i++) {
        net->mode[i][i] = 1.0;
        A[i][i] += net->loss[i] / net->capacity[i];
        for (int j = 0; j < n; j++) {
            if (j != i) {
                A[i][i] += net->link[i][j] / net->capacity[i];
                A[i][j] -= net->link[i][j] / sqrt(net->capacity[i] * net->capacity[j]);
            }
        }
    }
    for (int sweep = 0, left = 1; sweep < SWEEPS && left; sweep++) {
        left = 0;
        for (int p = 0; p < n; p++) {
            for (int q = p + 1; q < n; q++) {
                if (fabs(A[p][q]) > 1e-18 * sqrt(fabs(A[p][p] * A[q][q]))) {
                    rotate(n, A, net->mode, p, q);
                    left = 1;
                }
            }
        }
    }
    double fastest = 0.0;
    for (int i = 0; i < n; i++) {
        fastest = fmax(fastest, A[i][i]);
    }
    for (int i = 0; i < n; i++) { // what is round-off of the fastest is a mode that loses nothing
        net->rate[i] = A[i][i] > 1e-14 * fastest ? A[i][i] : 0.0;
    }
}

/// (1 - exp(-x))/x and (1 - that)/x.
static double once(double x)
{
    return x > 1e-12 ? -expm1(-x) / x : 1.0;
}
static double twice(double x)
{
    return x > 1e-2 ? (1.0 - once(x)) / x : 0.5 - x / 6.0 + x * x / 24.0 - x * x * x / 120.0;
}

/// Start and push of one mode.
static void mode_of(const struct qn_heat_network *net, int m, double *start, double *push)
{
    *start = *push = 0.0;
    for (int i = 0; i < net->n; i++) {
        const double root = sqrt(net->capacity[i]);
        *start += net->mode[i][m] * root * (net->start[i] - net->ambient);
        *push += net->mode[i][m] * net->source[i] / root;
    }
}

static void add_mode(const struct qn_heat_network *net, int m, double amount, double *T)
{
    for (int i = 0; i < net->n; i++) {
        T[i] += net->mode[i][m] * amount / sqrt(net->capacity[i]);
    }
}

void qn_heat_network_at(const struct qn_heat_network *net, double t, double *T)
{
    for (int i = 0; i < net->n; i++) {
        T[i] = net->ambient;
    }
    for (int m = 0; m < net->n; m++) {
        double start, push;
        const double x = net->rate[m] * t;
        mode_of(net, m, &start, &push);
        add_mode(net, m, start * exp(-x) + push * t * once(x), T);
    }
}

void qn_heat_network_end(const struct qn_heat_network *net, double *T)
{
    for (int i = 0; i < net->n; i++) {
        T[i] = net->ambient;
    }
    for (int m = 0; m < net->n; m++) {
        double start, push;
        mode_of(net, m, &start, &push);
        // a mode that loses nothing stays, or warms for ever
        const double stays = push == 0.0 ? start : copysign(HUGE_VAL, push);
        add_mode(net, m, net->rate[m] > 0.0 ? push / net->rate[m] : stays, T);
    }
}

struct qn_heat_book qn_heat_network_book(const struct qn_heat_network *net, double t)
{
    struct qn_heat_book book = {0};
    double T[QN_HEAT_NODES], sum[QN_HEAT_NODES] = {0.0}; // [K], [K s]
    qn_heat_network_at(net, t, T);
    for (int m = 0; m < net->n; m++) {
        double start, push;
        const double x = net->rate[m] * t;
        mode_of(net, m, &start, &push);
        add_mode(net, m, start * t * once(x) + push * t * t * twice(x), sum);
    }
    for (int i = 0; i < net->n; i++) {
        book.in += net->source[i] * t;
        book.stored += net->capacity[i] * (T[i] - net->start[i]);
        book.out += net->loss[i] * sum[i];
    }
    return book;
}

double qn_heat_network_time(const struct qn_heat_network *net)
{
    double slowest = HUGE_VAL;
    for (int m = 0; m < net->n; m++) {
        slowest = fmin(slowest, net->rate[m]);
    }
    return 1.0 / slowest;
}
