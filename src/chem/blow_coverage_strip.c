/// @file
/// coverage-strip: desorption or coke removal in proportion to the dose, dN = avail [1 - exp(-k
/// w)].
#include "chem/blows.h"

#include <math.h>

static const struct qn_blow_key keys[] = {
    {"k", "kg/J", 1, 0.0, 0.0, "share removed per dose, at small doses"},
    {0},
};

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    return -s->scarcest * expm1(-value[0] * shot->dose);
}

const struct qn_blow_type qn_blow_coverage_strip = {
    .name = "coverage-strip",
    .channel = "impact",
    .fed_by = "dose",
    .key = keys,
    .extent = extent,
};
