/// @file
/// A run: window, direct span, hours, summary, each a stage that a checkpoint can resume.
#include "app/run.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <omp.h>

#include "app/coating_report.h"
#include "app/direct.h"
#include "app/heat_balance.h"
#include "app/heat_gas.h"
#include "app/hours.h"
#include "app/ledger_results.h"
#include "app/powder.h"
#include "app/session.h"
#include "app/summary.h"
#include "app/version.h"
#include "app/wear_report.h"
#include "app/window.h"
#include "base/array.h"
#include "base/hash.h"
#include "io/text.h"

/// All of a file as a text, NULL when it cannot be read. The caller frees it with qn_free.
static char *slurp(const char *path)
{
    FILE *f = fopen(path, "rb");
    struct qn_text text = {0};
    char part[4096];
    size_t got;
    if (!f) {
        return NULL;
    }
    while ((got = fread(part, 1, sizeof part - 1, f)) > 0) {
        part[got] = '\0';
        qn_text_add(&text, "%s", part);
    }
    fclose(f);
    return text.text;
}

static void put_file(struct qn_store *store, const char *path, const char *file, const char *what)
{
    char *text = slurp(file);
    if (text) {
        qn_store_text(store, path, text, what);
    }
    qn_free(text);
}

/// What every run file says about where it came from.
static void put_origin(struct qn_session *s)
{
    const struct qn_deck *d = s->deck;
    char number[32], path[1100];
    struct qn_text versions = {0};
    for (const struct qn_version_item *item = qn_version_items; item->name; item++) {
        qn_text_add(&versions, "%s: %s\n", item->name, item->value);
    }
    qn_store_attr(s->store, "/", "kind", "quern run");
    qn_store_attr(s->store, "/", "name", d->name);
    snprintf(number, sizeof number, "%" PRIu64, d->seed);
    qn_store_attr(s->store, "/", "seed", number);
    snprintf(number, sizeof number, "%016" PRIx64, d->mechanical_hash);
    qn_store_attr(s->store, "/", "window", number);
    snprintf(number, sizeof number, "%d", s->threads);
    qn_store_attr(s->store, "/", "threads", number);
    qn_store_text(s->store, "/deck", d->resolved, "resolved deck: every default written out");
    qn_store_text(s->store, "/versions", versions.text, "binary that made this file");
    qn_text_free(&versions);
    if (d->chemistry.mechanism[0]) {
        put_file(s->store, "/mechanism", d->chemistry.mechanism, "mechanism file as read");
    }
    const char *slash = strrchr(d->path, '/');
    snprintf(path, sizeof path, "%.*sobservations.yaml", slash ? (int)(slash - d->path) + 1 : 0,
             d->path);
    put_file(s->store, "/observations", path, "published values beside the deck");
}

static uint64_t digest_of(const struct qn_store *store, const char *path)
{
    const char *text = qn_store_get_text(store, path);
    return text ? qn_hash(0, text, strlen(text)) : 0;
}

/// Who made this file, from what, when, and how it ended: JSON, rewritten at the end.
static void put_manifest(struct qn_session *s, double wall, const char *exit_reason)
{
    struct qn_text t = {0};
    char host[256] = "", when[32];
    const time_t now = time(NULL);
    struct tm utc;
    gethostname(host, sizeof host - 1);
    gmtime_r(&now, &utc);
    strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &utc);
    qn_text_add(&t, "{\n");
    for (const struct qn_version_item *item = qn_version_items; item->name; item++) {
        qn_text_add(&t, "  \"%s\": \"%s\",\n", item->name, item->value);
    }
    qn_text_add(&t, "  \"deck_digest\": \"%016" PRIx64 "\",\n", digest_of(s->store, "/deck"));
    qn_text_add(&t, "  \"mechanism_digest\": \"%016" PRIx64 "\",\n",
                digest_of(s->store, "/mechanism"));
    qn_text_add(&t, "  \"window\": \"%016" PRIx64 "\",\n", s->deck->mechanical_hash);
    qn_text_add(&t, "  \"seed\": %" PRIu64 ",\n  \"ranks\": %d,\n  \"threads\": %d,\n",
                s->deck->seed, s->group->size, s->threads);
    qn_text_add(&t, "  \"host\": \"%s\",\n  \"finished\": \"%s\",\n", host, when);
    qn_text_add(&t, "  \"wall_seconds\": %.3f,\n  \"checkpoints\": %" PRId64 ",\n", wall,
                s->checkpoints);
    qn_text_add(&t, "  \"exit\": \"%s\"\n}\n", exit_reason);
    qn_store_text(s->store, "/manifest", t.text, "provenance of this file, JSON");
    qn_text_free(&t);
}

