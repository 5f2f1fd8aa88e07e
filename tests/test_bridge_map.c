// The pulse map against the joint study, section 2.4: 33 steps, T0 338 K, t_c 30 us,
// one-dimensional tail to 30 ms, dT = 150 K (E/Ebar)^0.6 with E exponential, capped at 1000 K; phi
// 0.05, nu 0.5 /s, 400 s. Printed: map CH4 1.1976e-2 and CO 0.1937 per site; direct 1.204e-2; rate
// constants averaged 3.13e-6 and 0.366.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "bridge/map.h"

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    double y[QN_MAX_SPECIES];
    double gas[QN_MAX_SPECIES];
};

static void cold_start(struct bench *b)
{
    cr_assert(qn_mechanism_read(QUERN_SOURCE_DIR "/tests/decks/joint33.yaml", &b->m) == QN_OK, "%s",
              qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0, 1.0}, .pore = 1e-3, .refill = 1e3};
    memset(b->y, 0, sizeof b->y);
    memset(b->gas, 0, sizeof b->gas);
    b->y[qn_mechanism_species(&b->m, "M")] = 1.0;
    b->y[qn_mechanism_species(&b->m, "X")] = 0.9;
    b->y[qn_mechanism_species(&b->m, "V")] = 0.1;
    struct qn_pulse_work w;
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-6;
    qn_pulse_init(&w, &b->m);
    cr_assert(qn_pulse_hold(&b->x, &set, 338.0, 1e5, b->gas, b->y, &w) == QN_OK);
    qn_pulse_free(&w);
}

// exponential spectrum, by its quantiles
static struct qn_spectrum *spectrum(double dT1, double phi, double nu)
{
    static struct qn_spectrum s;
    const double mass = 1.0;
    const int n = 20000;
    const struct qn_spectrum_window window = {.begin = 0.0,
                                              .span = n / nu,
                                              .T0 = 338.0,
                                              .n_classes = 1,
                                              .mass = &mass,
                                              .n_energies = 0,
                                              .energy = NULL};
    qn_spectrum_init(&s, &window);
    for (int k = 0; k < n; k++) {
        const double E = -log(1.0 - (k + 0.5) / n);
        struct qn_exposure x = {.pulse = {.kind = QN_PULSE_RING_HOT,
                                          .t_c = 30e-6,
                                          .cool = 1e30,
                                          .kept = 1.0,
                                          .t_cut = 30e-3}};
        x.pulse.dT = fmin(dT1 * pow(E, 0.6), 1000.0);
        x.mass = phi * mass;
        qn_spectrum_add(&s, 0, &x);
    }
    return &s;
}

static double summed(const struct qn_mechanism *m, const double *extent, const char *a,
                     const char *b)
{
    double sum = 0.0;
    for (int r = 0; r < m->n_reactions; r++) {
        const char *text = m->reaction[r].eq.text;
        sum += strcmp(text, a) == 0 || strcmp(text, b) == 0 ? extent[r] : 0.0;
    }
    return sum;
}

struct made {
    double ch4, co;
};

// 400 s in splitting steps of `dt`: the pulse term explicit, then the cold part
static struct made march(enum qn_level level, double dT1, double dt)
{
    struct bench b;
    struct qn_map map;
    struct qn_pulse_work cold;
    struct made made = {0};
    cold_start(&b);
    qn_map_init(&map, &b.x, spectrum(dT1, 0.05, 0.5), 0, 338.0, 0.0, 1);
    map.level = level;
    map.set.rtol = 1e-3;
    qn_pulse_init(&cold, &b.m);
    const struct qn_pulse_settings set = qn_pulse_defaults();
    double rate[256];
    const double *hot = rate + b.m.n_surface + b.m.n_gas;
    for (int k = 0; k < (int)lround(400.0 / dt); k++) {
        cr_assert(qn_map_term(&map, b.y, b.gas, rate) == QN_OK, "%s", qn_error_text());
        for (int i = 0; i < b.m.n_surface; i++) {
            b.y[i] = fmax(b.y[i] + dt * rate[i], 0.0);
        }
        made.ch4 += dt * summed(&b.m, hot, "CH3 + H => 2 M", "MV + XH => 2 X");
        made.co += dt * summed(&b.m, hot, "CO => M", "AV => X");
        cr_assert(qn_pulse_hold(&b.x, &set, 338.0, dt, b.gas, b.y, &cold) == QN_OK);
        made.ch4 += summed(&b.m, cold.extent, "CH3 + H => 2 M", "MV + XH => 2 X");
        made.co += summed(&b.m, cold.extent, "CO => M", "AV => X");
    }
    qn_pulse_free(&cold);
    qn_map_free(&map);
    qn_mechanism_free(&b.m);
    return made;
}

