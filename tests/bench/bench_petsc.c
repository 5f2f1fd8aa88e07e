// Who should integrate many unlike carriers under one gas: one PETSc TS over all, PETSc blocks of
// 256 carriers that exchange their gas, or the batched stiff step of chem/coupled.h.
//
//   bench_petsc MECHANISM [carriers ...]                      called by scripts/bench-chem petsc
//
// The carriers of tests/coupled_fixture.h, unlike in area, temperature, mass and state, rest
// REST s (by qn_coupled_run), which takes the first transients away; then SPAN s are solved from a
// first step of 1e-9 s. Each way is taken at falling tolerances until its error against
// qn_coupled_run at TIGHT meets AIM; the error is the largest difference of any coverage or share
// of the gas, over its size plus FLOOR. Blocks stand in line: each is solved with the gas as its
// own unknown while the others rest, forwards for half a sync and backwards for the other half
// (Strang); syncs double until the splitting's error meets AIM. One core.
#include <stdlib.h>

#include "petsc_crowd.h"

static const double REST = 1e-3, SPAN = 0.1, TIGHT = 1e-7, AIM = 1e-3, FLOOR = 1e-3,
                    PATIENCE = 60.0;
enum { FEWEST_SYNCS = 16, MOST_SYNCS = 512 };

struct way {
    const char *name, *type, *scheme; // type NULL: qn_coupled_run
    double below;                     // see petsc_set
    int block;                        // carriers of an object; 0: all
    int most;                         // carriers up to which it is tried
};

struct state {
    double *y;
    struct qn_gas gas;
};

struct answer {
    long long steps, rejects, failed;
    double seconds, inside, error, least;
    double worked; // carriers times steps that were tried
    int done;
};

static void keep(const struct crowd *c, struct state *s)
{
    const size_t n = (size_t)(c->n * c->m.n_surface);
    s->y = s->y ? s->y : qn_alloc(n, sizeof *s->y);
    memcpy(s->y, c->y, n * sizeof *s->y);
    s->gas = c->gas;
}

static void restore(struct crowd *c, const struct state *s)
{
    memcpy(c->y, s->y, (size_t)(c->n * c->m.n_surface) * sizeof *s->y);
    c->gas = s->gas;
}

static double error_of(const struct crowd *c, const struct state *ref)
{
    double worst = 0.0, total = 0.0;
    for (int i = 0; i < c->n * c->m.n_surface; i++) {
        const double room = qn_matter_room(&c->matter[i / c->m.n_surface], i % c->m.n_surface);
        const double error = fabs(c->y[i] - ref->y[i]) / (ref->y[i] + FLOOR * room);
        worst = error <= worst ? worst : error;
    }
    for (int g = 0; g < c->m.n_gas; g++) {
        total += ref->gas.moles[g];
    }
    for (int g = 0; g < c->m.n_gas; g++) {
        const double was = ref->gas.moles[g];
        const double error = fabs(c->gas.moles[g] - was) / (was + FLOOR * total);
        worst = error <= worst ? worst : error;
    }
    return worst;
}

static struct answer own(struct crowd *c, double rtol, double dt)
{
    struct qn_coupled_count count;
    const double start = petsc_clock();
    struct qn_coupled *solver = qn_coupled_new(&c->m, 1, 0, NULL);
    c->set.rtol = rtol;
    c->set.max_steps = 10000000;
    const int done =
        qn_coupled_run(solver, &c->set, c->carrier, c->n, dt, &c->gas, &count) == QN_OK;
    qn_coupled_free(solver);
    return (struct answer){.steps = count.steps,
                           .rejects = count.rejects,
                           .seconds = petsc_clock() - start,
                           .worked = (double)c->n * (count.steps + count.rejects),
                           .done = done};
}

static struct answer petsc(struct crowd *c, const struct way *way, double rtol, int syncs)
{
    const int block = way->block ? way->block : c->n;
    const int blocks = (c->n + block - 1) / block;
    struct petsc_set set = {way->type, way->scheme, rtol, 1e-9, 1e-4, way->below, PATIENCE};
    struct petsc_crowd *p = qn_alloc((size_t)blocks, sizeof *p);
    double *step = qn_alloc((size_t)blocks, sizeof *step);
    struct answer out = {.done = 1};
    const double start = petsc_clock();
    for (int b = 0; b < blocks; b++) {
        petsc_open(&p[b], c, b * block, b < blocks - 1 ? block : c->n - b * block, &set);
        step[b] = set.first;
    }
    const int turns = blocks > 1 ? 2 * syncs : 1;
    for (int turn = 0; turn < turns && out.done; turn++) {
        for (int i = 0; i < blocks && out.done; i++) {
            const int b = turn % 2 ? blocks - 1 - i : i;
            struct petsc_count count = {0};
            set.patience = PATIENCE - (petsc_clock() - start);
            step[b] = fmax(step[b], set.first);
            petsc_run(&p[b], &set, SPAN / turns, &step[b], &count);
            out.steps += count.steps;
            out.rejects += count.rejects;
            out.failed += count.failed;
            out.inside += count.inside;
            out.least = fmin(out.least, count.least);
            out.worked += (double)p[b].n * (double)(count.steps + count.rejects);
            out.done = count.done;
        }
    }
    for (int b = 0; b < blocks; b++) {
        petsc_close(&p[b]);
    }
    out.seconds = petsc_clock() - start;
    qn_free(p);
    qn_free(step);
    return out;
}

