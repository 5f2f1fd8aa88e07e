/// @file
/// What the command line says about a run, beside the deck.
#pragma once

struct qn_run_options {
    const char *output;         ///< run file; its folder exists and it may be written
    double checkpoint_interval; ///< wall time between checkpoints; 0: what the deck says  [s]
    int force;                  ///< an older run file at `output` may be replaced
    int resume;                 ///< go on from `output` when it holds a checkpoint, else begin
    int quiet;                  ///< no progress
    int paranoid;               ///< steps between checks against brute force; 0: none
};
