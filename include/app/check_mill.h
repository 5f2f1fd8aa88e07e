/// @file
/// What a deck's mill does: rows for `quern check`, and its kinematics as a table.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"
#include "io/text.h"

/// Periods, speeds, accelerations, programme; Burgio's ball for a planetary mill.
void qn_check_mill(const struct qn_deck *deck, struct qn_text *text);

/// One turn of the drive at full speed as CSV: time, centre, its speed and acceleration, spin, the
/// acceleration a body in the vial feels (g - A0), speed of the fastest wall point; then, with a
/// programme, its speed over time. Sections are named in lines that begin with #.
/// @return QN_ERR_IO when the file cannot be written
enum qn_status qn_check_kinematics(const struct qn_deck *deck, const char *path) QN_MUST_USE;
