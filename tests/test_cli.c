// The command line: words to settings, and the program's exit codes.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/check.h"
#include "app/cli.h"
#include "app/deck.h"
#include "app/progress.h"

enum { MOST = 12 };

static enum qn_status parse(struct qn_cli *cli, const char *words)
{
    static char text[512];
    static char *argv[MOST];
    snprintf(text, sizeof text, "quern|%s", words);
    int argc = 0;
    for (char *w = strtok(text, "|"); w && argc < MOST; w = strtok(NULL, "|")) {
        argv[argc++] = w;
    }
    return qn_cli_parse(argc, argv, cli);
}

static void refuses(const char *words, const char *message)
{
    struct qn_cli cli;
    cr_expect(parse(&cli, words) == QN_ERR_USAGE, "%s", words);
    cr_expect_str_eq(qn_error_text(), message, "%s gave: %s", words, qn_error_text());
    qn_cli_free(&cli);
}

Test(cli, a_run_with_everything)
{
    struct qn_cli cli;
    cr_assert(parse(&cli, "run|a/deck.yaml|--set|mill.speed=500 rpm|--set=seed=3|--force|--output|"
                          "x.h5|--checkpoint-interval=2 min|--quiet|--resume") == QN_OK);
    cr_assert(cli.command == QN_COMMAND_RUN && cli.force && cli.quiet && cli.resume);
    cr_assert_str_eq(cli.deck, "a/deck.yaml");
    cr_assert_str_eq(cli.output, "x.h5");
    cr_assert(eq(int, cli.n_set, 2));
    cr_assert_str_eq(cli.set[0].key, "mill.speed");
    cr_assert_str_eq(cli.set[0].value, "500 rpm");
    cr_assert_str_eq(cli.set[1].value, "3");
    cr_assert(eq(dbl, cli.checkpoint_interval, 120.0));
    qn_cli_free(&cli);
    qn_cli_free(&cli);
}

Test(cli, defaults_and_helpers)
{
    struct qn_cli cli;
    cr_assert(parse(&cli, "run|a/b.c/deck.v2.yaml") == QN_OK);
    cr_assert_str_eq(cli.output, "runs/deck.v2.h5");
    cr_assert(parse(&cli, "") == QN_OK && cli.command == QN_COMMAND_HELP);
    cr_assert(parse(&cli, "--version") == QN_OK && cli.command == QN_COMMAND_VERSION);
    cr_assert(parse(&cli, "run|--help") == QN_OK && cli.command == QN_COMMAND_HELP);
    cr_assert_str_eq(cli.topic, "run");
    cr_assert(parse(&cli, "help|deck") == QN_OK);
    cr_assert_str_eq(cli.topic, "deck");
    cr_assert(strstr(qn_cli_help("run"), "--checkpoint-interval") != NULL);
}

Test(cli, a_mechanism_at_a_temperature)
{
    struct qn_cli cli;
    cr_assert(parse(&cli, "mechanism|m.yaml|--temperature|100 degC|--json") == QN_OK);
    cr_assert(cli.command == QN_COMMAND_MECHANISM && cli.json && !cli.graph);
    cr_assert_str_eq(cli.deck, "m.yaml");
    cr_assert_float_eq(cli.temperature, 373.15, 1e-9);
    qn_cli_free(&cli);
    cr_assert(parse(&cli, "mechanism|m.yaml") == QN_OK);
    cr_assert_float_eq(cli.temperature, 298.15, 1e-9);
    qn_cli_free(&cli);
    refuses("mechanism", "quern mechanism needs one mechanism file, and --graph or --json or "
                         "neither");
    refuses("mechanism|m.yaml|--graph|--json",
            "quern mechanism needs one mechanism file, and --graph or --json or neither");
    refuses("run|d.yaml|--graph", "--graph belongs to quern mechanism");
    refuses("mechanism|m.yaml|--force", "--force belongs to quern run");
    cr_assert(parse(&cli, "mechanism|m.yaml|--gas|H2: 1 bar|--target|CH4|--binding|C: -7 eV") ==
              QN_OK);
    cr_assert_str_eq(cli.gas, "H2: 1 bar");
    cr_assert_str_eq(cli.target, "CH4");
    cr_assert_str_eq(cli.binding, "C: -7 eV");
    qn_cli_free(&cli);
    refuses("mechanism|m.yaml|--target|CH4", "--target is of a steady state: --gas \"H2: 0.8 bar, "
                                             "CO2: 0.2 bar\" is missing");
    refuses("mechanism|m.yaml|--temperature|-1 K", "--temperature: -1 K is not above 0 K");
}

