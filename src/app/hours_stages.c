/// @file
/// The stages of the hours in their order: gas let in and out between mill and hold.
#include "hours_state.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

static const char *const CHANNELS[QN_CHANNELS] = {"bulk_thermal", "hot_spot"};

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

/// State at the beginning: what the direct span left, or fresh powder.
static enum qn_status origin(const struct qn_deck *d, const struct qn_direct_result *direct,
                             struct qn_hours *h)
{
    const int ns = h->powder->mechanism.n_surface;
    if (!direct->ran) {
        return fresh(d, h->powder, h->window, &h->at.gas, h->y);
    }
    h->at.gas = direct->gas;
    for (int c = 0; c < QN_POWDER_CLASSES; c++) {
        memcpy(h->y + c * ns, direct->y[c], (size_t)ns * sizeof *h->y);
    }
    return QN_OK;
}

/// Let gas in or out; takes no time.
static void act(const struct qn_deck *d, struct qn_hours *h)
{
    const struct qn_mechanism *m = &h->powder->mechanism;
    struct qn_gas *gas = &h->at.gas;
    double in[QN_MAX_SPECIES] = {0.0};
    const double pressure = qn_gas_total_pressure(gas);
    switch (h->stage->act) {
    case QN_ACT_EVACUATE:
        qn_gas_draw(gas, pressure > h->stage->to ? 1.0 - h->stage->to / pressure : 0.0);
        break;
    case QN_ACT_SAMPLE:
        qn_gas_draw(gas, fmin(h->stage->to / gas->volume, 1.0));
        break;
    case QN_ACT_FILL:
        for (int k = 0; k < h->stage->feed.n; k++) {
            in[qn_mechanism_species(m, h->stage->feed.name[k]) - m->n_surface] =
                h->stage->feed.value[k] * qn_powder_per_pascal(d);
        }
        qn_gas_fill(gas, in);
        break;
    case QN_ACT_MILL:
    case QN_ACT_HOLD:
        break;
    }
}

static int takes_time(const struct qn_deck_stage *s)
{
    return s->act == QN_ACT_MILL || s->act == QN_ACT_HOLD;
}

/// Temperatures know that the mill stops and goes on.
static void climate(struct qn_hours *h, double t)
{
    const int mills = h->stage->act == QN_ACT_MILL;
    if (h->climate.computed && (h->at.stage > 0 || !mills)) { // else it goes on as it began
        qn_climate_stage(&h->climate, t, mills);
    }
}

/// Walk through the stages before the one a checkpoint is in.
static void catch_up(struct qn_hours *h, const struct qn_deck_stage *stage)
{
    const int there = h->at.stage;
    double t = 0.0;
    for (h->at.stage = 0; h->at.stage <= there; h->at.stage++) {
        h->stage = &stage[h->at.stage];
        if (takes_time(h->stage)) {
            climate(h, t);
            t += h->stage->span;
        }
    }
    h->at.stage = there;
}

static enum qn_status go_on(struct qn_session *s, struct qn_hours *h,
                            const struct qn_deck_stage *stage, int resumed)
{
    for (; h->at.stage < h->n_stages; h->at.stage++) {
        h->stage = &stage[h->at.stage];
        if (!takes_time(h->stage)) {
            act(s->deck, h);
            continue;
        }
        if (!resumed) {
            climate(h, h->at.past);
        }
        QN_TRY(qn_hours_stage(s, h, resumed));
        resumed = 0;
    }
    return QN_OK;
}

static enum qn_status run(struct qn_session *s, struct qn_hours *h,
                          const struct qn_direct_result *direct)
{
    const struct qn_deck_run *deck = &s->deck->run;
    const struct qn_deck_stage *stage = deck->n_stages ? deck->stage : &h->whole;
    int resumed;
    h->whole = (struct qn_deck_stage){.act = QN_ACT_MILL, .span = deck->bridged};
    h->n_stages = deck->n_stages ? deck->n_stages : 1;
    QN_TRY(origin(s->deck, direct, h));
    QN_TRY(qn_hours_restore_place(s, h, &resumed));
    if (!resumed) {
        qn_store_drop(s->store, "/chemistry/bridged");
        qn_store_drop(s->store, "/heat/hours");
    } else {
        catch_up(h, stage);
    }
    if (h->climate.computed) {
        qn_climate_series(&h->climate, s->store);
    }
    qn_chem_series_begin(&h->series, s->store, h->powder, "/chemistry/bridged",
                         h->window->spectrum.n_classes, qn_powder_class_names);
    memcpy(h->series.mass, h->window->mass, sizeof h->series.mass);
    return go_on(s, h, stage, resumed);
}

static void finish(const struct qn_session *s, const struct qn_hours *h)
{
    struct qn_hours_result *out = h->out;
    qn_chem_channels(&h->series, h->reaction, QN_CHANNELS, CHANNELS, h->impact);
    out->ran = 1;
    out->duration = s->deck->run.bridged;
    out->gas = h->at.gas;
    out->residual = h->at.residual;
    out->segments = h->at.segments;
    out->terms = h->at.terms;
    out->jumps = h->at.jumps;
    out->intervals = h->at.intervals;
    out->slope = qn_spectrum_slope(&h->window->spectrum, 0, 1);
}

enum qn_status qn_hours_get(struct qn_session *s, const struct qn_powder *powder,
                            const struct qn_window *window, const struct qn_direct_result *direct,
                            double gate, struct qn_hours_result *out)
{
    const struct qn_mechanism *m = &powder->mechanism;
    struct qn_hours h = {.powder = powder, .window = window, .out = out, .gate = gate};
    h.reaction = qn_alloc((size_t)(m->n_reactions * QN_CHANNELS) + 1, sizeof *h.reaction);
    h.impact = qn_alloc((size_t)m->n_impacts + 1, sizeof *h.impact);
    qn_climate_init(s->deck, window, &h.climate);
    const enum qn_status status = run(s, &h, direct);
    qn_progress_end(&s->progress);
    if (status == QN_OK) {
        finish(s, &h);
    }
    qn_free(h.reaction);
    qn_free(h.impact);
    return status;
}
