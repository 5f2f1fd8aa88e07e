// Direct mode: conservation, independence of threads and order, and the energy cap of impacts.
#include <criterion/criterion.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "base/rng.h"
#include "chem/carrier.h"
#include "chem/carrier_archive.h"

static struct qn_mechanism load(const char *path)
{
    struct qn_mechanism m;
    cr_assert(qn_mechanism_read(path, &m) == QN_OK, "%s", qn_error_text());
    return m;
}

// 10 wt% Ni/ZrO2: 3.06 m2/g of Ni, 50 m2/g of ZrO2, a layer of 100 um, phi 0.6
static struct qn_matter powder(const struct qn_mechanism *m)
{
    return (struct qn_matter){
        .mech = m, .area = {3060.0, 50000.0, 14.2}, .pore = 0.4 / (0.6 * 5680.0), .refill = 1e3};
}

// 1 bar CO2 + 4 bar H2 at 25 C in 234 mL
static struct qn_gas fill(const struct qn_mechanism *m)
{
    struct qn_gas gas = {.n_gas = m->n_gas, .volume = 234e-6, .T = 338.15};
    const double per_bar = 1e5 * gas.volume / (QN_GAS_CONSTANT * 298.15);
    gas.moles[qn_mechanism_species(m, "H2") - m->n_surface] = 4.0 * per_bar;
    gas.moles[qn_mechanism_species(m, "CO2") - m->n_surface] = per_bar;
    return gas;
}

static void fresh(const struct qn_mechanism *m, const struct qn_matter *x, double *y)
{
    memset(y, 0, QN_MAX_SPECIES * sizeof *y);
    const int metal = qn_mechanism_species(m, "M(ni)");
    const int oxide = qn_mechanism_species(m, "O(ox)");
    y[metal] = m->phase[0].site_density * x->area[0];
    y[oxide] = m->phase[1].site_density * x->area[1];
    y[qn_mechanism_species(m, "S(steel)")] = m->phase[2].site_density * x->area[2];
}

static struct qn_exposure hit(int k, int carriers, double from, double to)
{
    const double u = qn_uniform(1, QN_STREAM_TEST, (uint64_t)k, 0, 0);
    const double e = qn_exponential(1, QN_STREAM_TEST, (uint64_t)k, 0, 1);
    struct qn_exposure x = {.pulse = {.kind = QN_PULSE_LAYER_CORE,
                                      .dT = 335.0 * pow(e, 0.6),
                                      .t_c = 30e-6,
                                      .cool = 2e-3,
                                      .kept = 0.98,
                                      .sink = 0.86,
                                      .t_cut = 14e-3}};
    x.time = from + (to - from) * u;
    x.mass = 3e-8;
    x.energy = 10e-3 * e * 0.75;
    x.dose = x.energy / x.mass;
    x.carrier = (int)(qn_uniform(1, QN_STREAM_TEST, (uint64_t)k, 0, 2) * carriers);
    return x;
}

// 40 carriers of 2 mg under 300 hits in 0.1 s
static void run(const struct qn_mechanism *m, int threads, int reverse, struct qn_direct *d)
{
    double y[QN_MAX_SPECIES];
    const struct qn_matter x = powder(m);
    const struct qn_gas gas = fill(m);
    fresh(m, &x, y);
    double mass[40];
    for (int i = 0; i < 40; i++) {
        mass[i] = 2e-6;
    }
    const struct qn_start start_of_d = {40, mass, y, 0.0, threads, NULL};
    qn_direct_init(d, &x, &gas, &start_of_d);
    d->gate = 50.0;
    cr_assert(qn_direct_settle(d, 100.0) == QN_OK, "%s", qn_error_text());
    for (int step = 0; step < 10; step++) {
        struct qn_exposure list[30];
        for (int k = 0; k < 30; k++) {
            list[reverse ? 29 - k : k] = hit(30 * step + k, 40, 0.01 * step, 0.01 * (step + 1));
        }
        cr_assert(qn_direct_expose(d, list, 30) == QN_OK, "%s", qn_error_text());
        cr_assert(qn_direct_sync(d, 0.01 * (step + 1)) == QN_OK, "%s", qn_error_text());
    }
}

