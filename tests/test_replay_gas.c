// Carriers coupled through their gas in a replay against frozen gases in shrinking intervals: a
// stiff gas needs hundreds of times fewer intervals for the same answer; books, elements and bits.
#include <criterion/criterion.h>

#include <math.h>

#include "base/array.h"
#include "replay_fixture.h"

enum { A, B, C };

struct end {
    double gas[3], element_error;
    int64_t intervals, together, jumps;
};

struct ask {
    enum qn_replay_gas gas;
    double change, exposed, flow, fill;
    double T; // of both classes; 0: 300 and 330 K
    int full; // 1: the surface is full of A at the start
};

static const double HITS = 0.2, SHARE = 0.005; // [1/s], of a carrier

static struct end replayed(const struct ask *ask, double span)
{
    struct stiff b;
    struct qn_replay r;
    struct end out = {0};
    stiff_open(&b, SHARE);
    b.set.gas = ask->gas;
    b.set.change = ask->change;
    b.set.exposed = ask->exposed > 0.0 ? ask->exposed : b.set.exposed;
    b.gas.moles[A] = ask->fill > 0.0 ? ask->fill : b.gas.moles[A];
    for (int c = 0; c < STIFF_CLASSES && ask->full; c++) {
        b.y[2 * c] = 0.0;
        b.y[2 * c + 1] = 1.0;
    }
    stiff_begin(&b, HITS, NULL, &r);
    if (ask->T > 0.0) {
        qn_direct_warm(&r.d, 0, r.d.n, ask->T);
    }
    r.d.flow = (struct qn_flow){.rate = ask->flow, .feed = {1.0}};
    cr_assert(qn_replay_run(&r, span, 0) == QN_OK, "%s", qn_error_text());
    memcpy(out.gas, r.d.gas.moles, sizeof out.gas);
    out.intervals = r.syncs;
    out.together = r.together;
    out.jumps = r.jumps;
    out.element_error = r.d.books.element_error;
    for (int i = 0; i < 2 * r.d.n; i++) {
        cr_expect(r.d.y[i] >= 0.0);
    }
    qn_replay_free(&r);
    stiff_free(&b);
    return out;
}

static double off(const struct end *a, const struct end *b, int gas)
{
    return fabs(a->gas[gas] / b->gas[gas] - 1.0);
}

// The same hits on all sides. In what is made, frozen intervals are off by 1e-6 at a change of
// 1e-3. Coupled ones displace jumps by less than an interval of 0.3 s, about their mean: with
// classes that lose 3 and 6 % a second that leaves less than half a per cent over the root of 128
// jumps, 4e-4.
Test(replay_gas, a_stiff_gas_needs_many_times_fewer_intervals_for_the_same_answer)
{
    const struct ask ask[4] = {{.gas = QN_REPLAY_FROZEN, .change = 4e-3},
                               {.gas = QN_REPLAY_FROZEN, .change = 1e-3},
                               {.gas = QN_REPLAY_COUPLED, .change = 4e-3},
                               {.gas = QN_REPLAY_AUTOMATIC, .change = 4e-3}};
    struct end end[4];
    for (int i = 0; i < 4; i++) {
        end[i] = replayed(&ask[i], 10.0);
        cr_expect(end[i].element_error < 1e-12, "elements %g", end[i].element_error);
        cr_expect(end[i].jumps == end[0].jumps && end[i].jumps > 100);
    }
    const struct end *coarse = &end[0], *fine = &end[1], *coupled = &end[2], *own = &end[3];
    cr_expect(off(coupled, fine, B) < 4e-4 && off(coupled, fine, C) < 1e-6, "B %.2e, C %.2e",
              off(coupled, fine, B), off(coupled, fine, C));
    cr_expect(coarse->intervals > 100 * coupled->intervals, "%d and %d", (int)coarse->intervals,
              (int)coupled->intervals);
    cr_expect(coarse->together == 0 && coupled->together == coupled->intervals);
    // frozen comes nearer as its intervals shrink; its gas keeps swinging about the balance
    cr_expect(off(fine, coupled, C) < 0.5 * off(coarse, coupled, C), "C %.2e, %.2e",
              off(fine, coupled, C), off(coarse, coupled, C));
    cr_expect(off(fine, coupled, A) < 1e-2, "A %.2e", off(fine, coupled, A));
    // automatic finds out by itself, once, after 64 intervals or a few more
    const int64_t frozen = own->intervals - own->together;
    cr_expect(own->together > 0 && frozen >= 64 && frozen < 200, "%d frozen, %d coupled",
              (int)frozen, (int)own->together);
    cr_expect(off(own, fine, B) < 4e-4, "B %.2e", off(own, fine, B));
}

