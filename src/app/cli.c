/// @file
/// Options, subcommands, help texts.
#include "app/cli.h"

#include <stdbool.h>
#include <string.h>

#include "base/array.h"
#include "io/text.h"
#include "io/units.h"

static const char *const commands[] = {"help", "version", "check", "run", NULL};

/// One option; those with a value take it as `--name value` or `--name=value`.
struct option {
    const char *name;
    bool valued, run_only;
};

static const struct option options[] = {
    {"--set", true, false},   {"--output", true, true},  {"--checkpoint-interval", true, true},
    {"--force", false, true}, {"--resume", false, true}, {"--quiet", false, false},
    {"--help", false, false},
};

static const char overview[] =
    "quern - what happens to molecules in a ball mill\n"
    "\n"
    "  quern run   deck.yaml [options]   run a deck; the results go to runs/<deck>.h5\n"
    "  quern check deck.yaml [options]   read a deck, print it resolved and what follows from it\n"
    "  quern help  [run | check | deck]  more on a command, or every key of a deck\n"
    "  quern version                     version, commit, compiler, libraries\n"
    "\n"
    "Begin with a deck that is there:\n"
    "  quern check inputs/guan2025/one-step-quick.yaml\n"
    "  quern run   inputs/guan2025/one-step-quick.yaml\n"
    "  quern-post report runs/one-step-quick.h5\n"
    "\n"
    "Exit codes: 0 done, 2 wrong command line, 3 wrong deck or mechanism, 4 a guard stopped the "
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
    "\n"
    "SIGUSR1 or SIGTERM (as from a batch system), or Ctrl-C once, stop the run after a checkpoint\n"
    "with exit code 85; the same command with --resume goes on to the same bits.\n"
    "OMP_NUM_THREADS or run.threads sets the threads; results do not depend on it.\n";

static const char help_check[] =
    "quern check deck.yaml [--set KEY=VALUE]...\n"
    "\n"
    "Reads a deck as `run` would and prints it with every default written out, then what follows\n"
    "from it: filling, coating, gas, pressures, time step and what limits it, softening, overlap,\n"
    "speeds, accelerations, and Burgio's energy per hit. Runs nothing and writes nothing.\n"
    "Faults go to stderr as file:line:column, all at once, with exit code 3.\n";

const char *qn_cli_help(const char *topic)
{
    if (topic && strcmp(topic, "run") == 0) {
        return help_run;
    }
    if (topic && strcmp(topic, "check") == 0) {
        return help_check;
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
    if (qn_units_value(value, "s", &cli->checkpoint_interval) != QN_OK) {
        return qn_fail_context(QN_ERR_USAGE, "--checkpoint-interval: ");
    }
    if (cli->checkpoint_interval <= 0.0) {
        return qn_fail(QN_ERR_USAGE, "--checkpoint-interval: %s is not above 0 s", value);
    }
    return QN_OK;
}

static void take_flag(struct qn_cli *cli, const char *name)
{
    cli->force |= strcmp(name, "--force") == 0;
    cli->resume |= strcmp(name, "--resume") == 0;
    cli->quiet |= strcmp(name, "--quiet") == 0;
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
    if (o->run_only && cli->command == QN_COMMAND_CHECK) {
        return qn_fail(QN_ERR_USAGE, "%s belongs to quern run", o->name);
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
    } else {
        return qn_fail(QN_ERR_USAGE, "one word too many: \"%s\"", argv[*at]);
    }
    return QN_OK;
}

enum qn_status qn_cli_parse(int argc, char *const *argv, struct qn_cli *cli)
{
    *cli = (struct qn_cli){.command = QN_COMMAND_HELP};
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
