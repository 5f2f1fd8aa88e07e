/// @file
/// Names of the powder classes.
#include "app/powder_classes.h"

const char *const qn_powder_class_names[QN_POWDER_CLASSES] = {"ball_coating", "wall_coating",
                                                              "loose", "dead_zone"};

int qn_powder_classes_used(const double *mass)
{
    int n = QN_POWDER_CLASSES;
    while (n > 1 && !(mass[n - 1] > 0.0)) {
        n--;
    }
    return n;
}
