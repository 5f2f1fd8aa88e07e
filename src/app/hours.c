/// @file
/// One stage of the hours: milled or held.
#include "hours_state.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "bridge/mixing.h"
#include "exposure/hotspot.h"

enum { LOOK_EVERY = 16 }; ///< intervals of a replay between looks at clock and signals

/// The powder's temperature moves by at most this before the chemistry learns it: 1 K is 7 % of a
/// rate of 80 kJ/mol at 350 K, and half of that, to first order, cancels [K].
static const double DRIFT = 1.0;

/// Steepest reaction the gate must not miss [J/mol]; the steeper, the lower the gate.
static const double GATE_ENERGY = 100e3;

double qn_hours_gate(const struct qn_window *window, double T)
{
    struct qn_hit *hit = qn_alloc(QN_SPECTRUM_HITS, sizeof *hit);
    double duty = 0.0;
    for (int c = 0; c < window->spectrum.n_classes; c++) {
        const int n = qn_spectrum_hits(&window->spectrum, c, hit);
        double own = 0.0;
        for (int q = 0; q < n; q++) {
            own += hit[q].rate * hit[q].pulse.t_cut;
        }
        duty = fmax(duty, own);
    }
    qn_free(hit);
    if (!(duty > 0.0)) {
        return 0.0;
    }
    const double level = qn_hot_level(T, GATE_ENERGY, log(fmax(0.01 / fmin(duty, 1.0), 1.0)));
    return isfinite(level) ? fmax(level - T, 0.0) : 0.0;
}

/// Mass of a carrier of each class: the coating of a ball; a parcel; where there are none, as in
/// the reserve and on the wall, as much as a ball carries. Of several sizes, what stands for them
/// by what the window exposed (qn_window_carrier).
static void carrier_masses(const struct qn_deck *d, const struct qn_window *w, double *mass)
{
    int64_t balls = 0;
    for (int g = 0; g < d->balls.n_groups; g++) {
        balls += d->balls.group[g].count;
    }
    const double coating = w->mass[QN_CLASS_BALL] / (double)balls;
    const int parcels = d->run.window_powder == QN_POWDER_PARCELS;
    const double loose = parcels ? d->run.parcel_mass / (double)d->run.parcels : coating;
    const int sizes = parcels ? d->run.n_parcel_groups : 1;
    mass[QN_CLASS_WALL] = coating;
    mass[QN_CLASS_BALL] =
        d->balls.n_groups > 1 ? qn_window_carrier(w, QN_CLASS_BALL, coating) : coating;
    for (int c = QN_CLASS_LOOSE; c <= QN_CLASS_DEAD; c++) {
        mass[c] = sizes > 1 ? qn_window_carrier(w, c, loose) : loose;
    }
}

/// Temperature that a stage holds; 0: the deck's, or what the heat balance computes.
static double held(const struct qn_session *s, const struct qn_hours *r)
{
    return r->stage->temperature > 0.0 ? r->stage->temperature
                                       : s->deck->chemistry.bulk_temperature;
}

/// Concentrations of a feed at the temperature and the pressure of its gases.
static struct qn_flow flow_of(const struct qn_hours *r, double T)
{
    const struct qn_mechanism *m = &r->powder->mechanism;
    const struct qn_deck_stage *stage = r->stage;
    struct qn_flow f = {.rate = stage->flow,
                        .constant_pressure = stage->outlet == QN_OUTLET_PRESSURE};
    for (int k = 0; k < stage->feed.n && f.rate > 0.0; k++) {
        const int g = qn_mechanism_species(m, stage->feed.name[k]) - m->n_surface;
        f.feed[g] = stage->feed.value[k] / (QN_GAS_CONSTANT * T);
    }
    return f;
}

/// The spectrum of a mill that stands still.
static struct qn_spectrum *quiet(const struct qn_window *w, double T)
{
    struct qn_spectrum *s = qn_alloc(1, sizeof *s);
    const struct qn_spectrum_window none = {
        .span = 1.0, .T0 = T, .n_classes = w->spectrum.n_classes, .mass = w->mass};
    qn_spectrum_init(s, &none);
    return s;
}

