// Prints one line that must not depend on ranks or threads: 130 carriers replayed under a gas that
// proves stiff on the way, so that rows move to the owners of blocks and back.
// Usage: replay_digest [threads], alone or under mpirun.
#include <inttypes.h>

#include <mpi.h>

#include "base/hash.h"
#include "replay_fixture.h"

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    const MPI_Comm world = MPI_COMM_WORLD;
    struct qn_group group;
    struct stiff b;
    struct qn_replay r;
    qn_group_init(&group, &world);
    stiff_open(&b, 0.005);
    b.set.threads = argc > 1 ? atoi(argv[1]) : 1;
    stiff_begin(&b, 0.2, &group, &r);
    if (qn_replay_run(&r, 6.0, 0) != QN_OK) {
        fprintf(stderr, "rank %d: %s\n", group.rank, qn_error_text());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    uint64_t sum = 0;
    for (int i = 0; i < r.d.n; i++) {
        sum +=
            r.d.mine[i] ? qn_hash(0, r.d.y + 2 * i, 2 * sizeof(double)) * (uint64_t)(2 * i + 1) : 0;
    }
    int64_t total[1] = {(int64_t)sum};
    qn_group_sum_integers(&group, total, 1);
    const struct qn_books *books = &r.d.books;
    if (group.rank == 0) {
        printf(
            "%016" PRIx64 " gas %016" PRIx64 " books %016" PRIx64
            " intervals %lld, coupled %lld, jumps %lld\n",
            (uint64_t)total[0], qn_hash(0, r.d.gas.moles, 3 * sizeof(double)),
            qn_hash(0, books->reaction, (size_t)(b.m.n_reactions * QN_CHANNELS) * sizeof(double)),
            (long long)r.syncs, (long long)r.together, (long long)r.jumps);
    }
    const int stiff = r.together > 0 && r.together < r.syncs;
    qn_replay_free(&r);
    stiff_free(&b);
    qn_group_free(&group);
    MPI_Finalize();
    return stiff ? 0 : 1;
}