Test(carrier, elements_are_kept_to_1e_12_and_methane_forms)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    struct qn_direct d;
    run(&m, 1, 0, &d);
    cr_expect(d.books.element_error < 1e-12, "element error %g", d.books.element_error);
    cr_expect(d.books.pulses > 200 && d.books.pulses + d.books.doses == 300);
    cr_expect(d.books.impact[0] > 0.0);
    // the sites of every surface are still all there
    double y[QN_MAX_SPECIES];
    qn_direct_mean(&d, 0, d.n, y);
    for (int p = 0; p < 2; p++) {
        double sites = 0.0;
        for (int k = m.phase[p].first; k < m.phase[p].first + m.phase[p].count; k++) {
            sites += y[k] * m.species[k].sites;
        }
        const double want = m.phase[p].site_density * d.matter.area[p];
        cr_expect(fabs(sites / want - 1.0) < 1e-12, "sites %g of %g", sites, want);
    }
    // methane in the gas is what the books say was made
    const int ch4 = qn_mechanism_species(&m, "CH4") - m.n_surface;
    double booked = 0.0;
    for (int r = 0; r < m.n_reactions; r++) {
        for (int i = 0; i < m.reaction[r].eq.n_net; i++) {
            if (m.reaction[r].eq.net[i].species == ch4 + m.n_surface) {
                booked += m.reaction[r].eq.net[i].nu *
                          (d.books.reaction[2 * r] + d.books.reaction[2 * r + 1]);
            }
        }
    }
    cr_expect(d.gas.moles[ch4] > 0.0);
    cr_expect(fabs(booked / d.gas.moles[ch4] - 1.0) < 1e-9, "%g booked, %g there", booked,
              d.gas.moles[ch4]);
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

Test(carrier, threads_and_order_of_exposures_do_not_change_a_bit)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    struct qn_direct a;
    run(&m, 1, 0, &a);
    for (int threads = 2; threads <= 4; threads += 2) {
        struct qn_direct b;
        run(&m, threads, 1, &b);
        cr_expect(memcmp(a.y, b.y, (size_t)(40 * m.n_surface) * sizeof *a.y) == 0);
        cr_expect(memcmp(a.gas.moles, b.gas.moles, (size_t)m.n_gas * sizeof *a.gas.moles) == 0);
        cr_expect(memcmp(a.books.reaction, b.books.reaction,
                         (size_t)(2 * m.n_reactions) * sizeof *a.books.reaction) == 0);
        cr_expect(a.books.steps == b.books.steps);
        qn_direct_free(&b);
    }
    qn_direct_free(&a);
    qn_mechanism_free(&m);
}

