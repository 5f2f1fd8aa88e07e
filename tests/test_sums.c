// Order-free sums of doubles of any size, behind a struct, and what is counted through them in
// parts: the same bits as counted in one go.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/exact_sum.h"
#include "base/rng.h"
#include "base/sums.h"
#include "bridge/reservoir.h"

enum { N = 3000 };

static double draw(uint64_t k, uint32_t which)
{
    return qn_uniform(7, QN_STREAM_TEST, k, 0, which);
}

// both signs, sizes from 10^-decades to 10^decades
static double number(uint64_t k, double decades)
{
    return (draw(k, 0) < 0.5 ? -1.0 : 1.0) * pow(10.0, decades * (2.0 * draw(k, 1) - 1.0));
}

static int same(const struct qn_wide_sum *a, const struct qn_wide_sum *b)
{
    return a->top == b->top && memcmp(a->slice, b->slice, sizeof a->slice) == 0;
}

Test(sums, order_and_split_do_not_change_a_bit)
{
    static const double decades[] = {0.0, 3.0, 20.0, 300.0};
    for (int d = 0; d < 4; d++) {
        struct qn_wide_sum forward = {{0}, 0}, back = {{0}, 0}, part[3] = {{{0}, 0}};
        struct qn_wide_sum other_way = {{0}, 0};
        for (uint64_t k = 0; k < N; k++) {
            qn_wide_add(&forward, number(k, decades[d]));
            qn_wide_add(&back, number(N - 1 - k, decades[d]));
            qn_wide_add(&part[k % 3], number(k * 7 % N, decades[d]));
        }
        for (int p = 0; p < 3; p++) {
            qn_wide_merge(&other_way, &part[2 - p]);
        }
        qn_wide_merge(&part[0], &part[1]);
        qn_wide_merge(&part[0], &part[2]);
        cr_expect(same(&forward, &back) && same(&forward, &part[0]) && same(&forward, &other_way),
                  "%g decades", decades[d]);
    }
}

Test(sums, values_are_those_of_exact_sums)
{
    // in the range of the fixed point both are right to the last bits of a double
    struct qn_wide_sum wide = {{0}, 0};
    struct qn_exact exact = {0};
    for (uint64_t k = 0; k < N; k++) {
        qn_wide_add(&wide, fabs(number(k, 3.0)));
        qn_exact_add(&exact, fabs(number(k, 3.0)));
    }
    const double want = qn_exact_value(exact);
    cr_expect(fabs(qn_wide_value(&wide) - want) <= DBL_EPSILON * want);
    // a number alone is itself, whatever its size
    const double alone[] = {1.0, -0.1, 1e-40, 4.9e-324, -2.3e-308, DBL_MAX, -DBL_MAX, 0.0};
    for (size_t k = 0; k < sizeof alone / sizeof *alone; k++) {
        struct qn_wide_sum one = {{0}, 0};
        qn_wide_add(&one, alone[k]);
        cr_expect(qn_wide_value(&one) == alone[k], "%g, want %g", qn_wide_value(&one), alone[k]);
    }
    // what cancels leaves the rest: 26 bits below the last of the largest
    struct qn_wide_sum rest = {{0}, 0};
    qn_wide_add(&rest, 1e6);
    qn_wide_add(&rest, -1.25e-12);
    qn_wide_add(&rest, -1e6);
    cr_expect(fabs(qn_wide_value(&rest) / -1.25e-12 - 1.0) < 1e-3, "%g", qn_wide_value(&rest));
}

Test(sums, counts_are_whole_numbers)
{
    struct qn_wide_sum ones = {{0}, 0};
    for (int k = 1; k <= 300000; k++) {
        qn_wide_add(&ones, 1.0);
        if (k % 999 == 0) {
            cr_assert(qn_wide_value(&ones) == k);
        }
    }
    for (int k = 0; k < 33; k++) { // doubled to 300000 2^33 = 2.6e15
        const struct qn_wide_sum twin = ones;
        qn_wide_merge(&ones, &twin);
    }
    cr_expect(qn_wide_value(&ones) == ldexp(300000.0, 33), "%.17g", qn_wide_value(&ones));
}

