/// @file
/// Outlook of the coatings.
#include "app/coating_report.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/mechanics.h"
#include "base/constants.h"
#include "dem/restitution.h"
#include "model/charge.h"

enum { POINTS = 100 }; ///< of the series

static void rates(const struct qn_deck *d, const struct qn_window *w,
                  struct qn_coating_outlook *out)
{
    const struct qn_deck_powder *p = &d->powder;
    const double bulk = d->material[p->material].density * p->packing;
    const double loose = out->now[QN_LOOSE_POWDER];
    for (int b = 0; b < 2; b++) {
        out->law.take[b] = loose > 0.0 ? p->pick_up * w->dose_on[b] / loose : 0.0;
        out->law.shed[b] = p->shed * w->impact_on[b] / out->area[b];
        out->law.most[b] = p->coating_limit * bulk * out->area[b];
    }
}

/// Media pair `pair` with the coatings `m`: restitution of its mean impact, and friction.
static void pair_at(const struct qn_deck *deck, const struct qn_window *w,
                    const struct qn_coating_outlook *o, const double *m, int pair, double out[2])
{
    struct qn_deck as = *deck; // borrows what it owns; another layer is another sigma
    struct qn_dem_model model;
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    const double per_area = qn_mechanics_coating(deck);
    const double ball = m[QN_COATED_BALLS] / o->area[QN_COATED_BALLS];
    const double wall = m[QN_COATED_WALL] / o->area[QN_COATED_WALL];
    const double both = pair == QN_BALL_BALL ? ball : 0.5 * (ball + wall);
    as.powder.layer *= both / per_area;
    qn_mechanics_model(&as, QN_POWDER_CARRIED, &model);
    const double mass = derived.ball_mass / (double)derived.balls;
    const double radius = cbrt(0.75 * derived.ball_volume / (double)derived.balls / QN_PI);
    const double share = pair == QN_BALL_BALL ? 0.5 : 1.0;
    const double hits = w->collisions.impacts[pair];
    const double energy = hits > 0.0 ? w->collisions.impact_n[pair] / hits : 0.0;
    const double speed = sqrt(2.0 * energy / (share * mass));
    const struct qn_pair_class *c = &model.classes[pair];
    out[0] = qn_restitution(c, speed, share * radius, share * mass);
    out[1] = c->friction;
}

static void contacts(const struct qn_deck *deck, const struct qn_window *w,
                     struct qn_coating_outlook *o)
{
    for (int pair = QN_BALL_BALL; pair <= QN_BALL_WALL; pair++) {
        double now[2], then[2];
        pair_at(deck, w, o, o->now, pair, now);
        pair_at(deck, w, o, o->then, pair, then);
        o->restitution = fmax(o->restitution, fabs(then[0] / now[0] - 1.0));
        o->friction = fmax(o->friction, now[1] > 0.0 ? fabs(then[1] / now[1] - 1.0) : 0.0);
    }
}

void qn_coating_outlook_of(const struct qn_deck *deck, const struct qn_window *w,
                           struct qn_coating_outlook *out)
{
    struct qn_deck_derived derived;
    memset(out, 0, sizeof *out);
    if (deck->powder.material < 0 || deck->powder.coating != QN_COATING_LAW || !(w->span > 0.0)) {
        return;
    }
    qn_deck_derive(deck, &derived);
    out->asked = 1;
    out->area[QN_COATED_BALLS] = derived.ball_area;
    out->area[QN_COATED_WALL] = derived.vial_area;
    out->now[QN_COATED_BALLS] = w->mass[QN_CLASS_BALL];
    out->now[QN_COATED_WALL] = w->mass[QN_CLASS_WALL];
    out->now[QN_LOOSE_POWDER] = w->mass[QN_CLASS_LOOSE] + w->mass[QN_CLASS_DEAD];
    rates(deck, w, out);
    out->tau = qn_coating_time(&out->law);
    memcpy(out->steady, out->now, sizeof out->steady);
    if (isfinite(out->tau)) {
        qn_coating_advance(&out->law, 40.0 * out->tau, out->steady);
    }
    out->duration = deck->run.bridged > 0.0 ? deck->run.bridged
                    : isfinite(out->tau)    ? 5.0 * out->tau
                                            : 0.0;
    memcpy(out->then, out->now, sizeof out->then);
    qn_coating_advance(&out->law, out->duration, out->then);
    out->drifts = qn_coating_until(&out->law, out->now, QN_COATING_DRIFT, out->duration);
    contacts(deck, w, out);
}

