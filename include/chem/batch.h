/// @file
/// Many carriers, each by itself, through a rest or a pulse: the kernel of chem/pulse.h with
/// several carriers side by side in vector lanes.
///
/// Every lane has its own temperature, areas, state, time and step; a lane that is done takes the
/// next job of the queue. No operation mixes lanes, so what comes out for a job depends neither on
/// its neighbours nor on the width of the vectors nor on how jobs are shared among threads and
/// ranks: the same bits. RODAS4 with the analytic Jacobian, elimination in a fixed sparse order
/// (src/chem/network.h); a step whose multipliers grow beyond 1e6 is taken again shorter. A step
/// that leaves a species below zero is taken again shorter, too; nothing is clipped but round-off.
/// Mechanisms outside qn_batch_fits are for chem/pulse.h, as is reaction heat; chem/crowd.h
/// chooses, and adds doses, pores and threads.
#pragma once

#include "chem/pulse.h"

/// One carrier's rest or pulse. All pointers are borrowed.
struct qn_batch_job {
    const struct qn_matter *matter;
    const struct qn_pulse *pulse;       ///< NULL: a rest of `length` at T
    const struct qn_pulse_curve *curve; ///< of the pulse; NULL: made here
    const double *gas;                  ///< headspace, shape [n_gas]                     [mol/m3]
    double *y;     ///< state, changed in place: rest [n_surface], pulse [n_species]
                   ///< with what is in the pores                    [mol/kg]
    double T;      ///< temperature, without the pulse's rise             [K]
    double length; ///< of a rest                                         [s]
};

/// What became of a job; the arrays are valid during the call only.
struct qn_batch_result {
    const double *out;    ///< [n_gas] moles given to the headspace, what is in the pores
                          ///< beyond the headspace's share counted                 [mol/kg]
    const double *extent; ///< [n_reactions] net extents                            [mol/kg]
    int steps, rejects;
    int failed; ///< 1: more steps than allowed, or too small ones; y is as it was
};

typedef void (*qn_batch_done)(void *context, int job, const struct qn_batch_result *r);

/// Workspace; one per thread. Opaque.
struct qn_batch;

/// Can lanes carry this mechanism? Not: global laws, broken orders, coverage factors theta^m; for
/// pulses neither Blowers-Masel barriers nor charge transfer.
int qn_batch_fits(const struct qn_mechanism *m, int pulses);

/// @param pulses  1: all jobs are pulses; 0: all are rests
struct qn_batch *qn_batch_new(const struct qn_mechanism *m, int pulses);
void qn_batch_free(struct qn_batch *b);

/// Bytes of a workspace: it does not grow with the number of jobs.
size_t qn_batch_bytes(const struct qn_batch *b);

/// Lanes of this build.
int qn_batch_lanes(void);

/// Take all jobs; `done` is called once for each, in the order in which they end.
void qn_batch_run(struct qn_batch *b, const struct qn_pulse_settings *set,
                  const struct qn_batch_job *job, int n, qn_batch_done done, void *context);
