/// @file
/// The hours under way: shared by their stages (hours_stages.c), one stage of mill or hold
/// (hours.c) and their checkpoints (hours_save.c).
#pragma once

#include "app/chem_series.h"
#include "app/epochs.h"
#include "app/heat_balance.h"
#include "app/hours.h"

/// Where the hours stand; plain bytes of a checkpoint.
struct qn_hours_place {
    int stage;       ///< number of the leg under way
    int replaying;   ///< a class needs single jumps: the stage is replayed from there on
    int told;        ///< a stage of milling has told where its methane comes from
    int64_t done;    ///< output points of the stage behind us
    double past;     ///< stages before                                              [s]
    double t0;       ///< solver's time at the beginning of the stage                [s]
    double first;    ///< methane made when milling began                          [mol]
    double residual; ///< largest of the stages before                              [-]
    int segments, terms;
    int64_t jumps, intervals, together;
    double population[QN_POWDER_CLASSES]; ///< carriers of each class once it is replayed
    struct qn_gas gas;                    ///< as the stage began
    struct qn_gas then;                   ///< as a checkpoint found it
};

/// A stage, or a piece of one between two windows.
struct qn_hours_leg {
    struct qn_deck_stage stage; ///< with the span of the piece
    int epoch;                  ///< whose window is in force
    int moves;                  ///< powder moves to the coatings of that epoch first
};

struct qn_hours {
    struct qn_hours_place at;
    struct qn_hours_leg *leg; ///< shape [n_stages], owned
    const struct qn_deck_stage *stage;
    int n_stages;                                 ///< legs
    double y[QN_POWDER_CLASSES * QN_MAX_SPECIES]; ///< classes as the stage began     [mol/kg]
    double gate;                                  ///< [K]
    struct qn_bridged *b;
    struct qn_replay replay;        ///< of use once `at.replaying`; kept for later stages
    struct qn_powder own;           ///< as of the layer of the epoch; borrows the mechanism
    const struct qn_powder *powder; ///< &own
    const struct qn_epochs *epochs;
    const struct qn_window *window; ///< of the epoch
    struct qn_climate climate;
    struct qn_chem_series series;
    struct qn_hours_result *out;
    double *reaction, *impact; ///< moles of the stages before, as in qn_books
};

/// One stage of mill or hold, from h->y and h->at.gas, to whose end both are brought.
/// @param resumed  1: it goes on from a checkpoint
enum qn_status qn_hours_stage(struct qn_session *s, struct qn_hours *h, int resumed) QN_MUST_USE;

/// Carriers for a replay that goes on from where the bridged mode stands.
void qn_hours_open_replay(const struct qn_session *s, struct qn_hours *h);

/// The gas of whichever carries the stage.
const struct qn_gas *qn_hours_gas(const struct qn_hours *h);

/// A stage of `qn_session_pause`: the solver's state, its step control included, so that a resumed
/// run ends in the same bits.
void qn_hours_save(const void *hours, struct qn_store *store);

/// Is there a checkpoint inside the hours? Then also where it stands and what was before.
/// Collective.
enum qn_status qn_hours_restore_place(struct qn_session *s, struct qn_hours *h,
                                      int *there) QN_MUST_USE;

/// The state of the stage that h->at names, whose h->b is initialised. Collective.
enum qn_status qn_hours_restore(struct qn_session *s, struct qn_hours *h) QN_MUST_USE;
