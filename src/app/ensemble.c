/// @file
/// Reading and running members.
#include "app/ensemble.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "app/deck.h"
#include "app/run.h"
#include "app/session.h"
#include "base/array.h"
#include "io/results.h"
#include "io/text.h"
#include "io/yaml.h"

static char *copy(const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(qn_alloc(size, 1), text, size);
}

static struct qn_member *add_member(struct qn_ensemble *e, size_t *cap, int n_set)
{
    qn_grow(&e->member, cap, (size_t)e->n + 1);
    struct qn_member *m = &e->member[e->n++];
    snprintf(m->name, sizeof m->name, "%04d", e->n);
    m->n_set = n_set;
    m->set = qn_alloc((size_t)n_set, sizeof *m->set);
    return m;
}

void qn_ensemble_free(struct qn_ensemble *e)
{
    for (int k = 0; k < e->n; k++) {
        for (int s = 0; s < e->member[k].n_set; s++) {
            qn_free((void *)(uintptr_t)e->member[k].set[s].key);
            qn_free((void *)(uintptr_t)e->member[k].set[s].value);
        }
        qn_free(e->member[k].set);
    }
    qn_free(e->member);
    e->member = NULL;
    e->n = 0;
}

enum qn_status qn_ensemble_replicas(struct qn_ensemble *e, int n)
{
    struct qn_deck deck;
    size_t cap = 0;
    char seed[32];
    QN_TRY(qn_deck_read(e->deck, e->base, e->n_base, &deck));
    for (int k = 0; k < n; k++) {
        struct qn_member *m = add_member(e, &cap, 1);
        snprintf(seed, sizeof seed, "%" PRIu64, deck.seed + (uint64_t)k);
        m->set[0] = (struct qn_override){copy("seed"), copy(seed)};
    }
    qn_deck_free(&deck);
    return QN_OK;
}

/// `set` of one listed member: a map of deck keys to values.
static enum qn_status take_set(struct qn_member *m, struct qn_yaml *set)
{
    for (int k = 0; k < set->count; k++) {
        const struct qn_yaml *value = set->child[k];
        if (value->kind != QN_YAML_SCALAR) {
            return qn_yaml_fail(value, "%s: one value, such as 300 rpm", value->key);
        }
        m->set[k] = (struct qn_override){copy(value->key), copy(value->text)};
    }
    return QN_OK;
}

/// Members given one by one.
static enum qn_status take_list(struct qn_ensemble *e, struct qn_yaml *list)
{
    size_t cap = 0;
    if (list->kind != QN_YAML_LIST) {
        return qn_yaml_fail(list, "members: a list of {name: ..., set: {key: value}}");
    }
    for (int k = 0; k < list->count; k++) {
        struct qn_yaml *one = list->child[k];
        struct qn_yaml *name = qn_yaml_get(one, "name"), *set = qn_yaml_get(one, "set");
        if (one->kind != QN_YAML_MAP || !set || set->kind != QN_YAML_MAP ||
            (name && name->kind != QN_YAML_SCALAR)) {
            return qn_yaml_fail(one, "a member is {name: ..., set: {key: value}}");
        }
        struct qn_member *m = add_member(e, &cap, set->count);
        if (name && (strlen(name->text) >= sizeof m->name || strpbrk(name->text, "/ \t,"))) {
            return qn_yaml_fail(name,
                                "a name of at most %d letters without / , and blanks: it "
                                "becomes part of a file name",
                                QN_MEMBER_NAME - 1);
        }
        if (name) {
            snprintf(m->name, sizeof m->name, "%s", name->text);
        }
        QN_TRY(take_set(m, set));
    }
    return QN_OK;
}

/// Every combination of the grid's values, the last key fastest.
static enum qn_status take_grid(struct qn_ensemble *e, struct qn_yaml *grid)
{
    size_t cap = 0;
    int64_t total = grid->kind == QN_YAML_MAP && grid->count > 0;
    for (int k = 0; k < grid->count; k++) {
        const struct qn_yaml *axis = grid->child[k];
        if (axis->kind != QN_YAML_LIST || axis->count == 0) {
            return qn_yaml_fail(axis, "a list of values, such as [300 rpm, 400 rpm]");
        }
        total *= axis->count;
        for (int v = 0; v < axis->count; v++) {
            if (axis->child[v]->kind != QN_YAML_SCALAR) {
                return qn_yaml_fail(axis->child[v], "one value, such as 300 rpm");
            }
        }
    }
    if (total < 1 || total > 100000) {
        return qn_yaml_fail(grid, "grid: a map of keys to lists, at most 100000 combinations");
    }
    for (int64_t at = 0; at < total; at++) {
        struct qn_member *m = add_member(e, &cap, grid->count);
        int64_t rest = at;
        for (int k = grid->count - 1; k >= 0; k--) {
            const struct qn_yaml *axis = grid->child[k];
            m->set[k] =
                (struct qn_override){copy(axis->key), copy(axis->child[rest % axis->count]->text)};
            rest /= axis->count;
        }
    }
    return QN_OK;
}

