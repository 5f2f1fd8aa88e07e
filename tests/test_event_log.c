// The event log: closed segments that hold every episode once, whatever happens in between.
#include <math.h>

#include "app/event_log.h"
#include "run_fixture.h"

TestSuite(events, .init = enter, .fini = leave, .timeout = 100);

#define LOGGED SMALL "--set run.event_log=yes "

/// All rows of all segments of a run, in order; the caller frees them.
static double *rows_of(const char *run_file, size_t *count)
{
    struct qn_store *s = load(run_file);
    size_t dims[QN_STORE_RANK], held = 0;
    const double *rows = qn_store_get(s, "/events/rows", NULL, dims);
    const double *total = qn_store_get(s, "/events/total", NULL, NULL);
    cr_assert(rows && total && *total > 0);
    double *all = calloc((size_t)*total * QN_EVENT_COLUMNS, sizeof *all);
    for (size_t k = 0; k < dims[0]; k++) {
        char path[1400], link[64];
        size_t shape[QN_STORE_RANK];
        snprintf(link, sizeof link, "/events/%06zu", k + 1);
        const struct qn_store_item *to = item_at(s, link);
        cr_assert(to && to->kind == QN_STORE_EXTERNAL);
        const char *slash = strrchr(run_file, '/');
        snprintf(path, sizeof path, "%.*s/%s", (int)(slash - run_file), run_file, to->file);
        struct qn_store *segment = load(path);
        const double *table = qn_store_get(segment, to->target, NULL, shape);
        cr_assert(table && shape[0] == (size_t)rows[k] && shape[1] == QN_EVENT_COLUMNS);
        cr_assert(held + shape[0] <= (size_t)*total);
        memcpy(all + held * QN_EVENT_COLUMNS, table, shape[0] * QN_EVENT_COLUMNS * sizeof *all);
        held += shape[0];
        qn_store_free(segment);
    }
    cr_assert(held == (size_t)*total);
    *count = held;
    qn_store_free(s);
    return all;
}

static void expect_same_events(const char *a, const char *b)
{
    size_t n, m;
    double *p = rows_of(a, &n), *q = rows_of(b, &m);
    cr_expect(n == m, "%zu events in %s, %zu in %s", n, a, m, b);
    cr_expect(n == m && memcmp(p, q, n * QN_EVENT_COLUMNS * sizeof *p) == 0);
    free(p);
    free(q);
}

Test(events, a_full_buffer_is_closed_early_and_newer_segments_are_replaced)
{
    struct qn_store *run_file = qn_store_new();
    struct qn_event_log log;
    struct qn_episode e[250] = {0};
    for (int k = 0; k < 250; k++) {
        e[k].id_i = k, e[k].t1 = 0.1 * k, e[k].e_num = -k;
    }
    cr_assert(qn_event_log_open(&log, 1, "out/x.h5", run_file) == QN_OK);
    log.most = 100;
    cr_assert(qn_event_log_add(&log, "window", e, 250) == QN_OK);
    cr_expect(log.held == 50 && access("out/x-events/000002.h5", F_OK) == 0);
    cr_assert(qn_event_log_flush(&log) == QN_OK);
    cr_assert(qn_store_write(run_file, "out/x.h5") == QN_OK); // a checkpoint
    cr_assert(qn_event_log_add(&log, "direct", e, 150) == QN_OK);
    cr_expect(access("out/x-events/000004.h5", F_OK) == 0);
    qn_event_log_free(&log); // and a crash after it
    qn_store_free(run_file);

    run_file = load("out/x.h5");
    cr_assert(qn_event_log_open(&log, 1, "out/x.h5", run_file) == QN_OK);
    cr_expect(access("out/x-events/000003.h5", F_OK) == 0);
    cr_expect(access("out/x-events/000004.h5", F_OK) != 0); // unknown to the checkpoint
    cr_assert(qn_event_log_add(&log, "direct", e, 150) == QN_OK);
    cr_assert(qn_event_log_flush(&log) == QN_OK);
    cr_assert(qn_store_write(run_file, "out/x.h5") == QN_OK);
    qn_store_free(run_file);
    size_t n;
    double *rows = rows_of("out/x.h5", &n);
    cr_assert(n == 400);
    for (size_t k = 0; k < n; k++) {
        const double want = (double)(k < 250 ? k : k - 250);
        cr_expect(rows[k * QN_EVENT_COLUMNS] == want && rows[k * QN_EVENT_COLUMNS + 29] == -want);
    }
    free(rows);
}

Test(events, a_run_with_the_log_on_is_bit_equal_to_one_without)
{
    // the same deck text but for the switch, so /deck is compared by hand
    cr_assert(eq(int, run(SMALL, "--output off/run.h5 --quiet", 2), 0), "%s", words());
    cr_assert(eq(int, run(LOGGED, "--output on/run.h5 --quiet", 2), 0), "%s", words());
    struct qn_store *on = load("on/run.h5"), *off = load("off/run.h5");
    qn_store_text(on, "/deck", qn_store_get_text(off, "/deck"), "");
    cr_assert(qn_store_write(on, "on/same.h5") == QN_OK);
    qn_store_free(on);
    qn_store_free(off);
    expect_same_results("off/run.h5", "on/same.h5");
}

