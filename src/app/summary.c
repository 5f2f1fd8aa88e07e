/// @file
/// Figures of merit (definitions: units and words beside each number) and the summary.
#include "app/summary.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/check.h"
#include "app/chem_series.h"
#include "app/coating_report.h"
#include "app/deck_derived.h"
#include "app/heat_balance.h"
#include "app/version.h"
#include "app/wear_report.h"
#include "base/array.h"
#include "bridge/mixing.h"
#include "chem/coupled.h"
#include "io/results.h"
#include "io/text.h"

/// Bounds of the two books: an identity, and the integrator's share of the dissipation.
static const double BOOK_A = 1e-10, BOOK_B = 1e-3;

struct number {
    const char *name;
    double value;
    const char *unit, *text;
};

enum { MOST = 40 };

struct table {
    int n;
    struct number row[MOST];
};

static void add(struct table *t, const char *name, double value, const char *unit, const char *text)
{
    QN_ASSERT(t->n < MOST);
    t->row[t->n++] = (struct number){name, value, unit, text};
}

static double media_impacts(const struct qn_window *w)
{
    return (w->collisions.impacts[QN_BALL_BALL] + w->collisions.impacts[QN_BALL_WALL]) / w->span;
}

static double mean_impact(const struct qn_window *w)
{
    const struct qn_collisions *c = &w->collisions;
    const double n = c->impacts[QN_BALL_BALL] + c->impacts[QN_BALL_WALL];
    const double e = c->impact_n[QN_BALL_BALL] + c->impact_n[QN_BALL_WALL] +
                     c->impact_t[QN_BALL_BALL] + c->impact_t[QN_BALL_WALL];
    return n > 0.0 ? e / n : 0.0;
}

static void mechanics(const struct qn_session *s, const struct qn_window *w, struct table *t)
{
    const double power = qn_collisions_loss(&w->collisions) / w->span;
    const struct qn_deck *d = s->deck;
    struct qn_deck_derived derived;
    qn_deck_derive(d, &derived);
    add(t, "power", power, "W", "power dissipated in all contacts");
    add(t, "power_per_ball_mass", power / derived.ball_mass, "W kg-1", "of ball mass");
    if (d->powder.material >= 0) {
        add(t, "power_per_powder", 1e-3 * power / d->powder.mass, "W g-1", "of powder");
        double mass = 0.0;
        for (int b = 0; b < QN_HOT_BINS; b++) {
            mass += w->hot.mass[b];
        }
        add(t, "powder_exposed", 1e3 * mass / w->span, "g s-1", "powder trapped by contacts");
    }
    add(t, "impacts", media_impacts(w), "s-1", "media impacts with v_n > 0.01 m/s");
    add(t, "impacts_per_ball", media_impacts(w) / (double)derived.balls, "s-1",
        "the same over the number of balls");
    add(t, "mean_impact_energy", 1e3 * mean_impact(w), "mJ", "mean 1/2 m* v^2 of those impacts");
}

static const struct qn_window *first(const struct qn_findings *f)
{
    return &f->epochs->epoch[0].window;
}