Test(sums, squares_of_weights_have_their_range)
{
    // W from 1e-14 to 10 kg s; a carrier at 100 K makes it e^120 = 1.3e52 times larger
    for (int cold = 0; cold < 2; cold++) {
        struct qn_wide_sum squares = {{0}, 0};
        long double want = 0.0L;
        for (uint64_t k = 0; k < N; k++) {
            const double W = pow(10.0, -14.0 + 15.0 * draw(k, 2)) * (cold ? 1.3e52 : 1.0);
            qn_wide_add(&squares, W * W);
            want += (long double)(W * W);
        }
        cr_expect(fabs(qn_wide_value(&squares) / (double)want - 1.0) < 1e-15, "%g",
                  qn_wide_value(&squares));
    }
}

Test(sums, a_sum_that_breaks_is_no_number)
{
    const double bad[] = {(double)INFINITY, -(double)INFINITY, (double)NAN};
    for (int k = 0; k < 3; k++) {
        struct qn_wide_sum sum = {{0}, 0}, other = {{0}, 0};
        qn_wide_add(&sum, 1.0);
        qn_wide_add(&sum, bad[k]);
        qn_wide_add(&sum, 1.0);
        cr_expect(isnan(qn_wide_value(&sum)));
        qn_wide_add(&other, 1.0);
        qn_wide_merge(&other, &sum);
        cr_expect(isnan(qn_wide_value(&other)));
    }
    // too many terms
    struct qn_wide_sum full = {{0}, 0};
    qn_wide_add(&full, 1.0);
    for (int k = 0; k < QN_WIDE_SLICES; k++) {
        full.slice[k] = INT64_MAX;
    }
    struct qn_wide_sum merged = full;
    cr_expect(isfinite(qn_wide_value(&full)));
    qn_wide_merge(&merged, &full);
    cr_expect(isnan(qn_wide_value(&merged)));
    qn_wide_add(&full, 1.0 + DBL_EPSILON);
    cr_expect(isnan(qn_wide_value(&full)));
}

struct pair {
    double a;
    int n, m;
    double b[3];
};

Test(sums, a_struct_is_settled_packed_and_read_back)
{
    struct pair p = {.a = 5.0, .n = 3, .m = -1};
    struct qn_sums sums, more;
    void *bytes;
    size_t size;
    qn_sums_init(&sums, &p, sizeof p);
    qn_sums_init(&more, &p, sizeof p);
    qn_sums_add(&sums, &p.b[1], 2.5);
    qn_sums_add(&sums, &p.b[1], -0.5);
    qn_sums_add(&sums, &p.b[2], 1e-30);
    cr_expect(p.b[1] == 0.0, "not yet settled");
    qn_sums_pack(&sums, &bytes, &size);
    cr_assert(qn_sums_unpack(&more, bytes, size) == QN_OK);
    cr_expect(same(&sums.sum[3], &more.sum[3]) && same(&sums.sum[4], &more.sum[4]));
    qn_sums_settle(&more);
    cr_expect(p.a == 5.0 && p.n == 3 && p.m == -1 && p.b[0] == 0.0, "untouched");
    cr_expect(p.b[1] == 2.0 && p.b[2] == 1e-30);
    cr_expect(qn_sums_unpack(&more, bytes, size - 1) == QN_ERR_IO);
    ((uint64_t *)bytes)[0] = 5; // beyond the struct
    cr_expect(qn_sums_unpack(&more, bytes, size) == QN_ERR_IO);
    qn_sums_add(NULL, &p.b[0], 0.25);
    cr_expect(p.b[0] == 0.25);
    qn_free(bytes);
    qn_sums_free(&sums);
    qn_sums_free(&more);
}

// times spread over 1500 s, so that pieces of a second are put together twice
static struct qn_exposure exposure(uint64_t k)
{
    struct qn_exposure x = {.pulse = {.kind = QN_PULSE_LAYER_CORE,
                                      .dT = 300.0 * draw(k, 3),
                                      .t_c = 30e-6,
                                      .cool = 2e-3 * draw(k, 4),
                                      .kept = 0.97,
                                      .sink = 0.86,
                                      .t_cut = 14e-3}};
    x.time = 1500.0 * k / N;
    x.mass = 1e-9 * draw(k, 5);
    x.dose = 1e5 * draw(k, 6);
    x.energy = x.dose * x.mass;
    return x;
}

