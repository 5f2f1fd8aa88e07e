/// @file
/// The queue of a batch and the steps of its lanes.
#include "chem/batch.h"

#include <math.h>
#include <string.h>

#include "exposure/pulse_curve.h"
#include "lane_project.h"
#include "rodas.h"

struct qn_batch {
    struct qn_network net;
    struct qn_lane_rates r;
    int pulses;
    double weight[RODAS_STAGES]; ///< of the stages in the extents
    double weight_t;             ///< of their slopes in time
    qn_vec *y, *u, *f, *ft, *trial, *k, *mean, *atol, *leak, *target; ///< [n], k [6 * n]
    qn_vec *rate, *extent, *dx;                                       ///< [n_r]
    qn_vec *out, *made;                                               ///< [n_species]
    qn_vec *want;                                                     ///< [rows]
    qn_vec *memory;
    double *result;               ///< [n_gas + n_r] of one lane
    struct qn_pulse_curve *curve; ///< [QN_VL] of jobs that bring none
    struct qn_rates constants;
    size_t bytes;
    // of the lanes: clock, step, end, relative tolerance, pace dt/ds and dT/ds at the step's start
    qn_vec s, h, end, left, rtol, pace0, T_s;
    int job[QN_VL], steps[QN_VL], rejects[QN_VL], cooling[QN_VL], fresh[QN_VL];
    const struct qn_pulse_settings *set;
    const struct qn_batch_job *jobs;
    int n_jobs, next, busy;
};

int qn_batch_fits(const struct qn_mechanism *m, int pulses)
{
    return qn_network_fits(m, pulses);
}

int qn_batch_lanes(void)
{
    return QN_VL;
}

size_t qn_batch_bytes(const struct qn_batch *b)
{
    return sizeof *b + b->bytes + b->r.bytes;
}

struct qn_batch *qn_batch_new(const struct qn_mechanism *m, int pulses)
{
    struct qn_batch *b = qn_alloc(1, sizeof *b);
    b->pulses = pulses;
    qn_network_init(&b->net, m, pulses);
    qn_lane_init(&b->r, &b->net);
    qn_rates_init(&b->constants, m);
    rodas_weights(b->weight);
    for (int i = 0; i < RODAS_STAGES; i++) {
        b->weight_t += b->weight[i] * RODAS_D[i];
    }
    const int n = b->net.n, r = b->net.n_r, k = m->n_species;
    struct {
        qn_vec **at;
        int count;
    } const part[] = {
        {&b->y, n},     {&b->u, n},      {&b->f, n},    {&b->ft, n},
        {&b->trial, n}, {&b->k, 6 * n},  {&b->mean, n}, {&b->atol, n},
        {&b->leak, n},  {&b->target, n}, {&b->rate, r}, {&b->extent, r},
        {&b->dx, r},    {&b->out, k},    {&b->made, k}, {&b->want, b->net.rows},
    };
    size_t total = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        total += (size_t)part[i].count;
    }
    b->bytes = total * sizeof(qn_vec) + (pulses ? QN_VL * sizeof *b->curve : 0);
    b->memory = qn_alloc(total, sizeof(qn_vec));
    total = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i].at = b->memory + total;
        total += (size_t)part[i].count;
    }
    b->result = qn_alloc((size_t)(m->n_gas + r), sizeof(double));
    b->curve = qn_alloc(pulses ? QN_VL : 0, sizeof *b->curve);
    return b;
}

void qn_batch_free(struct qn_batch *b)
{
    if (b) {
        qn_network_free(&b->net);
        qn_rates_free(&b->constants);
        qn_free(b->r.memory);
        qn_free(b->memory);
        qn_free(b->result);
        qn_free(b->curve);
        qn_free(b);
    }
}

// a new stretch of time begins: at rest, heating, or cooling
static void begin_stretch(struct qn_batch *b, int lane, double length)
{
    const double end = b->pulses ? sqrt(length) : length;
    qn_lane_set(&b->s, lane, 0.0);
    qn_lane_set(&b->end, lane, end);
    qn_lane_set(&b->h, lane, 1e-3 * end);
    b->fresh[lane] = 1;
}

