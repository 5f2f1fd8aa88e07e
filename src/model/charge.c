/// @file
/// Geometry of a charge.
#include "model/charge.h"

#include <math.h>

#include "base/constants.h"

double qn_sphere_volume(double diameter)
{
    return QN_PI / 6.0 * diameter * diameter * diameter;
}

double qn_sphere_area(double diameter)
{
    return QN_PI * diameter * diameter;
}

double qn_cylinder_volume(double diameter, double height)
{
    return 0.25 * QN_PI * diameter * diameter * height;
}

double qn_cylinder_area(double diameter, double height)
{
    return QN_PI * diameter * (height + 0.5 * diameter);
}

double qn_box_volume(const double size[3])
{
    return size[0] * size[1] * size[2];
}

double qn_box_area(const double size[3])
{
    return 2.0 * (size[0] * size[1] + size[1] * size[2] + size[2] * size[0]);
}

double qn_coating_mass(double area, double layer, double packing, double density)
{
    return 0.5 * layer * packing * density * area;
}

double qn_parcel_diameter(double mass, double count, double density)
{
    return cbrt(6.0 * mass / (QN_PI * density * count));
}
