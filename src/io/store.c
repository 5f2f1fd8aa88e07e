/// @file
/// Datasets in memory, and the door to a run file.
#include "io/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "io/store_items.h"

static char *copy(const char *text)
{
    const size_t size = strlen(text) + 1;
    return memcpy(qn_alloc(size, 1), text, size);
}

struct qn_store *qn_store_new(void)
{
    return qn_alloc(1, sizeof(struct qn_store));
}

static void empty_item(struct qn_store_item *item)
{
    qn_free(item->path);
    qn_free(item->unit);
    qn_free(item->description);
    qn_free(item->data);
    qn_free(item->file);
    qn_free(item->target);
    *item = (struct qn_store_item){0};
}

void qn_store_free(struct qn_store *store)
{
    if (!store) {
        return;
    }
    for (size_t k = 0; k < store->n_items; k++) {
        empty_item(&store->item[k]);
    }
    for (size_t k = 0; k < store->n_attributes; k++) {
        qn_free(store->attribute[k].path);
        qn_free(store->attribute[k].name);
        qn_free(store->attribute[k].text);
    }
    qn_free(store->item);
    qn_free(store->attribute);
    qn_free(store);
}

size_t qn_store_size(const struct qn_store_item *item)
{
    size_t size = 1;
    for (int k = 0; k < item->rank; k++) {
        size *= item->dims[k];
    }
    return size;
}

static struct qn_store_item *find(const struct qn_store *store, const char *path)
{
    for (size_t k = 0; k < store->n_items; k++) {
        if (strcmp(store->item[k].path, path) == 0) {
            return &store->item[k];
        }
    }
    return NULL;
}

struct qn_store_item *qn_store_fresh(struct qn_store *store, const char *path,
                                     enum qn_store_kind kind, const char *unit,
                                     const char *description)
{
    QN_ASSERT(path[0] == '/' && path[1] != '\0');
    struct qn_store_item *item = find(store, path);
    if (item) {
        empty_item(item);
    } else {
        qn_grow(&store->item, &store->cap_items, store->n_items + 1);
        item = &store->item[store->n_items++];
    }
    item->kind = kind;
    item->path = copy(path);
    item->unit = copy(unit);
    item->description = copy(description);
    return item;
}

void qn_store_number(struct qn_store *store, const char *path, double value, const char *unit,
                     const char *description)
{
    qn_store_array(store, path, 0, NULL, &value, unit, description);
}

void qn_store_row(struct qn_store *store, const char *path, const double *data, size_t n,
                  const char *unit, const char *description)
{
    qn_store_array(store, path, 1, &n, data, unit, description);
}

void qn_store_drop(struct qn_store *store, const char *path)
{
    const size_t length = strlen(path);
    size_t kept = 0;
    for (size_t k = 0; k < store->n_items; k++) {
        const char *name = store->item[k].path;
        if (strncmp(name, path, length) == 0 && (name[length] == '\0' || name[length] == '/')) {
            empty_item(&store->item[k]);
        } else {
            store->item[kept++] = store->item[k];
        }
    }
    // the places behind are taken by new items, which must not find the memory of moved ones
    for (; store->n_items > kept; store->n_items--) {
        store->item[store->n_items - 1] = (struct qn_store_item){0};
    }
}

int qn_store_series(struct qn_store *store, const char *path, size_t width, const char *unit,
                    const char *description)
{
    QN_ASSERT(width > 0);
    struct qn_store_item *item = find(store, path);
    if (!item) {
        item = qn_store_fresh(store, path, QN_STORE_DOUBLES, unit, description);
        item->rank = width > 1 ? 2 : 1;
        item->dims[1] = width;
    }
    QN_ASSERT(item->kind == QN_STORE_DOUBLES && (item->rank == 1 ? 1 : item->dims[1]) == width);
    return (int)(item - store->item);
}

void qn_store_append(struct qn_store *store, int series, const double *row)
{
    QN_ASSERT(series >= 0 && (size_t)series < store->n_items);
    struct qn_store_item *item = &store->item[series];
    const size_t width = item->rank == 1 ? 1 : item->dims[1], used = qn_store_size(item);
    qn_grow_raw(&item->data, &item->capacity, used + width, sizeof(double));
    memcpy((double *)item->data + used, row, width * sizeof(double));
    item->dims[0]++;
}

