/// @file
/// The cold part of bridged mode under PETSc.
#pragma once

#include "bridge/bridged.h"

/// State z: surface species of each class, then gas moles (n_state), then the cold extents of the
/// reactions [mol], then, where gas flows through, what came in and what went out of each gas [mol]
/// (n_all).
///
/// Between two evaluations the hot extent of each reaction keeps its rate, so every step conserves
/// elements and sites; a segment that takes more than there is fails its error test.
struct qn_bridged_solver {
    int n_state, n_all, n_hot;       ///< n_hot: n_classes * (n_reactions + n_impacts)
    double *z;                       ///< [n_all]
    double *hot;                     ///< [n_hot] extents per second at z, class by class [mol/s]
    double *push;                    ///< [n_state] what they do to z in the segment under way [1/s]
    double *next, *next_hot, *trial; ///< the same at the end of a segment
    double *scale;                   ///< [n_all] a change worth a name
    double *rows;                    ///< [n_rows * n_state] conserved sums
    double *sums;                    ///< [n_rows]
    int n_rows;
    double *before;                             ///< [n_all] state at the start of the last segment
    double now;                                 ///< time of z [s]
    double began;                               ///< time of `before` [s]
    double length;                              ///< of the next segment [s]
    double ts_step;                             ///< last step PETSc took [s]
    int ready;                                  ///< the pulse term is there
    struct qn_rates rates[QN_SPECTRUM_CLASSES]; // each with the constants of its own temperature
    void *ts, *x, *jacobian, *tolerance;        ///< TS, Vec, Mat, Vec
};

enum qn_status qn_solver_init(struct qn_bridged *b) QN_MUST_USE;
void qn_solver_free(struct qn_bridged *b);

/// Integrate s->trial (in: state at the start, out: at the end) over `length` seconds under
/// s->push.
/// @param[out] done  0: PETSc gave up; a shorter segment may go
enum qn_status qn_solver_segment(struct qn_bridged *b, double length, int *done) QN_MUST_USE;

/// Add the pulse term to f [n_state], from extents `hot`.
void qn_solver_pulses(const struct qn_bridged *b, const double *hot, double *f);
