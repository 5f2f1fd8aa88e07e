/// @file
/// A deck with the coatings of a later time.
#include "app/deck_coated.h"

#include <math.h>

#include "app/deck_derived.h"
#include "app/deck_fields.h"
#include "base/array.h"
#include "model/charge.h"

enum {
    DIGITS = 4
}; ///< of what a window's key sees: 5e-4 at most, far below any drift worth a window

static const double LARGEST_PARCEL = 1e-3; // [m], as in deck_check.c

/// Rounded to a few significant digits; above 0 it stays there.
static double rounded(double x)
{
    if (!(x > 0.0)) {
        return 0.0;
    }
    const int size = (int)floor(log10(x));
    const double unit = pow(10.0, DIGITS - 1 - size);
    return rint(x * unit) / unit;
}

/// Parcels keep their number; each becomes lighter or heavier, and so smaller or larger.
static enum qn_status scale_parcels(struct qn_deck *deck, double by)
{
    struct qn_deck_run *run = &deck->run;
    run->parcel_mass *= by;
    for (int g = 0; g < run->n_parcel_groups; g++) {
        run->one_parcel[g] *= by;
        run->parcel_group[g].diameter *= cbrt(by);
        if (run->parcel_group[g].diameter > LARGEST_PARCEL) {
            return qn_fail(QN_ERR_INPUT,
                           "the powder that the coatings shed makes parcels of %.3g mm; at most 1 "
                           "mm: give the deck more of them (run.parcels)",
                           1e3 * run->parcel_group[g].diameter);
        }
    }
    return QN_OK;
}

enum qn_status qn_deck_coated(const struct qn_deck *deck, const double mass[QN_COATINGS],
                              const double start[QN_COATINGS], struct qn_deck *out)
{
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    const double area[2] = {derived.ball_area, derived.vial_area};
    const double bulk = deck->material[deck->powder.material].density * deck->powder.packing;
    *out = *deck;
    out->resolved = NULL;
    for (int b = 0; b < 2; b++) {
        // a window needs some powder on its media: a layer of nothing has no key of its own
        out->powder.coating_on[b] =
            fmax(rounded(mass[b] / (area[b] * bulk)), 1e-4 * deck->powder.coating_limit);
    }
    qn_deck_derive(out, &derived);
    while (!(derived.coating_mass < deck->powder.mass)) { // rounding took the last loose powder
        out->powder.coating_on[0] *= 0.999;
        out->powder.coating_on[1] *= 0.999;
        qn_deck_derive(out, &derived);
    }
    if (deck->run.window_powder == QN_POWDER_PARCELS && start[QN_LOOSE_POWDER] > 0.0) {
        const double by = rounded(mass[QN_LOOSE_POWDER] / start[QN_LOOSE_POWDER]);
        QN_TRY(scale_parcels(out, fmax(by, 1e-3)));
    }
    qn_deck_resolve(out);
    return QN_OK;
}

void qn_deck_coated_free(struct qn_deck *deck)
{
    qn_free(deck->resolved);
    deck->resolved = NULL;
}
