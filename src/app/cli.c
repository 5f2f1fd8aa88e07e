/// @file
/// Options, subcommands, help texts.
#include "app/cli.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "io/text.h"
#include "io/units.h"

static const char *const commands[] = {"help", "version",   "check",   "run",
                                       "diff", "mechanism", "inspect", NULL};

/// One option; those with a value take it as `--name value` or `--name=value`.
struct option {
    const char *name;
    bool valued;
    enum qn_command only; // the one command it belongs to; QN_COMMAND_HELP: any
};

static const struct option options[] = {
    {"--set", true, QN_COMMAND_HELP},
    {"--output", true, QN_COMMAND_RUN},
    {"--checkpoint-interval", true, QN_COMMAND_RUN},
    {"--force", false, QN_COMMAND_RUN},
    {"--resume", false, QN_COMMAND_RUN},
    {"--quiet", false, QN_COMMAND_HELP},
    {"--help", false, QN_COMMAND_HELP},
    {"--ensemble", true, QN_COMMAND_RUN},
    {"--sweep", true, QN_COMMAND_RUN},
    {"--ranks-per-member", true, QN_COMMAND_RUN},
    {"--patience", true, QN_COMMAND_RUN},
    {"--temperature", true, QN_COMMAND_MECHANISM},
    {"--graph", false, QN_COMMAND_MECHANISM},
    {"--json", false, QN_COMMAND_MECHANISM},
    {"--gas", true, QN_COMMAND_MECHANISM},
    {"--target", true, QN_COMMAND_MECHANISM},
    {"--binding", true, QN_COMMAND_MECHANISM},
    {"--kinematics", true, QN_COMMAND_CHECK},
    {"--paranoid", true, QN_COMMAND_RUN},
};

static const char overview[] =
    "quern - what happens to molecules in a ball mill\n"
    "\n"
    "  quern run   deck.yaml [options]   run a deck; the results go to runs/<deck>.h5\n"
    "  quern diff  a.h5 b.h5             where two run files differ, bit by bit\n"
    "  quern check deck.yaml [options]   read a deck, print it resolved and what follows from it\n"
    "  quern mechanism file.yaml         a mechanism as a table, a graph or JSON\n"
    "  quern inspect file.h5             what a file holds; of a run that a guard stopped: why\n"
    "  quern help  [run | check | diff | mechanism | inspect | deck]  more on a command, or every "
    "key of a deck\n"
    "  quern version                     version, commit, compiler, libraries\n"
    "\n"
    "Begin with a deck that is there:\n"
    "  quern check inputs/guan2025/one-step-quick.yaml\n"
    "  quern run   inputs/guan2025/one-step-quick.yaml\n"
    "  quern-post report runs/one-step-quick.h5\n"
    "\n"
    "Exit codes: 0 done, 1 files differ, 2 wrong command line, 3 wrong deck or mechanism, 4 a "
    "guard stopped the "
    "run,\n"
    "5 a file could not be read or written, 85 stopped after a checkpoint (run again with "
    "--resume).\n";

static const char help_run[] =
    "quern run deck.yaml [options]\n"
    "\n"
    "  --set KEY=VALUE           change one key of the deck, as often as you like:\n"
    "                              --set mill.speed=\"500 rpm\" --set balls.groups[0].count=50\n"
    "  --output FILE             run file (default runs/<deck>.h5)\n"
    "  --force                   replace a run file that exists\n"
    "  --resume                  go on from the checkpoint in the run file; begin when there is "
    "none\n"
    "  --checkpoint-interval T   wall time between checkpoints, e.g. \"10 min\"\n"
    "  --quiet                   no progress\n"
    "  --paranoid K              every K steps compare lists and forces with brute force over all "
    "pairs\n"
    "                            and stop at the first difference; slow, results stay the same\n"
    "\n"
    "SIGUSR1 or SIGTERM (as from a batch system), or Ctrl-C once, stop the run after a checkpoint\n"
    "with exit code 85; the same command with --resume goes on to the same bits.\n"
    "OMP_NUM_THREADS or run.threads sets the threads; results do not depend on it.\n"
    "\n"
    "Under mpirun or srun the ranks share the bodies of one run; results do not depend on how "
    "many.\n"
    "Most mills hold 10 to 500 balls and gain little from that: run many of them instead.\n"
    "  --ensemble N              N replicas, seeds counted up from the deck's\n"
    "  --sweep FILE              one run for each member of a YAML file:\n"
    "                              members: [{name: slow, set: {mill.speed: 300 rpm}}, ...]\n"
    "                            or for each combination:\n"
    "                              grid: {mill.speed: [300 rpm, 400 rpm], seed: [1, 2, 3]}\n"
    "  --ranks-per-member R      ranks that share one member (default: as many groups as there "
    "are\n"
    "                            ranks or members). Each member has its own run file,\n"
    "                            <output>-<name>.h5, equal to that of a run of its own; one that "
    "fails\n"
    "                            is noted in <output>-members.csv and the others go on.\n"
    "  --patience T              how long ranks wait for one that gives no sign of life before "
    "they\n"
    "                            name it and end the job (default \"10 min\")\n";

