/// @file
/// Derived quantities of a deck, for people.
#include "app/check.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "app/check_mill.h"
#include "app/deck_derived.h"
#include "app/mechanics.h"
#include "model/charge.h"
#include "model/coating.h"

static void row(struct qn_text *text, const char *name, double value, const char *unit)
{
    qn_text_add(text, "  %-34s %12.5g%s%s\n", name, value, *unit ? " " : "", unit);
}

void qn_check_missing(const struct qn_deck *deck, struct qn_text *text)
{
    const double missing = qn_deck_missing(deck);
    if (missing > 0.0) {
        qn_text_add(text,
                    "WARNING   %.3g %% of the powder is in no parcel and on no ball or wall: it is "
                    "simulated nowhere (run.parcel_mass, powder.mass)\n",
                    100.0 * missing);
    }
}

static void charge(const struct qn_deck *deck, const struct qn_deck_derived *d,
                   struct qn_text *text)
{
    qn_text_add(text, "\ncharge\n");
    row(text, "vial volume", 1e6 * d->vial_volume, "mL");
    row(text, "balls", (double)d->balls, "");
    row(text, "mass of balls", 1e3 * d->ball_mass, "g");
    row(text, "filling (balls at packing 0.64)", 100.0 * d->filling, "%");
    row(text, "area of balls and vial", 1e4 * (d->ball_area + d->vial_area), "cm2");
    if (deck->powder.material >= 0) {
        row(text, "powder", 1e3 * deck->powder.mass, "g");
        row(text, "carried on the media", 1e3 * d->coating_mass, "g");
        row(text, "ball to powder mass", d->ball_mass / deck->powder.mass, "");
        row(text, "coating of the balls", qn_mechanics_coating(deck, QN_COATED_BALLS), "kg/m2");
        row(text, "coating of the wall", qn_mechanics_coating(deck, QN_COATED_WALL), "kg/m2");
        qn_text_add(text, "  %-34s %12s\n", "it is",
                    deck->powder.coating == QN_COATING_LAW ? "by the law" : "held (an assumption)");
    }
    if (d->parcel_diameter > 0.0) {
        row(text, deck->run.n_parcel_groups > 1 ? "largest parcel's diameter" : "parcel diameter",
            1e3 * d->parcel_diameter, "mm");
    }
    qn_check_missing(deck, text);
}

static void gas(const struct qn_deck *deck, const struct qn_deck_derived *d, struct qn_text *text)
{
    const struct qn_deck_chemistry *c = &deck->chemistry;
    qn_text_add(text, "\ngas (ideal)\n");
    row(text, "free volume", 1e6 * d->free_volume, "mL");
    double total = 0.0;
    for (int k = 0; k < c->n_fill; k++) {
        char name[64];
        const double p =
            qn_gas_pressure(c->fill[k].pressure, c->fill_temperature, c->bulk_temperature);
        total += p;
        snprintf(name, sizeof name, "%s at bulk temperature", c->fill[k].species);
        row(text, name, 1e-5 * p, "bar");
        snprintf(name, sizeof name, "%s filled", c->fill[k].species);
        row(text, name,
            1e3 * qn_gas_moles(c->fill[k].pressure, d->free_volume, c->fill_temperature), "mmol");
    }
    if (c->n_fill > 0) {
        row(text, "pressure at bulk temperature", 1e-5 * total, "bar");
    }
}

/// The step with its two bounds and the overlap it will see, for one set of bodies.
static void step(const struct qn_deck *deck, int with_parcels, struct qn_text *text)
{
    struct qn_step_class classes[QN_STEP_CLASSES];
    (void)qn_deck_step_classes(deck, with_parcels, classes);
    const struct qn_step_choice c = qn_deck_step(deck, with_parcels);
    const double speed = qn_deck_speed_bound(deck);
    const int by_spring = deck->contact.stiffness > 0.0 &&
                          c.dt == deck->contact.hertz_fraction * qn_deck_spring_time(deck);
    qn_text_add(text, "\ntime step, %s\n", with_parcels ? "balls and parcels" : "balls only");
    row(text, "step", 1e6 * c.dt, "us");
    qn_text_add(text, "  %-34s %s\n", "limited by",
                by_spring    ? "hertz_fraction x contact on the linear spring"
                : c.by_hertz ? "hertz_fraction x shortest Hertz contact"
                             : "rayleigh_fraction x shortest Rayleigh time");
    qn_text_add(text, "  %-34s %12.5g us (%s)\n", "shortest Rayleigh time", 1e6 * c.rayleigh,
                classes[c.rayleigh_of].name);
    qn_text_add(text, "  %-34s %12.5g us (%s-%s at %.3g m/s)\n", "shortest Hertz contact",
                1e6 * c.hertz, classes[c.hertz_of[0]].name, classes[c.hertz_of[1]].name, speed);
    row(text, "steps a second of milling", 1.0 / c.dt, "");
}

