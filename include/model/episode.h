/// @file
/// A contact episode: one record from first touch to parting, the only thing mechanics hands on.
///
/// A contact that lasts is cut (`QN_OPEN_START`/`QN_OPEN_END` say so), so that sliding beds are
/// seen while they slide. Energies are what the integrator really booked for this contact.
#pragma once

#include <stdint.h>

#include "model/past.h"

/// What a body is. The numbers are written to files.
enum qn_kind { QN_BALL = 0, QN_PARCEL = 1, QN_WALL = 2, QN_KINDS = 3 };

/// Bits of `qn_episode.flags`.
enum {
    QN_OPEN_START =
        1,           ///< the contact existed before t0: v_n0 and v_t0 are those of the first piece
    QN_OPEN_END = 2, ///< the contact goes on after t1
    QN_YIELDED = 4,  ///< a parcel's force cap was reached
};

/// Kinds of pair, used to sort spectra. Order: ball-ball, ball-wall, ball-parcel, ...
enum qn_pair_kind {
    QN_BALL_BALL,
    QN_BALL_WALL,
    QN_BALL_PARCEL,
    QN_PARCEL_WALL,
    QN_PARCEL_PARCEL,
    QN_PAIR_KINDS
};

struct qn_episode {
    int64_t id_i, id_j;    ///< bodies, id_i < id_j; a wall surface k is id_j = -1 - k
    int32_t pair;          ///< enum qn_pair_kind
    int32_t flags;         ///< QN_OPEN_START ...
    double t0, t1;         ///< first touch (or last cut) and end                        [s]
    double x[3];           ///< place of the contact at the end, vial-centred axes       [m]
    double v_n0, v_t0;     ///< approach speeds at first touch, normal and tangential    [m/s]
    double spin0;          ///< relative spin at first touch                           [rad/s]
    double restitution;    ///< frozen at first touch                                    [-]
    double r_star, m_star; ///< reduced radius [m] and mass [kg]
    double e_star;         ///< reduced modulus the engine used (softened)               [Pa]
    double e_star_true;    ///< reduced modulus of the real materials                    [Pa]
    double f_max;          ///< largest normal force of the engine's (softened) contact  [N]
    double depth_max;      ///< largest overlap of the engine's contact                  [m]
    double friction;       ///< coefficient of its pair                                  [-]
    double rolling;        ///< resistance of its pair to rolling; 0: none               [-]
    double coating;        ///< powder on the media, sigma                           [kg/m2]
    double w_elastic;      ///< in the normal spring at the largest overlap              [J]
    double w_normal;       ///< dissipated by damping and plastic flow                   [J]
    double w_slip;         ///< dissipated by sliding                                    [J]
    double w_roll;         ///< dissipated by rolling resistance                         [J]
    double w_twist;        ///< dissipated by twisting resistance                        [J]
    double w_cohesion;     ///< what a neck held when it broke                           [J]
    double work;           ///< exact work of the contact on the pair, negative           [J]
    double drive;          ///< work the moving wall fed in through it                   [J]
    double e_num;          ///< -(work + change of stored + dissipated): the integrator's [J]
    struct qn_past past;   ///< earlier pieces of the same contact (QN_OPEN_START), else empty
};

/// Energy dissipated in all channels [J].
static inline double qn_episode_loss(const struct qn_episode *e)
{
    return e->w_normal + e->w_slip + e->w_roll + e->w_twist + e->w_cohesion;
}

/// Reduced-mass energies at first touch, 1/2 m* v^2, normal and tangential [J].
static inline double qn_episode_impact_n(const struct qn_episode *e)
{
    return 0.5 * e->m_star * e->v_n0 * e->v_n0;
}
static inline double qn_episode_impact_t(const struct qn_episode *e)
{
    return 0.5 * e->m_star * e->v_t0 * e->v_t0;
}

/// Force of an elastic impact with reduced modulus E and all of the approach energy in the Hertz
/// spring [N]. @param[out] radius  of the contact spot [m]
double qn_episode_impact_force(const struct qn_episode *e, double E, double *radius);

/// Is its load that of its approach? A contact that is pressed harder after its first touch (a ball
/// carried along the wall), or a later piece of one, is a lasting contact.
int qn_episode_bounces(const struct qn_episode *e);

/// Peak force between bodies of the real moduli: of the approach for one that bounces; otherwise
/// that of the engine, whose value softening does not change [N].
/// @param[out] radius  of the Hertz spot [m]
double qn_episode_force(const struct qn_episode *e, double *radius);

/// Path of the spot over the bodies, sliding and rolling: W_slip/(mu F) + W_roll/(mu_r F)  [m].
/// A coefficient of 0 leaves its part out: such a pair books no work that tells the path.
double qn_episode_travel(const struct qn_episode *e);

/// Order of episodes for qsort: end, ids, beginning; no two episodes of a run are equal in it.
int qn_episode_order(const void *a, const void *b);

/// Kinds of the bodies of a pair, in the order of a pair kind's name; shape [2].
const enum qn_kind *qn_pair_kinds(enum qn_pair_kind pair);

/// Name of a pair kind for files and tables ("ball-ball").
const char *qn_pair_kind_name(enum qn_pair_kind kind);
