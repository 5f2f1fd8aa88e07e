// The program under mpirun: the same results for any ranks and threads, checkpoints that go on on
// others, ensembles whose members are ordinary runs, and jobs that end when a rank is lost.
#include "run_fixture.h"

TestSuite(ranks, .init = enter_ranks, .fini = leave, .timeout = 560);

// 12 balls and 60 parcels: 5 ms of window, 4 ms of direct span, a minute of hours; every output on
#define DECK QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml "
#define TINY                                                                                       \
    DECK "--set powder.mass='0.14 g' --set run.parcels=60 --set run.parcel_mass='0.0195 g' "       \
         "--set mill.run_up='0 s' --set run.start_up='4 ms' --set run.window_powder=parcels "      \
         "--set run.window_min='5 ms' --set run.window_max='5 ms' "                                \
         "--set run.direct_powder=parcels --set run.direct_span='4 ms' --set run.sync='1 ms' "     \
         "--set run.bridged='60 s' --set run.bridged_points=4 --set run.event_log=true "           \
         "--set run.hash_every=512 "
// a few milliseconds of direct span and nothing else
#define SHORT DECK "--set run.direct_span='5 ms' "

static pid_t start_on(int ranks, int threads, const char *options)
{
    char command[4096];
    snprintf(
        command, sizeof command,
        "OMP_NUM_THREADS=%d exec mpirun --oversubscribe -n %d %s run %s >words 2>&1 </dev/null",
        threads, ranks, QUERN_EXE, options);
    const pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    cr_assert(child > 0);
    return child;
}

static int run_on(int ranks, int threads, const char *options)
{
    return finish(start_on(ranks, threads, options));
}

