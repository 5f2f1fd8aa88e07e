/// @file
/// What this binary is: version, commit, compiler, flags, libraries, vector instructions.
///
/// Printed by `quern --version` and written into every run file.
#pragma once

struct qn_version_item {
    const char *name, *value;
};

/// All items, ended by a NULL name.
extern const struct qn_version_item qn_version_items[];

/// CPU features the library was compiled for, e.g. "avx512f avx2 fma"; plain data, so that it can
/// be read before any such instruction runs.
extern const char qn_compiled_for[];
