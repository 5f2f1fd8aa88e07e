// Carriers of a replay keep what they are from one stage to the next: their spread, their draws,
// what powder moves between classes, and the same bits after a stop.
#include <math.h>

#include "bridge/replay.h"
#include "exposure/hotspot.h"
#include "run_fixture.h"

TestSuite(replay_stages, .init = enter_ranks, .fini = leave, .timeout = 100);

// 200 kJ/mol: nothing happens at 300 K; what is hit, at 1300 K for a second, turns over
static const char TEXT[] =
    "units: {length: m, quantity: mol, time: s, activation-energy: kJ/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N2]}\n"
    "- {name: s, thermo: ideal-surface, site-density: 1.0, species: [A, B], reactions: [r]}\n"
    "species:\n"
    "- {name: N2, composition: {N: 2}, thermo: {model: constant-cp}}\n"
    "- {name: A, composition: {}}\n"
    "- {name: B, composition: {}}\n"
    "r:\n"
    "- {equation: A => B, rate-constant: {A: 1e9, b: 0, Ea: 200}}\n";

enum { CARRIERS = 2000 };
static const double PHI = 0.5, HITS = 2.0; // of each carrier in a stage of a second
static const struct qn_pulse PULSE = {
    .kind = QN_PULSE_GRAIN, .dT = 1000.0, .t_c = 0.5, .cool = 1e9, .kept = 1.0, .t_cut = 1.0};

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_gas gas;
    struct qn_reservoir events;
    struct qn_replay_settings set;
    double mass[3], y[6];
};

