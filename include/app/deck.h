/// @file
/// Reading a deck: YAML with units in, `struct qn_deck` in SI out, every fault at once.
///
/// The field tables of `src/app/deck_fields.c` (key, unit, range, default, meaning) give the
/// reader, `quern help deck`, the resolved deck that is stored with every result, and the error
/// texts.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"

/// Read, resolve and check a deck. Every fault is reported at once, one a line, as
/// "file:line:column: key: what is wrong; what is allowed; did you mean".
/// @return QN_ERR_INPUT with all faults in the error text, QN_ERR_IO when it cannot be opened.
enum qn_status qn_deck_read(const char *path, const struct qn_override *set, int n_set,
                            struct qn_deck *deck) QN_MUST_USE;

void qn_deck_free(struct qn_deck *deck);

/// The keys of a deck with units, ranges, defaults and meanings, for `quern help deck`. The caller
/// frees it with qn_free.
char *qn_deck_help(void);