static void load_state(struct qn_batch *b, const struct qn_batch_job *job,
                       const struct qn_matter *x, int lane)
{
    const struct qn_mechanism *m = b->net.mech;
    double pore = 0.0;
    for (int k = m->n_surface; k < b->net.n; k++) {
        pore += job->y[k];
    }
    for (int k = 0; k < b->net.n; k++) {
        const double room = k < m->n_surface ? qn_matter_room(x, k) : pore;
        qn_lane_set(&b->y[k], lane, job->y[k]);
        qn_lane_set(&b->atol[k], lane, 1e-4 * b->set->rtol * fmax(room, 1e-300));
        qn_lane_set(&b->leak[k], lane, k < m->n_surface ? 0.0 : x->refill);
        qn_lane_set(&b->target[k], lane,
                    k < m->n_surface ? 0.0 : job->gas[k - m->n_surface] * x->pore);
    }
    for (int k = 0; k < m->n_species; k++) {
        const int gas = k >= m->n_surface;
        const double scale =
            gas ? (b->pulses ? 1.0 / x->pore : 0.0) : 1.0 / x->area[m->species[k].phase];
        qn_lane_set(&b->r.scale[k], lane, scale);
        qn_lane_set(&b->r.c_y[k], lane, scale);
        qn_lane_set(&b->r.c[k], lane, gas ? job->gas[k - m->n_surface] : 0.0);
        qn_lane_set(&b->out[k], lane, 0.0);
    }
    for (int r = 0; r < b->net.n_r; r++) {
        qn_lane_set(&b->extent[r], lane, 0.0);
    }
}

static void load(struct qn_batch *b, int lane)
{
    const struct qn_mechanism *m = b->net.mech;
    const int at = b->next++;
    const struct qn_batch_job *job = &b->jobs[at];
    struct qn_matter room;
    const struct qn_matter *x = qn_matter_bare(job->matter, job->y, &room);
    b->job[lane] = at;
    b->steps[lane] = b->rejects[lane] = b->cooling[lane] = 0;
    b->busy++;
    qn_lane_set(&b->rtol, lane, b->set->rtol);
    qn_lane_set(&b->r.T, lane, job->T);
    qn_lane_set(&b->r.inv_RT, lane, 1.0 / (QN_GAS_CONSTANT * job->T));
    for (int p = 0; p < m->n_phases; p++) {
        qn_lane_set(&b->r.area[p], lane, x->area[p]);
    }
    load_state(b, job, x, lane);
    if (b->pulses) {
        if (!job->curve) {
            qn_pulse_curve_init(&b->curve[lane], job->pulse);
        }
        begin_stretch(b, lane, fmin(job->pulse->t_c, job->pulse->t_cut));
        return;
    }
    const struct qn_batch_job *last = at > 0 ? &b->jobs[at - 1] : NULL;
    if (!last || last->matter != job->matter || x == &room) {
        b->constants.T = -1.0; // they are for other areas
    }
    qn_rates_constants(x, job->T, &b->constants);
    for (int r = 0; r < b->net.n_r; r++) {
        qn_lane_set(&b->r.kf[r], lane, b->constants.forward[r]);
        qn_lane_set(&b->r.kr[r], lane, b->constants.reverse[r]);
    }
    begin_stretch(b, lane, job->length);
}

static void unload(struct qn_batch *b, int lane, int failed, qn_batch_done done, void *context)
{
    const struct qn_mechanism *m = b->net.mech;
    const struct qn_batch_job *job = &b->jobs[b->job[lane]];
    double *out = b->result, *extent = out + m->n_gas;
    for (int k = 0; k < b->net.n && !failed; k++) {
        job->y[k] = qn_lane(&b->y[k], lane);
    }
    for (int g = 0; g < m->n_gas; g++) {
        const int k = m->n_surface + g;
        out[g] = qn_lane(&b->out[k], lane);
        if (b->pulses) {
            out[g] += qn_lane(&b->y[k], lane) - qn_lane(&b->target[k], lane);
        }
    }
    for (int r = 0; r < b->net.n_r; r++) {
        extent[r] = qn_lane(&b->extent[r], lane);
    }
    const struct qn_batch_result result = {out, extent, b->steps[lane], b->rejects[lane], failed};
    done(context, b->job[lane], &result);
    b->job[lane] = -1;
    b->busy--;
}

