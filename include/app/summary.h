/// @file
/// Figures of merit, the summary in plain words, and the results row of a run.
#pragma once

#include "app/direct.h"
#include "app/hours.h"
#include "app/epochs.h"

/// What a run found, put together at its end.
struct qn_findings {
    const struct qn_epochs *epochs; ///< the first is the window of the summary
    const struct qn_powder *powder; ///< NULL without chemistry
    const struct qn_direct_result *direct;
    const struct qn_hours_result *hours;
    double gate; ///< [K]
    double wall; ///< wall time of this process [s]
};

/// Put /merit, /statistics and /summary into the store, append the results row to
/// `<folder of output>/results.csv`, and print the summary unless quiet.
enum qn_status qn_summary_write(struct qn_session *s, const struct qn_findings *f) QN_MUST_USE;