static enum qn_status unique_names(const struct qn_ensemble *e, const struct qn_yaml *at)
{
    for (int k = 0; k < e->n; k++) {
        for (int j = 0; j < k; j++) {
            if (strcmp(e->member[k].name, e->member[j].name) == 0) {
                return qn_yaml_fail(at, "two members are called %s", e->member[k].name);
            }
        }
    }
    return QN_OK;
}

static enum qn_status take_sweep(struct qn_ensemble *e, struct qn_yaml *root)
{
    struct qn_yaml *list = root->kind == QN_YAML_MAP ? qn_yaml_get(root, "members") : NULL;
    struct qn_yaml *grid = root->kind == QN_YAML_MAP ? qn_yaml_get(root, "grid") : NULL;
    if (!list == !grid || root->count != 1) {
        return qn_yaml_fail(root, "a sweep has either members: [...] or grid: {...}");
    }
    QN_TRY(list ? take_list(e, list) : take_grid(e, grid));
    return unique_names(e, root);
}

enum qn_status qn_ensemble_sweep(struct qn_ensemble *e, const char *path)
{
    struct qn_yaml_doc doc;
    QN_TRY(qn_yaml_read(path, &doc));
    const enum qn_status status = take_sweep(e, doc.root);
    qn_yaml_free(&doc);
    return status;
}

/// Deck of a member: the command line's --set first, then its own.
static enum qn_status member_deck(const struct qn_ensemble *e, const struct qn_member *m,
                                  struct qn_deck *deck)
{
    const size_t n = (size_t)e->n_base + (size_t)m->n_set;
    struct qn_override *all = qn_alloc(n, sizeof *all);
    for (int k = 0; k < e->n_base; k++) {
        all[k] = e->base[k];
    }
    for (int k = 0; k < m->n_set; k++) {
        all[e->n_base + k] = m->set[k];
    }
    const enum qn_status status = qn_deck_read(e->deck, all, (int)n, deck);
    qn_free(all);
    return status;
}

enum qn_status qn_ensemble_check(const struct qn_ensemble *e)
{
    struct qn_text faults = {0};
    for (int k = 0; k < e->n; k++) {
        struct qn_deck deck;
        if (member_deck(e, &e->member[k], &deck) == QN_OK) {
            qn_deck_free(&deck);
        } else {
            qn_text_add(&faults, "%smember %s: %s", faults.length ? "\n" : "", e->member[k].name,
                        qn_error_text());
        }
    }
    const enum qn_status status = faults.length ? qn_fail(QN_ERR_INPUT, "%s", faults.text) : QN_OK;
    qn_text_free(&faults);
    return status;
}

enum { MEMBER_FILE = 1200 };

/// What became of one member; travels as bytes.
struct outcome {
    int member, status;
    double wall; ///< [s]
    char message[512];
};

/// "runs/a.h5" and "x" to "runs/a-x.h5".
static void member_file(const char *output, const char *name, const char *ending, char *out)
{
    const char *slash = strrchr(output, '/'), *dot = strrchr(output, '.');
    const int stem = (int)(dot && (!slash || dot > slash) ? dot - output : (long)strlen(output));
    snprintf(out, MEMBER_FILE, "%.*s-%s%s", stem, output, name, ending);
}

