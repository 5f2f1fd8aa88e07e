/// @file
/// Mechanism variants: other binding energies of atoms (another metal, facet or particle), other
/// rate constants.
///
/// A species that holds on by atom X with a share b of X's largest valence binds tighter by b (E' -
/// E) when the atom's binding energy goes from E to E' (Abild-Pedersen et al. (2007) Phys. Rev.
/// Lett. 99, 016105; the rule of RMG's surface thermochemistry). The barrier of a reaction takes a
/// share `transfer` of what its heat changes by (Bell, Evans & Polanyi), its reverse the rest, so
/// that equilibrium follows thermo. Sticking is not activated and keeps its coefficient. What would
/// push a barrier below zero goes to the reverse one. Blowers-Masel barriers follow their own law.
#pragma once

#include "chem/mechanism.h"

/// Shift thermo and barriers to other binding energies.
/// @param energy  of each atom of m->scaling, shape [m->scaling.n]  [J/mol, negative]
void qn_scaling_apply(struct qn_mechanism *m, const double *energy);

/// By how much a species' enthalpy shifts [J/mol].
double qn_scaling_shift(const struct qn_scaling *s, int species, const double *energy);

/// Barriers of a reaction and of its reverse after the heat of reaction changed by `dH`; pure.
/// @param[in,out] forward, reverse  [J/mol]
void qn_scaling_barriers(double transfer, double dH, double *forward, double *reverse);

/// The listed reaction that runs the other way on the same surface, both irreversible; -1: none.
int qn_scaling_opposite(const struct qn_mechanism *m, int reaction);

/// Index of an atom of the scaling, -1 when it has none of that name.
int qn_scaling_atom(const struct qn_scaling *s, const char *name);
