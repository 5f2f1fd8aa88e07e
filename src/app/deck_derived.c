/// @file
/// Geometry of a deck's charge, its motion and its step.
#include "app/deck_derived.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "model/charge.h"
#include "model/coating.h"
#include "model/vessel.h"

void qn_deck_vessel(const struct qn_deck *deck, struct qn_vessel *out)
{
    qn_vial_laws[deck->vial.shape]->build(deck->vial.own, &deck->vial.mesh, out);
    for (int k = 0; k < deck->vial.n_rods; k++) {
        qn_vessel_add_rod(out, &deck->vial.rod[k]);
    }
}

double qn_deck_coating(const struct qn_deck *deck, int on)
{
    const struct qn_deck_powder *p = &deck->powder;
    return p->coating_on[on] > 0.0 ? p->coating_on[on] : 0.5 * p->layer;
}

double qn_deck_milled(const struct qn_deck *deck)
{
    double sum = 0.0;
    for (int k = 0; k < deck->run.n_stages; k++) {
        sum += deck->run.stage[k].act == QN_ACT_MILL ? deck->run.stage[k].span : 0.0;
    }
    return deck->run.n_stages ? sum : deck->run.bridged;
}

double qn_deck_clock(const struct qn_deck *deck, double milled)
{
    double t = 0.0, left = milled;
    for (int k = 0; k < deck->run.n_stages; k++) {
        const struct qn_deck_stage *s = &deck->run.stage[k];
        if (s->act == QN_ACT_MILL && left <= s->span) {
            return t + left;
        }
        left -= s->act == QN_ACT_MILL ? s->span : 0.0;
        t += s->span;
    }
    return t + left;
}

double qn_deck_mean_layer(const struct qn_deck *deck, double ball_area, double vial_area)
{
    const double balls = qn_deck_coating(deck, QN_COATED_BALLS);
    const double wall = qn_deck_coating(deck, QN_COATED_WALL);
    return balls == wall ? 2.0 * balls
                         : 2.0 * (ball_area * balls + vial_area * wall) / (ball_area + vial_area);
}

void qn_deck_derive(const struct qn_deck *deck, struct qn_deck_derived *derived)
{
    struct qn_deck_derived d = {.smallest = HUGE_VAL};
    struct qn_vessel vessel;
    qn_deck_vessel(deck, &vessel);
    qn_vessel_carve(&vessel, deck->vial.rod, deck->vial.n_rods);
    d.vial_volume = vessel.volume;
    d.vial_area = vessel.area;
    for (int g = 0; g < deck->balls.n_groups; g++) {
        const double count = (double)deck->balls.group[g].count;
        const double diameter = deck->balls.group[g].diameter;
        d.balls += deck->balls.group[g].count;
        d.ball_volume += count * qn_sphere_volume(diameter);
        d.ball_area += count * qn_sphere_area(diameter);
        d.smallest = fmin(d.smallest, diameter);
        d.largest = fmax(d.largest, diameter);
    }
    d.ball_mass = d.ball_volume * deck->material[deck->balls.material].density;
    d.filling = d.ball_volume / QN_CLOSE_PACKING / d.vial_volume;
    if (deck->powder.material >= 0) {
        const double density = deck->material[deck->powder.material].density;
        d.powder_volume = deck->powder.mass / density;
        d.coating_mass = qn_coating_mass(d.ball_area + d.vial_area,
                                         qn_deck_mean_layer(deck, d.ball_area, d.vial_area),
                                         deck->powder.packing, density);
        for (int g = 0; g < deck->run.n_parcel_groups; g++) {
            d.parcel_diameter = fmax(d.parcel_diameter, deck->run.parcel_group[g].diameter);
        }
    }
    d.free_volume = d.vial_volume - d.ball_volume - d.powder_volume;
    *derived = d;
}

struct qn_motion qn_deck_motion(const struct qn_deck *deck)
{
    const struct qn_deck_mill *mill = &deck->mill;
    struct qn_motion m = {
        .kind = mill->type,
        .run_up = mill->run_up,
        .n_legs = mill->n_legs,
        .repeat = mill->repeat != 0,
        .table = &mill->table,
    };
    memcpy(m.own, mill->own, sizeof m.own);
    memcpy(m.leg, mill->leg, sizeof m.leg);
    m.gravity[1] = mill->gravity == QN_GRAVITY_ACROSS_AXIS ? -QN_GRAVITY : 0.0;
    m.gravity[2] = mill->gravity == QN_GRAVITY_ALONG_AXIS ? -QN_GRAVITY : 0.0;
    return m;
}

