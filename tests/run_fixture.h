// Driving the executable on a small deck in a folder of its own, and comparing run files.
#pragma once

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "io/store.h"
#include "io/store_items.h"

// every test stands in a new folder; runs put their files below it
static char folder[] = "/tmp/quern-run-XXXXXX";

static void enter(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, chdir(folder), 0));
}

/// For runs under mpirun, which refuses root unless told twice.
static inline void enter_ranks(void)
{
    enter();
    setenv("OMPI_ALLOW_RUN_AS_ROOT", "1", 1);
    setenv("OMPI_ALLOW_RUN_AS_ROOT_CONFIRM", "1", 1);
    setenv("OMPI_MCA_rmaps_base_oversubscribe", "1", 1);
    setenv("OMPI_MCA_mpi_yield_when_idle", "1", 1);
}

static void leave(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(eq(int, system(command), 0));
}

// A window of 0.15 s and a direct span of 0.1 s of the small accelerated mill: a second or two.
#define SMALL                                                                                      \
    QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml --set run.window_powder=carried "            \
                     "--set run.window_min='0.15 s' --set run.window_max='0.15 s' "                \
                     "--set run.start_up='0.05 s' --set run.direct_span='100 ms' "

/// Start `quern run` on a deck with options; its words go to <folder>/words.
static inline pid_t start(const char *deck, const char *options, int threads)
{
    char command[2048];
    snprintf(command, sizeof command, "OMP_NUM_THREADS=%d exec %s run %s %s >words 2>&1 </dev/null",
             threads, QUERN_EXE, deck, options);
    const pid_t child = fork();
    if (child == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    cr_assert(child > 0);
    return child;
}

/// Exit code, or minus the signal that ended it.
static inline int finish(pid_t child)
{
    int status;
    cr_assert(waitpid(child, &status, 0) == child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

static inline int run(const char *deck, const char *options, int threads)
{
    return finish(start(deck, options, threads));
}

static inline void nap(double seconds)
{
    const struct timespec t = {(time_t)seconds, (long)(1e9 * (seconds - (double)(time_t)seconds))};
    nanosleep(&t, NULL);
}

static inline struct qn_store *load(const char *path)
{
    struct qn_store *s;
    cr_assert(qn_store_read(path, &s) == QN_OK, "%s", qn_error_text());
    return s;
}

static inline const char *attribute(const struct qn_store *s, const char *name)
{
    for (size_t k = 0; k < s->n_attributes; k++) {
        if (strcmp(s->attribute[k].path, "/") == 0 && strcmp(s->attribute[k].name, name) == 0) {
            return s->attribute[k].text;
        }
    }
    return "";
}

/// The words a run left, for messages and searches; borrowed.
static inline const char *words(void)
{
    static char text[8192];
    FILE *f = fopen("words", "rb");
    text[f ? fread(text, 1, sizeof text - 1, f) : 0] = '\0';
    if (f) {
        fclose(f);
    }
    return text;
}

/// Wait until a checkpoint at `path` is as `seen` wants it; 0 when the child ends before.
static inline int wait_for(pid_t child, const char *path,
                           int (*seen)(const struct qn_store *s, const void *wanted),
                           const void *wanted)
{
    for (int k = 0; k < 6000; k++) {
        struct qn_store *s;
        siginfo_t ended = {0};
        if (access(path, F_OK) == 0 && qn_store_read(path, &s) == QN_OK) {
            const int there = seen(s, wanted);
            qn_store_free(s);
            if (there) {
                return 1;
            }
        }
        if (waitid(P_PID, (id_t)child, &ended, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            ended.si_pid == child) {
            return 0;
        }
        nap(0.005);
    }
    return 0;
}

static inline int is_in_stage(const struct qn_store *s, const void *stage)
{
    const char *at = qn_store_get_text(s, "/checkpoint/stage");
    return at && strcmp(at, stage) == 0;
}

/// Wait until the run file at `path` has a checkpoint in `stage`; 0 when the child ends before.
static inline int wait_for_stage(pid_t child, const char *path, const char *stage)
{
    return wait_for(child, path, is_in_stage, stage);
}

/// Wall times and the cuts of the event log differ between runs; all else must not.
static inline int depends_on_the_clock(const struct qn_store_item *item)
{
    return strcmp(item->path, "/summary") == 0 || strcmp(item->path, "/manifest") == 0 ||
           strncmp(item->path, "/events/", 8) == 0 || strncmp(item->path, "/parallel/", 10) == 0;
}

static inline const struct qn_store_item *item_at(const struct qn_store *s, const char *path)
{
    for (size_t k = 0; k < s->n_items; k++) {
        if (strcmp(s->item[k].path, path) == 0) {
            return &s->item[k];
        }
    }
    return NULL;
}

/// Every dataset of `a` is in `b` with the same shape and bits; returns how many were compared.
static inline int all_in(const char *name_a, const char *name_b)
{
    struct qn_store *a = load(name_a), *b = load(name_b);
    int compared = 0;
    for (size_t k = 0; k < a->n_items; k++) {
        const struct qn_store_item *p = &a->item[k], *q = item_at(b, p->path);
        if (depends_on_the_clock(p)) {
            continue;
        }
        cr_expect(q != NULL, "%s is not in %s", p->path, name_b);
        if (q) {
            const size_t n = qn_store_size(p);
            const size_t bytes = n * (p->kind == QN_STORE_STRING ? 1 : sizeof(double));
            const int same = p->kind == q->kind && p->rank == q->rank && n == qn_store_size(q) &&
                             (bytes == 0 || memcmp(p->data, q->data, bytes) == 0);
            cr_expect(same, "%s differs between %s and %s", p->path, name_a, name_b);
            compared++;
        }
    }
    qn_store_free(a);
    qn_store_free(b);
    return compared;
}

/// Both ways, so that neither has more.
static inline void expect_same_results(const char *name_a, const char *name_b)
{
    const int n = all_in(name_a, name_b);
    cr_expect(all_in(name_b, name_a) == n);
    cr_expect(n > 60, "only %d datasets compared", n);
}
