/// @file
/// libyaml events to a tree that knows where each word stands.
///
/// Built with a cursor instead of recursion, so a hostile depth cannot break the stack on the way
/// in; QN_DEPTH bounds it for the walkers that do recurse. Every node and text belongs to the
/// document.
#include "io/yaml.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include <yaml.h>

#include "base/array.h"

enum { QN_DEPTH = 64 };

/// A node with what its owner needs to free and grow it.
struct node {
    struct qn_yaml seen; // first: a node is a struct qn_yaml
    size_t capacity;     // of seen.child
    char *key, *text;    // owned; seen.key and seen.text point here
    struct node *above;  // map or list it stands in
    struct node *older;  // every node of the document, newest first
};

/// A name nodes point at: the file, or the option a value came from.
struct name {
    char *text;
    struct name *older;
};

struct arena {
    char *file;          // names[0], for short
    struct name *names;  // owned
    struct node *newest; // owned
};

struct builder {
    struct arena *arena;
    bool placed;     // lines and columns are those of a file
    struct node *at; // open map or list, NULL before the root
    char *key;       // read and waiting for its value, owned
    int key_line, key_column, depth;
    bool done; // the stream has ended
    struct qn_yaml *root;
};

static char *copy(const char *text, size_t length)
{
    char *fresh = qn_alloc(length + 1, 1);
    memcpy(fresh, text, length);
    return fresh;
}

static enum qn_status fail_at(const char *file, yaml_mark_t mark, const char *what)
{
    return qn_fail(QN_ERR_INPUT, "%s:%zu:%zu: %s", file, mark.line + 1, mark.column + 1, what);
}

const char *qn_yaml_place(const struct qn_yaml *node, int of_value, char out[QN_PLACE_TEXT])
{
    if (node->line == 0) {
        snprintf(out, QN_PLACE_TEXT, "%s", node->file);
    } else {
        snprintf(out, QN_PLACE_TEXT, "%s:%d:%d", node->file,
                 of_value ? node->value_line : node->line,
                 of_value ? node->value_column : node->column);
    }
    return out;
}

enum qn_status qn_yaml_fail(const struct qn_yaml *node, const char *format, ...)
{
    char text[2048];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    char place[QN_PLACE_TEXT];
    return qn_fail(QN_ERR_INPUT, "%s: %s", qn_yaml_place(node, 0, place), text);
}

static void adopt(struct node *above, struct node *n)
{
    qn_grow(&above->seen.child, &above->capacity, (size_t)above->seen.count + 1);
    above->seen.child[above->seen.count++] = &n->seen;
    n->above = above;
    n->seen.parent = &above->seen;
}

static enum qn_status add_node(struct builder *b, enum qn_yaml_kind kind, yaml_mark_t mark,
                               struct node **made)
{
    struct node *n = qn_alloc(1, sizeof *n);
    n->older = b->arena->newest;
    b->arena->newest = n;
    n->seen.kind = kind;
    n->seen.file = b->arena->file;
    n->seen.value_line = b->placed ? (int)mark.line + 1 : 0;
    n->seen.value_column = (int)mark.column + 1;
    n->seen.line = !b->placed ? 0 : b->key ? b->key_line : n->seen.value_line;
    n->seen.column = b->key ? b->key_column : n->seen.value_column;
    n->key = b->key;
    n->seen.key = b->key;
    b->key = NULL;
    *made = n;

    struct node *above = b->at;
    if (!above) {
        b->root = &n->seen;
        return QN_OK;
    }
    for (int k = 0; n->key && k < above->seen.count; k++) {
        const struct qn_yaml *other = above->seen.child[k];
        if (strcmp(other->key, n->key) == 0) {
            return qn_yaml_fail(&n->seen, "%s: given twice (first on line %d)", n->key,
                                other->line);
        }
    }
    adopt(above, n);
    return QN_OK;
}

static bool wants_key(const struct builder *b)
{
    return b->at && b->at->seen.kind == QN_YAML_MAP && !b->key;
}

