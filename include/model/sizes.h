/// @file
/// Size distributions as a few classes of equal bodies that keep count and mass exactly.
#pragma once

#include <stdint.h>

enum { QN_SIZE_CLASSES = 32 };

/// Mean volume over pi/6 of a lognormal number distribution, median^3 exp(4.5 sigma^2) [m3].
/// @param median  diameter that half of the bodies are below [m]
/// @param sigma   standard deviation of ln d [-]
double qn_lognormal_cube(double median, double sigma);

/// A lognormal number distribution in n classes of (nearly) equal counts that add up to `count`;
/// the diameter of a class has the mean volume of its part of the distribution, so that the total
/// volume is exact. Classes without bodies are left out.
/// @param n  1 to QN_SIZE_CLASSES   @param[out] counts, diameters  shape [n], small ones first
/// @return classes in use
int qn_lognormal_classes(double median, double sigma, int64_t count, int n, int64_t *counts,
                         double *diameters);

/// Diameter of a sieve class between two meshes: that of the mean volume when ln d is spread evenly
/// over the class [m].
double qn_sieve_diameter(double from, double to);
