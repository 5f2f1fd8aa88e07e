/// @file
/// A mechanism in memory: phases, species, reactions, and what impacts do; all in SI, mol.
///
/// Read from Cantera's YAML form (the subset below) plus sections of our own, which Cantera
/// ignores. Species are numbered surfaces first, phase by phase, then pure solids, then metal
/// electrons, then gas: 0 .. n_sites - 1 sit on sites, n_sites .. n_surface - 1 are pure phases,
/// n_surface .. n_species - 1 are gas.
///
/// Accepted: `units` of a file, of a list (its first item) or of a map; phases `ideal-gas` (one),
/// `ideal-surface` (with `site-density`), `fixed-stoichiometry` (one species) and `electron-cloud`;
/// species lists, `all`, or from a section of another file, {file.yaml/section: [names]};
/// `reactions: all | none | declared-species | [sections]`; species with composition (E:
/// electrons), sites and thermo `NASA7`, `NASA9`, `Shomate` or `constant-cp`; reactions `=>`, `<=>`
/// and `=` with `rate-constant` or `sticking-coefficient` {A, b, Ea} or Blowers-Masel {A, b, Ea0,
/// w}, `coverage-dependencies` {a, m, E} with E a number or four of a polynomial, `orders`,
/// `Motz-Wise`, `beta`. Values may carry their own units as text. Everything else is refused at its
/// line and column, all faults at once: reactions in the gas, non-ideal phases, edges, third
/// bodies. A Cantera state or transport model of a phase is read over: the deck sets the state. A
/// reaction's rate is per area of the surface phase whose section lists it. Reactions between two
/// surfaces, which Cantera cannot list, stand in `spill-over-reactions` with their `phase`.
///
/// `global-reactions` (ours): {law: name, catalyst: share}, a law of chem/laws.h in mol/(s kg of
/// its catalyst), of which a kg of powder holds `catalyst` kg. Its reactions join the mass-action
/// ones.
///
/// `uptake-reactions` (ours): `equation` (<=>) of one gas and pure phases, `type` of
/// chem/uptakes.h, `rate` with its keys, `solvent` where the type asks for one.
///
/// `observations` (ours): {name, type: dry-basis | normalised | mass-fractions, of or without:
/// [species], detection-limit, uncertainty: {relative, absolute}}, what instruments make of the
/// state (chem/observe.h).
///
/// `linear-scaling` (ours): `reference` binding energies of atoms, `bonds` of species to them over
/// their largest valence, `transfer` of heats to barriers (chem/scaling.h).
///
/// `mechanical-reactions` (ours): `equation` (=>), `type`, `rate` with the keys of that type (one
/// of chem/blows.h), perhaps `cap: reactants | equilibrium`, `id`, `note`. One may say
/// `remainder-of: id` of an earlier one of its type: both are ways of one event, and it gets only
/// what its own extent exceeds that one's, as where a gas that takes an atom runs out. Thermal
/// reactions all run at the pulse temperature without being told. A surface species with `buried:
/// true` (ours; Cantera reads over it) is sites inside the grains: they count as sites, not as
/// area, and only mechanical reactions know them.
#pragma once

#include <stdint.h>

#include "base/error.h"
#include "chem/laws.h"
#include "chem/thermo.h"

enum {
    QN_MAX_ELEMENTS = 12,
    QN_MAX_PHASES = 6,
    QN_MAX_SPECIES = 48,
    QN_MAX_TERMS = 6,   ///< species on one side of an equation
    QN_MAX_DEPENDS = 4, ///< coverage dependencies of a reaction
    QN_MAX_GLOBALS = 4, ///< global rate laws
    QN_MAX_IMPACTS = 64,
    QN_MAX_ATOMS = 6, ///< that species hold on by
    QN_MAX_OBSERVATIONS = 8,
    QN_OBSERVED = 24, ///< species one instrument tells apart
};

enum qn_phase_kind { QN_PHASE_SURFACE, QN_PHASE_GAS, QN_PHASE_SOLID, QN_PHASE_ELECTRONS };

struct qn_phase {
    char name[32];
    enum qn_phase_kind kind;
    double site_density; ///< surface                                      [mol/m2]
    int first, count;    ///< its species
    int motz_wise;       ///< sticking reactions without a word of their own
};

struct qn_species {
    char name[24];
    int phase;
    double sites;                    ///< sites one of it covers
    int buried;                      ///< sites inside the grains
    double weight;                   ///< [kg/mol]
    double element[QN_MAX_ELEMENTS]; ///< atoms of each element
    double charge;                   ///< in units of the proton's
    struct qn_thermo thermo;
};

struct qn_term {
    int species;
    double nu; ///< stoichiometric coefficient, positive
};

struct qn_coverage_dependency {
    int species;
    double a, m;    ///< factor 10^(a theta) theta^m
    double E;       ///< factor exp(-E theta/RT)                           [J/mol]
    int curved;     ///< a polynomial: `poly` in place of E
    double poly[4]; ///< factor exp(-sum poly[i] theta^(i+1)/RT)           [J/mol]
};

/// Reactants, products and their difference.
struct qn_equation {
    char text[160];
    int n_react, n_prod, n_net;
    struct qn_term react[QN_MAX_TERMS], prod[QN_MAX_TERMS];
    struct qn_term net[2 * QN_MAX_TERMS]; ///< species that change, nu signed
};

