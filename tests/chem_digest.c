// Prints one line that must not depend on ranks, threads or vector lanes: 610 carriers unlike in
// all, coupled through their gas, and 40 of them by themselves at rest and through pulses.
// Usage: chem_digest [threads], alone or under mpirun.
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <mpi.h>

#include "base/hash.h"
#include "chem/crowd.h"
#include "coupled_fixture.h"

enum { CARRIERS = 610, ALONE = 40 };

static void done(void *context, int thread, int job, const struct qn_crowd_result *r)
{
    (void)thread;
    ((unsigned char *)context)[job] = (unsigned char)r->failed;
}

// what becomes of the carriers by themselves goes to their states
static void alone(struct crowd *c, int threads, int pulses)
{
    double gas[QN_MAX_SPECIES];
    struct qn_shot shot[ALONE];
    struct qn_crowd_job job[ALONE];
    unsigned char failed[ALONE] = {0};
    qn_gas_concentrations(&c->gas, gas);
    for (int i = 0; i < ALONE; i++) {
        c->matter[i].pore = 1e-4;
        c->matter[i].refill = 1e3;
        shot[i] = (struct qn_shot){.pulse = {.kind = QN_PULSE_RING_HOT,
                                             .dT = 600.0 * crowd_draw(i, 50),
                                             .t_c = 30e-6,
                                             .cool = 3e-3,
                                             .t_cut = 30e-3},
                                   .T0 = c->carrier[i].T,
                                   .gated = i % 7 == 6};
        job[i] = (struct qn_crowd_job){&c->matter[i],   pulses ? &shot[i] : NULL, gas,
                                       c->carrier[i].y, c->carrier[i].T,          0.1};
    }
    struct qn_crowd *crowd = qn_crowd_new(&c->m, threads);
    qn_crowd_run(crowd, &c->set, job, ALONE, done, failed);
    qn_crowd_free(crowd);
    for (int i = 0; i < ALONE; i++) {
        if (failed[i]) {
            abort();
        }
    }
}

int main(int argc, char **argv)
{
    MPI_Init(&argc, &argv);
    const int threads = argc > 1 ? atoi(argv[1]) : 1;
    struct qn_group group;
    struct crowd c;
    const MPI_Comm world = MPI_COMM_WORLD;
    qn_group_init(&group, &world);
    crowd_make(&c, QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml", CARRIERS, 1);
    c.set.rtol = 1e-3;
    int first, n;
    qn_coupled_share(CARRIERS, &group, &first, &n);
    struct qn_coupled_count count;
    struct qn_coupled *solver = qn_coupled_new(&c.m, threads, 1, &group);
    if (qn_coupled_run(solver, &c.set, c.carrier + first, n, 1e-5, &c.gas, &count) != QN_OK) {
        fprintf(stderr, "rank %d: %s\n", group.rank, qn_error_text());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    qn_coupled_free(solver);
    if (first == 0) { // the first carriers are here
        alone(&c, threads, 0);
        alone(&c, threads, 1);
    }
    // a digest of each carrier's row, added up
    uint64_t sum = 0;
    const size_t row = (size_t)c.m.n_surface;
    for (int i = first; i < first + n; i++) {
        sum += qn_hash(0, c.y + (size_t)i * row, row * sizeof *c.y) * (uint64_t)(2 * i + 1);
    }
    int64_t total[1] = {(int64_t)sum};
    qn_group_sum_integers(&group, total, 1);
    if (group.rank == 0) {
        printf("%016" PRIx64 " gas %016" PRIx64 " steps %d rejects %d\n", (uint64_t)total[0],
               qn_hash(0, c.gas.moles, (size_t)c.m.n_gas * sizeof(double)), count.steps,
               count.rejects);
    }
    crowd_free(&c);
    qn_group_free(&group);
    MPI_Finalize();
    return 0;
}