// temperature, pace and slope of each lane at s + share h; at the step's start also slopes
static qn_vec place(struct qn_batch *b, double share, int start, qn_vec *pace)
{
    qn_vec T = b->r.T;
    for (int lane = 0; lane < QN_VL; lane++) {
        if (b->job[lane] < 0) {
            qn_lane_set(pace, lane, 0.0);
            continue;
        }
        const struct qn_batch_job *job = &b->jobs[b->job[lane]];
        const double s = qn_lane(&b->s, lane) + share * qn_lane(&b->h, lane);
        const struct qn_pulse_curve *curve = job->curve ? job->curve : &b->curve[lane];
        double slope;
        const double rise = qn_pulse_curve_at(curve, b->cooling[lane], s, start ? &slope : NULL);
        qn_lane_set(&T, lane, job->T + rise);
        qn_lane_set(pace, lane, 2.0 * s);
        if (start) {
            qn_lane_set(&b->T_s, lane, slope);
        }
    }
    return T;
}

// what the variables gain at `state`, per second
QN_LANES_INLINE void gains(struct qn_batch *b, const qn_vec *state, qn_vec *f)
{
    const int n_s = b->net.mech->n_surface;
    for (int v = 0; v < b->net.n; v++) {
        f[v] = qn_lane_terms(&b->net, &b->net.made[v], b->r.q);
        if (v >= n_s) {
            f[v] = f[v] + b->leak[v] * (b->target[v] - state[v]);
        }
    }
}

// rates, Jacobian and slopes in time at the start of a step; `rate` begins with their share
QN_LANES_INLINE void start_step(struct qn_batch *b, int pulses)
{
    const struct qn_network *net = &b->net;
    b->pace0 = qn_all(1.0);
    if (pulses) {
        qn_lane_constants(net, &b->r, place(b, 0.0, 1, &b->pace0), 1);
    }
    qn_lane_progress(net, &b->r, b->y, 1);
    qn_lane_slopes(net, &b->r);
    qn_lane_jacobian(net, &b->r);
    gains(b, b->y, b->f);
    for (int r = 0; r < net->n_r; r++) {
        b->rate[r] = qn_all(0.0);
    }
    for (int v = 0; v < net->n; v++) {
        b->ft[v] = qn_all(0.0);
        b->mean[v] = qn_all(0.0);
    }
    if (!pulses) {
        return;
    }
    for (int r = 0; r < net->n_r; r++) {
        const int g = net->group_of[r];
        b->r.q_T[r] = b->r.forward[r] * b->r.kf_T[r] - b->r.reverse[r] * b->r.kr_T[r];
        if (g >= 0) {
            b->r.q_T[r] = b->r.q_T[r] + b->r.q[r] * b->r.factor_T[g];
        }
        b->r.q_T[r] = 2.0 * b->r.q[r] + b->pace0 * b->r.q_T[r] * b->T_s; // slope in s
        b->rate[r] = (b->h * b->weight_t) * b->r.q_T[r];
    }
    for (int v = 0; v < net->n; v++) { // the drive of the pores does not feel T: its slope is 2
        b->ft[v] = qn_lane_terms(net, &net->made[v], b->r.q_T) +
                   2.0 * (b->leak[v] * (b->target[v] - b->y[v]));
    }
}

QN_LANES_INLINE void stage(struct qn_batch *b, int i, int pulses)
{
    const struct qn_network *net = &b->net;
    const int n = net->n;
    qn_vec *k = b->k + i * n, pace = qn_all(1.0), c[RODAS_STAGES];
    const qn_vec *f = b->f;
    for (int j = 0; j < i; j++) {
        c[j] = RODAS_C[i][j] / b->h;
    }
    if (i > 0) {
        for (int v = 0; v < n; v++) {
            qn_vec u = b->y[v];
            for (int j = 0; j < i; j++) {
                u = u + RODAS_A[i][j] * b->k[j * n + v];
            }
            b->u[v] = u;
        }
        if (pulses) {
            qn_lane_constants(net, &b->r, place(b, RODAS_ALPHA[i], 0, &pace), 0);
        }
        qn_lane_progress(net, &b->r, b->u, 0);
        gains(b, b->u, b->trial);
        f = b->trial;
    } else if (pulses) {
        pace = b->pace0;
    }
    const qn_vec w = b->weight[i] * pace;
    for (int r = 0; r < net->n_r; r++) {
        b->rate[r] = b->rate[r] + w * b->r.q[r];
    }
    for (int v = 0; v < n; v++) {
        k[v] = f[v];
        if (pulses) {
            k[v] = pace * f[v] + (b->h * RODAS_D[i]) * b->ft[v];
        }
        for (int j = 0; j < i; j++) {
            k[v] = k[v] + c[j] * b->k[j * n + v];
        }
    }
    qn_lane_solve(net, b->r.lu, b->r.inverse, k);
    for (int v = 0; v < n; v++) {
        b->mean[v] = b->mean[v] + b->weight[i] * k[v];
    }
}

