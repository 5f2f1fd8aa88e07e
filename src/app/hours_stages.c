/// @file
/// The stages of the hours in their order: gas let in and out between mill and hold.
#include "hours_state.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "bridge/mixing.h"

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

/// Pieces of a stage of milling, from one window to the next.
static void cut(struct qn_hours *h, const struct qn_deck_stage *stage, double *milled, int *epoch)
{
    const struct qn_epochs *e = h->epochs;
    double left = stage->span;
    while (left > 0.0) {
        const double end = *epoch + 1 < e->n ? e->coating.epoch[*epoch].end - *milled : left;
        const int ends = end < left * (1.0 - 1e-12);
        const double span = ends ? end : left;
        const int before = h->n_stages ? h->leg[h->n_stages - 1].epoch : 0;
        struct qn_hours_leg *leg = &h->leg[h->n_stages++];
        *leg = (struct qn_hours_leg){*stage, *epoch, *epoch != before};
        leg->stage.span = span;
        *milled += span;
        *epoch += *epoch + 1 < e->n && end <= left * (1.0 + 1e-12);
        left = ends ? left - span : 0.0;
    }
}

/// The stages of the deck, those that mill cut where windows change.
static void lay_out(const struct qn_deck *d, struct qn_hours *h)
{
    const struct qn_deck_stage whole = {.act = QN_ACT_MILL, .span = d->run.bridged};
    const int n = d->run.n_stages ? d->run.n_stages : 1;
    double milled = 0.0;
    int epoch = 0;
    h->leg = qn_alloc((size_t)(n + h->epochs->n), sizeof *h->leg);
    for (int k = 0; k < n; k++) {
        const struct qn_deck_stage *stage = d->run.n_stages ? &d->run.stage[k] : &whole;
        if (stage->act == QN_ACT_MILL) {
            cut(h, stage, &milled, &epoch);
        } else {
            const int now = h->n_stages ? h->leg[h->n_stages - 1].epoch : 0;
            h->leg[h->n_stages++] = (struct qn_hours_leg){*stage, now, 0};
        }
    }
}

/// Leg k is next: its window, its deck, its layer.
static void enter(struct qn_session *s, struct qn_hours *h, int k)
{
    const struct qn_hours_leg *leg = &h->leg[k];
    const struct qn_epoch *e = &h->epochs->epoch[leg->epoch];
    h->stage = &leg->stage;
    h->window = &e->window;
    if (k == 0 || leg->moves) {
        h->gate = qn_hours_gate_of(&e->deck, &e->window);
        h->own.matter.refill = qn_powder_refill(&e->deck);
    }
    s->deck = &e->deck;
    memcpy(h->series.mass, e->window.mass, sizeof h->series.mass);
}

/// Moles of each element in the powder.
static void elements_of(const struct qn_hours *h, const double *mass, double *sum)
{
    const struct qn_mechanism *m = &h->powder->mechanism;
    for (int e = 0; e < m->n_elements; e++) {
        sum[e] = 0.0;
        for (int i = 0; i < QN_POWDER_CLASSES * m->n_surface; i++) {
            const int k = i % m->n_surface;
            sum[e] += mass[i / m->n_surface] * h->y[i] * m->species[k].element[e];
        }
    }
}

/// Powder moves between coatings and the loose as the law had it over the epoch before, and brings
/// what it is.
static void move(struct qn_hours *h, const struct qn_hours_leg *leg)
{
    const double *from = h->epochs->epoch[leg->epoch - 1].window.mass, *to = h->window->mass;
    double before[QN_MAX_ELEMENTS] = {0.0}, after[QN_MAX_ELEMENTS] = {0.0};
    elements_of(h, from, before);
    qn_mix_moved(QN_POWDER_CLASSES, QN_CLASS_LOOSE, from, to, h->powder->mechanism.n_surface, h->y);
    elements_of(h, to, after);
    for (int e = 0; e < h->powder->mechanism.n_elements; e++) {
        const double off = before[e] > 0.0 ? fabs(after[e] / before[e] - 1.0) : 0.0;
        h->at.residual = fmax(h->at.residual, off);
    }
}