Test(replay_gas, the_error_of_coupled_intervals_falls_with_their_length)
{
    // intervals of 1.3 and 0.5 s, and so short that most hold one jump, which comes at its time;
    // carriers alike, so that displacing jumps about their mean is an error of second order:
    // (2.6)^2
    const struct ask ask[3] = {
        {.gas = QN_REPLAY_COUPLED, .change = 1.0, .exposed = 2e-3, .T = 300.0},
        {.gas = QN_REPLAY_COUPLED, .change = 1.0, .exposed = 5e-4, .T = 300.0},
        {.gas = QN_REPLAY_COUPLED, .change = 2e-4, .T = 300.0}};
    struct end end[3];
    for (int i = 0; i < 3; i++) {
        end[i] = replayed(&ask[i], 10.0);
    }
    const double first = off(&end[0], &end[2], B), second = off(&end[1], &end[2], B);
    cr_expect(first < 1e-3 && second < 0.25 * first, "%.2e, then %.2e", first, second);
    cr_expect(end[1].intervals > 2 * end[0].intervals && end[2].intervals > end[2].jumps);
}

Test(replay_gas, what_flows_through_goes_with_the_jumps)
{
    // a quarter of the gas a second; what the first interval holds of the fill, 5 ms of it, is what
    // both ways do not agree on
    const struct ask ask[2] = {{.gas = QN_REPLAY_FROZEN, .change = 1e-3, .flow = 0.25},
                               {.gas = QN_REPLAY_COUPLED, .change = 4e-3, .flow = 0.25}};
    const struct end frozen = replayed(&ask[0], 3.0), coupled = replayed(&ask[1], 3.0);
    for (int g = 0; g < 3; g++) {
        cr_expect(off(&coupled, &frozen, g) < 5e-4, "gas %d: %.2e", g, off(&coupled, &frozen, g));
    }
    cr_expect(frozen.intervals > 10 * coupled.intervals, "%d and %d", (int)frozen.intervals,
              (int)coupled.intervals);
    cr_expect(coupled.element_error < 1e-12 && frozen.element_error < 1e-12);
}

// At 150 K only hits turn anything: intervals are as short as asked for because of them, hundreds
// in a row, and a coupled gas would be of no use.
Test(replay_gas, intervals_that_hits_keep_short_stay_frozen)
{
    const struct ask ask = {
        .gas = QN_REPLAY_AUTOMATIC, .change = 2e-7, .fill = 1e5, .T = 150.0, .full = 1};
    const struct end end = replayed(&ask, 100.0);
    cr_expect(end.together == 0 && end.intervals > 130, "%d of %d", (int)end.together,
              (int)end.intervals);
}

Test(replay_gas, much_gas_stays_frozen_by_itself)
{
    // the surface takes a per mille of the gas: intervals end at jumps, and the fill is no matter
    const struct ask ask = {.gas = QN_REPLAY_AUTOMATIC, .change = 4e-3, .fill = 1e5};
    const struct end end = replayed(&ask, 10.0);
    cr_expect(end.together == 0 && end.intervals < 100, "%d of %d", (int)end.together,
              (int)end.intervals);
}