static void run_member(const struct qn_ensemble *e, const struct qn_run_options *options,
                       struct qn_group *group, struct outcome *o)
{
    struct qn_deck deck;
    struct qn_run_options own = *options;
    char file[MEMBER_FILE];
    const double began = qn_wall_clock();
    member_file(options->output, e->member[o->member].name, ".h5", file);
    own.output = file;
    own.quiet = 1; // lines of many members would mix
    enum qn_status status = qn_group_agree(group, member_deck(e, &e->member[o->member], &deck));
    if (status == QN_OK) {
        status = qn_run(&deck, &own, group);
        qn_deck_free(&deck);
    }
    o->status = (int)status;
    o->wall = qn_wall_clock() - began;
    snprintf(o->message, sizeof o->message, "%s",
             status == QN_OK || status == QN_CHECKPOINTED ? "" : qn_error_text());
    if (group->rank == 0 && !options->quiet) {
        char took[QN_DURATION_TEXT];
        fprintf(stderr, "member %s: %s, %s%s%s\n", e->member[o->member].name,
                status == QN_OK             ? "done"
                : status == QN_CHECKPOINTED ? "stopped after a checkpoint"
                                            : "failed",
                qn_duration_text(o->wall, took), o->message[0] ? ": " : "", o->message);
    }
}

static enum qn_status write_table(const struct qn_ensemble *e, const char *output,
                                  const struct outcome *o)
{
    char path[MEMBER_FILE], file[MEMBER_FILE + 8], code[16], wall[32];
    enum qn_status status = QN_OK;
    member_file(output, "members", ".csv", path);
    snprintf(file, sizeof file, "%s.prev", path);
    rename(path, file); // the table tells of this job; an older one stays beside it
    for (int k = 0; k < e->n && status == QN_OK; k++) {
        struct qn_text set = {0};
        for (int s = 0; s < e->member[k].n_set; s++) {
            qn_text_add(&set, "%s%s=%s", s ? "; " : "", e->member[k].set[s].key,
                        e->member[k].set[s].value);
        }
        member_file(output, e->member[k].name, ".h5", file);
        snprintf(code, sizeof code, "%d", o[k].status);
        snprintf(wall, sizeof wall, "%.3f", o[k].wall);
        const struct qn_result_cell cells[] = {{"member", e->member[k].name},
                                               {"file", file},
                                               {"exit_code", code},
                                               {"wall_s", wall},
                                               {"set", set.text ? set.text : ""},
                                               {"message", o[k].message}};
        status = qn_results_append(path, sizeof cells / sizeof *cells, cells);
        qn_text_free(&set);
    }
    return status;
}

/// Outcomes of all groups on rank 0, by member; a member nobody ran keeps its zeros.
static enum qn_status report(const struct qn_ensemble *e, const struct qn_run_options *options,
                             struct qn_group *world, const struct outcome *mine, size_t n)
{
    void *all;
    size_t bytes;
    enum qn_status status = QN_OK;
    int worst = 0, done = 0;
    world->patience = 1e30; // groups end at different times
    qn_group_gather(world, mine, n * sizeof *mine, &all, &bytes);
    if (world->rank == 0) {
        const struct outcome *o = all;
        struct outcome *sorted = qn_alloc((size_t)e->n, sizeof *sorted);
        for (size_t k = 0; k < bytes / sizeof *o; k++) {
            sorted[o[k].member] = o[k];
            worst = o[k].status > worst ? o[k].status : worst;
            done += o[k].status == QN_OK;
        }
        status = write_table(e, options->output, sorted);
        if (!options->quiet) {
            printf("%d of %d members done; table in ", done, e->n);
            char path[MEMBER_FILE];
            member_file(options->output, "members", ".csv", path);
            printf("%s\n", path);
        }
        if (status == QN_OK && worst != QN_OK && worst != QN_CHECKPOINTED) {
            status = qn_fail((enum qn_status)worst, "%d of %d members failed", e->n - done, e->n);
        } else if (status == QN_OK) {
            status = (enum qn_status)worst;
        }
        qn_free(sorted);
    }
    qn_free(all);
    return qn_group_agree(world, status);
}

enum qn_status qn_ensemble_run(const struct qn_ensemble *e, const struct qn_run_options *options,
                               struct qn_group *world, struct qn_group *group, int mine,
                               int n_groups)
{
    struct outcome *o = qn_alloc((size_t)e->n, sizeof *o);
    size_t n = 0;
    int stop = mine < 0;
    for (int m = mine; !stop && m < e->n; m += n_groups) {
        o[n] = (struct outcome){.member = m};
        run_member(e, options, group, &o[n]);
        stop = o[n++].status == QN_CHECKPOINTED;
    }
    const enum qn_status status =
        report(e, options, world, o, mine >= 0 && group->rank == 0 ? n : 0);
    qn_free(o);
    return status;
}
