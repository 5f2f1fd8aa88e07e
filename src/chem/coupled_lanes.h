/// @file
/// What the coupled solver keeps, and its work on one block of carriers.
#pragma once

#include "chem/coupled.h"
#include "lane_rates.h"
#include "rodas.h"

/// Sums of a sweep: of each gas, then n_gas * n_gas of the Schur complement; or of each reaction.
enum { QN_COUPLED_GAS = 16, QN_COUPLED_SUMS = 512 };

enum qn_coupled_sweep { QN_COUPLED_STAGE, QN_COUPLED_FINISH, QN_COUPLED_ACCEPT };

/// Where a lane group's numbers are, in vectors from its beginning.
struct qn_coupled_places {
    size_t y, k, mean, atol, trial, kf, kr, scale, lu, inverse, w, jac, rate, given, out, want,
        turned, inv_RT, share;
};

struct qn_coupled {
    struct qn_network net;
    struct qn_group *group;
    int threads, books;         ///< books 1: extents are kept
    struct qn_lane_rates *work; ///< [threads]
    struct qn_rates constants;
    const struct qn_matter *constants_for;
    double weight[RODAS_STAGES];
    const struct qn_pulse_settings *set;
    int n, blocks, groups, first_gas_row; ///< entries of the Jacobian from there on are gas rows
    struct qn_coupled_places at;
    size_t stride, room, sums;
    qn_vec *data;   ///< [groups * stride]
    double *part;   ///< [blocks * sums]
    double *worst;  ///< [blocks] scaled error
    double *extent; ///< [n_r] of all carriers in this run [mol]
    size_t part_room, worst_room;
    double h, volume, atol_gas;
    double c[QN_COUPLED_GAS], c_u[QN_COUPLED_GAS], trial[QN_COUPLED_GAS], mean[QN_COUPLED_GAS];
    double k[RODAS_STAGES][QN_COUPLED_GAS];
    double schur[QN_COUPLED_GAS * QN_COUPLED_GAS];
    int pivot[QN_COUPLED_GAS];
};

void qn_coupled_layout(struct qn_coupled *c);

/// Put a carrier in a lane; `real` 0: without mass.
void qn_coupled_load(struct qn_coupled *c, int group, int lane, const struct qn_coupled_carrier *x,
                     int real);
/// Sums that the carriers of a group have to keep.
void qn_coupled_note(struct qn_coupled *c, int group);
void qn_coupled_unload(const struct qn_coupled *c, const struct qn_coupled_carrier *x);

/// One sweep over one block; sums to c->part, errors to c->worst.
void qn_coupled_block(struct qn_coupled *c, struct qn_lane_rates *work, enum qn_coupled_sweep kind,
                      int stage, int block);