static enum qn_status open_node(struct builder *b, enum qn_yaml_kind kind, yaml_mark_t mark)
{
    if (wants_key(b)) {
        return fail_at(b->arena->file, mark, "a key must be a word, not a map or a list");
    }
    if (++b->depth > QN_DEPTH) {
        return fail_at(b->arena->file, mark, "nested too deeply");
    }
    struct node *made;
    QN_TRY(add_node(b, kind, mark, &made));
    b->at = made;
    return QN_OK;
}

static enum qn_status take_scalar(struct builder *b, const yaml_event_t *event)
{
    const char *text = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    if (memchr(text, '\0', length)) {
        return fail_at(b->arena->file, event->start_mark, "a zero byte inside a text");
    }
    if (wants_key(b)) {
        b->key = copy(text, length);
        b->key_line = (int)event->start_mark.line + 1;
        b->key_column = (int)event->start_mark.column + 1;
        return QN_OK;
    }
    struct node *made;
    QN_TRY(add_node(b, QN_YAML_SCALAR, event->start_mark, &made));
    made->text = copy(text, length);
    made->seen.text = made->text;
    made->seen.quoted = event->data.scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                        event->data.scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
    return QN_OK;
}

static bool is_aliased(const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_ALIAS_EVENT:
        return true;
    case YAML_SCALAR_EVENT:
        return event->data.scalar.anchor != NULL;
    case YAML_MAPPING_START_EVENT:
        return event->data.mapping_start.anchor != NULL;
    case YAML_SEQUENCE_START_EVENT:
        return event->data.sequence_start.anchor != NULL;
    default:
        return false;
    }
}

static enum qn_status take_event(struct builder *b, const yaml_event_t *event)
{
    if (is_aliased(event)) {
        return fail_at(b->arena->file, event->start_mark,
                       "anchors and aliases are not allowed: write the value out where it is used");
    }
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        return b->root ? fail_at(b->arena->file, event->start_mark,
                                 "a second document; one file holds one")
                       : QN_OK;
    case YAML_SCALAR_EVENT:
        return take_scalar(b, event);
    case YAML_MAPPING_START_EVENT:
        return open_node(b, QN_YAML_MAP, event->start_mark);
    case YAML_SEQUENCE_START_EVENT:
        return open_node(b, QN_YAML_LIST, event->start_mark);
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        QN_ASSERT(b->at != NULL); // the parser balances its events
        b->depth--;
        b->at = b->at->above;
        return QN_OK;
    case YAML_STREAM_END_EVENT:
        b->done = true;
        return QN_OK;
    default: // stream start, document end: nothing to build
        return QN_OK;
    }
}

static enum qn_status syntax_fault(const char *file, const yaml_parser_t *parser)
{
    // a byte that is not UTF-8 has no mark, only an offset
    if (parser->error == YAML_READER_ERROR) {
        return qn_fail(QN_ERR_INPUT, "%s: byte %zu: not YAML: %s", file, parser->problem_offset,
                       parser->problem);
    }
    char text[512];
    snprintf(text, sizeof text, "not YAML: %s%s%s", parser->problem ? parser->problem : "?",
             parser->context ? ", " : "", parser->context ? parser->context : "");
    return fail_at(file, parser->problem_mark, text);
}

static enum qn_status build(struct builder *b, yaml_parser_t *parser)
{
    while (!b->done) {
        yaml_event_t event;
        if (!yaml_parser_parse(parser, &event)) {
            return syntax_fault(b->arena->file, parser);
        }
        const enum qn_status status = take_event(b, &event);
        yaml_event_delete(&event);
        QN_TRY(status);
    }
    if (!b->root) {
        return qn_fail(QN_ERR_INPUT, "%s:1:1: the file is empty", b->arena->file);
    }
    return QN_OK;
}

static void name_it(struct arena *arena, const char *text)
{
    struct name *n = qn_alloc(1, sizeof *n);
    n->text = copy(text, strlen(text));
    n->older = arena->names;
    arena->names = n;
    arena->file = n->text;
}

