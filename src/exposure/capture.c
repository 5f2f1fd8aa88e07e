/// @file
/// Captured mass, stress and pulse of one episode.
#include "exposure/capture.h"

#include <math.h>

#include "base/constants.h"
#include "base/error.h"
#include "exposure/hotspot.h"
#include "exposure/inherit.h"

struct qn_shares qn_expose_shares(const struct qn_expose_model *m)
{
    return (struct qn_shares){
        .heat = m->heat_share * m->taylor_quinney,
        .stored = m->heat_share * (1.0 - m->taylor_quinney),
        .bodies = 1.0 - m->heat_share,
        .wear = 0.0,
    };
}

/// Area that carries a force at the Hertz pressure, or at the cap (0: none).
static double loaded_area(double force, double radius, double cap)
{
    const double hertz = radius > 0.0 ? force / (QN_PI * radius * radius) : 0.0;
    const double pressure = cap > 0.0 ? fmin(hertz, cap) : hertz;
    return pressure > 0.0 ? force / pressure : 0.0;
}

struct qn_spot qn_expose_spot(const struct qn_episode *e, double cap, double strength)
{
    const double R = e->r_star;
    const double E = e->e_star_true;
    struct qn_spot s = {0};
    double radius = 0.0; // Hertz
    s.force = qn_episode_force(e, &radius);
    s.t_c = qn_episode_bounces(e) ? 2.868 * pow(e->m_star * e->m_star / (R * E * E * e->v_n0), 0.2)
                                  : e->t1 - e->t0;
    s.area = loaded_area(s.force, radius, cap);
    s.pressure = s.area > 0.0 ? s.force / s.area : 0.0;
    s.radius = sqrt(s.area / QN_PI);
    s.shear = e->friction * s.pressure;
    s.shear = strength > 0.0 ? fmin(s.shear, strength) : s.shear;

    // a spot that travels sweeps fresh surface, and each part of it is under the spot only in
    // passing
    s.travel = qn_episode_travel(e);
    s.swept = s.area + 2.0 * s.radius * fmax(s.travel - 2.0 * s.radius, 0.0);
    s.passing = s.travel > 2.0 * s.radius ? s.t_c * 2.0 * s.radius / s.travel : s.t_c;
    return s;
}

// the smaller of two limits, 0 meaning none
static double lesser(double a, double b)
{
    if (a <= 0.0 || b <= 0.0) {
        return fmax(a, b);
    }
    return fmin(a, b);
}

// what a pulse needs beside the model
struct heating {
    double area;       ///< [m2]
    double layer;      ///< thickness of the heated matter [m]
    double heat;       ///< heat of the exposed matter [J]
    double t_c;        ///< [s]
    double effusivity; ///< sum of the two bodies'
    double radius;     ///< of the spot [m]
    double cap;        ///< on the pressure [Pa], 0: none
    struct qn_stay stay;
};

static double until_next_hit(const struct qn_expose_model *m, double t)
{
    return m->next_hit > 0.0 ? fmin(t, m->next_hit) : t;
}

// Layer of powder: uniform heating, cooling as a slab or, flung off, as grains. Its tail ends when
// the mean is down to a thousandth of the peak (seven e-folds: the film time); the cut at 1000 t_c
// of a bare spot does not apply, because a film may still be hot then.
static struct qn_pulse layer_pulse(const struct qn_expose_model *m, const struct heating *g,
                                   int edge)
{
    const double rho_c = m->density * m->packing * m->heat_capacity;
    const double kappa = m->conductivity / rho_c;
    const double b_l = sqrt(m->conductivity * rho_c);
    const double b = 0.5 * g->effusivity;
    const double sink = (b - b_l) / (b + b_l);
    const double fo = kappa * g->t_c / (g->layer * g->layer);
    const double kept = qn_hot_layer_kept(fo, sink, QN_LAYER_DEPTH[edge]);
    struct qn_pulse p = {.kind = edge ? QN_PULSE_LAYER_EDGE : QN_PULSE_LAYER_CORE,
                         .dT = g->heat / (rho_c * g->area * g->layer) * kept,
                         .t_c = g->t_c,
                         .cool = g->layer * g->layer / (QN_PI * QN_PI * kappa),
                         .kept = kept,
                         .sink = sink};
    double film = 7.0 * p.cool;
    if (m->grain_time > 0.0) {
        p.kind = QN_PULSE_GRAIN;
        p.cool = m->grain_time;
        p.sink = 0.0;
        p.kept = 1.0;
        film = 7.0 * p.cool;
    }
    const double across = g->radius * g->radius / (4.0 * kappa);
    p.t_cut = until_next_hit(m, p.t_c + fmin(film, across));
    return p;
}

