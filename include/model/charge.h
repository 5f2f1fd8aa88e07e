/// @file
/// Volumes and areas of what is in a vial: balls, powder, coating, parcels, gas.
#pragma once

/// Random close packing of equal spheres, the fullest a vial of balls can be [-].
#define QN_CLOSE_PACKING 0.64

/// Volume and area of a sphere of diameter d.
double qn_sphere_volume(double diameter);
double qn_sphere_area(double diameter);

/// Inside of a cylinder with flat ends, and of a box.
double qn_cylinder_volume(double diameter, double height);
double qn_cylinder_area(double diameter, double height);
double qn_box_volume(const double size[3]);
double qn_box_area(const double size[3]);

/// Mass of powder on media of area `area` when two coatings touch in a layer of thickness `layer`:
/// each surface carries half of it. [kg]
double qn_coating_mass(double area, double layer, double packing, double density);

/// Diameter of one of `count` parcels of solid density that weigh `mass` together [m].
double qn_parcel_diameter(double mass, double count, double density);
