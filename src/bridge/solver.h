/// @file
/// The cold part of bridged mode under PETSc.
#pragma once

#include "bridge/bridged.h"

/// State z: surface species of each class, then gas moles (n_state), then the cold extents of the
/// reactions [mol] (n_all).
struct qn_bridged_solver {
    int n_state, n_all;
    double *z;     ///< [n_all]
    double *base;  ///< [n_state] where the pulse term was evaluated
    double *term;  ///< [n_state] pulse term there
    double *slope; ///< [n_state * n_state] its Jacobian, row major
    double *books; ///< [n_reactions + n_impacts] hot extents per second there [mol/s]
    double *next, *next_term, *next_books, *trial; ///< the same at the end of a segment
    double *scale;                                 ///< [n_all] absolute tolerance
    double *rows;                                  ///< [n_rows * n_state] conserved sums
    double *sums;                                  ///< [n_rows]
    int n_rows;
    double length;  ///< of the next segment [s]
    double ts_step; ///< last step PETSc took [s]
    int fresh;      ///< the Jacobian is from differences, not yet updated
    int ready;      ///< term and slope are there
    struct qn_rates rates;
    void *ts, *x, *jacobian, *tolerance; ///< TS, Vec, Mat, Vec
};

enum qn_status qn_solver_init(struct qn_bridged *b) QN_MUST_USE;
void qn_solver_free(struct qn_bridged *b);

/// Integrate s->trial (in: state at the start, out: at the end) over `length` seconds.
/// @param[out] done  0 when PETSc could not: s->trial is as it was
enum qn_status qn_solver_segment(struct qn_bridged *b, double length, int *done) QN_MUST_USE;
