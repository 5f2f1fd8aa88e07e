/// @file
/// Volumes, areas and masses of what is in a vial: balls, coating, parcels, gas.
#pragma once

/// Random close packing of equal spheres, the fullest a vial of balls can be [-].
#define QN_CLOSE_PACKING 0.64

/// Volume and area of a sphere of diameter d.
double qn_sphere_volume(double diameter);
double qn_sphere_area(double diameter);

/// Mass of powder on media of area `area` when two coatings touch in a layer of thickness `layer`:
/// each surface carries half of it. [kg]
double qn_coating_mass(double area, double layer, double packing, double density);

/// Diameter of one of `count` parcels of solid density that weigh `mass` together [m].
double qn_parcel_diameter(double mass, double count, double density);

/// Pressure of an ideal gas filled at one temperature and held at another, the volume unchanged
/// [Pa].
double qn_gas_pressure(double fill_pressure, double fill_temperature, double temperature);

/// Moles of an ideal gas.
double qn_gas_moles(double pressure, double volume, double temperature);
