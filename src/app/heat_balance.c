/// @file
/// The network of a deck and its window.
#include "app/heat_balance.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/heat_gas.h"
#include "base/constants.h"
#include "base/error.h"
#include "model/charge.h"
#include "model/heat.h"

/// Lump of the network for a lump of the window, -1: not there.
static int lump_of(const struct qn_climate *c, int lump)
{
    return lump == QN_LUMP_WALL     ? c->wall
           : lump == QN_LUMP_POWDER ? c->powder
           : lump < c->n_groups     ? lump
                                    : -1;
}

/// Capacities, and which share of the powder lies where.
static void masses(struct qn_climate *c, const struct qn_deck *d)
{
    struct qn_carriers k = {0};
    const struct qn_material *ball = &d->material[d->balls.material];
    double all = 0.0, capacity = 0.0;
    if (d->powder.material >= 0) {
        qn_carriers_init(d, d->run.window_powder, &k);
        capacity = d->material[d->powder.material].heat_capacity;
    }
    int at = 0;
    for (int g = 0; g < c->n_groups; g++) {
        const double own = qn_sphere_volume(d->balls.group[g].diameter) * ball->density;
        c->net.capacity[g] = (double)d->balls.group[g].count * own * ball->heat_capacity;
        for (int64_t b = 0; b < d->balls.group[g].count && k.n > 0; b++) {
            c->share[g] += k.mass[at++];
        }
    }
    c->net.capacity[c->wall] = d->heat.vial_mass * d->material[d->vial.material].heat_capacity;
    c->share[c->wall] = k.n > 0 ? k.mass[k.wall] : 0.0;
    for (int b = k.loose; b < k.n; b++) {
        c->powder = c->wall + 1;
        c->share[c->powder] += k.mass[b];
    }
    c->lump_of_class[QN_CLASS_BALL] = -1;
    c->lump_of_class[QN_CLASS_WALL] = c->wall;
    c->lump_of_class[QN_CLASS_LOOSE] = c->lump_of_class[QN_CLASS_DEAD] = c->powder;
    for (int i = 0; i < QN_HEAT_NODES; i++) {
        c->net.capacity[i] += c->share[i] * capacity;
        all += c->share[i];
    }
    for (int i = 0; i < QN_HEAT_NODES && all > 0.0; i++) {
        c->share[i] /= all;
    }
    qn_carriers_free(&k);
}

/// What the window measured: contacts and swapped powder.
static void contacts(struct qn_climate *c, const struct qn_window_heat *h)
{
    for (int p = 0; p < QN_LUMPS; p++) {
        const int i = lump_of(c, p);
        if (i < 0) {
            continue;
        }
        c->net.source[i] += h->source[p];
        for (int q = 0; q < QN_LUMPS; q++) {
            const int j = lump_of(c, q);
            if (j >= 0 && j != i) {
                c->net.link[i][j] = h->exchange[p][q];
            }
        }
    }
}

/// The gas between balls, wall and loose powder.
static void gas(struct qn_climate *c, const struct qn_deck *d, const struct qn_window *w)
{
    struct qn_gas_links links;
    qn_gas_links_init(d, w, &links);
    if (links.n == 0) {
        return;
    }
    c->gas = c->net.n++;
    c->net.capacity[c->gas] = links.capacity;
    int at = 0;
    for (int g = 0; g < c->n_groups; g++) {
        for (int64_t k = 0; k < d->balls.group[g].count; k++) {
            c->net.link[g][c->gas] += links.body[at++];
        }
    }
    c->net.link[c->wall][c->gas] = links.body[at++];
    for (; at < links.n && c->powder >= 0; at++) {
        c->net.link[c->powder][c->gas] += links.body[at];
    }
    for (int i = 0; i < c->gas; i++) {
        c->net.link[c->gas][i] = c->net.link[i][c->gas];
    }
    qn_gas_links_free(&links);
}

