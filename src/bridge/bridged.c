/// @file
/// Segments of bridged mode: linear pulse term, error control, books.
#include "bridge/bridged.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "chem/project.h"
#include "solver.h"

struct qn_bridged_settings qn_bridged_defaults(void)
{
    return (struct qn_bridged_settings){
        .rtol = 2e-3, .ts_rtol = 1e-4, .gate = 20.0, .carrier = 1e-6, .threads = 1};
}

// rows of the conserved sums: elements of everything, sites of each surface of each class
static void fill_rows(struct qn_bridged *b)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    for (int i = 0; i < s->n_state; i++) {
        const int gas = i - b->n_classes * m->n_surface;
        const int cls = i / m->n_surface;
        const int k = gas >= 0 ? m->n_surface + gas : i % m->n_surface;
        for (int e = 0; e < m->n_elements; e++) {
            s->rows[e * s->n_state + i] =
                m->species[k].element[e] * (gas >= 0 ? 1.0 : b->mass[cls]);
        }
        if (gas < 0) {
            const int row = m->n_elements + cls * (m->n_phases - 1) + m->species[k].phase;
            s->rows[row * s->n_state + i] = m->species[k].sites;
        }
    }
}

static void sums_of(const struct qn_bridged_solver *s, const double *z, double *sum)
{
    for (int r = 0; r < s->n_rows; r++) {
        sum[r] = 0.0;
        for (int i = 0; i < s->n_state; i++) {
            sum[r] += s->rows[r * s->n_state + i] * z[i];
        }
    }
}

enum qn_status qn_bridged_init(struct qn_bridged *b, const struct qn_matter *matter,
                               const struct qn_gas *gas, const struct qn_spectrum *spectrum,
                               const double *y0, double T, const struct qn_bridged_settings *set)
{
    const struct qn_mechanism *m = matter->mech;
    *b = (struct qn_bridged){
        .matter = *matter, .set = *set, .T = T, .gas = *gas, .n_classes = spectrum->n_classes};
    const size_t n = (size_t)(b->n_classes * m->n_surface);
    b->y = qn_alloc(n, sizeof(double));
    memcpy(b->y, y0, n * sizeof *y0);
    b->books.reaction = qn_alloc((size_t)(m->n_reactions * QN_CHANNELS), sizeof(double));
    b->books.impact = qn_alloc((size_t)m->n_impacts, sizeof(double));
    for (int c = 0; c < b->n_classes; c++) {
        b->mass[c] = spectrum->cls[c].mass;
        qn_map_init(&b->map[c], matter, spectrum, c, T, set->gate, set->threads);
        b->map[c].set.rtol = 1e-3; // of a pulse: ample for a mean over hits
    }
    QN_TRY(qn_solver_init(b));
    struct qn_bridged_solver *s = b->solver;
    fill_rows(b);
    memcpy(s->z, y0, n * sizeof *y0);
    memcpy(s->z + n, gas->moles, (size_t)m->n_gas * sizeof *y0);
    sums_of(s, s->z, s->sums);
    double total = 1e-300;
    for (int c = 0; c < b->n_classes; c++) {
        total = fmax(total, b->map[c].total);
    }
    s->length = 0.1 / total;
    return QN_OK;
}

void qn_bridged_free(struct qn_bridged *b)
{
    qn_solver_free(b);
    for (int c = 0; c < b->n_classes; c++) {
        qn_map_free(&b->map[c]);
    }
    qn_free(b->y);
    qn_free(b->books.reaction);
    qn_free(b->books.impact);
    *b = (struct qn_bridged){0};
}

// pulse term of one class added to `term` (n_state) and `books` (hot extents and impacts, mol/s)
static enum qn_status class_term(struct qn_bridged *b, int c, const double *z, double *term,
                                 double *books)
{
    const struct qn_mechanism *m = b->matter.mech;
    const int ns = m->n_surface;
    double gas[QN_MAX_SPECIES];
    double rate[2 * QN_MAX_SPECIES + 1024];
    QN_ASSERT(b->map[c].stride <= (int)(sizeof rate / sizeof *rate));
    for (int g = 0; g < m->n_gas; g++) {
        gas[g] = fmax(z[b->n_classes * ns + g], 0.0) / b->gas.volume;
    }
    QN_TRY(qn_map_term(&b->map[c], z + c * ns, gas, rate));
    b->terms++;
    for (int k = 0; k < ns; k++) {
        term[c * ns + k] += rate[k];
    }
    for (int g = 0; g < m->n_gas; g++) {
        term[b->n_classes * ns + g] += b->mass[c] * rate[ns + g];
    }
    for (int r = 0; r < m->n_reactions + m->n_impacts; r++) {
        books[r] += b->mass[c] * rate[ns + m->n_gas + r];
    }
    return QN_OK;
}

