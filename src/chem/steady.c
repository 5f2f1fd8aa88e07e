/// @file
/// Newton's method on surface rates, and sensitivities from its matrix.
#include "chem/steady.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "chem/pulse.h"
#include "stiff.h"

enum { ITERATIONS = 30 };

/// What the search works with; n surface species, r reactions.
struct search {
    const struct qn_matter *x;
    double T;
    const double *gas;
    struct qn_rates w;
    int n;
    double *row;   ///< [n * n] what the state keeps; a zero row: the rate counts
    double *jac;   ///< [n * n] factors
    double *scale; ///< [n] of the rows
    double f[QN_MAX_SPECIES], gross[QN_MAX_SPECIES];
    int pivot[QN_MAX_SPECIES];
};

/// Net and gross production of surface species at y.
static void produce(struct search *s, const double *y)
{
    const struct qn_mechanism *m = s->x->mech;
    memset(s->gross, 0, sizeof s->gross);
    qn_rates_progress(s->x, y, s->gas, &s->w);
    double made[QN_MAX_SPECIES];
    qn_rates_production(m, s->w.q, made);
    memcpy(s->f, made, (size_t)s->n * sizeof *made);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        const double both = s->w.bare[2 * r] + s->w.bare[2 * r + 1];
        for (int i = 0; i < eq->n_net; i++) {
            s->gross[eq->net[i].species] += fabs(eq->net[i].nu) * both;
        }
    }
}

/// Species by gross production, the least first.
static void by_gross(const struct search *s, int *order)
{
    for (int k = 0; k < s->n; k++) {
        int at = k;
        for (; at > 0 && s->gross[order[at - 1]] > s->gross[k]; at--) {
            order[at] = order[at - 1];
        }
        order[at] = k;
    }
}

/// Rows of the stoichiometry that depend on others, with the sums that make them so: Gauss'
/// elimination of [S | 1]. The busiest species come last, so that theirs are the rows that go: what
/// a trace species makes cannot be told from the round-off of the others.
static void conserved(struct search *s)
{
    const struct qn_mechanism *m = s->x->mech;
    const int n = s->n, nr = m->n_reactions, wide = nr + n;
    double *a = qn_alloc((size_t)(n * wide), sizeof *a);
    int order[QN_MAX_SPECIES];
    by_gross(s, order);
    memset(s->row, 0, (size_t)(n * n) * sizeof *s->row);
    for (int r = 0; r < nr; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        for (int i = 0; i < eq->n_net; i++) {
            if (eq->net[i].species < n) {
                a[eq->net[i].species * wide + r] += eq->net[i].nu;
            }
        }
    }
    for (int at = 0; at < n; at++) {
        const int k = order[at];
        int lead = 0;
        a[k * wide + nr + k] = 1.0;
        for (int c = 0; c < nr; c++) {
            lead = fabs(a[k * wide + c]) > fabs(a[k * wide + lead]) ? c : lead;
        }
        if (fabs(a[k * wide + lead]) < 1e-9) { // dependent
            memcpy(s->row + k * n, a + k * wide + nr, (size_t)n * sizeof *a);
            continue;
        }
        for (int later = at + 1; later < n; later++) {
            double *row = a + order[later] * wide;
            const double factor = row[lead] / a[k * wide + lead];
            for (int c = 0; c < wide && factor != 0.0; c++) {
                row[c] -= factor * a[k * wide + c];
            }
            row[lead] = 0.0;
        }
    }
    qn_free(a);
}

static int keeps(const struct search *s, int k)
{
    return s->row[k * s->n + k] != 0.0;
}

/// Factor the Jacobian at the state last produced; 0 when it is singular.
static int factor(struct search *s)
{
    const struct qn_mechanism *m = s->x->mech;
    const int n = s->n;
    memset(s->jac, 0, (size_t)(n * n) * sizeof *s->jac);
    qn_rates_derivatives(s->x, &s->w);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int o = 0; o < q->n_on; o++) {
            for (int i = 0; i < q->eq.n_net && q->on[o] < n; i++) {
                if (q->eq.net[i].species < n) {
                    s->jac[q->eq.net[i].species * n + q->on[o]] +=
                        q->eq.net[i].nu * s->w.q_y[r * QN_RATES_ON + o];
                }
            }
        }
    }
    for (int k = 0; k < n; k++) {
        double *row = s->jac + k * n, most = 0.0;
        if (keeps(s, k)) {
            memcpy(row, s->row + k * n, (size_t)n * sizeof *row);
        }
        for (int c = 0; c < n; c++) {
            most = fmax(most, fabs(row[c]));
        }
        s->scale[k] = most > 0.0 ? 1.0 / most : 1.0;
        for (int c = 0; c < n; c++) {
            row[c] *= s->scale[k];
        }
    }
    return qn_stiff_factor(s->jac, s->pivot, n);
}

/// Solve J x = b with zeros where the state keeps its sums; b becomes x.
static void solve(const struct search *s, double *b)
{
    for (int k = 0; k < s->n; k++) {
        b[k] = keeps(s, k) ? 0.0 : b[k] * s->scale[k];
    }
    qn_stiff_solve(s->jac, s->pivot, s->n, b);
}

