/// @file
/// A mechanism for people, for Graphviz and for programs.
#pragma once

#include "chem/mechanism.h"
#include "io/text.h"

/// Species and reactions with their constants at T [K], in lines.
void qn_mechanism_table(const struct qn_mechanism *m, double T, struct qn_text *text);

/// The same with every digit as JSON; what does not exist is null.
void qn_mechanism_json(const struct qn_mechanism *m, double T, struct qn_text *text);

/// The network: species as ellipses by phase, reactions as boxes; impacts dashed.
void qn_mechanism_graph(const struct qn_mechanism *m, struct qn_text *text);
