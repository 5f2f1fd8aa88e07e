/// @file
/// Conserved sums of VL carriers and the way back to them: chem/project.h side by side.
#pragma once

#include "chem/project.h"
#include "lane_rates.h"

/// Sums of the variables and of the gas that has left, shape [rows].
QN_LANES_INLINE void qn_lane_sums(const struct qn_network *net, const qn_vec *y, const qn_vec *out,
                                  qn_vec *sum)
{
    for (int i = 0; i < net->rows; i++) {
        sum[i] = qn_lane_terms(net, &net->sum[i], y) + qn_lane_terms(net, &net->lost[i], out);
    }
}

/// Cholesky with dropped rows, then solve, as in project.c; a is [rows * (rows + 1)/2].
QN_LANES_INLINE void qn_lane_semidefinite(int n, qn_vec *a, qn_vec *b)
{
    const qn_vec zero = qn_all(0.0);
    qn_vec inverse[QN_PROJECT_ROWS] = {zero};
    for (int j = 0; j < n; j++) {
        qn_vec *row = a + j * (j + 1) / 2;
        const qn_vec before = row[j];
        for (int k = 0; k < j; k++) {
            row[j] = row[j] - row[k] * row[k];
        }
        // a row that follows from the others, or that nothing here feels
        const qn_vec keep = QN_GT(before, zero, row[j] - 1e-13 * before, qn_all(-1.0));
        inverse[j] = QN_GT(keep, zero, 1.0 / QN_SQRT(row[j]), zero);
        for (int i = j + 1; i < n; i++) {
            qn_vec *below = a + i * (i + 1) / 2;
            for (int k = 0; k < j; k++) {
                below[j] = below[j] - below[k] * row[k];
            }
            below[j] = below[j] * inverse[j];
        }
    }
    for (int i = 0; i < n; i++) {
        for (int k = 0; k < i; k++) {
            b[i] = b[i] - a[i * (i + 1) / 2 + k] * b[k];
        }
        b[i] = b[i] * inverse[i];
    }
    for (int i = n - 1; i >= 0; i--) {
        for (int k = i + 1; k < n; k++) {
            b[i] = b[i] - a[k * (k + 1) / 2 + i] * b[k];
        }
        b[i] = b[i] * inverse[i];
    }
}

/// Move y back on the sums `want`; `out` is not moved. Once a step is enough: what round-off leaves
/// is not added up, since `want` stays.
QN_LANES_INLINE void qn_lane_project(const struct qn_network *net, const qn_vec *want,
                                     const qn_vec *out, qn_vec *y)
{
    qn_vec gram[QN_PROJECT_ROWS * (QN_PROJECT_ROWS + 1) / 2], miss[QN_PROJECT_ROWS];
    for (int i = 0; i < net->rows; i++) {
        miss[i] = (want[i] - qn_lane_terms(net, &net->lost[i], out)) -
                  qn_lane_terms(net, &net->sum[i], y);
    }
    for (int p = 0; p < net->rows * (net->rows + 1) / 2; p++) {
        gram[p] = qn_lane_terms(net, &net->gram[p], y);
    }
    qn_lane_semidefinite(net->rows, gram, miss);
    for (int k = 0; k < net->n; k++) {
        const struct qn_net_entry *e = &net->in_rows[k];
        const qn_vec shift = qn_lane_terms(net, e, miss);
        y[k] = y[k] + y[k] * qn_larger(shift, qn_all(-0.5));
    }
}
