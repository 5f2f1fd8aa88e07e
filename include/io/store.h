/// @file
/// A run file in memory: named datasets with units and meanings, written whole.
///
/// Nothing is open between checkpoints. `qn_store_write` makes a new HDF5 file under a temporary
/// name, syncs it and renames it over the old one, which stays as `<path>.prev`: a crash at any
/// moment leaves a complete file. Bulky streams are files of their own, linked from here.
/// `qn_store_read` gives the same store back, so that a resumed run goes on appending.
///
/// Not collective: one rank owns the store. Paths are absolute ("/series/gas/CO2"); groups are
/// made.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

enum { QN_STORE_RANK = 4 };

struct qn_store;

struct qn_store *qn_store_new(void);
void qn_store_free(struct qn_store *store);

/// A series that grows by rows of `width` doubles; shape [rows] or [rows, width]. Asking again for
/// a path that exists (after qn_store_read) returns the same series.
/// @return its id, for qn_store_append
int qn_store_series(struct qn_store *store, const char *path, size_t width, const char *unit,
                    const char *description);

/// Add one row of the series' width.
void qn_store_append(struct qn_store *store, int series, const double *row);

/// Put an array (copied), replacing what stands at the path.
void qn_store_array(struct qn_store *store, const char *path, int rank, const size_t *dims,
                    const double *data, const char *unit, const char *description);
void qn_store_integers(struct qn_store *store, const char *path, int rank, const size_t *dims,
                       const int64_t *data, const char *unit, const char *description);

/// Shorthands: one number, one row of numbers.
void qn_store_number(struct qn_store *store, const char *path, double value, const char *unit,
                     const char *description);
void qn_store_row(struct qn_store *store, const char *path, const double *data, size_t n,
                  const char *unit, const char *description);

/// Put a text (copied), replacing what stands at the path.
void qn_store_text(struct qn_store *store, const char *path, const char *text,
                   const char *description);

/// Remove a path and all below it ("/checkpoint"). Ids of series are void afterwards.
void qn_store_drop(struct qn_store *store, const char *path);

/// Attribute of a dataset or group ("/" for the file).
void qn_store_attr(struct qn_store *store, const char *path, const char *name, const char *text);

/// Link `path` to `target` in another file, named from the folder of the run file.
void qn_store_link(struct qn_store *store, const char *path, const char *file, const char *target);

/// What stands at a path, borrowed until it changes; NULL when it is not there or of another type.
/// @param[out] rank, dims  shape; may be NULL
const double *qn_store_get(const struct qn_store *store, const char *path, int *rank,
                           size_t dims[QN_STORE_RANK]);
const int64_t *qn_store_get_integers(const struct qn_store *store, const char *path, int *rank,
                                     size_t dims[QN_STORE_RANK]);
const char *qn_store_get_text(const struct qn_store *store, const char *path);

/// Make sure that a run may write `path`, before anything is computed: makes its folder, refuses a
/// file that exists unless `may_replace`.
enum qn_status qn_store_claim(const char *path, int may_replace) QN_MUST_USE;

enum qn_status qn_store_write(const struct qn_store *store, const char *path) QN_MUST_USE;

/// @param[out] store  NULL on failure; the caller frees it
enum qn_status qn_store_read(const char *path, struct qn_store **store) QN_MUST_USE;
