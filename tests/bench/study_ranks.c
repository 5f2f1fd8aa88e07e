// What the ranks of a step cost: the planetary mill of a deck with many parcels, in contact.
//   study_ranks settle DECK STATE MS [KEY=VALUE]...   a settled state, on one rank
//   study_ranks run    DECK STATE STEPS [KEY=VALUE]...  under mpirun; one line a rank
// Times are CPU times of the rank, apart from waiting, so that ranks may share a core.
// scripts/study-ranks runs both and fits the cost model.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <mpi.h>

#include "app/deck.h"
#include "app/mechanics.h"
#include "base/array.h"
#include "dem/archive.h"
#include "dem/domain.h"
#include "dem/insert.h"

static void must(enum qn_status status)
{
    if (status != QN_OK) {
        fprintf(stderr, "study_ranks: %s\n", qn_error_text());
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
}

static void save(const struct qn_dem *s, const char *path)
{
    void *bytes;
    size_t size;
    qn_dem_pack(s, &bytes, &size);
    FILE *f = fopen(path, "wb");
    if (!f || fwrite(bytes, 1, size, f) != size || fclose(f) != 0) {
        fprintf(stderr, "study_ranks: cannot write %s\n", path);
        exit(1);
    }
    qn_free(bytes);
}

static void *slurp(const char *path, size_t *size)
{
    FILE *f = fopen(path, "rb");
    if (!f || fseek(f, 0, SEEK_END) != 0) {
        fprintf(stderr, "study_ranks: cannot read %s\n", path);
        exit(1);
    }
    *size = (size_t)ftell(f);
    rewind(f);
    void *bytes = qn_alloc(*size, 1);
    if (fread(bytes, 1, *size, f) != *size) {
        exit(1);
    }
    fclose(f);
    return bytes;
}

static void settle(const struct qn_dem_model *m, const struct qn_deck *deck, const char *path,
                   double seconds)
{
    struct qn_dem s;
    const struct qn_episode *e;
    size_t n;
    qn_dem_init(m, &s, 1);
    if (access(path, F_OK) == 0) { // goes on where it was stopped
        void *bytes = slurp(path, &n);
        must(qn_dem_unpack(m, &s, bytes, n));
        qn_free(bytes);
    } else {
        must(qn_mechanics_fill(deck, QN_POWDER_PARCELS, m, &s));
    }
    while (qn_dem_time(m, &s) < seconds) {
        must(qn_dem_step(m, &s));
        qn_dem_drain(&s, &e, &n);
        if (s.step % 2000 == 0) {
            fprintf(stderr, "\r%.1f of %.1f ms", 1e3 * qn_dem_time(m, &s), 1e3 * seconds);
            save(&s, path);
        }
    }
    fputc('\n', stderr);
    save(&s, path);
    qn_dem_free(&s);
}

static void report(struct qn_group *g, const struct qn_dem *s, int64_t steps, int64_t episodes)
{
    struct qn_domain_stats d;
    int contacts = 0, ghosts = s->n - s->n_own;
    for (int k = 0; k < s->n_own; k++) {
        contacts += s->gather_row[s->own[k] + 1] - s->gather_row[s->own[k]];
    }
    qn_domain_read(s, &d);
    const double per = 1e6 / (double)steps;
    for (int r = 0; r < g->size; r++) { // in turn
        if (r == g->rank) {
            printf("rank %d of %d own %d ghosts %d slots %d gathered %d episodes %.3f us", g->rank,
                   g->size, s->n_own, ghosts, (s->inner.n_blocks - 1) * QN_VL, contacts,
                   (double)episodes / (double)steps);
            for (int p = 0; p < QN_STEP_PHASES; p++) {
                printf(" %s %.2f", qn_step_phase_name((enum qn_step_phase)p),
                       s->domain ? s->domain->wall[p] * per : 0.0);
            }
            printf(" messages %.2f bytes %.0f\n", (double)g->messages / (double)steps,
                   (double)g->bytes / (double)steps);
            fflush(stdout);
        }
        qn_group_barrier(g);
    }
    if (g->rank == 0 && g->size > 1) {
        printf("ranks %d imbalance %.4f worst %.4f ghosts %.4f offered %.4f rebuild_every %.1f "
               "balances %lld migrated %.2f\n",
               g->size, d.imbalance, d.worst, d.ghosts, d.offered,
               (double)steps / (double)d.rebuilds, (long long)d.balances, d.migrated);
    }
}

static void run(const struct qn_dem_model *m, struct qn_group *g, const char *path, int64_t steps)
{
    struct qn_dem s;
    const struct qn_episode *e;
    size_t n, size;
    int64_t episodes = 0;
    void *bytes = slurp(path, &size);
    qn_dem_init(m, &s, 1);
    qn_dem_join(&s, g);
    must(qn_dem_unpack(m, &s, bytes, size));
    qn_free(bytes);
    for (int64_t k = 0; k < 200; k++) { // cuts find their place
        must(qn_dem_step(m, &s));
        qn_dem_drain(&s, &e, &n);
    }
    if (s.domain) {
        struct qn_domain *d = s.domain;
        memset(d->wall, 0, sizeof d->wall);
        d->rebuilds = d->migrated = d->balances = 0;
        d->imbalance = d->worst = 0.0;
    }
    g->messages = g->bytes = 0;
    struct timespec t0, t1;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t0);
    for (int64_t k = 0; k < steps; k++) {
        must(qn_dem_step(m, &s));
        qn_dem_drain(&s, &e, &n);
        episodes += (int64_t)n;
    }
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t1);
    if (g->size == 1) {
        printf("alone %.2f us a step\n",
               1e6 / (double)steps *
                   ((double)(t1.tv_sec - t0.tv_sec) + 1e-9 * (double)(t1.tv_nsec - t0.tv_nsec)));
    }
    report(g, &s, steps, episodes);
    const uint64_t state = qn_dem_hash(&s);
    if (g->rank == 0) {
        printf("state %016llx\n", (unsigned long long)state);
    }
    qn_dem_free(&s);
}

int main(int argc, char **argv)
{
    struct qn_override set[16];
    struct qn_deck deck;
    struct qn_dem_model model;
    struct qn_group group;
    const MPI_Comm world = MPI_COMM_WORLD;
    int provided, n_set = 0;
    if (argc < 5) {
        fprintf(stderr, "study_ranks settle|run DECK STATE MS|STEPS [KEY=VALUE]...\n");
        return 2;
    }
    MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &provided);
    qn_group_init(&group, &world);
    group.clock = CLOCK_THREAD_CPUTIME_ID;
    for (int k = 5; k < argc && n_set < 16; k++) {
        char *equals = strchr(argv[k], '=');
        if (equals) {
            *equals = '\0';
            set[n_set++] = (struct qn_override){argv[k], equals + 1};
        }
    }
    must(qn_deck_read(argv[2], set, n_set, &deck));
    qn_mechanics_model(&deck, QN_POWDER_PARCELS, &model);
    if (strcmp(argv[1], "settle") == 0) {
        settle(&model, &deck, argv[3], 1e-3 * atof(argv[4]));
    } else {
        run(&model, &group, argv[3], atoll(argv[4]));
    }
    qn_deck_free(&deck);
    qn_group_free(&group);
    MPI_Finalize();
    return 0;
}
