// Coatings over epochs of constant rates: the law itself, however it is cut; rates that follow the
// coatings; bounds of what it costs; powder and moles that are kept as powder moves.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>

#include "bridge/mixing.h"
#include "model/coating_epochs.h"

static double sum(const double *m)
{
    return m[0] + m[1] + m[2];
}

/// Rates that never change.
static enum qn_status constant(void *from, int k, const double mass[QN_COATINGS],
                               struct qn_coating_law *law)
{
    (void)k, (void)mass;
    *law = *(const struct qn_coating_law *)from;
    return QN_OK;
}

Test(coating_epochs, constant_rates_give_the_law_itself)
{
    struct qn_coating_law law = {{4e-4, 1e-3}, {2e-3, 1e-4}, {4e-3, 4e-3}};
    const double start[QN_COATINGS] = {2e-3, 1e-3, 1e-3};
    const struct qn_coating_cut cut = {5000.0, 0.05, 1000};
    struct qn_coating_epochs e;
    cr_assert(qn_coating_follow(&cut, start, constant, &law, &e) == QN_OK);
    cr_expect(e.n > 10 && e.late == 5000.0, "%d epochs", e.n);
    cr_expect(e.n == qn_coating_count(&cut, start, &law, 1000));
    for (int k = 0; k < e.n; k++) {
        double m[QN_COATINGS] = {start[0], start[1], start[2]}, now[QN_COATINGS];
        const double mid = 0.5 * (e.epoch[k].begin + e.epoch[k].end);
        qn_coating_advance(&law, e.epoch[k].begin, m);
        qn_coating_epochs_at(&e, mid, now);
        for (int c = 0; c < QN_COATINGS; c++) {
            cr_expect(epsilon_eq(dbl, e.epoch[k].mass[c] / m[c], 1.0, 1e-13));
        }
        qn_coating_advance(&law, mid - e.epoch[k].begin, m);
        cr_expect(epsilon_eq(dbl, now[0] / m[0], 1.0, 1e-13));
        cr_expect(epsilon_eq(dbl, sum(now) / 4e-3, 1.0, 1e-15));
        // no coating moved by more than asked within an epoch, and one by just that at its end
        const double *end = k + 1 < e.n ? e.epoch[k + 1].mass : e.last;
        const double moved = fmax(qn_coating_moved(e.epoch[k].mass[0], end[0], law.most[0]),
                                  qn_coating_moved(e.epoch[k].mass[1], end[1], law.most[1]));
        cr_expect(moved < 0.05 + 1e-9, "%g", moved);
        cr_expect(k + 1 == e.n || moved > 0.05 - 1e-9, "%g", moved);
    }
    double all[QN_COATINGS] = {start[0], start[1], start[2]};
    qn_coating_advance(&law, 5000.0, all);
    cr_expect(epsilon_eq(dbl, e.last[0] / all[0], 1.0, 1e-13));
    cr_expect(epsilon_eq(dbl, e.last[1] / all[1], 1.0, 1e-13));
    qn_coating_epochs_free(&e);
}

/// A coating that damps what makes it: the balls' pick-up falls as they are covered, the wall sheds
/// the more the more loose powder there is.
static enum qn_status feedback(void *from, int k, const double m[QN_COATINGS],
                               struct qn_coating_law *law)
{
    (void)from, (void)k;
    *law = (struct qn_coating_law){
        {1e-3 / (1.0 + 1e3 * m[0]), 2e-4}, {1e-4, 1e-3 * (1.0 + 200.0 * m[2])}, {4e-3, 4e-3}};
    return QN_OK;
}

/// The same by the midpoint rule in small steps.
static void truth(double t, double m[QN_COATINGS])
{
    const double h = t / 1e6;
    for (int k = 0; k < 1000000; k++) {
        double mid[3] = {m[0], m[1], m[2]}, gain[3];
        for (int pass = 0; pass < 2; pass++) {
            struct qn_coating_law law;
            (void)feedback(NULL, 0, mid, &law);
            gain[0] = law.take[0] * mid[2] - law.shed[0] * mid[0];
            gain[1] = law.take[1] * mid[2] - law.shed[1] * mid[1];
            gain[2] = -gain[0] - gain[1];
            for (int c = 0; c < 3; c++) {
                mid[c] = m[c] + (pass ? h : 0.5 * h) * gain[c];
            }
        }
        memcpy(m, mid, sizeof mid);
    }
}

Test(coating_epochs, a_smaller_drift_comes_closer_to_rates_that_follow)
{
    const double start[QN_COATINGS] = {5e-4, 2e-3, 1.5e-3};
    double exact[QN_COATINGS], error[4];
    memcpy(exact, start, sizeof exact);
    truth(2000.0, exact);
    for (int k = 0; k < 4; k++) {
        const struct qn_coating_cut cut = {2000.0, 0.2 / pow(2.0, k), 1000};
        struct qn_coating_epochs e;
        cr_assert(qn_coating_follow(&cut, start, feedback, NULL, &e) == QN_OK);
        error[k] = fabs(e.last[0] / exact[0] - 1.0);
        cr_expect(epsilon_eq(dbl, sum(e.last) / 4e-3, 1.0, 1e-15));
        qn_coating_epochs_free(&e);
    }
    // first order in the drift: each halving halves what is left, within a third
    for (int k = 1; k < 4; k++) {
        cr_expect(error[k] < 0.67 * error[k - 1] && error[k] > 0.33 * error[k - 1], "%g after %g",
                  error[k], error[k - 1]);
    }
    cr_expect(error[3] < 0.02, "%g", error[3]);
}

