/// @file
/// Settling as part of a stage.
#include "app/settling.h"

#include <math.h>
#include <stdio.h>

#include "app/fault_dump.h"

enum { LOOK_EVERY = 256 }; ///< steps between looks at clock and signals

struct qn_settling qn_settling_of(const struct qn_deck *deck)
{
    const struct qn_deck_run *run = &deck->run;
    return (struct qn_settling){.most = run->settle,
                                .limit = run->settle_energy,
                                .hold = run->settle_hold,
                                .quiet = -1.0,
                                .done = !(run->settle > 0.0)};
}

static void progress(struct qn_session *s, const struct qn_settling *settling, double now)
{
    char note[64];
    snprintf(note, sizeof note, "%.3f s, kinetic energy %.2g m g R", now, settling->energy);
    qn_progress_update(&s->progress, "settling", fmin(now / settling->most, 1.0), note);
}

enum qn_status qn_settling_run(struct qn_session *s, const struct qn_settling_stage *stage,
                               const struct qn_dem_model *model, struct qn_dem *dem,
                               struct qn_settling *settling)
{
    const struct qn_dem_model rest = qn_settle_model(model);
    const struct qn_episode *events;
    size_t n;
    while (!settling->done) {
        QN_TRY(qn_fault_dump(s, stage->name, dem, qn_settle_step(&rest, dem, settling)));
        if (stage->after) {
            stage->after(stage->state);
        }
        qn_dem_drain(dem, &events, &n);
        if (!settling->done && dem->step % LOOK_EVERY == 0) {
            progress(s, settling, qn_dem_time(&rest, dem));
            QN_TRY(qn_session_pause(s, stage->name, stage->save, stage->state));
        }
    }
    return QN_OK;
}
