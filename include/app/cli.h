/// @file
/// The command line: words in, one struct out. Pure: prints nothing, opens nothing.
#pragma once

#include "app/deck_types.h"
#include "base/error.h"

enum { QN_MAX_OVERRIDES = 64 };

enum qn_command {
    QN_COMMAND_HELP,
    QN_COMMAND_VERSION,
    QN_COMMAND_CHECK,
    QN_COMMAND_RUN,
    QN_COMMAND_DIFF,
    QN_COMMAND_MECHANISM,
    QN_COMMAND_INSPECT
};

struct qn_cli {
    enum qn_command command;
    const char *topic; ///< of help: "run", "check", "diff", "mechanism", "inspect", "deck", or NULL
    const char *deck;  ///< path, borrowed from argv; of diff, mechanism, inspect: the first file
    const char *other; ///< of diff: the second file
    const char *sweep; ///< path of a sweep, or NULL
    int ensemble;      ///< replicas, 0: a single run
    int ranks_per_member; ///< 0: as many groups as members or ranks
    double patience;      ///< 0: the group's default                         [s]
    int n_set;
    struct qn_override set[QN_MAX_OVERRIDES];
    char *set_text[QN_MAX_OVERRIDES]; ///< owned; keys and values point into them
    char output[1024];                ///< --output, or runs/<deck>.h5
    double checkpoint_interval;       ///< 0: what the deck says [s]
    const char *kinematics;           ///< of check: CSV to write, or NULL
    int force, resume, quiet;
    int paranoid;        ///< of run: steps between checks against brute force, 0: none
    double temperature;  ///< of a mechanism's constants [K]
    int graph, json;     ///< form of a mechanism's print
    const char *gas;     ///< of a mechanism's steady state, or NULL
    const char *target;  ///< gas whose production is controlled, "": none
    const char *binding; ///< other binding energies, or NULL
};

/// Read the command line. Borrows argv; free with qn_cli_free.
/// @return QN_ERR_USAGE with what is wrong and what was perhaps meant.
enum qn_status qn_cli_parse(int argc, char *const *argv, struct qn_cli *cli) QN_MUST_USE;

void qn_cli_free(struct qn_cli *cli);

/// Help on a topic, or the overview for NULL.
const char *qn_cli_help(const char *topic);
