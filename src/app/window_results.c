/// @file
/// The window's spectra, blocks, ledger and statistics in a run file.
#include "app/window_data.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ledger_results.h"
#include "base/array.h"

static void collisions(const struct qn_window *w, struct qn_store *store)
{
    const struct qn_collisions *c = &w->collisions;
    double edges[QN_ENERGY_BINS + 1], map_edges[QN_MAP_BINS + 1];
    double rate[QN_PAIR_KINDS][QN_ENERGY_BINS], power[QN_PAIR_KINDS][QN_ENERGY_BINS];
    double loss[QN_PAIR_KINDS][QN_ENERGY_BINS], map[QN_MAP_BINS][QN_MAP_BINS];
    char kinds[128] = "";
    for (int b = 0; b <= QN_ENERGY_BINS; b++) {
        edges[b] = QN_ENERGY_LOWEST * pow(10.0, 0.1 * b);
    }
    for (int b = 0; b <= QN_MAP_BINS; b++) {
        map_edges[b] = edges[2 * b];
    }
    for (int p = 0; p < QN_PAIR_KINDS; p++) {
        for (int b = 0; b < QN_ENERGY_BINS; b++) {
            rate[p][b] = c->count[p][b] / w->span;
            power[p][b] = c->energy[p][b] / w->span;
            loss[p][b] = c->loss[p][b] / w->span;
        }
        snprintf(kinds + 16 * p, 17, "%-16s", qn_pair_kind_name((enum qn_pair_kind)p));
    }
    for (int a = 0; a < QN_MAP_BINS; a++) {
        for (int b = 0; b < QN_MAP_BINS; b++) {
            map[a][b] = c->map[a][b] / w->span;
        }
    }
    const size_t shape[2] = {QN_PAIR_KINDS, QN_ENERGY_BINS}, square[2] = {QN_MAP_BINS, QN_MAP_BINS};
    qn_store_row(store, "/spectra/collisions/energy_edges", edges, QN_ENERGY_BINS + 1, "J",
                 "edges of the energy bins");
    qn_store_text(store, "/spectra/collisions/pair_kinds", kinds,
                  "rows of the tables below, 16 letters each");
    qn_store_array(store, "/spectra/collisions/rate", 2, shape, &rate[0][0], "s-1",
                   "impacts per second by 1/2 m* (v_n^2 + v_t^2) at first touch");
    qn_store_array(store, "/spectra/collisions/power", 2, shape, &power[0][0], "W",
                   "their energy per second");
    qn_store_array(store, "/spectra/collisions/dissipated_rate", 2, shape, &loss[0][0], "s-1",
                   "impacts per second by dissipated energy (first piece of a lasting contact)");
    qn_store_row(store, "/spectra/collisions/map_edges", map_edges, QN_MAP_BINS + 1, "J",
                 "edges of the map's bins");
    qn_store_array(store, "/spectra/collisions/map", 2, square, &map[0][0], "s-1",
                   "media impacts per second, normal (rows) by tangential energy");
}

static void hot(const struct qn_window *w, struct qn_store *store)
{
    double edges[QN_HOT_BINS + 1], rate[QN_HOT_BINS], mass[QN_HOT_BINS], power[QN_HOT_BINS];
    for (int b = 0; b <= QN_HOT_BINS; b++) {
        edges[b] = QN_HOT_LOWEST * pow(10.0, 0.1 * b);
    }
    for (int b = 0; b < QN_HOT_BINS; b++) {
        rate[b] = w->hot.hits[b] / w->span;
        mass[b] = w->hot.mass[b] / w->span;
        power[b] = w->hot.energy[b] / w->span;
    }
    qn_store_row(store, "/spectra/hot/edges", edges, QN_HOT_BINS + 1, "K",
                 "edges of the bins of the peak rise");
    qn_store_row(store, "/spectra/hot/rate", rate, QN_HOT_BINS, "s-1", "exposures per second");
    qn_store_row(store, "/spectra/hot/mass_rate", mass, QN_HOT_BINS, "kg s-1",
                 "powder exposed per second");
    qn_store_row(store, "/spectra/hot/power", power, QN_HOT_BINS, "W",
                 "energy taken up by the powder per second");
}