static void chemistry(const struct qn_session *s, const struct qn_findings *f, struct table *t)
{
    const struct qn_deck *d = s->deck;
    const struct qn_hours_result *h = f->hours;
    const struct qn_gas *gas = h->ran ? &h->gas : &f->direct->gas;
    const struct qn_merit merit = qn_chem_merit(f->powder, gas);
    const int methane = qn_mechanism_species(&f->powder->mechanism, "CH4");
    const double duration = h->ran ? h->duration : d->run.direct_span;
    const double milled = h->ran ? qn_deck_milled(d) : d->run.direct_span;
    const double used =
        first(f)->span > 0.0 ? qn_epochs_energy(f->epochs, milled) : f->direct->loss;
    const struct qn_phase *metal = &f->powder->mechanism.phase[0];
    const double sites = metal->site_density * f->powder->matter.area[0] * d->powder.mass;
    add(t, "duration", duration / 3600.0, "h", "of the chemistry these figures are of");
    add(t, "conversion_CO2", merit.conversion, "1",
        "CO2 gone from the gas, of the fill (held carbon counts as gone)");
    add(t, "yield_CH4", merit.yield, "1", "CH4 of the carbon filled");
    add(t, "selectivity_CH4", merit.selectivity, "1", "CH4 of the carbon in gas products");
    if (methane >= 0) {
        const double made = qn_chem_made(f->powder, gas, methane - f->powder->mechanism.n_surface);
        add(t, "CH4", 1e3 * made, "mmol", "CH4 made");
        add(t, "site_time_yield", made / (sites * duration), "s-1",
            "CH4 per surface metal site and second, mean of the run");
        add(t, "CH4_per_kWh", used > 0.0 ? made / (used / 3.6e6) : 0.0, "mol kWh-1",
            "per energy dissipated in contacts (not wall plug)");
        add(t, "CH4_per_MJ", used > 0.0 ? made / (1e-6 * used) : 0.0, "mol MJ-1", "the same");
    }
    if (h->ran) {
        add(t, "turnover_frequency", h->tof, "s-1",
            "CH4 per surface metal site and second over the first output interval");
        add(t, "T_dom", h->t_dom, "K",
            "rate-weighted harmonic peak temperature of CH4-making hits");
        add(t, "share_above_800_K", h->above_800, "1", "of that CH4, from hits above 800 K");
    }
    add(t, "dose", 1e-6 * used / d->powder.mass, "kJ g-1", "energy dissipated per powder");
    add(t, "element_residual", fmax(h->residual, f->direct->residual), "1",
        "largest relative change of an element's total");
}

static void words_of_books(const struct qn_ledger *l, struct qn_text *text)
{
    qn_text_add(text,
                "books     first closes to %.1e, integrator's error is %.1e of the "
                "dissipation\n",
                fabs(l->residual_a), fabs(l->residual_b));
    if (fabs(l->residual_a) > BOOK_A || fabs(l->residual_b) > BOOK_B) {
        qn_text_add(text, "WARNING   a book is above its bound (%.0e and %.0e): shorten the step\n",
                    BOOK_A, BOOK_B);
    }
}

static void words_of_window(const struct qn_window *w, struct qn_text *text)
{
    const double power = qn_collisions_loss(&w->collisions) / w->span;
    qn_text_add(text, "window    %.3g s of milling%s, step %.3g us; statistics %s\n", w->span,
                w->reused ? " (reused)" : "", 1e6 * w->dt,
                w->still ? "held still" : "did NOT hold still: lengthen run.window_max");
    qn_text_add(text, "          %.4g W dissipated, %.4g media impacts/s of %.3g mJ on average\n",
                power, media_impacts(w), 1e3 * mean_impact(w));
    words_of_books(&w->ledger, text);
    for (int e = 0; e < w->spectrum.n_energies; e++) {
        const struct qn_interval i = qn_spectrum_interval(&w->spectrum, 0, e);
        qn_text_add(text, "          N_eff %.0f at %.0f kJ/mol, %.0f K", i.n_eff,
                    1e-3 * w->spectrum.energy[e], w->spectrum.T0);
        qn_text_add(text, ": hot time per second %.3g", i.mean);
        if (i.lack == QN_INTERVAL_THERE) {
            qn_text_add(text, ", 95 %% between %.3g and %.3g (%d blocks)\n", i.low, i.high,
                        i.blocks);
        } else {
            char why[QN_INTERVAL_TEXT];
            qn_text_add(text, "\n            %s\n", qn_interval_words(&i, why));
        }
        const struct qn_tail_rate tail = qn_tail_rate(w->events, &w->spectrum, 0, e);
        if (!isnan(tail.fitted)) {
            qn_text_add(text, "            Weibull tail of shape %.2f: %.3g%s\n", tail.tail.shape,
                        tail.fitted,
                        tail.value == tail.fitted ? "" : ", over 2 standard errors off: not used");
        }
    }
}

/// How a class was carried over the hours.
static void words_of_class(const struct qn_findings *f, int c, struct qn_text *text)
{
    const struct qn_hours_result *h = f->hours;
    QN_ASSERT(c >= 0 && c < QN_POWDER_CLASSES);
    const struct qn_criterion *q = &h->criterion[c];
    qn_text_add(text,
                "          %s, %.3g g: A %.2g, eps %.2g at the start, criterion asks for %s; "
                "level: %s",
                qn_powder_class_names[c], 1e3 * first(f)->mass[c], q->A, q->eps,
                qn_level_name(q->level), qn_level_name(h->level[c]));
    if (h->level[c] == QN_LEVEL_REPLAY) {
        qn_text_add(text, ", %d of %.0f carriers of %.3g mg", h->carriers[c], h->population[c],
                    1e6 * h->carrier[c]);
    }
    const double fano = first(f)->spectrum.cls[c].fano;
    qn_text_add(text,
                "\n            hits of a carrier come with Fano factor %.2g; bursts would multiply "
                "rates by "
                "%.4g (not applied)\n",
                fano, qn_burst_factor(fano, q->eps));
}