static void empty(struct qn_spectrum *s)
{
    static const double mass = 1e-3, Ea = 74e3;
    const struct qn_spectrum_window window = {.span = 1500.0,
                                              .cycle = 1.0,
                                              .T0 = 300.0,
                                              .n_classes = 1,
                                              .mass = &mass,
                                              .n_energies = 1,
                                              .energy = &Ea};
    qn_spectrum_init(s, &window);
}

Test(sums, a_spectrum_counted_in_parts_is_that_of_the_whole)
{
    static struct qn_spectrum whole, plain, part[3];
    struct qn_sums all, sums[3];
    empty(&whole);
    empty(&plain);
    qn_sums_init(&all, &whole, sizeof whole);
    for (int p = 0; p < 3; p++) {
        empty(&part[p]);
        qn_sums_init(&sums[p], &part[p], sizeof part[p]);
    }
    for (uint64_t k = 0; k < N; k++) {
        const struct qn_exposure x = exposure(k);
        const uint64_t p = k / (N / 3); // the first part ends before pieces are put together
        qn_spectrum_count(&whole, 0, &x, &all);
        qn_spectrum_count(&part[p], 0, &x, &sums[p]);
        qn_spectrum_add(&plain, 0, &x);
    }
    cr_expect(part[0].length == 1.0 && part[1].length == 2.0 && part[2].length == 4.0);
    for (int p = 0; p < 3; p++) {
        qn_spectrum_coarsen(&part[p], part[2].length, &sums[p]);
        for (size_t k = 0; p < 2 && k < sums[p].n; k++) {
            qn_wide_merge(&sums[2].sum[k], &sums[p].sum[k]);
        }
    }
    qn_sums_settle(&all);
    qn_sums_settle(&sums[2]);
    cr_expect(memcmp(&whole, &part[2], sizeof whole) == 0);
    // and that of plain sums up to their rounding, N terms of relative 1e-16
    const double *a = (const double *)&whole.cls[0], *b = (const double *)&plain.cls[0];
    cr_expect(plain.length == whole.length);
    for (size_t k = 0; k < sizeof whole.cls[0] / sizeof *a; k++) {
        cr_assert(fabs(a[k] - b[k]) <= 1e-12 * fabs(b[k]), "%zu: %g, %g", k, a[k], b[k]);
    }
    qn_sums_free(&all);
    for (int p = 0; p < 3; p++) {
        qn_sums_free(&sums[p]);
    }
}

Test(sums, a_reservoir_filled_in_parts_keeps_what_one_would)
{
    enum { MANY = 40000 };
    struct qn_reservoir whole, part[3];
    void *bytes[2];
    size_t size[2];
    qn_reservoir_init(&whole, 1, 3);
    for (int p = 0; p < 3; p++) {
        qn_reservoir_init(&part[p], 1, 3);
    }
    for (uint64_t k = 0; k < MANY; k++) {
        struct qn_exposure x = exposure(k);
        if (k % 5 == 0) { // some differ in their energy alone: their draws are the same
            x = exposure(k % 25);
            x.energy = 1e-6 * draw(k, 7);
        }
        qn_reservoir_add(&whole, 0, &x);
        qn_reservoir_add(&part[(k * 2654435761U >> 7) % 3], 0, &x);
    }
    qn_reservoir_merge(&part[2], &part[0]);
    qn_reservoir_merge(&part[2], &part[1]);
    qn_reservoir_close(&whole);
    qn_reservoir_close(&part[2]);
    qn_reservoir_pack(&whole, &bytes[0], &size[0]);
    qn_reservoir_pack(&part[2], &bytes[1], &size[1]);
    cr_assert(size[0] == size[1] && memcmp(bytes[0], bytes[1], size[0]) == 0);
    cr_expect(whole.cls[0].n < MANY / 2, "some were left out: %zu", whole.cls[0].n);
    for (int p = 0; p < 3; p++) {
        qn_reservoir_free(&part[p]);
    }
    for (int k = 0; k < 2; k++) {
        qn_free(bytes[k]);
    }
    qn_reservoir_free(&whole);
}