// new state in b->trial; returns the scaled error, large where the step must not be taken
QN_LANES_INLINE qn_vec finish_step(struct qn_batch *b)
{
    const int n = b->net.n;
    const qn_vec *k = b->k;
    qn_vec norm = qn_all(0.0), bad = qn_all(0.0);
    for (int v = 0; v < n; v++) {
        qn_vec y = b->y[v];
        for (int j = 0; j < RODAS_STAGES - 1; j++) {
            y = y + RODAS_A[RODAS_STAGES - 1][j] * k[j * n + v];
        }
        y = y + k[5 * n + v];
        b->trial[v] = y;
        const qn_vec size = qn_larger(qn_size_of(b->y[v]), qn_size_of(y));
        const qn_vec scaled = k[5 * n + v] / (b->atol[v] + b->rtol * size);
        norm = norm + scaled * scaled;
        // a domain error, beyond round-off
        bad = QN_GT(-1e-12 * b->atol[v], y, qn_all(1e9), bad);
    }
    return qn_larger(bad, QN_SQRT(norm / (double)n)); // in this order a NaN stays
}

// extents of the step [n_r]
QN_LANES_INLINE void extents(struct qn_batch *b)
{
    const struct qn_network *net = &b->net;
    for (int r = 0; r < net->n_r; r++) {
        qn_vec sum = qn_all(0.0);
        for (int s = net->slope_at[r]; s < net->slope_at[r + 1]; s++) {
            if (net->slope[s].species < net->n) {
                sum = sum + b->r.q_y[s] * b->mean[net->slope[s].species];
            }
        }
        b->dx[r] = b->h * (b->rate[r] + b->pace0 * sum);
    }
}

// take over what was accepted: where error <= 1
QN_LANES_INLINE void accept(struct qn_batch *b, qn_vec error)
{
    const struct qn_network *net = &b->net;
    const int n_s = net->mech->n_surface;
    const qn_vec one = qn_all(1.0), zero = qn_all(0.0);
    const qn_vec taken = QN_GT(error, one, zero, QN_GT(error, -one, one, zero)); // 0 of a NaN
    for (int r = 0; r < net->n_r; r++) {
        b->extent[r] = b->extent[r] + QN_GT(taken, zero, b->dx[r], zero);
    }
    for (int k = n_s; k < net->mech->n_species; k++) {
        qn_vec more = qn_lane_terms(net, &net->made[k], b->dx);
        if (k < net->n) { // what went on from the pores
            more = more - (b->trial[k] - b->y[k]);
        }
        b->out[k] = b->out[k] + QN_GT(taken, zero, more, zero);
    }
    for (int v = 0; v < net->n; v++) {
        b->trial[v] = QN_GT(taken, zero, qn_larger(b->trial[v], zero), b->y[v]);
    }
    qn_lane_project(net, b->want, b->out + n_s, b->trial);
    for (int v = 0; v < net->n; v++) {
        b->y[v] = QN_GT(taken, zero, b->trial[v], b->y[v]);
    }
}

// one trial step of every lane
QN_LANES_INLINE qn_vec try_step(struct qn_batch *b, int pulses)
{
    start_step(b, pulses);
    const qn_vec worst =
        qn_lane_factor(&b->net, &b->r, 1.0 / (b->h * RODAS_GAMMA), b->pace0, b->leak);
    for (int i = 0; i < RODAS_STAGES; i++) {
        stage(b, i, pulses);
    }
    const qn_vec error = finish_step(b);
    extents(b);
    return QN_GT(worst, qn_all(1e6), qn_all(1e9), error);
}

