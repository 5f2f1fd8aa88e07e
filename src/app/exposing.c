/// @file
/// From episodes of a deck to exposures of its carriers.
#include "app/exposing.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "base/array.h"
#include "base/error.h"
#include "base/rng.h"
#include "exposure/hotspot.h"
#include "model/charge.h"
#include "model/coating.h"
#include "model/material.h"

static const double ROOM = 298.15; ///< [K]

/// Heat conductivity of the gas that cools grains flung off: hydrogen at 300 K, the best conductor
/// in the headspace [W/(m K)].
static const double GAS_CONDUCTIVITY = 0.18;

static double softer(double a, double b)
{
    return a > 0.0 && b > 0.0 ? fmin(a, b) : fmax(a, b); // 0: stays elastic
}

/// What depends on the media alone.
static struct qn_expose_model media_model(const struct qn_deck *deck)
{
    const struct qn_material *ball = &deck->material[deck->balls.material];
    const struct qn_material *wall = &deck->material[deck->vial.material];
    return (struct qn_expose_model){
        .effusivity = {[QN_BALL] = qn_effusivity(ball), [QN_WALL] = qn_effusivity(wall)},
        .diffusivity = {[QN_BALL] = ball->conductivity / (ball->density * ball->heat_capacity),
                        [QN_WALL] = wall->conductivity / (wall->density * wall->heat_capacity)},
        .yield_pressure = softer(ball->yield_pressure, wall->yield_pressure),
        .temperature = ROOM,
    };
}

struct qn_expose_model qn_exposing_model(const struct qn_deck *deck)
{
    const struct qn_deck_powder *p = &deck->powder;
    struct qn_expose_model m = media_model(deck);
    if (p->material < 0) {
        return m;
    }
    const struct qn_material *powder = &deck->material[p->material];
    const double bed = powder->density * p->packing * powder->heat_capacity;
    m.effusivity[QN_PARCEL] = sqrt(p->bed_conductivity * bed);
    m.diffusivity[QN_PARCEL] = p->bed_conductivity / bed;
    m.trapped_flow = p->trapped_flow_stress;
    m.free_flow = p->flow_stress;
    m.shear_strength = p->shear_strength;
    m.layer = 2.0 * qn_deck_coating(deck, QN_COATED_BALLS);
    m.wall_layer = qn_deck_coating(deck, QN_COATED_BALLS) + qn_deck_coating(deck, QN_COATED_WALL);
    m.density = powder->density;
    m.packing = p->packing;
    m.conductivity = p->bed_conductivity;
    m.heat_capacity = powder->heat_capacity;
    m.heat_share = p->heat_share;
    m.taylor_quinney = p->taylor_quinney;
    m.melting = p->melting_temperature;
    m.latent_heat = p->latent_heat;
    m.parcel_mass[0] = m.parcel_mass[1] = deck->run.one_parcel[0]; // unless sizes differ
    if (p->fate == QN_LAYER_DISPERSES) {
        m.grain_time = qn_hot_grain_time(powder->density * powder->heat_capacity, p->grain_size,
                                         GAS_CONDUCTIVITY);
    }
    return m;
}

void qn_carriers_init(const struct qn_deck *deck, enum qn_powder_form powder, struct qn_carriers *c)
{
    const struct qn_deck_powder *p = &deck->powder;
    struct qn_deck_derived d;
    qn_deck_derive(deck, &d);
    const double density = deck->material[p->material].density;
    const double on_balls = qn_deck_coating(deck, QN_COATED_BALLS);
    const double on_wall = qn_deck_coating(deck, QN_COATED_WALL);
    const double per_area[2] = {on_balls * p->packing * density, on_wall * p->packing * density};
    const double rest = p->mass - d.coating_mass;
    *c = (struct qn_carriers){.balls = (int)d.balls, .wall = (int)d.balls, .seed = deck->seed};
    c->ball_share = on_balls / (on_balls + on_wall);
    c->loose = c->wall + 1;
    c->n_loose = powder == QN_POWDER_PARCELS ? (int)deck->run.parcels : rest > 0.0;
    c->n = c->loose + c->n_loose;
    c->pick_up = powder == QN_POWDER_CARRIED && c->n_loose > 0 ? p->exchange : 0.0;
    c->mass = qn_alloc((size_t)c->n, sizeof *c->mass);
    int at = 0;
    for (int g = 0; g < deck->balls.n_groups; g++) {
        for (int64_t k = 0; k < deck->balls.group[g].count; k++) {
            c->mass[at++] =
                per_area[QN_COATED_BALLS] * qn_sphere_area(deck->balls.group[g].diameter);
        }
    }
    c->mass[c->wall] = per_area[QN_COATED_WALL] * d.vial_area;
    if (powder != QN_POWDER_PARCELS && c->n_loose > 0) {
        c->mass[c->loose] = rest;
    }
    at = c->loose;
    for (int g = 0; powder == QN_POWDER_PARCELS && g < deck->run.n_parcel_groups; g++) {
        for (int64_t k = 0; k < deck->run.parcel_group[g].count; k++) {
            c->mass[at++] = deck->run.one_parcel[g];
        }
    }
}

