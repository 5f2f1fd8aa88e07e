/// @file
/// Wear, contamination, and the accounts of a window in a run file.
#include "app/wear_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_derived.h"
#include "base/array.h"
#include "model/charge.h"
#include "model/wear.h"

enum { PATCHES = QN_MAP_BANDS * QN_MAP_SECTORS };

/// A ball that lost this share of its radius asks for a new window.
static const double SHRINK_LIMIT = 0.05;

double qn_wear_rate(const struct qn_deck *deck, int which, double path)
{
    const struct qn_deck_wear *own = &deck->wear[which];
    return own->coefficient > 0.0 ? deck->material[which].density *
                                        qn_archard_volume(own->coefficient, own->hardness, path)
                                  : 0.0;
}

static void add_elements(const struct qn_deck_wear *of, double rate, struct qn_wear *out)
{
    for (int k = 0; k < of->n_elements; k++) {
        int at = 0;
        while (at < out->n_elements && strcmp(out->symbol[at], of->element[k].symbol) != 0) {
            at++;
        }
        if (at == out->n_elements) {
            snprintf(out->symbol[at], sizeof out->symbol[at], "%s", of->element[k].symbol);
            out->n_elements++;
        }
        out->element[at] += rate * of->element[k].share;
    }
}

void qn_wear_of(const struct qn_deck *deck, const struct qn_window_heat *h, struct qn_wear *out)
{
    const int ball = deck->balls.material, vial = deck->vial.material;
    memset(out, 0, sizeof *out);
    out->asked = deck->wear[ball].coefficient > 0.0 || deck->wear[vial].coefficient > 0.0;
    for (int g = 0; g < deck->balls.n_groups; g++) {
        const double mass = (double)deck->balls.group[g].count * deck->material[ball].density *
                            qn_sphere_volume(deck->balls.group[g].diameter);
        out->rate[g] = qn_wear_rate(deck, ball, h->path[g]);
        out->balls += out->rate[g];
        out->shrink = fmax(out->shrink, out->rate[g] / (3.0 * mass));
    }
    out->rate[QN_LUMP_WALL] = out->wall = qn_wear_rate(deck, vial, h->path[QN_LUMP_WALL]);
    if (deck->powder.material >= 0) {
        out->rate[QN_LUMP_POWDER] = out->powder =
            qn_wear_rate(deck, deck->powder.material, h->path[QN_LUMP_POWDER]);
    }
    add_elements(&deck->wear[ball], out->balls, out);
    add_elements(&deck->wear[vial], out->wall, out);
}

void qn_wear_over(const struct qn_deck *deck, const struct qn_epochs *epochs, struct qn_wear *out)
{
    const double milled = qn_deck_milled(deck);
    memset(out, 0, sizeof *out);
    for (int k = 0; k < epochs->n; k++) {
        struct qn_wear one;
        const double span = qn_epochs_span(epochs, k, milled);
        qn_wear_of(deck, &epochs->epoch[k].window.heat, &one);
        const double balls = out->balls + span * one.balls, wall = out->wall + span * one.wall;
        const double shrink = out->shrink + span * one.shrink;
        const double powder = out->powder + span * one.powder;
        for (int p = 0; p < QN_LUMPS; p++) {
            one.rate[p] = out->rate[p] + span * one.rate[p];
        }
        for (int i = 0; i < one.n_elements; i++) { // elements come in the same order every time
            one.element[i] = out->element[i] + span * one.element[i];
        }
        *out = one;
        out->balls = balls, out->wall = wall, out->shrink = shrink, out->powder = powder;
    }
}

/// Lumps in use, names one a line, and rows over them.
struct lumps {
    int n, of[QN_LUMPS];
};

static struct lumps used(const struct qn_deck *deck, char names[512])
{
    struct lumps l = {0};
    int at = 0;
    for (int p = 0; p < QN_LUMPS; p++) {
        const int there = p < QN_LUMP_WALL ? p < deck->balls.n_groups
                                           : p == QN_LUMP_WALL || deck->powder.material >= 0;
        if (there) {
            l.of[l.n++] = p;
            at += p < QN_LUMP_WALL ? snprintf(names + at, 512 - (size_t)at, "balls_%d ", p + 1)
                                   : snprintf(names + at, 512 - (size_t)at, "%s",
                                              p == QN_LUMP_WALL ? "wall" : " powder");
        }
    }
    return l;
}

static void put_lumps(struct qn_store *store, const struct lumps *l, const char *path,
                      const double *value, const char *unit, const char *text)
{
    double row[QN_LUMPS];
    for (int k = 0; k < l->n; k++) {
        row[k] = value[l->of[k]];
    }
    qn_store_row(store, path, row, (size_t)l->n, unit, text);
}

