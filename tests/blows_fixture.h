// A mechanism for mechanical reactions: one surface with buried and fresh sites, solids, a gas.
#pragma once

#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/carrier.h"

// Two solids R and S react to T; C and D differ by k = 2 at 300 K (dG = -RT ln 2)
static const char BLOWS_HEAD[] =
    "units: {length: m, quantity: mol, time: s, activation-energy: J/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N2, CO]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0e-5, species: [B, F, M, C, D, V, W], "
    "reactions: [steps]}\n"
    "- {name: r, thermo: fixed-stoichiometry, species: [R]}\n"
    "- {name: s2, thermo: fixed-stoichiometry, species: [S]}\n"
    "- {name: t, thermo: fixed-stoichiometry, species: [T]}\n"
    "- {name: fe, thermo: fixed-stoichiometry, species: [Fe]}\n"
    "species:\n"
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
    "- {name: CO, composition: {C: 1, O: 1}, thermo: {model: constant-cp, reference-pressure: 1 "
    "bar}}\n"
    "- {name: B, composition: {}, buried: true}\n"
    "- {name: F, composition: {}}\n"
    "- {name: M, composition: {}, thermo: {model: constant-cp}}\n"
    "- {name: C, composition: {}, thermo: {model: constant-cp}}\n"
    "- {name: D, composition: {}, thermo: {model: constant-cp, h0: -1728.943896461}}\n"
    "- {name: V, composition: {}}\n"
    "- {name: W, composition: {}}\n"
    "- {name: R, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- {name: S, composition: {O: 1}, thermo: {model: constant-cp}}\n"
    "- {name: T, composition: {C: 1, O: 1}, thermo: {model: constant-cp, h0: -100000}}\n"
    "- {name: Fe, composition: {Fe: 1}}\n";

struct blows {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES];
    double gas[2];
};

static int species_of(const struct blows *b, const char *name)
{
    const int k = qn_mechanism_species(&b->m, name);
    cr_assert(k >= 0);
    return k;
}

// 1e5 m2/kg: 1 mol/kg of sites
static void open_blows(struct blows *b, const char *steps, const char *list)
{
    char text[8192];
    memset(b, 0, sizeof *b);
    (void)snprintf(text, sizeof text, "%ssteps: [%s]\nmechanical-reactions:\n%s", BLOWS_HEAD, steps,
                   list);
    cr_assert(qn_mechanism_parse("blows", text, &b->m) == QN_OK, "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {1e5}, .pore = 1e-4, .refill = 1.0};
    b->gas[0] = 40.0;
    qn_pulse_init(&b->w, &b->m);
}

static void close_blows(struct blows *b)
{
    qn_pulse_free(&b->w);
    qn_mechanism_free(&b->m);
}

// one event on all of the matter
static void strike(struct blows *b, const struct qn_shot *shot)
{
    const struct qn_pulse_settings set = qn_pulse_defaults();
    cr_assert(qn_pulse_apply(&b->x, &set, shot, b->gas, b->y, &b->w) == QN_OK, "%s",
              qn_error_text());
}

// first extent of one event of a type with the keys `rate` (and what else stands in the entry)
static inline double made_by(const char *entry, const char *from, double amount,
                             const struct qn_shot *shot)
{
    struct blows b;
    open_blows(&b, "", entry);
    b.y[species_of(&b, from)] = amount;
    strike(&b, shot);
    const double made = b.w.impact[0];
    close_blows(&b);
    return made;
}

static inline void near(double got, double want, double tolerance, const char *what)
{
    const double off = want != 0.0 ? got / want - 1.0 : got;
    cr_expect(fabs(off) < tolerance, "%s: %.12g, want %.12g (off %.2e)", what, got, want, off);
}
