/// @file
/// Segments of the event log.
#include "app/event_log.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/constants.h"
#include "base/rng.h"
#include "io/text.h"

enum { SEGMENT_PATH = 1200 };

static const struct {
    const char *name, *unit, *text;
} COLUMNS[QN_EVENT_COLUMNS] = {
    {"id_i", "1", "first body"},
    {"id_j", "1", "second body, the larger id; a wall surface k is -1 - k"},
    {"pair", "1", "0 ball-ball, 1 ball-wall, 2 ball-parcel, 3 parcel-wall, 4 parcel-parcel"},
    {"flags", "1", "1 began before t0, 2 goes on after t1, 4 a parcel's force cap was reached"},
    {"t0", "s", "first touch or last cut, mill time"},
    {"t1", "s", "end"},
    {"x", "m", "place of the contact at the end, vial-centred axes"},
    {"y", "m", "the same"},
    {"z", "m", "the same"},
    {"v_n0", "m s-1", "approach speed at first touch, normal"},
    {"v_t0", "m s-1", "the same, tangential"},
    {"spin0", "rad s-1", "relative spin at first touch"},
    {"restitution", "1", "frozen at first touch"},
    {"friction", "1", "coefficient of the pair"},
    {"coating", "kg m-2", "powder on the media"},
    {"r_star", "m", "reduced radius"},
    {"m_star", "kg", "reduced mass"},
    {"e_star", "Pa", "reduced modulus the engine used (softened)"},
    {"e_star_true", "Pa", "reduced modulus of the real materials"},
    {"f_max", "N", "largest normal force of the engine's contact"},
    {"depth_max", "m", "largest overlap of the engine's contact"},
    {"w_elastic", "J", "in the normal spring at the largest overlap"},
    {"w_normal", "J", "dissipated by damping and plastic flow"},
    {"w_slip", "J", "dissipated by sliding"},
    {"w_roll", "J", "dissipated by rolling resistance"},
    {"w_twist", "J", "dissipated by twisting resistance"},
    {"w_cohesion", "J", "what a neck held when it broke"},
    {"work", "J", "work of the contact on the pair"},
    {"drive", "J", "work the moving wall fed in through it"},
    {"e_num", "J", "integrator's error"},
    {"loss", "J", "dissipated in all channels: normal, slip, roll, twist, cohesion"},
    {"impact_n", "J", "reduced-mass energy at first touch, 1/2 m* v_n0^2"},
    {"impact_t", "J", "the same of the sliding speed, 1/2 m* v_t0^2"},
    {"impact_musen", "J", "1/2 (2 m_i m_j/(m_i + m_j)) v^2, twice the reduced-mass energy (MUSEN)"},
    {"force", "N", "largest normal force between bodies of the real moduli"},
    {"radius", "m", "radius of the contact spot at that force"},
    {"pressure", "Pa", "Hertz pressure in its middle, elastic: 3 F/(2 pi a^2)"},
    {"shear", "Pa", "mean shear stress of a spot that slides, elastic: mu F/(pi a^2)"},
    {"material_i", "1", "of the first body, number in the deck's list of materials"},
    {"material_j", "1", "of the second body"},
    {"weight", "1", "episodes this one stands for (run.event_threshold, run.event_share)"},
};

double qn_event_weight(const struct qn_event_filter *f, const struct qn_episode *e)
{
    uint64_t end;
    if (f->threshold <= 0.0 || qn_episode_loss(e) >= f->threshold) {
        return 1.0;
    }
    memcpy(&end, &e->t1, sizeof end); // every piece of a contact draws anew
    const uint64_t pair = (uint64_t)e->id_i << 28 ^ (uint64_t)(e->id_j + QN_KINDS * 4);
    const double draw = qn_uniform(f->seed, QN_STREAM_EVENTS, pair & 0xffffffffffffff, end, 0);
    return draw < f->share ? 1.0 / f->share : 0.0;
}

static void fill_row(const struct qn_episode *e, const int material[2], double weight, double *row)
{
    double radius;
    const double force = qn_episode_force(e, &radius);
    const double n = qn_episode_impact_n(e), t = qn_episode_impact_t(e);
    const double mean = radius > 0.0 ? force / (QN_PI * radius * radius) : 0.0;
    const double all[QN_EVENT_COLUMNS] = {(double)e->id_i,
                                          (double)e->id_j,
                                          e->pair,
                                          e->flags,
                                          e->t0,
                                          e->t1,
                                          e->x[0],
                                          e->x[1],
                                          e->x[2],
                                          e->v_n0,
                                          e->v_t0,
                                          e->spin0,
                                          e->restitution,
                                          e->friction,
                                          e->coating,
                                          e->r_star,
                                          e->m_star,
                                          e->e_star,
                                          e->e_star_true,
                                          e->f_max,
                                          e->depth_max,
                                          e->w_elastic,
                                          e->w_normal,
                                          e->w_slip,
                                          e->w_roll,
                                          e->w_twist,
                                          e->w_cohesion,
                                          e->work,
                                          e->drive,
                                          e->e_num,
                                          qn_episode_loss(e),
                                          n,
                                          t,
                                          2.0 * (n + t),
                                          force,
                                          radius,
                                          1.5 * mean,
                                          e->friction * mean,
                                          material[0],
                                          material[1],
                                          weight};
    memcpy(row, all, sizeof all);
}

