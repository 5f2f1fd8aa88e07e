/// @file
/// Mill presets: `mill: {preset: P6, speed: 400 rpm}` takes from a file what the deck leaves out.
/// A map `assumed` in it (key: what is known) makes mill.assumption of those the deck leaves as is.
#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/deck_fields.h"

enum { FOLDER = 1024 };

/// "inputs/mills" or "mills" below `folder` with NAME.yaml in it; also notes where presets are.
static int look_in(const char *folder, const char *name, char found[FOLDER], char presets[FOLDER])
{
    static const char *const below[] = {"inputs/mills", "mills", "share/quern/mills"};
    for (size_t k = 0; k < sizeof below / sizeof *below; k++) {
        char place[FOLDER];
        if (snprintf(place, sizeof place, "%.700s/%s", folder, below[k]) >= FOLDER ||
            access(place, R_OK) != 0) {
            continue;
        }
        snprintf(presets, FOLDER, "%s", place);
        snprintf(found, FOLDER, "%.800s/%.200s.yaml", place, name);
        if (access(found, R_OK) == 0) {
            return 1;
        }
    }
    return 0;
}

/// `start` (a file) and every folder above it.
static int look_above(const char *start, const char *name, char found[FOLDER], char presets[FOLDER])
{
    char *path = realpath(start, NULL);
    int hit = 0;
    for (char *slash = path ? strrchr(path, '/') : NULL; slash && !hit;
         slash = strrchr(path, '/')) {
        *slash = '\0';
        hit = look_in(path, name, found, presets);
    }
    free(path);
    return hit;
}

/// "P5, P6, ..." of a folder, sorted.
static void list_presets(const char *folder, struct qn_text *text)
{
    struct dirent **entry = NULL;
    const int n = scandir(folder, &entry, NULL, alphasort);
    for (int k = 0; k < n; k++) {
        const char *dot = strrchr(entry[k]->d_name, '.');
        if (dot && strcmp(dot, ".yaml") == 0) {
            qn_text_add(text, "%s%.*s", text->length ? ", " : "", (int)(dot - entry[k]->d_name),
                        entry[k]->d_name);
        }
        free(entry[k]);
    }
    free(entry);
}

static enum qn_status find(const char *deck_path, const struct qn_yaml *node, char found[FOLDER])
{
    const char *name = node->text;
    const size_t length = strlen(name);
    const char *slash = strrchr(deck_path, '/');
    char presets[FOLDER] = "";
    if (length > 5 && strcmp(name + length - 5, ".yaml") == 0) {
        const int folder = *name == '/' || !slash ? 0 : (int)(slash - deck_path + 1);
        snprintf(found, FOLDER, "%.*s%.400s", folder, deck_path, name);
        return access(found, R_OK) == 0 ? QN_OK
                                        : qn_yaml_fail(node,
                                                       "mill.preset: there is no readable "
                                                       "file %s",
                                                       found);
    }
    if (look_above(deck_path, name, found, presets) ||
        look_above("/proc/self/exe", name, found, presets)) {
        return QN_OK;
    }
    struct qn_text list = {0};
    list_presets(presets, &list);
    const enum qn_status status =
        qn_yaml_fail(node, "mill.preset: there is no preset \"%s\"; there are: %s", name,
                     list.text ? list.text : "none");
    qn_text_free(&list);
    return status;
}

/// Take a child out of a map; the document still owns it.
static void drop(struct qn_yaml *map, const struct qn_yaml *child)
{
    int to = 0;
    for (int k = 0; k < map->count; k++) {
        map->child[to] = map->child[k];
        to += map->child[k] != child;
    }
    map->count = to;
}

/// What the preset assumes and the deck does not say: "sun_radius 125 mm: ...; ...", as
/// mill.assumption.
static enum qn_status assumptions(struct qn_yaml_doc *doc, struct qn_yaml *mill,
                                  struct qn_yaml *from, const char *path)
{
    struct qn_yaml *assumed = qn_yaml_get(from, "assumed");
    struct qn_text words = {0};
    if (!assumed) {
        return QN_OK;
    }
    drop(from, assumed);
    for (int k = 0; k < assumed->count; k++) {
        const struct qn_yaml *item = assumed->child[k];
        const struct qn_yaml *value = qn_yaml_get(from, item->key);
        if (!value || value->kind != QN_YAML_SCALAR || item->kind != QN_YAML_SCALAR) {
            qn_text_free(&words);
            return qn_fail(QN_ERR_INPUT, "%s: mill.assumed.%s says nothing of a key there", path,
                           item->key);
        }
        if (!qn_yaml_get(mill, item->key)) {
            qn_text_add(&words, "%s%s %s, ", words.length ? "; " : "'", item->key, value->text);
            for (const char *c = item->text; *c; c++) { // a quote is doubled within quotes
                qn_text_add(&words, *c == '\'' ? "''" : "%c", *c);
            }
        }
    }
    enum qn_status status = QN_OK;
    if (words.length) {
        qn_text_add(&words, "'");
        status = qn_yaml_set(doc, "mill.assumption", words.text);
    }
    qn_text_free(&words);
    return status;
}

enum qn_status qn_deck_preset(const char *deck_path, struct qn_yaml_doc *doc)
{
    struct qn_yaml *mill = qn_yaml_at(doc->root, "mill");
    const struct qn_yaml *preset = qn_yaml_at(doc->root, "mill.preset");
    char path[FOLDER];
    struct qn_yaml_doc other;
    if (!preset) {
        return QN_OK;
    }
    drop(mill, preset); // what it brings is in the resolved deck, so that needs no preset
    if (preset->kind != QN_YAML_SCALAR) {
        return qn_yaml_fail(preset, "mill.preset: a name or a path is wanted");
    }
    QN_TRY(find(deck_path, preset, path));
    QN_TRY(qn_yaml_read(path, &other));
    struct qn_yaml *from = qn_yaml_at(other.root, "mill");
    if (!from || from->kind != QN_YAML_MAP || other.root->count != 1) {
        qn_yaml_free(&other);
        return qn_fail(QN_ERR_INPUT, "%s: a preset holds one map, mill, and nothing else", path);
    }
    const enum qn_status status = assumptions(doc, mill, from, path);
    if (status != QN_OK) {
        qn_yaml_free(&other);
        return status;
    }
    qn_yaml_fill(doc, mill, &other, from);
    return QN_OK;
}
