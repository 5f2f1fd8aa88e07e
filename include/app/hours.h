/// @file
/// Bridged mode as a stage of a run: the hours after the window and the direct span.
#pragma once

#include "app/direct.h"
#include "app/epochs.h"
#include "app/powder.h"
#include "app/session.h"
#include "app/window.h"
#include "bridge/bridged.h"
#include "bridge/replay.h"

struct qn_hours_result {
    int ran;         ///< 0: the deck asks for no hours
    double duration; ///< [s]
    struct qn_gas gas;
    double residual;  ///< largest relative change of an element's total        [-]
    double tof;       ///< CH4 per surface metal site and second, first interval [1/s]
    double t_dom;     ///< rate-weighted harmonic peak temperature of CH4 hits  [K]
    double above_800; ///< share of CH4 made in hits that peak above 800 K       [-]
    struct qn_criterion criterion[QN_SPECTRUM_CLASSES]; ///< at the start
    enum qn_level level[QN_SPECTRUM_CLASSES];           ///< by which a class was carried at the end
    double carrier[QN_SPECTRUM_CLASSES];                ///< mass of one carrier            [kg]
    double population[QN_SPECTRUM_CLASSES];             ///< carriers of a class, if replayed
    int carriers[QN_SPECTRUM_CLASSES];                  ///< of those, how many were replayed
    int64_t jumps, intervals;                           ///< drawn and stepped through in replay
    int64_t together;                                   ///< intervals with a coupled gas
    int n_classes, segments, terms;
    double mixing; ///< largest qn_mixing_number of a class: below 0.01 one class would do
    double slope;  ///< d ln k / d ln E of the first window at 74 kJ/mol
    struct qn_climate climate; ///< as it was left; zeroed when temperatures are held
};

/// Integrate the deck's hours. Begins where the direct span ended, or from fresh rested powder.
/// Epochs come applied (qn_epochs_apply); the session has its own deck again afterwards.
enum qn_status qn_hours_get(struct qn_session *s, const struct qn_powder *powder,
                            const struct qn_epochs *epochs, const struct qn_direct_result *direct,
                            struct qn_hours_result *out) QN_MUST_USE;

/// qn_hours_gate at the lowest temperature the powder has; 0 without a window.
double qn_hours_gate_of(const struct qn_deck *deck, const struct qn_window *window);

/// Rise below which a pulse cannot beat the cold rate of an activation energy: gamma >
/// ln(0.01/duty) with the largest duty of a class of the window [K].
double qn_hours_gate(const struct qn_window *window, double T);
