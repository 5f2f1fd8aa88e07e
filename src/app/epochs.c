/// @file
/// Windows as coatings move.
#include "app/epochs.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_coated.h"
#include "app/deck_derived.h"
#include "app/window.h"
#include "base/array.h"

enum { COUNTED = 1000 }; ///< windows that a forecast counts

void qn_epochs_masses(const struct qn_window *w, double mass[QN_COATINGS])
{
    mass[QN_COATED_BALLS] = w->mass[QN_CLASS_BALL];
    mass[QN_COATED_WALL] = w->mass[QN_CLASS_WALL];
    mass[QN_LOOSE_POWDER] = w->mass[QN_CLASS_LOOSE] + w->mass[QN_CLASS_DEAD];
}

void qn_epochs_rates(const struct qn_deck *deck, const struct qn_window *w,
                     struct qn_coating_law *law, double area[2])
{
    const struct qn_deck_powder *p = &deck->powder;
    const double bulk = deck->material[p->material].density * p->packing;
    const double loose = w->mass[QN_CLASS_LOOSE] + w->mass[QN_CLASS_DEAD];
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    area[QN_COATED_BALLS] = derived.ball_area;
    area[QN_COATED_WALL] = derived.vial_area;
    for (int b = 0; b < 2; b++) {
        law->take[b] = loose > 0.0 ? p->pick_up * w->dose_on[b] / loose : 0.0;
        law->shed[b] = p->shed * w->impact_on[b] / area[b];
        law->most[b] = p->coating_limit * bulk * area[b];
    }
}

/// What `next` needs: where windows come from.
struct source {
    struct qn_session *session;
    const struct qn_deck *deck;
    struct qn_epochs *epochs;
    struct qn_coating_cut cut;
};

/// Say at the start what is to come.
static void forecast(const struct source *s, const double *mass, const struct qn_coating_law *law)
{
    const struct qn_session *session = s->session;
    const int n = qn_coating_count(&s->cut, mass, law, COUNTED);
    if (!qn_session_root(session) || session->options->quiet) {
        return;
    }
    fprintf(
        stderr,
        "coating: %.3g h of milling would take %s%d window%s at the rates of this one, a new one "
        "at every %.3g %% (run.windows allows %d)%s\n",
        s->cut.span / 3600.0, n == COUNTED ? "over " : "", n, n == 1 ? "" : "s",
        100.0 * s->cut.share, s->cut.most, n > s->cut.most ? ": the last will serve the rest" : "");
}

/// The window of epoch k, k > 0, run or read as that of any deck.
static enum qn_status window_of(const struct source *s, int k, const double *mass)
{
    struct qn_session *session = s->session;
    struct qn_epoch *e = &s->epochs->epoch[k];
    const int logs = session->log.on;
    QN_TRY(qn_deck_coated(s->deck, mass, s->epochs->coating.epoch[0].mass, &e->deck));
    session->deck = &e->deck;
    session->log.on = 0; // a log is of one trajectory
    const enum qn_status status = qn_window_get(session, k, &e->window);
    session->log.on = logs;
    session->deck = s->deck;
    s->epochs->n = k + 1;
    return status;
}

static enum qn_status next(void *from, int k, const double mass[QN_COATINGS],
                           struct qn_coating_law *law)
{
    const struct source *s = from;
    const struct qn_epoch *e = &s->epochs->epoch[k];
    double area[2];
    if (k > 0) {
        QN_TRY(window_of(s, k, mass));
    }
    qn_epochs_rates(&e->deck, &e->window, law, area);
    if (k == 0) {
        forecast(s, mass, law);
    }
    return QN_OK;
}