static qn_vec rest_step(struct qn_batch *b)
{
    const qn_vec error = try_step(b, 0);
    accept(b, error);
    return error;
}

static qn_vec pulse_step(struct qn_batch *b)
{
    const qn_vec error = try_step(b, 1);
    accept(b, error);
    return error;
}

// length of the next trial step, not beyond the end
static void aim(struct qn_batch *b)
{
    b->left = b->end - b->s;
    const qn_vec half = qn_smaller(b->h, 0.5 * b->left);
    b->h = QN_GT(b->h, 0.999 * b->left, b->left, half);
}

// clock and next step of one lane; 1: the job is done, -1: it failed
static int follow(struct qn_batch *b, int lane, double error)
{
    const struct qn_batch_job *job = &b->jobs[b->job[lane]];
    const double h = qn_lane(&b->h, lane), end = qn_lane(&b->end, lane);
    const double left = qn_lane(&b->left, lane);
    double factor = fmin(fmax(0.9 / sqrt(sqrt(error)), 0.2), b->fresh[lane] ? 6.0 : 1.0);
    b->fresh[lane] = error <= 1.0;
    if (!(error <= 1.0)) {
        factor = !(error < 1e9) ? 0.25 : fmin(factor, 0.9);
        b->rejects[lane]++;
        qn_lane_set(&b->h, lane, h * factor);
        const double s = qn_lane(&b->s, lane);
        const int stuck = !(s + h * factor > s && h * factor > 1e-30 * end);
        return stuck || b->steps[lane] + b->rejects[lane] >= b->set->max_steps ? -1 : 0;
    }
    b->steps[lane]++;
    qn_lane_set(&b->s, lane, h == left ? end : qn_lane(&b->s, lane) + h);
    qn_lane_set(&b->h, lane, h * factor);
    if (h != left) {
        return b->steps[lane] + b->rejects[lane] >= b->set->max_steps ? -1 : 0;
    }
    if (b->pulses && !b->cooling[lane] && job->pulse->t_cut > job->pulse->t_c) {
        b->cooling[lane] = 1;
        begin_stretch(b, lane, job->pulse->t_cut - job->pulse->t_c);
        return 0;
    }
    return 1;
}

// sums that the lanes' new jobs have to keep
static void note_sums(struct qn_batch *b)
{
    qn_vec now[QN_PROJECT_ROWS];
    qn_lane_sums(&b->net, b->y, b->out + b->net.mech->n_surface, now);
    for (int lane = 0; lane < QN_VL; lane++) {
        const int begins = b->job[lane] >= 0 && b->steps[lane] + b->rejects[lane] == 0;
        for (int i = 0; i < b->net.rows && begins; i++) {
            qn_lane_set(&b->want[i], lane, qn_lane(&now[i], lane));
        }
    }
}

// lanes that are free take jobs; one that finds none idles on a copy of nothing
static void refill(struct qn_batch *b)
{
    int changed = 0;
    for (int lane = 0; lane < QN_VL; lane++) {
        if (b->job[lane] < 0 && b->next < b->n_jobs) {
            load(b, lane);
            changed = 1;
        }
    }
    if (changed) {
        note_sums(b);
    }
}

void qn_batch_run(struct qn_batch *b, const struct qn_pulse_settings *set,
                  const struct qn_batch_job *job, int n, qn_batch_done done, void *context)
{
    b->set = set;
    b->jobs = job;
    b->n_jobs = n;
    b->next = b->busy = 0;
    b->h = qn_all(1.0);
    for (int lane = 0; lane < QN_VL; lane++) {
        b->job[lane] = -1;
    }
    refill(b);
    while (b->busy > 0) {
        aim(b);
        const qn_vec error = b->pulses ? pulse_step(b) : rest_step(b);
        for (int lane = 0; lane < QN_VL; lane++) {
            const int end = b->job[lane] < 0 ? 0 : follow(b, lane, qn_lane(&error, lane));
            if (end != 0) {
                unload(b, lane, end < 0, done, context);
            }
        }
        refill(b);
    }
}