// Moles of B and C in the gas are extents of their reactions, by channel: hot and cold.
Test(replay_gas, books_of_coupled_rests_balance)
{
    struct stiff b;
    struct qn_replay r;
    stiff_open(&b, SHARE);
    b.set.gas = QN_REPLAY_COUPLED;
    stiff_begin(&b, HITS, NULL, &r);
    cr_assert(qn_replay_run(&r, 5.0, 0) == QN_OK, "%s", qn_error_text());
    const double *x = r.d.books.reaction;
    for (int k = 2; k < 4; k++) {
        const double made = r.d.gas.moles[k == 2 ? C : B];
        const double cold = x[k * QN_CHANNELS], hot = x[k * QN_CHANNELS + 1];
        cr_expect(fabs((cold + hot) / made - 1.0) < 1e-9, "%.12g + %.12g of %.12g", cold, hot,
                  made);
        cr_expect((k == 2 ? hot : cold) < 0.01 * made);
    }
    double held = 0.0, jumped[3];
    for (int i = 0; i < r.d.n; i++) {
        held += r.d.mass[i] * r.d.y[2 * i + 1];
    }
    double taken = 0.0; // net adsorption is what is held and what went on
    for (int k = 0; k < QN_CHANNELS; k++) {
        taken += x[k] - x[QN_CHANNELS + k];
    }
    const double left = held + r.d.gas.moles[B] + r.d.gas.moles[C];
    cr_expect(fabs(taken / left - 1.0) < 1e-9, "%.12g taken, %.12g left", taken, left);
    qn_direct_jumped(&r.d, jumped);
    cr_expect(fabs(jumped[B] / r.d.gas.moles[B] - 1.0) < 1e-9);
    cr_expect(r.d.books.steps > 0);
    qn_replay_free(&r);
    stiff_free(&b);
}

static void run_to(struct qn_replay *r, double t)
{
    cr_assert(qn_replay_run(r, t, 0) == QN_OK, "%s", qn_error_text());
}

static void same(const struct qn_replay *a, const struct qn_replay *b, const char *what)
{
    cr_expect(memcmp(a->d.gas.moles, b->d.gas.moles, sizeof a->d.gas.moles) == 0, "%s", what);
    cr_expect(memcmp(a->d.y, b->d.y, (size_t)(2 * a->d.n) * sizeof *a->d.y) == 0, "%s", what);
    cr_expect(memcmp(a->d.books.reaction, b->d.books.reaction, 8 * sizeof(double)) == 0, "%s",
              what);
    cr_expect(a->syncs == b->syncs && a->together == b->together && a->jumps == b->jumps, "%s",
              what);
}

Test(replay_gas, threads_and_a_checkpoint_keep_the_bits)
{
    // packed with a row under way (after 30 of 64 intervals), and when coupled
    for (int late = 0; late < 2; late++) {
        struct stiff b;
        struct qn_replay one, many, back;
        void *bytes;
        size_t size;
        stiff_open(&b, SHARE);
        stiff_begin(&b, HITS, NULL, &one);
        b.set.threads = 4;
        stiff_begin(&b, HITS, NULL, &many);
        b.set.threads = 2;
        stiff_begin(&b, HITS, NULL, &back);
        cr_assert(qn_replay_run(&many, 3.0, late ? 90 : 30) == QN_OK, "%s", qn_error_text());
        const int middle = late ? many.coupled : many.streak.n > 1 && !many.coupled;
        cr_expect(middle == 1, "coupled %d, %d in a row", many.coupled, (int)many.streak.n);
        qn_replay_pack(&many, &bytes, &size);
        cr_assert(qn_replay_unpack(&back, bytes, size) == QN_OK, "%s", qn_error_text());
        run_to(&one, 3.0);
        run_to(&many, 3.0);
        run_to(&back, 3.0);
        same(&one, &many, "threads");
        same(&one, &back, "taken up again");
        cr_expect(one.coupled == 1);
        qn_free(bytes);
        qn_replay_free(&one);
        qn_replay_free(&many);
        qn_replay_free(&back);
        stiff_free(&b);
    }
}