Test(events, all_episodes_of_the_window_are_logged_once)
{
    // 0 s of direct span: what is logged is what the window saw from rest
    cr_assert(eq(int, run(LOGGED, "--set run.direct_span='0 s' --output a/run.h5 --quiet", 2), 0),
              "%s", words());
    struct qn_store *s = load("a/run.h5");
    const double *total = qn_store_get(s, "/events/total", NULL, NULL);
    const double *episodes = qn_store_get(s, "/statistics/episodes", NULL, NULL);
    const double *normal = qn_store_get(s, "/mechanics/ledger/normal", NULL, NULL);
    cr_assert(total && episodes && normal);
    cr_expect(eq(dbl, *total, *episodes));
    size_t n;
    double *rows = rows_of("a/run.h5", &n), sum = 0.0, last = 0.0;
    for (size_t k = 0; k < n; k++) {
        const double *row = rows + k * QN_EVENT_COLUMNS;
        sum += row[22];
        cr_expect(row[5] >= last && row[4] <= row[5]);
        last = row[5];
    }
    // the ledger also holds what contacts still open at the end have dissipated so far
    cr_expect(sum <= *normal * (1.0 + 1e-12) && sum > 0.99 * *normal, "%.6g J of %.6g J", sum,
              *normal);
    free(rows);
    qn_store_free(s);
}

Test(events, stops_and_kills_lose_no_event_and_double_none)
{
    cr_assert(eq(int, run(LOGGED, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    pid_t child = start(LOGGED, "--output cut/run.h5 --checkpoint-interval '0.05 s' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "window"));
    kill(child, SIGUSR1);
    cr_assert(eq(int, finish(child), 85), "%s", words());
    child = start(LOGGED, "--output cut/run.h5 --checkpoint-interval '0.05 s' --quiet --resume", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "direct"));
    kill(child, SIGKILL);
    cr_assert(eq(int, finish(child), -SIGKILL));
    cr_assert(eq(int, run(LOGGED, "--output cut/run.h5 --quiet --resume", 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
    expect_same_events("ref/run.h5", "cut/run.h5");
}

// What a thinned log keeps is in the whole one, row by row; all that is strong is there, and
// weighted sums come out like the whole ones.
Test(events, a_thinned_log_keeps_the_strong_and_stands_for_the_rest)
{
    enum { LOSS = 30, WEIGHT = QN_EVENT_COLUMNS - 1 };
    static const double THRESHOLD = 1e-6, SHARE = 0.1;
    size_t n, m, strong = 0, kept = 0;
    double count = 0.0, loss = 0.0, weak = 0.0, weak_kept = 0.0, squares = 0.0;
    cr_assert(eq(int, run(LOGGED, "--output all/run.h5 --quiet", 1), 0), "%s", words());
    cr_assert(eq(int,
                 run(LOGGED,
                     "--set run.event_threshold='1 uJ' --set run.event_share=0.1 "
                     "--output some/run.h5 --quiet",
                     2),
                 0),
              "%s", words());
    double *p = rows_of("all/run.h5", &n), *q = rows_of("some/run.h5", &m);
    for (size_t k = 0; k < n; k++) {
        const double *a = p + k * QN_EVENT_COLUMNS;
        const double *b = q + (kept < m ? kept : 0) * QN_EVENT_COLUMNS;
        const int is_strong = a[LOSS] >= THRESHOLD;
        const int there = kept < m && memcmp(a, b, WEIGHT * sizeof *a) == 0;
        cr_expect(fabs(a[LOSS] - a[22] - a[23] - a[24]) <= 1e-15 * a[LOSS] && a[WEIGHT] == 1.0);
        cr_expect(a[33] == 2.0 * (a[31] + a[32]));
        strong += (size_t)is_strong;
        weak += !is_strong;
        loss += is_strong ? 0.0 : a[LOSS];
        squares += is_strong ? 0.0 : a[LOSS] * a[LOSS];
        if (there) {
            cr_expect(b[WEIGHT] == (is_strong ? 1.0 : 1.0 / SHARE));
            count += is_strong ? 0.0 : b[WEIGHT];
            weak_kept += is_strong ? 0.0 : b[WEIGHT] * b[LOSS];
            kept++;
        } else {
            cr_expect(is_strong == 0, "a strong episode is missing");
        }
    }
    cr_expect(kept == m && strong > 50, "%zu of %zu rows found, %zu strong", kept, m, strong);
    // a tenth of the weak ones: three standard deviations of count and energy
    cr_expect(fabs(count / weak - 1.0) < 3.0 * sqrt((1.0 / SHARE - 1.0) / weak), "%g of %g", count,
              weak);
    cr_expect(fabs(weak_kept - loss) < 3.0 * sqrt((1.0 / SHARE - 1.0) * squares), "%g J of %g J",
              weak_kept, loss);
    free(p);
    free(q);
}

Test(events, a_window_is_not_reused_when_its_events_are_wanted)
{
    cr_assert(eq(int, run(SMALL, "--output a/run.h5 --quiet", 2), 0), "%s", words());
    cr_assert(eq(int, run(LOGGED, "--output a/log.h5", 2), 0), "%s", words());
    cr_expect(strstr(words(), "reusing") == NULL, "%s", words());
    cr_assert(eq(int, run(LOGGED, "--output b/log.h5 --quiet", 2), 0), "%s", words());
    expect_same_events("a/log.h5", "b/log.h5");
}
