// Prints one line that must not depend on ranks, threads, migration or restarts: 12 balls and 600
// parcels in a planetary vial. Usage: ranks_digest [threads [mode [steps]]], run alone or under
// mpirun; mode is plain, rebuild (lists and owners anew every step), shake (new cuts every step) or
// restart (through a checkpoint half way).
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <mpi.h>

#include "base/array.h"
#include "base/rng.h"
#include "dem/archive.h"
#include "dem/domain.h"
#include "dem/insert.h"
#include "dem_fixture.h"

struct running {
    struct qn_dem_model m;
    struct qn_dem s;
    struct qn_group group;
    int64_t episodes;
};

static void must(struct running *r, enum qn_status status)
{
    if (status != QN_OK) {
        fprintf(stderr, "rank %d: %s\n", r->group.rank, qn_error_text());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}

static void steps(struct running *r, int n, const char *mode)
{
    const struct qn_episode *e;
    size_t count;
    if (strcmp(mode, "shake") == 0 && r->s.domain) {
        r->s.domain->shake = 1;
    }
    for (int k = 0; k < n; k++) {
        r->s.stale = strcmp(mode, "rebuild") && strcmp(mode, "shake") ? r->s.stale : 2;
        must(r, qn_dem_step(&r->m, &r->s));
        qn_dem_drain(&r->s, &e, &count);
        for (size_t i = 0; i < count; i++) {
            r->episodes = (int64_t)((uint64_t)r->episodes + qn_hash(1, &e[i], sizeof e[i]));
        }
    }
}

static void restart(struct running *r, int threads)
{
    void *bytes;
    size_t size;
    qn_dem_pack(&r->s, &bytes, &size);
    qn_dem_free(&r->s);
    qn_dem_init(&r->m, &r->s, threads);
    qn_dem_join(&r->s, &r->group);
    must(r, qn_dem_unpack(&r->m, &r->s, bytes, size));
    qn_free(bytes);
}

int main(int argc, char **argv)
{
    const int threads = argc > 1 ? atoi(argv[1]) : 1;
    const char *mode = argc > 2 ? argv[2] : "plain";
    const int n = argc > 3 ? atoi(argv[3]) : 1000;
    const struct qn_insert bodies[2] = {{0, 12, 3e-3}, {1, 600, 0.4e-3}};
    static struct running r;
    struct qn_ledger books;
    int provided;
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    const MPI_Comm world = MPI_COMM_WORLD;
    qn_group_init(&r.group, &world);
    r.m = mixed_bed();
    qn_dem_init(&r.m, &r.s, threads);
    qn_dem_join(&r.s, &r.group);
    must(&r, qn_insert_bodies(&r.m, &r.s, bodies, 2, 3));
    for (int i = 0; i < r.s.n; i++) { // a hot start: hits from the first step on
        for (uint32_t c = 0; c < 3; c++) {
            r.s.body[i].v[c] = 4.0 * qn_uniform(5, QN_STREAM_TEST, (uint64_t)i, 0, c) - 2.0;
        }
    }
    must(&r, qn_dem_start(&r.m, &r.s));
    steps(&r, n / 2, mode);
    if (strcmp(mode, "restart") == 0) {
        restart(&r, threads);
    }
    steps(&r, n - n / 2, mode);
    qn_ledger_read(&r.m, &r.s, &books);
    qn_group_sum_integers(&r.group, &r.episodes, 1);
    const uint64_t state = qn_dem_hash(&r.s);
    if (r.group.rank == 0) {
        printf("state %016" PRIx64 " episodes %" PRId64 " %016" PRIx64 " books %a %a %a %a %a %a\n",
               state, books.episodes, (uint64_t)r.episodes, books.kinetic, books.contacts,
               books.slip, books.e_num, books.gravity, books.frame);
    }
    qn_dem_free(&r.s);
    qn_group_free(&r.group);
    MPI_Finalize();
    return 0;
}
