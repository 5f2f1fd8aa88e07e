/// @file
/// Where two run files differ.
///
/// Every dataset is compared bit by bit; linked files too. What says who ran it, when and how fast
/// (/manifest, /versions, /parallel, the wall times of /summary) is no result and is left out, as
/// are attributes of the file.
#pragma once

#include "io/store.h"
#include "io/text.h"

/// Compare two files.
/// @param[out] report  one line a difference: path, first element that differs, both values, how
///                     many differ and by how much; at most `most` lines
/// @param[out] count   datasets that differ or are in one file only
enum qn_status qn_store_diff(const char *a, const char *b, int most, struct qn_text *report,
                             int *count) QN_MUST_USE;