static double residual(const struct search *s)
{
    double most = 0.0;
    for (int k = 0; k < s->n; k++) {
        most = s->gross[k] > 0.0 ? fmax(most, fabs(s->f[k]) / s->gross[k]) : most;
    }
    return most;
}

/// Newton from y; 1 when it comes to a root near by without a negative content.
static int newton(struct search *s, double *y)
{
    double z[QN_MAX_SPECIES];
    double last = HUGE_VAL;
    memcpy(z, y, (size_t)s->n * sizeof *z);
    produce(s, z);
    conserved(s);
    for (int i = 0; i < ITERATIONS && factor(s); i++) {
        double step[QN_MAX_SPECIES], moved = 0.0;
        for (int k = 0; k < s->n; k++) {
            step[k] = -s->f[k];
        }
        solve(s, step);
        for (int k = 0; k < s->n; k++) {
            z[k] += step[k];
            const double room = qn_matter_room(s->x, k);
            if (!(z[k] >= -1e-12 * room) || fabs(z[k] - y[k]) > 0.1 * room) {
                return 0;
            }
            moved = fmax(moved, fabs(step[k]) / (fabs(z[k]) + 1e-12 * room));
        }
        produce(s, z);
        if (moved < 1e-9 && moved >= 0.5 * last) { // as far as digits go
            memcpy(y, z, (size_t)s->n * sizeof *z);
            return 1;
        }
        last = moved;
    }
    return 0;
}

/// Rest in spans a hundred times as long each until Newton takes over.
static enum qn_status search(struct search *s, double *y)
{
    struct qn_pulse_settings set = qn_pulse_defaults();
    struct qn_pulse_work w;
    enum qn_status status = QN_OK;
    int found = 0;
    set.rtol = 1e-6;
    qn_pulse_init(&w, s->x->mech);
    for (int k = -2; k <= 5 && !found && status == QN_OK; k++) {
        status = qn_pulse_hold(s->x, &set, s->T, pow(100.0, k), s->gas, y, &w);
        found = status == QN_OK && newton(s, y);
    }
    qn_pulse_free(&w);
    if (status == QN_OK && !found) {
        status = qn_fail(QN_ERR_PHYSICS,
                         "no steady state at %g K: something goes on, or is used up", s->T);
    }
    return status;
}

/// d ln(target's production)/d ln k of each reaction.
static void control(struct search *s, int target, struct qn_steady *out)
{
    const struct qn_mechanism *m = s->x->mech;
    double through[QN_MAX_SPECIES] = {0.0}; // d production/dy
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        for (int i = 0; i < q->eq.n_net; i++) {
            for (int o = 0; o < q->n_on && q->eq.net[i].species == target; o++) {
                through[q->on[o]] += q->eq.net[i].nu * s->w.q_y[r * QN_RATES_ON + o];
            }
        }
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        double b[QN_MAX_SPECIES] = {0.0}, change = 0.0;
        for (int i = 0; i < eq->n_net; i++) {
            const double by = eq->net[i].nu * s->w.q[r];
            change += eq->net[i].species == target ? by : 0.0;
            b[eq->net[i].species] = -by;
        }
        solve(s, b);
        for (int k = 0; k < s->n; k++) {
            change += through[k] * b[k];
        }
        out->control[r] = change / out->made[target];
    }
}

static void report(struct search *s, int target, struct qn_steady *out)
{
    const struct qn_mechanism *m = s->x->mech;
    out->rate = qn_alloc((size_t)m->n_reactions * 3, sizeof *out->rate);
    out->control = qn_alloc((size_t)m->n_reactions, sizeof *out->control);
    out->residual = residual(s);
    qn_rates_production(m, s->w.q, out->made);
    for (int r = 0; r < m->n_reactions; r++) {
        out->rate[3 * r] = s->w.bare[2 * r];
        out->rate[3 * r + 1] = s->w.bare[2 * r + 1];
        out->rate[3 * r + 2] = s->w.q[r];
    }
    if (target >= 0 && factor(s)) {
        control(s, target, out);
    }
}

enum qn_status qn_steady_find(const struct qn_matter *x, double T, const double *gas,
                              const double *y0, int target, struct qn_steady *out)
{
    const struct qn_mechanism *m = x->mech;
    struct qn_matter bare;
    struct search s = {.x = qn_matter_bare(x, y0, &bare), .T = T, .gas = gas, .n = m->n_surface};
    const size_t square = (size_t)(s.n * s.n);
    s.row = qn_alloc(square, sizeof *s.row);
    s.jac = qn_alloc(square, sizeof *s.jac);
    s.scale = qn_alloc((size_t)s.n, sizeof *s.scale);
    *out = (struct qn_steady){0};
    memcpy(out->y, y0, (size_t)s.n * sizeof *y0);
    qn_rates_init(&s.w, m);
    qn_rates_constants(s.x, T, &s.w);
    const enum qn_status status = search(&s, out->y);
    if (status == QN_OK) {
        report(&s, target, out);
    }
    qn_rates_free(&s.w);
    qn_free(s.row);
    qn_free(s.jac);
    qn_free(s.scale);
    return status;
}

void qn_steady_free(struct qn_steady *s)
{
    qn_free(s->rate);
    qn_free(s->control);
    s->rate = s->control = NULL;
}
