// All mechanical rate types at once, in direct mode, in the pulse map over the hours and in replay:
// the same hits make the same moles of each, and elements and sites stay.
#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <petscsys.h>

#include "base/array.h"
#include "base/rng.h"
#include "bridge/bridged.h"
#include "bridge/replay.h"
#include "chem/carrier_archive.h"

static const char TEXT[] =
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0e-5 mol/m^2, species: [B, F, A1, A2, A3, "
    "A4, A5, A6, A7, A8, Z, Fe, Fw], reactions: [steps]}\n"
    "- {name: r, thermo: fixed-stoichiometry, species: [R]}\n"
    "- {name: s2, thermo: fixed-stoichiometry, species: [S]}\n"
    "- {name: t, thermo: fixed-stoichiometry, species: [T]}\n"
    "species:\n"
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
    "- {name: B, composition: {O: 1}, buried: true}\n"
    "- {name: F, composition: {O: 1}}\n"
    "- {name: A1, composition: {}}\n"
    "- {name: A2, composition: {}}\n"
    "- {name: A3, composition: {}}\n"
    "- {name: A4, composition: {}}\n"
    "- {name: A5, composition: {}}\n"
    "- {name: A6, composition: {}}\n"
    "- {name: A7, composition: {}}\n"
    "- {name: A8, composition: {}}\n"
    "- {name: Z, composition: {}}\n"
    "- {name: Fe, composition: {Fe: 1}}\n"
    "- {name: Fw, composition: {Fe: 1}}\n"
    "- {name: R, composition: {C: 1}, thermo: {model: constant-cp}}\n"
    "- {name: S, composition: {O: 1}, thermo: {model: constant-cp}}\n"
    "- {name: T, composition: {C: 1, O: 1}, thermo: {model: constant-cp, h0: -1e8}}\n"
    "steps: []\n"
    "mechanical-reactions:\n"
    "- {equation: A1 => Z, type: impact-yield, rate: {G: 1.5e-6 mol/J, E-form: 1 J/mol}}\n"
    "- {equation: A2 => Z, type: impact-fraction, cap: reactants, rate: {share: 0.2}}\n"
    "- {equation: A3 => Z, type: stress-assisted, cap: reactants, rate: {A: 1e5 1/s, Ea: 40 "
    "kJ/mol, "
    "V-act: 20 cm^3/mol}}\n"
    "- {equation: A4 => Z, type: flash-thermal, cap: reactants, rate: {A: 5e5 1/s, Ea: 30 "
    "kJ/mol}}\n"
    "- {equation: B => F, type: fresh-surface, rate: {yield: 0.2 m2/J}}\n"
    "- {equation: A5 => Z, type: coverage-strip, rate: {k: 2e-5 kg/J}}\n"
    "- {equation: R + S => T, type: solid-contact, rate: {k: 1e-4 kg/J}}\n"
    "- {equation: Fe => Fw, type: wear, rate: {K: 3e-2, hardness: 3 GPa, friction: 0.5, density: "
    "7.9 g/cm^3}}\n"
    "- {equation: A6 => A7, type: comminution, rate: {k: 3e-5 kg/J, limit: 0.8}}\n"
    "- {equation: 2 A8 => 2 Z, type: annihilation, rate: {k: 2e-4 kg2/(mol J)}}\n";
enum { TYPES = 10, CARRIERS = 150, HITS = 30000 };

static const double PHI = 0.02, SPAN = 100.0;

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_gas gas;
    double y[QN_MAX_SPECIES], mass[CARRIERS];
};

