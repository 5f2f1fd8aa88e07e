/// @file
/// The bridged stage.
#include "app/hours.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/chem_series.h"
#include "app/heat_balance.h"
#include "base/array.h"
#include "bridge/mixing.h"
#include "exposure/hotspot.h"

enum { LOOK_EVERY = 16 }; ///< intervals of a replay between looks at clock and signals

/// The powder's temperature moves by at most this before the chemistry learns it: 1 K is 7 % of a
/// rate of 80 kJ/mol at 350 K, and half of that, to first order, cancels [K].
static const double DRIFT = 1.0;

struct running {
    struct qn_bridged *b;
    struct qn_replay replay; ///< of use once `replaying`
    int replaying;           ///< a class needs single jumps: the whole stage is replayed from there
    const struct qn_powder *powder;
    const struct qn_window *window;
    struct qn_climate climate;
    struct qn_chem_series series;
    struct qn_hours_result *out;
    double t0;    ///< beginning of the hours                                    [s]
    double first; ///< methane in the gas then                                   [mol]
    int64_t done; ///< output points behind us
};

static const char *const CHANNELS[QN_CHANNELS] = {"bulk_thermal", "hot_spot"};

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

/// State of fresh powder after its rest in the gas, the same for all classes.
static enum qn_status fresh(const struct qn_deck *d, const struct qn_powder *powder,
                            const struct qn_window *w, struct qn_gas *gas, double *y)
{
    struct qn_direct one;
    double mass = 0.0;
    for (int c = 0; c < QN_POWDER_CLASSES; c++) {
        mass += w->mass[c];
    }
    const struct qn_start start = {1, &mass, powder->y0, 0.0, 1, NULL};
    qn_direct_init(&one, &powder->matter, &powder->gas, &start);
    const enum qn_status status = qn_direct_settle(&one, d->chemistry.rest);
    *gas = one.gas;
    for (int c = 0; c < QN_POWDER_CLASSES; c++) {
        qn_direct_mean(&one, 0, 1, y + c * powder->mechanism.n_surface);
    }
    qn_direct_free(&one);
    return status;
}

/// Mass of a carrier of each class: the mean coating of a ball; a parcel; where there are none, as
/// in the reserve and on the wall, as much as a ball carries.
static void carrier_masses(const struct qn_deck *d, const struct qn_window *w, double *mass)
{
    int64_t balls = 0;
    for (int g = 0; g < d->balls.n_groups; g++) {
        balls += d->balls.group[g].count;
    }
    mass[QN_CLASS_BALL] = mass[QN_CLASS_WALL] = w->mass[QN_CLASS_BALL] / (double)balls;
    mass[QN_CLASS_LOOSE] = mass[QN_CLASS_DEAD] = d->run.window_powder == QN_POWDER_PARCELS
                                                     ? d->run.parcel_mass / (double)d->run.parcels
                                                     : mass[QN_CLASS_BALL];
}

