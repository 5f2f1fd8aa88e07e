// Same input, same bits: lists, threads and vector widths never change a trajectory.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/array.h"
#include "dem/archive.h"
#include "dem/insert.h"
#include "dem_fixture.h"

struct digest {
    uint64_t state, episodes;
    int64_t rebuilds;
};

/// 12 balls and 600 parcels for 8,000 steps; `stale` 2 rebuilds, 1 prunes at every step.
static struct digest run(int threads, int stale, double skin_speed)
{
    struct qn_dem_model m = mixed_bed();
    m.skin_speed = skin_speed;
    struct qn_dem s;
    const struct qn_insert group[2] = {{0, 12, 3e-3}, {1, 600, 0.4e-3}};
    const struct qn_episode *events;
    size_t n;
    struct digest d = {0};
    qn_dem_init(&m, &s, threads);
    cr_assert(eq(int, qn_insert_bodies(&m, &s, group, 2, 3), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    for (int k = 0; k < 8000; k++) {
        s.stale = stale > s.stale ? stale : s.stale;
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        for (size_t e = 0; e < n; e++) {
            d.episodes = qn_hash(d.episodes, &events[e], sizeof events[e]);
        }
    }
    d.state = qn_dem_hash(&s);
    d.rebuilds = s.n_rebuilds;
    cr_assert(gt(i64, s.n_episodes, 1000));
    qn_dem_free(&s);
    return d;
}

Test(engine, lists_never_change_a_bit)
{
    const struct digest plain = run(1, 0, 2.0), often = run(1, 2, 2.0), wide = run(1, 0, 20.0);
    cr_assert(eq(i64, often.rebuilds, 8001));
    cr_assert(eq(u64, plain.state, often.state));
    cr_assert(eq(u64, plain.episodes, often.episodes));
    cr_assert(lt(i64, wide.rebuilds, plain.rebuilds));
    cr_assert(eq(u64, plain.state, wide.state));
    cr_assert(eq(u64, plain.episodes, wide.episodes));
}

Test(engine, threads_never_change_a_bit)
{
    const struct digest one = run(1, 0, 2.0);
    for (int threads = 2; threads <= 4; threads++) {
        const struct digest more = run(threads, 0, 2.0);
        cr_assert(eq(u64, one.state, more.state), "%d threads", threads);
        cr_assert(eq(u64, one.episodes, more.episodes), "%d threads", threads);
    }
}

Test(engine, a_checkpoint_goes_on_to_the_same_bits)
{
    // 3,000 + 3,000 steps through bytes and a fresh system against 6,000 in one go
    const struct qn_dem_model m = mixed_bed();
    const struct qn_insert group[2] = {{0, 12, 3e-3}, {1, 600, 0.4e-3}};
    const struct qn_episode *events;
    size_t n, size;
    void *bytes;
    struct qn_dem a, b;
    qn_dem_init(&m, &a, 1);
    cr_assert(eq(int, qn_insert_bodies(&m, &a, group, 2, 3), QN_OK));
    cr_assert(eq(int, qn_dem_start(&m, &a), QN_OK));
    for (int k = 0; k < 3000; k++) {
        cr_assert(eq(int, qn_dem_step(&m, &a), QN_OK));
        qn_dem_drain(&a, &events, &n);
    }
    qn_dem_pack(&a, &bytes, &size);
    qn_dem_init(&m, &b, 2);
    cr_assert(eq(int, qn_dem_unpack(&m, &b, bytes, size), QN_OK), "%s", qn_error_text());
    cr_assert(eq(u64, qn_dem_hash(&a), qn_dem_hash(&b)));
    uint64_t ea = 0, eb = 0;
    for (int k = 0; k < 3000; k++) {
        cr_assert(eq(int, qn_dem_step(&m, &a), QN_OK));
        qn_dem_drain(&a, &events, &n);
        ea = n ? qn_hash(ea, events, n * sizeof *events) : ea;
        cr_assert(eq(int, qn_dem_step(&m, &b), QN_OK));
        qn_dem_drain(&b, &events, &n);
        eb = n ? qn_hash(eb, events, n * sizeof *events) : eb;
    }
    cr_assert(eq(u64, qn_dem_hash(&a), qn_dem_hash(&b)));
    cr_assert(eq(u64, ea, eb));
    struct qn_ledger la, lb;
    qn_ledger_read(&m, &a, &la);
    qn_ledger_read(&m, &b, &lb);
    cr_assert(eq(dbl, la.e_num, lb.e_num));
    cr_assert(eq(dbl, la.kinetic, lb.kinetic));
    qn_dem_free(&a);
    qn_dem_free(&b);
    qn_free(bytes);
}