/// Exit code of `quern diff`; its words go to <folder>/words.
static int diff(const char *a, const char *b)
{
    char command[1024];
    snprintf(command, sizeof command, "%s diff %s %s >words 2>&1", QUERN_EXE, a, b);
    const int status = system(command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

Test(ranks, every_dataset_is_the_same_on_any_ranks_and_threads)
{
    static const int matrix[][2] = {{1, 2}, {2, 1}, {2, 2}, {3, 1}, {3, 2},
                                    {4, 1}, {4, 2}, {8, 1}, {8, 2}};
    cr_assert(eq(int, run_on(1, 1, TINY "--output one/run.h5 --quiet"), 0), "%s", words());
    for (size_t k = 0; k < sizeof matrix / sizeof *matrix; k++) {
        cr_assert(
            eq(int, run_on(matrix[k][0], matrix[k][1], TINY "--output more/run.h5 --force"), 0),
            "%s", words());
        cr_expect(strstr(words(), "window step 512 state ") != NULL, "%s", words());
        cr_expect(matrix[k][0] == 1 || strstr(words(), "window on ") != NULL, "%s", words());
        cr_expect(eq(int, diff("one/run.h5", "more/run.h5"), 0), "%d ranks: %s", matrix[k][0],
                  words());
    }
}

Test(ranks, outputs_do_not_change_the_trajectory)
{
    // with the event log and digests every 512 steps, and without both
    cr_assert(eq(int, run_on(2, 1, TINY "--output with/run.h5 --quiet"), 0), "%s", words());
    cr_assert(eq(int,
                 run_on(3, 1,
                        TINY "--output none/run.h5 --quiet --set run.event_log=false "
                             "--set run.hash_every=1000000"),
                 0),
              "%s", words());
    struct qn_store *a = load("with/run.h5"), *b = load("none/run.h5");
    const char *const same[] = {"/chemistry/bridged/gas/CO2", "/chemistry/direct/gas/CO2",
                                "/spectra/pulses/flat"};
    for (size_t k = 0; k < sizeof same / sizeof *same; k++) {
        const struct qn_store_item *p = item_at(a, same[k]), *q = item_at(b, same[k]);
        cr_assert(p && q && qn_store_size(p) == qn_store_size(q), "%s", same[k]);
        cr_expect(memcmp(p->data, q->data, qn_store_size(p) * sizeof(double)) == 0, "%s", same[k]);
    }
    qn_store_free(a);
    qn_store_free(b);
}

// counting begins at once, so that a checkpoint of the window has counts of all ranks
#define COUNTED TINY "--set run.start_up='0.1 ms' "

/// Wait for a checkpoint inside the window with so many digests, 512 steps each; 0 when it is over.
static int wait_for_digests(pid_t child, const char *path, size_t n)
{
    while (wait_for_stage(child, path, "window")) {
        struct qn_store *s = load(path);
        size_t dims[QN_STORE_RANK] = {0};
        const int there =
            qn_store_get(s, "/mechanics/window_hash", NULL, dims) != NULL && dims[0] >= n;
        qn_store_free(s);
        if (there) {
            return 1;
        }
        nap(0.005);
    }
    return 0;
}

Test(ranks, a_checkpoint_goes_on_on_other_ranks_and_threads)
{
    static const char *const stages[] = {"window", "direct", "hours"};
    static const int then[][2] = {{2, 2}, {3, 1}, {1, 2}};
    cr_assert(eq(int, run_on(2, 1, COUNTED "--output one/run.h5 --quiet"), 0), "%s", words());
    for (int k = 0; k < 3; k++) {
        const pid_t child = start_on(
            3, 1, COUNTED "--output cut/run.h5 --force --quiet --checkpoint-interval '20 ms'");
        // in the window late enough for hits to have been counted
        const int there = k == 0 ? wait_for_digests(child, "cut/run.h5", 24)
                                 : wait_for_stage(child, "cut/run.h5", stages[k]);
        kill(child, SIGUSR1);
        const int code = finish(child);
        cr_expect(there && code == 85, "%s: %d %s", stages[k], code, words());
        cr_assert(eq(int,
                     run_on(then[k][0], then[k][1], COUNTED "--output cut/run.h5 --resume --quiet"),
                     0),
                  "%s: %s", stages[k], words());
        cr_expect(eq(int, diff("one/run.h5", "cut/run.h5"), 0), "%s: %s", stages[k], words());
    }
}

Test(ranks, replay_shares_its_carriers_and_goes_on_on_other_ranks)
{
    // 12 ball coatings, 24 of the wall, loose carriers, some thousand jumps
    static const char *const gas[] = {"automatic", "coupled"};
    for (int k = 0; k < 2; k++) {
        char deck[4096], options[8192];
        snprintf(deck, sizeof deck,
                 COUNTED "--set run.bridge_level=replay --set run.bridged='0.5 s' --set "
                         "run.event_log=false --set run.direct_span='0 s' --set run.replay_gas=%s "
                         "--quiet ",
                 gas[k]);
        snprintf(options, sizeof options, "%s--output one/run.h5 --force", deck);
        cr_assert(eq(int, run_on(1, 1, options), 0), "%s", words());
        snprintf(options, sizeof options,
                 "%s--output cut/run.h5 --force --checkpoint-interval '5 ms'", deck);
        const pid_t child = start_on(3, 1, options);
        const int there = wait_for_stage(child, "cut/run.h5", "hours");
        kill(child, SIGUSR1);
        const int code = finish(child);
        cr_expect(there && code == 85, "%s: %d %s", gas[k], code, words());
        snprintf(options, sizeof options, "%s--output cut/run.h5 --resume", deck);
        cr_assert(eq(int, run_on(2, 1, options), 0), "%s", words());
        cr_expect(eq(int, diff("one/run.h5", "cut/run.h5"), 0), "%s: %s", gas[k], words());
        cr_assert(eq(int, system("rm -rf one cut"), 0));
    }
}

Test(ranks, diff_names_the_first_step_that_differs)
{
    cr_assert(eq(int, run_on(1, 1, SHORT "--output a.h5 --set run.hash_every=1024 --quiet"), 0));
    cr_assert(eq(int,
                 run_on(1, 1,
                        SHORT "--output b.h5 --set run.hash_every=1024 --quiet "
                              "--set contact.friction=0.31"),
                 0));
    cr_expect(eq(int, diff("a.h5", "b.h5"), 1));
    cr_expect(strstr(words(), "/deck: the texts differ from line") != NULL, "%s", words());
    cr_expect(strstr(words(), "/mechanics/direct_hash[") != NULL, "%s", words());
    cr_expect(eq(int, diff("a.h5", "a.h5"), 0));
    cr_expect(eq(int, diff("a.h5", "nowhere.h5"), 5), "%s", words());
}

Test(ranks, members_of_a_sweep_equal_their_own_runs)
{
    FILE *f = fopen("sweep.yaml", "w");
    cr_assert(f != NULL);
    fputs("members:\n- {name: few, set: {'balls.groups[0].count': 8}}\n"
          "- {name: hard, set: {contact.overlap_limit: 1e-9, seed: 7}}\n"
          "- {name: slow, set: {mill.frequency: 30 Hz}}\n",
          f);
    fclose(f);
    // two groups of two ranks for three members; one of them trips its overlap guard
    cr_expect(
        eq(int, run_on(4, 1, SHORT "--sweep sweep.yaml --ranks-per-member 2 --output s/a.h5"), 4),
        "%s", words());
    cr_expect(strstr(words(), "2 of 3 members done") != NULL, "%s", words());
    cr_assert(
        eq(int, run_on(1, 1, SHORT "--set mill.frequency='30 Hz' --output slow.h5 --quiet"), 0));
    cr_expect(eq(int, diff("slow.h5", "s/a-slow.h5"), 0), "%s", words());
    cr_expect(access("s/a-few.h5", F_OK) == 0);
    char table[4096] = "";
    f = fopen("s/a-members.csv", "r");
    cr_assert(f != NULL);
    table[fread(table, 1, sizeof table - 1, f)] = '\0';
    fclose(f);
    cr_expect(strstr(table, "hard,s/a-hard.h5,4,") != NULL, "%s", table);
    cr_expect(strstr(table, "above the guard") != NULL, "%s", table);
}

Test(ranks, replicas_count_their_seeds_up)
{
    cr_assert(eq(int, run_on(2, 1, SHORT "--ensemble 3 --output e/a.h5 --quiet"), 0), "%s",
              words());
    cr_assert(eq(int, run_on(1, 1, SHORT "--set seed=3 --output three.h5 --quiet"), 0));
    cr_expect(eq(int, diff("three.h5", "e/a-0003.h5"), 0), "%s", words());
    cr_expect(eq(int, diff("e/a-0001.h5", "e/a-0002.h5"), 1));
}

Test(ranks, a_wrong_sweep_stops_before_anything_runs)
{
    FILE *f = fopen("sweep.yaml", "w");
    cr_assert(f != NULL);
    fputs("grid:\n  mill.frequency: [30 Hz, 40 rpm]\n  mill.frequenzy: [1 Hz]\n", f);
    fclose(f);
    cr_expect(eq(int, run_on(2, 1, SHORT "--sweep sweep.yaml --output s/a.h5"), 3));
    cr_expect(strstr(words(), "member 0001: --set mill.frequenzy: unknown key") != NULL, "%s",
              words());
    cr_expect(strstr(words(), "member 0002:") != NULL, "%s", words());
    cr_expect(access("s", F_OK) != 0);
}

Test(ranks, ranks_with_another_deck_are_named_at_the_start)
{
    FILE *f = fopen("two", "w");
    cr_assert(f != NULL);
    fprintf(f,
            "#!/bin/sh\nexec %s run " SHORT "--output x/a.h5 --set seed=$((1 + "
            "OMPI_COMM_WORLD_RANK / 2))\n",
            QUERN_EXE);
    fclose(f);
    chmod("two", 0755);
    const int status = system("mpirun --oversubscribe -n 3 ./two >words 2>&1");
    cr_expect(eq(int, WIFEXITED(status) ? WEXITSTATUS(status) : -1, 2));
    cr_expect(strstr(words(), "rank 2 has another deck") != NULL, "%s", words());
    cr_expect(access("x", F_OK) != 0);
}

/// Process id of a rank of mpirun's children that runs quern; the last one it finds.
static pid_t some_rank(pid_t mpirun)
{
    char command[64];
    long pid = 0;
    snprintf(command, sizeof command, "pgrep -P %d", (int)mpirun);
    FILE *f = popen(command, "r");
    cr_assert(f != NULL);
    while (fscanf(f, "%ld", &pid) == 1) {
    }
    pclose(f);
    return (pid_t)pid;
}

Test(ranks, a_rank_that_hangs_or_dies_ends_the_job_and_is_named)
{
    for (int dies = 0; dies < 2; dies++) {
        const char *const file[] = {"hangs/a.h5", "dies/a.h5"};
        char options[1024];
        snprintf(options, sizeof options,
                 DECK "--set run.direct_span='100 s' --output %s --patience '2 s' --quiet "
                      "--checkpoint-interval '50 ms'",
                 file[dies]);
        const pid_t child = start_on(3, 1, options);
        cr_assert(wait_for_stage(child, file[dies], "direct"), "%s", words());
        const pid_t rank = some_rank(child);
        char name[64];
        snprintf(name, sizeof name, "(process %d on", (int)rank);
        cr_assert(rank > 0 && kill(rank, dies ? SIGKILL : SIGSTOP) == 0);
        cr_expect(finish(child) != 0);
        if (dies) {
            cr_expect(strstr(words(), "process rank 2") != NULL, "%s", words());
        } else {
            kill(rank, SIGKILL);
            cr_expect(strstr(words(), name) != NULL, "%s: %s", name, words());
            cr_expect(strstr(words(), "rank 2 (process") != NULL, "%s", words());
        }
    }
}
