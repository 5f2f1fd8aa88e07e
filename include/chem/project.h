/// @file
/// Moves a state back on its conserved sums: y <- y + W A^T (A W A^T)^-1 (b - A y), W = diag(y).
///
/// Weights by content keep empty species empty; rows the state cannot feel are dropped.
#pragma once

#include "chem/mechanism.h"

enum { QN_PROJECT_ROWS = 40 };

/// @param A     shape [rows * n], row major; rows <= QN_PROJECT_ROWS
/// @param want  b, shape [rows]
/// @param[in,out] y  shape [n], not negative
void qn_project_rows(const double *A, int rows, int n, const double *want, double *y);
