/// @file
/// Comparing run files.
#include "io/store_diff.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "io/store_items.h"

/// What is no result; a slash at the end stands for everything below. Events are compared as one
/// stream: where a checkpoint cut their segments is no result either.
static const char *const LEFT_OUT[] = {"/manifest",    "/versions", "/summary", "/parallel/",
                                       "/checkpoint/", "/events/",  NULL};

struct diff {
    int most, *count;
    struct qn_text *report;
};

static int left_out(const char *path)
{
    for (int k = 0; LEFT_OUT[k]; k++) {
        const size_t n = strlen(LEFT_OUT[k]);
        const int folder = LEFT_OUT[k][n - 1] == '/';
        if (strncmp(path, LEFT_OUT[k], n) == 0 && (folder || path[n] == '\0')) {
            return 1;
        }
    }
    return 0;
}

/// The deck and the trajectory, from which all other results follow.
static int is_cause(const char *path)
{
    return strcmp(path, "/deck") == 0 || strncmp(path, "/mechanics/", 11) == 0;
}

static const struct qn_store_item *find(const struct qn_store *s, const char *path)
{
    for (size_t k = 0; k < s->n_items; k++) {
        if (strcmp(s->item[k].path, path) == 0) {
            return &s->item[k];
        }
    }
    return NULL;
}

/// One more difference; says whether it may be reported.
static int note(struct diff *d)
{
    return ++*d->count <= d->most;
}

/// "[3, 2]" of a flat index.
static const char *index_text(const struct qn_store_item *a, size_t flat, char out[96])
{
    size_t at[QN_STORE_RANK] = {0};
    int used = snprintf(out, 96, "%s", a->rank ? "[" : "");
    for (int k = a->rank - 1; k >= 0; k--) {
        at[k] = flat % a->dims[k];
        flat /= a->dims[k];
    }
    for (int k = 0; k < a->rank; k++) {
        used += snprintf(out + used, 96 - (size_t)used, "%s%zu", k ? ", " : "", at[k]);
    }
    snprintf(out + used, 96 - (size_t)used, "%s", a->rank ? "]" : "");
    return out;
}

/// NaN equals NaN, and -0 is not 0.
static int same_bits(const void *x, const void *y, size_t doubles)
{
    return memcmp(x, y, doubles * sizeof(double)) == 0;
}

static void compare_doubles(struct diff *d, const struct qn_store_item *a,
                            const struct qn_store_item *b, size_t common)
{
    const double *x = a->data, *y = b->data;
    size_t first = common, n = 0;
    double worst = 0.0;
    for (size_t k = 0; k < common; k++) {
        if (!same_bits(&x[k], &y[k], 1)) {
            first = n++ ? first : k;
            const double scale = fmax(fabs(x[k]), fabs(y[k]));
            worst = fmax(worst, scale > 0.0 ? fabs(x[k] - y[k]) / scale : 0.0);
        }
    }
    char where[96];
    if (n > 0 && note(d)) {
        qn_text_add(d->report, "%s%s: %.17g, %.17g %s; %zu of %zu values differ, by %.2g at most\n",
                    a->path, index_text(a, first, where), x[first], y[first], a->unit, n, common,
                    worst);
    }
}

static void compare_integers(struct diff *d, const struct qn_store_item *a,
                             const struct qn_store_item *b, size_t common)
{
    const int64_t *x = a->data, *y = b->data;
    char where[96];
    for (size_t k = 0; k < common; k++) {
        if (x[k] != y[k]) {
            if (note(d)) {
                qn_text_add(d->report, "%s%s: %" PRId64 ", %" PRId64 "\n", a->path,
                            index_text(a, k, where), x[k], y[k]);
            }
            return;
        }
    }
}

static void compare_texts(struct diff *d, const struct qn_store_item *a,
                          const struct qn_store_item *b)
{
    const char *x = a->data, *y = b->data;
    const size_t nx = qn_store_size(a), ny = qn_store_size(b), n = nx < ny ? nx : ny;
    int line = 1;
    size_t k = 0;
    for (; k < n && x[k] == y[k]; k++) {
        line += x[k] == '\n';
    }
    if ((k < n || nx != ny) && note(d)) {
        qn_text_add(d->report, "%s: the texts differ from line %d on\n", a->path, line);
    }
}

