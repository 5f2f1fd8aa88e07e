// One impact through the whole engine, for the physics tests.
#pragma once

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "dem_fixture.h"

/// Bodies when their contact is over.
struct impact {
    double x[2][3], v[2][3], w[2][3];
    struct qn_episode episode;
    struct qn_ledger books;
};

/// A ball and how it flies; species as in the model.
struct thrown {
    int species;
    double radius, x[3], v[3], w[3];
};

/// One or two balls until the first episode ends.
static inline struct impact impact_of(const struct qn_dem_model *m, const struct thrown *ball,
                                      int count)
{
    struct qn_dem s;
    struct impact out = {0};
    const struct qn_episode *events = NULL;
    size_t n = 0;
    qn_dem_init(m, &s, 1);
    for (int k = 0; k < count; k++) {
        qn_dem_add(m, &s, ball[k].species, ball[k].radius, ball[k].x, ball[k].v, ball[k].w);
    }
    cr_assert(eq(int, qn_dem_start(m, &s), QN_OK), "%s", qn_error_text());
    while (n == 0) {
        cr_assert(eq(int, qn_dem_step(m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &events, &n);
        cr_assert(lt(i64, s.step, 4000000));
    }
    for (int k = 0; k < count; k++) {
        memcpy(out.x[k], s.body[k].x, sizeof out.x[k]);
        memcpy(out.v[k], s.body[k].v, sizeof out.v[k]);
        memcpy(out.w[k], s.body[k].w, sizeof out.w[k]);
    }
    out.episode = events[0];
    qn_ledger_read(m, &s, &out.books);
    qn_dem_free(&s);
    return out;
}

/// Duration of the elastic impact of a ball on the floor [s].
static inline double floor_time(const struct fixture *f, double radius, double vn)
{
    const double mass = f->density * 4.0 / 3.0 * QN_PI * radius * radius * radius;
    const double wy = f->wall_young > 0.0 ? f->wall_young : f->young;
    const double wp = f->wall_young > 0.0 ? f->wall_poisson : f->poisson;
    const double e_star = qn_reduced_young(f->young, f->poisson, wy, wp);
    return 2.8683 * pow(mass * mass / (radius * e_star * e_star * vn), 0.2);
}

/// A ball onto the floor with `vn` down, `vt` along +x and `spin` about +y (which rolls along +x),
/// in `steps` steps an elastic impact.
static inline struct impact impact_on_floor(struct fixture f, double radius, double vn, double vt,
                                            double spin, double steps)
{
    f.dt = floor_time(&f, radius, vn) / steps;
    struct qn_dem_model m = fixture_model(&f);
    const double side = 100.0 * radius;
    m.vessel = qn_vessel_box((const double[3]){side, side, side});
    m.skin_speed = fmax(vn, vt);
    const struct thrown ball = {0,
                                radius,
                                {0.0, 0.0, -0.5 * side + radius + 2.0 * vn * f.dt},
                                {vt, 0.0, -vn},
                                {0.0, spin, 0.0}};
    return impact_of(&m, &ball, 1);
}