static double bare_tail(double heated, double cool)
{
    return fmin(1000.0 * heated, cool);
}

// Bare spot: energy-equal uniform flux, shared out to the two rings.
static struct qn_pulse ring_pulse(const struct qn_expose_model *m, const struct heating *g,
                                  double kappa, int ring)
{
    const double flux = g->heat / (g->area * g->t_c);
    const double uniform = qn_hot_interface(flux, g->t_c, g->effusivity);
    const double cool = g->radius * g->radius / (4.0 * kappa);
    return (struct qn_pulse){.kind = ring ? QN_PULSE_RING_WARM : QN_PULSE_RING_HOT,
                             .dT = QN_RING_RISE[ring] * uniform,
                             .t_c = g->t_c,
                             .cool = cool,
                             .kept = 1.0,
                             .t_cut = until_next_hit(m, g->t_c + bare_tail(g->t_c, cool))};
}

// share of ring `ring` of the captured mass and of its energy (the rest of the spot rides along)
static double ring_mass(int ring)
{
    return QN_RING_AREA[ring] / (QN_RING_AREA[0] + QN_RING_AREA[1]);
}
static double ring_energy(int ring)
{
    const double hot = QN_RING_AREA[0] * QN_RING_RISE[0];
    const double warm = QN_RING_AREA[1] * QN_RING_RISE[1];
    return (ring ? warm : hot) / (hot + warm);
}

static void cap_at_melting(const struct qn_expose_model *m, struct qn_pulse *p)
{
    if (m->melting > 0.0) {
        const double melt = fmax(m->melting - m->temperature, 0.0);
        // once the latent heat is paid the melt is squeezed out and takes the rest along
        p->dT = fmin(qn_hot_melt(p->dT, melt, m->latent_heat / m->heat_capacity), melt);
    }
}

// What earlier pieces of the contact left, and where this one ends. Grains that were flung off are
// gone, so they neither inherit nor wait for the next piece. `area` is what the pulse's heat went
// into, at most the spot; the same limit holds for the spots of the past.
static void join_pieces(const struct qn_expose_model *m, const struct qn_episode *e,
                        const struct heating *g, double area, struct qn_pulse *p)
{
    static const enum qn_pulse_kind piece[QN_PULSE_KINDS] = {
        [QN_PULSE_LAYER_CORE] = QN_PULSE_LAYER_CORE_PIECE,
        [QN_PULSE_LAYER_EDGE] = QN_PULSE_LAYER_EDGE_PIECE,
        [QN_PULSE_RING_HOT] = QN_PULSE_RING_HOT_PIECE,
        [QN_PULSE_RING_WARM] = QN_PULSE_RING_WARM_PIECE,
    };
    if (piece[p->kind] == QN_PULSE_NONE || !(g->stay.inherits || g->stay.goes_on)) {
        return;
    }
    const int layer = p->kind == QN_PULSE_LAYER_CORE || p->kind == QN_PULSE_LAYER_EDGE;
    p->kind = piece[p->kind];
    if (g->stay.inherits) {
        struct qn_inheritance from = {.past = &e->past,
                                      .since = g->stay.since,
                                      .forget = layer ? p->t_cut - p->t_c : 0.0,
                                      .flux = qn_episode_loss(e) / (area * g->t_c)};
        for (int k = 0; k < QN_PAST_PARTS; k++) {
            const double force = e->past.part[k].force;
            const double radius = cbrt(0.75 * force * e->r_star / e->e_star_true);
            const double spot = loaded_area(force, radius, g->cap);
            from.area[k] = area < g->area ? fmin(spot, area) : spot;
        }
        qn_inherit(p, &from);
        if (!layer) { // the tail is as long as all of the heating makes it
            p->t_cut = until_next_hit(m, p->t_c + bare_tail(p->t_c + p->lead, p->cool));
        }
    }
    if (g->stay.goes_on) {
        p->t_cut = fmin(p->t_cut, fmax(p->t_c, e->t1 - e->t0));
    }
}