static enum qn_status full_term(struct qn_bridged *b, const double *z, double *term, double *books)
{
    const struct qn_mechanism *m = b->matter.mech;
    memset(term, 0, (size_t)b->solver->n_state * sizeof *term);
    memset(books, 0, (size_t)(m->n_reactions + m->n_impacts) * sizeof *books);
    for (int c = 0; c < b->n_classes; c++) {
        QN_TRY(class_term(b, c, z, term, books));
        b->criterion[c] = qn_map_criterion(&b->map[c], z + c * m->n_surface, b->set.carrier);
    }
    return QN_OK;
}

// columns of the Jacobian that class c's pulses feel: its own species and the gas
static enum qn_status class_differences(struct qn_bridged *b, int c, double *work)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const int n = s->n_state;
    double books[1024];
    double *here = work;
    double *there = work + n;
    double *moved = work + 2 * n;
    QN_ASSERT(m->n_reactions + m->n_impacts <= (int)(sizeof books / sizeof *books));
    memset(here, 0, (size_t)n * sizeof *here);
    QN_TRY(class_term(b, c, s->base, here, books));
    for (int j = 0; j < n; j++) {
        const int gas = j >= b->n_classes * m->n_surface;
        if (!gas && j / m->n_surface != c) {
            continue;
        }
        const double step = 0.01 * fabs(s->base[j]) + 1e-3 * s->scale[j];
        memcpy(moved, s->base, (size_t)n * sizeof *moved);
        memset(there, 0, (size_t)n * sizeof *there);
        moved[j] += step;
        QN_TRY(class_term(b, c, moved, there, books));
        for (int i = 0; i < n; i++) {
            s->slope[i * n + j] += (there[i] - here[i]) / step;
        }
    }
    return QN_OK;
}

// Jacobian of the pulse term at s->base by one-sided differences
static enum qn_status differences(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    const size_t n = (size_t)s->n_state;
    double *work = qn_alloc(3 * n, sizeof *work);
    enum qn_status status = QN_OK;
    memset(s->slope, 0, n * n * sizeof *s->slope);
    for (int c = 0; c < b->n_classes && status == QN_OK; c++) {
        status = class_differences(b, c, work);
    }
    qn_free(work);
    s->fresh = 1;
    b->jacobians++;
    return status;
}

// How long a miss of species i works: it grows as the square of time, so for a third of the
// segment, unless the pulses themselves have forgotten it before.
static double memory_of(const struct qn_bridged_solver *s, int i, double length)
{
    const double decay = fmax(-s->slope[i * s->n_state + i], 0.0);
    return length / 3.0 / (1.0 + decay * length / 3.0);
}

// What the linear form missed at the end of a segment, in units of the tolerance, for a segment of
// this length.
static double miss_of(struct qn_bridged *b, double length, double *miss)
{
    struct qn_bridged_solver *s = b->solver;
    const int gas = b->n_classes * b->matter.mech->n_surface;
    double worst = 0.0;
    for (int i = 0; i < s->n_state; i++) {
        double linear = s->term[i];
        for (int j = 0; j < s->n_state; j++) {
            linear += s->slope[i * s->n_state + j] * (s->next[j] - s->base[j]);
        }
        miss[i] = s->next_term[i] - linear;
        const double floor = (i < gas ? 1e-4 : 1e-5) * s->scale[i];
        const double size = b->set.rtol * fmax(fabs(s->trial[i]), fabs(s->base[i])) + floor;
        worst = fmax(worst, fabs(miss[i]) * memory_of(s, i, length) / size);
    }
    return worst;
}

// Broyden (1965): the smallest change of the Jacobian that explains the miss. A move within the
// noise of the pulses' own tolerance explains nothing: the constant keeps it from large entries.
static void update(struct qn_bridged *b, const double *miss)
{
    static const double NOISE = 1e-2; // of the sites, of the gas
    struct qn_bridged_solver *s = b->solver;
    double norm = NOISE * NOISE;
    for (int j = 0; j < s->n_state; j++) {
        const double d = (s->next[j] - s->base[j]) / s->scale[j];
        norm += d * d;
    }
    for (int j = 0; j < s->n_state; j++) {
        const double d = (s->next[j] - s->base[j]) / (s->scale[j] * s->scale[j]) / norm;
        for (int i = 0; i < s->n_state; i++) {
            s->slope[i * s->n_state + j] += miss[i] * d;
        }
    }
    s->fresh = 0;
}

// clip round-off below zero and move back on the conserved sums
static enum qn_status tidy(struct qn_bridged *b, double *z)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    for (int i = 0; i < s->n_state; i++) {
        if (!(z[i] > -1e-3 * s->scale[i])) {
            return qn_fail(QN_ERR_PHYSICS, "t %.6g s: %s fell to %.3g", b->time,
                           m->species[i < b->n_classes * m->n_surface
                                          ? i % m->n_surface
                                          : m->n_surface + i - b->n_classes * m->n_surface]
                               .name,
                           z[i]);
        }
        z[i] = fmax(z[i], 0.0);
    }
    qn_project_rows(s->rows, s->n_rows, s->n_state, s->sums, z);
    return QN_OK;
}