static void open_bench(struct bench *b, const char *text)
{
    memset(b, 0, sizeof *b);
    cr_assert(qn_mechanism_parse("types", text, &b->m) == QN_OK, "%s", qn_error_text());
    cr_assert(b->m.n_impacts == TYPES);
    b->x = (struct qn_matter){.mech = &b->m, .area = {1e5}, .pore = 1e-4, .refill = 1.0};
    b->gas = (struct qn_gas){.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    for (int k = 0; k < b->m.n_surface; k++) {
        b->y[k] = k < b->m.n_sites ? 0.1 : 1.0;
    }
    for (int i = 0; i < CARRIERS; i++) {
        b->mass[i] = 1.0;
    }
}

static struct qn_exposure blow(void)
{
    return (struct qn_exposure){.pulse = {.kind = QN_PULSE_RING_HOT,
                                          .dT = 200.0,
                                          .t_c = 30e-6,
                                          .cool = 1e-2,
                                          .kept = 1.0,
                                          .t_cut = 30e-3},
                                .mass = PHI,
                                .energy = 1e4 * PHI,
                                .dose = 1e4,
                                .slip = 4e3,
                                .pressure = 1.5e9,
                                .shear = 5e8};
}

// sites of the surface and moles of each element in a state
static void conserved(const struct bench *b, const double *y, const char *who)
{
    double sites = 0.0, was = 0.0, now[QN_MAX_ELEMENTS], before[QN_MAX_ELEMENTS];
    for (int k = 0; k < b->m.n_sites; k++) {
        sites += y[k];
        was += b->y[k];
    }
    qn_pulse_elements(&b->m, y, now);
    qn_pulse_elements(&b->m, b->y, before);
    cr_expect(fabs(sites / was - 1.0) < 1e-12, "%s: sites off by %g", who, sites / was - 1.0);
    for (int e = 0; e < b->m.n_elements; e++) {
        cr_expect(fabs(now[e] - before[e]) <= 1e-12 * before[e], "%s: %s", who, b->m.element[e]);
    }
}

static void run_direct(const struct bench *b, int threads, struct qn_direct *d)
{
    const struct qn_start start = {CARRIERS, b->mass, b->y, 0.0, threads, NULL};
    struct qn_exposure *x = malloc(HITS * sizeof *x);
    qn_direct_init(d, &b->x, &b->gas, &start);
    d->gate = 1e9; // their hot spots are for the mechanical types alone
    for (uint64_t k = 0; k < HITS; k++) {
        x[k] = blow();
        x[k].time = SPAN * ((double)k + 0.5) / HITS;
        x[k].carrier = (int32_t)(CARRIERS * qn_uniform(3, QN_STREAM_TEST, k, 0, 0));
    }
    cr_assert(qn_direct_expose(d, x, HITS) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_direct_sync(d, SPAN) == QN_OK, "%s", qn_error_text());
    free(x);
}

static void run_map(const struct bench *b, enum qn_choice choice, struct qn_bridged *out)
{
    static struct qn_spectrum s;
    const double mass = CARRIERS;
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = SPAN, .T0 = 300.0, .n_classes = 1, .mass = &mass};
    const struct qn_exposure x = blow();
    qn_spectrum_init(&s, &window);
    for (int k = 0; k < HITS; k++) {
        qn_spectrum_add(&s, 0, &x);
    }
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.choice = choice;
    set.gate = 1e9;
    cr_assert(qn_bridged_init(out, &b->x, &b->gas, &s, b->y, 300.0, &set) == QN_OK, "%s",
              qn_error_text());
    cr_assert(qn_bridged_run(out, SPAN) == QN_OK, "%s", qn_error_text());
}

static void run_replay(const struct bench *b, struct qn_reservoir *events, struct qn_replay *r)
{
    const double mass = CARRIERS;
    const struct qn_exposure x = blow();
    struct qn_replay_settings set = qn_replay_defaults();
    set.gate = 1e9;
    set.most = CARRIERS;
    set.carrier[0] = 1.0;
    qn_reservoir_init(events, 1, 1);
    for (int k = 0; k < HITS; k++) {
        struct qn_exposure each = x;
        each.time = SPAN * k / HITS;
        qn_reservoir_add(events, 0, &each);
    }
    qn_reservoir_close(events);
    const struct qn_replay_start start = {&mass, b->y, 0.0, SPAN, 0};
    qn_replay_init(r, &b->x, &b->gas, events, &start, &set);
    cr_assert(qn_replay_run(r, SPAN, 0) == QN_OK, "%s", qn_error_text());
}

