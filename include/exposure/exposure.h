/// @file
/// An exposure: what one contact episode does to a lump of matter, and the temperature pulse it
/// gives.
///
/// This is the only thing chemistry sees of mechanics. `exposure/` turns episodes into exposures
/// (how much, how hot, for how long, at what stress, with how much energy); it knows neither
/// particles nor reactions.
#pragma once

#include <stdint.h>

/// How the exposed matter heats and cools; picks the closed form in `exposure/hotspot.c`.
enum qn_pulse_kind {
    QN_PULSE_NONE = 0,   ///< no rise worth a name: dose and stress only
    QN_PULSE_LAYER_CORE, ///< inner half of a powder layer between two bodies, slab cooling
    QN_PULSE_LAYER_EDGE, ///< outer half of the same (by the bodies)
    QN_PULSE_RING_HOT,   ///< inner ring of a bare sliding spot, constant-flux pulse, disc tail
    QN_PULSE_RING_WARM,  ///< outer ring of the same
    QN_PULSE_GRAIN,      ///< grains flung off after the contact, cooled by the gas
    // the same of a piece of a lasting contact: starts warm, or ends where the next piece begins
    QN_PULSE_LAYER_CORE_PIECE,
    QN_PULSE_LAYER_EDGE_PIECE,
    QN_PULSE_RING_HOT_PIECE,
    QN_PULSE_RING_WARM_PIECE,
    QN_PULSE_KINDS
};

/// A temperature pulse above the carrier's own temperature: T(t) = T_carrier + rise(t).
/// A zeroed pulse is QN_PULSE_NONE: it never rises and ends at once.
/// A pulse that starts warm carries its past as one steady heating from -lead to 0, whose power is
/// lead_share of the sum of both powers; what the contact did before it began is in the shape.
struct qn_pulse {
    enum qn_pulse_kind kind;
    double dT;         ///< peak rise; with a past the larger of those at 0 and at t_c [K]
    double t_c;        ///< heating time (contact duration with true moduli)       [s]
    double cool;       ///< LAYER: e-fold time of the first slab mode, h^2/(pi^2 kappa_l);
                       ///< RING: a^2/(4 kappa); GRAIN: e-fold time in the gas         [s]
    double kept;       ///< LAYER: own rise at t_c over the adiabatic one, in (0, 1]; others 1 [-]
    double sink;       ///< LAYER: (b - b_l)/(b + b_l) of body and layer effusivities; 1: ideal
                       ///< sink; others 0                                             [-]
    double t_cut;      ///< end of the pulse, where the rest belongs to the bulk or to the next
                       ///< piece of the contact                                   [s]
    double lead;       ///< length of the heating before; 0: starts cold           [s]
    double lead_share; ///< power before over the sum of powers before and now, 0 to 1 [-]
};

/// One exposure of one carrier.
struct qn_exposure {
    struct qn_pulse pulse;
    double time;     ///< end of the episode                                  [s]
    double mass;     ///< exposed mass m_c                                    [kg]
    double energy;   ///< energy this matter took up                          [J]
    double dose;     ///< energy / mass of this event                         [J/kg]
    double pressure; ///< peak mean pressure (true moduli, capped)            [Pa]
    double shear;    ///< peak shear stress                                   [Pa]
    double slip;     ///< work of sliding of the whole contact per mass     [J/kg]
    int32_t pair;    ///< enum qn_pair_kind it came from
    int32_t carrier; ///< carrier index, -1 before it is assigned
};
