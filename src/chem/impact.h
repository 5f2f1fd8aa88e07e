/// @file
/// Impact reactions of one event.
#pragma once

#include "chem/mechanism.h"

/// Extent of one reaction for one event, before the energy cap [mol/kg].
double qn_impact_extent(const struct qn_impact *q, double supply, double dose);

/// All impact reactions of one event on state y (surface and pore gas, [mol/kg]).
/// @param dose    energy per mass [J/kg]; `stored` of it may end up in defects
/// @param[out] extent  shape [n_impacts] [mol/kg]
void qn_impact_apply(const struct qn_mechanism *m, double dose, double stored, double *y,
                     double *extent);
