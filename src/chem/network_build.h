/// @file
/// Between the files that fill a network.
#pragma once

#include <stddef.h>

#include "network.h"

struct qn_net_build {
    struct qn_network *w;
    size_t factors, terms, ls, us, targets; ///< capacities
};

/// Append a term; returns how many there are.
int qn_net_add_term(struct qn_net_build *b, int at, double nu);

/// Order of elimination and its lists.
void qn_network_order(struct qn_net_build *b);

/// Logarithms of the constants.
void qn_network_constants(struct qn_network *w);
