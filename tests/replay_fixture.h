// Much surface under little gas: A comes and goes on sites within milliseconds, X turns into C in
// the cold and, where it is hit, into B. What is adsorbed is forty times what is in the gas, so
// that a gas that stands still for more than some milliseconds is overdrawn and oscillates.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bridge/replay.h"

static const char STIFF[] =
    "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [A, B, C]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [S, X], reactions: [r]}\n"
    "species:\n"
    "- {name: A, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- {name: B, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- {name: C, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- {name: S, composition: {}}\n"
    "- {name: X, composition: {C: 1}}\n"
    "r:\n"
    "- {equation: A + S => X, rate-constant: {A: 10, b: 0, Ea: 0}}\n"
    "- {equation: X => A + S, rate-constant: {A: 10, b: 0, Ea: 0}}\n"
    "- {equation: X => C + S, rate-constant: {A: 91.0, b: 0, Ea: 20}}\n" // 0.03 1/s at 300 K
    // 200 kJ/mol: 1e3 1/s at 1300 K, 2e-24 1/s at 300 K
    "- {equation: X => B + S, rate-constant: {A: 1.0896e11, b: 0, Ea: 200}}\n";

enum { STIFF_CARRIERS = 130, STIFF_CLASSES = 2 };

struct stiff {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_gas gas;
    struct qn_reservoir events;
    double mass[STIFF_CLASSES], y[STIFF_CLASSES * 2];
    struct qn_replay_settings set;
};

// grains hot for a few milliseconds
static struct qn_exposure stiff_hit(double share)
{
    return (struct qn_exposure){.pulse = {.kind = QN_PULSE_GRAIN,
                                          .dT = 1000.0,
                                          .t_c = 5e-4,
                                          .cool = 1e-3,
                                          .kept = 1.0,
                                          .t_cut = 1e-2},
                                .mass = share,
                                .energy = 1.0};
}

/// Two classes of 100 and 30 carriers of 1 kg with a mole of sites each, at 300 and 330 K, that
/// swap 0.1 kg/s; every hit meets `share` of a carrier.
static void stiff_open(struct stiff *b, double share)
{
    memset(b, 0, sizeof *b);
    if (qn_mechanism_parse("stiff", STIFF, &b->m) != QN_OK) {
        fprintf(stderr, "%s\n", qn_error_text());
        abort();
    }
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0}, .pore = 1e-3, .refill = 1e3};
    b->gas = (struct qn_gas){.n_gas = 3, .volume = 1.0, .T = 300.0};
    b->gas.moles[0] = 20.0; // as much as a seventh of the sites; most of it goes there
    b->mass[0] = 100.0;
    b->mass[1] = 30.0;
    b->y[0] = b->y[2] = 1.0;
    b->set = qn_replay_defaults();
    b->set.seed = 3;
    b->set.gate = 0.0;
    b->set.most = 100;
    b->set.bundle = 1e-6;
    b->set.carrier[0] = b->set.carrier[1] = 1.0;
    qn_reservoir_init(&b->events, STIFF_CLASSES, 1);
    for (int c = 0; c < STIFF_CLASSES; c++) {
        const struct qn_exposure x = stiff_hit(share);
        qn_reservoir_add(&b->events, c, &x);
    }
    qn_reservoir_close(&b->events);
}

/// `hits` of each carrier of the smaller class per second, a third of that in the larger one.
static void stiff_begin(const struct stiff *b, double hits, struct qn_group *group,
                        struct qn_replay *r)
{
    const struct qn_replay_start start = {b->mass, b->y, 0.0, 1.0 / (hits * b->mass[1]), 0};
    struct qn_replay_settings set = b->set;
    set.group = group;
    qn_replay_init(r, &b->x, &b->gas, &b->events, &start, &set);
    const double T[STIFF_CLASSES] = {300.0, 330.0};
    r->exchange[0][1] = r->exchange[1][0] = 0.1;
    qn_replay_warm(r, T);
}

static void stiff_free(struct stiff *b)
{
    qn_reservoir_free(&b->events);
    qn_mechanism_free(&b->m);
}