Test(bridge_blows, ten_types_make_the_same_moles_in_direct_mode_map_and_replay)
{
    struct bench b;
    struct qn_direct d;
    struct qn_bridged map, linear;
    struct qn_replay replay;
    struct qn_reservoir events;
    double y[QN_MAX_SPECIES];
    cr_assert(PetscInitializeNoArguments() == 0);
    open_bench(&b, TEXT);
    run_direct(&b, 2, &d);
    run_map(&b, QN_CHOICE_MAP, &map);
    run_map(&b, QN_CHOICE_LINEAR, &linear);
    run_replay(&b, &events, &replay);
    for (int r = 0; r < TYPES; r++) {
        const double want = d.books.impact[r], all = CARRIERS * (r == 6 ? 1.0 : 0.1);
        const char *name = b.m.impact[r].eq.text;
        cr_expect(want > 0.1 * all && want < 0.9 * all, "%s: %g of %g, nothing to compare", name,
                  want, all);
        // 200 hits a carrier, 1 % in the mean of what is converted; a map leaves out the spread of
        // carriers, half a per cent of a second-order conversion
        cr_expect(fabs(map.books.impact[r] / want - 1.0) < 0.015, "%s: map %g, direct %g", name,
                  map.books.impact[r], want);
        cr_expect(fabs(linear.books.impact[r] / map.books.impact[r] - 1.0) < 1e-12,
                  "%s: a dose is the same in the linear limit", name);
        cr_expect(fabs(replay.d.books.impact[r] / want - 1.0) < 0.02, "%s: replay %g, direct %g",
                  name, replay.d.books.impact[r], want);
    }
    qn_direct_mean(&d, 0, CARRIERS, y);
    conserved(&b, y, "direct");
    conserved(&b, map.y, "map");
    qn_replay_mean(&replay, 0, y);
    conserved(&b, y, "replay");
    qn_replay_free(&replay);
    qn_reservoir_free(&events);
    qn_bridged_free(&map);
    qn_bridged_free(&linear);
    qn_direct_free(&d);
    qn_mechanism_free(&b.m);
}

Test(bridge_blows, threads_and_a_checkpoint_keep_the_bits)
{
    struct bench b;
    struct qn_direct one, two, back;
    void *bytes;
    size_t size;
    open_bench(&b, TEXT);
    run_direct(&b, 1, &one);
    run_direct(&b, 3, &two);
    const size_t row = (size_t)(CARRIERS * b.m.n_surface) * sizeof *one.y;
    cr_expect(memcmp(one.y, two.y, row) == 0);
    cr_expect(memcmp(one.books.impact, two.books.impact, TYPES * sizeof(double)) == 0);
    const struct qn_start start = {CARRIERS, b.mass, b.y, 0.0, 1, NULL};
    qn_direct_init(&back, &b.x, &b.gas, &start);
    qn_direct_pack(&one, &bytes, &size);
    cr_assert(qn_direct_unpack(&back, bytes, size) == QN_OK, "%s", qn_error_text());
    cr_expect(memcmp(one.y, back.y, row) == 0);
    cr_expect(memcmp(one.books.impact, back.books.impact, TYPES * sizeof(double)) == 0);
    qn_free(bytes);
    qn_direct_free(&one);
    qn_direct_free(&two);
    qn_direct_free(&back);
    qn_mechanism_free(&b.m);
}

Test(bridge_blows, the_cold_part_of_the_hours_knows_the_area_laid_bare)
{
    // 2 A => 2 Z per area: A0/(1 + 2 k A0 t/A), and a tenth of 1.3 mol/kg of sites is buried
    char text[sizeof TEXT + 128];
    const char *steps = strstr(TEXT, "steps: []");
    cr_assert(PetscInitializeNoArguments() == 0);
    (void)snprintf(
        text, sizeof text,
        "%.*ssteps: [{equation: 2 A1 => 2 Z, rate-constant: {A: 3000 m^2/mol/s, b: 0, Ea: "
        "0}}]%s",
        (int)(steps - TEXT), TEXT, steps + strlen("steps: []"));
    struct bench b;
    struct qn_bridged out;
    static struct qn_spectrum s;
    open_bench(&b, text);
    b.x.area[0] = 1.3e5;
    const double mass = 1.0;
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = SPAN, .T0 = 300.0, .n_classes = 1, .mass = &mass};
    qn_spectrum_init(&s, &window);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.ts_rtol = 1e-7;
    cr_assert(qn_bridged_init(&out, &b.x, &b.gas, &s, b.y, 300.0, &set) == QN_OK, "%s",
              qn_error_text());
    cr_assert(qn_bridged_run(&out, SPAN) == QN_OK, "%s", qn_error_text());
    const int A = qn_mechanism_species(&b.m, "A1");
    const double want = 0.1 / (1.0 + 2.0 * 3000.0 * 0.1 * SPAN / 1.2e5);
    cr_expect(fabs(out.y[A] / want - 1.0) < 1e-4, "A %g, want %g", out.y[A], want);
    qn_bridged_free(&out);
    qn_mechanism_free(&b.m);
}
