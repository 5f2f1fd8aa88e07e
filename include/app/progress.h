/// @file
/// Progress for people: one line with the time left on a terminal, stamped lines in a log.
///
/// Writes to stderr, so that stdout stays clean. Observes only: a quiet run is the same to the bit.
#pragma once

struct qn_progress {
    int quiet, terminal, color;
    double began; ///< of the stage, monotonic clock                     [s]
    double first; ///< fraction at which the stage began (a resumed run)  [-]
    double shown; ///< when the last line was written                    [s]
    int closed;   ///< the stage has been shown as done
    int width;    ///< letters of the line that stands on the terminal
    char stage[48];
};

/// `quiet` switches everything off. NO_COLOR in the environment switches colour off.
void qn_progress_init(struct qn_progress *p, int quiet);

/// Say how far a stage is; cheap, may be called every step. A new `stage` begins a new line.
/// @param fraction  done, 0 to 1       @param note  a few words ("12.3 s, 4512 hits/s"), or ""
void qn_progress_update(struct qn_progress *p, const char *stage, double fraction,
                        const char *note);

/// Close the line.
void qn_progress_end(struct qn_progress *p);

/// "1 h 02 min", "3 min 20 s", "4.5 s"; returns `out`.
enum { QN_DURATION_TEXT = 32 };
const char *qn_duration_text(double seconds, char out[QN_DURATION_TEXT]);
