/// @file
/// Read a map by its table, collecting faults.
#include "io/schema.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "io/units.h"

enum { PATH_TEXT = 192, MAX_WORDS = 128 };

static void *member(void *out, const struct qn_field *f)
{
    return (char *)out + f->offset;
}

static const struct qn_field *find(const struct qn_table *table, const char *path)
{
    for (const struct qn_field *f = table->field; f->path; f++) {
        if (strcmp(f->path, path) == 0) {
            return f;
        }
    }
    return NULL;
}

int qn_field_applies(const struct qn_table *table, const struct qn_field *field, const void *in)
{
    if (!field->when) {
        return 1;
    }
    const struct qn_field *chooser = find(table, field->when);
    QN_ASSERT(chooser && chooser->type == QN_FIELD_ENUM);
    int chosen;
    memcpy(&chosen, (const char *)in + chooser->offset, sizeof chosen);
    return chosen >= 0 && strcmp(chooser->names[chosen], field->is) == 0;
}

/// "above 0 rad/s and up to 300 rad/s"
static void range_text(const struct qn_field *f, char *out, size_t size)
{
    const bool pure = !f->unit || strcmp(f->unit, "1") == 0;
    const char *gap = pure ? "" : " ", *unit = pure ? "" : f->unit;
    const bool low = f->min > -HUGE_VAL, high = f->max < HUGE_VAL;
    int n = 0;
    if (low) {
        n = snprintf(out, size, "%s %.9g%s%s", f->flags & QN_ABOVE ? "above" : "at least", f->min,
                     gap, unit);
    }
    if (high) {
        snprintf(out + n, size - (size_t)n, "%s%s %.9g%s%s", low ? " and " : "",
                 f->flags & QN_BELOW ? "below" : "at most", f->max, gap, unit);
    }
}

static bool in_range(const struct qn_field *f, double v)
{
    return (f->flags & QN_ABOVE ? v > f->min : v >= f->min) &&
           (f->flags & QN_BELOW ? v < f->max : v <= f->max);
}

static bool is_scalar(const struct qn_yaml *node, const char *path, struct qn_faults *faults)
{
    if (node->kind == QN_YAML_SCALAR) {
        return true;
    }
    qn_fault_value(faults, node, path, "a single value is wanted, not a %s",
                   node->kind == QN_YAML_MAP ? "map" : "list");
    return false;
}

int qn_schema_double(const struct qn_field *field, const struct qn_yaml *node, const char *path,
                     double *value, struct qn_faults *faults)
{
    if (!is_scalar(node, path, faults)) {
        return 0;
    }
    if (qn_units_value(node->text, field->unit, value) != QN_OK) {
        qn_fault_value(faults, node, path, "%s", qn_error_text());
        return 0;
    }
    if (!in_range(field, *value)) {
        char allowed[128], in_si[64] = "";
        range_text(field, allowed, sizeof allowed);
        if (strcmp(field->unit, "1") != 0 && !strstr(node->text, field->unit)) {
            snprintf(in_si, sizeof in_si, " (%.6g %s)", *value, field->unit);
        }
        qn_fault_value(faults, node, path, "%s%s is out of range; allowed: %s", node->text, in_si,
                       allowed);
        return 0;
    }
    return 1;
}

static void read_doubles(const struct qn_field *f, const struct qn_yaml *node, const char *path,
                         double *out, struct qn_faults *faults)
{
    if (f->count <= 1) {
        qn_schema_double(f, node, path, out, faults);
        return;
    }
    if (node->kind != QN_YAML_LIST || node->count != f->count) {
        qn_fault_value(faults, node, path, "a list of %d values is wanted", f->count);
        return;
    }
    for (int k = 0; k < f->count; k++) {
        char item[PATH_TEXT];
        snprintf(item, sizeof item, "%s[%d]", path, k);
        qn_schema_double(f, node->child[k], item, &out[k], faults);
    }
}

static void read_int(const struct qn_field *f, const struct qn_yaml *node, const char *path,
                     int64_t *out, struct qn_faults *faults)
{
    char *end;
    errno = 0;
    const long long value = strtoll(node->text, &end, 10);
    if (end == node->text || *end != '\0' || errno) {
        qn_fault_value(faults, node, path, "\"%s\" is not a whole number", node->text);
    } else if (!in_range(f, (double)value)) {
        char allowed[128];
        range_text(f, allowed, sizeof allowed);
        qn_fault_value(faults, node, path, "%s is out of range; allowed: %s", node->text, allowed);
    } else {
        *out = value;
    }
}

static void read_word(const char *const *names, const struct qn_yaml *node, const char *path,
                      int *out, struct qn_faults *faults)
{
    *out = -1;
    for (int k = 0; names[k]; k++) {
        if (strcmp(names[k], node->text) == 0) {
            *out = k;
            return;
        }
    }
    struct qn_text list = {0};
    for (int k = 0; names[k]; k++) {
        qn_text_add(&list, "%s%s", k ? ", " : "", names[k]);
    }
    const char *near = qn_nearest_word(node->text, names);
    qn_fault_value(faults, node, path, "\"%s\" is not one of: %s%s%s%s", node->text, list.text,
                   near ? "; did you mean \"" : "", near ? near : "", near ? "\"?" : "");
    qn_text_free(&list);
}

