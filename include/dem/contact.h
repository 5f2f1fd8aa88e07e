/// @file
/// What a contact is to the engine: constants of a kind of pair, constants of one pair, history.
///
/// The laws themselves (dem/contact_law.h) are pure functions of these and of the geometry,
/// compiled once for the vector width. They know no bodies, lists or threads.
#pragma once

#include <stdint.h>

#include "dem/simd.h"
#include "model/past.h"

/// History of one contact, field by field (VL contacts side by side in a block).
enum qn_history {
    QN_H_FT = 0,    ///< tangential force on i, three components               [N]
    QN_H_ROLL = 3,  ///< rolling moment on i, three components                 [N m]
    QN_H_SPOT = 6,  ///< contact radius at the last step                       [m]
    QN_H_OWN,       ///< the law's own; Hertz: damping alpha, frozen at first touch
    QN_H_PLASTIC,   ///< overlap lost to plastic flow                          [m]
    QN_H_DEPTH,     ///< overlap, and reach, at the last step; > 0: the contact is open [m]
    QN_H_DEPTH_OLD, ///< overlap one step before; may be negative at first touch [m]
    QN_H_F_LOST,    ///< F_n minus its elastic part at the last step           [N]
    QN_H_U_SLIP,    ///< energy in the tangential spring                       [J]
    QN_H_TWIST,     ///< twisting moment on i about the normal               [N m]
    QN_H_U_ROLL,    ///< energy in the rolling spring                          [J]
    QN_H_W,         ///< work of the contact on the pair, closed up to the last step [J]
    QN_H_W_HALF,    ///< first half of the last step's work                    [J]
    QN_H_W_NORMAL,  ///< dissipated by damping, clamping and plastic flow      [J]
    QN_H_W_SLIP,    ///< dissipated by sliding                                 [J]
    QN_H_W_ROLL,    ///< dissipated by rolling resistance                      [J]
    QN_H_W_TWIST,   ///< dissipated by twisting resistance                     [J]
    QN_H_F_MAX,     ///< largest normal force                                  [N]
    QN_H_DEPTH_MAX, ///< largest overlap                                       [m]
    QN_H_DRIVE,     ///< work the moving wall did through this contact         [J]
    QN_HISTORY
};

/// Where the restitution of bare media comes from.
enum qn_closure { QN_CLOSURE_CONSTANT, QN_CLOSURE_THORNTON, QN_CLOSURE_TABLE };
enum { QN_RESTITUTION_ROWS = 8 };

/// Constants of a pair of species (materials and kinds); one section of the contact list each.
struct qn_pair_class {
    int32_t pair;          ///< enum qn_pair_kind
    int32_t law;           ///< number in qn_contact_laws; 0: Hertz
    int32_t capped;        ///< a parcel takes part: force capped at p_f pi R_p^2
    double k43;            ///< 4/3 E* of the engine (softened)                 [Pa]
    double kn2;            ///< 2 E* of the engine                              [Pa]
    double kt8;            ///< 8 G* of the engine                              [Pa]
    double friction;       ///< Coulomb coefficient                             [-]
    double rolling;        ///< mu_r, 0: none                                   [-]
    double rolling_speed;  ///< 0: a spring that slides at its cap; else a moment of constant
                           ///< size, regularised below this spin              [rad/s]
    double twisting;       ///< cap of the twisting moment over a F_n, 0: none  [-]
    double stiffness;      ///< linear law: normal spring                       [N/m]
    double tangential;     ///< linear law: tangential over normal spring       [-]
    double surface_energy; ///< gamma of one face, cohesive laws                [J/m2]
    double e_star;         ///< E* of the engine                                [Pa]
    double e_star_true;    ///< E* of the real materials                        [Pa]
    double overlap_limit;  ///< guard, as a share of the smaller R; 0: none     [-]
    double yield_pressure; ///< p_y of the softer body, 0: elastic              [Pa]
    double flow_stress;    ///< p_f when capped                                 [Pa]
    int32_t closure;       ///< enum qn_closure
    double restitution;    ///< of the constant closure                         [-]
    int32_t n_table;       ///< rows of the table closure
    double table[QN_RESTITUTION_ROWS][2]; ///< speed, rising [m/s], restitution     [-]
    double coating;            ///< sigma, powder on media                          [kg/m2]
    double bare_share;         ///< exp(-sigma/sigma_0), share of the bare restitution [-]
    double powder_restitution; ///< e under a thick coating                       [-]
};