struct qn_reaction {
    struct qn_equation eq;
    int phase;      ///< surface whose area the rate is per
    int reversible; ///< reverse rate from thermo
    int sticking;   ///< A is a sticking coefficient of `stick`
    int motz_wise;
    int duplicate;      ///< declared: another reaction has the same equation
    int stick;          ///< gas species that sticks
    double stick_sites; ///< product of site densities^nu of the surface reactants [(mol/m2)^m]
    double A;           ///< mol, m, s; or the sticking coefficient
    double b;
    double Ea; ///< [J/mol]; Blowers-Masel: the intrinsic barrier
    int blowers_masel;
    double bond; ///< Blowers-Masel: mean bond energy w                        [J/mol]
    int n_order; ///< forward rate: product of concentrations to these powers
    struct qn_term order[QN_MAX_TERMS]; ///< reactants, unless `orders` says otherwise
    double beta;                        ///< symmetry factor of a charge transfer
    int charged;                        ///< 1: it carries charge between phases
    double carries[QN_MAX_PHASES];      ///< charge each phase gains  [proton charges]
    int n_depends;
    struct qn_coverage_dependency depends[QN_MAX_DEPENDS];
    int n_on; ///< species the rate depends on
    int on[2 * QN_MAX_TERMS + QN_MAX_DEPENDS];
};

struct qn_uptake_type;
enum { QN_UPTAKE_GAS, QN_UPTAKE_FULL, QN_UPTAKE_OTHER }; ///< parts in an uptake
enum { QN_GLOBAL_VALUES = 8 };

/// A global rate law, or an uptake (chem/uptakes.h), at work; its reactions stand together in the
/// list of reactions.
struct qn_global {
    const struct qn_law *law; ///< NULL: an uptake
    double catalyst;          ///< kg of the law's catalyst a kg of powder
    int first;                ///< index of its first reaction
    int species[QN_LAW_SPECIES];
    const struct qn_uptake_type *uptake;
    double share[QN_LAW_SPECIES];   ///< formulas a mole of a part stands for
    double value[QN_GLOBAL_VALUES]; ///< of the uptake's keys
};

struct qn_blow_type;
enum { QN_BLOW_VALUES = 8 };

/// A mechanical reaction (chem/blows.h).
struct qn_impact {
    struct qn_equation eq;
    const struct qn_blow_type *type;
    double value[QN_BLOW_VALUES]; ///< in the order of the type's keys, then derived ones
    double formation;             ///< energy that the extent stores                     [J/mol]
    int cap;                      ///< enum qn_cap
    char id[16];                  ///< name in the file, may be empty
    int remainder_of;             ///< 1 + index of the reaction whose remainder it gets; 0: none
};

/// How binding energies of atoms scale those of species (chem/scaling.h).
struct qn_scaling {
    int n; ///< atoms; 0: the file does not say
    char atom[QN_MAX_ATOMS][4];
    double reference[QN_MAX_ATOMS];             ///< binding energies in force       [J/mol]
    double transfer;                            ///< share of dH that a barrier takes
    double bonds[QN_MAX_SPECIES][QN_MAX_ATOMS]; ///< to the atom, over its largest valence
};

enum qn_observation_kind { QN_OBSERVE_DRY, QN_OBSERVE_NORMALISED, QN_OBSERVE_MASS };

/// What an instrument tells (chem/observe.h).
struct qn_observation {
    char name[24];
    enum qn_observation_kind kind;
    int n, species[QN_OBSERVED];
    double limit;              ///< of detection, a share
    double relative, absolute; ///< standard uncertainty of a value; both 0: none is stated
};

struct qn_mechanism {
    int n_elements;
    char element[QN_MAX_ELEMENTS][4];
    int n_phases;
    struct qn_phase phase[QN_MAX_PHASES]; ///< surfaces, solids, electrons, gas
    int n_sites;                          ///< species on sites
    int n_surface;                        ///< species that are no gas
    int n_gas;
    int n_species; ///< n_surface + n_gas
    int n_buried;  ///< species that are buried
    struct qn_species species[QN_MAX_SPECIES];
    int n_mass_action; ///< reactions with rate constants; those of global laws follow
    int n_reactions;
    struct qn_reaction *reaction; ///< shape [n_reactions], owned
    int n_globals;
    struct qn_global global[QN_MAX_GLOBALS];
    int n_impacts;
    struct qn_impact *impact; ///< shape [n_impacts], owned
    int n_observations;
    struct qn_observation observation[QN_MAX_OBSERVATIONS];
    struct qn_scaling scaling;
    uint64_t hash; ///< of the file's bytes
};

/// Read and check a mechanism file: elements, sites and charge balance in every equation, thermo is
/// there where a reverse rate needs it. @return QN_ERR_INPUT with every fault, one a line;
/// QN_ERR_IO.
enum qn_status qn_mechanism_read(const char *path, struct qn_mechanism *m) QN_MUST_USE;

/// The same from a text; `name` stands for the file in messages.
enum qn_status qn_mechanism_parse(const char *name, const char *text,
                                  struct qn_mechanism *m) QN_MUST_USE;

void qn_mechanism_free(struct qn_mechanism *m);

/// Index of a species or phase by name, -1 when there is none.
int qn_mechanism_species(const struct qn_mechanism *m, const char *name);
int qn_mechanism_phase(const struct qn_mechanism *m, const char *name);