/// How far single jumps went, and what the gas did meanwhile.
static void words_of_replay(const struct qn_findings *f, struct qn_text *text)
{
    const struct qn_hours_result *h = f->hours;
    qn_text_add(text, "          replay: %lld jumps in %lld intervals, ", (long long)h->jumps,
                (long long)h->intervals);
    if (h->together > 0) {
        qn_text_add(text, "%lld of them with carriers and gas as one system\n",
                    (long long)h->together);
    } else {
        qn_text_add(text, "gas frozen in each%s\n",
                    qn_coupled_fits(&f->powder->mechanism)
                        ? ""
                        : " (the mechanism is none for a coupled gas)");
    }
}

static void words_of_chemistry(const struct qn_findings *f, struct qn_text *text)
{
    const struct qn_direct_result *d = f->direct;
    const struct qn_hours_result *h = f->hours;
    if (f->gate > 0.0) {
        qn_text_add(text, "gate      hot spots below %.3g K of rise give their dose only\n",
                    f->gate);
    }
    if (d->ran) {
        qn_text_add(text, "direct    %lld pulses solved, %lld below the gate (%.2g J of %.3g J)\n",
                    (long long)d->pulses, (long long)d->doses, d->gated_energy, d->loss);
        words_of_books(&d->ledger, text);
        if (d->capped > 0) {
            qn_text_add(text, "          %lld parcel contacts flowed at their force cap\n",
                        (long long)d->capped);
        }
    }
    if (!h->ran) {
        return;
    }
    const struct qn_merit m = qn_chem_merit(f->powder, &h->gas);
    qn_text_add(text,
                "hours     after %.3g h: CO2 conversion %.2f %%, CH4 yield %.2f %%, CH4 "
                "selectivity %.2f %%\n",
                h->duration / 3600.0, 100.0 * m.conversion, 100.0 * m.yield, 100.0 * m.selectivity);
    for (int c = 0; c < h->n_classes; c++) {
        words_of_class(f, c, text);
    }
    if (h->jumps > 0) {
        words_of_replay(f, text);
    }
    qn_text_add(text,
                "          mixing number %.2g (one class would do below 0.01), %d segments, %d "
                "pulse terms\n",
                h->mixing, h->segments, h->terms);
    qn_text_add(text,
                "          T_dom %.0f K, %.0f %% of the CH4 from hits above 800 K; d ln k/d ln "
                "E = %.2g, so 5 %% of energy is %.0f %% of rate\n",
                h->t_dom, 100.0 * h->above_800, h->slope, 5.0 * h->slope);
    qn_text_add(text, "elements  kept to %.1e\n", fmax(h->residual, d->residual));
}

/// Temperatures that the balance gives: at the end of the hours, at last, and how fast.
static void heat(const struct qn_findings *f, struct table *t, struct qn_text *text)
{
    struct qn_climate c, mill; // as the hours left it, and milled for ever
    double now[QN_HEAT_NODES], last[QN_HEAT_NODES];
    const double hours = f->hours->ran ? f->hours->duration : 0.0;
    const struct qn_epoch *end = &f->epochs->epoch[f->epochs->n - 1];
    qn_climate_init(&end->deck, &end->window, &mill);
    c = f->hours->ran ? f->hours->climate : mill;
    if (!mill.computed) {
        return;
    }
    qn_heat_network_at(&c.net, c.begin + hours, now);
    qn_heat_network_end(&mill.net, last);
    const double tau = qn_heat_network_time(&mill.net);
    qn_text_add(text, "heat      ");
    for (int i = 0; i < c.net.n; i++) {
        char name[24];
        qn_climate_name(&c, i, name);
        qn_text_add(text, "%s%s %.1f K", i ? ", " : "", name, hours > 0.0 ? now[i] : last[i]);
    }
    if (hours > 0.0) {
        qn_text_add(text, " after %.3g h\n          wall %.1f K if it were milled for ever, ",
                    hours / 3600.0, last[c.wall]);
    } else {
        qn_text_add(text, " in the end\n          ");
    }
    qn_text_add(text, "slowest e-fold %.3g min; book of heat closes to %.1e\n", tau / 60.0,
                fabs(qn_climate_residual(&c, hours > 0.0 ? hours : tau)));
    add(t, "wall_temperature", hours > 0.0 ? now[c.wall] : last[c.wall], "K",
        "of the vial after the hours (without hours: in the end), by the balance of heat");
    add(t, "ball_temperature", hours > 0.0 ? now[0] : last[0], "K", "the same of the first balls");
    add(t, "heat_residual", fabs(qn_climate_residual(&c, hours > 0.0 ? hours : tau)), "1",
        "third book: heat in - stored - out, over the sum of their sizes");
}