/// Constants of VL pairs, field by field.
struct qn_touch_const {
    qn_vec rstar;  ///< reduced radius                                            [m]
    qn_vec mstar;  ///< reduced mass                                              [kg]
    qn_vec own[2]; ///< of the law; Hertz: overlap and force at which the force is capped
};

/// The same for one pair.
struct qn_touch_const1 {
    double rstar, mstar, own[2];
};

/// VL contacts: who, constants, history. Unused lanes hold two far-away dummies.
struct qn_block {
    int32_t i[QN_VL], j[QN_VL]; ///< body indices, i < j; a wall surface k is j = -1 - k
    struct qn_touch_const k;
    qn_vec limit; ///< overlap guard                                [m]
    qn_vec h[QN_HISTORY];
};

/// What a contact hands to its two bodies, twelve doubles a contact.
enum { QN_PUSH_F = 0, QN_PUSH_TI = 4, QN_PUSH_TJ = 8, QN_PUSH = 12 };

/// What the episode needs and the step does not.
struct qn_contact_cold {
    double t0;           ///< first touch or last cut                              [s]
    double born;         ///< first touch                                          [s]
    double v_n0, v_t0;   ///< [m/s]
    double spin0;        ///< relative spin at first touch                            [rad/s]
    double restitution;  ///< [-]
    double u0;           ///< stored elastic energy at t0                          [J]
    double cut_after;    ///< length of a piece: 10 Hertz times at 1 m/s           [s]
    int32_t flags;       ///< QN_OPEN_START ...
    struct qn_past past; ///< what earlier pieces left of their heat
};

/// Geometry and motion of one contact: n from j to i, overlap, surface velocity and spin of i minus
/// those of j.
struct qn_touch1 {
    double n[3], depth, u[3], w[3];
};

/// Force on i, torque on either side per lever, rolling moment on i (j receives the opposites).
struct qn_given1 {
    double f[3], q[3], m[3];
};

/// Constants of a pair of radius `ri`, `rj` (0: flat wall; negative: hollow) and inverse masses.
/// `cap_radius` is the radius of the smallest parcel of the pair (unused when not capped).
struct qn_touch_const1 qn_contact_constants(const struct qn_pair_class *c, double curvature_sum,
                                            double inverse_mass_sum, double cap_radius);

/// Stored elastic energy of an open contact, springs and normal force [J].
double qn_contact_stored(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                         const double *h);

/// Energy in the twisting spring alone [J].
double qn_twist_stored(const struct qn_pair_class *c, const double *h);

/// What lane `lane` of a block holds.
static inline struct qn_touch_const1 qn_lane_constants(const struct qn_block *b, int lane)
{
    const double *own[2] = {(const double *)&b->k.own[0], (const double *)&b->k.own[1]};
    return (struct qn_touch_const1){((const double *)&b->k.rstar)[lane],
                                    ((const double *)&b->k.mstar)[lane],
                                    {own[0][lane], own[1][lane]}};
}

static inline void qn_set_lane_constants(struct qn_block *b, int lane,
                                         const struct qn_touch_const1 *k)
{
    ((double *)&b->k.rstar)[lane] = k->rstar;
    ((double *)&b->k.mstar)[lane] = k->mstar;
    ((double *)&b->k.own[0])[lane] = k->own[0];
    ((double *)&b->k.own[1])[lane] = k->own[1];
}