static const char help_inspect[] =
    "quern inspect file.h5\n"
    "\n"
    "When a guard stops a run (a body that is lost or not a number, an overlap above its limit), "
    "the\n"
    "state around it goes to <output>-fault.h5. This prints it: the words, the nearest bodies and "
    "their\n"
    "open contacts. Of any other file of Quern it lists the datasets with shapes, units and "
    "meanings.\n";

static const char help_diff[] =
    "quern diff a.h5 b.h5\n"
    "\n"
    "Compares every dataset of two run files bit by bit, linked event files too, and prints for "
    "each\n"
    "that differs its first differing element, both values, and how much and how many differ.\n"
    "/mechanics/state_hash tells the first step at which two trajectories part. Who ran a file, "
    "when\n"
    "and how fast is left out. Exit code 0: equal, 1: they differ.\n";

static const char help_check[] =
    "quern check deck.yaml [--set KEY=VALUE]... [--kinematics FILE.csv]\n"
    "\n"
    "Reads a deck as `run` would and prints it with every default written out, then what follows\n"
    "from it: filling, coating, gas, pressures, time step and what limits it, softening, overlap,\n"
    "speeds, accelerations, and Burgio's energy per hit. Runs nothing.\n"
    "--kinematics writes the motion of the vial over one turn of the drive, and the speed over "
    "the\n"
    "programme; quern-post mill draws them.\n"
    "Faults go to stderr as file:line:column, all at once, with exit code 3.\n";

static const char help_mechanism[] =
    "quern mechanism file.yaml [options]\n"
    "\n"
    "Reads a mechanism and prints its species (enthalpy, entropy, heat capacity), its reactions "
    "with\n"
    "forward and reverse constants at zero coverages and the equilibrium constant of the standard\n"
    "states, and what impacts and global laws do. Units: mol, m, s, kJ. Faults go to stderr as\n"
    "file:line:column, all at once, with exit code 3.\n"
    "\n"
    "  --temperature T           of the constants (default \"298.15 K\")\n"
    "  --graph                   the network as a Graphviz file instead: quern mechanism m.yaml "
    "--graph |\n"
    "                            dot -Tsvg >m.svg\n"
    "  --json                    the table as JSON instead, with every digit\n"
    "  --binding \"C: -7.598 eV\"  other binding energies of atoms: another metal (linear-scaling "
    "of "
    "the\n"
    "                            file says which species hold on by what)\n"
    "  --gas \"H2: 0.8 bar, ...\" the steady state under a gas that does not change: coverages, "
    "turnovers,\n"
    "                            rates of progress\n"
    "  --target CH4              and the degree of rate control of every step over a gas: d "
    "ln(rate)/d "
    "ln k,\n"
    "                            its equilibrium fixed\n";

const char *qn_cli_help(const char *topic)
{
    if (topic && strcmp(topic, "run") == 0) {
        return help_run;
    }
    if (topic && strcmp(topic, "check") == 0) {
        return help_check;
    }
    if (topic && strcmp(topic, "diff") == 0) {
        return help_diff;
    }
    if (topic && strcmp(topic, "inspect") == 0) {
        return help_inspect;
    }
    if (topic && strcmp(topic, "mechanism") == 0) {
        return help_mechanism;
    }
    return overview;
}

static const struct option *find_option(const char *word, size_t length)
{
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        if (strlen(options[k].name) == length && memcmp(options[k].name, word, length) == 0) {
            return &options[k];
        }
    }
    return NULL;
}

/// Name of the option or command nearest to a word, or NULL.
static const char *nearest(const char *word)
{
    const char *best = NULL;
    int least = 3;
    for (size_t k = 0; k < sizeof options / sizeof *options; k++) {
        const int distance = qn_edit_distance(word, options[k].name);
        if (distance < least) {
            least = distance;
            best = options[k].name;
        }
    }
    for (int k = 0; commands[k]; k++) {
        const int distance = qn_edit_distance(word, commands[k]);
        if (distance < least) {
            least = distance;
            best = commands[k];
        }
    }
    return best;
}