static void put(struct qn_store_item *item, int rank, const size_t *dims, const void *data)
{
    QN_ASSERT(rank >= 0 && rank <= QN_STORE_RANK);
    item->rank = rank;
    for (int k = 0; k < rank; k++) {
        item->dims[k] = dims[k];
    }
    const size_t size = qn_store_size(item);
    const size_t each = item->kind == QN_STORE_STRING ? 1 : sizeof(double); // = sizeof(int64_t)
    item->data = qn_alloc(size, each);
    item->capacity = size;
    if (size > 0) {
        memcpy(item->data, data, size * each);
    }
}

void qn_store_array(struct qn_store *store, const char *path, int rank, const size_t *dims,
                    const double *data, const char *unit, const char *description)
{
    put(qn_store_fresh(store, path, QN_STORE_DOUBLES, unit, description), rank, dims, data);
}

void qn_store_integers(struct qn_store *store, const char *path, int rank, const size_t *dims,
                       const int64_t *data, const char *unit, const char *description)
{
    put(qn_store_fresh(store, path, QN_STORE_INTEGERS, unit, description), rank, dims, data);
}

void qn_store_text(struct qn_store *store, const char *path, const char *text,
                   const char *description)
{
    // one byte more than the text, so that the zero is there for qn_store_get_text
    const size_t length = strlen(text) + 1;
    put(qn_store_fresh(store, path, QN_STORE_STRING, "", description), 1, &length, text);
}

void qn_store_link(struct qn_store *store, const char *path, const char *file, const char *target)
{
    struct qn_store_item *item = qn_store_fresh(store, path, QN_STORE_EXTERNAL, "", "");
    item->file = copy(file);
    item->target = copy(target);
}

void qn_store_attr(struct qn_store *store, const char *path, const char *name, const char *text)
{
    for (size_t k = 0; k < store->n_attributes; k++) {
        struct qn_store_attribute *a = &store->attribute[k];
        if (strcmp(a->path, path) == 0 && strcmp(a->name, name) == 0) {
            qn_free(a->text);
            a->text = copy(text);
            return;
        }
    }
    qn_grow(&store->attribute, &store->cap_attributes, store->n_attributes + 1);
    store->attribute[store->n_attributes++] =
        (struct qn_store_attribute){copy(path), copy(name), copy(text)};
}

static const void *get(const struct qn_store *store, const char *path, enum qn_store_kind kind,
                       int *rank, size_t *dims)
{
    const struct qn_store_item *item = find(store, path);
    if (!item || item->kind != kind) {
        return NULL;
    }
    if (rank) {
        *rank = item->rank;
    }
    for (int k = 0; dims && k < item->rank; k++) {
        dims[k] = item->dims[k];
    }
    static const double nothing[1]; // an empty series exists but has no memory yet
    return item->data ? item->data : nothing;
}

const double *qn_store_get(const struct qn_store *store, const char *path, int *rank,
                           size_t dims[QN_STORE_RANK])
{
    return get(store, path, QN_STORE_DOUBLES, rank, dims);
}

const int64_t *qn_store_get_integers(const struct qn_store *store, const char *path, int *rank,
                                     size_t dims[QN_STORE_RANK])
{
    return get(store, path, QN_STORE_INTEGERS, rank, dims);
}

const char *qn_store_get_text(const struct qn_store *store, const char *path)
{
    return get(store, path, QN_STORE_STRING, NULL, NULL);
}

/// Make every folder on the way to `path`.
static enum qn_status make_folders(const char *path)
{
    char way[1024];
    snprintf(way, sizeof way, "%s", path);
    for (char *slash = strchr(way + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(way, 0777) != 0 && errno != EEXIST) {
            return qn_fail(QN_ERR_IO, "%s: cannot make this folder: %s", way, strerror(errno));
        }
        *slash = '/';
    }
    return QN_OK;
}

enum qn_status qn_store_claim(const char *path, int may_replace)
{
    struct stat info;
    if (stat(path, &info) == 0) {
        if (S_ISDIR(info.st_mode)) {
            return qn_fail(QN_ERR_IO, "%s is a folder; a file name is wanted", path);
        }
        if (!may_replace) {
            return qn_fail(QN_ERR_USAGE,
                           "%s exists: give --force to replace it, --resume to go on from it, or "
                           "another --output",
                           path);
        }
    }
    QN_TRY(make_folders(path));
    char folder[1024];
    snprintf(folder, sizeof folder, "%s", path);
    char *slash = strrchr(folder, '/');
    if (slash) {
        *(slash == folder ? slash + 1 : slash) = '\0';
    }
    if (access(slash ? folder : ".", W_OK | X_OK) != 0) {
        return qn_fail(QN_ERR_IO, "%s: %s", slash ? folder : "this folder", strerror(errno));
    }
    return QN_OK;
}
