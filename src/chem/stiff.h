/// @file
/// The Rosenbrock integrator under chem/pulse.
#pragma once

#include "chem/pulse.h"

/// One smooth stretch of time.
struct qn_stretch {
    const struct qn_matter *matter;
    const struct qn_pulse_settings *set;
    const struct qn_pulse_curve *curve; ///< t = begin + s^2; NULL: T stays T0, t = s
    int cooling;                        ///< which stretch of the curve
    double T0;
    const double *gas; ///< frozen concentrations [mol/m3]; NULL: pore gas is part of the state
    double length;     ///< [s]
    int heats;         ///< the excess temperature of reaction heat is the last of the state
    double loss;       ///< rate at which the excess decays                            [1/s]
};

/// Integrate w->y over the stretch; adds to w->extent, w->out, w->steps, w->rejects.
enum qn_status qn_stiff_run(const struct qn_stretch *p, struct qn_pulse_work *w) QN_MUST_USE;

/// LU factors with row pivoting of the n x n matrix `a` (row major); 0 when singular.
int qn_stiff_factor(double *a, int *pivot, int n);
void qn_stiff_solve(const double *a, const int *pivot, int n, double *b);

/// Conserved sums of (y, out): element rows, then site rows; returns their number.
int qn_project_sums(const struct qn_mechanism *m, int pores, const double *y, const double *out,
                    double *sum);
/// Move y back on the sums `want`.
void qn_project(const struct qn_mechanism *m, int pores, const double *want, const double *out,
                double *y);