enum qn_status qn_epochs_get(struct qn_session *s, struct qn_epochs *e)
{
    const struct qn_deck *d = s->deck;
    const double milled = qn_deck_milled(d);
    double mass[QN_COATINGS];
    *e = (struct qn_epochs){0};
    e->followed = d->powder.material >= 0 && d->powder.coating == QN_COATING_LAW &&
                  d->run.windows > 1 && milled > 0.0;
    const int most = e->followed ? (int)d->run.windows : 1;
    e->epoch = qn_alloc((size_t)most, sizeof *e->epoch);
    e->epoch[0].deck = *d; // borrows what the run's deck owns
    e->n = 1;
    QN_TRY(qn_window_get(s, 0, &e->epoch[0].window));
    if (!e->followed) {
        return QN_OK;
    }
    struct source from = {s, d, e, {milled, d->powder.coating_drift, most}};
    qn_epochs_masses(&e->epoch[0].window, mass);
    return qn_coating_follow(&from.cut, mass, next, &from, &e->coating);
}

enum qn_status qn_epochs_none(struct qn_session *s, struct qn_epochs *e)
{
    *e = (struct qn_epochs){.n = 1};
    e->epoch = qn_alloc(1, sizeof *e->epoch);
    e->epoch[0].deck = *s->deck;
    return QN_OK;
}

void qn_epochs_free(struct qn_epochs *e)
{
    for (int k = 0; k < e->n; k++) {
        qn_window_free(&e->epoch[k].window);
        if (k > 0) {
            qn_deck_coated_free(&e->epoch[k].deck);
        }
    }
    qn_free(e->epoch);
    qn_coating_epochs_free(&e->coating);
    *e = (struct qn_epochs){0};
}

static void weigh(struct qn_window *w, const double *mass)
{
    const double loose = w->mass[QN_CLASS_LOOSE] + w->mass[QN_CLASS_DEAD];
    const double dead = loose > 0.0 ? w->mass[QN_CLASS_DEAD] / loose : 0.0;
    w->mass[QN_CLASS_BALL] = mass[QN_COATED_BALLS];
    w->mass[QN_CLASS_WALL] = mass[QN_COATED_WALL];
    w->mass[QN_CLASS_DEAD] = dead * mass[QN_LOOSE_POWDER];
    w->mass[QN_CLASS_LOOSE] = mass[QN_LOOSE_POWDER] - w->mass[QN_CLASS_DEAD];
    for (int c = 0; c < QN_POWDER_CLASSES; c++) {
        w->spectrum.cls[c].mass = w->mass[c];
    }
    w->spectrum.n_classes = w->events->n_classes = qn_powder_classes_used(w->mass);
}

void qn_epochs_apply(struct qn_epochs *e)
{
    const struct qn_coating_epochs *c = &e->coating;
    for (int k = 0; k < e->n && e->followed; k++) {
        struct qn_window *w = &e->epoch[k].window;
        const struct qn_coating_epoch *at = &c->epoch[k];
        const double *end = k + 1 < e->n ? c->epoch[k + 1].mass : c->last;
        if (k > 0) { // the first began with what it weighs
            weigh(w, at->mass);
        }
        for (int b = 0; b < 2; b++) {
            const double loose = 0.5 * (at->mass[QN_LOOSE_POWDER] + end[QN_LOOSE_POWDER]);
            const double taken = at->law.take[b] * loose;
            const double shed = at->law.shed[b] * 0.5 * (at->mass[b] + end[b]);
            const int class = b == QN_COATED_BALLS ? QN_CLASS_BALL : QN_CLASS_WALL;
            w->exchange[class][QN_CLASS_LOOSE] += fmin(taken, shed);
            w->exchange[QN_CLASS_LOOSE][class] += fmin(taken, shed);
        }
    }
}

double qn_epochs_span(const struct qn_epochs *e, int k, double milled)
{
    return e->followed ? e->coating.epoch[k].end - e->coating.epoch[k].begin : milled;
}

double qn_epochs_energy(const struct qn_epochs *e, double milled)
{
    double sum = 0.0;
    for (int k = 0; k < e->n; k++) {
        const struct qn_window *w = &e->epoch[k].window;
        const double power = w->span > 0.0 ? qn_collisions_loss(&w->collisions) / w->span : 0.0;
        sum += power * qn_epochs_span(e, k, milled);
    }
    return sum;
}