static void wear(const struct qn_session *s, const struct qn_findings *f, struct table *t,
                 struct qn_text *text)
{
    struct qn_wear w, over;
    qn_wear_of(s->deck, &f->epochs->epoch[0].window.heat, &w);
    qn_wear_words(s->deck, f->epochs, text);
    if (!w.asked) {
        return;
    }
    qn_wear_over(s->deck, f->epochs, &over);
    add(t, "wear", 3.6e9 * (w.balls + w.wall), "mg h-1", "mass that balls and wall lose (Archard)");
    if (s->deck->powder.material >= 0 && qn_deck_milled(s->deck) > 0.0) {
        add(t, "contamination", (over.balls + over.wall) / s->deck->powder.mass, "1",
            "mass worn off in the experiment over that of the powder");
    }
}

static enum qn_status results_row(const struct qn_session *s, const struct table *t)
{
    char path[1200], names[MOST + 4][96], texts[MOST + 4][QN_NUMBER_TEXT];
    struct qn_result_cell cell[MOST + 4];
    const char *slash = strrchr(s->options->output, '/');
    const int folder = slash ? (int)(slash - s->options->output) + 1 : 0;
    char hash[24];
    size_t n = 0;
    snprintf(hash, sizeof hash, "%016llx", (unsigned long long)s->deck->mechanical_hash);
    snprintf(path, sizeof path, "%.*sresults.csv", folder, s->options->output);
    cell[n++] = (struct qn_result_cell){"run", s->options->output};
    cell[n++] = (struct qn_result_cell){"deck", s->deck->name};
    cell[n++] = (struct qn_result_cell){"window", hash};
    for (int k = 0; k < t->n; k++) {
        snprintf(names[k], sizeof names[k], "%s [%s]", t->row[k].name, t->row[k].unit);
        cell[n++] = (struct qn_result_cell){names[k], qn_number_text(t->row[k].value, texts[k])};
    }
    return qn_results_append(path, n, cell);
}

enum qn_status qn_summary_write(struct qn_session *s, const struct qn_findings *f)
{
    struct table t = {0};
    struct qn_text text = {0};
    char took[QN_DURATION_TEXT];
    qn_text_add(&text, "%s\n", s->deck->name);
    if (s->deck->mill.assumption[0]) {
        qn_text_add(&text, "WARNING   the mill is assumed: %s\n", s->deck->mill.assumption);
    }
    qn_check_missing(s->deck, &text);
    if (first(f)->span > 0.0) {
        mechanics(s, first(f), &t);
        words_of_window(first(f), &text);
        heat(f, &t, &text);
        wear(s, f, &t, &text);
        qn_coating_words(s->deck, f->epochs, &text);
    }
    if (f->powder && (f->direct->ran || f->hours->ran)) {
        chemistry(s, f, &t);
        words_of_chemistry(f, &text);
    }
    for (int k = 0; k < t.n; k++) {
        char path[96];
        snprintf(path, sizeof path, "/merit/%s", t.row[k].name);
        qn_store_number(s->store, path, t.row[k].value, t.row[k].unit, t.row[k].text);
    }
    qn_text_add(&text, "run file  %s, done in %s\n", s->options->output,
                qn_duration_text(f->wall, took));
    qn_store_text(s->store, "/summary", text.text, "what the run found, in words");
    if (!s->options->quiet) {
        printf("%s", text.text);
        fflush(stdout);
    }
    qn_text_free(&text);
    s->row = results_row(s, &t); // a full disk or a foreign table must not cost the run file
    return QN_OK;
}