/// An older run file becomes .prev before a new run begins: were it left in place and this run
/// killed before its first checkpoint, --resume would take the older one for this run's.
static enum qn_status set_aside(const char *path)
{
    char previous[1100];
    snprintf(previous, sizeof previous, "%s.prev", path);
    if (rename(path, previous) != 0 && errno != ENOENT) {
        return qn_fail(QN_ERR_IO, "%s: cannot be kept as .prev: %s", path, strerror(errno));
    }
    return QN_OK;
}

/// A store to go on with, or a fresh one; rank 0 only.
/// @param[out] done  the run file is finished: nothing to do
static enum qn_status open_file(struct qn_session *s, int *done)
{
    QN_TRY(qn_store_claim(s->options->output, s->options->force || s->options->resume));
    if (!s->options->resume || access(s->options->output, F_OK) != 0) {
        s->store = qn_store_new();
        put_origin(s);
        return set_aside(s->options->output);
    }
    QN_TRY(qn_store_read(s->options->output, &s->store));
    const char *deck = qn_store_get_text(s->store, "/deck");
    if (!deck || strcmp(deck, s->deck->resolved) != 0) {
        return qn_fail(QN_ERR_INPUT,
                       "%s: made by another deck; --resume needs the same deck and the same --set",
                       s->options->output);
    }
    const char *stage = qn_store_get_text(s->store, "/checkpoint/stage");
    if (!stage) {
        *done = 1;
        return QN_OK;
    }
    snprintf(s->stage, sizeof s->stage, "%s", stage);
    const double *count = qn_store_get(s->store, "/checkpoint/count", NULL, NULL);
    s->checkpoints = count ? (int64_t)*count : 0;
    return QN_OK;
}

/// Everybody's store, and the stage at which all go on.
static enum qn_status open_store(struct qn_session *s, int *done)
{
    enum qn_status status = QN_OK;
    *done = 0;
    if (qn_session_root(s)) {
        status = open_file(s, done);
    } else {
        s->store = qn_store_new(); // never written
    }
    QN_TRY(qn_group_agree(s->group, status));
    qn_group_broadcast(s->group, done, sizeof *done);
    qn_group_broadcast(s->group, s->stage, sizeof s->stage);
    qn_group_broadcast(s->group, &s->checkpoints, sizeof s->checkpoints);
    return QN_OK;
}

/// The direct span; its result is kept in the checkpoint for the hours.
static enum qn_status direct_stage(struct qn_session *s, const struct qn_powder *powder,
                                   const struct qn_window *w, double gate,
                                   struct qn_direct_result *out)
{
    struct qn_climate climate;
    qn_climate_init(s->deck, w, &climate);
    memset(out, 0, sizeof *out);
    if (qn_session_resumes(s, "hours")) {
        return qn_session_get_exactly(s, "/checkpoint/hours/start", out, sizeof *out);
    }
    if (s->deck->run.direct_span > 0.0) {
        QN_TRY(qn_direct_get(s, powder, &climate, gate, out));
        qn_ledger_results(s->store, "/mechanics/direct_ledger", &out->ledger);
    }
    qn_store_drop(s->store, "/checkpoint");
    qn_store_put_bytes(s->store, "/checkpoint/hours/start", out, sizeof *out);
    qn_store_text(s->store, "/checkpoint/stage", "hours", "stage that goes on from here");
    return QN_OK;
}

/// The windows of the hours, and what the run file tells of them.
static enum qn_status windows(struct qn_session *s, struct qn_epochs *epochs)
{
    const struct qn_deck *d = s->deck;
    if (!(d->run.window_max > 0.0)) {
        return qn_epochs_none(s, epochs);
    }
    QN_TRY(qn_epochs_get(s, epochs));
    qn_window_results(&epochs->epoch[0].window, s->store);
    qn_wear_results(d, epochs, s->store);
    qn_heat_gas_results(d, &epochs->epoch[0].window, s->store);
    qn_coating_results(d, epochs, s->store);
    qn_epochs_apply(epochs);
    return QN_OK;
}

