/// @file
/// Choice of the step.
#include "model/timestep.h"

#include <math.h>

#include "base/constants.h"
#include "base/error.h"
#include "model/material.h"

double qn_hertz_time(double m_star, double r_star, double e_star, double speed)
{
    return 2.8683 * pow(m_star * m_star / (r_star * e_star * e_star * speed), 0.2);
}

double qn_hertz_depth(double m_star, double r_star, double e_star, double speed)
{
    return pow(15.0 * m_star * speed * speed / (16.0 * sqrt(r_star) * e_star), 0.4);
}

static double mass_of(const struct qn_step_class *c)
{
    return 4.0 / 3.0 * QN_PI * c->radius * c->radius * c->radius * c->density;
}

static double inverse(double x)
{
    return x > 0.0 ? 1.0 / x : 0.0; // of a wall: no curvature, no recoil
}

void qn_step_pair(const struct qn_step_class *a, const struct qn_step_class *b, double *r_star,
                  double *m_star, double *e_star)
{
    QN_ASSERT(a->radius > 0.0 || b->radius > 0.0);
    *r_star = 1.0 / (inverse(a->radius) + inverse(b->radius));
    *m_star = 1.0 / (inverse(mass_of(a)) + inverse(mass_of(b)));
    *e_star = qn_reduced_young(a->young, a->poisson, b->young, b->poisson);
}

void qn_step_choose(int n, const struct qn_step_class *classes, const struct qn_step_rule *rule,
                    struct qn_step_choice *choice)
{
    QN_ASSERT(rule->speed > 0.0);
    struct qn_step_choice c = {.rayleigh = HUGE_VAL, .hertz = HUGE_VAL};
    for (int i = 0; i < n; i++) {
        const struct qn_step_class *a = &classes[i];
        if (a->radius <= 0.0) {
            continue;
        }
        const double rayleigh = qn_rayleigh_time(a->radius, a->density, a->young, a->poisson);
        if (rayleigh < c.rayleigh) {
            c.rayleigh = rayleigh;
            c.rayleigh_of = i;
        }
        for (int j = 0; j < n; j++) {
            double r_star, m_star, e_star;
            qn_step_pair(a, &classes[j], &r_star, &m_star, &e_star);
            const double hertz = qn_hertz_time(m_star, r_star, e_star, rule->speed);
            if (hertz < c.hertz) {
                c.hertz = hertz;
                c.hertz_of[0] = i;
                c.hertz_of[1] = j;
            }
        }
    }
    QN_ASSERT(c.rayleigh < HUGE_VAL);
    const double by_rayleigh = rule->rayleigh_fraction * c.rayleigh;
    const double by_hertz = rule->hertz_fraction * c.hertz;
    c.by_hertz = by_hertz < by_rayleigh;
    c.dt = fmin(by_rayleigh, by_hertz);
    *choice = c;
}