static enum qn_status unknown(const char *what, const char *word)
{
    const char *near = nearest(word);
    return qn_fail(QN_ERR_USAGE, "unknown %s \"%s\"%s%s%s", what, word,
                   near ? "; did you mean " : "; see quern help", near ? near : "",
                   near ? "?" : "");
}

static enum qn_status take_set(struct qn_cli *cli, const char *value)
{
    const char *equals = strchr(value, '=');
    if (!equals || equals == value) {
        return qn_fail(QN_ERR_USAGE,
                       "--set %s: write --set KEY=VALUE, such as "
                       "--set mill.speed=\"500 rpm\"",
                       value);
    }
    if (cli->n_set == QN_MAX_OVERRIDES) {
        return qn_fail(QN_ERR_USAGE, "more than %d --set; edit the deck", QN_MAX_OVERRIDES);
    }
    const size_t key = (size_t)(equals - value), size = strlen(value) + 1;
    char *both = qn_alloc(size, 1); // key and value in one text
    memcpy(both, value, size);
    both[key] = '\0';
    cli->set[cli->n_set] = (struct qn_override){both, both + key + 1};
    cli->set_text[cli->n_set++] = both;
    return QN_OK;
}

static enum qn_status take_count(const char *name, const char *value, int *out)
{
    char *end;
    const long n = strtol(value, &end, 10);
    if (*end || end == value || n < 1 || n > 1000000) {
        return qn_fail(QN_ERR_USAGE, "%s: %s is not a whole number from 1 on", name, value);
    }
    *out = (int)n;
    return QN_OK;
}

static enum qn_status take_time(const char *name, const char *value, double *out)
{
    if (qn_units_value(value, "s", out) != QN_OK) {
        return qn_fail_context(QN_ERR_USAGE, "%s: ", name);
    }
    return *out > 0.0 ? QN_OK : qn_fail(QN_ERR_USAGE, "%s: %s is not above 0 s", name, value);
}

/// Where an option goes whose value is kept as it stands, or NULL.
static const char **text_option(struct qn_cli *cli, const char *name)
{
    return strcmp(name, "--kinematics") == 0 ? &cli->kinematics
           : strcmp(name, "--sweep") == 0    ? &cli->sweep
           : strcmp(name, "--gas") == 0      ? &cli->gas
           : strcmp(name, "--target") == 0   ? &cli->target
           : strcmp(name, "--binding") == 0  ? &cli->binding
                                             : NULL;
}

static enum qn_status take_valued(struct qn_cli *cli, const char *name, const char *value)
{
    if (strcmp(name, "--set") == 0) {
        return take_set(cli, value);
    }
    if (strcmp(name, "--output") == 0) {
        if (*value == '\0' || strlen(value) >= sizeof cli->output) {
            return qn_fail(QN_ERR_USAGE, "--output: not a file name");
        }
        snprintf(cli->output, sizeof cli->output, "%s", value);
        return QN_OK;
    }
    const char **const word = text_option(cli, name);
    if (word) {
        *word = value;
        return QN_OK;
    }
    if (strcmp(name, "--ensemble") == 0) {
        return take_count(name, value, &cli->ensemble);
    }
    if (strcmp(name, "--paranoid") == 0) {
        return take_count(name, value, &cli->paranoid);
    }
    if (strcmp(name, "--ranks-per-member") == 0) {
        return take_count(name, value, &cli->ranks_per_member);
    }
    if (strcmp(name, "--temperature") == 0) {
        if (qn_units_value(value, "K", &cli->temperature) != QN_OK) {
            return qn_fail_context(QN_ERR_USAGE, "%s: ", name);
        }
        return cli->temperature > 0.0
                   ? QN_OK
                   : qn_fail(QN_ERR_USAGE, "%s: %s is not above 0 K", name, value);
    }
    return take_time(name, value,
                     strcmp(name, "--patience") ? &cli->checkpoint_interval : &cli->patience);
}

static void take_flag(struct qn_cli *cli, const char *name)
{
    cli->force |= strcmp(name, "--force") == 0;
    cli->resume |= strcmp(name, "--resume") == 0;
    cli->quiet |= strcmp(name, "--quiet") == 0;
    cli->graph |= strcmp(name, "--graph") == 0;
    cli->json |= strcmp(name, "--json") == 0;
    if (strcmp(name, "--help") == 0) {
        cli->topic = commands[cli->command];
        cli->command = QN_COMMAND_HELP;
    }
}

