// How long a step takes, by problem: the planetary mill of 147 balls, the same with 1,000 parcels,
// and a drum bed of 20,000 balls. Built once per vector width; scripts/bench prints the ratios of
// one run.
//   bench_step [problem: mill | parcels | drum] [threads]
#include <time.h>

#include "dem/insert.h"
#include "../dem_fixture.h"

struct problem {
    const char *name;
    double dt, warm, span; ///< step; mill time before and during the measurement [s]
    int balls, parcels;
    double ball_radius;
};

static const struct problem PROBLEMS[] = {
    {"mill", 3.3e-6, 0.1, 0.2, 147, 0, 5e-3},
    {"parcels", 5e-7, 0.02, 0.02, 147, 1000, 5e-3},
    {"drum", 2e-5, 0.3, 0.02, 20000, 0, 2.5e-3},
};

static double seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static struct qn_dem_model model_of(const struct problem *p)
{
    const int drum = p->balls > 1000;
    struct fixture f = {.young = drum ? 1e7 : 193e9 / 50.0,
                        .poisson = 0.3,
                        .density = drum ? 2500.0 : 7930.0,
                        .restitution = drum ? 0.8 : 0.6,
                        .friction = drum ? 0.5 : 0.4,
                        .dt = p->dt};
    struct qn_dem_model m = fixture_model(&f);
    if (drum) { // 200 x 180 mm, gravity across the axis, 10 rpm in effect at rest
        m.vessel = qn_vessel_cylinder(0.2, 0.3);
        m.motion.gravity[1] = -9.81;
        m.skin_speed = 0.5;
        return m;
    }
    m.vessel = qn_vessel_cylinder(0.075, 0.0713);
    m.motion = fixture_planetary(0.0608, 41.888, -1.82);
    m.motion.gravity[2] = -9.81;
    m.skin_speed = 2.0;
    m.n_species = 2;
    m.species[2] = m.species[1];
    m.species[1] = (struct qn_dem_species){QN_PARCEL, 5680.0, 0.5e9, 0.28};
    f.restitution = 0.3, f.friction = 0.6, f.rolling = 0.1;
    m.n_classes = 5;
    for (int k = 2; k < 5; k++) {
        m.classes[k] = fixture_class(&f, 0.5e9, 0.28, (enum qn_pair_kind)k);
        m.classes[k].capped = 1;
        m.classes[k].flow_stress = 20e6;
    }
    m.class_of[0][2] = m.class_of[2][0] = 1;
    m.class_of[0][1] = m.class_of[1][0] = 2;
    m.class_of[1][2] = m.class_of[2][1] = 3;
    m.class_of[1][1] = 4;
    return m;
}

static void run_until(const struct qn_dem_model *m, struct qn_dem *s, double time)
{
    const struct qn_episode *events;
    size_t n;
    while (qn_dem_time(m, s) < time) {
        if (qn_dem_step(m, s) != QN_OK) {
            fprintf(stderr, "bench: %s\n", qn_error_text());
            exit(1);
        }
        qn_dem_drain(s, &events, &n);
    }
}

static int64_t open_contacts(const struct qn_dem *s)
{
    int64_t open = 0;
    for (int slot = QN_VL; slot < s->inner.n_blocks * QN_VL; slot++) {
        open += *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
    }
    return open;
}

static void measure(const struct problem *p, int threads)
{
    const struct qn_dem_model m = model_of(p);
    const struct qn_insert group[2] = {{0, p->balls, p->ball_radius}, {1, p->parcels, 0.44e-3}};
    struct qn_dem s;
    qn_dem_init(&m, &s, threads);
    if (qn_insert_bodies(&m, &s, group, p->parcels ? 2 : 1, 1) != QN_OK ||
        qn_dem_start(&m, &s) != QN_OK) {
        fprintf(stderr, "bench: %s\n", qn_error_text());
        exit(1);
    }
    run_until(&m, &s, p->warm);
    const int64_t step0 = s.step, prunes0 = s.n_prunes, rebuilds0 = s.n_rebuilds;
    const double t0 = seconds();
    run_until(&m, &s, p->warm + p->span);
    const double us = (seconds() - t0) * 1e6 / (double)(s.step - step0);
    printf(
        "%-8s lanes %d threads %d: %9.2f us/step %7.2f million body-steps/s, %lld open contacts, "
        "%.1f steps a prune, %.0f a rebuild\n",
        p->name, QN_VL, threads, us, s.n / us, (long long)open_contacts(&s),
        (double)(s.step - step0) / (double)(s.n_prunes - prunes0 + 1),
        (double)(s.step - step0) / (double)(s.n_rebuilds - rebuilds0 + 1));
    qn_dem_free(&s);
}

int main(int argc, char **argv)
{
    const int threads = argc > 2 ? atoi(argv[2]) : 1;
    for (size_t k = 0; k < sizeof PROBLEMS / sizeof *PROBLEMS; k++) {
        if (argc < 2 || strcmp(argv[1], PROBLEMS[k].name) == 0) {
            measure(&PROBLEMS[k], threads);
        }
    }
    return 0;
}
