/// @file
/// A contact law as the engine, the ledger and a reader see it.
///
/// A law is one file, src/dem/law_<name>.c: its normal force as a function of vectors, a few
/// functions of plain doubles, and a row of this kind; and one line in the list of
/// src/dem/contact_laws.c. What all laws share - Coulomb friction, rolling, twisting, work - is
/// src/dem/law_parts.h. See CONTRIBUTING.md.
#pragma once

#include "dem/contact.h"

struct qn_shift;   ///< what a thread works with in the contact phase, src/dem/law_parts.h
struct qn_section; ///< blocks of one kind of pair, dem/state.h

struct qn_contact_law {
    const char *name;  ///< word of contact.law in a deck
    const char *words; ///< what it is, with its source

    /// The law's two constants of a pair, k->own; rstar and mstar are set.
    /// @param cap_radius  of the smallest parcel of the pair [m]; unused when not capped
    void (*constants)(const struct qn_pair_class *c, double cap_radius, struct qn_touch_const1 *k);

    /// What QN_H_OWN begins with at first touch, so that restitution e returns.
    double (*begin)(const struct qn_pair_class *c, const struct qn_touch_const1 *k, double e);

    /// How far the contact holds on after the surfaces have parted [m]; NULL: not at all.
    double (*reach)(const struct qn_pair_class *c, const struct qn_touch_const1 *k);

    /// Elastic energy of the normal force [J].
    double (*stored)(const struct qn_pair_class *c, const struct qn_touch_const1 *k,
                     const double *h);

    /// The same at the largest overlap of the episode, QN_H_DEPTH_MAX [J].
    double (*peak)(const struct qn_pair_class *c, const struct qn_touch_const1 *k, const double *h);

    /// Blocks [first, last) of a section; returns whether some overlap passed its guard.
    /// @param kind  bits: 1 rolling or twisting resistance, 2 wall, 4 a wall that is asked
    int (*blocks)(const struct qn_shift *w, const struct qn_section *sec, int first, int last,
                  int kind);

    /// One contact by itself, one step; h has QN_HISTORY fields.
    void (*alone)(const struct qn_pair_class *c, const struct qn_touch1 *t,
                  const struct qn_touch_const1 *k, double dt, double *h, struct qn_given1 *out);
};

/// Every law, ended by NULL; the first is the default. A pair class names one by its number.
extern const struct qn_contact_law *const qn_contact_laws[];

/// Number of a law by its name, -1 when there is none.
int qn_contact_law_find(const char *name);

static inline const struct qn_contact_law *qn_contact_law_of(const struct qn_pair_class *c)
{
    return qn_contact_laws[c->law];
}
