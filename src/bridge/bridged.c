/// @file
/// Segments of bridged mode: linear pulse term, error control, books.
#include "bridge/bridged.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "chem/project.h"
#include "solver.h"

// of a change worth a name
static const double ROUND_OFF = 1e-12;

struct qn_bridged_settings qn_bridged_defaults(void)
{
    struct qn_bridged_settings set = {.rtol = 2e-3, .ts_rtol = 1e-4, .gate = 20.0, .threads = 1};
    for (int c = 0; c < QN_SPECTRUM_CLASSES; c++) {
        set.carrier[c] = 1e-6;
    }
    return set;
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
        if (gas < 0 && k < m->n_sites) {
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
        .matter = *matter, .set = *set, .gas = *gas, .n_classes = spectrum->n_classes};
    const size_t n = (size_t)(b->n_classes * m->n_surface);
    b->y = qn_alloc(n, sizeof(double));
    memcpy(b->y, y0, n * sizeof *y0);
    b->books.reaction = qn_alloc((size_t)(m->n_reactions * QN_CHANNELS), sizeof(double));
    b->books.impact = qn_alloc((size_t)m->n_impacts, sizeof(double));
    for (int c = 0; c < b->n_classes; c++) {
        b->mass[c] = spectrum->cls[c].mass;
        b->T[c] = T;
        qn_map_init(&b->map[c], matter, spectrum, c, T, set->gate, set->threads);
        b->map[c].group = set->group ? set->group : qn_group_solo();
        b->map[c].set.rtol = 4e-3; // of a pulse: ample for a mean over hits
        b->map[c].level = set->choice == QN_CHOICE_LINEAR ? QN_LEVEL_LINEAR : QN_LEVEL_MAP;
    }
    QN_TRY(qn_solver_init(b));
    struct qn_bridged_solver *s = b->solver;
    fill_rows(b);
    memcpy(s->z, y0, n * sizeof *y0);
    memcpy(s->z + n, gas->moles, (size_t)m->n_gas * sizeof *y0);
    for (int g = 0; g < m->n_gas; g++) {
        b->full += gas->moles[g];
    }
    if (set->flow.rate > 0.0) {
        double *flowed = s->z + s->n_state + m->n_reactions;
        memcpy(flowed, gas->added, (size_t)m->n_gas * sizeof *flowed);
        memcpy(flowed + m->n_gas, gas->removed, (size_t)m->n_gas * sizeof *flowed);
    }
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

// hot extents per second of one class [mol/s]
static enum qn_status class_term(struct qn_bridged *b, int c, const double *z, double *hot)
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
    for (int r = 0; r < m->n_reactions + m->n_impacts; r++) {
        hot[r] = b->mass[c] * rate[ns + m->n_gas + r];
    }
    return QN_OK;
}

// the term of a class and what the criterion says of it
static enum qn_status judged_term(struct qn_bridged *b, int c, const double *z, double *hot)
{
    const struct qn_mechanism *m = b->matter.mech;
    QN_TRY(class_term(b, c, z, hot + c * (m->n_reactions + m->n_impacts)));
    b->criterion[c] = qn_map_criterion(&b->map[c], z + c * m->n_surface, b->set.carrier[c]);
    return QN_OK;
}

static enum qn_status full_term(struct qn_bridged *b, const double *z, double *hot)
{
    for (int c = 0; c < b->n_classes; c++) {
        QN_TRY(judged_term(b, c, z, hot));
    }
    return QN_OK;
}

// Levels at the start, where all classes are carried by the map: one that is weak goes linear, if
// its linear gains are weak too (fast steps can make them large where the map's are not).
static enum qn_status choose(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    for (int c = 0; c < b->n_classes && b->set.choice == QN_CHOICE_AUTOMATIC; c++) {
        b->replay |= b->criterion[c].level == QN_LEVEL_REPLAY;
        if (b->criterion[c].level == QN_LEVEL_LINEAR) {
            b->map[c].level = QN_LEVEL_LINEAR;
            QN_TRY(judged_term(b, c, s->z, s->hot));
            if (b->criterion[c].level != QN_LEVEL_LINEAR) {
                b->map[c].level = QN_LEVEL_MAP;
                QN_TRY(judged_term(b, c, s->z, s->hot));
            }
        }
    }
    b->replay |= b->set.choice == QN_CHOICE_REPLAY;
    return QN_OK;
}

// Levels at the end of a segment: upwards only.
static enum qn_status raise_levels(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    for (int c = 0; c < b->n_classes && b->set.choice == QN_CHOICE_AUTOMATIC; c++) {
        if (b->map[c].level == QN_LEVEL_LINEAR && b->criterion[c].level != QN_LEVEL_LINEAR) {
            b->map[c].level = QN_LEVEL_MAP;
            QN_TRY(judged_term(b, c, s->z, s->hot));
        }
        b->replay |= b->criterion[c].level == QN_LEVEL_REPLAY;
    }
    return QN_OK;
}

