/// @file
/// A YAML document as a tree of nodes that know where they stand in the file.
///
/// Wraps libyaml's event parser. Lines and columns are 1-based. Anchors and aliases are refused
/// with a message (a deck that repeats itself hides what it says); duplicate keys are errors.
/// Reads nothing but structure: types, units and ranges are the business of `io/schema.h`.
#pragma once

#include "base/error.h"

enum qn_yaml_kind { QN_YAML_SCALAR, QN_YAML_MAP, QN_YAML_LIST };

/// One node. A map's child has `key`; a list's child has none.
struct qn_yaml {
    enum qn_yaml_kind kind;
    int line, column;             ///< where it begins, 1-based (of the key, for a map's child);
                                  ///< line 0: from qn_yaml_set
    int value_line, value_column; ///< where its value begins
    const char *file;             ///< path it came from, borrowed from the document
    const char *key;              ///< NULL in a list and at the root
    const char *text;             ///< scalar text, NULL for maps and lists
    int quoted;                   ///< scalar was quoted: a string even if it looks like a number
    int used;                     ///< set by readers; what stays 0 is an unknown key
    int count;                    ///< children
    struct qn_yaml **child;       ///< shape [count]
    struct qn_yaml *parent;       ///< NULL at the root
};

/// A parsed document; owns all its nodes and texts.
struct qn_yaml_doc {
    struct qn_yaml *root;
    void *arena; ///< opaque
};

/// Parse a file. Faults: missing file (QN_ERR_IO), syntax, duplicates, aliases (QN_ERR_INPUT with
/// file:line:column).
enum qn_status qn_yaml_read(const char *path, struct qn_yaml_doc *doc) QN_MUST_USE;

/// Parse a text; `name` stands for the file in messages.
enum qn_status qn_yaml_parse(const char *name, const char *text,
                             struct qn_yaml_doc *doc) QN_MUST_USE;

void qn_yaml_free(struct qn_yaml_doc *doc);

/// Child of a map by key, or NULL. Marks it used.
struct qn_yaml *qn_yaml_get(struct qn_yaml *map, const char *key);

/// Node at a dotted path from `node` ("mill.speed"), or NULL. Marks every step used.
struct qn_yaml *qn_yaml_at(struct qn_yaml *node, const char *path);

/// Put `text`, read as YAML, at a dotted path of the document, replacing what stands there; maps on
/// the way are made, "[2]" steps into a list that exists ("balls.groups[0].count"). The new nodes
/// have line 0 and `file` "--set <path>", so that messages name the option instead of a place.
enum qn_status qn_yaml_set(struct qn_yaml_doc *doc, const char *path, const char *text) QN_MUST_USE;

/// Move what map `from` of another document holds into map `into` of `doc`, except keys that are
/// there. `other` is empty afterwards; its nodes keep their file and line and belong to `doc`.
void qn_yaml_fill(struct qn_yaml_doc *doc, struct qn_yaml *into, struct qn_yaml_doc *other,
                  struct qn_yaml *from);

/// Where a node (or its value) stands, for messages: "deck.yaml:3:10" or "--set mill.speed".
/// Returns `out`.
enum { QN_PLACE_TEXT = 640 };
const char *qn_yaml_place(const struct qn_yaml *node, int of_value, char out[QN_PLACE_TEXT]);

/// Scalar as a plain double (no unit); QN_ERR_INPUT with file:line:column when it is not a number.
enum qn_status qn_yaml_double(const struct qn_yaml *node, double *value) QN_MUST_USE;

/// QN_ERR_INPUT with "file:line:column: " in front of the formatted text. The place is where the
/// node begins (its key, for a map's child).
enum qn_status qn_yaml_fail(const struct qn_yaml *node, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));