static void blocks(const struct qn_window *w, struct qn_store *store)
{
    static const struct {
        const char *name, *unit, *text;
    } column[5] = {{"time", "s", "mill time at the end of each block"},
                   {"power", "W", "dissipated power"},
                   {"kinetic", "J", "kinetic energy in vial-centred axes at the end of the block"},
                   {"impacts", "s-1", "impacts per second"},
                   {"mass", "kg s-1", "powder exposed per second"}};
    double row[QN_WINDOW_BLOCKS];
    for (int c = 0; c < 5; c++) {
        char path[64];
        for (int b = 0; b < w->n_blocks; b++) {
            const double *first = &w->block[b].time;
            row[b] = first[c];
        }
        snprintf(path, sizeof path, "/mechanics/window/%s", column[c].name);
        qn_store_row(store, path, row, (size_t)w->n_blocks, column[c].unit, column[c].text);
    }
}

static void strong(const struct qn_window *w, struct qn_store *store)
{
    const size_t shape[2] = {(size_t)w->n_strong, QN_STRONG_FIELDS};
    char names[256] = "";
    int at = 0;
    for (int k = 0; qn_strong_columns[k]; k++) {
        at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", k ? " " : "",
                       qn_strong_columns[k]);
    }
    qn_store_text(store, "/spectra/strong/columns", names, "columns of the table, SI units");
    if (w->n_strong > 0) {
        qn_store_array(store, "/spectra/strong/table", 2, shape, &w->strong[0][0], "SI",
                       "media episodes above the 99 % quantile of dissipated energy, in full");
    }
}

/// The joint spectrum, flat; its layout is in the description.
static void pulses(const struct qn_window *w, struct qn_store *store)
{
    const size_t n = qn_spectrum_packed(&w->spectrum);
    double *flat = qn_alloc(n, sizeof *flat);
    qn_spectrum_pack(&w->spectrum, flat);
    qn_store_row(
        store, "/spectra/pulses/flat", flat, n, "SI",
        "joint spectrum of pulses: version, classes, kinds, bins, energies, pieces, begin, "
        "span, T0, n_energies, cycle, piece length, energies; per class mass, fano, then per kind "
        "and bin hits, mass, energy, mass-weighted dT, dT^2, dose, pressure, shear, t_c, cool, "
        "t_cut, kept, sink, lead, lead_share, slip; weights, squares, weights and energy by piece");
    qn_free(flat);
}

/// The stored exposures as a table, classes one after the other.
static void events(const struct qn_window *w, struct qn_store *store)
{
    const struct qn_reservoir *r = w->events;
    double threshold[QN_SPECTRUM_CLASSES], seen[QN_SPECTRUM_CLASSES];
    char names[256] = "";
    size_t n = 0;
    int at = 0;
    for (int k = 0; qn_reservoir_columns[k]; k++) {
        at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", k ? " " : "",
                       qn_reservoir_columns[k]);
    }
    for (int c = 0; c < r->n_classes; c++) {
        threshold[c] = r->cls[c].threshold;
        seen[c] = r->cls[c].count;
        n += r->cls[c].n;
    }
    double(*table)[QN_RESERVOIR_COLUMNS] = qn_alloc(n, sizeof *table);
    size_t row = 0;
    for (int c = 0; c < r->n_classes; c++) {
        for (size_t k = 0; k < r->cls[c].n; k++) {
            qn_reservoir_row(&r->cls[c].event[k], c, table[row++]);
        }
    }
    const size_t shape[2] = {n, QN_RESERVOIR_COLUMNS};
    qn_store_text(store, "/spectra/exposures/columns", names,
                  "columns of the table with units; kind as in the joint spectrum");
    qn_store_row(store, "/spectra/exposures/seen", seen, (size_t)r->n_classes, "1",
                 "exposures of each class in the window");
    qn_store_row(store, "/spectra/exposures/threshold", threshold, (size_t)r->n_classes, "J",
                 "energy from which every exposure of a class is in the table (inf: none)");
    if (n > 0) {
        qn_store_array(store, "/spectra/exposures/table", 2, shape, &table[0][0], "SI",
                       "exposures above the threshold in full (weight 1), of the rest a uniform "
                       "sample of each pulse kind and bin, `weight` standing for so many");
    }
    qn_free(table);
}