enum { MOST_STATE = QN_SPECTRUM_CLASSES * QN_MAX_SPECIES + QN_MAX_SPECIES };

// What the held term missed at the end of a segment, in units of the tolerance: it grows in
// proportion to time, so a third of it at the end is about its mean.
static double miss_of(const struct qn_bridged *b, double length, double *miss)
{
    const struct qn_bridged_solver *s = b->solver;
    const int gas = b->n_classes * b->matter.mech->n_surface;
    double worst = 0.0;
    memset(miss, 0, (size_t)s->n_state * sizeof *miss);
    qn_solver_pulses(b, s->next_hot, miss);
    for (int i = 0; i < s->n_state; i++) {
        miss[i] -= s->push[i];
        const double floor = (i < gas ? 1e-4 : 1e-5) * s->scale[i];
        const double size = b->set.rtol * fmax(fabs(s->trial[i]), fabs(s->z[i])) + floor;
        worst = fmax(worst, fabs(miss[i]) * length / 3.0 / size);
    }
    return worst;
}

// A held rate that took far more than there is: too far below zero to ask the pulses there. A lag
// within the tolerance may stand below zero until it is given back: repeating for that already took
// ten times the segments over the first minutes of inputs/guan2025, where repair() costs none.
static int overdrawn(const struct qn_bridged_solver *s)
{
    for (int i = 0; i < s->n_state; i++) {
        if (!(s->trial[i] > -1e-3 * s->scale[i])) {
            return 1;
        }
    }
    return 0;
}

// Give back what the held term missed, where that keeps the species positive. 0: something is
// below zero by more than round-off then, and the segment has left its domain.
static int repair(struct qn_bridged_solver *s, double length, const double *miss)
{
    int inside = 1;
    for (int i = 0; i < s->n_state; i++) {
        const double repaired = s->trial[i] + miss[i] * length / 3.0;
        s->trial[i] = repaired > 0.0 ? repaired : s->trial[i];
        inside &= s->trial[i] >= -ROUND_OFF * s->scale[i];
    }
    return inside;
}

// take round-off below zero away and move back on the conserved sums
static void tidy(struct qn_bridged *b, double *z)
{
    struct qn_bridged_solver *s = b->solver;
    for (int i = 0; i < s->n_state; i++) {
        z[i] = fmax(z[i], 0.0);
    }
    qn_project_rows(s->rows, s->n_rows, s->n_state, s->sums, z);
}

static void keep_books(struct qn_bridged *b, double length)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const int per_class = m->n_reactions + m->n_impacts;
    for (int r = 0; r < m->n_reactions; r++) {
        b->books.reaction[r * QN_CHANNELS + QN_CHANNEL_BULK] = s->z[s->n_state + r];
    }
    for (int h = 0; h < s->n_hot; h++) {
        const int r = h % per_class;
        const double made = 0.5 * length * (s->hot[h] + s->next_hot[h]);
        *(r < m->n_reactions ? &b->books.reaction[r * QN_CHANNELS + QN_CHANNEL_HOT]
                             : &b->books.impact[r - m->n_reactions]) += made;
    }
    double now[QN_PROJECT_ROWS] = {0.0};
    sums_of(s, s->z, now);
    b->books.element_error = 0.0;
    for (int e = 0; e < m->n_elements; e++) {
        const double change = fabs(now[e] - s->sums[e]); // of what is not there: in moles
        const double relative = s->sums[e] > 0.0 ? change / s->sums[e] : change;
        b->books.element_error = fmax(b->books.element_error, relative);
    }
}

// The sums to keep move with what flowed in and out over the segment.
static void follow_flow(struct qn_bridged *b)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    const int in = s->n_state + m->n_reactions, gas = b->n_classes * m->n_surface;
    for (int g = 0; g < m->n_gas && b->set.flow.rate > 0.0; g++) {
        const double came = s->trial[in + g] - s->z[in + g];
        const double went = s->trial[in + m->n_gas + g] - s->z[in + m->n_gas + g];
        for (int e = 0; e < m->n_elements; e++) {
            s->sums[e] += s->rows[e * s->n_state + gas + g] * (came - went);
        }
    }
}

static enum qn_status accept(struct qn_bridged *b, double length)
{
    struct qn_bridged_solver *s = b->solver;
    follow_flow(b);
    tidy(b, s->trial);
    memcpy(s->before, s->z, (size_t)s->n_all * sizeof *s->before);
    s->began = s->now;
    memcpy(s->z, s->trial, (size_t)s->n_all * sizeof *s->z);
    s->now += length;
    b->segments++;
    keep_books(b, length);
    // the rates are those before the repair, which is within the tolerance, as is what that misses
    memcpy(s->hot, s->next_hot, (size_t)s->n_hot * sizeof *s->hot);
    return raise_levels(b);
}

