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

double qn_coating_mass(double area, double layer, double packing, double density)
{
    return 0.5 * layer * packing * density * area;
}

double qn_parcel_diameter(double mass, double count, double density)
{
    return cbrt(6.0 * mass / (QN_PI * density * count));
}

double qn_gas_pressure(double fill_pressure, double fill_temperature, double temperature)
{
    return fill_pressure * temperature / fill_temperature;
}

double qn_gas_moles(double pressure, double volume, double temperature)
{
    return pressure * volume / (QN_GAS_CONSTANT * temperature);
}