static enum qn_status stages(struct qn_session *s, const struct qn_powder *powder)
{
    const struct qn_deck *d = s->deck;
    const double began = qn_wall_clock();
    struct qn_epochs epochs = {0};
    struct qn_direct_result direct = {0};
    struct qn_hours_result hours = {0};
    double gate = 0.0;
    enum qn_status status = windows(s, &epochs);
    if (status == QN_OK && powder) {
        const struct qn_window *first = &epochs.epoch[0].window;
        gate = qn_hours_gate_of(d, first);
        status = direct_stage(s, powder, first, gate, &direct);
        if (status == QN_OK && d->run.bridged > 0.0) {
            status = qn_hours_get(s, powder, &epochs, &direct, &hours);
        }
    }
    if (status == QN_OK && qn_session_root(s)) {
        const struct qn_findings found = {&epochs, powder, &direct,
                                          &hours,  gate,   qn_wall_clock() - began};
        status = qn_summary_write(s, &found);
    }
    qn_epochs_free(&epochs);
    return status;
}

/// Put the results in place, events first.
static enum qn_status close_run(struct qn_session *s, double wall)
{
    QN_TRY(qn_event_log_flush(&s->log));
    qn_store_drop(s->store, "/checkpoint");
    qn_store_attr(s->store, "/", "status", "complete");
    put_manifest(s, wall, "complete");
    QN_TRY(qn_store_write(s->store, s->options->output));
    return s->row;
}

static enum qn_status run_session(struct qn_session *s, const struct qn_powder *powder)
{
    const double began = qn_wall_clock();
    int done;
    QN_TRY(open_store(s, &done));
    if (done) {
        if (!s->options->quiet && qn_session_root(s)) {
            printf("%s is complete; nothing to resume\n", s->options->output);
        }
        return QN_OK;
    }
    enum qn_status status = QN_OK;
    s->log.on = s->deck->run.event_log != 0;
    if (qn_session_root(s)) {
        status = qn_event_log_open(&s->log, s->log.on, s->options->output, s->store);
    }
    const struct qn_deck_run *run = &s->deck->run;
    s->log.filter = (struct qn_event_filter){run->event_threshold, run->event_share, s->deck->seed};
    s->log.material[QN_BALL] = s->deck->balls.material;
    s->log.material[QN_PARCEL] = s->deck->powder.material;
    s->log.material[QN_WALL] = s->deck->vial.material;
    if (s->log.on) {
        qn_store_number(s->store, "/events/threshold", run->event_threshold, "J",
                        "every episode that dissipates at least this is logged, with weight 1");
        qn_store_number(s->store, "/events/share", run->event_share, "1",
                        "share of the others that is logged, with weight 1/share");
    }
    QN_TRY(qn_group_agree(s->group, status));
    QN_TRY(qn_group_agree(s->group, stages(s, powder)));
    status = qn_session_root(s) ? close_run(s, qn_wall_clock() - began) : QN_OK;
    return qn_group_agree(s->group, status);
}

/// OMP_NUM_THREADS, or this rank's share of the node's cores.
static int default_threads(struct qn_group *group)
{
    const int share = omp_get_num_procs() / qn_group_on_node(group);
    return getenv("OMP_NUM_THREADS") || qn_group_alone(group) ? omp_get_max_threads()
           : share > 1                                        ? share
                                                              : 1;
}

enum qn_status qn_run(const struct qn_deck *deck, const struct qn_run_options *options,
                      struct qn_group *group)
{
    struct qn_session s = {
        .deck = deck,
        .options = options,
        .group = group,
        .interval = options->checkpoint_interval > 0.0 ? options->checkpoint_interval
                                                       : deck->run.checkpoint_interval,
        .last = qn_wall_clock(),
        .threads = deck->run.threads > 0 ? (int)deck->run.threads : default_threads(group),
    };
    struct qn_powder powder;
    const int chemical = qn_powder_reacts(deck);
    if (chemical) {
        QN_TRY(qn_group_agree(group, qn_powder_init(deck, &powder)));
    }
    qn_progress_init(&s.progress, options->quiet || group->rank != 0);
    const enum qn_status status = run_session(&s, chemical ? &powder : NULL);
    qn_event_log_free(&s.log);
    qn_store_free(s.store);
    if (chemical) {
        qn_powder_free(&powder);
    }
    return status;
}