static void read_bool(const struct qn_yaml *node, const char *path, int64_t *out,
                      struct qn_faults *faults)
{
    static const char *const words[] = {"no", "yes", "false", "true", NULL};
    int word = -1;
    read_word(words, node, path, &word, faults);
    if (word >= 0) {
        *out = word % 2;
    }
}

static void read_string(const struct qn_field *f, const struct qn_yaml *node, const char *path,
                        char *out, struct qn_faults *faults)
{
    if (strlen(node->text) >= f->size) {
        qn_fault_value(faults, node, path, "longer than %zu letters", f->size - 1);
        return;
    }
    snprintf(out, f->size, "%s", node->text);
}

static void read_field(const struct qn_field *f, struct qn_yaml *node, const char *path, void *out,
                       struct qn_faults *faults)
{
    void *to = member(out, f);
    if (f->type == QN_FIELD_OTHER) {
        f->read(f, node, path, out, faults);
        return;
    }
    if (f->type == QN_FIELD_DOUBLE) {
        read_doubles(f, node, path, to, faults);
        return;
    }
    if (!is_scalar(node, path, faults)) {
        return;
    }
    switch (f->type) {
    case QN_FIELD_INT:
        read_int(f, node, path, to, faults);
        break;
    case QN_FIELD_BOOL:
        read_bool(node, path, to, faults);
        break;
    case QN_FIELD_ENUM:
        read_word(f->names, node, path, to, faults);
        break;
    default:
        read_string(f, node, path, to, faults);
        break;
    }
}

/// The default goes the same way as a value from the deck; a list of doubles repeats it.
static void read_fallback(const struct qn_field *f, const char *path, void *out,
                          struct qn_faults *faults)
{
    struct qn_yaml item = {.kind = QN_YAML_SCALAR, .file = "(default)", .text = f->fallback};
    const int before = faults->count;
    if (f->type == QN_FIELD_DOUBLE && f->count > 1) {
        for (int k = 0; k < f->count; k++) {
            qn_schema_double(f, &item, path, (double *)member(out, f) + k, faults);
        }
    } else {
        read_field(f, &item, path, out, faults);
    }
    QN_ASSERT(faults->count == before || f->type == QN_FIELD_OTHER);
}

static void join(char out[PATH_TEXT], const char *prefix, const char *path)
{
    snprintf(out, PATH_TEXT, "%.80s%s%.110s", prefix, *prefix && *path ? "." : "", path);
}

/// Where a missing key belongs: the deepest map on its way, or NULL when something else stands
/// there.
static const struct qn_yaml *home_of(struct qn_yaml *map, const char *path)
{
    char way[PATH_TEXT];
    snprintf(way, sizeof way, "%s", path);
    struct qn_yaml *node = NULL;
    for (char *dot = strrchr(way, '.'); !node && dot; dot = strrchr(way, '.')) {
        *dot = '\0';
        node = qn_yaml_at(map, way);
    }
    node = node ? node : map;
    return node->kind == QN_YAML_MAP ? node : NULL;
}

/// Every word that may follow `level` ("" or "mill.") in a table, without repeats.
static int words_of(const struct qn_table *table, const char *level, const char **words,
                    char store[MAX_WORDS][PATH_TEXT])
{
    int n = 0;
    const size_t skip = strlen(level);
    for (const struct qn_field *f = table->field; f->path && n < MAX_WORDS - 1; f++) {
        if (strncmp(f->path, level, skip) != 0) {
            continue;
        }
        const int length = (int)strcspn(f->path + skip, ".");
        snprintf(store[n], PATH_TEXT, "%.*s", length, f->path + skip);
        bool again = false;
        for (int k = 0; k < n; k++) {
            again = again || strcmp(words[k], store[n]) == 0;
        }
        if (!again) {
            words[n] = store[n];
            n++;
        }
    }
    words[n] = NULL;
    return n;
}

static void unknown_key(const struct qn_table *table, const struct qn_yaml *node, const char *level,
                        const char *path, struct qn_faults *faults)
{
    static char store[MAX_WORDS][PATH_TEXT]; // cold and large; decks are read by one thread
    const char *words[MAX_WORDS];
    words_of(table, level, words, store);
    // the right word in the wrong place, then a slip of the pen
    for (const struct qn_field *f = table->field; f->path; f++) {
        const char *last = strrchr(f->path, '.');
        if (last && strcmp(last + 1, node->key) == 0) {
            qn_fault_key(faults, node, path, "unknown key; did you mean \"%s\"?", f->path);
            return;
        }
    }
    const char *near = qn_nearest_word(node->key, words);
    if (near) {
        qn_fault_key(faults, node, path, "unknown key; did you mean \"%s\"?", near);
        return;
    }
    struct qn_text list = {0};
    for (int k = 0; words[k]; k++) {
        qn_text_add(&list, "%s%s", k ? ", " : "", words[k]);
    }
    qn_fault_key(faults, node, path, "unknown key; known here: %s", list.text);
    qn_text_free(&list);
}