/// Take the option at argv[*at], moving past its value.
static enum qn_status take_option(struct qn_cli *cli, int argc, char *const *argv, int *at)
{
    const char *word = argv[*at];
    const size_t length = strcspn(word, "=");
    const struct option *o = find_option(word, length);
    const bool attached = word[length] == '=';
    if (!o) {
        return unknown("option", word);
    }
    if (o->only != QN_COMMAND_HELP && cli->command != o->only) {
        return qn_fail(QN_ERR_USAGE, "%s belongs to quern %s", o->name, commands[o->only]);
    }
    if (!o->valued) {
        if (attached) {
            return qn_fail(QN_ERR_USAGE, "%s takes no value", o->name);
        }
        take_flag(cli, o->name);
        return QN_OK;
    }
    if (!attached && *at + 1 >= argc) {
        return qn_fail(QN_ERR_USAGE, "%s needs a value", o->name);
    }
    return take_valued(cli, o->name, attached ? word + length + 1 : argv[++*at]);
}

static enum qn_status take_command(struct qn_cli *cli, const char *word)
{
    if (strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0) {
        return QN_OK;
    }
    if (strcmp(word, "--version") == 0) {
        cli->command = QN_COMMAND_VERSION;
        return QN_OK;
    }
    for (int k = 0; commands[k]; k++) {
        if (strcmp(word, commands[k]) == 0) {
            cli->command = (enum qn_command)k;
            return QN_OK;
        }
    }
    const size_t length = strlen(word);
    if (length > 5 && strcmp(word + length - 5, ".yaml") == 0) {
        return qn_fail(QN_ERR_USAGE, "say what to do with %s: quern run %s, or quern check %s",
                       word, word, word);
    }
    return unknown("command", word);
}

static void default_output(struct qn_cli *cli)
{
    const char *slash = strrchr(cli->deck, '/');
    const char *base = slash ? slash + 1 : cli->deck;
    const char *dot = strrchr(base, '.');
    const size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    snprintf(cli->output, sizeof cli->output, "runs/%.*s.h5", (int)length, base);
}

static enum qn_status take_word(struct qn_cli *cli, int argc, char *const *argv, int *at)
{
    if (argv[*at][0] == '-' && argv[*at][1] != '\0') {
        return take_option(cli, argc, argv, at);
    }
    if (cli->command == QN_COMMAND_HELP && !cli->topic) {
        cli->topic = argv[*at];
    } else if (cli->command >= QN_COMMAND_CHECK && !cli->deck) {
        cli->deck = argv[*at];
    } else if (cli->command == QN_COMMAND_DIFF && !cli->other) {
        cli->other = argv[*at];
    } else {
        return qn_fail(QN_ERR_USAGE, "one word too many: \"%s\"", argv[*at]);
    }
    return QN_OK;
}

enum qn_status qn_cli_parse(int argc, char *const *argv, struct qn_cli *cli)
{
    *cli = (struct qn_cli){.command = QN_COMMAND_HELP, .temperature = 298.15, .target = ""};
    if (argc < 2) {
        return QN_OK;
    }
    QN_TRY(take_command(cli, argv[1]));
    for (int at = 2; at < argc; at++) {
        QN_TRY(take_word(cli, argc, argv, &at));
    }
    if (cli->command < QN_COMMAND_CHECK) {
        return QN_OK;
    }
    if (cli->command == QN_COMMAND_DIFF) {
        return cli->other ? QN_OK
                          : qn_fail(QN_ERR_USAGE, "quern diff needs two run files: quern diff "
                                                  "a.h5 b.h5");
    }
    if (cli->command == QN_COMMAND_MECHANISM && (!cli->deck || (cli->graph && cli->json))) {
        return qn_fail(QN_ERR_USAGE, "quern mechanism needs one mechanism file, and --graph or "
                                     "--json or neither");
    }
    if (*cli->target && !cli->gas) {
        return qn_fail(QN_ERR_USAGE, "--target is of a steady state: --gas \"H2: 0.8 bar, CO2: 0.2 "
                                     "bar\" is missing");
    }
    if (cli->ensemble && cli->sweep) {
        return qn_fail(QN_ERR_USAGE,
                       "--ensemble and --sweep: one of the two; a sweep may vary seed");
    }
    if (!cli->deck) {
        return qn_fail(QN_ERR_USAGE,
                       "quern %s needs a deck, such as "
                       "inputs/guan2025/one-step-quick.yaml",
                       commands[cli->command]);
    }
    if (cli->output[0] == '\0') {
        default_output(cli);
    }
    return QN_OK;
}

void qn_cli_free(struct qn_cli *cli)
{
    for (int k = 0; k < cli->n_set; k++) {
        qn_free(cli->set_text[k]);
    }
    *cli = (struct qn_cli){0};
}
