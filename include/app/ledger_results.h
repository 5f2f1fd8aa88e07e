/// @file
/// The two books in a run file.
#pragma once

#include "dem/ledger.h"
#include "io/store.h"

/// One dataset a term below `group` ("/mechanics/ledger").
void qn_ledger_results(struct qn_store *store, const char *group, const struct qn_ledger *l);