/// Take ownership of `parser` (its input is set) and fill `doc`.
static enum qn_status parse(const char *name, yaml_parser_t *parser, struct qn_yaml_doc *doc)
{
    struct arena *arena = qn_alloc(1, sizeof *arena);
    name_it(arena, name);
    struct builder b = {.arena = arena, .placed = true};
    const enum qn_status status = build(&b, parser);
    yaml_parser_delete(parser);
    qn_free(b.key);
    *doc = (struct qn_yaml_doc){.root = b.root, .arena = arena};
    if (status != QN_OK) {
        qn_yaml_free(doc);
    }
    return status;
}

enum qn_status qn_yaml_parse(const char *name, const char *text, struct qn_yaml_doc *doc)
{
    *doc = (struct qn_yaml_doc){0};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return qn_fail(QN_ERR_MEMORY, "%s: out of memory", name);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    return parse(name, &parser, doc);
}

enum qn_status qn_yaml_read(const char *path, struct qn_yaml_doc *doc)
{
    *doc = (struct qn_yaml_doc){0};
    FILE *file = fopen(path, "rb");
    if (!file) {
        return qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        fclose(file);
        return qn_fail(QN_ERR_MEMORY, "%s: out of memory", path);
    }
    yaml_parser_set_input_file(&parser, file);
    const enum qn_status status = parse(path, &parser, doc);
    const bool broken = ferror(file) != 0;
    fclose(file);
    if (broken) { // a directory opens but does not read
        qn_yaml_free(doc);
        return qn_fail(QN_ERR_IO, "%s: cannot be read", path);
    }
    return status;
}

void qn_yaml_free(struct qn_yaml_doc *doc)
{
    struct arena *arena = doc->arena;
    if (arena) {
        for (struct node *n = arena->newest; n;) {
            struct node *older = n->older;
            qn_free(n->seen.child);
            qn_free(n->key);
            qn_free(n->text);
            qn_free(n);
            n = older;
        }
        for (struct name *n = arena->names; n;) {
            struct name *older = n->older;
            qn_free(n->text);
            qn_free(n);
            n = older;
        }
        qn_free(arena);
    }
    *doc = (struct qn_yaml_doc){0};
}

/// Child whose key is the first `length` letters of `key`.
static struct qn_yaml *child_of(struct qn_yaml *map, const char *key, size_t length)
{
    if (!map || map->kind != QN_YAML_MAP) {
        return NULL;
    }
    for (int k = 0; k < map->count; k++) {
        struct qn_yaml *child = map->child[k];
        if (strlen(child->key) == length && memcmp(child->key, key, length) == 0) {
            child->used = 1;
            return child;
        }
    }
    return NULL;
}

void qn_yaml_fill(struct qn_yaml_doc *doc, struct qn_yaml *into, struct qn_yaml_doc *other,
                  struct qn_yaml *from)
{
    struct arena *arena = doc->arena, *theirs = other->arena;
    for (int k = 0; k < from->count; k++) {
        if (!child_of(into, from->child[k]->key, strlen(from->child[k]->key))) {
            adopt((struct node *)(void *)into, (struct node *)(void *)from->child[k]);
        }
    }
    // their nodes and names go to the ends of our lists
    struct node **last = &arena->newest;
    while (*last) {
        last = &(*last)->older;
    }
    *last = theirs->newest;
    struct name **end = &arena->names;
    while (*end) {
        end = &(*end)->older;
    }
    *end = theirs->names;
    theirs->newest = NULL;
    theirs->names = NULL;
    qn_yaml_free(other);
}

struct qn_yaml *qn_yaml_get(struct qn_yaml *map, const char *key)
{
    return child_of(map, key, strlen(key));
}

struct qn_yaml *qn_yaml_at(struct qn_yaml *node, const char *path)
{
    while (node && *path) {
        const size_t step = strcspn(path, ".");
        node = child_of(node, path, step);
        path += step + (path[step] == '.');
    }
    return node;
}