/// Compare the tree with the table: `level` is "" or a dotted path with a dot at its end.
static void check_keys(const struct qn_table *table, const struct qn_yaml *map, const char *level,
                       const char *prefix, struct qn_faults *faults)
{
    for (int k = 0; k < map->count; k++) {
        const struct qn_yaml *child = map->child[k];
        char own[PATH_TEXT], path[PATH_TEXT], deeper[PATH_TEXT];
        snprintf(own, sizeof own, "%.90s%.90s", level, child->key);
        snprintf(deeper, sizeof deeper, "%.190s.", own);
        join(path, prefix, own);
        bool exact = false, section = false;
        for (const struct qn_field *f = table->field; f->path; f++) {
            exact = exact || strcmp(f->path, own) == 0;
            section = section || strncmp(f->path, deeper, strlen(deeper)) == 0;
        }
        if (!exact && !section) {
            unknown_key(table, child, level, path, faults);
        } else if (section && child->kind != QN_YAML_MAP) {
            qn_fault_value(faults, child, path, "a map of keys is wanted here");
        } else if (section) {
            check_keys(table, child, deeper, prefix, faults);
        }
    }
}

/// Is `f` the first row of its path, and does no other row of that path apply? Keys of one name may
/// belong to several words of a chooser, a row each.
static bool is_idle(const struct qn_table *table, const struct qn_field *f, const void *in)
{
    for (const struct qn_field *other = table->field; other->path; other++) {
        if (strcmp(other->path, f->path) == 0 &&
            (other < f || qn_field_applies(table, other, in))) {
            return false;
        }
    }
    return true;
}

/// "planetary, tumbler or attritor": every word that allows the path of row `f`, its first.
static void words_that_allow(const struct qn_field *f, char words[PATH_TEXT])
{
    const char *held = NULL; // written once it is known whether another follows
    for (const struct qn_field *k = f; k->path; k++) {
        if (strcmp(k->path, f->path) == 0) {
            const size_t n = strlen(words);
            snprintf(words + n, PATH_TEXT - n, "%s%s", n ? ", " : "", held ? held : "");
            held = k->is;
        }
    }
    const size_t n = strlen(words);
    snprintf(words + n, PATH_TEXT - n, "%s%s", n ? " or " : "", held);
}

/// Report a key whose condition does not hold; nothing can be said when the chooser is itself
/// wrong.
static void check_idle(const struct qn_table *table, const struct qn_field *f,
                       const struct qn_yaml *node, const char *prefix, const void *in,
                       struct qn_faults *faults)
{
    const struct qn_field *by = find(table, f->when);
    QN_ASSERT(by != NULL);
    int chosen;
    memcpy(&chosen, (const char *)in + by->offset, sizeof chosen);
    if (node && chosen >= 0 && is_idle(table, f, in)) {
        char path[PATH_TEXT], chooser[PATH_TEXT], words[PATH_TEXT] = "";
        join(path, prefix, f->path);
        join(chooser, prefix, f->when);
        words_that_allow(f, words);
        qn_fault_key(faults, node, path, "used only when %s is %s; remove it", chooser, words);
    }
}

static void set_enum(const struct qn_field *f, void *out, int from, int to)
{
    int now;
    if (f->type == QN_FIELD_ENUM) {
        memcpy(&now, member(out, f), sizeof now);
        memcpy(member(out, f), now == from ? &to : &now, sizeof to);
    }
}

/// An enum is -1 while it is not known, so that what depends on it stays silent. Rows that do not
/// apply are left alone: others may share their bytes.
static void set_enums(const struct qn_table *table, void *out, int from, int to)
{
    for (const struct qn_field *f = table->field; f->path; f++) {
        if (to < 0 ? !f->when : qn_field_applies(table, f, out)) {
            set_enum(f, out, from, to);
        }
    }
}

void qn_schema_read(const struct qn_table *table, struct qn_yaml *map, const char *prefix,
                    void *out, struct qn_faults *faults)
{
    if (map->kind != QN_YAML_MAP) {
        qn_fault_value(faults, map, prefix, "a map of keys is wanted here");
        return;
    }
    set_enums(table, out, 0, -1); // `out` comes zeroed
    for (const struct qn_field *f = table->field; f->path; f++) {
        char path[PATH_TEXT];
        join(path, prefix, f->path);
        struct qn_yaml *node = qn_yaml_at(map, f->path);
        if (!qn_field_applies(table, f, out)) {
            check_idle(table, f, node, prefix, out, faults);
            continue;
        }
        if (f->when) {
            set_enum(f, out, 0, -1);
        }
        if (node) {
            read_field(f, node, path, out, faults);
        } else if (!(f->flags & QN_REQUIRED)) {
            read_fallback(f, path, out, faults);
        } else {
            const struct qn_yaml *home = home_of(map, f->path);
            if (home) {
                qn_fault_key(faults, home, path, "missing (%s)", f->doc);
            }
        }
    }
    set_enums(table, out, -1, 0);
    check_keys(table, map, "", prefix, faults);
}
