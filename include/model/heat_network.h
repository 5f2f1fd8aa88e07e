/// @file
/// Lumps that take up heat, exchange it and lose it to the ambient:
///
///     C_i dT_i/dt = P_i + sum_j G_ij (T_j - T_i) - L_i (T_i - T_a)
///
/// With constant numbers the answer is a sum of decays, so T at any time is a closed form and no
/// time is stepped: with u = sqrt(C) (T - T_a) the matrix is symmetric, its modes are found once
/// (Jacobi's rotations), stiff lumps (a gas between balls) cost nothing. The books follow from the
/// same modes: heat in = stored + out. Not here: numbers that change with temperature, radiation.
#pragma once

enum { QN_HEAT_NODES = 36 };

/// Fill in the first block, call qn_heat_network_solve; the second is its own.
struct qn_heat_network {
    int n;                                     ///< lumps
    double capacity[QN_HEAT_NODES];            ///< C, above 0                       [J/K]
    double source[QN_HEAT_NODES];              ///< P                                [W]
    double link[QN_HEAT_NODES][QN_HEAT_NODES]; ///< G, symmetric; the diagonal is not read [W/K]
    double loss[QN_HEAT_NODES];                ///< L                                [W/K]
    double start[QN_HEAT_NODES];               ///< T at time 0                      [K]
    double ambient;                            ///< T_a                              [K]

    double rate[QN_HEAT_NODES];                ///< decay of each mode               [1/s]
    double mode[QN_HEAT_NODES][QN_HEAT_NODES]; ///< [lump][mode], orthonormal
};

/// Heat since time 0 [J].
struct qn_heat_book {
    double in, stored, out;
};

/// Find the modes.
void qn_heat_network_solve(struct qn_heat_network *net);

/// Temperatures at time t, shape [n] [K].
void qn_heat_network_at(const struct qn_heat_network *net, double t, double *T);

/// Where all of them end. Lumps with no way to the ambient stay where they are, or never end:
/// infinite.
void qn_heat_network_end(const struct qn_heat_network *net, double *T);

struct qn_heat_book qn_heat_network_book(const struct qn_heat_network *net, double t);

/// E-fold time of the slowest mode [s], infinite when nothing is lost.
double qn_heat_network_time(const struct qn_heat_network *net);