static enum qn_status begin(struct qn_session *s, struct running *r,
                            const struct qn_direct_result *direct, double gate)
{
    const struct qn_powder *powder = r->powder;
    const struct qn_window *w = r->window;
    struct qn_bridged *b = r->b;
    const struct qn_deck *d = s->deck;
    const int ns = powder->mechanism.n_surface;
    double y[QN_POWDER_CLASSES * QN_MAX_SPECIES];
    struct qn_gas gas;
    if (direct->ran) {
        gas = direct->gas;
        for (int c = 0; c < QN_POWDER_CLASSES; c++) {
            memcpy(y + c * ns, direct->y[c], (size_t)ns * sizeof *y);
        }
    } else {
        QN_TRY(fresh(d, powder, w, &gas, y));
    }
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.gate = gate;
    set.threads = s->threads;
    set.group = s->group;
    set.choice = d->run.bridge_level;
    carrier_masses(d, w, set.carrier);
    set.end = s->deck->run.bridged;
    if (r->climate.computed) {
        set.temperature = qn_climate_of;
        set.climate = &r->climate;
        set.drift = DRIFT;
    }
    QN_TRY(qn_bridged_init(b, &powder->matter, &gas, &w->spectrum, y, d->chemistry.bulk_temperature,
                           &set));
    memcpy(b->exchange, w->exchange, sizeof b->exchange);
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
            const double peak = b->T + map->hit[q].pulse.dT;
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
static double now(const struct running *r)
{
    return (r->replaying ? r->replay.d.time : r->b->time) - r->t0;
}

static const struct qn_gas *gas_of(const struct running *r)
{
    return r->replaying ? &r->replay.d.gas : &r->b->gas;
}

static double residual(const struct running *r)
{
    return r->b->books.element_error + (r->replaying ? r->replay.d.books.element_error : 0.0);
}

static void row(struct running *r)
{
    double y[QN_SPECTRUM_CLASSES * QN_MAX_SPECIES];
    if (r->climate.computed) {
        r->b->gas.T = r->replay.d.gas.T = qn_climate_gas(&r->climate, now(r));
        qn_climate_row(&r->climate, now(r));
    }
    for (int c = 0; c < r->b->n_classes && r->replaying; c++) {
        qn_replay_mean(&r->replay, c, y + c * r->powder->mechanism.n_surface);
    }
    qn_chem_series_add(&r->series, now(r), gas_of(r), r->replaying ? y : r->b->y, residual(r));
}

/// Carriers for a replay that goes on from where the bridged mode stands.
static void open_replay(const struct qn_session *s, struct running *r)
{
    const struct qn_bridged *b = r->b;
    struct qn_replay_settings set = qn_replay_defaults();
    set.seed = s->deck->seed;
    set.gate = b->set.gate;
    set.most = (int)s->deck->run.replay_carriers;
    set.group = s->group;
    set.threads = s->threads;
    memcpy(set.carrier, b->set.carrier, sizeof set.carrier);
    const struct qn_replay_start start = {b->mass, b->y, b->time, r->window->span};
    qn_replay_init(&r->replay, &b->matter, &b->gas, r->window->events, &start, &set);
    memcpy(r->replay.exchange, b->exchange, sizeof b->exchange);
    r->replaying = 1;
}

/// The solver's state, its step control included, so that a resumed run ends in the same bits.
static void save(const void *stage, struct qn_store *store)
{
    const struct running *r = stage;
    const size_t n = qn_bridged_packed(r->b);
    double *flat = qn_alloc(n, sizeof *flat);
    qn_bridged_pack(r->b, flat);
    qn_store_put_bytes(store, "/checkpoint/hours/solver", flat, n * sizeof *flat);
    qn_free(flat);
    if (r->replaying) {
        void *bytes;
        size_t size;
        qn_replay_pack(&r->replay, &bytes, &size);
        qn_store_put_bytes(store, "/checkpoint/hours/replay", bytes, size);
        qn_free(bytes);
    }
    qn_store_put_bytes(store, "/checkpoint/hours/found", r->out, sizeof *r->out);
    const double rest[4] = {r->t0, (double)r->done, r->first, r->replaying};
    qn_store_put_bytes(store, "/checkpoint/hours/rest", rest, sizeof rest);
}

static enum qn_status restore_replay(struct qn_session *s, struct running *r)
{
    void *bytes;
    size_t size;
    QN_TRY(qn_session_get_bytes(s, "/checkpoint/hours/replay", &bytes, &size));
    open_replay(s, r);
    const enum qn_status status = qn_replay_unpack(&r->replay, bytes, size);
    qn_free(bytes);
    return status;
}

/// Go on from a checkpoint inside the hours; 0 when there is none.
static enum qn_status restore(struct qn_session *s, struct running *r, int *resumed)
{
    double rest[4] = {0.0};
    *resumed = qn_store_get_integers(s->store, "/checkpoint/hours/solver", NULL, NULL) != NULL;
    qn_group_broadcast(s->group, resumed, sizeof *resumed);
    if (!*resumed) {
        return QN_OK;
    }
    const size_t n = qn_bridged_packed(r->b);
    double *flat = qn_alloc(n, sizeof *flat);
    enum qn_status status =
        qn_session_get_exactly(s, "/checkpoint/hours/solver", flat, n * sizeof *flat);
    if (status == QN_OK) {
        qn_bridged_unpack(r->b, flat);
        status = qn_session_get_exactly(s, "/checkpoint/hours/found", r->out, sizeof *r->out);
    }
    qn_free(flat);
    QN_TRY(status);
    QN_TRY(qn_session_get_exactly(s, "/checkpoint/hours/rest", rest, sizeof rest));
    r->t0 = rest[0], r->done = (int64_t)rest[1], r->first = rest[2];
    return rest[3] > 0.0 ? restore_replay(s, r) : QN_OK;
}

/// What the first output interval tells: where the methane comes from, levels, turnover.
static void first_interval(const struct qn_session *s, struct running *r)
{
    const int methane = qn_mechanism_species(&r->powder->mechanism, "CH4");
    if (!r->replaying) { // a replay has no later spectrum than that of its start
        hot_origin(r->b, r->powder, r->out);
    }
    if (methane >= 0) {
        const double made = gas_of(r)->moles[methane - r->powder->mechanism.n_surface] - r->first;
        r->out->tof = made / (now(r) * metal_sites(s->deck, r->powder));
    }
}

static void progress(struct qn_session *s, const struct running *r)
{
    const double share = (double)r->done / (double)s->deck->run.bridged_points;
    const struct qn_merit merit = qn_chem_merit(r->powder, gas_of(r)->moles);
    char note[96];
    snprintf(note, sizeof note, "%.2f h, CO2 conversion %.2f %%, CH4 yield %.2f %%%s",
             now(r) / 3600.0, 100.0 * merit.conversion, 100.0 * merit.yield,
             r->replaying ? ", replay" : "");
    qn_progress_update(&s->progress, "hours", share, note);
}

/// A few intervals of the replay on the way to t; with a temperature that moves, one, and no longer
/// than it stays what it is.
static enum qn_status replay_some(struct running *r, double t)
{
    if (!r->climate.computed) {
        return qn_replay_run(&r->replay, t, LOOK_EVERY);
    }
    const double at = r->replay.d.time;
    const double until = qn_climate_until(&r->climate, at, t, DRIFT);
    r->replay.d.T = qn_climate_powder(&r->climate, 0.5 * (at + until));
    return qn_replay_run(&r->replay, until, 1);
}

/// On to time t, by the pulse map until a class asks for single jumps, then by replay. A stage
/// that changes over in the middle of an output interval does so at its end.
static enum qn_status advance(struct qn_session *s, struct running *r, double t)
{
    if (!r->replaying) {
        return qn_bridged_run(r->b, t);
    }
    while (r->replay.d.time < t) {
        QN_TRY(replay_some(r, t));
        if (r->replay.d.time < t) { // between intervals nothing depends on where one looks
            progress(s, r);
            QN_TRY(qn_session_pause(s, "hours", save, r));
        }
    }
    return QN_OK;
}

/// Begin the stage: levels, series, first row.
static enum qn_status start(struct qn_session *s, struct running *r)
{
    struct qn_bridged *b = r->b;
    const int methane = qn_mechanism_species(&r->powder->mechanism, "CH4");
    int resumed = 0;
    QN_TRY(restore(s, r, &resumed));
    if (!resumed) {
        qn_store_drop(s->store, "/chemistry/bridged");
        qn_store_drop(s->store, "/heat/hours");
        r->t0 = b->time;
        r->first = methane >= 0 ? b->gas.moles[methane - r->powder->mechanism.n_surface] : 0.0;
        QN_TRY(qn_bridged_judge(b));
        memcpy(r->out->criterion, b->criterion, sizeof b->criterion);
        QN_TRY(qn_bridged_run(b, b->time)); // the state as it stands
        if (b->replay) {
            hot_origin(b, r->powder, r->out);
            open_replay(s, r);
        }
    }
    if (r->climate.computed) {
        qn_climate_series(&r->climate, s->store);
    }
    qn_chem_series_begin(&r->series, s->store, r->powder, "/chemistry/bridged", b->n_classes,
                         qn_powder_class_names);
    memcpy(r->series.mass, b->mass, sizeof r->series.mass);
    if (!resumed) {
        row(r);
    }
    return QN_OK;
}

/// Output points one after the other.
static enum qn_status loop(struct qn_session *s, struct running *r)
{
    const struct qn_deck_run *run = &s->deck->run;
    QN_TRY(start(s, r));
    while (r->done < run->bridged_points) {
        QN_TRY(advance(s, r, r->t0 + point(run->bridged, r->done + 1, run->bridged_points)));
        row(r);
        if (++r->done == 1) {
            first_interval(s, r);
        }
        if (r->b->replay && !r->replaying) {
            open_replay(s, r);
        }
        progress(s, r);
        QN_TRY(qn_session_pause(s, "hours", save, r));
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
static void channels(const struct running *r)
{
    const struct qn_mechanism *m = &r->powder->mechanism;
    const struct qn_books *b = &r->b->books;
    for (int k = 0; k < m->n_reactions * QN_CHANNELS && r->replaying; k++) {
        b->reaction[k] += r->replay.d.books.reaction[k];
    }
    for (int k = 0; k < m->n_impacts && r->replaying; k++) {
        b->impact[k] += r->replay.d.books.impact[k];
    }
    qn_chem_channels(&r->series, b->reaction, QN_CHANNELS, CHANNELS, b->impact);
}

static void finish(const struct qn_session *s, struct running *r)
{
    const struct qn_bridged *b = r->b;
    struct qn_hours_result *out = r->out;
    out->ran = 1;
    out->duration = s->deck->run.bridged;
    out->gas = *gas_of(r);
    out->residual = residual(r);
    out->n_classes = b->n_classes;
    out->segments = b->segments;
    out->terms = b->terms;
    out->mixing = mixing_number(b);
    out->slope = qn_spectrum_slope(&r->window->spectrum, 0, 1);
    out->jumps = r->replay.jumps;
    out->intervals = r->replay.syncs;
    for (int c = 0; c < b->n_classes; c++) {
        out->level[c] = r->replaying ? QN_LEVEL_REPLAY : b->map[c].level;
        out->carrier[c] = b->set.carrier[c];
        out->population[c] = r->replay.cls[c].population;
        out->carriers[c] = r->replay.cls[c].n;
    }
}

enum qn_status qn_hours_get(struct qn_session *s, const struct qn_powder *powder,
                            const struct qn_window *window, const struct qn_direct_result *direct,
                            double gate, struct qn_hours_result *out)
{
    struct qn_bridged b = {0};
    struct running r = {.b = &b, .powder = powder, .window = window, .out = out};
    qn_climate_init(s->deck, window, &r.climate);
    QN_TRY(begin(s, &r, direct, gate));
    const enum qn_status status = loop(s, &r);
    qn_progress_end(&s->progress);
    if (status == QN_OK) {
        channels(&r);
        finish(s, &r);
    }
    qn_replay_free(&r.replay);
    qn_bridged_free(&b);
    return status;
}
