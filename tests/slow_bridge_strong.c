// Strong hot spots: most hits of the mean energy and above take all that they expose. A direct run
// is only good to a per cent with 1e5 of them.
#include "bridge_fixture.h"

Test(bridge_strong, bridged_equals_direct_under_a_hundred_thousand_strong_hits)
{
    start_petsc();
    const struct duel duel = {.seen = {21, 200000, 80.0, 350.0, 5e3, 0.01e-6},
                              .direct = {22, 100000, 40.0, 350.0, 5e3, 0.01e-6},
                              .carriers = 400,
                              .syncs = 200,
                              .volume = 15e-6};
    fight(&duel);
}
