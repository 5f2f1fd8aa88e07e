// Replay against the pulse map, same stored hits, and what the length of its intervals changes.
#include "bridge_fixture.h"

#include "bridge/replay.h"

enum { CARRIERS = 40, HITS = 1200 };
static const double SPAN = 20.0; // [s]

static double methane(const struct bench *b, const struct qn_gas *gas)
{
    return gas->moles[qn_mechanism_species(&b->m, "CH4") - b->m.n_surface];
}

// CH4 after SPAN, replayed from the window's hits
static double replayed(const struct bench *b, const struct mill *mill, const struct qn_direct *cold,
                       uint64_t seed, double change, int most)
{
    struct qn_reservoir events;
    struct qn_replay r;
    struct qn_replay_settings set = qn_replay_defaults();
    set.seed = seed;
    set.gate = 0.0;
    set.change = change;
    set.most = most;
    set.threads = 2;
    qn_reservoir_init(&events, 1, 1);
    for (uint64_t k = 0; k < (uint64_t)mill->hits; k++) {
        const struct qn_exposure x = hit(mill, k, 1);
        qn_reservoir_add(&events, 0, &x);
    }
    qn_reservoir_close(&events);
    const double mass = CARRIERS * CARRIER;
    const struct qn_replay_start start = {&mass, cold->y, 0.0, mill->span, 0};
    qn_replay_init(&r, &b->x, &cold->gas, &events, &start, &set);
    cr_assert(qn_replay_run(&r, SPAN, 0) == QN_OK, "%s", qn_error_text());
    cr_expect(r.d.books.element_error < 1e-12, "elements %g", r.d.books.element_error);
    const double made = methane(b, &r.d.gas);
    qn_replay_free(&r);
    qn_reservoir_free(&events);
    return made;
}

Test(bridge_duel, replay_equals_the_map_where_single_hits_are_small)
{
    start_petsc();
    // phi 0.04: closure errors are per mille; carriers scatter, three standard errors are allowed
    const struct mill mill = {1, HITS, SPAN, 200.0, 3e4, 0.04e-6};
    const struct duel duel = {.seen = mill, .carriers = CARRIERS, .volume = 2e-6};
    struct bench b;
    struct qn_direct cold;
    struct qn_bridged bridged;
    struct weights w;
    open_bench(&b, &duel);
    settled(&b, CARRIERS, &cold);
    weigh(&mill, &cold, &w);
    begin_bridged(&b, &duel, &cold, &bridged);
    cr_assert(qn_bridged_run(&bridged, SPAN) == QN_OK, "%s", qn_error_text());
    const double map = methane(&b, &bridged.gas);
    const double tolerance = 3.0 * sqrt(carrier_cv2(&w, &mill, CARRIERS) / CARRIERS);
    const double usual = qn_replay_defaults().change;
    const double made = replayed(&b, &mill, &cold, 1, usual, CARRIERS);
    cr_expect(tolerance < 0.15, "tolerance %g", tolerance);
    cr_expect(fabs(made / map - 1.0) < tolerance, "replay %g, map %g, tolerance %g", made, map,
              tolerance);
    // hits are the same whatever the intervals: a quarter of the length shows what length costs
    const double finer = replayed(&b, &mill, &cold, 1, 0.25 * usual, CARRIERS);
    cr_expect(fabs(finer / made - 1.0) < 1e-3, "finer intervals: %g, %g", finer, made);
    cr_expect(finer != made);
    // half of the carriers stand for all: half of the jumps
    const double sample = replayed(&b, &mill, &cold, 1, usual, CARRIERS / 2);
    cr_expect(fabs(sample / map - 1.0) < sqrt(2.0) * tolerance, "sample %g, map %g", sample, map);
    qn_bridged_free(&bridged);
    qn_direct_free(&cold);
    free(b.mass);
    qn_mechanism_free(&b.m);
}