static void per_area(const struct qn_coating_outlook *o, const double *m, double out[2])
{
    for (int b = 0; b < 2; b++) {
        out[b] = m[b] / o->area[b];
    }
}

static void put_series(const struct qn_coating_outlook *o, struct qn_store *store)
{
    const int time = qn_store_series(store, "/coating/time", 1, "s", "time after the window");
    const int sigma = qn_store_series(store, "/coating/sigma", 2, "kg m-2",
                                      "powder on balls and wall, by the coating law");
    const int loose =
        qn_store_series(store, "/coating/loose", 1, "kg", "powder on neither: the charge's rest");
    for (int k = 0; k <= POINTS; k++) {
        const double t = o->duration * k / POINTS;
        double m[QN_COATINGS], row[2];
        memcpy(m, o->now, sizeof m);
        qn_coating_advance(&o->law, t, m);
        per_area(o, m, row);
        qn_store_append(store, time, &t);
        qn_store_append(store, sigma, row);
        qn_store_append(store, loose, &m[QN_LOOSE_POWDER]);
    }
}

void qn_coating_results(const struct qn_deck *deck, const struct qn_window *w,
                        struct qn_store *store)
{
    struct qn_coating_outlook o;
    double row[2];
    if (deck->powder.material < 0) {
        return;
    }
    qn_store_row(store, "/coating/dose_power", w->dose_on, 2, "W",
                 "energy that loose powder takes in contacts with balls and wall");
    qn_store_row(store, "/coating/impact_power", w->impact_on, 2, "W",
                 "impact energy (1/2 m* v^2) on balls and wall; of two balls on each");
    qn_coating_outlook_of(deck, w, &o);
    if (!o.asked) {
        return;
    }
    qn_store_drop(store, "/coating/time");
    qn_store_drop(store, "/coating/sigma");
    qn_store_drop(store, "/coating/loose");
    put_series(&o, store);
    qn_store_row(store, "/coating/take", o.law.take, 2, "s-1",
                 "share of the loose powder that balls and wall pick up");
    qn_store_row(store, "/coating/shed", o.law.shed, 2, "s-1", "share of their coating they shed");
    per_area(&o, o.steady, row);
    qn_store_row(store, "/coating/steady", row, 2, "kg m-2", "coatings in the end");
    qn_store_number(store, "/coating/e_fold", o.tau, "s", "of the slower mode");
    qn_store_number(store, "/coating/drifts_after", o.drifts, "s",
                    "a coating has moved by 5 % then; the last time of the series: none does");
}

void qn_coating_words(const struct qn_deck *deck, const struct qn_window *w, struct qn_text *text)
{
    struct qn_coating_outlook o;
    double now[2], then[2], end[2];
    if (deck->powder.material < 0) {
        return;
    }
    qn_coating_outlook_of(deck, w, &o);
    if (!o.asked) {
        qn_text_add(text,
                    "coating   held at %.3g kg/m2 on balls and wall (powder.coating: "
                    "constant, an assumption)\n",
                    qn_mechanics_coating(deck));
        return;
    }
    per_area(&o, o.now, now);
    per_area(&o, o.then, then);
    per_area(&o, o.steady, end);
    qn_text_add(
        text,
        "coating   balls %.3g kg/m2, wall %.3g; after %.3g h %.3g and %.3g, in the end %.3g "
        "and %.3g (e-fold %.3g h)\n",
        now[0], now[1], o.duration / 3600.0, then[0], then[1], end[0], end[1], o.tau / 3600.0);
    if (o.drifts < o.duration || fmax(o.restitution, o.friction) > QN_COATING_DRIFT) {
        qn_text_add(
            text,
            "WARNING   a coating has moved by %.0f %% after %.3g min, restitution by %.2g %% "
            "and friction by %.2g %% in all: run a new window with the layer of then\n",
            100.0 * QN_COATING_DRIFT, o.drifts / 60.0, 100.0 * o.restitution, 100.0 * o.friction);
    }
}