Test(bridge_map, map_makes_the_methane_of_120000_direct_hits)
{
    const struct made made = march(QN_LEVEL_MAP, 150.0, 4.0);
    cr_expect(fabs(made.ch4 / 1.1976e-2 - 1.0) < 0.02, "CH4 %g, printed 1.1976e-2", made.ch4);
    cr_expect(fabs(made.co / 0.1937 - 1.0) < 0.02, "CO %g, printed 0.1937", made.co);
}

Test(bridge_map, map_agrees_at_weak_pulses_too)
{
    const struct made map = march(QN_LEVEL_MAP, 60.0, 4.0);
    cr_expect(fabs(map.ch4 / 1.5325e-6 - 1.0) < 0.02, "CH4 %g, printed 1.5325e-6", map.ch4);
}

// Hits side by side in lanes against one after the other by chem/pulse.h, both at rtol 1e-7; what
// an integrator of order 4 leaves of that is below 1e-6 of the surface. Threads change no bit.
Test(bridge_map, the_term_is_that_of_hits_one_after_the_other)
{
    struct bench b;
    struct qn_pulse_work w;
    double rate[3][256], want[QN_MAX_SPECIES] = {0.0};
    int solved = 0;
    cold_start(&b);
    qn_pulse_init(&w, &b.m);
    for (int i = 0; i < 3; i++) {
        struct qn_map map;
        qn_map_init(&map, &b.x, spectrum(150.0, 0.05, 0.5), 0, 338.0, 80.0, 1 << i);
        map.set.rtol = 1e-7;
        cr_assert(qn_map_term(&map, b.y, b.gas, rate[i]) == QN_OK, "%s", qn_error_text());
        cr_expect(memcmp(rate[i], rate[0], (size_t)map.stride * sizeof(double)) == 0, "%d threads",
                  1 << i);
        for (int q = 0; q < map.n_hits && i == 0; q++) {
            const struct qn_hit *hit = &map.hit[q];
            const struct qn_shot shot = {.pulse = hit->pulse,
                                         .T0 = 338.0,
                                         .dose = hit->dose,
                                         .slip = hit->slip,
                                         .pressure = hit->pressure,
                                         .shear = hit->shear,
                                         .gated = hit->pulse.dT < 80.0};
            double y[QN_MAX_SPECIES];
            memcpy(y, b.y, sizeof y);
            cr_assert(qn_pulse_apply(&b.x, &map.set, &shot, b.gas, y, &w) == QN_OK);
            solved += !shot.gated;
            for (int k = 0; k < b.m.n_surface; k++) {
                const double gain = map.gain[q * map.stride + k];
                want[k] += hit->rate * (y[k] - b.y[k]);
                cr_expect(fabs(gain - (y[k] - b.y[k])) < 1e-6, "hit %d of %g K, %s: %.9g, %.9g", q,
                          hit->pulse.dT, b.m.species[k].name, gain, y[k] - b.y[k]);
            }
            const double *extent = map.gain + q * map.stride + b.m.n_surface + b.m.n_gas;
            for (int r = 0; r < b.m.n_reactions; r++) {
                cr_expect(fabs(extent[r] - w.extent[r]) < 1e-6 + 1e-5 * fabs(w.extent[r]));
            }
        }
        for (int k = 0; k < b.m.n_surface && i == 0; k++) {
            cr_expect(fabs(rate[0][k] - want[k]) < 1e-6 * map.total);
        }
        cr_expect(solved > 10 && solved < map.n_hits, "%d of %d", solved, map.n_hits);
        qn_map_free(&map);
    }
    qn_pulse_free(&w);
    qn_mechanism_free(&b.m);
}