static void warm_maps(struct qn_bridged *b, double t)
{
    double T[QN_SPECTRUM_CLASSES];
    b->set.temperature(b->set.climate, t, T);
    for (int c = 0; c < b->n_classes; c++) {
        b->map[c].T = T[c];
    }
}

// the largest change of any class's temperature
static double drift_of(const struct qn_bridged *b, double from, double to)
{
    double T[2][QN_SPECTRUM_CLASSES], worst = 0.0;
    b->set.temperature(b->set.climate, from, T[0]);
    b->set.temperature(b->set.climate, to, T[1]);
    for (int c = 0; c < b->n_classes; c++) {
        worst = fmax(worst, fabs(T[1][c] - T[0][c]));
    }
    return worst;
}

// A segment's length within which the temperatures drift as far as they may; the cold part of it
// then sees its middle, and the pulse terms at both ends what they are there.
static double follow_temperature(struct qn_bridged *b, double length)
{
    const struct qn_bridged_settings *set = &b->set;
    const double now = b->solver->now;
    if (!set->temperature) {
        return length;
    }
    while (drift_of(b, now, now + length) > set->drift) {
        length *= 0.5;
    }
    set->temperature(set->climate, now + 0.5 * length, b->T);
    warm_maps(b, now + length);
    return length;
}

// one segment of at most `left` seconds
static enum qn_status segment(struct qn_bridged *b, double left)
{
    struct qn_bridged_solver *s = b->solver;
    double miss[MOST_STATE];
    memset(s->push, 0, (size_t)s->n_state * sizeof *s->push);
    qn_solver_pulses(b, s->hot, s->push);
    for (;;) {
        const int last = s->length > 0.999 * left;
        const double length = follow_temperature(b, last ? left : fmin(s->length, 0.5 * left));
        int done;
        memcpy(s->trial, s->z, (size_t)s->n_all * sizeof *s->z);
        QN_TRY(qn_solver_segment(b, length, &done));
        double factor = 0.2;
        if (done && !overdrawn(s)) {
            for (int i = 0; i < s->n_state; i++) {
                s->next[i] = fmax(s->trial[i], 0.0);
            }
            QN_TRY(full_term(b, s->next, s->next_hot));
            double error = miss_of(b, length, miss);
            if (error <= 1.0 && !repair(s, length, miss)) {
                error = 4.0; // outside its domain: again at less than half the length
            }
            factor = fmin(fmax(0.85 / sqrt(fmax(error, 1e-9)), 0.2), 3.0);
            if (error <= 1.0) {
                // a piece that ends at an output says little about the step the curve allows
                s->length = length < s->length ? fmax(s->length, length * factor) : length * factor;
                return accept(b, length);
            }
        }
        b->repeats++;
        s->length = length * fmin(factor, 0.8);
        if (!(s->length > 1e-9)) {
            return qn_fail(QN_ERR_PHYSICS, "t %.6g s: the pulse term cannot be followed", s->now);
        }
    }
}

enum qn_status qn_bridged_judge(struct qn_bridged *b)
{
    struct qn_bridged_solver *s = b->solver;
    if (!s->ready) {
        if (b->set.temperature) {
            warm_maps(b, s->now);
        }
        QN_TRY(full_term(b, s->z, s->hot));
        QN_TRY(choose(b));
        s->ready = 1;
    }
    return QN_OK;
}

enum qn_status qn_bridged_run(struct qn_bridged *b, double t)
{
    const struct qn_mechanism *m = b->matter.mech;
    struct qn_bridged_solver *s = b->solver;
    QN_TRY(qn_bridged_judge(b));
    const double end = fmax(b->set.end, t);
    while (t - s->now > 1e-12 * t) {
        QN_TRY(segment(b, end - s->now));
    }
    // between two ends of segments, on the straight line
    const double share = s->now > t ? (t - s->began) / (s->now - s->began) : 1.0;
    const size_t n = (size_t)(b->n_classes * m->n_surface);
    for (int i = 0; i < s->n_state; i++) {
        const double z = share < 1.0 ? s->before[i] + share * (s->z[i] - s->before[i]) : s->z[i];
        *(i < (int)n ? &b->y[i] : &b->gas.moles[i - (int)n]) = z;
    }
    for (int g = 0; g < m->n_gas && b->set.flow.rate > 0.0; g++) {
        const int in = s->n_state + m->n_reactions + g, out = in + m->n_gas;
        b->gas.added[g] = s->before[in] + share * (s->z[in] - s->before[in]);
        b->gas.removed[g] = s->before[out] + share * (s->z[out] - s->before[out]);
    }
    b->time = t;
    return QN_OK;
}
