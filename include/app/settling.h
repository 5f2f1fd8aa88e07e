/// @file
/// The settling of a stage's bodies before its mill turns, with checkpoints of the stage's own.
#pragma once

#include "app/session.h"
#include "dem/engine.h"
#include "dem/settle.h"

/// What a stage gives: its name, its state, how that is saved, and what follows a step (NULL:
/// nothing).
struct qn_settling_stage {
    const char *name;
    void *state;
    qn_save_fn *save; ///< saves the settling too
    void (*after)(void *state);
};

/// As the deck asks; done at once when it does not.
struct qn_settling qn_settling_of(const struct qn_deck *deck);

/// Step until the bodies have settled; nothing when they have. Episodes are dropped. Collective.
/// @return QN_ERR_PHYSICS when they do not, QN_CHECKPOINTED
enum qn_status qn_settling_run(struct qn_session *s, const struct qn_settling_stage *stage,
                               const struct qn_dem_model *model, struct qn_dem *dem,
                               struct qn_settling *settling) QN_MUST_USE;
