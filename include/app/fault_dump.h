/// @file
/// The small file that a stopped run leaves beside its run file, for `quern inspect`.
#pragma once

#include "app/session.h"
#include "dem/engine.h"

/// Collective, with what a step returned: after a guard has stopped it, rank 0 writes
/// <output>-fault.h5 and the error names it. Any other status passes through.
enum qn_status qn_fault_dump(struct qn_session *s, const char *stage, struct qn_dem *dem,
                             enum qn_status status) QN_MUST_USE;

/// What a fault file holds, or what any other file of Quern holds, as text for people.
enum qn_status qn_inspect_text(const char *path, struct qn_text *text) QN_MUST_USE;
