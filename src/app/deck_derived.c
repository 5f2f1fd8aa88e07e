/// @file
/// Geometry of a deck's charge.
#include "app/deck_derived.h"

#include <math.h>

#include "model/charge.h"

void qn_deck_derive(const struct qn_deck *deck, struct qn_deck_derived *derived)
{
    struct qn_deck_derived d = {.smallest = HUGE_VAL};
    const struct qn_deck_vial *vial = &deck->vial;
    const int round = vial->shape == QN_VIAL_CYLINDER;
    d.vial_volume =
        round ? qn_cylinder_volume(vial->diameter, vial->height) : qn_box_volume(vial->size);
    d.vial_area = round ? qn_cylinder_area(vial->diameter, vial->height) : qn_box_area(vial->size);
    for (int g = 0; g < deck->balls.n_groups; g++) {
        const double count = (double)deck->balls.group[g].count;
        const double diameter = deck->balls.group[g].diameter;
        d.balls += deck->balls.group[g].count;
        d.ball_volume += count * qn_sphere_volume(diameter);
        d.ball_area += count * qn_sphere_area(diameter);
        d.smallest = fmin(d.smallest, diameter);
        d.largest = fmax(d.largest, diameter);
    }
    d.ball_mass = d.ball_volume * deck->material[deck->balls.material].density;
    d.filling = d.ball_volume / QN_CLOSE_PACKING / d.vial_volume;
    if (deck->powder.material >= 0) {
        const double density = deck->material[deck->powder.material].density;
        d.powder_volume = deck->powder.mass / density;
        d.coating_mass = qn_coating_mass(d.ball_area + d.vial_area, deck->powder.layer,
                                         deck->powder.packing, density);
        if (deck->run.parcels > 0) {
            d.parcel_diameter =
                qn_parcel_diameter(deck->run.parcel_mass, (double)deck->run.parcels, density);
        }
    }
    d.free_volume = d.vial_volume - d.ball_volume - d.powder_volume;
    *derived = d;
}