Test(coating_epochs, a_bare_start_and_a_coating_that_goes_ask_for_a_bounded_number)
{
    // from nothing to the bound at a constant rate, drift 5 %: steps of 0.5 % of the bound up to a
    // tenth of it (20), then 1.05-fold ones: ln(10)/ln(1.05) = 47.2; a huge reserve is not used up
    struct qn_coating_law fill = {{1e-12, 0.0}, {0.0, 0.0}, {1e-3, 1.0}};
    const double bare[QN_COATINGS] = {0.0, 1e-3, 1e3};
    const struct qn_coating_cut cut = {1e6, 0.05, 1000};
    const int up = qn_coating_count(&cut, bare, &fill, 1000);
    cr_expect(up >= 67 && up <= 69, "%d", up);
    // a coating that is shed for good: -ln(0.1)/0.0513 = 44.9 down to a tenth of its bound, then at
    // most 20 of what is left
    struct qn_coating_law fall = {{0.0, 0.0}, {1e-3, 0.0}, {1e-3, 1.0}};
    const double full[QN_COATINGS] = {1e-3, 1e-3, 0.0};
    const int down = qn_coating_count(&cut, full, &fall, 1000);
    cr_expect(down >= 60 && down <= 66, "%d", down);
    struct qn_coating_law still = {{0.0, 0.0}, {0.0, 0.0}, {1e-3, 1.0}};
    cr_expect(eq(int, qn_coating_count(&cut, full, &still, 1000), 1));
}

Test(coating_epochs, a_limit_on_windows_is_told_and_the_last_serves_the_rest)
{
    struct qn_coating_law law = {{0.0, 0.0}, {1e-3, 0.0}, {1e-3, 1.0}};
    const double full[QN_COATINGS] = {1e-3, 1e-3, 0.0};
    const struct qn_coating_cut cut = {1000.0, 0.1, 3};
    struct qn_coating_epochs e;
    cr_assert(qn_coating_follow(&cut, full, constant, &law, &e) == QN_OK);
    cr_expect(eq(int, e.n, 3));
    // 10 % are gone every -ln(0.9)/s
    cr_expect(epsilon_eq(dbl, e.late, -3.0 * log(0.9) / 1e-3, 1e-6));
    cr_expect(e.epoch[2].end == 1000.0);
    cr_expect(epsilon_eq(dbl, e.last[0], 1e-3 * exp(-1.0), 1e-15));
    qn_coating_epochs_free(&e);
}

/// The third window fails.
static enum qn_status fails(void *from, int k, const double mass[QN_COATINGS],
                            struct qn_coating_law *law)
{
    return k < 2 ? constant(from, k, mass, law) : qn_fail(QN_ERR_PHYSICS, "no window");
}

Test(coating_epochs, a_window_that_fails_is_passed_on)
{
    struct qn_coating_law law = {{0.0, 0.0}, {1e-3, 0.0}, {1e-3, 1.0}};
    const double full[QN_COATINGS] = {1e-3, 1e-3, 0.0};
    const struct qn_coating_cut cut = {1000.0, 0.1, 10};
    struct qn_coating_epochs e;
    cr_expect(qn_coating_follow(&cut, full, fails, &law, &e) == QN_ERR_PHYSICS);
    cr_expect(eq(int, e.n, 2));
    qn_coating_epochs_free(&e);
}

Test(mixing, powder_that_moves_brings_what_it_is_and_every_mole_stays)
{
    enum { CLASSES = 4, NS = 3 };
    const double before[CLASSES] = {2.0, 1.0, 5.0, 0.0}, after[CLASSES] = {1.5, 1.8, 4.2, 0.5};
    const double y0[CLASSES * NS] = {1.0, 0.0, 3.0, 0.2, 0.5, 0.0, 0.0, 2.0, 1e-9, 9.0, 9.0, 9.0};
    double y[CLASSES * NS];
    memcpy(y, y0, sizeof y);
    qn_mix_moved(CLASSES, 2, before, after, NS, y);
    for (int k = 0; k < NS; k++) {
        double was = 0.0, is = 0.0;
        for (int c = 0; c < CLASSES; c++) {
            was += before[c] * y0[c * NS + k];
            is += after[c] * y[c * NS + k];
        }
        cr_expect(epsilon_eq(dbl, is / was, 1.0, 1e-15));
        // 0.5 of class 0 went to the pool as it was; what came from there is as the pool is then
        const double pool = (5.0 * y0[2 * NS + k] + 0.5 * y0[k]) / 5.5;
        cr_expect(y[k] == y0[k]);
        cr_expect(epsilon_eq(dbl, y[2 * NS + k], pool, 1e-15));
        cr_expect(epsilon_eq(dbl, y[NS + k], (1.0 * y0[NS + k] + 0.8 * pool) / 1.8, 1e-15));
        cr_expect(epsilon_eq(dbl, y[3 * NS + k], pool, 1e-15)); // was empty
    }
}
