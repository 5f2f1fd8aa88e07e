/// @file
/// Sections of a mechanism by name, in its own file or in another beside it.
#include "mechanism_reader.h"

#include <string.h>

#include "base/array.h"
#include "base/hash.h"

enum qn_status qn_reader_slurp(const char *path, char **text)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return qn_fail(QN_ERR_IO, "%s: the mechanism cannot be opened", path);
    }
    size_t capacity = 0;
    size_t length = 0;
    size_t got = 0;
    *text = NULL;
    do {
        qn_grow(text, &capacity, length + 65536);
        got = fread(*text + length, 1, capacity - length - 1, file);
        length += got;
    } while (got > 0);
    (void)fclose(file);
    (*text)[length] = '\0';
    return QN_OK;
}

static enum qn_status parse_file(struct qn_reader *r, struct qn_reader_file *f)
{
    char *text = NULL;
    QN_TRY(qn_reader_slurp(f->path, &text));
    QN_ASSERT(text != NULL); // at least its closing zero
    const enum qn_status status = qn_yaml_parse(f->path, text, &f->doc);
    r->hash = qn_hash(r->hash, text, strlen(text));
    qn_free(text);
    return status;
}

// The other file, opened once; NULL and a fault when it cannot be read.
static struct qn_reader_file *open_file(struct qn_reader *r, const struct qn_yaml *at,
                                        const char *name, size_t length)
{
    const char *slash = strrchr(r->name, '/');
    const int folder = slash ? (int)(slash - r->name) + 1 : 0;
    char path[sizeof r->file->path];
    const int n = snprintf(path, sizeof path, "%.*s%.*s", folder, r->name, (int)length, name);
    if (n < 0 || (size_t)n >= sizeof path || r->n_files == QN_READER_FILES) {
        qn_reader_fault(r, at, "at most %d other files, their names up to %zu letters",
                        QN_READER_FILES, sizeof path - 1);
        return NULL;
    }
    for (int i = 0; i < r->n_files; i++) {
        if (strcmp(r->file[i].path, path) == 0) {
            return &r->file[i];
        }
    }
    struct qn_reader_file *f = &r->file[r->n_files];
    (void)snprintf(f->path, sizeof f->path, "%s", path);
    if (parse_file(r, f) != QN_OK) {
        char why[400];
        (void)snprintf(why, sizeof why, "%.399s", qn_error_text());
        qn_reader_fault(r, at, "%s", why);
        return NULL;
    }
    r->n_files++;
    const struct qn_mechanism_units before = r->units;
    r->units = qn_reader_default_units();
    (void)qn_reader_scope(r, f->doc.root);
    f->units = r->units;
    r->units = before;
    return f;
}

struct qn_yaml *qn_reader_section(struct qn_reader *r, const struct qn_yaml *at, const char *name)
{
    const char *slash = strrchr(name, '/');
    struct qn_yaml *root = r->root;
    if (slash) {
        struct qn_reader_file *f = open_file(r, at, name, (size_t)(slash - name));
        if (!f) {
            return NULL;
        }
        root = f->doc.root;
        r->units = f->units;
    }
    struct qn_yaml *list =
        root->kind == QN_YAML_MAP ? qn_yaml_get(root, slash ? slash + 1 : name) : NULL;
    if (!list || list->kind != QN_YAML_LIST) {
        qn_reader_fault(r, at, "there is no section \"%s\"", name);
        return NULL;
    }
    (void)qn_reader_scope(r, list);
    return list;
}

void qn_reader_free_files(struct qn_reader *r)
{
    for (int i = 0; i < r->n_files; i++) {
        qn_yaml_free(&r->file[i].doc);
    }
    r->n_files = 0;
}