// Every exposure by hand, one carrier after the other, by chem/pulse.h: rests up to it, the pulse
// of the exposed share, mixing back. Both sides at rtol 1e-7; what is left of that in a state after
// some ten rests and pulses is below 1e-6 of it.
Test(carrier, rounds_in_lanes_are_exposures_one_after_the_other)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    const struct qn_matter x = powder(&m);
    const struct qn_gas gas = fill(&m);
    struct qn_exposure list[60];
    struct qn_direct d;
    struct qn_pulse_work w;
    const double mass[6] = {2e-6, 2e-6, 2e-6, 2e-6, 2e-6, 2e-6};
    double y[QN_MAX_SPECIES], by_hand[6][QN_MAX_SPECIES], c[QN_MAX_SPECIES];
    double made[QN_MAX_SPECIES] = {0.0}, size[QN_MAX_SPECIES] = {0.0};
    int64_t steps = 0;
    fresh(&m, &x, y);
    for (int k = 0; k < 60; k++) {
        list[k] = hit(k, 6, 0.05 * (k % 3), 0.05 * (k % 3) + 0.01);
        list[k].mass = k % 7 == 0 ? 3e-6 : 1e-6; // one in seven meets the whole carrier
    }
    const struct qn_start start = {6, mass, y, 0.0, 2, NULL};
    qn_direct_init(&d, &x, &gas, &start);
    d.gate = 150.0;
    d.set.rtol = 1e-7;
    for (int i = 0; i < 6; i++) {
        qn_direct_warm(&d, i, i + 1, 338.15 + 10.0 * i);
    }
    cr_assert(qn_direct_expose(&d, list, 60) == QN_OK, "%s", qn_error_text());
    qn_pulse_init(&w, &m);
    qn_gas_concentrations(&gas, c);
    for (int i = 0; i < 6; i++) {
        double clock = 0.0;
        memcpy(by_hand[i], y, sizeof y);
        for (;;) {
            const struct qn_exposure *next = NULL;
            for (int k = 0; k < 60; k++) {
                const int mine = list[k].carrier == i && list[k].time > clock;
                next = mine && (!next || list[k].time < next->time) ? &list[k] : next;
            }
            if (!next) {
                break;
            }
            double hot[QN_MAX_SPECIES];
            const struct qn_shot shot = qn_shot_of(next, d.T[i], d.gate);
            const double phi = fmin(1.0, next->mass / mass[i]);
            cr_assert(qn_pulse_hold(&x, &d.set, d.T[i], next->time - clock, c, by_hand[i], &w) ==
                      QN_OK);
            for (int g = 0; g < m.n_gas; g++) {
                made[g] += mass[i] * w.out[g];
                size[g] += mass[i] * fabs(w.out[g]);
            }
            steps += w.steps;
            memcpy(hot, by_hand[i], sizeof hot);
            cr_assert(qn_pulse_apply(&x, &d.set, &shot, c, hot, &w) == QN_OK);
            steps += w.steps;
            for (int k = 0; k < m.n_surface; k++) {
                by_hand[i][k] += phi * (hot[k] - by_hand[i][k]);
            }
            for (int g = 0; g < m.n_gas; g++) {
                made[g] += phi * mass[i] * w.out[g];
                size[g] += phi * mass[i] * fabs(w.out[g]);
            }
            clock = next->time;
        }
        cr_expect(clock > 0.0 && fabs(d.clock[i] - clock) == 0.0);
        for (int k = 0; k < m.n_surface; k++) {
            const double off = d.y[i * m.n_surface + k] - by_hand[i][k];
            cr_expect(fabs(off) < 1e-6 * by_hand[i][k] + 1e-9 * qn_matter_room(&x, k),
                      "carrier %d %s: %.9g, by hand %.9g", i, m.species[k].name,
                      d.y[i * m.n_surface + k], by_hand[i][k]);
        }
    }
    cr_expect(d.pulses > 30 && d.doses > 5, "%d pulses, %d doses", (int)d.pulses, (int)d.doses);
    // lanes reject other steps, but hardly more
    cr_expect(llabs(d.steps - steps) < steps / 10, "%d steps, by hand %d", (int)d.steps,
              (int)steps);
    const struct qn_gas before = d.gas;
    for (int i = 0; i < 6; i++) {
        d.clock[i] = 0.15; // no rest beyond: only what waits goes to the gas
    }
    cr_assert(qn_direct_sync(&d, 0.15) == QN_OK, "%s", qn_error_text());
    for (int g = 0; g < m.n_gas; g++) {
        const double got = d.gas.moles[g] - before.moles[g];
        cr_expect(fabs(got - made[g]) < 1e-5 * size[g] + 1e-15 * before.moles[g],
                  "%s: %.9g given, by hand %.9g", m.species[m.n_surface + g].name, got, made[g]);
    }
    qn_pulse_free(&w);
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

Test(carrier, vacancies_cost_no_more_than_the_stored_energy)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    m.impact[0].value[0] = 1.0; // absurdly generous
    const struct qn_matter x = powder(&m);
    const struct qn_gas gas = fill(&m);
    struct qn_pulse_work w;
    struct qn_pulse_settings set = qn_pulse_defaults();
    double y[QN_MAX_SPECIES];
    double c[QN_MAX_SPECIES];
    fresh(&m, &x, y);
    qn_gas_concentrations(&gas, c);
    qn_pulse_init(&w, &m);
    const struct qn_shot shot = {.T0 = 338.15, .dose = 1e4 + 1e3};
    cr_assert(qn_pulse_apply(&x, &set, &shot, c, y, &w) == QN_OK);
    // 0.1 of 11 kJ/kg at 560 kJ/mol
    cr_expect(fabs(w.impact[0] / (0.1 * 1.1e4 / 560e3) - 1.0) < 1e-12, "%g mol/kg", w.impact[0]);
    // the gas pays what the powder gained: H2 for water
    const int h2 = qn_mechanism_species(&m, "H2") - m.n_surface;
    const int h2o = qn_mechanism_species(&m, "H2O") - m.n_surface;
    cr_expect(fabs(w.out[h2] + w.impact[0]) < 1e-15 && fabs(w.out[h2o] - w.impact[0]) < 1e-15);
    qn_pulse_free(&w);
    qn_mechanism_free(&m);
}

