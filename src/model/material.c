/// @file
/// Mixing rules and derived constants of materials.
#include "model/material.h"

#include <math.h>

#include "base/constants.h"

double qn_reduced_young(double young_i, double poisson_i, double young_j, double poisson_j)
{
    return 1.0 /
           ((1.0 - poisson_i * poisson_i) / young_i + (1.0 - poisson_j * poisson_j) / young_j);
}

double qn_reduced_shear(double young_i, double poisson_i, double young_j, double poisson_j)
{
    const double gi = young_i / (2.0 * (1.0 + poisson_i));
    const double gj = young_j / (2.0 * (1.0 + poisson_j));
    return 1.0 / ((2.0 - poisson_i) / gi + (2.0 - poisson_j) / gj);
}

double qn_effusivity(const struct qn_material *m)
{
    return sqrt(m->conductivity * m->density * m->heat_capacity);
}

double qn_rayleigh_time(double radius, double density, double young, double poisson)
{
    const double shear = young / (2.0 * (1.0 + poisson));
    return QN_PI * radius * sqrt(density / shear) / (0.1631 * poisson + 0.8766);
}