static enum qn_status begin(struct qn_session *s, struct qn_hours *r)
{
    const struct qn_window *w = r->window;
    const struct qn_deck *d = s->deck;
    const int mills = r->stage->act == QN_ACT_MILL;
    const double T = held(s, r);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.gate = r->gate;
    set.threads = s->threads;
    set.group = s->group;
    set.choice = mills ? d->run.bridge_level : QN_CHOICE_LINEAR;
    set.end = r->stage->span;
    carrier_masses(d, w, set.carrier);
    set.flow = flow_of(r, T);
    if (r->climate.computed) {
        set.temperature = qn_climate_of;
        set.climate = &r->climate;
        set.drift = DRIFT;
        r->climate.offset = r->at.past;
    } else {
        r->at.gas.T = T;
    }
    struct qn_spectrum *still = mills ? NULL : quiet(w, T);
    const enum qn_status status = qn_bridged_init(r->b, &r->powder->matter, &r->at.gas,
                                                  mills ? &w->spectrum : still, r->y, T, &set);
    qn_free(still);
    QN_TRY(status);
    if (mills) {
        memcpy(r->b->exchange, w->exchange, sizeof r->b->exchange);
    }
    return QN_OK;
}

/// Where the methane of the last evaluation came from: harmonic mean of peak temperatures.
static void hot_origin(const struct qn_bridged *b, const struct qn_powder *powder,
                       struct qn_hours_result *out)
{
    const struct qn_mechanism *m = &powder->mechanism;
    const int methane = qn_mechanism_species(m, "CH4");
    double sum = 0.0, inverse = 0.0, above = 0.0;
    if (methane < 0) {
        return;
    }
    for (int c = 0; c < b->n_classes; c++) {
        const struct qn_map *map = &b->map[c];
        for (int q = 0; q < map->n_hits; q++) {
            const double rate =
                map->hit[q].rate * map->gain[q * map->stride + methane] * b->mass[c];
            const double peak = b->T[c] + map->hit[q].pulse.dT;
            if (rate > 0.0) {
                sum += rate;
                inverse += rate / peak;
                above += peak > 800.0 ? rate : 0.0;
            }
        }
    }
    out->t_dom = sum > 0.0 ? sum / inverse : 0.0;
    out->above_800 = sum > 0.0 ? above / sum : 0.0;
}

/// Moles of surface sites of the first surface phase (the metal) in the whole charge.
static double metal_sites(const struct qn_deck *d, const struct qn_powder *powder)
{
    const struct qn_phase *phase = &powder->mechanism.phase[0];
    return phase->site_density * powder->matter.area[0] * d->powder.mass;
}

/// Time of output point k of n, denser at the start: quadratic.
static double point(double duration, int64_t k, int64_t n)
{
    const double x = (double)k / (double)n;
    return duration * x * x;
}

/// Time, gas and error of whichever carries the stage now.
static double now(const struct qn_hours *r)
{
    return (r->at.replaying ? r->replay.d.time : r->b->time) - r->at.t0 + r->at.past;
}

const struct qn_gas *qn_hours_gas(const struct qn_hours *r)
{
    return r->at.replaying ? &r->replay.d.gas : &r->b->gas;
}

static double residual(const struct qn_hours *r)
{
    const double stage =
        r->b->books.element_error + (r->at.replaying ? r->replay.d.books.element_error : 0.0);
    return fmax(stage, r->at.residual);
}

/// Mean state of each class now, shape [n_classes][n_surface].
static void states(const struct qn_hours *r, double *y)
{
    const int ns = r->powder->mechanism.n_surface;
    memcpy(y, r->b->y, (size_t)(r->b->n_classes * ns) * sizeof *y);
    for (int c = 0; c < r->b->n_classes && r->at.replaying; c++) {
        qn_replay_mean(&r->replay, c, y + c * ns);
    }
}

static void row(struct qn_hours *r)
{
    double y[QN_SPECTRUM_CLASSES * QN_MAX_SPECIES];
    if (r->climate.computed) {
        r->b->gas.T = r->replay.d.gas.T = qn_climate_gas(&r->climate, now(r));
        qn_climate_row(&r->climate, now(r));
    }
    states(r, y);
    const int ns = r->powder->mechanism.n_surface, n = r->b->n_classes;
    const int like = n > QN_CLASS_LOOSE ? QN_CLASS_LOOSE : n - 1;
    for (int c = n; c < r->series.n_classes; c++) { // empty in this window, not in another
        memcpy(y + c * ns, y + like * ns, (size_t)ns * sizeof *y);
    }
    qn_chem_series_add(&r->series, now(r), qn_hours_gas(r), y, residual(r));
}