enum qn_status qn_yaml_double(const struct qn_yaml *node, double *value)
{
    *value = 0.0;
    const char *const key = node->key ? node->key : "item";
    if (node->kind != QN_YAML_SCALAR) {
        return qn_yaml_fail(node, "%s: a number is wanted, not a %s", key,
                            node->kind == QN_YAML_MAP ? "map" : "list");
    }
    char *end;
    const double number = strtod(node->text, &end);
    if (node->quoted || end == node->text || *end != '\0' || !isfinite(number)) {
        char place[QN_PLACE_TEXT];
        return qn_fail(QN_ERR_INPUT, "%s: %s: \"%s\" is not a number",
                       qn_yaml_place(node, 1, place), key, node->text);
    }
    *value = number;
    return QN_OK;
}

/// Child of `at` named by one step of a path ("groups" or "groups[0]" without its index), made as
/// an empty map when it is not there.
static struct node *step_into(struct arena *arena, struct node *at, const char *step, size_t length)
{
    struct qn_yaml *found = child_of(&at->seen, step, length);
    if (found) {
        return (struct node *)(void *)found;
    }
    struct node *n = qn_alloc(1, sizeof *n);
    n->older = arena->newest;
    arena->newest = n;
    n->key = copy(step, length);
    n->seen = (struct qn_yaml){.kind = QN_YAML_MAP, .file = arena->file, .key = n->key};
    adopt(at, n);
    return n;
}

/// Walk `path` from the root to the node it names; makes missing maps, not missing list items.
static enum qn_status walk(struct qn_yaml_doc *doc, const char *path, struct node **found)
{
    struct arena *arena = doc->arena;
    struct node *at = (struct node *)(void *)doc->root;
    while (*path) {
        const size_t step = strcspn(path, ".[");
        if (step > 0) {
            if (at->seen.kind != QN_YAML_MAP) {
                return qn_fail(QN_ERR_INPUT, "%s: there is no key \"%.*s\" to set", arena->file,
                               (int)step, path);
            }
            at = step_into(arena, at, path, step);
            path += step;
        }
        if (*path == '[') {
            char *end;
            const long index = strtol(path + 1, &end, 10);
            if (at->seen.kind != QN_YAML_LIST || *end != ']' || index < 0 ||
                index >= at->seen.count) {
                return qn_fail(QN_ERR_INPUT, "%s: there is no item %.*s to set", arena->file,
                               (int)(strcspn(path, ".")), path);
            }
            at = (struct node *)(void *)at->seen.child[index];
            path = end + 1;
        }
        path += *path == '.';
    }
    *found = at;
    return QN_OK;
}

enum qn_status qn_yaml_set(struct qn_yaml_doc *doc, const char *path, const char *text)
{
    struct arena *arena = doc->arena;
    char label[QN_PLACE_TEXT];
    snprintf(label, sizeof label, "--set %s", path);
    name_it(arena, label);
    struct node *target = NULL;
    QN_TRY(walk(doc, path, &target));

    // parse into the same arena, then let the target take over what was read
    struct builder b = {.arena = arena};
    yaml_parser_t parser;
    if (!yaml_parser_initialize(&parser)) {
        return qn_fail(QN_ERR_MEMORY, "%s: out of memory", label);
    }
    yaml_parser_set_input_string(&parser, (const unsigned char *)text, strlen(text));
    const enum qn_status status = build(&b, &parser);
    yaml_parser_delete(&parser);
    qn_free(b.key);
    if (status != QN_OK) {
        return qn_fail(QN_ERR_INPUT, "%s: \"%s\" is not a value", label, text);
    }
    struct node *fresh = (struct node *)(void *)b.root;
    QN_ASSERT(fresh && target); // build and walk have succeeded
    struct qn_yaml **old_child = target->seen.child;
    const size_t old_capacity = target->capacity;
    const char *key = target->seen.key;
    struct qn_yaml *parent = target->seen.parent;
    target->seen = fresh->seen;
    target->seen.key = key;
    target->seen.parent = parent;
    target->capacity = fresh->capacity;
    for (int k = 0; k < target->seen.count; k++) {
        target->seen.child[k]->parent = &target->seen;
    }
    fresh->seen.child = old_child; // freed with the document
    fresh->capacity = old_capacity;
    return QN_OK;
}