static void put_heat(const struct qn_window *w, const struct lumps *l, struct qn_store *store)
{
    double square[QN_LUMPS * QN_LUMPS];
    const size_t n = (size_t)l->n, shape[2] = {n, n};
    for (int a = 0; a < l->n; a++) {
        for (int b = 0; b < l->n; b++) {
            square[a * l->n + b] = w->heat.exchange[l->of[a]][l->of[b]];
        }
    }
    put_lumps(store, l, "/heat/window/source", w->heat.source, "W",
              "heat that contacts make in each lump");
    qn_store_number(store, "/heat/window/stored", w->heat.stored, "W",
                    "dissipated but stored in the powder (defects), no heat");
    qn_store_array(store, "/heat/window/exchange", 2, shape, square, "W K-1",
                   "between lumps through contacts and swapped powder");
}

/// The accounts of single bodies: balls, the wall, then parcels or the reserve.
static void put_bodies(const struct qn_window *w, struct qn_store *store)
{
    const size_t n = (size_t)w->n_bodies;
    double *row = qn_alloc(n, sizeof *row);
    static const struct {
        const char *path, *unit, *text;
    } column[3] = {
        {"/heat/window/bodies/rise", "K",
         "of temperature over the window: balls, the wall (held), then parcels or loose powder"},
        {"/heat/window/bodies/heat", "J", "taken up in the window, exchange included"},
        {"/wear/load_path", "N m", "work of sliding over friction in the window, same bodies"}};
    for (int c = 0; c < 3; c++) {
        for (size_t k = 0; k < n; k++) {
            const struct qn_body_heat *b = &w->bodies[k];
            row[k] = c == 0 ? b->rise : c == 1 ? b->heat : b->path;
        }
        qn_store_row(store, column[c].path, row, n, column[c].unit, column[c].text);
    }
    qn_free(row);
}

/// Which parts of the wall slide: a map of the load path and, where asked for, of the wear.
static void put_map(const struct qn_deck *deck, const struct qn_window *w, struct qn_store *store)
{
    const size_t shape[2] = {QN_MAP_BANDS, QN_MAP_SECTORS};
    double area[PATCHES], loss[PATCHES];
    struct qn_vessel empty;
    qn_vial_laws[deck->vial.shape]->build(deck->vial.own, &deck->vial.mesh, &empty);
    qn_wall_map_areas(&empty, area);
    for (int k = 0; k < PATCHES; k++) {
        const double rate = qn_wear_rate(deck, deck->vial.material, w->heat.patch[k]);
        loss[k] = area[k] > 0.0 ? rate / area[k] : 0.0;
    }
    qn_store_array(store, "/wear/wall/area", 2, shape, area, "m2",
                   "of each patch: bands of equal solid angle seen from the vial's centre, from "
                   "-z up, by sectors about z from +x, in the vial's axes");
    qn_store_array(store, "/wear/wall/load_path", 2, shape, w->heat.patch, "N m s-1",
                   "work of sliding over friction per second on each patch");
    qn_store_number(store, "/wear/wall/shaft_load_path", w->heat.shaft, "N m s-1",
                    "the same on bodies of the mill inside the vial");
    if (deck->wear[deck->vial.material].coefficient > 0.0) {
        qn_store_array(store, "/wear/wall/rate", 2, shape, loss, "kg m-2 s-1",
                       "mass the wall loses per area and time");
    }
}

static void put_wear(const struct qn_deck *deck, const struct qn_epochs *epochs,
                     struct qn_store *store)
{
    const struct qn_window *w = &epochs->epoch[0].window;
    struct qn_wear wear, over;
    char names[QN_WEAR_ELEMENTS * 5] = "";
    int at = 0;
    qn_wear_of(deck, &w->heat, &wear);
    qn_wear_over(deck, epochs, &over);
    if (!wear.asked) {
        return;
    }
    const size_t balls = (size_t)(w->n_bodies > 0 ? w->n_bodies : 0);
    double *each = qn_alloc(balls, sizeof *each);
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    for (int64_t k = 0; k < derived.balls; k++) {
        each[k] = qn_wear_rate(deck, deck->balls.material, w->bodies[k].path / w->span);
    }
    qn_store_row(store, "/wear/ball_rate", each, (size_t)derived.balls, "kg s-1",
                 "mass each ball loses");
    qn_free(each);
    const double rate[2] = {wear.balls, wear.wall};
    qn_store_row(store, "/wear/rate", rate, 2, "kg s-1", "mass the balls and the wall lose");
    for (int k = 0; k < wear.n_elements; k++) {
        at += snprintf(names + at, sizeof names - (size_t)at, "%s%s", k ? " " : "", wear.symbol[k]);
    }
    if (wear.n_elements > 0) {
        qn_store_text(store, "/wear/elements", names, "elements of what is worn off, in order");
        qn_store_row(store, "/wear/element_rate", wear.element, (size_t)wear.n_elements, "kg s-1",
                     "of each element");
        qn_store_row(store, "/wear/element_mass", over.element, (size_t)wear.n_elements, "kg",
                     "of each element after all the milling");
    }
}