/// Carriers for a replay from where the bridged mode stands, or those of the stages before, each as
/// it was left.
void qn_hours_open_replay(const struct qn_session *s, struct qn_hours *r)
{
    const struct qn_bridged *b = r->b;
    const struct qn_reservoir *hits = r->stage->act == QN_ACT_MILL ? r->window->events : NULL;
    struct qn_replay_settings set = qn_replay_defaults();
    set.seed = s->deck->seed;
    set.gate = b->set.gate;
    set.most = (int)s->deck->run.replay_carriers;
    set.gas = s->deck->run.replay_gas;
    set.group = s->group;
    set.threads = s->threads;
    memcpy(set.carrier, b->set.carrier, sizeof set.carrier);
    const struct qn_replay_start start = {.mass = b->mass,
                                          .y = b->y,
                                          .time = b->time,
                                          .span = r->window->span,
                                          .pool = QN_CLASS_LOOSE};
    for (int c = 0; c < b->n_classes; c++) { // a new window does not change their number
        const double population = r->at.population[c];
        set.carrier[c] = population > 0.0 ? b->mass[c] / population : set.carrier[c];
    }
    const int old =
        r->replay.n_classes > 0 && qn_replay_fits(&r->replay, &start, b->n_classes, &set);
    if (!old) {
        qn_replay_free(&r->replay);
        qn_replay_init(&r->replay, &b->matter, &b->gas, r->window->events, &start, &set);
    }
    if (old || !hits) {
        qn_replay_go_on(&r->replay, &b->matter, &b->gas, hits, &start, &set);
    }
    for (int c = 0; c < b->n_classes; c++) {
        r->at.population[c] = r->replay.cls[c].population;
    }
    memcpy(r->replay.exchange, b->exchange, sizeof b->exchange);
    r->replay.d.flow = b->set.flow;
    r->at.replaying = 1;
}

/// What the first interval of milling tells: where the methane comes from, levels, turnover.
static void first_interval(const struct qn_session *s, struct qn_hours *r)
{
    const int methane = qn_mechanism_species(&r->powder->mechanism, "CH4");
    if (!r->at.replaying) { // a replay has no later spectrum than that of its start
        hot_origin(r->b, r->powder, r->out);
    }
    if (methane >= 0) {
        const int g = methane - r->powder->mechanism.n_surface;
        const double made = qn_chem_made(r->powder, qn_hours_gas(r), g) - r->at.first;
        r->out->tof = made / ((now(r) - r->at.past) * metal_sites(s->deck, r->powder));
    }
    r->at.told = 1;
}

static void progress(struct qn_session *s, const struct qn_hours *r)
{
    const double share = now(r) / s->deck->run.bridged;
    const struct qn_merit merit = qn_chem_merit(r->powder, qn_hours_gas(r));
    char note[96];
    snprintf(note, sizeof note, "%.2f h, CO2 conversion %.2f %%, CH4 yield %.2f %%%s",
             now(r) / 3600.0, 100.0 * merit.conversion, 100.0 * merit.yield,
             r->at.replaying ? ", replay" : "");
    qn_progress_update(&s->progress, "hours", share, note);
}

/// Carriers of a replay as warm as their classes are at time t of the hours.
static void warm_replay(struct qn_hours *r, double t)
{
    double T[QN_SPECTRUM_CLASSES];
    qn_climate_classes(&r->climate, t, T);
    qn_replay_warm(&r->replay, T);
}

/// A few intervals of the replay on the way to t; with a temperature that moves, one, and no longer
/// than it stays what it is.
static enum qn_status replay_some(struct qn_hours *r, double t)
{
    if (!r->climate.computed) {
        return qn_replay_run(&r->replay, t, LOOK_EVERY);
    }
    const double past = r->at.past, at = r->replay.d.time + past, end = t + past;
    const double until = qn_climate_until(&r->climate, at, end, DRIFT);
    warm_replay(r, 0.5 * (at + until));
    // t itself at the end: by way of the stages before it may round to where the replay is
    return qn_replay_run(&r->replay, until < end ? until - past : t, 1);
}

/// On to time t, by the pulse map until a class asks for single jumps, then by replay. A stage
/// that changes over in the middle of an output interval does so at its end.
static enum qn_status advance(struct qn_session *s, struct qn_hours *r, double t)
{
    if (!r->at.replaying) {
        return qn_bridged_run(r->b, t);
    }
    while (r->replay.d.time < t) {
        QN_TRY(replay_some(r, t));
        if (r->replay.d.time < t) { // between intervals nothing depends on where one looks
            progress(s, r);
            QN_TRY(qn_session_pause(s, "hours", qn_hours_save, r));
        }
    }
    return QN_OK;
}

/// Begin the stage: levels, first row.
static enum qn_status start(struct qn_session *s, struct qn_hours *r)
{
    struct qn_bridged *b = r->b;
    const int methane = qn_mechanism_species(&r->powder->mechanism, "CH4");
    const int mills = r->stage->act == QN_ACT_MILL;
    r->at.t0 = b->time;
    QN_TRY(qn_bridged_judge(b));
    if (mills && !r->at.told) {
        const int g = methane - r->powder->mechanism.n_surface;
        r->at.first = methane >= 0 ? qn_chem_made(r->powder, &b->gas, g) : 0.0;
        memcpy(r->out->criterion, b->criterion, sizeof b->criterion);
    }
    QN_TRY(qn_bridged_run(b, b->time)); // the state as it stands
    if (b->replay && mills && !r->at.told) {
        hot_origin(b, r->powder, r->out);
    }
    if ((b->replay && mills) || r->replay.n_classes > 0) { // once single, carriers stay so
        qn_hours_open_replay(s, r);
    }
    row(r);
    return QN_OK;
}

