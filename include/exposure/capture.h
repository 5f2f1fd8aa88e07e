/// @file
/// From one contact episode to the exposures it makes: how much, how hot, how long, what stress.
///
/// Media-media (ball-ball, ball-wall): the trapped mass is m_c = A h rho phi, half of it from each
/// coating, and A = F/p at the capped pressure plus what a sliding spot sweeps; the layer is
/// heated, or, where it is too thin to matter, the bare interface (two rings), never both for the
/// same joule. Ball-parcel and wall-parcel: min(m_p, rho phi A depth), depth crushed or reached by
/// heat; parcel-parcel the same for each. Stress is recomputed with the true moduli: from the
/// approach speed (impacts) or from the peak force (pieces of a lasting contact, K. L. Johnson,
/// Contact Mechanics (1985), ch. 4 and 11). Not here: which carrier the mass comes from (app/),
/// what happens in it (chem/), wear.
/// A piece of a lasting contact starts with the warmth of the pieces before it
/// (exposure/inherit.h).
#pragma once

#include "exposure/exposure.h"
#include "model/episode.h"

/// What exposures depend on beside the episode; SI; from the deck.
struct qn_expose_model {
    double effusivity[QN_KINDS];  ///< of ball, parcel (bed) and wall        [W s^1/2/(m2 K)]
    double diffusivity[QN_KINDS]; ///< same order                                    [m2/s]
    double yield_pressure;        ///< of the softer of ball and wall; 0: stays elastic      [Pa]
    double trapped_flow;          ///< flow stress of the thin layer between media; 0: none  [Pa]
    double free_flow;             ///< flow stress of a free parcel; 0: none                 [Pa]
    double shear_strength;        ///< of the trapped powder; 0: none                        [Pa]
    double layer;                 ///< h, powder between two bodies, both coatings           [m]
    double wall_layer;            ///< the same between a ball and the wall; 0: as `layer`   [m]
    double density;               ///< of the powder's solid                             [kg/m3]
    double packing;               ///< phi, solid share of the layer                         [-]
    double conductivity;          ///< of the layer                                    [W/(m K)]
    double heat_capacity;         ///< of the powder                                  [J/(kg K)]
    double heat_share;            ///< f_p, share of the dissipated energy the powder takes  [-]
    double taylor_quinney;        ///< beta, share of that which turns to heat at once       [-]
    double temperature;           ///< of the bulk, before the contact                       [K]
    double melting;               ///< melting temperature; 0: no cap                        [K]
    double latent_heat;           ///< of melting                                         [J/kg]
    double parcel_mass[2]; ///< of the parcels of a pair, in the order of their exposures [kg]
    double grain_time;     ///< e-fold time of grains flung off; 0: the layer stays   [s]
    double next_hit;       ///< mean time to the next hit of the same matter; 0: none [s]
};

/// Where the dissipated energy of an episode goes; the four sum to one.
struct qn_shares {
    double heat;   ///< heat of the exposed powder, f_p beta
    double stored; ///< defects and plastic storage of the powder, f_p (1 - beta)
    double bodies; ///< heat of the two bodies
    double wear;   ///< part of the bodies' energy that made wear (0: wear is not modelled)
};
struct qn_shares qn_expose_shares(const struct qn_expose_model *m);

/// Contact with true moduli.
struct qn_spot {
    double force;    ///< peak normal force                                       [N]
    double radius;   ///< of the capped contact spot, area = F/p                  [m]
    double area;     ///< pi radius^2                                            [m2]
    double pressure; ///< mean pressure at the peak, capped                      [Pa]
    double shear;    ///< min(mu p, strength)                                    [Pa]
    double travel;   ///< path over the bodies, sliding and rolling                [m]
    double swept;    ///< area + 2 radius (travel - 2 radius)+                    [m2]
    double passing;  ///< time a place is under the spot, min(t_c, t_c 2 radius/travel) [s]
    double t_c;      ///< impacts: 2.868 (m*^2/(R* E*^2 v))^(1/5); pieces: t1 - t0 [s]
};

/// Spot of an episode with the pressure capped at `cap` and the shear stress at `strength` (0: no
/// cap) [Pa].
struct qn_spot qn_expose_spot(const struct qn_episode *e, double cap, double strength);

/// Cap of the pressure of an episode: flow stress of a free parcel, or the softer of media and
/// trapped powder; 0: none [Pa].
double qn_expose_cap(const struct qn_episode *e, const struct qn_expose_model *m);

/// Powder between the two bodies of a media pair [m].
double qn_expose_layer(const struct qn_episode *e, const struct qn_expose_model *m);

/// Exposures of one episode.
/// Energies of the two are the powder's share f_p W, split evenly; their masses add to the trapped
/// mass. Layers come as two halves (core and edge); bare spots as two rings over the whole
/// captured mass, in the ratio of their areas and energies.
/// @param[out] out  up to two exposures, carrier = -1
/// @param[out] n    0 when the episode dissipated nothing, or there is no powder, else 1 or 2
void qn_expose(const struct qn_episode *e, const struct qn_expose_model *m,
               struct qn_exposure out[2], int *n);

/// Does an exposure deserve a stiff solve? gamma > ln(0.01/duty), with gamma = (Ea/R)(1/T0 - 1/Tpk)
/// and duty = hits per second of the same matter x hot time t_c.
int qn_expose_gate(const struct qn_exposure *x, double T0, double Ea, double duty);
