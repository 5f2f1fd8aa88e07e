// The program end to end: run files, refusals, stops and kills that go on to the same bits.
#include <dirent.h>

#include "run_fixture.h"

TestSuite(run, .init = enter, .fini = leave, .timeout = 100);

/// The same run, never interrupted, on one thread.
static void reference(void)
{
    cr_assert(eq(int, run(SMALL, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
}

Test(run, leaves_a_complete_file_that_explains_itself)
{
    reference();
    struct qn_store *s = load("ref/run.h5");
    cr_expect_str_eq(attribute(s, "status"), "complete");
    cr_expect_str_eq(attribute(s, "kind"), "quern run");
    for (size_t k = 0; k < s->n_items; k++) {
        const struct qn_store_item *item = &s->item[k];
        cr_expect(item->description[0] != '\0', "%s has no description", item->path);
        cr_expect(item->kind == QN_STORE_STRING || item->unit[0] != '\0', "%s has no units",
                  item->path);
        cr_expect(strncmp(item->path, "/checkpoint", 11) != 0, "%s is left", item->path);
    }
    static const char *const wanted[] = {
        "/deck",
        "/mechanism",
        "/versions",
        "/summary",
        "/spectra/collisions/rate",
        "/spectra/pulses/flat",
        "/mechanics/window/power",
        "/mechanics/ledger/residual_a",
        "/chemistry/direct/gas/CH4",
        "/chemistry/direct/channels/impact",
        "/merit/power",
    };
    for (size_t k = 0; k < sizeof wanted / sizeof *wanted; k++) {
        cr_expect(item_at(s, wanted[k]) != NULL, "%s is missing", wanted[k]);
    }
    qn_store_free(s);
    cr_expect(access("ref/run.h5.tmp", F_OK) != 0);
    cr_expect(access("ref/results.csv", F_OK) == 0);
}

static time_t written(const char *path)
{
    struct stat info;
    cr_assert(eq(int, stat(path, &info), 0));
    return info.st_mtime + info.st_size;
}

Test(run, an_older_run_file_needs_force_and_is_kept)
{
    cr_assert(eq(int, system("mkdir old && echo mine >old/run.h5"), 0));
    const time_t before = written("old/run.h5");
    cr_expect(eq(int, run(SMALL, "--output old/run.h5 --quiet", 1), 2));
    cr_expect(strstr(words(), "old/run.h5 exists: give --force to replace it") != NULL, "%s",
              words());
    cr_expect(eq(int, written("old/run.h5"), before));
    cr_expect(access("old/windows", F_OK) != 0); // nothing was computed
    cr_expect(eq(int, run(SMALL, "--output old/run.h5 --quiet --force", 1), 0));
    cr_expect(eq(int, system("grep -q mine old/run.h5.prev"), 0));
}

/// Ask for a stop as soon as a checkpoint of `stage` is there, go on, compare.
static void stop_and_go_on(const char *stage)
{
    reference();
    const pid_t child =
        start(SMALL, "--output cut/run.h5 --checkpoint-interval '0.05 s' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", stage), "no checkpoint in the %s", stage);
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    cr_expect(strstr(words(), "go on with --resume") != NULL, "%s", words());
    struct qn_store *s = load("cut/run.h5");
    cr_expect_str_eq(qn_store_get_text(s, "/checkpoint/stage"), stage);
    cr_expect_str_eq(attribute(s, "status"), "unfinished: checkpoint");
    qn_store_free(s);
    cr_assert(eq(int, run(SMALL, "--output cut/run.h5 --resume --quiet", 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(run, stopped_in_the_window_goes_on_to_the_same_bits)
{
    stop_and_go_on("window");
}

Test(run, stopped_in_the_direct_span_goes_on_to_the_same_bits)
{
    stop_and_go_on("direct");
}

// Two minutes of bridged mode behind them.
#define HOURS SMALL "--set run.direct_span='20 ms' --set run.bridged='2 min' "

Test(run, stopped_in_the_hours_goes_on_to_the_same_bits)
{
    cr_assert(eq(int, run(HOURS, "--output ref/run.h5 --quiet", 1), 0), "%s", words());
    const pid_t child =
        start(HOURS, "--output cut/run.h5 --checkpoint-interval '0.01 s' --quiet", 2);
    cr_assert(wait_for_stage(child, "cut/run.h5", "hours"), "%s", words());
    cr_assert(eq(int, kill(child, SIGUSR1), 0));
    cr_assert(eq(int, finish(child), 85), "%s", words());
    struct qn_store *s = load("cut/run.h5");
    size_t dims[QN_STORE_RANK];
    cr_assert(qn_store_get(s, "/chemistry/bridged/time", NULL, dims) != NULL);
    cr_expect(dims[0] > 1 && dims[0] < 200, "stopped after %zu of 201 points", dims[0]);
    qn_store_free(s);
    cr_assert(eq(int, run(HOURS, "--output cut/run.h5 --resume --quiet", 2), 0), "%s", words());
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(run, many_checkpoints_and_two_threads_change_no_bit)
{
    reference();
    cr_assert(
        eq(int, run(SMALL, "--output b/run.h5 --checkpoint-interval '0.02 s' --quiet", 2), 0));
    expect_same_results("ref/run.h5", "b/run.h5");
}

Test(run, killed_at_any_moment_goes_on_to_the_same_bits)
{
    reference();
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    srand((unsigned)(now.tv_nsec + getpid())); // any moment is a fair one
    int killed = 0, code = -1;
    for (int k = 0; k < 12 && code != 0; k++) {
        const pid_t child =
            start(SMALL, "--output cut/run.h5 --checkpoint-interval '0.05 s' --resume --quiet", 2);
        nap(0.1 + 0.9 * rand() / (double)RAND_MAX);
        kill(child, SIGKILL);
        code = finish(child);
        killed += code == -SIGKILL;
        cr_assert(code == 0 || code == -SIGKILL, "%d: %s", code, words());
    }
    if (code != 0) {
        cr_assert(eq(int, run(SMALL, "--output cut/run.h5 --resume --quiet", 1), 0), "%s", words());
    }
    cr_expect(killed > 0);
    expect_same_results("ref/run.h5", "cut/run.h5");
}

Test(run, force_then_killed_does_not_take_the_older_file_for_its_own)
{
    cr_assert(eq(int, run(SMALL, "--output a/run.h5 --quiet", 2), 0), "%s", words());
    const pid_t child = start(SMALL, "--output a/run.h5 --quiet --force", 2);
    for (int k = 0; k < 2000 && access("a/run.h5", F_OK) == 0; k++) {
        nap(0.002);
    }
    kill(child, SIGKILL);
    finish(child);
    cr_assert(eq(int, run(SMALL, "--output a/run.h5 --resume", 2), 0), "%s", words());
    cr_expect(strstr(words(), "nothing to resume") == NULL, "%s", words());
    cr_expect(eq(int, run(SMALL, "--output a/run.h5 --resume", 2), 0));
    cr_expect(strstr(words(), "a/run.h5 is complete; nothing to resume") != NULL, "%s", words());
}

/// Path of the only window file in a folder.
static void window_file(const char *where, char *out, size_t size)
{
    DIR *d = opendir(where);
    cr_assert(d != NULL);
    int found = 0;
    for (struct dirent *e = readdir(d); e; e = readdir(d)) {
        if (e->d_name[0] != '.') {
            snprintf(out, size, "%s/%s", where, e->d_name);
            found++;
        }
    }
    closedir(d);
    cr_assert(eq(int, found, 1));
}

Test(run, a_window_is_reused_in_words_and_gives_the_same_results)
{
    reference();
    cr_assert(eq(int, run(SMALL, "--output ref/again.h5", 1), 0), "%s", words());
    cr_expect(strstr(words(), "window: reusing ref/windows/") != NULL, "%s", words());
    expect_same_results("ref/run.h5", "ref/again.h5");
    // other mechanics, other window
    cr_assert(eq(int, run(SMALL, "--output ref/other.h5 --set contact.friction=0.41", 1), 0));
    cr_expect(strstr(words(), "reusing") == NULL, "%s", words());
}

Test(run, a_damaged_window_file_is_refused_in_words)
{
    char path[512];
    reference();
    window_file("ref/windows", path, sizeof path);
    struct qn_store *s = load(path);
    const struct qn_store_item *sums = item_at(s, "/window/sums");
    cr_assert(sums != NULL);
    unsigned char *const bytes = sums->data;
    bytes[8 * 40] ^= 1; // one bit of the state behind its digest
    cr_assert(qn_store_write(s, path) == QN_OK);
    qn_store_free(s);
    cr_expect(eq(int, run(SMALL, "--output ref/again.h5 --quiet", 1), 5), "%s", words());
    cr_expect(strstr(words(), "/window/sums: damaged (its digest does not fit)") != NULL, "%s",
              words());
    cr_expect(strstr(words(), "delete it to run the window anew") != NULL, "%s", words());
    // one byte of the file itself, in its header
    FILE *f = fopen(path, "r+b");
    cr_assert(f != NULL);
    cr_assert(fputc('X', f) == 'X');
    fclose(f);
    cr_expect(eq(int, run(SMALL, "--output ref/again.h5 --quiet", 1), 5), "%s", words());
    cr_expect(strstr(words(), "not a complete HDF5 file") != NULL, "%s", words());
    cr_expect(access("ref/again.h5", F_OK) != 0);
}

Test(run, a_mechanism_that_does_not_fit_is_found_before_anything_is_touched)
{
    static const char *const bent[][2] = {
        {"--set chemistry.area=none", "no area for phase zro2 of "},
        {"--set gas.pressure='{CO2: 1 bar, N2: 1 bar}'", "no gas species of that name"},
        {"--set chemistry.start='{Q(ox): 1}'", "no surface species of that name"},
    };
    cr_assert(eq(int, system("mkdir old && echo mine >old/run.h5"), 0));
    const time_t before = written("old/run.h5");
    for (size_t k = 0; k < sizeof bent / sizeof *bent; k++) {
        char options[256];
        snprintf(options, sizeof options, "--force --output old/run.h5 %s", bent[k][0]);
        cr_expect(eq(int, run(SMALL, options, 1), 3), "%s", words());
        cr_expect(strstr(words(), bent[k][1]) != NULL, "%s", words());
        snprintf(options, sizeof options, "--output new/run.h5 %s", bent[k][0]);
        cr_expect(eq(int, run(SMALL, options, 1), 3), "%s", words());
    }
    cr_expect(eq(int, written("old/run.h5"), before));
    cr_expect(access("old/run.h5.prev", F_OK) != 0);
    cr_expect(access("new", F_OK) != 0);
}

Test(run, what_a_mechanism_does_not_know_has_its_place_in_the_deck)
{
    cr_assert(eq(int,
                 system("sed -e 's/area: {zro2:/area: {zrx:/' -e 's/H2: 4 bar/HH: 4 bar/' "
                        "-e 's,mechanism: ,mechanism: " QUERN_SOURCE_DIR
                        "/inputs/accelerated/,' " QUERN_SOURCE_DIR
                        "/inputs/accelerated/direct.yaml >bent.yaml"),
                 0));
    cr_expect(eq(int, run("bent.yaml", "", 1), 3), "%s", words());
    static const char *const want[] = {
        "bent.yaml:54:10: chemistry.area.zrx: no surface phase of that name in ",
        "bent.yaml:54:3: chemistry.area: no area for phase zro2 of ",
        "bent.yaml:48:28: gas.pressure.HH: no gas species of that name in "};
    for (int i = 0; i < 3; i++) {
        cr_expect(strstr(words(), want[i]) != NULL, "%s\nis not in\n%s", want[i], words());
    }
}

Test(run, runs_with_other_figures_share_a_folder)
{
    cr_expect(eq(int, run(SMALL, "--output a/one.h5 --quiet", 2), 0), "%s", words());
    cr_expect(eq(int, run(SMALL, "--output a/two.h5 --quiet --set run.direct_span='0 s'", 2), 0),
              "%s", words());
    cr_expect(eq(int,
                 run(SMALL,
                     "--output a/three.h5 --quiet --set run.window_min='0 s' --set "
                     "run.window_max='0 s'",
                     2),
                 0),
              "%s", words());
    cr_expect(eq(int, system("test $(cat a/results*.csv | grep -c h5) = 3"), 0));
}

Test(run, check_finds_what_is_wrong_with_the_mechanism)
{
    const char *deck = QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml";
    char command[1024];
    snprintf(command, sizeof command, "%s check %s >words 2>&1", QUERN_EXE, deck);
    cr_expect(eq(int, system(command), 0));
    static const char *const lines[] = {
        "  area of zro2                                 50 m2/g\n",
        "  surface species                               5\n",
        "  gas species                                   4\n",
        "  reactions                                     5\n",
        "  impact reactions                              1\n",
    };
    for (size_t k = 0; k < sizeof lines / sizeof *lines; k++) {
        cr_expect(strstr(words(), lines[k]) != NULL, "missing: %s in %s", lines[k], words());
    }
    snprintf(command, sizeof command, "%s check %s --set chemistry.area=none >words 2>&1",
             QUERN_EXE, deck);
    const int status = system(command);
    cr_expect(eq(int, WEXITSTATUS(status), 3));
    cr_expect(strstr(words(), "no area for phase zro2") != NULL, "%s", words());
}