static void keep_books(struct qn_bridged *b, double length)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    for (int r = 0; r < m->n_reactions; r++) {
        b->books.reaction[r * QN_CHANNELS + QN_CHANNEL_BULK] = s->z[s->n_state + r];
        b->books.reaction[r * QN_CHANNELS + QN_CHANNEL_HOT] +=
            0.5 * length * (s->books[r] + s->next_books[r]);
    }
    for (int r = 0; r < m->n_impacts; r++) {
        const int k = m->n_reactions + r;
        b->books.impact[r] += 0.5 * length * (s->books[k] + s->next_books[k]);
    }
    double now[QN_PROJECT_ROWS];
    sums_of(s, s->z, now);
    b->books.element_error = 0.0;
    for (int e = 0; e < m->n_elements; e++) {
        const double was = fmax(s->sums[e], 1e-300);
        b->books.element_error = fmax(b->books.element_error, fabs(now[e] / was - 1.0));
    }
}

static enum qn_status accept(struct qn_bridged *b, double length, const double *miss)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const size_t n = (size_t)s->n_state;
    for (size_t i = 0; i < n; i++) {
        // give back what the linear form missed, where that keeps the species positive
        const double repaired = s->trial[i] + miss[i] * memory_of(s, (int)i, length);
        s->trial[i] = repaired > 0.0 ? repaired : s->trial[i];
    }
    QN_TRY(tidy(b, s->trial));
    update(b, miss);
    memcpy(s->z, s->trial, (size_t)s->n_all * sizeof *s->z);
    // the term belongs to the state before the repair: a base that moved would swing the next miss
    memcpy(s->base, s->next, n * sizeof *s->base);
    memcpy(s->term, s->next_term, n * sizeof *s->term);
    b->time += length;
    b->segments++;
    keep_books(b, length);
    memcpy(s->books, s->next_books, (size_t)(m->n_reactions + m->n_impacts) * sizeof *s->books);
    return QN_OK;
}

// Begin the segment again, shorter, with a Jacobian that is not the work of updates.
static enum qn_status shorten(struct qn_bridged *b, double length)
{
    struct qn_bridged_solver *s = b->solver;
    b->repeats++;
    s->length = length;
    if (!(length > 1e-9)) {
        return qn_fail(QN_ERR_PHYSICS, "t %.6g s: the pulse term cannot be followed", b->time);
    }
    return s->fresh ? QN_OK : differences(b);
}

// one segment of at most `left` seconds
static enum qn_status segment(struct qn_bridged *b, double left)
{
    struct qn_bridged_solver *s = b->solver;
    double miss[QN_SPECTRUM_CLASSES * QN_MAX_SPECIES + QN_MAX_SPECIES];
    for (;;) {
        const int last = s->length > 0.999 * left;
        const double length = last ? left : fmin(s->length, 0.5 * left);
        memcpy(s->trial, s->z, (size_t)s->n_all * sizeof *s->z);
        int done = 0;
        QN_TRY(qn_solver_segment(b, length, &done));
        if (!done) {
            QN_TRY(shorten(b, 0.2 * length));
            continue;
        }
        int negative = 0;
        for (int i = 0; i < s->n_state; i++) {
            negative |= s->trial[i] < -1e-4 * s->scale[i];
            s->next[i] = fmax(s->trial[i], 0.0);
        }
        QN_TRY(full_term(b, s->next, s->next_term, s->next_books));
        const double error = miss_of(b, length, miss);
        const double factor = fmin(fmax(0.85 / cbrt(fmax(error, 1e-9)), 0.2), 3.0);
        if (error <= 1.0 && !negative) {
            // a piece that ends at an output says little about the step the curve allows
            const int cut = length < s->length;
            s->length = cut ? fmax(s->length, length * factor) : length * factor;
            return accept(b, length, miss);
        }
        b->repeats++;
        // updates mend most of it; differences cost a term for each species
        if (!s->fresh && b->repeats % 8 == 0) {
            QN_TRY(differences(b));
        } else {
            update(b, miss);
        }
        s->length = length * (negative ? 0.3 : fmin(factor, 0.8));
        if (!(s->length > 1e-9)) {
            return qn_fail(QN_ERR_PHYSICS, "t %.6g s: the pulse term cannot be followed", b->time);
        }
    }
}

enum qn_status qn_bridged_run(struct qn_bridged *b, double t)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    if (!s->ready) {
        memcpy(s->base, s->z, (size_t)s->n_state * sizeof *s->base);
        QN_TRY(full_term(b, s->base, s->term, s->books));
        QN_TRY(differences(b));
        s->ready = 1;
    }
    while (t - b->time > 1e-12 * t) {
        QN_TRY(segment(b, t - b->time));
    }
    const size_t n = (size_t)(b->n_classes * m->n_surface);
    memcpy(b->y, s->z, n * sizeof *b->y);
    memcpy(b->gas.moles, s->z + n, (size_t)m->n_gas * sizeof *b->gas.moles);
    return QN_OK;
}
