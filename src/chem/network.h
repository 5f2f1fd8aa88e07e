/// @file
/// A mechanism as flat lists, for kernels that take several carriers side by side.
///
/// What a step does is the same for every carrier; here it stands as lists of indices, made once:
/// factors of each rate, slopes by each species, entries of production and Jacobian, logarithms of
/// the rate constants as sums over nine functions of T, and the sparse elimination of I/(h g) - J
/// in an order that keeps fill low (Markowitz). The order is fixed, without pivoting: every column
/// of -J holds what one species loses and what others gain by it, so its largest entry is the
/// diagonal up to ratios of stoichiometric coefficients; where coverage dependences or
/// autocatalysis break that, the kernel sees its pivots shrink, and the step is taken shorter,
/// which always helps. Not here: global laws, orders that are no whole numbers, coverage factors
/// theta^m; for pulses also Blowers-Masel barriers and charge transfer (their constants have no
/// such sums).
#pragma once

#include "chem/rates.h"

enum {
    QN_NET_BASIS = 9,   ///< 1, 1/T, ln T, T, T^2, T^3, T^4, 1/T^2, ln T/T
    QN_NET_RANGES = 10, ///< pieces of the logarithm of a constant
};

/// d q_r/d c_s = q_factor (times forward * product - times reverse * product) + q d ln F/d c_s
struct qn_net_slope {
    int reaction, species;
    double forward, reverse; ///< multiplicity of the species on either side
    int f_from, f_to;        ///< factors left in the forward rate, in `factor`
    int r_from, r_to;        ///< of the reverse rate
    int depends;             ///< index in `depend` of d ln F/dc, -1: none
};

/// Coverage factor of some reactions: exp(sum of its parts).
struct qn_net_group {
    int from, to; ///< in `depend`
};

struct qn_net_depend {
    int species;
    double per; ///< theta per concentration                                       [m2/mol]
    double a_ln10;
    double poly[4]; ///< energies                                                       [J/mol]
};

/// An entry of production (row only) or of the Jacobian.
struct qn_net_entry {
    int row, col;
    int from, to; ///< in `term`
};

struct qn_net_term {
    int at; ///< reaction, or index of a slope
    double nu;
};

struct qn_net_elimination {
    int variable;     ///< pivot
    int l_from, l_to; ///< in `l`: rows below
    int u_from, u_to; ///< in `u`: columns to the right
    int target;       ///< first of (l_to - l_from) * (u_to - u_from) places in `target`
};

struct qn_net_place {
    int variable; ///< row (of l) or column (of u)
    int slot;     ///< in the factor
};

/// Logarithm of a constant: pieces in T, from `above` on.
struct qn_net_constant {
    int ranges, terms; ///< terms: leading functions of the basis in use
    double above[QN_NET_RANGES];
    double c[QN_NET_RANGES][QN_NET_BASIS];
};

struct qn_network {
    const struct qn_mechanism *mech;
    int n; ///< variables that are eliminated: surface, or all species
    int n_r, n_factor, n_slope, n_group, n_depend, n_made, n_jac, n_term, n_lu;
    int *f_at, *r_at; ///< [n_r + 1] factors of forward and reverse, in `factor`
    int *factor;      ///< species
    int *group_of;    ///< [n_r] coverage factor, -1: none
    struct qn_net_group *group;
    struct qn_net_depend *depend;
    struct qn_net_slope *slope; ///< by reaction
    int *slope_at;              ///< [n_r + 1]
    struct qn_net_entry *made;  ///< [n_species] production
    struct qn_net_entry *jac;   ///< all entries by row and column
    struct qn_net_term *term;
    struct qn_net_elimination *step; ///< [n]
    struct qn_net_place *l, *u;
    int *target;
    int *slot;                     ///< [n * n] place in the factor, -1: none
    struct qn_net_constant *log_k; ///< [2 * n_r] forward, reverse; pulses only
    double *sticks;                ///< [n_r] 1: Motz-Wise, log_k is of gamma and `flux` follows
    double *flux;                  ///< [n_r] sqrt(R/(2 pi W))/sites
    int rows;                      ///< conserved sums: elements, then sites of each surface
    struct qn_net_entry *sum;      ///< [rows] over the variables; terms are (variable, amount)
    struct qn_net_entry *lost;     ///< [rows] the same over the gas that has left
    struct qn_net_entry *in_rows;  ///< [n] the same by variable; terms are (row, amount)
    struct qn_net_entry *gram;     ///< [rows * (rows + 1)/2] products of two rows, col <= row
};

/// Can lanes carry this mechanism, at rest or through pulses?
int qn_network_fits(const struct qn_mechanism *m, int pulses);

/// @param pulses  1: pore gas is part of the state and constants follow T
void qn_network_init(struct qn_network *w, const struct qn_mechanism *m, int pulses);
void qn_network_free(struct qn_network *w);
