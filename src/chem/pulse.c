/// @file
/// Pulses and holds: sets up the stretches of time, loads and unloads the pores.
#include "chem/pulse.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "exposure/pulse_curve.h"
#include "pulse_steps.h"
#include "stiff.h"

struct qn_pulse_settings qn_pulse_defaults(void)
{
    return (struct qn_pulse_settings){
        .rtol = 1e-4, .stored = 0.1, .max_steps = 100000, .heat_above = 0.1};
}

void qn_pulse_init(struct qn_pulse_work *w, const struct qn_mechanism *m)
{
    *w = (struct qn_pulse_work){0};
    qn_rates_init(&w->rates, m);
    const size_t n = (size_t)m->n_species + 1; // the excess temperature of a pulse
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
    w->curve = qn_alloc(1, sizeof *w->curve);
}

void qn_pulse_free(struct qn_pulse_work *w)
{
    qn_rates_free(&w->rates);
    qn_free(w->memory);
    qn_free(w->pivot);
    qn_free(w->curve);
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

// the matter with the area it has now; constants of another area are forgotten
static const struct qn_matter *bare(const struct qn_matter *x, const double *y,
                                    struct qn_matter *room, struct qn_pulse_work *w)
{
    const struct qn_matter *now = qn_matter_bare(x, y, room);
    if (now == room) {
        w->rates.T = -1.0;
    }
    return now;
}

static void clear(const struct qn_mechanism *m, struct qn_pulse_work *w)
{
    memset(w->out, 0, (size_t)m->n_gas * sizeof *w->out);
    memset(w->extent, 0, (size_t)m->n_reactions * sizeof *w->extent);
    w->excess = 0.0;
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
        const double sites = k < m->n_surface ? qn_matter_room(x, k) : pore;
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
    struct qn_matter room;
    const struct qn_stretch p = {
        .matter = bare(x, y, &room, w), .set = set, .T0 = T, .gas = gas, .length = dt};
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
    struct qn_matter room, closed = *bare(x, y, &room, w);
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

// the curve that comes with a shot, or one made for it
static const struct qn_pulse_curve *curve_of(const struct qn_shot *shot, struct qn_pulse_work *w)
{
    if (!shot->curve) {
        qn_pulse_curve_init(w->curve, &shot->pulse);
    }
    return shot->curve ? shot->curve : w->curve;
}

static enum qn_status run_pulse(const struct qn_matter *x, const struct qn_pulse_settings *set,
                                const struct qn_shot *shot, int heats, struct qn_pulse_work *w)
{
    const struct qn_pulse *pulse = &shot->pulse;
    struct qn_stretch p = {.matter = x,
                           .set = set,
                           .curve = curve_of(shot, w),
                           .T0 = shot->T0,
                           .heats = heats,
                           .loss = heats ? 1.0 / pulse->cool : 0.0};
    p.length = fmin(pulse->t_c, pulse->t_cut);
    w->n = x->mech->n_species + heats;
    if (heats) {
        w->y[w->n - 1] = 0.0;
        w->atol[w->n - 1] = set->rtol; // of a kelvin
    }
    QN_TRY(qn_stiff_run(&p, w));
    p.cooling = 1;
    p.length = pulse->t_cut - pulse->t_c;
    if (p.length > 0.0) {
        QN_TRY(qn_stiff_run(&p, w));
    }
    w->excess = heats ? w->y[w->n - 1] : 0.0;
    return QN_OK;
}

/// Can this pulse keep the heat of its reactions?
static int keeps_heat(const struct qn_matter *x, const struct qn_pulse *p)
{
    const int bare = p->kind == QN_PULSE_RING_HOT || p->kind == QN_PULSE_RING_WARM ||
                     p->kind == QN_PULSE_RING_HOT_PIECE || p->kind == QN_PULSE_RING_WARM_PIECE;
    return x->heat_capacity > 0.0 && !bare;
}

int qn_pulse_solved(const struct qn_shot *shot)
{
    return shot->pulse.kind != QN_PULSE_NONE && shot->pulse.t_cut > 0.0 && !shot->gated;
}

// heats at the peak; either sign counts by itself
int qn_pulse_heats(const struct qn_matter *x, const struct qn_pulse_settings *set,
                   const struct qn_shot *shot, const double *extent, struct qn_rates *rates)
{
    double given = 0.0, taken = 0.0;
    if (!keeps_heat(x, &shot->pulse)) {
        return 0;
    }
    qn_rates_heats(x->mech, shot->T0 + shot->pulse.dT, rates);
    for (int r = 0; r < x->mech->n_reactions; r++) {
        const double heat = rates->heat[r] * extent[r];
        given += fmax(heat, 0.0);
        taken += fmax(-heat, 0.0);
    }
    return fmax(given, taken) > set->heat_above * shot->pulse.dT * x->heat_capacity;
}

void qn_pulse_strike(const struct qn_matter *x, const struct qn_pulse_settings *set,
                     const struct qn_shot *shot, const double *gas, double *y, double *impact)
{
    const struct qn_mechanism *m = x->mech;
    struct qn_matter room;
    for (int g = 0; g < m->n_gas; g++) {
        y[m->n_surface + g] = gas[g] * x->pore;
    }
    qn_blow_apply(qn_matter_bare(x, y, &room), set->stored, shot, y, impact);
}

void qn_pulse_hand_back(const struct qn_matter *x, const double *gas, const double *y, double *out)
{
    for (int g = 0; g < x->mech->n_gas; g++) {
        out[g] += y[x->mech->n_surface + g] - gas[g] * x->pore;
    }
}

// One exposure; `hot` 1: its reaction heat is known to matter.
static enum qn_status apply(const struct qn_matter *x, const struct qn_pulse_settings *set,
                            const struct qn_shot *shot, int hot, const double *gas, double *y,
                            struct qn_pulse_work *w)
{
    const struct qn_mechanism *m = x->mech;
    struct qn_matter room;
    double before[QN_MAX_SPECIES];
    clear(m, w);
    w->n = m->n_species;
    memcpy(w->y, y, (size_t)m->n_surface * sizeof *y);
    qn_pulse_strike(x, set, shot, gas, w->y, w->impact);
    for (int g = 0; g < m->n_gas; g++) {
        w->target[g] = gas[g] * x->pore;
    }
    if (qn_pulse_solved(shot)) {
        const struct qn_matter *now = bare(x, w->y, &room, w);
        memcpy(before, w->y, (size_t)m->n_species * sizeof *before);
        tolerances(now, set->rtol, w);
        QN_TRY(run_pulse(now, set, shot, hot, w));
        if (!hot && qn_pulse_heats(now, set, shot, w->extent, &w->rates)) {
            const int steps = w->steps, rejects = w->rejects;
            clear(m, w);
            memcpy(w->y, before, (size_t)m->n_species * sizeof *before);
            QN_TRY(run_pulse(now, set, shot, 1, w));
            w->steps += steps;
            w->rejects += rejects;
        }
    }
    qn_pulse_hand_back(x, gas, w->y, w->out);
    memcpy(y, w->y, (size_t)m->n_surface * sizeof *y);
    return QN_OK;
}

enum qn_status qn_pulse_apply(const struct qn_matter *x, const struct qn_pulse_settings *set,
                              const struct qn_shot *shot, const double *gas, double *y,
                              struct qn_pulse_work *w)
{
    return apply(x, set, shot, 0, gas, y, w);
}

enum qn_status qn_pulse_apply_hot(const struct qn_matter *x, const struct qn_pulse_settings *set,
                                  const struct qn_shot *shot, const double *gas, double *y,
                                  struct qn_pulse_work *w)
{
    return apply(x, set, shot, 1, gas, y, w);
}