static void compare_items(struct diff *d, const struct qn_store_item *a,
                          const struct qn_store_item *b)
{
    const size_t na = qn_store_size(a), nb = qn_store_size(b), common = na < nb ? na : nb;
    if (a->kind != b->kind || a->rank != b->rank) {
        if (note(d)) {
            qn_text_add(d->report, "%s: of another type or rank\n", a->path);
        }
        return;
    }
    if (a->kind == QN_STORE_STRING) {
        compare_texts(d, a, b);
        return;
    }
    if (na != nb && note(d)) {
        qn_text_add(d->report, "%s: %zu values, %zu values\n", a->path, na, nb);
    }
    if (a->kind == QN_STORE_DOUBLES) {
        compare_doubles(d, a, b, common);
    } else if (a->kind == QN_STORE_INTEGERS) {
        compare_integers(d, a, b, common);
    }
}

static void missing(struct diff *d, const struct qn_store *a, const struct qn_store *b, int first)
{
    for (size_t k = 0; k < a->n_items; k++) {
        const char *path = a->item[k].path;
        if (!left_out(path) && !find(b, path) && note(d)) {
            qn_text_add(d->report, "%s: only in the %s file\n", path, first ? "first" : "second");
        }
    }
}

/// Path of a linked file, which is named from the folder of the file that links it.
static void beside(const char *path, const char *file, char out[2200])
{
    const char *slash = strrchr(path, '/');
    snprintf(out, 2200, "%.*s%s", slash ? (int)(slash - path) + 1 : 0, path, file);
}

/// The rows of all event segments of a run file, one after the other.
struct stream {
    const char *path; ///< of the run file
    const struct qn_store *run;
    size_t link;         ///< next item of the run file to look at
    struct qn_store *at; ///< open segment
    const double *row;
    size_t left, width;
};

/// Next row, NULL at the end.
static enum qn_status next_row(struct stream *s, const double **row)
{
    char file[2200];
    size_t dims[QN_STORE_RANK];
    for (; s->left == 0 && s->link < s->run->n_items; s->link++) {
        const struct qn_store_item *i = &s->run->item[s->link];
        if (i->kind == QN_STORE_EXTERNAL && strncmp(i->path, "/events/", 8) == 0) {
            qn_store_free(s->at);
            s->at = NULL;
            beside(s->path, i->file, file);
            QN_TRY(qn_store_read(file, &s->at));
            s->row = qn_store_get(s->at, i->target, NULL, dims);
            s->left = s->row ? dims[0] : 0;
            s->width = s->row ? dims[1] : 0;
        }
    }
    *row = s->left > 0 ? s->row : NULL;
    s->row += s->left > 0 ? s->width : 0;
    s->left -= s->left > 0;
    return QN_OK;
}

static enum qn_status compare_streams(struct diff *d, struct stream *x, struct stream *y)
{
    for (size_t k = 0;; k++) {
        const double *p, *q;
        QN_TRY(next_row(x, &p));
        QN_TRY(next_row(y, &q));
        if (!p && !q) {
            return QN_OK;
        }
        if (!p || !q || x->width != y->width || !same_bits(p, q, x->width)) {
            if (note(d)) {
                qn_text_add(d->report, "/events: episode %zu differs or is in one file only\n", k);
            }
            return QN_OK;
        }
    }
}

static enum qn_status compare_events(struct diff *d, const char *a, const char *b,
                                     const struct qn_store *x, const struct qn_store *y)
{
    struct stream left = {.path = a, .run = x}, right = {.path = b, .run = y};
    const enum qn_status status = compare_streams(d, &left, &right);
    qn_store_free(left.at);
    qn_store_free(right.at);
    return status;
}

static enum qn_status compare_stores(struct diff *d, const char *a, const char *b,
                                     const struct qn_store *x, const struct qn_store *y)
{
    for (size_t k = 0; x->n_items > 0 && k < 2 * x->n_items;
         k++) { // first what the rest follows from
        const struct qn_store_item *i = &x->item[k % x->n_items], *j = find(y, i->path);
        if (!j || left_out(i->path) || is_cause(i->path) != (k < x->n_items)) {
            continue;
        }
        compare_items(d, i, j);
    }
    QN_TRY(compare_events(d, a, b, x, y));
    missing(d, x, y, 1);
    missing(d, y, x, 0);
    return QN_OK;
}

static enum qn_status compare_files(struct diff *d, const char *a, const char *b)
{
    struct qn_store *x = NULL, *y = NULL;
    enum qn_status status = qn_store_read(a, &x);
    if (status == QN_OK) {
        status = qn_store_read(b, &y);
    }
    if (status == QN_OK) {
        status = compare_stores(d, a, b, x, y);
    }
    qn_store_free(x);
    qn_store_free(y);
    return status;
}

enum qn_status qn_store_diff(const char *a, const char *b, int most, struct qn_text *report,
                             int *count)
{
    struct diff d = {most, count, report};
    *count = 0;
    return compare_files(&d, a, b);
}
