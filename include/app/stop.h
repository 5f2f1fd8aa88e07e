/// @file
/// A wish to stop, from a batch system (SIGUSR1, SIGTERM) or the keyboard (SIGINT).
///
/// The loop over time asks between steps, writes a checkpoint and returns QN_CHECKPOINTED. A second
/// SIGINT ends the process at once.
#pragma once

/// Catch the signals; call after MPI and PETSc have set theirs.
void qn_stop_install(void);

/// Has one of them come?
int qn_stop_requested(void);