void qn_carriers_free(struct qn_carriers *c)
{
    qn_free(c->mass);
    *c = (struct qn_carriers){0};
}

/// Carrier of a body: coating of a ball or of the wall, or the parcel itself.
static int carrier_of(const struct qn_carriers *c, int64_t id)
{
    return id < 0 ? c->wall : id < c->balls ? (int)id : c->loose + (int)(id - c->balls);
}

/// Bits of the end time, so that every piece of a contact draws anew.
static uint64_t bits_of(double x)
{
    uint64_t u;
    memcpy(&u, &x, sizeof u);
    return u;
}

/// What one half of a trapped layer is: the coating of a body, or loose powder.
static int drawn(const struct qn_carriers *c, int coating, uint64_t who, uint64_t when, int half)
{
    const uint32_t draw = (uint32_t)half + 1;
    const int loose = qn_uniform(c->seed, QN_STREAM_CAPTURE, who, when, draw) < c->pick_up;
    return loose ? c->loose : coating;
}

/// Between which powders exposure k of an episode swaps: `side` is the one it came from.
static struct qn_swap swapped(const struct qn_carriers *c, const struct qn_episode *e, int side,
                              double mass)
{
    const int first = carrier_of(c, e->id_i), second = carrier_of(c, e->id_j);
    const int media = e->pair == QN_BALL_BALL || e->pair == QN_BALL_WALL;
    const int other = side == first ? second : first;
    return (struct qn_swap){side, media && c->pick_up > 0.0 ? c->loose : other, mass};
}

/// Parcels of their own masses, in the order of their exposures.
static void expose(const struct qn_carriers *c, const struct qn_expose_model *m,
                   const struct qn_episode *e, const int side[2], struct qn_exposure out[2], int *n)
{
    if (e->pair == QN_BALL_BALL || e->pair == QN_BALL_WALL) {
        qn_expose(e, m, out, n);
        return;
    }
    struct qn_expose_model own = *m;
    const int both = e->pair == QN_PARCEL_PARCEL;
    own.parcel_mass[0] = c->mass[both || side[0] >= c->loose ? side[0] : side[1]];
    own.parcel_mass[1] = c->mass[side[1]];
    qn_expose(e, &own, out, n);
}

int qn_exposing_episode(const struct qn_carriers *c, const struct qn_expose_model *m,
                        const struct qn_episode *e, struct qn_exposure out[2],
                        struct qn_swap swap[2])
{
    int n;
    const int first = carrier_of(c, e->id_i), second = carrier_of(c, e->id_j);
    int side[2] = {first, second};
    expose(c, m, e, side, out, &n);
    QN_ASSERT(n <= 2);
    if (e->pair == QN_BALL_BALL || e->pair == QN_BALL_WALL) {
        const uint64_t pair = (uint64_t)e->id_i << 24 ^ (uint64_t)(e->id_j + QN_KINDS * 4);
        const uint64_t who = pair & 0xffffffffffffff, when = bits_of(e->t1);
        // systematic draw: halves of one coating each while both coatings are alike, and each half
        // of the first with the probability of its share where they are not
        const double share = e->pair == QN_BALL_WALL ? c->ball_share : 0.5;
        const double draw = qn_uniform(c->seed, QN_STREAM_CAPTURE, who, when, 0);
        side[1] = draw < share ? first : second;
        side[0] = draw - (draw < 0.5 ? -0.5 : 0.5) < share ? first : second;
        out[0].carrier = drawn(c, side[0], who, when, 0);
        out[1].carrier = drawn(c, side[1], who, when, 1);
    } else if (e->pair == QN_PARCEL_PARCEL) {
        out[0].carrier = first;
        out[1].carrier = second;
    } else { // ball or wall on a parcel: the powder is the parcel
        side[0] = out[0].carrier = first >= c->loose ? first : second;
    }
    QN_ASSERT(n >= 0 && n <= 2);
    for (int k = 0; k < n && swap; k++) {
        swap[k] = swapped(c, e, side[k], out[k].mass);
    }
    return n;
}