/// Temperatures know that the mill stops and goes on, and that another window is in force.
static void climate(struct qn_session *s, struct qn_hours *h, double t)
{
    const int mills = h->stage->act == QN_ACT_MILL;
    if (!h->climate.computed) {
        return;
    }
    if (h->leg[h->at.stage].moves) {
        qn_climate_window(&h->climate, t, s->deck, h->window, mills);
    } else if (h->at.stage > 0 || !mills) { // else it goes on as it began
        qn_climate_stage(&h->climate, t, mills);
    }
}

/// Walk through the legs up to the one a checkpoint is in.
static void catch_up(struct qn_session *s, struct qn_hours *h)
{
    const int there = h->at.stage;
    double t = 0.0;
    for (h->at.stage = 0; h->at.stage <= there; h->at.stage++) {
        enter(s, h, h->at.stage);
        if (takes_time(h->stage)) {
            climate(s, h, t);
            t += h->stage->span;
        }
    }
    h->at.stage = there;
}

static enum qn_status go_on(struct qn_session *s, struct qn_hours *h, int resumed)
{
    for (; h->at.stage < h->n_stages; h->at.stage++) {
        enter(s, h, h->at.stage);
        if (!takes_time(h->stage)) {
            act(s->deck, h);
            continue;
        }
        if (!resumed) {
            if (h->leg[h->at.stage].moves) {
                move(h, &h->leg[h->at.stage]);
            }
            climate(s, h, h->at.past);
        }
        QN_TRY(qn_hours_stage(s, h, resumed));
        resumed = 0;
    }
    return QN_OK;
}

/// Classes that any window has.
static int classes_of(const struct qn_epochs *e)
{
    int n = 0;
    for (int k = 0; k < e->n; k++) {
        const int own = e->epoch[k].window.spectrum.n_classes;
        n = own > n ? own : n;
    }
    return n;
}

static enum qn_status run(struct qn_session *s, struct qn_hours *h,
                          const struct qn_direct_result *direct)
{
    int resumed;
    QN_TRY(origin(s->deck, direct, h));
    QN_TRY(qn_hours_restore_place(s, h, &resumed));
    if (!resumed) {
        qn_store_drop(s->store, "/chemistry/bridged");
        qn_store_drop(s->store, "/heat/hours");
    } else {
        catch_up(s, h);
    }
    if (h->climate.computed) {
        qn_climate_series(&h->climate, s->store);
    }
    qn_chem_series_begin(&h->series, s->store, h->powder, "/chemistry/bridged",
                         classes_of(h->epochs), qn_powder_class_names);
    return go_on(s, h, resumed);
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
    out->together = h->at.together;
    if (out->intervals > 0) {
        qn_store_number(s->store, "/chemistry/bridged/replay_intervals", (double)out->intervals,
                        "1", "that single jumps were stepped through in");
        qn_store_number(s->store, "/chemistry/bridged/replay_coupled", (double)out->together, "1",
                        "of them, with carriers and gas as one stiff system");
    }
    out->slope = qn_spectrum_slope(&h->epochs->epoch[0].window.spectrum, 0, 1);
    out->climate = h->climate;
}

double qn_hours_gate_of(const struct qn_deck *deck, const struct qn_window *window)
{
    struct qn_climate c;
    qn_climate_init(deck, window, &c);
    const double T = c.computed ? qn_climate_coldest(&c) : deck->chemistry.bulk_temperature;
    return window->span > 0.0 ? qn_hours_gate(window, T) : 0.0;
}

enum qn_status qn_hours_get(struct qn_session *s, const struct qn_powder *powder,
                            const struct qn_epochs *epochs, const struct qn_direct_result *direct,
                            struct qn_hours_result *out)
{
    const struct qn_mechanism *m = &powder->mechanism;
    const struct qn_deck *deck = s->deck;
    struct qn_hours h = {.own = *powder, .epochs = epochs, .out = out};
    h.powder = &h.own;
    h.window = &epochs->epoch[0].window;
    h.reaction = qn_alloc((size_t)(m->n_reactions * QN_CHANNELS) + 1, sizeof *h.reaction);
    h.impact = qn_alloc((size_t)m->n_impacts + 1, sizeof *h.impact);
    qn_climate_init(deck, h.window, &h.climate);
    lay_out(deck, &h);
    const enum qn_status status = run(s, &h, direct);
    s->deck = deck;
    qn_progress_end(&s->progress);
    if (status == QN_OK) {
        finish(s, &h);
    }
    qn_replay_free(&h.replay);
    qn_free(h.leg);
    qn_free(h.reaction);
    qn_free(h.impact);
    return status;
}
