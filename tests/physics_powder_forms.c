// Carried powder against parcels: the same small mill, loose powder once as a reserve and once as
// bodies.
#include <math.h>

#include "bridge/spectrum.h"
#include "run_fixture.h"

TestSuite(powder_forms, .init = enter, .fini = leave, .timeout = 120);

// 0.02 g of loose powder to 6.2 g of balls, the ratio of guan2025.
#define MILL                                                                                       \
    QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml --set mill.frequency='25 Hz' "               \
                     "--set powder.mass='0.14 g' --set run.parcels=100 "                           \
                     "--set run.parcel_mass='0.0195 g' --set run.start_up='0.2 s' "                \
                     "--set run.window_min='0.8 s' --set run.window_max='0.8 s' "                  \
                     "--set run.direct_span='0 s' --quiet "

struct found {
    double power, impacts;
    double coating, loose; ///< powder exposed on the media, and loose [kg/s]
};

static struct found found_in(const char *path)
{
    static struct qn_spectrum spectrum;
    struct qn_store *s = load(path);
    size_t dims[QN_STORE_RANK];
    struct found f = {.power = *qn_store_get(s, "/merit/power", NULL, NULL),
                      .impacts = *qn_store_get(s, "/merit/impacts", NULL, NULL)};
    const double *flat = qn_store_get(s, "/spectra/pulses/flat", NULL, dims);
    cr_assert(flat && qn_spectrum_unpack(&spectrum, flat, dims[0]));
    for (int c = 0; c < spectrum.n_classes; c++) {
        double *to = c == 0 ? &f.coating : &f.loose;
        for (int k = 0; k < QN_PULSE_KINDS; k++) {
            for (int b = 0; b < QN_SPECTRUM_BINS; b++) {
                *to += spectrum.cls[c].bin[k][b].mass / spectrum.span;
            }
        }
    }
    qn_store_free(s);
    return f;
}

static double apart(double a, double b)
{
    return fabs(a - b) / (0.5 * (a + b));
}

Test(powder_forms, parcels_and_carried_powder_agree_on_what_media_do)
{
    cr_assert(eq(int, run(MILL, "--output c/run.h5 --set run.window_powder=carried", 2), 0), "%s",
              words());
    cr_assert(eq(int, run(MILL, "--output p/run.h5 --set run.window_powder=parcels", 2), 0), "%s",
              words());
    const struct found carried = found_in("c/run.h5"), parcels = found_in("p/run.h5");
    printf("carried: %.4g W, %.4g hits/s, %.4g mg/s on media, %.4g mg/s loose\n"
           "parcels: %.4g W, %.4g hits/s, %.4g mg/s on media, %.4g mg/s loose\n",
           carried.power, carried.impacts, 1e6 * carried.coating, 1e6 * carried.loose,
           parcels.power, parcels.impacts, 1e6 * parcels.coating, 1e6 * parcels.loose);
    cr_expect(apart(carried.power, parcels.power) < 0.2);
    cr_expect(apart(carried.impacts, parcels.impacts) < 0.2);
    cr_expect(apart(carried.coating, parcels.coating) < 0.2);
    // What differs by construction: a parcel is hit itself, by balls, the wall and its like; the
    // reserve of carried powder only trades places with the coating.
    cr_expect(eq(dbl, carried.loose, 0.0));
    cr_expect(parcels.loose > 0.0);
}

Test(powder_forms, balls_do_not_drive_parcels_through_the_wall)
{
    // wall at 3.1 m/s: with one cap for balls and wall a parcel was out within 0.06 s
    cr_expect(eq(int,
                 run(MILL,
                     "--output p/run.h5 --set run.window_powder=parcels "
                     "--set mill.frequency='50 Hz' --set run.window_min='0.3 s' "
                     "--set run.window_max='0.3 s'",
                     2),
                 0),
              "%s", words());
}