static void media_pair(const struct qn_expose_model *m, const struct qn_episode *e,
                       const struct heating *g, struct qn_exposure out[2])
{
    const enum qn_kind *kind = qn_pair_kinds(e->pair);
    const double kappa = fmax(m->diffusivity[kind[0]], m->diffusivity[kind[1]]);
    const double energy = m->heat_share * qn_episode_loss(e);
    const double mass = g->area * g->layer * m->density * m->packing;
    const int bare = g->layer < qn_hot_interface_limit(m->conductivity, g->t_c, g->effusivity);
    for (int k = 0; k < 2; k++) {
        out[k].pulse = bare ? ring_pulse(m, g, kappa, k) : layer_pulse(m, g, k);
        join_pieces(m, e, g, g->area, &out[k].pulse);
        out[k].mass = mass * (bare ? ring_mass(k) : 0.5);
        out[k].energy = energy * (bare ? ring_energy(k) : 0.5);
    }
}

static void parcel_pair(const struct qn_expose_model *m, const struct qn_episode *e,
                        const struct heating *g, int n, struct qn_exposure out[2])
{
    const double bulk = m->density * m->packing;
    for (int k = 0; k < n; k++) {
        // a parcel thinner than the crushed depth is exposed whole
        struct heating own = *g;
        own.heat = g->heat / n;
        out[k].mass = fmin(m->parcel_mass[k], bulk * g->area * g->layer);
        own.area = out[k].mass / (bulk * g->layer);
        out[k].pulse = layer_pulse(m, &own, 0);
        join_pieces(m, e, g, own.area, &out[k].pulse);
        out[k].energy = m->heat_share * qn_episode_loss(e) / n;
    }
}

/// Parcels in a pair.
static int parcels_of(const struct qn_episode *e)
{
    const enum qn_kind *kind = qn_pair_kinds(e->pair);
    return (kind[0] == QN_PARCEL) + (kind[1] == QN_PARCEL);
}

double qn_expose_layer(const struct qn_episode *e, const struct qn_expose_model *m)
{
    return e->pair == QN_BALL_WALL && m->wall_layer > 0.0 ? m->wall_layer : m->layer;
}

double qn_expose_cap(const struct qn_episode *e, const struct qn_expose_model *m)
{
    return parcels_of(e) ? m->free_flow : lesser(m->yield_pressure, m->trapped_flow);
}

void qn_expose(const struct qn_episode *e, const struct qn_expose_model *m,
               struct qn_exposure out[2], int *n)
{
    QN_ASSERT(e->pair >= 0 && e->pair < QN_PAIR_KINDS);
    *n = 0;
    const double loss = qn_episode_loss(e);
    const enum qn_kind *kind = qn_pair_kinds(e->pair);
    const int parcels = parcels_of(e);
    const double cap = qn_expose_cap(e, m);
    const struct qn_spot spot = qn_expose_spot(e, cap, m->shear_strength);
    // what is crushed, and at least what heat reaches while it is rubbed
    const double reach =
        sqrt(m->conductivity * spot.passing / (m->density * m->packing * m->heat_capacity));
    const double depth = parcels ? fmax(e->depth_max, reach) : qn_expose_layer(e, m);
    if (!(loss > 0.0) || !(depth > 0.0) || !(spot.area > 0.0) || !(spot.t_c > 0.0)) {
        return;
    }

    const struct heating g = {.area = spot.swept,
                              .layer = depth,
                              .heat = m->heat_share * m->taylor_quinney * loss,
                              .t_c = spot.passing,
                              .effusivity = m->effusivity[kind[0]] + m->effusivity[kind[1]],
                              .radius = spot.radius,
                              .cap = cap,
                              .stay = qn_stay_of(&e->past, spot.radius, spot.travel, e->flags)};
    *n = parcels == 1 ? 1 : 2;
    if (parcels) {
        parcel_pair(m, e, &g, *n, out);
    } else {
        media_pair(m, e, &g, out);
    }
    const double taken = out[0].energy + (*n > 1 ? out[1].energy : 0.0);
    for (int k = 0; k < *n; k++) {
        cap_at_melting(m, &out[k].pulse);
        out[k].time = e->t1;
        out[k].dose = out[k].energy / out[k].mass;
        out[k].pressure = spot.pressure;
        out[k].shear = spot.shear;
        out[k].slip = e->w_slip * (taken > 0.0 ? out[k].energy / taken : 1.0 / *n) / out[k].mass;
        out[k].pair = e->pair;
        out[k].carrier = -1;
    }
}

int qn_expose_gate(const struct qn_exposure *x, double T0, double Ea, double duty)
{
    return T0 + x->pulse.dT > qn_hot_level(T0, Ea, log(0.01 / duty));
}
