/// @file
/// The mechanical system of a deck.
#include "app/mechanics.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/deck_fields.h"
#include "dem/insert.h"
#include "dem/restitution.h"
#include "model/coating.h"
#include "model/material.h"

enum { BALL = 0, PARCEL = 1 }; // species; the wall follows the last of them

double qn_mechanics_coating(const struct qn_deck *deck, int on)
{
    if (deck->powder.material < 0) {
        return 0.0;
    }
    const double density = deck->material[deck->powder.material].density;
    return qn_deck_coating(deck, on) * deck->powder.packing * density;
}

/// Mean of what lies on the two bodies of a media pair [kg/m2].
static double coating_between(const struct qn_deck *deck, enum qn_pair_kind pair)
{
    const double ball = qn_mechanics_coating(deck, QN_COATED_BALLS);
    return pair == QN_BALL_WALL ? 0.5 * (ball + qn_mechanics_coating(deck, QN_COATED_WALL)) : ball;
}

/// Elastic constants of a pair: softened ones for the engine, true ones for stress and closures.
struct elastic {
    double soft_i, true_i, nu_i, soft_j, true_j, nu_j; ///< Young's moduli [Pa], Poisson's ratios
};

static void set_elastic(struct qn_pair_class *c, const struct elastic *e)
{
    c->e_star = qn_reduced_young(e->soft_i, e->nu_i, e->soft_j, e->nu_j);
    c->e_star_true = qn_reduced_young(e->true_i, e->nu_i, e->true_j, e->nu_j);
    c->k43 = 4.0 / 3.0 * c->e_star;
    c->kn2 = 2.0 * c->e_star;
    c->kt8 = 8.0 * qn_reduced_shear(e->soft_i, e->nu_i, e->soft_j, e->nu_j);
}

static double softer(double a, double b)
{
    return a > 0.0 && b > 0.0 ? fmin(a, b) : fmax(a, b); // 0: stays elastic
}

/// What a pair of materials has of its own.
static double of_pair(const struct qn_deck *d, const struct qn_material *a,
                      const struct qn_material *b, enum qn_pair_number which, double otherwise)
{
    return qn_deck_pair_value(d, (int)(a - d->material), (int)(b - d->material), which, otherwise);
}

static struct qn_pair_class media_class(const struct qn_deck *d, const struct qn_material *a,
                                        const struct qn_material *b, enum qn_pair_kind pair)
{
    const struct qn_deck_contact *c = &d->contact;
    const double coating = coating_between(d, pair);
    struct qn_pair_class out = {
        .pair = pair,
        .law = c->law,
        .stiffness = c->stiffness,
        .tangential = c->tangential,
        .surface_energy = c->energy,
        .friction = of_pair(d, a, b, QN_PAIR_FRICTION, c->friction),
        .rolling = of_pair(d, a, b, QN_PAIR_ROLLING, c->rolling),
        .rolling_speed = c->rolling_speed,
        .twisting = c->twisting,
        .overlap_limit = c->overlap_limit,
        .yield_pressure = softer(a->yield_pressure, b->yield_pressure),
        .closure = c->restitution,
        .restitution = c->restitution_value,
        .n_table = c->n_table,
        .coating = coating,
        .bare_share = exp(-coating / c->coating_scale),
        .powder_restitution = c->powder_restitution,
    };
    const double own = of_pair(d, a, b, QN_PAIR_RESTITUTION, NAN);
    if (!isnan(own)) {
        out.closure = QN_CLOSURE_CONSTANT;
        out.restitution = own;
    }
    if (!isnan(c->powder_friction)) {
        out.friction = qn_coated_friction(out.friction, c->powder_friction, out.bare_share);
    }
    memcpy(out.table, c->table, sizeof out.table);
    const struct elastic e = {a->young / c->softening, a->young, a->poisson,
                              b->young / c->softening, b->young, b->poisson};
    set_elastic(&out, &e);
    return out;
}

/// A wall may press a parcel this many times as hard as a ball does. With the same cap on both
/// sides a parcel that a ball drives against the wall feels no net force and leaves the vial.
static const double WALL_HOLDS = 2.0;