double qn_deck_reach(const struct qn_deck *deck)
{
    struct qn_vessel v;
    qn_deck_vessel(deck, &v);
    const int tilts = qn_mill_laws[deck->mill.type]->turning == QN_TURNS_ANYHOW;
    return tilts ? hypot(v.reach, v.half[2]) : v.reach;
}

double qn_deck_speed_bound(const struct qn_deck *deck)
{
    if (deck->contact.speed_bound > 0.0) {
        return deck->contact.speed_bound;
    }
    struct qn_vessel v;
    qn_deck_vessel(deck, &v);
    const double height = 2.0 * v.half[2];
    const struct qn_motion motion = qn_deck_motion(deck);
    // a mill that hardly moves still lets balls fall
    return fmax(2.0 * qn_motion_wall_speed(&motion, qn_deck_reach(deck)),
                sqrt(2.0 * QN_GRAVITY * height));
}

int qn_deck_step_classes(const struct qn_deck *deck, int with_parcels,
                         struct qn_step_class classes[QN_STEP_CLASSES])
{
    const double soft = deck->contact.softening;
    const struct qn_material *wall = &deck->material[deck->vial.material];
    const struct qn_material *ball = &deck->material[deck->balls.material];
    int n = 0;
    classes[n++] =
        (struct qn_step_class){"wall", 0.0, wall->density, wall->young / soft, wall->poisson};
    for (int g = 0; g < deck->balls.n_groups; g++) {
        classes[n++] = (struct qn_step_class){"ball", 0.5 * deck->balls.group[g].diameter,
                                              ball->density, ball->young / soft, ball->poisson};
    }
    for (int g = 0; with_parcels && g < deck->run.n_parcel_groups; g++) {
        const struct qn_material *powder = &deck->material[deck->powder.material];
        const double diameter = deck->run.parcel_group[g].diameter;
        classes[n++] = (struct qn_step_class){"parcel", 0.5 * diameter, powder->density,
                                              deck->contact.parcel_young, powder->poisson};
    }
    return n;
}

double qn_deck_spring_time(const struct qn_deck *deck)
{
    double lightest = HUGE_VAL;
    for (int g = 0; g < deck->balls.n_groups; g++) {
        const double d = deck->balls.group[g].diameter;
        lightest =
            fmin(lightest, deck->material[deck->balls.material].density * QN_PI / 6.0 * d * d * d);
    }
    return QN_PI * sqrt(0.5 * lightest / deck->contact.stiffness);
}

struct qn_step_choice qn_deck_step(const struct qn_deck *deck, int with_parcels)
{
    struct qn_step_class classes[QN_STEP_CLASSES];
    const int n = qn_deck_step_classes(deck, with_parcels, classes);
    const struct qn_step_rule rule = {deck->contact.rayleigh_fraction, deck->contact.hertz_fraction,
                                      qn_deck_speed_bound(deck)};
    struct qn_step_choice choice;
    qn_step_choose(n, classes, &rule, &choice);
    if (deck->contact.stiffness > 0.0) { // the spring of the deck sets the contact time
        const double spring = qn_deck_spring_time(deck);
        choice.dt = fmin(choice.dt, deck->contact.hertz_fraction * spring);
    }
    return choice;
}

double qn_deck_missing(const struct qn_deck *deck)
{
    struct qn_deck_derived d;
    const int parcels =
        deck->run.window_powder == QN_POWDER_PARCELS ||
        (deck->run.direct_span > 0.0 && deck->run.direct_powder == QN_POWDER_PARCELS);
    if (deck->powder.material < 0 || !parcels) {
        return 0.0;
    }
    qn_deck_derive(deck, &d);
    const double share = 1.0 - (deck->run.parcel_mass + d.coating_mass) / deck->powder.mass;
    return share > 0.01 ? share : 0.0;
}