void qn_climate_init(const struct qn_deck *deck, const struct qn_window *w, struct qn_climate *c)
{
    memset(c, 0, sizeof *c);
    if (deck->heat.balance != QN_HEAT_COMPUTED) {
        return;
    }
    c->computed = 1;
    c->n_groups = c->wall = deck->balls.n_groups;
    c->powder = c->gas = -1;
    c->begin = deck->run.direct_span;
    masses(c, deck);
    c->net.n = (c->powder >= 0 ? c->powder : c->wall) + 1;
    contacts(c, &w->heat);
    gas(c, deck, w);
    c->net.source[c->wall] += deck->heat.drive_loss;
    c->net.loss[c->wall] = deck->heat.cooling;
    c->net.ambient = deck->heat.ambient;
    for (int i = 0; i < c->net.n; i++) {
        c->net.start[i] = deck->chemistry.bulk_temperature;
    }
    memcpy(c->source, c->net.source, sizeof c->source);
    for (int k = 0; k < deck->run.n_stages; k++) {
        c->holds |= deck->run.stage[k].act == QN_ACT_HOLD;
    }
    qn_heat_network_solve(&c->net);
}

static struct qn_heat_book book_at(const struct qn_climate *c, double t)
{
    struct qn_heat_book book = qn_heat_network_book(&c->net, c->begin + t);
    book.in += c->before.in;
    book.stored += c->before.stored;
    book.out += c->before.out;
    return book;
}

void qn_climate_stage(struct qn_climate *c, double t, int milled)
{
    double T[QN_HEAT_NODES];
    qn_heat_network_at(&c->net, c->begin + t, T);
    c->before = book_at(c, t);
    c->begin = -t;
    for (int i = 0; i < c->net.n; i++) {
        c->net.start[i] = T[i];
        c->net.source[i] = milled ? c->source[i] : 0.0;
    }
    qn_heat_network_solve(&c->net);
}

/// Temperatures after capacity has moved from loose powder to media and back; heat is kept.
static void carry(const struct qn_heat_network *was, const struct qn_heat_network *is, int loose,
                  double T[QN_HEAT_NODES])
{
    double heat = was->capacity[loose] * T[loose], capacity = was->capacity[loose];
    for (int i = 0; i < was->n; i++) {
        const double gain = i == loose ? 0.0 : is->capacity[i] - was->capacity[i];
        capacity -= gain;
        heat -= gain * (gain > 0.0 ? T[loose] : T[i]);
        if (gain > 0.0) {
            T[i] = (was->capacity[i] * T[i] + gain * T[loose]) / is->capacity[i];
        }
    }
    T[loose] = heat / capacity;
}

void qn_climate_window(struct qn_climate *c, double t, const struct qn_deck *deck,
                       const struct qn_window *w, int milled)
{
    struct qn_climate next;
    double T[QN_HEAT_NODES];
    qn_climate_init(deck, w, &next);
    QN_ASSERT(next.net.n == c->net.n);
    qn_heat_network_at(&c->net, c->begin + t, T);
    if (c->powder >= 0) {
        carry(&c->net, &next.net, c->powder, T);
    }
    next.before = book_at(c, t);
    next.begin = -t;
    next.offset = c->offset;
    next.store = c->store;
    next.time = c->time;
    next.heat = c->heat;
    memcpy(next.series, c->series, sizeof next.series);
    for (int i = 0; i < next.net.n; i++) {
        next.net.start[i] = T[i];
        next.net.source[i] = milled ? next.source[i] : 0.0;
    }
    qn_heat_network_solve(&next.net);
    *c = next;
}

static double powder_of(const struct qn_climate *c, const double *T)
{
    double mean = 0.0;
    for (int i = 0; i < c->net.n; i++) {
        mean += c->share[i] * T[i];
    }
    return mean;
}

double qn_climate_powder(const struct qn_climate *c, double t)
{
    double T[QN_HEAT_NODES];
    qn_heat_network_at(&c->net, c->begin + t, T);
    return powder_of(c, T);
}

/// Of what lies on balls: their mean by powder, by number of groups where none lies there.
static double balls_of(const struct qn_climate *c, const double *T)
{
    double sum = 0.0, all = 0.0, plain = 0.0;
    for (int g = 0; g < c->n_groups; g++) {
        sum += c->share[g] * T[g];
        all += c->share[g];
        plain += T[g] / c->n_groups;
    }
    return all > 0.0 ? sum / all : plain;
}

