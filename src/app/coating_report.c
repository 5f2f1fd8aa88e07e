/// @file
/// Course of the coatings.
#include "app/coating_report.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "app/deck_coated.h"
#include "app/deck_derived.h"
#include "app/mechanics.h"
#include "base/array.h"
#include "base/constants.h"
#include "dem/restitution.h"

enum { POINTS = 100 }; ///< of the series, and as many borders of epochs as there are

/// How coatings would go on from one window.
struct outlook {
    struct qn_coating_law law;    ///< rates of the window
    double area[2];               ///< of balls and wall                              [m2]
    double now[QN_COATINGS];      ///< in the window                                  [kg]
    double steady[QN_COATINGS];   ///< in the end                                     [kg]
    double tau;                   ///< e-fold of the slower mode                      [s]
    double duration;              ///< milled; without hours five e-folds             [s]
    double then[QN_COATINGS];     ///< after it                                       [kg]
    double drifts;                ///< a coating passes the drift after this; the duration: none [s]
    double restitution, friction; ///< largest relative change of a media pair over the duration [-]
};

/// Restitution of the mean impact of a media pair, and its friction.
static void pair_at(const struct qn_deck *deck, const struct qn_window *w, enum qn_pair_kind pair,
                    double out[2])
{
    struct qn_dem_model model;
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    qn_mechanics_model(deck, QN_POWDER_CARRIED, &model);
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

static void contacts(const struct qn_deck *deck, const struct qn_window *w, struct outlook *o)
{
    struct qn_deck as = *deck; // borrows what it owns
    for (int b = 0; b < 2; b++) {
        const double bulk = deck->material[deck->powder.material].density * deck->powder.packing;
        as.powder.coating_on[b] = o->then[b] / (o->area[b] * bulk);
    }
    for (enum qn_pair_kind pair = QN_BALL_BALL; pair <= QN_BALL_WALL; pair++) {
        double now[2], then[2];
        pair_at(deck, w, pair, now);
        pair_at(&as, w, pair, then);
        o->restitution = fmax(o->restitution, fabs(then[0] / now[0] - 1.0));
        o->friction = fmax(o->friction, now[1] > 0.0 ? fabs(then[1] / now[1] - 1.0) : 0.0);
    }
}

static void look_out(const struct qn_deck *deck, const struct qn_window *w, struct outlook *out)
{
    const double milled = qn_deck_milled(deck);
    *out = (struct outlook){0};
    qn_epochs_rates(deck, w, &out->law, out->area);
    qn_epochs_masses(w, out->now);
    out->tau = qn_coating_time(&out->law);
    memcpy(out->steady, out->now, sizeof out->steady);
    if (isfinite(out->tau)) {
        qn_coating_advance(&out->law, 40.0 * out->tau, out->steady);
    }
    out->duration = milled > 0.0 ? milled : isfinite(out->tau) ? 5.0 * out->tau : 0.0;
    memcpy(out->then, out->now, sizeof out->then);
    qn_coating_advance(&out->law, out->duration, out->then);
    out->drifts = qn_coating_until(&out->law, out->now, deck->powder.coating_drift, out->duration);
    contacts(deck, w, out);
}

static void per_area(const double area[2], const double *m, double out[2])
{
    for (int b = 0; b < 2; b++) {
        out[b] = m[b] / area[b];
    }
}

/// A row of the series at so much milled.
static void put_row(const struct qn_deck *deck, const struct qn_epochs *e, const struct outlook *o,
                    double milled, struct qn_store *store)
{
    const int time = qn_store_series(store, "/coating/time", 1, "s",
                                     "of the hours; without hours, after the window");
    const int sigma = qn_store_series(store, "/coating/sigma", 2, "kg m-2",
                                      "powder on balls and wall, by the coating law");
    const int loose =
        qn_store_series(store, "/coating/loose", 1, "kg", "powder on neither: the charge's rest");
    const double t = deck->run.bridged > 0.0 ? qn_deck_clock(deck, milled) : milled;
    double m[QN_COATINGS], row[2];
    if (e->followed) {
        qn_coating_epochs_at(&e->coating, milled, m);
    } else {
        memcpy(m, o->now, sizeof m);
        qn_coating_advance(&o->law, milled, m);
    }
    per_area(o->area, m, row);
    qn_store_append(store, time, &t);
    qn_store_append(store, sigma, row);
    qn_store_append(store, loose, &m[QN_LOOSE_POWDER]);
}

static void put_series(const struct qn_deck *deck, const struct qn_epochs *e,
                       const struct outlook *o, struct qn_store *store)
{
    int at = 1; // next epoch to begin
    qn_store_drop(store, "/coating/time");
    qn_store_drop(store, "/coating/sigma");
    qn_store_drop(store, "/coating/loose");
    for (int k = 0; k <= POINTS; k++) {
        const double t = o->duration * k / POINTS;
        for (; at < e->n && e->coating.epoch[at].begin < t; at++) {
            put_row(deck, e, o, e->coating.epoch[at].begin, store);
        }
        put_row(deck, e, o, t, store);
    }
}

/// The windows as they followed each other.
static void put_epochs(const struct qn_deck *deck, const struct qn_epochs *e, const double area[2],
                       struct qn_store *store)
{
    enum { TIME, MILLED, POWER, NUMBERS };
    static const struct {
        const char *path, *unit, *text;
    } one[NUMBERS] = {{"/coating/epochs/time", "s", "of the hours at which it begins"},
                      {"/coating/epochs/milled", "s", "time milled then"},
                      {"/coating/epochs/power", "W", "dissipated in its window"}},
      two[] = {{"/coating/epochs/sigma", "kg m-2", "powder on balls and wall as it begins"},
               {"/coating/epochs/restitution", "1",
                "of ball on ball and ball on wall, at the mean impact of its window"},
               {"/coating/epochs/friction", "1", "of ball on ball and ball on wall"},
               {"/coating/epochs/dose_power", "W",
                "energy loose powder takes on balls and wall in its window"},
               {"/coating/epochs/impact_power", "W", "impact energy on balls and wall"}};
    enum { PAIRS = sizeof two / sizeof *two };
    const size_t n = (size_t)e->n, shape[2] = {n, 2};
    double *row = qn_alloc(NUMBERS * n, sizeof *row);
    double(*both)[2] = qn_alloc(PAIRS * n, sizeof *both);
    struct qn_text hashes = {0};
    for (size_t k = 0; k < n; k++) {
        const struct qn_epoch *own = &e->epoch[k];
        const struct qn_window *w = &own->window;
        row[TIME * n + k] = qn_deck_clock(deck, e->coating.epoch[k].begin);
        row[MILLED * n + k] = e->coating.epoch[k].begin;
        row[POWER * n + k] = qn_collisions_loss(&w->collisions) / w->span;
        per_area(area, e->coating.epoch[k].mass, both[k]);
        for (enum qn_pair_kind pair = QN_BALL_BALL; pair <= QN_BALL_WALL; pair++) {
            double of[2];
            pair_at(&own->deck, w, pair, of);
            both[n + k][pair] = of[0];
            both[2 * n + k][pair] = of[1];
        }
        memcpy(both[3 * n + k], w->dose_on, sizeof *both);
        memcpy(both[4 * n + k], w->impact_on, sizeof *both);
        qn_text_add(&hashes, "%016" PRIx64 "\n", w->hash);
    }
    for (size_t i = 0; i < NUMBERS; i++) {
        qn_store_row(store, one[i].path, row + i * n, n, one[i].unit, one[i].text);
    }
    for (size_t i = 0; i < PAIRS; i++) {
        qn_store_array(store, two[i].path, 2, shape, both[i * n], two[i].unit, two[i].text);
    }
    qn_store_text(store, "/coating/epochs/windows", hashes.text,
                  "hashes of the windows, one a line; each is a file");
    qn_text_free(&hashes);
    qn_free(row);
    qn_free(both);
}

void qn_coating_results(const struct qn_deck *deck, const struct qn_epochs *epochs,
                        struct qn_store *store)
{
    const struct qn_window *w = &epochs->epoch[0].window;
    struct outlook o;
    double row[2];
    if (deck->powder.material < 0) {
        return;
    }
    qn_store_row(store, "/coating/dose_power", w->dose_on, 2, "W",
                 "energy that loose powder takes in contacts with balls and wall");
    qn_store_row(store, "/coating/impact_power", w->impact_on, 2, "W",
                 "impact energy (1/2 m* v^2) on balls and wall; of two balls on each");
    if (deck->powder.coating != QN_COATING_LAW) {
        return;
    }
    look_out(deck, w, &o);
    put_series(deck, epochs, &o, store);
    qn_store_row(store, "/coating/take", o.law.take, 2, "s-1",
                 "share of the loose powder that balls and wall pick up, first window");
    qn_store_row(store, "/coating/shed", o.law.shed, 2, "s-1",
                 "share of their coating they shed, first window");
    per_area(o.area, o.steady, row);
    qn_store_row(store, "/coating/steady", row, 2, "kg m-2",
                 "coatings in the end at the rates of the first window");
    qn_store_number(store, "/coating/e_fold", o.tau, "s", "of the slower mode, first window");
    qn_store_number(store, "/coating/drifts_after", o.drifts, "s",
                    "a coating has moved by powder.coating_drift then; the last time: none does");
    if (epochs->followed) {
        put_epochs(deck, epochs, o.area, store);
        qn_store_number(store, "/coating/late", epochs->coating.late, "s",
                        "milled time from which on another window was due but run.windows allowed "
                        "none; all that is milled: never");
    }
}

static void words_of_epochs(const struct qn_deck *deck, const struct qn_epochs *e,
                            const struct outlook *o, struct qn_text *text)
{
    const double milled = qn_deck_milled(deck);
    double last[2];
    for (int k = 0; k < e->n; k++) {
        const struct qn_epoch *own = &e->epoch[k];
        double sigma[2], bb[2], bw[2];
        per_area(o->area, e->coating.epoch[k].mass, sigma);
        pair_at(&own->deck, &own->window, QN_BALL_BALL, bb);
        pair_at(&own->deck, &own->window, QN_BALL_WALL, bw);
        qn_text_add(text,
                    "%s window %d from %.3g h: balls %.3g kg/m2, wall %.3g; e %.3f and %.3f, mu "
                    "%.3f and %.3f; %.4g W%s\n",
                    k ? "         " : "coating  ", k + 1,
                    qn_deck_clock(deck, e->coating.epoch[k].begin) / 3600.0, sigma[0], sigma[1],
                    bb[0], bw[0], bb[1], bw[1],
                    qn_collisions_loss(&own->window.collisions) / own->window.span,
                    own->window.reused ? " (reused)" : "");
    }
    per_area(o->area, e->coating.last, last);
    qn_text_add(text, "          after %.3g h of milling: balls %.3g kg/m2, wall %.3g\n",
                milled / 3600.0, last[0], last[1]);
    if (e->coating.late < milled) {
        qn_text_add(text,
                    "WARNING   a coating has moved by %.3g %% after %.3g h of milling, but "
                    "run.windows allows no more than %d: the last window served the other %.3g h\n",
                    100.0 * deck->powder.coating_drift, e->coating.late / 3600.0, e->n,
                    (milled - e->coating.late) / 3600.0);
    }
}

static void words_of_outlook(const struct qn_deck *deck, const struct outlook *o,
                             struct qn_text *text)
{
    const double drift = deck->powder.coating_drift;
    double now[2], then[2], end[2];
    per_area(o->area, o->now, now);
    per_area(o->area, o->then, then);
    per_area(o->area, o->steady, end);
    qn_text_add(
        text,
        "coating   balls %.3g kg/m2, wall %.3g; after %.3g h %.3g and %.3g, in the end %.3g "
        "and %.3g (e-fold %.3g h)\n",
        now[0], now[1], o->duration / 3600.0, then[0], then[1], end[0], end[1], o->tau / 3600.0);
    if (o->drifts < o->duration || fmax(o->restitution, o->friction) > drift) {
        qn_text_add(text,
                    "WARNING   a coating has moved by %.3g %% after %.3g min, restitution by %.2g "
                    "%% and friction by %.2g %% in all: one window cannot serve it (run.windows)\n",
                    100.0 * drift, o->drifts / 60.0, 100.0 * o->restitution, 100.0 * o->friction);
    }
}

void qn_coating_words(const struct qn_deck *deck, const struct qn_epochs *epochs,
                      struct qn_text *text)
{
    struct outlook o;
    if (deck->powder.material < 0) {
        return;
    }
    if (deck->powder.coating != QN_COATING_LAW) {
        qn_text_add(text,
                    "coating   held at %.3g kg/m2 on balls, %.3g on the wall (powder.coating: "
                    "constant, an assumption)\n",
                    qn_mechanics_coating(deck, QN_COATED_BALLS),
                    qn_mechanics_coating(deck, QN_COATED_WALL));
        return;
    }
    look_out(deck, &epochs->epoch[0].window, &o);
    if (epochs->followed) {
        words_of_epochs(deck, epochs, &o, text);
    } else {
        words_of_outlook(deck, &o, text);
    }
}