/// What slides: lumps, and parcels by size.
static void put_slip(const struct qn_deck *deck, const struct qn_window *w, const struct lumps *l,
                     struct qn_store *store)
{
    const size_t n = (size_t)deck->run.n_parcel_groups;
    double rate[QN_MAX_GROUPS];
    put_lumps(store, l, "/wear/slip", w->heat.slip, "W",
              "work of sliding, half to each of the two bodies; lumps as /heat/window/lumps");
    if (deck->run.window_powder != QN_POWDER_PARCELS || n == 0) {
        return;
    }
    qn_store_row(store, "/wear/parcels/slip", w->heat.parcel_slip, n, "W",
                 "the parcels' half, by group");
    qn_store_row(store, "/wear/parcels/load_path", w->heat.parcel_path, n, "N m s-1",
                 "work of sliding over friction per second, by group");
    if (deck->wear[deck->powder.material].coefficient > 0.0) {
        for (size_t g = 0; g < n; g++) {
            rate[g] = qn_wear_rate(deck, deck->powder.material, w->heat.parcel_path[g]);
        }
        qn_store_row(store, "/wear/parcels/rate", rate, n, "kg s-1",
                     "worn off parcels by the powder's coefficient, by group; it stays powder");
    }
}

void qn_wear_results(const struct qn_deck *deck, const struct qn_epochs *epochs,
                     struct qn_store *store)
{
    const struct qn_window *w = &epochs->epoch[0].window;
    char names[512] = "";
    const struct lumps l = used(deck, names);
    qn_store_text(store, "/heat/window/lumps", names, "lumps of the rows below, in order");
    put_heat(w, &l, store);
    put_bodies(w, store);
    put_slip(deck, w, &l, store);
    put_map(deck, w, store);
    put_wear(deck, epochs, store);
}

/// Parcels rub too; what that wears off is known only where the deck says it of the powder.
static void words_of_parcels(const struct qn_deck *deck, const struct qn_window_heat *h,
                             const struct qn_wear *wear, struct qn_text *text)
{
    double all = 0.0;
    if (deck->run.window_powder != QN_POWDER_PARCELS) {
        return;
    }
    for (int p = 0; p < QN_LUMPS; p++) {
        all += h->slip[p];
    }
    qn_text_add(text, "sliding   %.3g W, of which parcels take %.3g W", all,
                h->slip[QN_LUMP_POWDER]);
    if (deck->wear[deck->powder.material].coefficient > 0.0) {
        qn_text_add(text, " and lose %.3g mg/h, which stays powder\n", 3.6e9 * wear->powder);
    } else {
        qn_text_add(text,
                    " (what they lose by it is not known: no wear of the powder's material)\n");
    }
}

void qn_wear_words(const struct qn_deck *deck, const struct qn_epochs *epochs, struct qn_text *text)
{
    struct qn_wear wear, over;
    const double duration = qn_deck_milled(deck);
    qn_wear_of(deck, &epochs->epoch[0].window.heat, &wear);
    qn_wear_over(deck, epochs, &over);
    words_of_parcels(deck, &epochs->epoch[0].window.heat, &wear, text);
    if (!wear.asked) {
        return;
    }
    qn_text_add(text, "wear      balls %.3g mg/h, wall %.3g mg/h", 3.6e9 * wear.balls,
                3.6e9 * wear.wall);
    const double worn = over.balls + over.wall;
    if (duration > 0.0 && deck->powder.material >= 0) {
        qn_text_add(text, "; %.3g %% of the powder after %.3g h of milling",
                    100.0 * worn / deck->powder.mass, duration / 3600.0);
    }
    for (int k = 0; k < wear.n_elements; k++) {
        qn_text_add(text, "%s%s %.3g mg/h", k ? ", " : "\n          ", wear.symbol[k],
                    3.6e9 * wear.element[k]);
    }
    qn_text_add(text, "\n");
    if (duration > 0.0) {
        const double shrunk = over.shrink;
        qn_text_add(text,
                    "          balls would be %.2g %% thinner by then; the mechanics keeps "
                    "their size\n",
                    100.0 * shrunk);
        if (shrunk > SHRINK_LIMIT) {
            qn_text_add(text, "WARNING   that is above %.0f %%: run a new window with worn balls\n",
                        100.0 * SHRINK_LIMIT);
        }
    }
}