void qn_climate_classes(const struct qn_climate *c, double t, double T[QN_SPECTRUM_CLASSES])
{
    double lump[QN_HEAT_NODES];
    qn_heat_network_at(&c->net, c->begin + t, lump);
    const double balls = balls_of(c, lump);
    for (int k = 0; k < QN_SPECTRUM_CLASSES; k++) {
        const int at = c->lump_of_class[k];
        T[k] = at >= 0 ? lump[at] : balls;
    }
}

double qn_climate_gas(const struct qn_climate *c, double t)
{
    double T[QN_HEAT_NODES];
    qn_heat_network_at(&c->net, c->begin + t, T);
    return c->gas >= 0 ? T[c->gas] : powder_of(c, T);
}

double qn_climate_direct(const struct qn_climate *c, double t, double T[QN_HEAT_NODES])
{
    qn_heat_network_at(&c->net, t, T);
    return qn_climate_gas(c, t - c->begin);
}

void qn_climate_of(const void *climate, double t, double *T)
{
    const struct qn_climate *c = climate;
    qn_climate_classes(c, t + c->offset, T);
}

static double change_of(const struct qn_climate *c, double from, double to)
{
    double a[QN_SPECTRUM_CLASSES], b[QN_SPECTRUM_CLASSES], worst = 0.0;
    qn_climate_classes(c, from, a);
    qn_climate_classes(c, to, b);
    for (int k = 0; k < QN_SPECTRUM_CLASSES; k++) {
        worst = fmax(worst, fabs(b[k] - a[k]));
    }
    return worst;
}

double qn_climate_until(const struct qn_climate *c, double t, double until, double change)
{
    double length = until - t;
    while (change_of(c, t, t + length) > change) {
        length *= 0.5;
    }
    return length < until - t ? t + length : until;
}

double qn_climate_coldest(const struct qn_climate *c)
{
    double T[QN_HEAT_NODES];
    qn_heat_network_end(&c->net, T);
    double least = c->holds ? c->net.ambient : HUGE_VAL;
    for (int i = 0; i < c->net.n; i++) {
        least = c->share[i] > 0.0 ? fmin(least, fmin(c->net.start[i], T[i])) : least;
    }
    return least;
}

double qn_climate_residual(const struct qn_climate *c, double t)
{
    const struct qn_heat_book book = book_at(c, t);
    const double scale = fabs(book.in) + fabs(book.stored) + fabs(book.out);
    return scale > 0.0 ? (book.in - book.stored - book.out) / scale : 0.0;
}

void qn_climate_name(const struct qn_climate *c, int lump, char name[24])
{
    if (lump < c->n_groups) {
        snprintf(name, 24, "balls_%d", lump + 1);
    } else {
        snprintf(name, 24, "%s", lump == c->wall ? "wall" : lump == c->powder ? "powder" : "gas");
    }
}

void qn_climate_series(struct qn_climate *c, struct qn_store *store)
{
    c->store = store;
    c->time = qn_store_series(store, "/heat/hours/time", 1, "s", "time of the hours");
    c->heat = qn_store_series(store, "/heat/hours/book", 3, "J",
                              "heat since the mill began: in, stored, out to the ambient");
    for (int i = 0; i < c->net.n; i++) {
        char name[24], path[64], text[96];
        qn_climate_name(c, i, name);
        snprintf(path, sizeof path, "/heat/hours/temperature/%s", name);
        snprintf(text, sizeof text, "%s",
                 i == c->powder ? "of loose powder; coatings are as warm as what they lie on"
                                : "of this lump");
        c->series[i] = qn_store_series(store, path, 1, "K", text);
    }
}

void qn_climate_row(const struct qn_climate *c, double t)
{
    double T[QN_HEAT_NODES];
    const struct qn_heat_book book = book_at(c, t);
    const double row[3] = {book.in, book.stored, book.out};
    qn_heat_network_at(&c->net, c->begin + t, T);
    qn_store_append(c->store, c->time, &t);
    qn_store_append(c->store, c->heat, row);
    for (int i = 0; i < c->net.n; i++) {
        qn_store_append(c->store, c->series[i], &T[i]);
    }
}