static void tell(const struct crowd *c, const char *name, double rtol, int syncs,
                 const struct answer *a, double own_seconds)
{
    char split[32] = "";
    if (syncs) {
        (void)snprintf(split, sizeof split, ", %3d syncs", syncs);
    }
    printf("  %-25s rtol %.0e%s: %s%8.1f us a carrier, %5.2f a carrier and step, %lld steps, "
           "%lld rejected, least %.0e, error %.1e",
           name, rtol, split, a->done ? "" : "GIVEN UP after ", 1e6 * a->seconds / c->n,
           1e6 * a->seconds / fmax(a->worked, 1.0), a->steps, a->rejects, a->least, a->error);
    if (own_seconds > 0.0 && a->error <= AIM) {
        printf("; %.1f times (c), without the rates %.1f", a->seconds / own_seconds,
               (a->seconds - a->inside) / own_seconds);
    }
    printf("\n");
    (void)fflush(stdout);
}

struct sight {
    const struct state *start, *ref;
    double own_seconds, spent; // spent: on the way under work
};

// One way at one tolerance, blocks at more and more syncs; whether it met AIM.
static int met(struct crowd *c, const struct way *way, double rtol, struct sight *s,
               struct answer *a)
{
    const int split = way->block > 0;
    double last = 1e300;
    for (int syncs = split ? FEWEST_SYNCS : 0; syncs <= MOST_SYNCS; syncs *= 2) {
        restore(c, s->start);
        *a = way->type ? petsc(c, way, rtol, syncs) : own(c, rtol, SPAN);
        a->error = a->done ? error_of(c, s->ref) : (double)NAN;
        s->spent += a->seconds;
        if (split || a->error <= AIM) {
            tell(c, way->name, rtol, syncs, a, s->own_seconds);
        }
        // what more syncs do not take away is the steps'
        if (!split || a->error <= AIM || !(a->error < 0.9 * last) || s->spent > 2.0 * PATIENCE) {
            break;
        }
        last = a->error;
    }
    return a->error <= AIM;
}

// One way at falling tolerances from `rtol` until it meets AIM; seconds, 0 when it never does.
static double meet(struct crowd *c, const struct way *way, struct sight *s, double *rtol)
{
    struct answer a = {0};
    s->spent = 0.0;
    for (; *rtol > 3e-7; *rtol *= *rtol > 2.0 * pow(10.0, floor(log10(*rtol))) ? 1.0 / 3.0 : 0.3) {
        if (met(c, way, *rtol, s, &a)) {
            return a.seconds;
        }
        if (s->spent > 2.0 * PATIENCE) {
            break;
        }
    }
    printf("  does not meet the aim%s\n", way->block ? "" : "; the last try:");
    if (!way->block) {
        tell(c, way->name, *rtol, 0, &a, s->own_seconds);
    }
    return 0.0;
}

static void compare(const char *mechanism, int n)
{
    static const struct way WAYS[] = {
        {"(c) qn_coupled_run", NULL, NULL, 0.0, 0, 1 << 20},
        {"(a) PETSc rosw ra34pw2", TSROSW, TSROSWRA34PW2, 0.0, 0, 1 << 20},
        {"(a) PETSc rosw rodas3", TSROSW, TSROSWRODAS3, 0.0, 0, 256},
        {"(a) PETSc bdf 3", TSBDF, "3", 0.0, 0, 256},
        {"(a) PETSc arkimex 3", TSARKIMEX, TSARKIMEX3, 0.0, 0, 64},
        {"(a) PETSc arkimex 4", TSARKIMEX, TSARKIMEX4, 0.0, 0, 64},
        {"(a) ra34pw2, domain error", TSROSW, TSROSWRA34PW2, 1.0, 0, 4},
        {"(b) blocks, rosw ra34pw2", TSROSW, TSROSWRA34PW2, 0.0, QN_COUPLED_BLOCK, 1 << 20},
    };
    struct crowd c;
    struct state start = {0}, ref = {0};
    crowd_make(&c, mechanism, n, 1);
    const struct answer rest = own(&c, 1e-4, REST);
    keep(&c, &start);
    const struct answer tight = own(&c, TIGHT, SPAN);
    keep(&c, &ref);
    restore(&c, &start);
    printf("%d carriers, rested %g s (%lld steps), then %g s; reference at rtol %.0e: %lld steps; "
           "a start of no change has error %.1e\n",
           n, REST, rest.steps, SPAN, TIGHT, tight.steps, error_of(&c, &ref));
    if (!rest.done || !tight.done) {
        printf("  no reference: %s\n", qn_error_text());
        exit(1);
    }
    struct sight sight = {&start, &ref, 0.0, 0.0};
    double whole = 1e-2; // tolerance that one PETSc object over all needed
    for (size_t w = 0; w < sizeof WAYS / sizeof *WAYS; w++) {
        if (n <= WAYS[w].most && WAYS[w].block < n) {
            double rtol = WAYS[w].block ? whole : 1e-2;
            const double took = meet(&c, &WAYS[w], &sight, &rtol);
            sight.own_seconds = w == 0 ? took : sight.own_seconds;
            whole = w == 1 ? rtol : whole;
        }
    }
    qn_free(start.y);
    qn_free(ref.y);
    crowd_free(&c);
}

int main(int argc, char **argv)
{
    static const int SIZES[] = {4, 64, 256, 512, 1024};
    if (argc < 2 || PetscInitializeNoArguments() != 0) {
        fprintf(stderr, "bench_petsc: see the head of bench_petsc.c\n");
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        compare(argv[1], atoi(argv[i]));
    }
    for (size_t i = 0; argc == 2 && i < sizeof SIZES / sizeof *SIZES; i++) {
        compare(argv[1], SIZES[i]);
    }
    return PetscFinalize() != 0;
}