Test(cli, slips_are_named)
{
    refuses("runn|d.yaml", "unknown command \"runn\"; did you mean run?");
    refuses("d.yaml", "say what to do with d.yaml: quern run d.yaml, or quern check d.yaml");
    refuses("run|d.yaml|--forse", "unknown option \"--forse\"; did you mean --force?");
    refuses("run|d.yaml|--frobnicate", "unknown option \"--frobnicate\"; see quern help");
    refuses("run", "quern run needs a deck, such as inputs/guan2025/one-step-quick.yaml");
    refuses("run|d.yaml|e.yaml", "one word too many: \"e.yaml\"");
    refuses("run|d.yaml|--set|mill.speed", "--set mill.speed: write --set KEY=VALUE, such as --set "
                                           "mill.speed=\"500 rpm\"");
    refuses("run|d.yaml|--output", "--output needs a value");
    refuses("run|d.yaml|--force=1", "--force takes no value");
    refuses("check|d.yaml|--force", "--force belongs to quern run");
    refuses("run|d.yaml|--checkpoint-interval|2",
            "--checkpoint-interval: \"2\" has no unit; write a value that converts to s");
    refuses("run|d.yaml|--checkpoint-interval|0 s", "--checkpoint-interval: 0 s is not above 0 s");
}

/// Exit code of the program; what it writes is thrown away.
static int exit_code(const char *words)
{
    char command[1024];
    snprintf(command, sizeof command, "cd %s && %s %s >/dev/null 2>&1 </dev/null", QUERN_SOURCE_DIR,
             QUERN_EXE, words);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(cli, exit_codes_tell_what_happened, .init = NULL)
{
    cr_expect(eq(int, exit_code("version"), 0));
    cr_expect(eq(int, exit_code("help deck"), 0));
    cr_expect(eq(int, exit_code("check inputs/accelerated/direct.yaml"), 0));
    cr_expect(eq(int, exit_code("check tests/decks/bad_many.yaml"), 3));
    cr_expect(eq(int, exit_code("check tests/decks/nowhere.yaml"), 5));
    cr_expect(eq(int, exit_code("chekc tests/decks/good.yaml"), 2));
    cr_expect(eq(int, exit_code("run tests/decks/bad_many.yaml --output /tmp/quern-never.h5"), 3));
    cr_expect(access("/tmp/quern-never.h5", F_OK) != 0);
    // an existing file stops the run before it begins
    cr_expect(eq(int, exit_code("run inputs/accelerated/direct.yaml --output LICENSE"), 2));
}

Test(cli, durations_read_well)
{
    char text[QN_DURATION_TEXT];
    cr_expect_str_eq(qn_duration_text(4.52, text), "4.5 s");
    cr_expect_str_eq(qn_duration_text(42.4, text), "42 s");
    cr_expect_str_eq(qn_duration_text(200.0, text), "3 min 20 s");
    cr_expect_str_eq(qn_duration_text(3725.0, text), "1 h 02 min");
}

Test(cli, check_prints_what_the_published_mill_implies)
{
    struct qn_deck deck;
    cr_assert(qn_deck_read(QUERN_SOURCE_DIR "/inputs/guan2025/one-step.yaml", NULL, 0, &deck) ==
                  QN_OK,
              "%s", qn_error_text());
    struct qn_text text = {0};
    qn_check_text(&deck, &text);
    // physics.md 1.2: P6 at 400 rpm, 10 mm ball in a 37.5 mm jar; ideal gas at 65 degC
    static const char *const lines[] = {
        "  speed at detachment V_b                  3.1267 m/s\n",
        "  hits of a ball                           12.133 Hz\n",
        "  largest acceleration of the centre       10.878 g\n",
        "  jar, absolute                              -328 rpm\n",
        "  pressure at bulk temperature             5.6708 bar\n",
        "  limited by                         hertz_fraction x shortest Hertz contact\n",
    };
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        cr_expect(strstr(text.text, lines[k]) != NULL, "missing: %s", lines[k]);
    }
    qn_text_free(&text);
    qn_deck_free(&deck);
}