static void segment_path(const struct qn_event_log *log, size_t number, char out[SEGMENT_PATH])
{
    snprintf(out, SEGMENT_PATH, "%s/%06zu.h5", log->folder, number);
}

/// Segments the run file knows.
static size_t segments(const struct qn_event_log *log)
{
    size_t dims[QN_STORE_RANK] = {0};
    const double *rows = qn_store_get(log->run, "/events/rows", NULL, dims);
    return rows ? dims[0] : 0;
}

enum qn_status qn_event_log_open(struct qn_event_log *log, int on, const char *output,
                                 struct qn_store *run)
{
    const char *slash = strrchr(output, '/'), *base = slash ? slash + 1 : output;
    const char *dot = strrchr(base, '.');
    const int stem = (int)(dot && dot > base ? dot - base : (long)strlen(base));
    memset(log, 0, sizeof *log);
    if (!on) {
        return QN_OK;
    }
    log->on = 1;
    log->most = QN_EVENT_BUFFER;
    log->run = run;
    snprintf(log->from_run, sizeof log->from_run, "%.*s-events", stem, base);
    snprintf(log->folder, sizeof log->folder, "%.*s%s", (int)(base - output), output,
             log->from_run);
    char path[SEGMENT_PATH];
    for (size_t k = segments(log) + 1;; k++) { // newer than the run file, or of a replaced one
        segment_path(log, k, path);
        if (unlink(path) != 0) {
            return errno == ENOENT || errno == ENOTDIR
                       ? QN_OK
                       : qn_fail(QN_ERR_IO, "%s: cannot be removed: %s", path, strerror(errno));
        }
    }
}

static void begin_segment(struct qn_event_log *log)
{
    struct qn_text text = {0};
    for (int k = 0; k < QN_EVENT_COLUMNS; k++) {
        qn_text_add(&text, "%s [%s] %s\n", COLUMNS[k].name, COLUMNS[k].unit, COLUMNS[k].text);
    }
    log->buffer = qn_store_new();
    qn_store_attr(log->buffer, "/", "kind", "quern events");
    qn_store_text(log->buffer, "/columns", text.text,
                  "columns of /episodes, one a line: name [unit] meaning");
    log->series = qn_store_series(log->buffer, "/episodes", QN_EVENT_COLUMNS, "SI",
                                  "one row an episode, by end; columns in /columns");
    qn_text_free(&text);
}

enum qn_status qn_event_log_add(struct qn_event_log *log, const char *stage,
                                const struct qn_episode *e, size_t n)
{
    if (!log->on || n == 0) {
        return QN_OK;
    }
    if (log->held > 0 && strcmp(stage, log->stage) != 0) {
        QN_TRY(qn_event_log_flush(log));
    }
    snprintf(log->stage, sizeof log->stage, "%s", stage);
    for (size_t k = 0; k < n; k++, e++) {
        const double weight = qn_event_weight(&log->filter, e);
        if (weight == 0.0) {
            continue;
        }
        double row[QN_EVENT_COLUMNS];
        const enum qn_kind *kind = qn_pair_kinds(e->pair);
        const int material[2] = {log->material[kind[0]], log->material[kind[1]]};
        fill_row(e, material, weight, row);
        if (!log->buffer) {
            begin_segment(log);
        }
        qn_store_append(log->buffer, log->series, row);
        const int full = ++log->held == log->most;
        QN_TRY(full ? qn_event_log_flush(log) : QN_OK);
    }
    return QN_OK;
}

/// Tell the run file of the segment that was just closed.
static void link_segment(struct qn_event_log *log, size_t number)
{
    char path[64], file[SEGMENT_PATH];
    const double rows = (double)log->held;
    const double *known = qn_store_get(log->run, "/events/total", NULL, NULL);
    const double total = (known ? *known : 0.0) + rows;
    const int series = qn_store_series(log->run, "/events/rows", 1, "1",
                                       "episodes in each segment, in order of the segments");
    qn_store_append(log->run, series, &rows);
    qn_store_number(log->run, "/events/total", total, "1", "episodes in all segments");
    snprintf(path, sizeof path, "/events/%06zu", number);
    snprintf(file, sizeof file, "%s/%06zu.h5", log->from_run, number);
    qn_store_link(log->run, path, file, "/episodes");
}

enum qn_status qn_event_log_flush(struct qn_event_log *log)
{
    if (!log->on || log->held == 0) {
        return QN_OK;
    }
    char path[SEGMENT_PATH];
    const size_t number = segments(log) + 1;
    segment_path(log, number, path);
    QN_TRY(qn_store_claim(path, 1));
    qn_store_attr(log->buffer, "/", "stage", log->stage);
    QN_TRY(qn_store_write(log->buffer, path));
    link_segment(log, number);
    qn_event_log_free(log);
    return QN_OK;
}

void qn_event_log_free(struct qn_event_log *log)
{
    qn_store_free(log->buffer);
    log->buffer = NULL;
    log->held = 0;
}
