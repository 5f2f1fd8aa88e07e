/// @file
/// What does not fit together in a deck whose single values are good.
#include <math.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "app/deck_derived.h"
#include "app/deck_fields.h"
#include "dem/contact_law.h"
#include "model/coating.h"

static const double LARGEST_PARCEL = 1e-3; // [m], above it a parcel is a trampoline (model.md 2)

/// One deck being checked.
struct check {
    const struct qn_deck *deck;
    const struct qn_deck_derived *derived;
    struct qn_yaml *root;
    struct qn_faults *faults;
};

static void check_mill(const struct check *c)
{
    const struct qn_deck_mill *mill = &c->deck->mill;
    const struct qn_motion motion = qn_deck_motion(c->deck);
    const struct qn_mill_law *law = qn_mill_of(&motion);
    const char *key = "mill", *what = law->fault ? law->fault(&motion, &key) : NULL;
    if (what) {
        qn_fault_at(c->faults, c->root, key, "%s", what);
    }
    if (c->deck->run.start_up < mill->run_up) {
        qn_fault_at(c->faults, c->root, "run.start_up",
                    "%g s is shorter than mill.run_up, %g s: the window would see the ramp",
                    c->deck->run.start_up, mill->run_up);
    }
}

static void check_vial(const struct check *c)
{
    const struct qn_deck_vial *vial = &c->deck->vial;
    const struct qn_vial_law *law = qn_vial_laws[vial->shape];
    const char *key = "vial", *what = law->fault ? law->fault(vial->own, &key) : NULL;
    if (what) {
        qn_fault_at(c->faults, c->root, key, "%s", what);
    }
    for (int k = 0; k < vial->n_rods; k++) {
        if (vial->rod[k].inner && strcmp(qn_mill_laws[c->deck->mill.type]->name, "attritor") != 0) {
            qn_fault_at(c->faults, c->root, "vial.inner",
                        "only an attritor has a shaft; write on: vial");
            return;
        }
    }
}

static void check_balls(const struct check *c)
{
    struct qn_vessel vessel;
    qn_deck_vessel(c->deck, &vessel);
    const double narrow = vessel.narrow;
    bool fits = true;
    for (int g = 0; g < c->deck->balls.n_groups; g++) {
        if (c->deck->balls.group[g].diameter >= narrow) {
            fits = false;
            qn_fault_at(c->faults, c->root, "balls.groups",
                        "a ball of %g mm does not fit into the vial, %g mm at its narrowest",
                        1e3 * c->deck->balls.group[g].diameter, 1e3 * narrow);
        }
    }
    if (fits && c->derived->filling >= 1.0) {
        qn_fault_at(c->faults, c->root, "balls.groups",
                    "the balls fill %.0f %% of the vial (%.4g mL of solid at random close packing "
                    "0.64 in %.4g mL); less than 100 %% is needed",
                    100.0 * c->derived->filling, 1e6 * c->derived->ball_volume,
                    1e6 * c->derived->vial_volume);
    } else if (fits && c->derived->free_volume <= 0.0) {
        qn_fault_at(c->faults, c->root, "powder.mass", "no room is left for gas");
    }
}

/// Powder of one stage against the charge.
static void check_stage(const struct check *c, const char *key, enum qn_powder_form form)
{
    const struct qn_deck *deck = c->deck;
    if (form == QN_POWDER_NONE) {
        return;
    }
    if (deck->powder.material < 0) {
        qn_fault_at(c->faults, c->root, key, "there is no powder section; write none, or add it");
    } else if (form == QN_POWDER_PARCELS && deck->run.parcels < 1) {
        qn_fault_at(c->faults, c->root, "run.parcels", "%s is parcels, so at least 1 is needed",
                    key);
    } else if (form == QN_POWDER_PARCELS && deck->run.parcel_mass <= 0.0) {
        qn_fault_at(c->faults, c->root, "run.parcel_mass",
                    "%s is parcels, so their mass must be above 0 kg", key);
    }
}

static void check_powder(const struct check *c)
{
    const struct qn_deck *deck = c->deck;
    const struct qn_deck_derived *d = c->derived;
    if (deck->powder.material < 0) {
        return;
    }
    const double layer = qn_deck_mean_layer(deck, d->ball_area, d->vial_area);
    if (d->coating_mass > deck->powder.mass) {
        qn_fault_at(c->faults, c->root, "powder.layer",
                    "%g um on %.4g m2 of media takes %.4g g, more than powder.mass, %.4g g; "
                    "at most %.4g um",
                    1e6 * layer, d->ball_area + d->vial_area, 1e3 * d->coating_mass,
                    1e3 * deck->powder.mass, 1e6 * layer * deck->powder.mass / d->coating_mass);
        return;
    }
    if (deck->powder.coating == QN_COATING_LAW && !(d->coating_mass < deck->powder.mass)) {
        qn_fault_at(
            c->faults, c->root, "powder.mass",
            "all of it lies on the media; the law of powder.coating needs some that is loose");
    }
    const double thickest =
        fmax(qn_deck_coating(deck, QN_COATED_BALLS), qn_deck_coating(deck, QN_COATED_WALL));
    if (deck->powder.coating == QN_COATING_LAW && thickest > deck->powder.coating_limit) {
        qn_fault_at(c->faults, c->root, "powder.coating_limit",
                    "%g um is less than the thicker coating at the start, %g um",
                    1e6 * deck->powder.coating_limit, 1e6 * thickest);
    }
    if (deck->run.parcels < 1) {
        return;
    }
    if (d->parcel_diameter > LARGEST_PARCEL && deck->run.parcels_listed) {
        qn_fault_at(c->faults, c->root, "run.parcel_groups",
                    "the largest parcels are %.4g mm wide; at most 1 mm", 1e3 * d->parcel_diameter);
    } else if (d->parcel_diameter > LARGEST_PARCEL) {
        qn_fault_at(c->faults, c->root, "run.parcels",
                    "%lld parcels of %.4g g together are %.4g mm wide; at most 1 mm, so at least "
                    "%.0f of them",
                    (long long)deck->run.parcels, 1e3 * deck->run.parcel_mass,
                    1e3 * d->parcel_diameter,
                    ceil((double)deck->run.parcels * pow(d->parcel_diameter / LARGEST_PARCEL, 3)));
    }
    if (deck->run.parcel_mass + d->coating_mass > deck->powder.mass) {
        qn_fault_at(c->faults, c->root, "run.parcel_mass",
                    "%.4g g of parcels and %.4g g on the media are more than powder.mass, %.4g g",
                    1e3 * deck->run.parcel_mass, 1e3 * d->coating_mass, 1e3 * deck->powder.mass);
    }
}

