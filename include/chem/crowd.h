/// @file
/// Many carriers, each by itself, through rests or exposures: side by side in vector lanes where
/// they carry the mechanism (chem/batch.h), one after the other elsewhere (chem/pulse.h).
///
/// Which of the two is a matter of the mechanism alone, never of how many jobs there are, and jobs
/// do not see each other: what comes out for a job has the same bits whatever its neighbours, the
/// width of the vectors, and the threads. An exposure is that of qn_pulse_apply: mechanical
/// reactions first, pores filled before and handed back after; a pulse on which the heat of its
/// reactions acts back is taken again by chem/pulse.h alone.
/// Memory does not grow with the number of jobs.
#pragma once

#include "chem/pulse.h"

/// One carrier's rest or exposure. All pointers are borrowed.
struct qn_crowd_job {
    const struct qn_matter *matter;
    const struct qn_shot *shot; ///< NULL: a rest of `length` at T
    const double *gas;          ///< headspace, shape [n_gas]                          [mol/m3]
    double *y;                  ///< surface species, shape [n_surface], changed in place [mol/kg]
    double T;                   ///< of a rest; an exposure has its own                     [K]
    double length;              ///< of a rest, above 0                                     [s]
};

/// What became of a job, as in struct qn_pulse_work; valid during the call only.
struct qn_crowd_result {
    const double *out, *extent; ///< [n_gas], [n_reactions]                            [mol/kg]
    const double *impact;       ///< [n_impacts]; NULL of a rest                       [mol/kg]
    int steps;
    int failed; ///< 1: qn_error_text() says why; y is as it was
};

/// Called on the thread (0 ...) that took the job, at the same time as on others.
typedef void (*qn_crowd_done)(void *context, int thread, int job, const struct qn_crowd_result *r);

/// Opaque.
struct qn_crowd;

struct qn_crowd *qn_crowd_new(const struct qn_mechanism *m, int threads);
void qn_crowd_free(struct qn_crowd *c);

/// Do lanes take rests (0) or pulses (1) of this mechanism?
int qn_crowd_in_lanes(const struct qn_crowd *c, int pulses);

/// Take all jobs, all rests or all exposures as the first is; `done` is called once for each.
void qn_crowd_run(struct qn_crowd *c, const struct qn_pulse_settings *set,
                  const struct qn_crowd_job *job, int n, qn_crowd_done done, void *context);