// Mill fresh powder in CO2 alone, a half of every carrier a hit; what became of the oxygen.
static void mill_in_co2(const struct qn_mechanism *m, struct qn_direct *d)
{
    struct qn_matter x = {
        .mech = m, .area = {3060.0, 50000.0, 14.2}, .pore = 0.4 / (0.6 * 5680.0), .refill = 1e3};
    double y[QN_MAX_SPECIES];
    const double mass[4] = {1e-6, 1e-6, 1e-6, 1e-6};
    struct qn_gas gas = fill(m);
    gas.moles[qn_mechanism_species(m, "H2") - m->n_surface] = 0.0;
    fresh(m, &x, y);
    const struct qn_start start = {4, mass, y, 0.0, 1, NULL};
    qn_direct_init(d, &x, &gas, &start);
    struct qn_exposure hits[40];
    for (int k = 0; k < 40; k++) {
        hits[k] = hit(k, 4, 0.0, 1.0);
        hits[k].mass = 0.5e-6;
        hits[k].dose = 2e5;
    }
    cr_assert(qn_direct_expose(d, hits, 40) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_direct_sync(d, 1.0) == QN_OK, "%s", qn_error_text());
}

static int impact_of(const struct qn_mechanism *m, const char *id)
{
    for (int i = 0; i < m->n_impacts; i++) {
        if (strcmp(m->impact[i].id, id) == 0) {
            return i;
        }
    }
    return -1;
}

// vacancies that are open, hold CO2, or were healed by a CO2 that gave CO
static double vacancies_of(const struct qn_mechanism *m, const struct qn_direct *d)
{
    double y[QN_MAX_SPECIES];
    qn_direct_mean(d, 0, d->n, y);
    return 4e-6 * (y[qn_mechanism_species(m, "V(ox)")] + y[qn_mechanism_species(m, "CO2(V)")]) +
           d->gas.moles[qn_mechanism_species(m, "CO") - m->n_surface];
}

Test(carrier, without_hydrogen_the_oxygen_of_vacancies_goes_into_the_steel)
{
    struct qn_mechanism m;
    struct qn_direct d;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml", &m) == QN_OK,
              "%s", qn_error_text());
    mill_in_co2(&m, &d);
    const int media = impact_of(&m, "m1s"), water = impact_of(&m, "m1");
    cr_assert(media >= 0 && water >= 0);
    double y[QN_MAX_SPECIES];
    qn_direct_mean(&d, 0, d.n, y);
    const double oxide = 4e-6 * y[qn_mechanism_species(&m, "O(steel)")];
    cr_expect(oxide > 0.0);
    cr_expect(d.books.impact[water] == 0.0, "no H2, no water");
    // some 3,000 steps, each moved back on its sums with a round-off of a few 1e-16
    cr_expect(fabs(oxide / d.books.impact[media] - 1.0) < 1e-11, "all of it is in the steel");
    const double vacancies = vacancies_of(&m, &d);
    cr_expect(fabs(vacancies / oxide - 1.0) < 1e-6, "%g mol of vacancies, %g of oxide", vacancies,
              oxide);
    cr_expect(d.books.element_error < 1e-12, "elements changed by %g", d.books.element_error);
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

