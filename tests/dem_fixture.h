// A mechanical system from a few numbers, for the physics tests.
#pragma once

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "base/hash.h"
#include "dem/engine.h"
#include "dem/ledger.h"
#include "dem/restitution.h"
#include "model/material.h"

/// Ball and wall of given elasticity, density, constant restitution and friction.
struct fixture {
    double young, poisson, density;  // of the ball
    double wall_young, wall_poisson; // 0: as the ball
    double restitution, friction, rolling;
    double gravity_z, dt;
};

static inline struct qn_pair_class fixture_class(const struct fixture *f, double young,
                                                 double poisson, enum qn_pair_kind pair)
{
    const double e_star = qn_reduced_young(f->young, f->poisson, young, poisson);
    const double g_star = qn_reduced_shear(f->young, f->poisson, young, poisson);
    return (struct qn_pair_class){
        .pair = pair,
        .k43 = 4.0 / 3.0 * e_star,
        .kn2 = 2.0 * e_star,
        .kt8 = 8.0 * g_star,
        .friction = f->friction,
        .rolling = f->rolling,
        .e_star = e_star,
        .e_star_true = e_star,
        .restitution = f->restitution,
        .bare_share = 1.0,
    };
}

/// A planetary mill by the speed of its sun wheel [m], [rad/s], [-]; no gravity.
static inline struct qn_motion fixture_planetary(double sun_radius, double sun_speed, double ratio)
{
    const struct qn_mill_value v[] = {
        {"sun_radius", {sun_radius}}, {"speed", {sun_speed}}, {"ratio", {ratio}}, {NULL, {0}}};
    return qn_motion_make("planetary", v);
}

/// Vibration [Hz], zero to peak [m], [rad]; no gravity.
static inline struct qn_motion fixture_vibration(double frequency, const double a[3],
                                                 const double phase[3])
{
    const struct qn_mill_value v[] = {{"frequency", {frequency}},
                                      {"amplitude", {a[0], a[1], a[2]}},
                                      {"phase", {phase[0], phase[1], phase[2]}},
                                      {NULL, {0}}};
    return qn_motion_make("vibration", v);
}

/// Species 0: ball; the wall is species 1. Cubic box of 1 m unless the caller changes the vessel.
static inline struct qn_dem_model fixture_model(const struct fixture *f)
{
    struct qn_dem_model m = {
        .dt = f->dt,
        .vessel = qn_vessel_box((const double[3]){1.0, 1.0, 1.0}),
        .motion = {.kind = qn_mill_find("vibration"), .gravity = {0.0, 0.0, f->gravity_z}},
        .n_species = 1,
        .species = {{QN_BALL, f->density, f->young, f->poisson},
                    {QN_WALL, f->density, f->young, f->poisson}},
        .n_classes = 2,
        .skin_speed = 1.0,
    };
    const double wy = f->wall_young > 0.0 ? f->wall_young : f->young;
    const double wp = f->wall_young > 0.0 ? f->wall_poisson : f->poisson;
    m.classes[0] = fixture_class(f, f->young, f->poisson, QN_BALL_BALL);
    m.classes[1] = fixture_class(f, wy, wp, QN_BALL_WALL);
    m.class_of[0][0] = 0;
    m.class_of[0][1] = m.class_of[1][0] = 1;
    return m;
}

static const double STILL[3] = {0.0, 0.0, 0.0};

/// Balls (species 0) and parcels (1) in a small planetary vial.
static inline struct qn_dem_model mixed_bed(void)
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
    m.motion.run_up = 0.01;
    m.n_species = 2;
    m.species[2] = m.species[1];
    m.species[1] = (struct qn_dem_species){QN_PARCEL, 5680.0, 0.5e9, 0.28};
    m.n_classes = 5;
    for (int k = 2; k < 5; k++) {
        f.restitution = 0.3;
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
