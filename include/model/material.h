/// @file
/// Bulk materials of balls, vial and powder.
#pragma once

/// One material, real (never softened) constants.
struct qn_material {
    char name[32];
    double density;        ///< of the solid                                     [kg/m3]
    double young;          ///< [Pa]
    double poisson;        ///< [-]
    double yield_pressure; ///< limiting mean contact pressure p_y, about the hardness of the
                           ///< conditioned surface; 0: stays elastic            [Pa]
    double conductivity;   ///< dense solid                                      [W/(m K)]
    double heat_capacity;  ///< [J/(kg K)]
};

/// 1/E* = (1 - ni^2)/Ei + (1 - nj^2)/Ej  [Pa]; K. L. Johnson, Contact Mechanics (1985), ch. 4.
double qn_reduced_young(double young_i, double poisson_i, double young_j, double poisson_j);

/// 1/G* = (2 - ni)/Gi + (2 - nj)/Gj with G = E/2(1 + n)  [Pa]; Mindlin (1949).
double qn_reduced_shear(double young_i, double poisson_i, double young_j, double poisson_j);

/// Effusivity sqrt(k rho c) [W s^1/2/(m2 K)].
double qn_effusivity(const struct qn_material *m);

/// Rayleigh time of a sphere, pi R sqrt(rho/G)/(0.1631 nu + 0.8766) [s].
double qn_rayleigh_time(double radius, double density, double young, double poisson);
