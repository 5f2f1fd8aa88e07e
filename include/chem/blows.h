/// @file
/// Mechanical rate types: what one event does at once to the matter it exposes.
///
/// A type is one file blow_<name>.c with its keys, a pure function of (values, what is there, the
/// event) and a const descriptor, and a name in the list of blows.c; CONTRIBUTING.md shows how.
/// Reader, faults, `quern mechanism`, books and results follow from the descriptor. All amounts are
/// per mass of exposed powder. An event's extents are taken from the state before it, then capped:
/// energy (what reactions store is at most the stored share of the dose), what is there, and, with
/// `cap: equilibrium`, Q <= K at the peak temperature of the event, activities as in chem/rates.h.
#pragma once

#include "chem/mechanism.h"
#include "chem/rates.h"
#include "exposure/pulse_curve.h"

/// One event as chemistry sees it: a blow on matter at T0, with the pulse that follows.
struct qn_shot {
    struct qn_pulse pulse;
    double T0;       ///< temperature before the contact                                   [K]
    double dose;     ///< energy per mass                                              [J/kg]
    double slip;     ///< work of sliding of the whole contact per mass                [J/kg]
    double pressure; ///< peak mean pressure                                             [Pa]
    double shear;    ///< peak shear stress                                              [Pa]
    int gated;       ///< 1: no stiff solve of its pulse
    const struct qn_pulse_curve *curve; ///< of the pulse, where it is at hand; else NULL. Borrowed
};

/// The event of an exposure; a rise below `gate` is not solved [K].
struct qn_shot qn_shot_of(const struct qn_exposure *x, double T0, double gate);

/// What there is for one reaction, each amount over its stoichiometric coefficient [mol/kg].
struct qn_stock {
    double scarcest; ///< least of the reactants: how often the reaction can happen
    int n;           ///< reactants
    double reactant[QN_MAX_TERMS];
    double made;   ///< of the first product
    double solids; ///< pure solids on both sides, not divided [mol/kg]
};

/// A key of a type's `rate`.
struct qn_blow_key {
    const char *name;
    const char *unit; ///< SI; "J/mol" is read like an activation energy
    int need;         ///< 1: must be there and above 0
    double fallback;  ///< of a key that is not there
    double high;      ///< largest value; 0: none. No value is negative
    const char *doc;
};

enum qn_cap { QN_CAP_REACTANTS, QN_CAP_EQUILIBRIUM };

struct qn_blow_type {
    const char *name;
    const char *channel;           ///< of the books, e.g. "impact"
    const char *fed_by;            ///< dose, slip energy, ...: for people
    enum qn_cap cap;               ///< unless the file says `cap`
    const struct qn_blow_key *key; ///< ended by a NULL name; values come in this order
    /// Last look at a reaction that was read: derived values, q->formation.
    /// @return what is wrong, or NULL
    const char *(*ready)(const struct qn_mechanism *m, struct qn_impact *q);
    /// Extent of one event [mol/kg], not above s->scarcest.  @param value  shape [QN_BLOW_VALUES]
    double (*extent)(const double *value, const struct qn_stock *s, const struct qn_shot *shot);
    /// A quantity that follows from the state, for results; NULL: none, NAN: not asked for.
    double (*measure)(const double *value, const struct qn_stock *s);
    const char *measured, *measure_unit; ///< its name and unit
};

/// All types; NULL ends the list.
extern const struct qn_blow_type *const qn_blow_types[];

/// Type by name, or NULL.
const struct qn_blow_type *qn_blow_find(const char *name);

/// What there is for an equation in state y (surface, then pores) [mol/kg].
struct qn_stock qn_blow_stock(const struct qn_mechanism *m, const struct qn_equation *eq,
                              const double *y);

/// All mechanical reactions of one event.
/// @param stored  share of the dose that may end up in what reactions store
/// @param[in,out] y    state, shape [n_species]: surface and pore gas            [mol/kg]
/// @param[out] extent  shape [n_impacts]                                         [mol/kg]
void qn_blow_apply(const struct qn_matter *x, double stored, const struct qn_shot *shot, double *y,
                   double *extent);

/// `want`, or the largest extent at which Q <= K at T (0 where Q is above K already) [mol/kg].
double qn_blow_equilibrium(const struct qn_matter *x, const struct qn_equation *eq, double T,
                           const double *y, double want);

/// Pairs gone when a and b meet at k: x of dx = k (a - x)(b - x), a <= b, over k from 0 [mol/kg].
double qn_blow_pairs(double a, double b, double k);

/// Dose above a threshold, (w - w_th)+ [J/kg].
static inline double qn_blow_over(double dose, double threshold)
{
    return dose > threshold ? dose - threshold : 0.0;
}