/// What tells the classes of powder apart.
static void classes(const struct qn_window *w, struct qn_store *store)
{
    double fano[QN_POWDER_CLASSES], exchange[QN_POWDER_CLASSES * QN_POWDER_CLASSES];
    char names[128] = "";
    const int n = w->spectrum.n_classes;
    int at = 0;
    for (int a = 0; a < n; a++) {
        at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", a ? " " : "",
                       qn_powder_class_names[a]);
        fano[a] = w->spectrum.cls[a].fano;
        memcpy(exchange + a * n, w->exchange[a], (size_t)n * sizeof *exchange);
    }
    const size_t square[2] = {(size_t)n, (size_t)n};
    qn_store_text(store, "/statistics/classes/names", names, "classes of powder, in order");
    qn_store_row(store, "/statistics/classes/mass", w->mass, (size_t)n, "kg",
                 "powder of each class, mean over the window");
    qn_store_row(store, "/statistics/classes/fano", fano, (size_t)n, "1",
                 "variance over mean of the hits of a carrier in a block");
    qn_store_array(store, "/statistics/classes/exchange", 2, square, exchange, "kg s-1",
                   "powder that two classes swap");
}

static void statistics(const struct qn_window *w, struct qn_store *store)
{
    if (w->settled[0] > 0.0) {
        qn_store_row(store, "/mechanics/settling", w->settled, 2, "s; 1",
                     "time the bodies took to rest before the mill turned; the mean of their "
                     "kinetic energy over m g R then");
    }
    qn_store_number(store, "/statistics/span", w->span, "s", "mill time of the window");
    qn_store_number(store, "/statistics/held_still", w->still, "1",
                    "1: power and impact rate of the halves agree within the tolerance");
    qn_store_number(store, "/statistics/step", w->dt, "s", "time step");
    qn_store_number(store, "/statistics/episodes", (double)w->episodes, "1", "episodes seen");
    for (int e = 0; e < w->spectrum.n_energies; e++) {
        const struct qn_interval i = qn_spectrum_interval(&w->spectrum, 0, e);
        char path[96], text[160];
        const double kj = 1e-3 * w->spectrum.energy[e];
        snprintf(path, sizeof path, "/statistics/n_eff_%.0f_kJ_mol", kj);
        snprintf(text, sizeof text, "independent hits that carry an Arrhenius rate of %.0f kJ/mol",
                 kj);
        qn_store_number(store, path, i.n_eff, "1", text);
        const double row[3] = {i.mean, i.low, i.high};
        char why[QN_INTERVAL_TEXT];
        snprintf(path, sizeof path, "/statistics/hot_time_%.0f_kJ_mol", kj);
        snprintf(text, sizeof text,
                 "hot time per second at the cold rate, %.0f kJ/mol: mean, 95 %% interval (NaN: "
                 "none, see interval_lack)",
                 kj);
        qn_store_row(store, path, row, 3, "1", text);
        snprintf(path, sizeof path, "/statistics/interval_lack_%.0f_kJ_mol", kj);
        qn_store_text(store, path, qn_interval_words(&i, why),
                      "why there is no interval and how long a window would have one");
        const struct qn_tail_rate tail = qn_tail_rate(w->events, &w->spectrum, 0, e);
        const double both[4] = {tail.raw, tail.fitted, tail.value, tail.tail.shape};
        snprintf(path, sizeof path, "/statistics/tail_%.0f_kJ_mol", kj);
        qn_store_row(store, path, both, 4, "1",
                     "hot time per second: raw, with a Weibull tail above the 95 % quantile of "
                     "energy, the one to take (raw where they differ by over 2 standard errors); "
                     "shape of the tail");
        snprintf(path, sizeof path, "/statistics/correlation_%.0f_kJ_mol", kj);
        qn_store_number(store, path, i.correlation, "s", "integrated correlation time");
    }
}

void qn_window_results(const struct qn_window *w, struct qn_store *store)
{
    char text[64];
    snprintf(text, sizeof text, "%g", QN_IMPACT_SPEED);
    qn_store_attr(store, "/", "impact_speed", text);
    collisions(w, store);
    hot(w, store);
    blocks(w, store);
    qn_ledger_results(store, "/mechanics/ledger", &w->ledger);
    strong(w, store);
    pulses(w, store);
    if (w->mass[QN_CLASS_BALL] > 0.0) {
        classes(w, store);
        events(w, store);
    }
    statistics(w, store);
}