/// Output points of a stage: as many of the deck's as it is long, at least 8 where there are
/// several.
static int64_t points_of(const struct qn_session *s, const struct qn_hours *r)
{
    const struct qn_deck_run *run = &s->deck->run;
    const double share = (double)run->bridged_points * r->stage->span / run->bridged;
    return r->n_stages > 1 ? (int64_t)fmax(8.0, round(share)) : run->bridged_points;
}

/// Output points one after the other.
static enum qn_status loop(struct qn_session *s, struct qn_hours *r)
{
    const int64_t points = points_of(s, r);
    const int mills = r->stage->act == QN_ACT_MILL;
    while (r->at.done < points) {
        QN_TRY(advance(s, r, r->at.t0 + point(r->stage->span, r->at.done + 1, points)));
        row(r);
        r->at.done++;
        if (mills && !r->at.told) {
            first_interval(s, r);
        }
        if (r->b->replay && mills && !r->at.replaying) {
            qn_hours_open_replay(s, r);
        }
        progress(s, r);
        QN_TRY(qn_session_pause(s, "hours", qn_hours_save, r));
    }
    return QN_OK;
}

/// The largest of any class against all others, as if each hit converted all it meets.
static double mixing_number(const struct qn_bridged *b)
{
    double all = 0.0, worst = 0.0;
    for (int c = 0; c < b->n_classes; c++) {
        all += b->mass[c];
    }
    for (int c = 0; c < b->n_classes && b->n_classes > 1; c++) {
        const double p = b->mass[c] / all;
        double swapped = 0.0; // [kg/s]
        for (int k = 0; k < b->n_classes; k++) {
            swapped += b->exchange[c][k];
        }
        const double tau = (1.0 - p) * b->mass[c] / swapped; // infinite without any
        worst = fmax(worst,
                     b->map[c].total > 0.0 ? qn_mixing_number(p, p * b->map[c].total, tau) : 0.0);
    }
    return worst;
}

/// Moles by channel of both parts of the stage.
static void add_books(struct qn_hours *r)
{
    const struct qn_mechanism *m = &r->powder->mechanism;
    const struct qn_books *b = &r->b->books, *jumped = &r->replay.d.books;
    for (int k = 0; k < m->n_reactions * QN_CHANNELS; k++) {
        r->reaction[k] += b->reaction[k] + (r->at.replaying ? jumped->reaction[k] : 0.0);
    }
    for (int k = 0; k < m->n_impacts; k++) {
        r->impact[k] += b->impact[k] + (r->at.replaying ? jumped->impact[k] : 0.0);
    }
}

/// What a stage of milling leaves for the summary.
static void describe(const struct qn_hours *r)
{
    const struct qn_bridged *b = r->b;
    struct qn_hours_result *out = r->out;
    out->n_classes = b->n_classes;
    out->mixing = mixing_number(b);
    for (int c = 0; c < b->n_classes; c++) {
        out->level[c] = r->at.replaying ? QN_LEVEL_REPLAY : b->map[c].level;
        out->carrier[c] = b->set.carrier[c];
        out->population[c] = r->replay.cls[c].population;
        out->carriers[c] = r->replay.cls[c].n;
    }
}

/// The stage is over: its end is where the next begins.
static void close_stage(struct qn_hours *r)
{
    add_books(r);
    if (r->stage->act == QN_ACT_MILL) {
        describe(r);
    }
    r->at.residual = residual(r);
    r->at.segments += r->b->segments;
    r->at.terms += r->b->terms;
    r->at.jumps += r->replay.jumps;
    r->at.intervals += r->replay.syncs;
    r->at.together += r->replay.together;
    states(r, r->y);
    r->at.gas = *qn_hours_gas(r);
    r->at.past += r->stage->span;
    r->at.replaying = 0;
    r->at.done = 0;
}

enum qn_status qn_hours_stage(struct qn_session *s, struct qn_hours *r, int resumed)
{
    struct qn_bridged b = {0};
    r->b = &b;
    enum qn_status status = begin(s, r);
    if (status == QN_OK) {
        status = resumed ? qn_hours_restore(s, r) : start(s, r);
    }
    if (status == QN_OK) {
        status = loop(s, r);
    }
    if (status == QN_OK) {
        close_stage(r);
    }
    qn_bridged_free(&b);
    r->b = NULL;
    return status;
}