static void open_bench(struct bench *b, int classes)
{
    memset(b, 0, sizeof *b);
    cr_assert(qn_mechanism_parse("r", TEXT, &b->m) == QN_OK, "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0}, .pore = 1.0, .refill = 1.0};
    b->gas = (struct qn_gas){.n_gas = 1, .volume = 1.0, .T = 300.0, .moles = {1.0}};
    b->set = qn_replay_defaults();
    b->set.gate = 0.0;
    b->set.most = CARRIERS;
    qn_reservoir_init(&b->events, classes, 1);
    for (int c = 0; c < classes; c++) {
        const struct qn_exposure x = {.pulse = PULSE, .mass = PHI, .energy = 1.0};
        b->set.carrier[c] = 1.0;
        b->mass[c] = CARRIERS;
        b->y[2 * c] = 1.0;
        qn_reservoir_add(&b->events, c, &x);
    }
    qn_reservoir_close(&b->events);
}

static void drop_bench(struct bench *b)
{
    qn_reservoir_free(&b->events);
    qn_mechanism_free(&b->m);
}

static struct qn_replay_start start_at(const struct bench *b)
{
    return (struct qn_replay_start){
        .mass = b->mass, .y = b->y, .span = 1.0 / (HITS * CARRIERS), .pool = 1};
}

// mean of what the carriers of a class hold of A, and its CV^2
static void moments(const struct qn_replay *r, int cls, double *mean, double *cv2)
{
    const struct qn_replay_class *c = &r->cls[cls];
    double sum = 0.0, square = 0.0;
    for (int i = c->first; i < c->first + c->n; i++) {
        sum += r->d.y[2 * i] / c->n;
        square += r->d.y[2 * i] * r->d.y[2 * i] / c->n;
    }
    *mean = sum;
    *cv2 = square / (sum * sum) - 1.0;
}

Test(replay_stages, the_spread_of_the_carriers_goes_on)
{
    // first order: <A> = exp(-n phi X), CV^2 = exp(n phi^2 X^2) - 1, X = what one pulse turns; two
    // stages of n/2 with mixing between them would end at half of it
    struct bench b;
    struct qn_replay r;
    open_bench(&b, 1);
    const struct qn_replay_start start = start_at(&b);
    const double cold = 1e9 * exp(-200e3 / (8.31446261815324 * 300.0));
    const double X = -expm1(-cold * (PULSE.t_cut + qn_pulse_dose(&PULSE, 300.0, 200e3)));
    double mean, cv2;
    qn_replay_init(&r, &b.x, &b.gas, &b.events, &start, &b.set);
    cr_assert(qn_replay_run(&r, 1.0, 0) == QN_OK, "%s", qn_error_text());
    const uint64_t drawn = r.cls[0].drawn;
    const int64_t jumps = r.jumps;
    moments(&r, 0, &mean, &cv2);
    // it rests in the heat, and is milled on
    const double T = 1000.0, baked = 1e9 * exp(-200e3 / (8.31446261815324 * T)); // 3.5 %
    qn_replay_go_on(&r, &b.x, &b.gas, NULL, &start, &b.set);
    qn_replay_warm(&r, &T);
    cr_assert(qn_replay_run(&r, 1.0, 0) == QN_OK, "%s", qn_error_text());
    cr_expect(r.jumps == 0 && r.cls[0].drawn == drawn, "nothing falls at rest");
    double rested;
    moments(&r, 0, &rested, &cv2);
    cr_expect(fabs(rested / mean - exp(-baked)) < 1e-5, "%g of %g", rested, mean);
    qn_replay_go_on(&r, &b.x, &b.gas, &b.events, &start, &b.set);
    cr_assert(qn_replay_run(&r, 1.0, 0) == QN_OK, "%s", qn_error_text());
    cr_expect(jumps == (int64_t)drawn && r.jumps == (int64_t)(r.cls[0].drawn - drawn),
              "draws are not repeated");
    cr_expect(r.d.books.pulses == r.jumps, "books are of the stage");
    moments(&r, 0, &mean, &cv2);
    const double n = 2.0 * HITS, want = expm1(n * PHI * PHI * X * X);
    const double left = exp(-n * PHI * X - baked), error = 3.0 * sqrt(want / CARRIERS);
    cr_expect(fabs(mean / left - 1.0) < error, "%g, not %g", mean, left);
    cr_expect(fabs(cv2 / want - 1.0) < 0.15, "CV^2 %g, not %g", cv2, want); // 3 sd of 2000
    cr_expect(r.d.books.element_error < 1e-12);
    qn_replay_free(&r);
    drop_bench(&b);
}

static void weigh(struct bench *b, const double share[3])
{
    for (int c = 0; c < 3; c++) {
        b->mass[c] = share[c] * CARRIERS;
        b->set.carrier[c] = share[c];
    }
}

Test(replay_stages, powder_that_moves_brings_what_it_is)
{
    // class 0 gives 0.3, class 2 gives 0.1 to class 1: they stay as they are; class 1 becomes 1/1.4
    // its own, its spread about the mean shrinks by as much, and no mole is lost
    struct bench b;
    struct qn_replay r;
    open_bench(&b, 3);
    struct qn_replay_start start = start_at(&b);
    double mean[3], cv2[3], now[3], spread[3];
    qn_replay_init(&r, &b.x, &b.gas, &b.events, &start, &b.set);
    r.cls[0].rate *= 0.25; // fewer hits
    r.cls[2].rate *= 0.5;
    cr_assert(qn_replay_run(&r, 1.0, 0) == QN_OK, "%s", qn_error_text());
    for (int c = 0; c < 3; c++) {
        moments(&r, c, &mean[c], &cv2[c]);
    }
    cr_assert(mean[0] > 1.2 * mean[1] && mean[2] > 1.1 * mean[1]);
    weigh(&b, (const double[3]){0.7, 1.4, 0.9});
    cr_assert(qn_replay_fits(&r, &start, 3, &b.set));
    qn_replay_go_on(&r, &b.x, &b.gas, NULL, &start, &b.set);
    for (int c = 0; c < 3; c++) {
        moments(&r, c, &now[c], &spread[c]);
        cr_expect(fabs(r.d.mass[r.cls[c].first] / b.set.carrier[c] - 1.0) < 1e-14);
    }
    for (int c = 0; c < 3; c += 2) {
        cr_expect(fabs(now[c] - mean[c]) < 1e-14 && fabs(spread[c] - cv2[c]) < 1e-12);
    }
    const double want = (mean[1] + 0.3 * mean[0] + 0.1 * mean[2]) / 1.4;
    cr_expect(fabs(now[1] / want - 1.0) < 1e-13, "%g, not %g", now[1], want);
    const double sd = sqrt(cv2[1]) * mean[1] / 1.4;
    cr_expect(fabs(sqrt(spread[1]) * now[1] / sd - 1.0) < 1e-9);
    // and back
    const double back = 0.7 * now[0] + 0.3 * now[1];
    weigh(&b, (const double[3]){1.0, 1.0, 1.0});
    qn_replay_go_on(&r, &b.x, &b.gas, NULL, &start, &b.set);
    moments(&r, 0, &now[0], &spread[0]);
    cr_expect(fabs(now[0] / back - 1.0) < 1e-13, "%g, not %g", now[0], back);
    b.set.most = CARRIERS / 2;
    cr_expect(qn_replay_fits(&r, &start, 3, &b.set) == 0, "other numbers");
    qn_replay_free(&r);
    drop_bench(&b);
}

#define HOURS                                                                                      \
    SMALL "--set run.direct_span='0 s' --set run.bridged_points=24 --set run.window_min='0.05 s' " \
          "--set run.window_max='0.05 s' --set run.bridge_level=replay --set "                     \
          "run.replay_carriers=6 --set run.stages=\"[{do: mill, for: 0.5 s}, "                     \
          "{do: sample, volume: 1 mL}, {do: hold, for: 1 s, temperature: 80 degC}, "               \
          "{do: mill, for: 0.5 s}]\" "

Test(replay_stages, a_stop_at_rest_and_three_ranks_end_in_the_same_bits)
{
    cr_assert(eq(int, run(HOURS, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    cr_assert(eq(int,
                 system("OMP_NUM_THREADS=1 mpirun -n 3 " QUERN_EXE " run " HOURS
                        "--output ranks/run.h5 --quiet >words 2>&1 </dev/null"),
                 0),
              "%s", words());
    expect_same_results("ref/run.h5", "ranks/run.h5");
    struct qn_store *s = load("ref/run.h5");
    const double *error = qn_store_get(s, "/merit/element_residual", NULL, NULL);
    cr_expect(error && *error < 1e-12);
    qn_store_free(s);
    // stopped as the hours begin, then killed here and there, each time to go on from a checkpoint
    static const char *const cut =
        "--output cut/run.h5 --checkpoint-interval '1 ms' --quiet --resume";
    pid_t child = start(HOURS, cut, 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "hours"));
    kill(child, SIGUSR1);
    cr_assert(eq(int, finish(child), 85), "%s", words());
    for (int k = 1; k <= 4; k++) {
        child = start(HOURS, cut, 1 + k % 2);
        nap(0.4 * k);
        kill(child, SIGKILL);
        finish(child);
    }
    cr_assert(eq(int, run(HOURS, cut, 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}
