/// @file
/// Uptake of a gas by the bulk of the powder: laws of their own, with an amount that has a limit.
///
/// A type is one file, uptake_<name>.c: its keys and its rate as a pure function, and one line in
/// uptakes.c. The reaction it carries is written in the mechanism file (`uptake-reactions`); one
/// gas, one pure phase that holds it, and where the type asks for them a phase that takes it up
/// and a solvent.
#pragma once

#include "chem/blows.h"

/// Where a reaction stands.
struct qn_uptake_state {
    double T;       ///< [K]
    double p;       ///< of the gas                                      [bar]
    double empty;   ///< what takes it up: moles of formula reacting  [mol/kg]
    double full;    ///< what holds it, in the same                   [mol/kg]
    double solvent; ///< liquid                                       [mol/kg]
};

struct qn_uptake_type {
    const char *name;
    const char *words;             ///< what it is, with its source
    int empties;                   ///< 1: a pure phase among the reactants turns into the other
    int solvent;                   ///< 1: `solvent` names a liquid
    const struct qn_blow_key *key; ///< ended by a NULL name
    /// Net rate, positive into the powder [mol of formula/(s kg)].  @param value  of the keys
    double (*rate)(const double *value, const struct qn_uptake_state *s);
};

/// All types; NULL ends the list.
extern const struct qn_uptake_type *const qn_uptake_types[];

/// Type by name, or NULL.
const struct qn_uptake_type *qn_uptake_find(const char *name);

/// Pressure over a hydride whose share `x` holds hydrogen, on the way in (1) or out (0) [bar].
/// @param value  of the keys of type hydride
double qn_hydride_pressure(const double *value, double T, double x, int in);

/// Amount of gas that a litre of liquid holds at 1 Pa, after Henry [mol/(m3 Pa)].
double qn_henry(double at_room, double slope, double T);
