/// @file
/// Steps of the coupled system: sweeps over blocks of carriers, the gas between them.
#include "chem/coupled.h"

#include <math.h>
#include <string.h>

#include <omp.h>

#include "base/wide_sum.h"
#include "coupled_lanes.h"
#include "par/merge.h"
#include "rodas.h"
#include "stiff.h"

/// Carriers from which on threads are worth their start in every sweep.
enum { FOR_THREADS = 512 };

int qn_coupled_fits(const struct qn_mechanism *m)
{
    return qn_network_fits(m, 0) && m->n_gas <= QN_COUPLED_GAS && m->n_reactions <= QN_COUPLED_SUMS;
}

struct qn_coupled *qn_coupled_new(const struct qn_mechanism *m, int threads, int books,
                                  struct qn_group *group)
{
    QN_ASSERT(threads > 0);
    struct qn_coupled *c = qn_alloc(1, sizeof *c);
    c->group = group ? group : qn_group_solo();
    c->threads = threads;
    c->books = books;
    c->extent = qn_alloc((size_t)m->n_reactions, sizeof *c->extent);
    qn_network_init(&c->net, m, 0);
    c->work = qn_alloc((size_t)threads, sizeof *c->work);
    for (int t = 0; t < threads; t++) {
        qn_lane_init(&c->work[t], &c->net);
    }
    qn_rates_init(&c->constants, m);
    rodas_weights(c->weight);
    qn_coupled_layout(c);
    return c;
}

void qn_coupled_free(struct qn_coupled *c)
{
    if (c) {
        for (int t = 0; t < c->threads; t++) {
            qn_free(c->work[t].memory);
        }
        qn_free(c->work);
        qn_network_free(&c->net);
        qn_rates_free(&c->constants);
        qn_free(c->data);
        qn_free(c->part);
        qn_free(c->worst);
        qn_free(c->extent);
        qn_free(c);
    }
}

int qn_coupled_first(int n, int ranks, int rank)
{
    const int64_t blocks = (n + QN_COUPLED_BLOCK - 1) / QN_COUPLED_BLOCK;
    const int64_t from = blocks * rank / ranks * QN_COUPLED_BLOCK;
    return (int)(from < n ? from : n);
}

void qn_coupled_share(int n, const struct qn_group *group, int *first, int *count)
{
    const int ranks = group ? group->size : 1, rank = group ? group->rank : 0;
    *first = qn_coupled_first(n, ranks, rank);
    *count = qn_coupled_first(n, ranks, rank + 1) - *first;
}

const double *qn_coupled_extents(const struct qn_coupled *c)
{
    QN_ASSERT(c->books);
    return c->extent;
}

static void prepare(struct qn_coupled *c, const struct qn_pulse_settings *set,
                    const struct qn_coupled_carrier *x, int n, const struct qn_gas *gas)
{
    c->set = set;
    c->n = n;
    c->blocks = (n + QN_COUPLED_BLOCK - 1) / QN_COUPLED_BLOCK;
    c->groups = (n + QN_VL - 1) / QN_VL;
    c->volume = gas->volume;
    qn_grow(&c->data, &c->room, (size_t)c->groups * c->stride + 1);
    qn_grow(&c->part, &c->part_room, (size_t)c->blocks * c->sums + 1);
    qn_grow(&c->worst, &c->worst_room, (size_t)c->blocks + 1);
    memset(c->extent, 0, (size_t)c->net.n_r * sizeof *c->extent);
    c->constants.T = -1.0;
    for (int g = 0; g < c->groups; g++) {
        for (int lane = 0; lane < QN_VL; lane++) {
            const int i = g * QN_VL + lane;
            // a lane without a carrier takes the last one's, without mass
            qn_coupled_load(c, g, lane, &x[i < n ? i : n - 1], i < n);
        }
        qn_coupled_note(c, g);
    }
    double all = 0.0;
    qn_gas_concentrations(gas, c->c);
    for (int k = 0; k < gas->n_gas; k++) {
        all += c->c[k];
    }
    c->atol_gas = 1e-4 * set->rtol * fmax(all, 1e-300);
}

// one sweep over the blocks, then the sums of all ranks [n]
static void sweep(struct qn_coupled *c, enum qn_coupled_sweep kind, int stage, int n, double *sum)
{
#pragma omp parallel for schedule(static) num_threads(c->threads) if (c->n >= FOR_THREADS)
    for (int b = 0; b < c->blocks; b++) {
        qn_coupled_block(c, &c->work[omp_get_thread_num()], kind, stage, b);
    }
    struct qn_wide_sum total[QN_COUPLED_SUMS];
    memset(total, 0, (size_t)n * sizeof *total);
    for (int b = 0; b < c->blocks; b++) {
        for (int s = 0; s < n; s++) {
            qn_wide_add(&total[s], c->part[(size_t)b * c->sums + (size_t)s]);
        }
    }
    qn_group_sum_wide(c->group, total, (size_t)n);
    for (int s = 0; s < n; s++) {
        sum[s] = qn_wide_value(&total[s]);
    }
}

