/// @file
/// Archard's law of wear.
#include "model/wear.h"

double qn_archard_volume(double coefficient, double hardness, double load_path)
{
    return coefficient * load_path / hardness;
}

double qn_archard_load_path(double slip, double friction)
{
    return friction > 0.0 ? slip / friction : 0.0;
}
