/// @file
/// A text that grows: for resolved decks, fault lists and tables.
#pragma once

#include <stddef.h>

/// Zeroed is empty. Owns `text` (NULL while empty).
struct qn_text {
    char *text;
    size_t length, capacity;
};

void qn_text_add(struct qn_text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

void qn_text_free(struct qn_text *t);

enum { QN_NUMBER_TEXT = 32 };

/// Shortest decimal text that reads back as the same double; returns `out`.
const char *qn_number_text(double value, char out[QN_NUMBER_TEXT]);

/// Edits (insert, delete, replace, swap neighbours) that turn `a` into `b`.
int qn_edit_distance(const char *a, const char *b);
