/// @file
/// Test loops and signs of life.
#include "par/wait.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"

enum {
    ASK = 1,
    ANSWER = 2,     ///< tags
    EXIT = 5,       ///< code with which a job ends whose ranks are lost
    BETWEEN = 4096, ///< tests between looks at the clock
};

static const double GRACE = 5.0; ///< for an answer [s]

static double read_clock(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static double now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void qn_wait_begin(struct qn_group *g)
{
    struct qn_wait_name mine = {.pid = (long)getpid()};
    gethostname(mine.host, sizeof mine.host - 1);
    g->comm->name = qn_alloc((size_t)g->size, sizeof mine);
    MPI_Comm_dup(g->comm->comm, &g->comm->watch);
    MPI_Allgather(&mine, sizeof mine, MPI_BYTE, g->comm->name, sizeof mine, MPI_BYTE,
                  g->comm->comm);
}

void qn_wait_end(struct qn_group *g)
{
    MPI_Comm_free(&g->comm->watch);
    qn_free(g->comm->name);
}

/// Take every message with this tag; answer questions; note who has answered.
static void listen(struct qn_group *g, int tag, char *alive)
{
    int there;
    MPI_Status from;
    MPI_Iprobe(MPI_ANY_SOURCE, tag, g->comm->watch, &there, &from);
    while (there) {
        MPI_Request sent;
        MPI_Recv(NULL, 0, MPI_BYTE, from.MPI_SOURCE, tag, g->comm->watch, MPI_STATUS_IGNORE);
        if (tag == ASK) {
            MPI_Isend(NULL, 0, MPI_BYTE, from.MPI_SOURCE, ANSWER, g->comm->watch, &sent);
            MPI_Request_free(&sent); // empty: nothing to keep
        } else if (alive) {
            alive[from.MPI_SOURCE] = 1;
        }
        MPI_Iprobe(MPI_ANY_SOURCE, tag, g->comm->watch, &there, &from);
    }
}

/// Name the ranks that gave no sign; the lowest that lives speaks.
static void give_up(const struct qn_group *g, const char *alive, double waited)
{
    int speaker = 0, silent = 0;
    while (!alive[speaker]) {
        speaker++;
    }
    for (int r = 0; r < g->size && speaker == g->rank; r++) {
        if (!alive[r]) {
            silent++;
            fprintf(stderr,
                    "quern: rank %d (process %ld on %s) has given no sign of life for %.0f s: it "
                    "hangs, is stopped, or computes longer than --patience; ending the job\n",
                    r, g->comm->name[r].pid, g->comm->name[r].host, waited);
        }
    }
    if (speaker == g->rank && silent == 0) {
        fprintf(stderr,
                "quern: all ranks have been waiting for each other for %.0f s; ending the job\n",
                waited);
    }
    fflush(stderr);
    if (speaker != g->rank) {
        sleep(2); // let the speaker be heard
    }
    MPI_Abort(g->comm->comm, EXIT);
}

/// Ask everybody; returns when the requests are done after all.
static int ask(struct qn_group *g, MPI_Request *request, int n, double since)
{
    int done = 0;
    const double begun = now();
    char *alive = qn_alloc((size_t)g->size, 1);
    listen(g, ANSWER, NULL); // answers to older questions
    alive[g->rank] = 1;
    for (int r = 0; r < g->size; r++) {
        MPI_Request sent;
        if (r != g->rank) {
            MPI_Isend(NULL, 0, MPI_BYTE, r, ASK, g->comm->watch, &sent);
            MPI_Request_free(&sent);
        }
    }
    while (!done && now() - begun < GRACE) {
        MPI_Testall(n, request, &done, MPI_STATUSES_IGNORE);
        listen(g, ASK, NULL);
        listen(g, ANSWER, alive);
    }
    int everybody = 1;
    for (int r = 0; r < g->size; r++) {
        everybody &= alive[r];
    }
    if (!done && (!everybody || now() - since > 3.0 * g->patience + GRACE)) {
        give_up(g, alive, now() - since);
    }
    qn_free(alive);
    return done;
}

void qn_wait(struct qn_group *g, MPI_Request *request, int n)
{
    int done = 0;
    double since = 0.0, asked = 0.0;
    const double begun = read_clock((clockid_t)g->clock);
    for (long k = 1; !done; k++) {
        MPI_Testall(n, request, &done, MPI_STATUSES_IGNORE);
        if (!done && k % BETWEEN == 0) {
            const double t = now();
            since = since > 0.0 ? since : t;
            listen(g, ASK, NULL);
            if (t - since > g->patience && t - asked > g->patience) {
                asked = t;
                done = ask(g, request, n, since);
            }
        }
    }
    g->waited += read_clock((clockid_t)g->clock) - begun;
}
