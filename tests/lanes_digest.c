// Prints one digest of a mixed bed after 60,000 steps. Built once per vector width; CTest compares
// the lines: contacts in blocks of 8, 4 or 1 must give the same bits.
#include <inttypes.h>

#include "dem/insert.h"
#include "dem_fixture.h"

int main(void)
{
    struct fixture f = {.young = 4e9,
                        .poisson = 0.29,
                        .density = 7930.0,
                        .restitution = 0.6,
                        .friction = 0.4,
                        .rolling = 0.01,
                        .gravity_z = -9.81,
                        .dt = 1e-6};
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = qn_vessel_cylinder(0.03, 0.03);
    m.motion = fixture_planetary(0.06, 60.0, -1.82);
    m.motion.gravity[2] = -9.81;
    m.classes[0].capped = 1; // the force cap takes part too
    m.classes[0].flow_stress = 2e6;
    const struct qn_insert group[2] = {{0, 20, 2e-3}, {0, 300, 0.7e-3}};
    const struct qn_episode *events;
    size_t n;
    uint64_t episodes = 0;
    struct qn_dem s;
    qn_dem_init(&m, &s, 1);
    if (qn_insert_bodies(&m, &s, group, 2, 3) != QN_OK || qn_dem_start(&m, &s) != QN_OK) {
        fprintf(stderr, "%s\n", qn_error_text());
        return 1;
    }
    for (int k = 0; k < 60000; k++) {
        if (qn_dem_step(&m, &s) != QN_OK) {
            fprintf(stderr, "%s\n", qn_error_text());
            return 1;
        }
        qn_dem_drain(&s, &events, &n);
        episodes = n ? qn_hash(episodes, events, n * sizeof *events) : episodes;
    }
    printf("%016" PRIx64 " %016" PRIx64 " %" PRId64 " episodes\n", qn_dem_hash(&s), episodes,
           s.n_episodes);
    qn_dem_free(&s);
    return 0;
}
