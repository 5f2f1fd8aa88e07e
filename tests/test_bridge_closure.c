// The pulse map on networks with closed answers: joint study, sections 2.1, 2.2, 2.3, 2.6, 2.7.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include <petscsys.h>

#include "bridge/bridged.h"
#include "chem/project.h"

static const char HEAD[] = "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
                           "phases:\n"
                           "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
                           "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [A, B, "
                           "C], reactions: [steps]}\n"
                           "species:\n"
                           "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
                           "- {name: A, composition: {}}\n"
                           "- {name: B, composition: {}}\n"
                           "- {name: C, composition: {}}\n";

struct bench {
    struct qn_mechanism m;
    struct qn_map map;
    double y[QN_MAX_SPECIES];
    double gas[1];
};

// pulses of one second that expose a share phi, once per second
static void build(struct bench *b, const char *steps, double phi, double dose)
{
    static struct qn_spectrum s;
    char text[4096];
    const double mass = 1.0;
    (void)snprintf(text, sizeof text, "%s%s", HEAD, steps);
    memset(b, 0, sizeof *b);
    cr_assert(qn_mechanism_parse("steps", text, &b->m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = &b->m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
    const struct qn_spectrum_window window = {.begin = 0.0,
                                              .span = 1.0,
                                              .T0 = 300.0,
                                              .n_classes = 1,
                                              .mass = &mass,
                                              .n_energies = 0,
                                              .energy = NULL};
    qn_spectrum_init(&s, &window);
    struct qn_exposure hit = {.pulse = {.kind = QN_PULSE_GRAIN,
                                        .dT = 100.0,
                                        .t_c = 0.5,
                                        .cool = 1.0,
                                        .kept = 1.0,
                                        .t_cut = 1.0},
                              .mass = phi,
                              .dose = dose};
    qn_spectrum_add(&s, 0, &hit);
    qn_map_init(&b->map, &x, &s, 0, 300.0, 0.0, 1);
    b->map.set.rtol = 1e-8;
    b->y[0] = 1.0;
}

static void drop(struct bench *b)
{
    qn_map_free(&b->map);
    qn_mechanism_free(&b->m);
}

static void slope(struct bench *b, const double *y, double *rate)
{
    cr_assert(qn_map_term(&b->map, y, b->gas, rate) == QN_OK, "%s", qn_error_text());
}

// n hits by classical Runge-Kutta
static void march(struct bench *b, double n, int steps)
{
    const double h = n / steps;
    double k[4][64];
    double y[3];
    for (int i = 0; i < steps; i++) {
        static const double at[4] = {0.0, 0.5, 0.5, 1.0};
        for (int j = 0; j < 4; j++) {
            for (int v = 0; v < 3; v++) {
                y[v] = b->y[v] + (j ? at[j] * h * k[j - 1][v] : 0.0);
            }
            slope(b, y, k[j]);
        }
        for (int v = 0; v < 3; v++) {
            b->y[v] += h / 6.0 * (k[0][v] + 2.0 * k[1][v] + 2.0 * k[2][v] + k[3][v]);
        }
    }
}

// 2 A => 2 B at constant k: c falls to c/(1 + s c) in a hit, s = 2 k 1 s
static void second_order(double phi, double s, double n, enum qn_level level, double want)
{
    struct bench b;
    char steps[256];
    (void)snprintf(steps, sizeof steps,
                   "steps:\n- {equation: 2 A => 2 B, rate-constant: {A: %.17g, b: 0, Ea: 0}}\n",
                   0.5 * s);
    build(&b, steps, phi, 0.0);
    b.map.level = level;
    march(&b, n, 100);
    cr_expect(fabs(b.y[0] - want) < 2e-7, "phi %g s %g: %.8f, want %.8f", phi, s, b.y[0], want);
    drop(&b);
}

Test(bridge_closure, second_order_reference_numbers)
{
    second_order(0.1, 1.0, 25.0, QN_LEVEL_MAP, 0.39062580);
    second_order(0.1, 0.1, 170.0, QN_LEVEL_MAP, 0.38398267);
    second_order(0.1, 1.0, 25.0, QN_LEVEL_LINEAR, 0.28571429);
}

Test(bridge_closure, consecutive_reactions_keep_their_selectivity)
{
    // A -> B -> C, phi 0.05, one e-fold of A; strengths and the share of B, printed to 4 digits
    static const double row[4][3] = {
        {0.2, 0.2, 0.3323}, {1.0, 1.0, 0.2141}, {1.0, 5.0, 0.0400}, {3.0, 0.3, 0.4371}};
    for (int i = 0; i < 4; i++) {
        struct bench b;
        char steps[256];
        (void)snprintf(steps, sizeof steps,
                       "steps:\n- {equation: A => B, rate-constant: {A: %.17g, b: 0, Ea: 0}}\n"
                       "- {equation: B => C, rate-constant: {A: %.17g, b: 0, Ea: 0}}\n",
                       row[i][0], row[i][1]);
        build(&b, steps, 0.05, 0.0);
        march(&b, 1.0 / (0.05 * -expm1(-row[i][0])), 50);
        cr_expect(fabs(b.y[0] - exp(-1.0)) < 1e-6, "one e-fold: %g", b.y[0]);
        cr_expect(fabs(b.y[1] - row[i][2]) < 6e-5, "s %g %g: B %.5f, want %.4f", row[i][0],
                  row[i][1], b.y[1], row[i][2]);
        drop(&b);
    }
}

Test(bridge_closure, strong_pulses_are_limited_by_their_number)
{
    // the plateau nu phi of a coverage-limited rate: 2.3, s >> 1
    struct bench b;
    double rate[64];
    build(&b, "steps:\n- {equation: A => B, rate-constant: {A: 30.0, b: 0, Ea: 0}}\n", 0.05, 0.0);
    slope(&b, b.y, rate);
    cr_expect(fabs(rate[0] + 0.05) < 1e-9, "nu phi = 0.05: %g", rate[0]);
    // no more than what is there, whatever the strength: weak pulses give s
    drop(&b);
    build(&b, "steps:\n- {equation: A => B, rate-constant: {A: 1.0e-3, b: 0, Ea: 0}}\n", 0.05, 0.0);
    slope(&b, b.y, rate);
    cr_expect(fabs(rate[0] / (0.05 * expm1(-1e-3)) - 1.0) < 1e-6);
    const struct qn_criterion c = qn_map_criterion(&b.map, b.y, 1.0);
    cr_expect(c.A > 0.02, "B goes from nothing to something: %g", c.A);
    drop(&b);
}

Test(bridge_closure, threshold_dose_of_an_exponential_spectrum)
{
    // <(w - w_th)+> = wbar exp(-w_th/wbar); two pulses in each of 32 bins over 7 decades of dose
    // carry it like some ten bins a decade do: -1, 0, 0 % at 3, 5, 8 in the study
    static struct qn_spectrum s;
    const double mass = 1.0;
    const int n = 200000;
    const struct qn_spectrum_window window = {.begin = 0.0,
                                              .span = 1.0,
                                              .T0 = 300.0,
                                              .n_classes = 1,
                                              .mass = &mass,
                                              .n_energies = 0,
                                              .energy = NULL};
    qn_spectrum_init(&s, &window);
    for (int k = 0; k < n; k++) {
        struct qn_exposure x = {.mass = 1.0 / n, .dose = -1e5 * log(1.0 - (k + 0.5) / n)};
        x.pulse = (struct qn_pulse){.kind = QN_PULSE_GRAIN,
                                    .dT = 1e-3 * x.dose,
                                    .t_c = 1.0,
                                    .cool = 1.0,
                                    .kept = 1.0,
                                    .t_cut = 2.0};
        qn_spectrum_add(&s, 0, &x);
    }
    struct qn_hit hits[QN_SPECTRUM_HITS];
    const int count = qn_spectrum_hits(&s, 0, hits);
    double share = 0.0;
    for (int i = 0; i < count; i++) {
        share += hits[i].rate;
    }
    cr_expect(fabs(share - 1.0) < 1e-9, "all of the mass is hit once: %g", share);
    static const double ratio[3] = {1.0, 3.0, 5.0};
    static const double want[3] = {3.679e-1, 4.979e-2, 6.738e-3};
    for (int k = 0; k < 3; k++) {
        double sum = 0.0;
        for (int i = 0; i < count; i++) {
            sum += hits[i].rate * fmax(hits[i].dose / 1e5 - ratio[k], 0.0);
        }
        cr_expect(fabs(sum / want[k] - 1.0) < 0.05, "w_th/wbar %g: %g, want %g", ratio[k], sum,
                  want[k]);
    }
}

// A in both classes at time t, as a share of its start
static double left_at(struct qn_bridged *b, double t, double p)
{
    cr_assert(qn_bridged_run(b, t) == QN_OK, "%s", qn_error_text());
    return p * b->y[0] + (1.0 - p) * b->y[3];
}

static const double K = 1e-3, STRENGTH = 0.1; // mean rate of loss [1/s], and of a hit

// A -> B by dose, strength 0.1 a hit; the hits of each class of `mass` come at `rate` times K
static void open_strip(struct qn_mechanism *m, int n, const double *mass, const double *rate,
                       struct qn_bridged *b)
{
    static struct qn_spectrum s;
    char text[4096];
    double y[3 * QN_SPECTRUM_CLASSES] = {0.0};
    (void)snprintf(text, sizeof text,
                   "%ssteps: []\nmechanical-reactions:\n"
                   "- {equation: A => B, type: coverage-strip, rate: {k: 1e-6 kg/J}}\n",
                   HEAD);
    cr_assert(qn_mechanism_parse("steps", text, m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
    const struct qn_gas gas = {.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = 1.0, .T0 = 300.0, .n_classes = n, .mass = mass};
    qn_spectrum_init(&s, &window);
    for (int c = 0; c < n; c++) {
        const struct qn_exposure hit = {.pulse = {QN_PULSE_GRAIN, .dT = 1.0, .t_c = 0.5,
                                                  .cool = 1.0, .kept = 1.0, .t_cut = 1.0},
                                        .mass = rate[c] * mass[c] * K / -expm1(-STRENGTH),
                                        .dose = STRENGTH / 1e-6};
        if (rate[c] > 0.0) {
            qn_spectrum_add(&s, c, &hit);
        }
        y[3 * c] = 1.0;
    }
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.choice = QN_CHOICE_MAP;
    set.rtol = 1e-4;
    set.gate = 0.0;
    cr_assert(qn_bridged_init(b, &x, &gas, &s, y, 300.0, &set) == QN_OK, "%s", qn_error_text());
}

// Slow rate of a first-order loss of mean rate K whose hits reach a share p of the powder, which
// swaps with the rest in a time tau; over K.
static double slow_rate(double p, double tau)
{
    const double mass[2] = {p, 1.0 - p}, rate[2] = {1.0 / p, 0.0};
    struct qn_mechanism m;
    struct qn_bridged b;
    open_strip(&m, 2, mass, rate, &b);
    b.exchange[0][1] = b.exchange[1][0] = p * (1.0 - p) / (tau / K);
    // the other mode is gone after ten of its times, which are below tau
    const double begin = 10.0 * tau / K, end = begin + 0.5 / K;
    const double was = left_at(&b, begin, p), is = left_at(&b, end, p);
    qn_bridged_free(&b);
    qn_mechanism_free(&m);
    return log(was / is) / (K * (end - begin));
}

// What is left at time kt of four classes that never mix
static double unmixed_rest(const double *rate, const double *mass, double kt)
{
    struct qn_mechanism m;
    struct qn_bridged b;
    double left = 0.0;
    open_strip(&m, 4, mass, rate, &b);
    cr_assert(qn_bridged_run(&b, kt / K) == QN_OK, "%s", qn_error_text());
    for (int c = 0; c < 4; c++) {
        left += mass[c] * b.y[3 * c];
    }
    qn_bridged_free(&b);
    qn_mechanism_free(&m);
    return left;
}

Test(bridge_closure, powder_that_swaps_slowly_with_what_is_hit_converts_at_the_slow_mode)
{
    // printed in 2.7: share hit, k tau, rate over that of mixed powder
    static const double row[3][3] = {{0.5, 1.0, 0.382}, {0.5, 0.1, 0.901}, {0.1, 0.1, 0.513}};
    cr_assert(PetscInitializeNoArguments() == 0);
    for (int i = 0; i < 3; i++) {
        const double rate = slow_rate(row[i][0], row[i][1]);
        cr_expect(fabs(rate / row[i][2] - 1.0) < 5e-3, "p %g, k tau %g: %.4f, want %.3f", row[i][0],
                  row[i][1], rate, row[i][2]);
    }
}

Test(bridge_closure, powder_that_never_mixes_keeps_its_unhit_rest)
{
    // printed in 2.7: X = 1 - (1 + CV^2 kt)^(-1/CV^2) for gamma-distributed hit rates at kt 4.605.
    // Four classes without exchange stand for the distribution: nodes and weights of its Gauss rule
    // (roots of the generalised Laguerre polynomial of order four, shape 1/CV^2, mean 1)
    static const struct {
        double X, node[4], weight[4];
    } row[2] = {
        {0.9788,
         {0.56088036887, 0.948967051975, 1.44223519894, 2.12791738021},
         {0.177363066785, 0.591269153679, 0.222998251208, 0.00836952832764}},
        {0.9533,
         {0.438880411796, 1.06640146641, 2.01448517078, 3.480232951},
         {0.310055679024, 0.559481836505, 0.127408995474, 0.00305348899684}},
    };
    cr_assert(PetscInitializeNoArguments() == 0);
    for (int i = 0; i < 2; i++) {
        const double X = 1.0 - unmixed_rest(row[i].node, row[i].weight, 4.605);
        cr_expect(fabs(X - row[i].X) < 2e-3, "%.4f, want %.4f", X, row[i].X);
    }
}

Test(bridge_closure, projection_restores_sums_and_leaves_empty_species_empty)
{
    const double A[8] = {1, 1, 1, 0, 0, 2, 1, 1};
    const double want[2] = {1.0, 2.0};
    double y[4] = {0.3, 0.7 + 1e-9, 0.0, 0.6 - 1e-8};
    qn_project_rows(A, 2, 4, want, y);
    cr_expect(fabs(y[0] + y[1] + y[2] - 1.0) < 1e-15);
    cr_expect(fabs(2.0 * y[1] + y[2] + y[3] - 2.0) < 1e-15);
    cr_expect(y[2] == 0.0);
}

Test(closure, a_pure_solid_that_impacts_use_up_goes_over_the_hours_too)
{
    static const char text[] = "phases:\n"
                               "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
                               "- {name: p, thermo: fixed-stoichiometry, species: [P]}\n"
                               "- {name: q, thermo: fixed-stoichiometry, species: [Q]}\n"
                               "species:\n"
                               "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
                               "- {name: P, composition: {C: 1}}\n"
                               "- {name: Q, composition: {C: 1}}\n"
                               "mechanical-reactions:\n"
                               "- {equation: P => Q, type: coverage-strip, rate: {k: 1e-6 kg/J}}\n";
    static struct qn_spectrum s;
    struct qn_mechanism m;
    struct qn_bridged b;
    cr_assert(PetscInitializeNoArguments() == 0);
    cr_assert(qn_mechanism_parse("solids", text, &m) == QN_OK, "%s", qn_error_text());
    const struct qn_matter x = {.mech = &m, .pore = 1.0, .refill = 1.0};
    const struct qn_gas gas = {.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    const double mass = 1.0, y[2] = {1.0, 0.0};
    const struct qn_spectrum_window window = {
        .begin = 0.0, .span = 1.0, .T0 = 300.0, .n_classes = 1, .mass = &mass};
    const struct qn_exposure hit = {.mass = K / -expm1(-STRENGTH), .dose = STRENGTH / 1e-6};
    qn_spectrum_init(&s, &window);
    qn_spectrum_add(&s, 0, &hit);
    struct qn_bridged_settings set = qn_bridged_defaults();
    set.rtol = 1e-4;
    cr_assert(qn_bridged_init(&b, &x, &gas, &s, y, 300.0, &set) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_bridged_run(&b, 1.0 / K) == QN_OK, "%s", qn_error_text());
    // a first-order loss under Poisson hits: exp(-K t), to what segments may lag in sum
    cr_expect(fabs(b.y[0] - exp(-1.0)) < 3e-3, "left %.6f, want %.6f", b.y[0], exp(-1.0));
    cr_expect(b.books.element_error < 1e-12 && fabs(b.y[0] + b.y[1] - 1.0) < 1e-12);
    qn_bridged_free(&b);
    qn_mechanism_free(&m);
}