static void check_contact(const struct check *c)
{
    const struct qn_deck *deck = c->deck;
    const char *law = qn_contact_laws[deck->contact.law]->name;
    const char *parcels = qn_contact_laws[deck->contact.parcel_law]->name;
    const double wall = deck->material[deck->vial.material].yield_pressure;
    const double ball = deck->material[deck->balls.material].yield_pressure;
    if (strcmp(law, "plastic") == 0 && !(fmax(ball, wall) > 0.0)) {
        qn_fault_at(c->faults, c->root, "contact.law",
                    "plastic needs a yield_pressure of the balls' or the vial's material");
    }
    if (strcmp(parcels, "linear") == 0 || strcmp(parcels, "plastic") == 0) {
        qn_fault_at(c->faults, c->root, "contact.parcel_law",
                    "%s is a law of media; parcels take hertz, dmt or jkr", parcels);
    }
}

static void check_chemistry(const struct check *c)
{
    const struct qn_deck *deck = c->deck;
    if (deck->chemistry.mechanism[0] == '\0') {
        const int follows = deck->powder.material >= 0 && deck->powder.coating == QN_COATING_LAW;
        if (deck->run.bridged > 0.0 && !follows) {
            qn_fault_at(c->faults, c->root, "run.bridged",
                        "bridged mode needs a chemistry section with a mechanism, or a coating to "
                        "follow (powder.coating: law)");
        }
        if (deck->run.direct_span > 0.0) {
            qn_fault_at(c->faults, c->root, "run.direct_span",
                        "a direct span needs a chemistry section with a mechanism; 0 s runs the "
                        "window only");
        }
        return;
    }
    if (access(deck->chemistry.mechanism, R_OK) != 0) {
        qn_fault_at(c->faults, c->root, "chemistry.mechanism", "there is no readable file %s",
                    deck->chemistry.mechanism);
    }
    if (deck->chemistry.n_fill == 0) {
        qn_fault_at(c->faults, c->root, "gas", "chemistry needs a gas section with a pressure");
    }
    if (deck->powder.material < 0) {
        qn_fault_at(c->faults, c->root, "powder", "chemistry needs a powder section");
    }
}

static void check_heat(const struct check *c)
{
    if (c->deck->heat.balance == QN_HEAT_COMPUTED && c->deck->run.window_max == 0.0) {
        qn_fault_at(c->faults, c->root, "heat.balance",
                    "computed takes its powers from a window: run.window_max must be above 0 s");
    }
    if (c->deck->heat.gas_conductivity > 0.0 && c->deck->chemistry.n_fill == 0) {
        qn_fault_at(c->faults, c->root, "heat.gas_conductivity",
                    "there is no gas section; 0 W/(m K) leaves the gas out");
    }
}

static void check_run(const struct check *c)
{
    const struct qn_deck_run *run = &c->deck->run;
    if (run->settle > 0.0 && c->deck->mill.gravity == QN_GRAVITY_NONE) {
        qn_fault_at(c->faults, c->root, "run.settle",
                    "mill.gravity is none, so nothing falls; 0 s leaves the settling out");
    }
    if (run->window_max < run->window_min) {
        qn_fault_at(c->faults, c->root, "run.window_max", "%g s is shorter than window_min, %g s",
                    run->window_max, run->window_min);
    }
    if (run->bridged > 0.0 && run->window_max == 0.0) {
        qn_fault_at(c->faults, c->root, "run.window_max",
                    "bridged mode needs a window longer than 0 s");
    }
    if (run->window_max == 0.0 && run->direct_span == 0.0) {
        qn_fault_at(c->faults, c->root, "run", "nothing to do: no window and no direct span");
    }
}

void qn_deck_check(const struct qn_deck *deck, struct qn_yaml *root, struct qn_faults *faults)
{
    struct qn_deck_derived derived;
    qn_deck_derive(deck, &derived);
    const struct check c = {deck, &derived, root, faults};
    check_mill(&c);
    check_vial(&c);
    check_balls(&c);
    check_stage(&c, "run.window_powder",
                deck->run.window_max > 0.0 ? deck->run.window_powder : QN_POWDER_NONE);
    check_stage(&c, "run.direct_powder",
                deck->run.direct_span > 0.0 ? deck->run.direct_powder : QN_POWDER_NONE);
    check_contact(&c);
    check_powder(&c);
    check_chemistry(&c);
    check_heat(&c);
    check_run(&c);
}
