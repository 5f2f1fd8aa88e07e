/// @file
/// Pulses and holds: sets up the stretches of time, loads and unloads the pores.
#include "chem/pulse.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "exposure/hotspot.h"
#include "impact.h"
#include "stiff.h"

struct qn_pulse_settings qn_pulse_defaults(void)
{
    return (struct qn_pulse_settings){.rtol = 1e-4, .stored = 0.1, .max_steps = 100000};
}

void qn_pulse_init(struct qn_pulse_work *w, const struct qn_mechanism *m)
{
    *w = (struct qn_pulse_work){0};
    qn_rates_init(&w->rates, m);
    const size_t n = (size_t)m->n_species;
    const size_t r = (size_t)m->n_reactions;
    const size_t g = (size_t)m->n_gas;
    struct {
        double **at;
        size_t count;
    } const part[] = {
        {&w->out, g},    {&w->extent, r}, {&w->impact, (size_t)m->n_impacts},
        {&w->y, n},      {&w->u, n},      {&w->f, n},
        {&w->ft, n},     {&w->atol, n},   {&w->jac, n * n},
        {&w->lu, n * n}, {&w->k, 6 * n},  {&w->kx, 6 * r},
        {&w->ke, 6 * g}, {&w->target, g}, {&w->trial, n},
        {&w->dx, r},     {&w->de, g},     {&w->dq, r},
    };
    size_t total = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        total += part[i].count + 8;
    }
    w->memory = qn_alloc(total, sizeof(double));
    size_t at = 0;
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *part[i].at = w->memory + at;
        at += (part[i].count + 7) / 8 * 8;
    }
    w->pivot = qn_alloc(n, sizeof *w->pivot);
}

void qn_pulse_free(struct qn_pulse_work *w)
{
    qn_rates_free(&w->rates);
    qn_free(w->memory);
    qn_free(w->pivot);
    *w = (struct qn_pulse_work){0};
}

void qn_pulse_elements(const struct qn_mechanism *m, const double *y, double *sum)
{
    for (int e = 0; e < m->n_elements; e++) {
        sum[e] = 0.0;
        for (int k = 0; k < m->n_surface; k++) {
            sum[e] += m->species[k].element[e] * y[k];
        }
    }
}

static void clear(const struct qn_mechanism *m, struct qn_pulse_work *w)
{
    memset(w->out, 0, (size_t)m->n_gas * sizeof *w->out);
    memset(w->extent, 0, (size_t)m->n_reactions * sizeof *w->extent);
    w->steps = 0;
    w->rejects = 0;
}

// absolute tolerances: of a surface's sites, and of the pore's whole gas
static void tolerances(const struct qn_matter *x, double rtol, struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = x->mech;
    double pore = 0.0;
    for (int k = m->n_surface; k < w->n; k++) {
        pore += w->y[k];
    }
    for (int k = 0; k < w->n; k++) {
        const int p = m->species[k].phase;
        const double sites = k < m->n_surface ? m->phase[p].site_density * x->area[p] : pore;
        w->atol[k] = 1e-4 * rtol * fmax(sites, 1e-300);
    }
}

enum qn_status qn_pulse_hold(const struct qn_matter *x, const struct qn_pulse_settings *set,
                             double T, double dt, const double *gas, double *y,
                             struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = x->mech;
    clear(m, w);
    if (!(dt > 0.0)) {
        return QN_OK;
    }
    w->n = m->n_surface;
    memcpy(w->y, y, (size_t)m->n_surface * sizeof *y);
    tolerances(x, set->rtol, w);
    const struct qn_stretch p = {.matter = x, .set = set, .T0 = T, .gas = gas, .length = dt};
    QN_TRY(qn_stiff_run(&p, w));
    memcpy(y, w->y, (size_t)m->n_surface * sizeof *y);
    return QN_OK;
}

// NOLINTNEXTLINE(readability-function-size): eight arguments, each a quantity of its own
enum qn_status qn_pulse_batch(const struct qn_matter *x, const struct qn_pulse_settings *set,
                              double T, double dt, double volume, double *gas, double *y,
                              struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = x->mech;
    // the headspace is one large pore that nothing refills
    struct qn_matter closed = *x;
    closed.pore = volume;
    closed.refill = 0.0;
    clear(m, w);
    w->n = m->n_species;
    memcpy(w->y, y, (size_t)m->n_surface * sizeof *y);
    for (int g = 0; g < m->n_gas; g++) {
        w->y[m->n_surface + g] = gas[g] * volume;
        w->target[g] = w->y[m->n_surface + g];
    }
    tolerances(&closed, set->rtol, w);
    const struct qn_stretch p = {.matter = &closed, .set = set, .T0 = T, .length = dt};
    QN_TRY(qn_stiff_run(&p, w));
    memcpy(y, w->y, (size_t)m->n_surface * sizeof *y);
    for (int g = 0; g < m->n_gas; g++) {
        w->out[g] = w->y[m->n_surface + g] - w->target[g];
        gas[g] = w->y[m->n_surface + g] / volume;
    }
    return QN_OK;
}

static enum qn_status run_pulse(const struct qn_matter *x, const struct qn_pulse_settings *set,
                                const struct qn_shot *shot, struct qn_pulse_work *w)
{
    const struct qn_pulse *pulse = &shot->pulse;
    struct qn_stretch p = {.matter = x, .set = set, .pulse = pulse, .T0 = shot->T0, .squared = 1};
    p.length = fmin(pulse->t_c, pulse->t_cut);
    QN_TRY(qn_stiff_run(&p, w));
    p.begin = pulse->t_c;
    p.length = pulse->t_cut - pulse->t_c;
    return p.length > 0.0 ? qn_stiff_run(&p, w) : QN_OK;
}

enum qn_status qn_pulse_apply(const struct qn_matter *x, const struct qn_pulse_settings *set,
                              const struct qn_shot *shot, const double *gas, double *y,
                              struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = x->mech;
    clear(m, w);
    w->n = m->n_species;
    memcpy(w->y, y, (size_t)m->n_surface * sizeof *y);
    double *pore = w->y + m->n_surface;
    for (int g = 0; g < m->n_gas; g++) {
        w->target[g] = gas[g] * x->pore;
        pore[g] = w->target[g];
    }
    qn_impact_apply(m, shot->dose, set->stored, w->y, w->impact);
    if (shot->pulse.kind != QN_PULSE_NONE) {
        tolerances(x, set->rtol, w);
        QN_TRY(run_pulse(x, set, shot, w));
    }
    // the pores hand back what they hold beyond what they took
    for (int g = 0; g < m->n_gas; g++) {
        w->out[g] += pore[g] - w->target[g];
    }
    memcpy(y, w->y, (size_t)m->n_surface * sizeof *y);
    return QN_OK;
}