/// A parcel against media `other` (NULL: another parcel). Parcels have one modulus of their own,
/// which stands for a lump of loose powder and is never softened.
static struct qn_pair_class parcel_class(const struct qn_deck *d, const struct qn_material *other,
                                         enum qn_pair_kind pair)
{
    const struct qn_deck_contact *c = &d->contact;
    const struct qn_material *powder = &d->material[d->powder.material];
    const struct qn_material *partner = other ? other : powder;
    const double nu = powder->poisson;
    struct qn_pair_class out = {
        .pair = pair,
        .law = c->parcel_law,
        .surface_energy = c->parcel_energy,
        .capped = 1,
        .friction = of_pair(d, powder, partner, QN_PAIR_FRICTION, c->parcel_friction),
        .rolling = of_pair(d, powder, partner, QN_PAIR_ROLLING, c->parcel_rolling),
        .rolling_speed = c->rolling_speed,
        .twisting = c->parcel_twisting,
        .flow_stress = d->powder.flow_stress * (pair == QN_PARCEL_WALL ? WALL_HOLDS : 1.0),
        .restitution = of_pair(d, powder, partner, QN_PAIR_RESTITUTION, c->parcel_restitution),
        .bare_share = 1.0,
    };
    const struct elastic e = {c->parcel_young,
                              c->parcel_young,
                              nu,
                              other ? other->young / c->softening : c->parcel_young,
                              other ? other->young : c->parcel_young,
                              other ? other->poisson : nu};
    set_elastic(&out, &e);
    return out;
}

static void set_pair(struct qn_dem_model *m, int a, int b, struct qn_pair_class c)
{
    m->class_of[a][b] = m->class_of[b][a] = m->n_classes;
    m->classes[m->n_classes++] = c;
}

static void classes_of(const struct qn_deck *d, struct qn_dem_model *m)
{
    const struct qn_material *ball = &d->material[d->balls.material];
    const struct qn_material *vial = &d->material[d->vial.material];
    const int wall = m->n_species;
    set_pair(m, BALL, BALL, media_class(d, ball, ball, QN_BALL_BALL));
    set_pair(m, BALL, wall, media_class(d, ball, vial, QN_BALL_WALL));
    if (wall > PARCEL) {
        set_pair(m, BALL, PARCEL, parcel_class(d, ball, QN_BALL_PARCEL));
        set_pair(m, PARCEL, wall, parcel_class(d, vial, QN_PARCEL_WALL));
        set_pair(m, PARCEL, PARCEL, parcel_class(d, NULL, QN_PARCEL_PARCEL));
    }
}

void qn_mechanics_model(const struct qn_deck *deck, enum qn_powder_form powder,
                        struct qn_dem_model *model)
{
    const struct qn_material *ball = &deck->material[deck->balls.material];
    const double soft = deck->contact.softening;
    memset(model, 0, sizeof *model);
    qn_deck_vessel(deck, &model->vessel);
    model->motion = qn_deck_motion(deck);
    model->n_species = powder == QN_POWDER_PARCELS ? 2 : 1;
    model->species[BALL] =
        (struct qn_dem_species){QN_BALL, ball->density, ball->young / soft, ball->poisson};
    if (powder == QN_POWDER_PARCELS) {
        const struct qn_material *p = &deck->material[deck->powder.material];
        model->species[PARCEL] =
            (struct qn_dem_species){QN_PARCEL, p->density, deck->contact.parcel_young, p->poisson};
    }
    classes_of(deck, model);
    model->dt = qn_deck_step(deck, powder == QN_POWDER_PARCELS).dt;
    model->skin_speed = fmax(0.5 * qn_motion_wall_speed(&model->motion, qn_deck_reach(deck)), 0.1);
}

enum qn_status qn_mechanics_fill(const struct qn_deck *deck, enum qn_powder_form powder,
                                 const struct qn_dem_model *model, struct qn_dem *s)
{
    struct qn_insert group[2 * QN_MAX_GROUPS];
    int n = 0;
    for (; n < deck->balls.n_groups; n++) {
        group[n] = (struct qn_insert){BALL, deck->balls.group[n].count,
                                      0.5 * deck->balls.group[n].diameter};
    }
    for (int g = 0; powder == QN_POWDER_PARCELS && g < deck->run.n_parcel_groups; g++) {
        const struct qn_deck_size *size = &deck->run.parcel_group[g];
        group[n++] = (struct qn_insert){PARCEL, size->count, 0.5 * size->diameter};
    }
    QN_TRY(qn_insert_bodies(model, s, group, n, deck->seed));
    return qn_dem_start(model, s);
}