// factors of the gas's own equations; 0 when singular
static int factor_gas(struct qn_coupled *c, const double *sum)
{
    const int n = c->net.mech->n_gas;
    for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
            const double own = i == j ? 1.0 / (c->h * RODAS_GAMMA) : 0.0;
            c->schur[i * n + j] = own - sum[n + i * n + j];
        }
    }
    return qn_stiff_factor(c->schur, c->pivot, n);
}

// gas of stage i + 1's argument
static void gas_argument(struct qn_coupled *c, int i)
{
    for (int g = 0; g < c->net.mech->n_gas; g++) {
        c->c_u[g] = c->c[g];
        for (int j = 0; j < i; j++) {
            c->c_u[g] += RODAS_A[i][j] * c->k[j][g];
        }
    }
}

static int all_stages(struct qn_coupled *c)
{
    const int n = c->net.mech->n_gas;
    double sum[QN_COUPLED_SUMS];
    memset(c->mean, 0, sizeof c->mean);
    for (int i = 0; i < RODAS_STAGES; i++) {
        gas_argument(c, i);
        sweep(c, QN_COUPLED_STAGE, i, i == 0 ? n + n * n : n, sum);
        if (i == 0 && !factor_gas(c, sum)) {
            return 0;
        }
        for (int g = 0; g < n; g++) {
            c->k[i][g] = sum[g];
            for (int j = 0; j < i; j++) {
                c->k[i][g] += RODAS_C[i][j] / c->h * c->k[j][g];
            }
        }
        qn_stiff_solve(c->schur, c->pivot, n, c->k[i]);
        for (int g = 0; g < n; g++) {
            c->mean[g] += c->weight[i] * c->k[i][g];
        }
    }
    return 1;
}

// scaled error of the gas; its new state in c->trial from what the carriers gave
static double gas_error(struct qn_coupled *c, const double *given)
{
    const int n = c->net.mech->n_gas;
    double norm = 0.0;
    for (int g = 0; g < n; g++) {
        c->trial[g] = c->c[g] + given[g];
        const double size = fmax(fabs(c->c[g]), fabs(c->trial[g]));
        const double scaled = c->k[RODAS_STAGES - 1][g] / (c->atol_gas + c->set->rtol * size);
        norm += scaled * scaled;
        if (!(norm < 1e18) ||
            !(c->trial[g] >= -1e-12 * c->atol_gas)) { // a domain error, beyond round-off
            return 1e9;
        }
    }
    return sqrt(norm / n);
}

// one trial step; the same error on all ranks
static double try_step(struct qn_coupled *c)
{
    double given[QN_COUPLED_SUMS];
    if (!all_stages(c)) {
        return 1e9;
    }
    sweep(c, QN_COUPLED_FINISH, RODAS_STAGES, c->net.mech->n_gas, given);
    double worst = gas_error(c, given);
    for (int b = 0; b < c->blocks; b++) {
        worst = fmax(worst, c->worst[b]);
    }
    qn_group_max(c->group, &worst, 1);
    return worst;
}

static void take(struct qn_coupled *c)
{
    const int n = c->net.mech->n_gas;
    const int n_r = c->books ? c->net.n_r : 0;
    double turned[QN_COUPLED_SUMS];
    sweep(c, QN_COUPLED_ACCEPT, 0, n_r, turned);
    for (int r = 0; r < n_r; r++) {
        c->extent[r] += c->volume * turned[r];
    }
    for (int g = 0; g < n; g++) {
        c->c[g] = fmax(c->trial[g], 0.0); // above minus a round-off
    }
}

enum qn_status qn_coupled_run(struct qn_coupled *c, const struct qn_pulse_settings *set,
                              const struct qn_coupled_carrier *x, int n, double dt,
                              struct qn_gas *gas, struct qn_coupled_count *count)
{
    *count = (struct qn_coupled_count){0};
    prepare(c, set, x, n, gas);
    count->bytes = (c->room * sizeof *c->data) + c->part_room * sizeof *c->part;
    double t = 0.0, next = 1e-3 * dt;
    int fresh = 1;
    while (t < dt) {
        if (count->steps + count->rejects >= set->max_steps ||
            !(t + next > t && next > 1e-30 * dt)) {
            return qn_fail(
                QN_ERR_PHYSICS,
                "chemistry: %d steps and %d rejects are not enough for %.3g s of coupled "
                "carriers (step %.3g at %.3g)",
                count->steps, count->rejects, dt, next, t);
        }
        const double left = dt - t;
        const int last = next > 0.999 * left;
        c->h = last ? left : fmin(next, 0.5 * left);
        const double error = try_step(c);
        const double factor = fmin(fmax(0.9 / sqrt(sqrt(error)), 0.2), fresh ? 6.0 : 1.0);
        count->factored += n;
        fresh = error <= 1.0;
        if (fresh) {
            take(c);
            t = last ? dt : t + c->h;
            next = c->h * factor;
            count->steps++;
        } else {
            next = c->h * (error < 1e9 ? fmin(factor, 0.9) : 0.25);
            count->rejects++;
        }
    }
    qn_coupled_unload(c, x);
    for (int g = 0; g < gas->n_gas; g++) {
        gas->moles[g] = c->c[g] * gas->volume;
    }
    return QN_OK;
}
