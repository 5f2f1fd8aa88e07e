/// @file
/// One tidy row a run: a CSV table that many runs append to.
#pragma once

#include <stddef.h>

#include "base/error.h"

struct qn_result_cell {
    const char *name; ///< column, with its unit: "conversion [-]"
    const char *text; ///< value; numbers as of qn_number_text
};

/// Append a row; writes the header first when the file is new. A file with other columns is left
/// alone: the row goes to "<stem>-2.csv", "-3" and so on, the first that is new or has these
/// columns. The row is one write, so runs may append at the same time.
enum qn_status qn_results_append(const char *path, size_t n,
                                 const struct qn_result_cell *cells) QN_MUST_USE;