// the mechanism with its lines of the O2 variant in place of those of the media
static char *oxygen_variant(void)
{
    FILE *file = fopen(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml", "rb");
    static char text[65536];
    char line[512];
    cr_assert(file != NULL);
    text[0] = '\0';
    while (fgets(line, sizeof line, file)) {
        char *gas = strstr(line, "[H2, CO2, CO, CH4, H2O]");
        if (strstr(line, "#media#")) {
            continue;
        }
        if (gas) {
            strcpy(gas, "[H2, CO2, CO, CH4, H2O, O2]\n");
        }
        strcat(text, strncmp(line, "#o2# ", 5) == 0 ? line + 5 : line);
    }
    fclose(file);
    return text;
}

Test(carrier, sent_into_the_headspace_the_same_oxygen_heals)
{
    struct qn_mechanism m;
    struct qn_direct d;
    cr_assert(qn_mechanism_parse("variant", oxygen_variant(), &m) == QN_OK, "%s", qn_error_text());
    mill_in_co2(&m, &d);
    cr_assert(impact_of(&m, "m1s") < 0);
    double y[QN_MAX_SPECIES];
    qn_direct_mean(&d, 0, d.n, y);
    cr_expect(y[qn_mechanism_species(&m, "O(steel)")] == 0.0);
    double healed = 0.0;
    for (int r = 0; r < m.n_reactions; r++) {
        if (strcmp(m.reaction[r].eq.text, "O2 + 2 V(ox) => 2 O(ox)") == 0) {
            healed += 2.0 * d.books.reaction[r * QN_CHANNELS + QN_CHANNEL_HOT];
            healed += 2.0 * d.books.reaction[r * QN_CHANNELS + QN_CHANNEL_BULK];
        }
    }
    const double freed = d.books.impact[impact_of(&m, "m1o")];
    const double left = vacancies_of(&m, &d);
    cr_expect(healed > 0.01 * freed, "%g of %g mol healed", healed, freed);
    cr_expect(fabs((left + healed) / freed - 1.0) < 1e-6, "%g left + %g healed of %g", left, healed,
              freed);
    cr_expect(d.books.element_error < 1e-12, "elements changed by %g", d.books.element_error);
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

// H2 takes what it can, and the remainder is the same yield of the same event
Test(carrier, hydrogen_comes_first_and_the_yield_is_one)
{
    struct qn_mechanism m;
    struct qn_pulse_work w;
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml", &m) == QN_OK);
    const struct qn_matter x = {
        .mech = &m, .area = {3060.0, 50000.0, 14.2}, .pore = 1.2e-4, .refill = 1e3};
    const struct qn_pulse_settings set = {.rtol = 1e-4, .stored = 1e9, .max_steps = 10};
    const struct qn_shot shot = {.T0 = 338.15, .dose = 2e5}; // no pulse, energy without limit
    const double h2[3] = {0.0, 1.0, 1e6};                    // [mol/m3]
    const double oxide = m.phase[1].site_density * x.area[1];
    const double yield = -oxide * expm1(-2e-8 * (2e5 - 1e4) / oxide);
    double last = 2.0;
    qn_pulse_init(&w, &m);
    for (int i = 0; i < 3; i++) {
        double y[QN_MAX_SPECIES], gas[QN_MAX_SPECIES] = {0.0};
        gas[qn_mechanism_species(&m, "H2") - m.n_surface] = h2[i];
        fresh(&m, &x, y);
        cr_assert(qn_pulse_apply(&x, &set, &shot, gas, y, &w) == QN_OK, "%s", qn_error_text());
        const double water = w.impact[impact_of(&m, "m1")], media = w.impact[impact_of(&m, "m1s")];
        cr_expect(fabs((water + media) / yield - 1.0) < 1e-9, "%g + %g, want %g", water, media,
                  yield);
        cr_expect(media / yield < last, "less to the steel the more H2");
        last = media / yield;
    }
    cr_expect(last < 1e-3, "with plenty of H2 hardly any goes to the steel: %g", last);
    qn_pulse_free(&w);
    qn_mechanism_free(&m);
}

Test(carrier, overdrawn_gas_is_an_error_that_says_what_to_do)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    double y[QN_MAX_SPECIES];
    const struct qn_matter x = powder(&m);
    struct qn_gas gas = fill(&m);
    gas.moles[qn_mechanism_species(&m, "CO2") - m.n_surface] = 1e-12;
    fresh(&m, &x, y);
    struct qn_direct d;
    const double mass[4] = {1e-3, 1e-3, 1e-3, 1e-3};
    const struct qn_start start_of_d = {4, mass, y, 0.0, 1, NULL};
    qn_direct_init(&d, &x, &gas, &start_of_d);
    cr_expect(qn_direct_sync(&d, 1e4) == QN_ERR_PHYSICS);
    cr_expect(strstr(qn_error_text(), "shorten run.sync") != NULL, "%s", qn_error_text());
    qn_direct_free(&d);
    qn_mechanism_free(&m);
}

Test(carrier, without_mechanics_the_powder_stays_idle_at_65_c)
{
    // less than 0.1 % of the CO2 a day; the published thermal catalyst (Koschany et al. 2016) gives
    // 2.4e-10 mol/(g s) at most
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    const struct qn_matter x = powder(&m);
    const struct qn_gas gas = fill(&m);
    struct qn_pulse_work w;
    const struct qn_pulse_settings set = qn_pulse_defaults();
    double y[QN_MAX_SPECIES];
    double c[QN_MAX_SPECIES];
    fresh(&m, &x, y);
    qn_gas_concentrations(&gas, c);
    qn_pulse_init(&w, &m);
    const double volume = gas.volume / 5e-3; // 5 g
    cr_assert(qn_pulse_batch(&x, &set, 338.15, 86400.0, volume, c, y, &w) == QN_OK);
    const double co2 = gas.moles[qn_mechanism_species(&m, "CO2") - m.n_surface];
    const double ch4 = w.out[qn_mechanism_species(&m, "CH4") - m.n_surface] * 5e-3;
    const double water = w.out[qn_mechanism_species(&m, "H2O") - m.n_surface] * 5e-3;
    cr_expect(ch4 < 1e-3 * co2 && ch4 / (5.0 * 86400.0) < 2.4e-10, "CH4 %g of %g mol", ch4, co2);
    cr_expect(water < 1e-3 * co2, "H2O %g mol", water);
    qn_pulse_free(&w);
    qn_mechanism_free(&m);
}

Test(exact_sum, any_order_and_any_split_gives_the_same_bits)
{
    double x[1000];
    struct qn_exact forward = {0};
    struct qn_exact back = {0};
    struct qn_exact part[3] = {{0}};
    for (int k = 0; k < 1000; k++) {
        const double u = qn_uniform(9, QN_STREAM_TEST, (uint64_t)k, 0, 0) - 0.5;
        x[k] = u * pow(10.0, k % 20 - 12);
    }
    for (int k = 0; k < 1000; k++) {
        qn_exact_add(&forward, x[k]);
        qn_exact_add(&back, x[999 - k]);
        qn_exact_add(&part[k % 3], x[(k * 7) % 1000]);
    }
    qn_exact_merge(&part[0], part[1]);
    qn_exact_merge(&part[0], part[2]);
    cr_expect(forward.high == back.high && forward.low == back.low);
    cr_expect(forward.high == part[0].high && forward.low == part[0].low);
    struct qn_exact small = {0};
    qn_exact_add(&small, 1e6);
    qn_exact_add(&small, -1.25e-12);
    qn_exact_add(&small, -1e6);
    cr_expect(fabs(qn_exact_value(small) / -1.25e-12 - 1.0) < 1e-12, "%g", qn_exact_value(small));
}

Test(carrier, a_state_packed_between_two_syncs_goes_on_to_the_same_bits)
{
    struct qn_mechanism m = load(QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml");
    struct qn_direct a, b;
    struct qn_exposure list[60];
    void *bytes;
    size_t size;
    run(&m, 1, 0, &a);
    run(&m, 2, 0, &b); // same place, other threads; its own state is overwritten below
    for (int k = 0; k < 60; k++) {
        list[k] = hit(1000 + k, 40, k < 30 ? 0.1 : 0.11, k < 30 ? 0.11 : 0.12);
    }
    cr_assert(qn_direct_expose(&a, list, 30) == QN_OK, "%s", qn_error_text());
    qn_direct_pack(&a, &bytes, &size);
    cr_expect(qn_direct_unpack(&b, bytes, size - 8) == QN_ERR_IO);
    cr_assert(qn_direct_unpack(&b, bytes, size) == QN_OK, "%s", qn_error_text());
    struct qn_direct *both[2] = {&a, &b};
    for (int k = 0; k < 2; k++) {
        cr_assert(qn_direct_expose(both[k], list + 30, 30) == QN_OK);
        cr_assert(qn_direct_sync(both[k], 0.12) == QN_OK, "%s", qn_error_text());
    }
    cr_expect(memcmp(a.gas.moles, b.gas.moles, sizeof a.gas.moles) == 0);
    cr_expect(memcmp(a.y, b.y, (size_t)(a.n * m.n_surface) * sizeof *a.y) == 0);
    cr_expect(a.books.pulses == b.books.pulses);
    qn_free(bytes);
    qn_direct_free(&a);
    qn_direct_free(&b);
    qn_mechanism_free(&m);
}