static void softening(const struct qn_deck *deck, struct qn_text *text)
{
    struct qn_step_class classes[QN_STEP_CLASSES];
    (void)qn_deck_step_classes(deck, 0, classes);
    const double speed = qn_deck_speed_bound(deck);
    double worst = 0.0;
    for (int g = 1; g <= deck->balls.n_groups; g++) {
        double r, m, e;
        qn_step_pair(&classes[g], &classes[0], &r, &m, &e);
        const double k = deck->contact.stiffness; // 0 unless the law is linear
        const double depth = k > 0.0 ? speed * sqrt(m / k) : qn_hertz_depth(m, r, e, speed);
        worst = fmax(worst, depth / classes[g].radius);
    }
    qn_text_add(text, "\nsoftening\n");
    row(text, "softening of media moduli", deck->contact.softening, "");
    row(text, "overlap at the speed bound", 100.0 * worst, "% of R");
    row(text, "overlap limit", 100.0 * deck->contact.overlap_limit, "% of R");
    if (worst > deck->contact.overlap_limit) {
        qn_text_add(text, "  a hit at %.3g m/s would stop the run: lower contact.softening\n",
                    speed);
    }
}

/// What the balance of temperatures has before any milling.
static void heat(const struct qn_deck *deck, const struct qn_deck_derived *d, struct qn_text *text)
{
    const double balls = d->ball_mass * deck->material[deck->balls.material].heat_capacity;
    const double vial = deck->heat.vial_mass * deck->material[deck->vial.material].heat_capacity;
    if (deck->heat.balance != QN_HEAT_COMPUTED) {
        return;
    }
    qn_text_add(text, "\nheat\n");
    row(text, "heat capacity of balls", balls, "J/K");
    row(text, "heat capacity of vial", vial, "J/K");
    if (deck->heat.cooling > 0.0) {
        row(text, "vial over ambient, each watt", 1.0 / deck->heat.cooling, "K");
        row(text, "e-fold of balls and vial as one", (balls + vial) / deck->heat.cooling / 60.0,
            "min");
    }
}

/// What a step costs a body, measured on one core of an AVX-512 server: a mill of a thousand
/// bodies that fit the cache, and a bed of 20,000 parcels that does not. [s]
static const double LEAST_STEP = 15e-9, MOST_STEP = 100e-9;
static const double BASE_MEMORY = 48e6, BODY_MEMORY = 3.5e3; ///< of whole processes [B]

/// Body steps of `span` seconds of milling with a powder form; raises `bodies`.
static double body_steps(const struct qn_deck *deck, enum qn_powder_form form, double span,
                         double *bodies)
{
    struct qn_deck_derived d;
    qn_deck_derive(deck, &d);
    const double parcels = form == QN_POWDER_PARCELS ? (double)deck->run.parcels : 0.0;
    const double all = (double)d.balls + parcels;
    if (!(span > 0.0)) {
        return 0.0;
    }
    *bodies = fmax(*bodies, all);
    return (deck->run.start_up + span) / qn_deck_step(deck, parcels > 0.0).dt * all;
}

static void cost(const struct qn_deck *deck, struct qn_text *text)
{
    const struct qn_deck_run *run = &deck->run;
    double bodies = 0.0;
    const double steps[2] = {body_steps(deck, run->window_powder, run->window_max, &bodies),
                             body_steps(deck, run->direct_powder, run->direct_span, &bodies)};
    static const char *const names[2] = {"longest window", "direct span"};
    qn_text_add(text, "\nestimate, mechanics alone, on a server core\n");
    row(text, "bodies", bodies, "");
    row(text, "memory of one rank, about", 1e-6 * (BASE_MEMORY + bodies * BODY_MEMORY), "MB");
    if (deck->powder.material >= 0 && deck->powder.coating == QN_COATING_LAW && run->windows > 1 &&
        run->bridged > 0.0) {
        row(text, "windows over the hours, at most", (double)run->windows, "");
    }
    for (int k = 0; k < 2; k++) {
        qn_text_add(text, "  core time of the %-17s %12.2g to %.2g min\n", names[k],
                    steps[k] * LEAST_STEP / 60.0, steps[k] * MOST_STEP / 60.0);
    }
}

void qn_check_text(const struct qn_deck *deck, struct qn_text *text)
{
    struct qn_deck_derived d;
    qn_deck_derive(deck, &d);
    qn_text_add(text, "# resolved deck of %s\n%s\n# what follows from it\n", deck->path,
                deck->resolved);
    qn_text_add(text, "hash of the mechanics %016" PRIx64 "\n", deck->mechanical_hash);
    charge(deck, &d, text);
    gas(deck, &d, text);
    qn_check_mill(deck, text);
    softening(deck, text);
    step(deck, 0, text);
    if (d.parcel_diameter > 0.0) {
        step(deck, 1, text);
    }
    heat(deck, &d, text);
    cost(deck, text);
}

void qn_check_mechanism(const struct qn_powder *powder, struct qn_text *text)
{
    const struct qn_mechanism *m = &powder->mechanism;
    int reversible = 0;
    for (int r = 0; r < m->n_reactions; r++) {
        reversible += m->reaction[r].reversible;
    }
    qn_text_add(text, "\nmechanism\n");
    row(text, "surface phases", m->n_phases - 1, "");
    for (int k = 0; k < m->n_phases; k++) {
        char name[64];
        snprintf(name, sizeof name, "area of %s", m->phase[k].name);
        if (m->phase[k].kind == QN_PHASE_SURFACE) {
            row(text, name, 1e-3 * powder->matter.area[k], "m2/g");
        }
    }
    row(text, "surface species", m->n_surface, "");
    row(text, "gas species", m->n_gas, "");
    row(text, "reactions", m->n_reactions, "");
    row(text, "of them reversible", reversible, "");
    row(text, "impact reactions", m->n_impacts, "");
}
