/// @file
/// Joules and kelvins of one episode.
#include "exposure/heat_parts.h"

#include <math.h>

#include "base/constants.h"
#include "exposure/inherit.h"
#include "model/heat.h"

/// Mean over a travelling spot of sqrt(chord/diameter): int_0^1 (1 - y^2)^(1/4) dy. A place is
/// under the spot for its chord, and heat goes with the root of that time.
static const double CHORDS = 0.8740;

struct qn_heat_parts qn_heat_parts_of(const struct qn_episode *e, const struct qn_expose_model *m)
{
    const enum qn_kind *kind = qn_pair_kinds((enum qn_pair_kind)e->pair);
    const struct qn_shares share = qn_expose_shares(m);
    const double loss = qn_episode_loss(e);
    const double b = m->effusivity[kind[0]] + m->effusivity[kind[1]];
    const int parcels = (kind[0] == QN_PARCEL) + (kind[1] == QN_PARCEL);
    const double powder = share.heat * loss;
    struct qn_heat_parts out = {.stored = share.stored * loss};
    for (int k = 0; k < 2; k++) {
        out.body[k] = share.bodies * loss * m->effusivity[kind[k]] / b;
        if (parcels > 0) {
            out.body[k] += kind[k] == QN_PARCEL ? powder / parcels : 0.0;
        } else if (!(m->grain_time > 0.0)) {
            out.body[k] += 0.5 * powder;
        }
    }
    out.flung = parcels == 0 && m->grain_time > 0.0 ? powder : 0.0;
    return out;
}

/// How long the spot had been at its place when the piece began, as far as the past is known [s].
static double been(const struct qn_past *past, const struct qn_stay *stay)
{
    double time = 0.0, back = 0.0;
    for (int k = 0; k < QN_PAST_PARTS && stay->inherits; k++) {
        const struct qn_past_part *part = &past->part[k];
        const double room = fmax(stay->since - back, 0.0);
        const double share = part->travel > room ? room / part->travel : 1.0;
        time += share * part->span;
        back += part->travel;
        if (share < 1.0 || !(part->span > 0.0)) {
            break;
        }
    }
    return time;
}

/// Two bodies in series with the layer between them, if there is one [J/K].
struct way {
    double b[2], diffusivity;   ///< of the bodies
    double k, rho_c, thickness; ///< of the layer; thickness 0: none
};

static double with_layer(const struct way *w, double bodies, double layer)
{
    return w->thickness > 0.0 ? qn_heat_series(bodies, layer) : bodies;
}

static double layer_until(const struct way *w, double t)
{
    return w->thickness > 0.0 && t > 0.0 ? qn_heat_layer(w->k, w->rho_c, w->thickness, t) : 0.0;
}

static double impact(const struct way *w, const struct qn_spot *s)
{
    const double area = QN_HEAT_HERTZ * s->swept;
    return with_layer(w, area * qn_heat_touch(w->b[0], w->b[1], s->passing),
                      area * layer_until(w, s->passing));
}

static double resting(const struct way *w, const struct qn_spot *s, double since)
{
    const double t = since + s->t_c;
    const double bodies = qn_heat_lasting(w->b[0], w->b[1], w->diffusivity, s->radius, t) -
                          qn_heat_lasting(w->b[0], w->b[1], w->diffusivity, s->radius, since);
    return with_layer(w, bodies, s->area * (layer_until(w, t) - layer_until(w, since)));
}

/// Fast, the strip swept; slow, the steady spot that moves along.
static double travelling(const struct way *w, const struct qn_spot *s)
{
    const double area = s->area + CHORDS * (s->swept - s->area);
    const double root = sqrt(w->diffusivity);
    const double steady = qn_heat_spot(w->b[0] * root, w->b[1] * root, s->radius) * s->t_c;
    return with_layer(w, area * qn_heat_touch(w->b[0], w->b[1], s->passing) + steady,
                      area * layer_until(w, s->passing));
}

double qn_heat_exchange(const struct qn_episode *e, const struct qn_expose_model *m)
{
    const enum qn_kind *kind = qn_pair_kinds((enum qn_pair_kind)e->pair);
    const enum qn_kind i = kind[0], j = kind[1];
    const struct qn_spot spot = qn_expose_spot(e, qn_expose_cap(e, m), m->shear_strength);
    if (!(spot.area > 0.0) || !(spot.t_c > 0.0)) {
        return 0.0;
    }
    const int media = i != QN_PARCEL && j != QN_PARCEL;
    const struct way w = {
        .b = {m->effusivity[i], m->effusivity[j]},
        .diffusivity = 0.5 * (m->diffusivity[i] + m->diffusivity[j]),
        .k = m->conductivity,
        .rho_c = m->density * m->packing * m->heat_capacity,
        .thickness = media ? qn_expose_layer(e, m) : 0.0,
    };
    if (qn_episode_bounces(e)) {
        return impact(&w, &spot);
    }
    const struct qn_stay stay = qn_stay_of(&e->past, spot.radius, spot.travel, e->flags);
    return spot.travel > 2.0 * spot.radius ? travelling(&w, &spot)
                                           : resting(&w, &spot, been(&e->past, &stay));
}
