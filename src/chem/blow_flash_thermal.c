/// @file
/// flash-thermal: a first-order step that runs in hot spots alone, over the event's own T(t).
///
///     dN = avail [1 - exp(-int k dt)],  k = A exp(-Ea/RT(t)), from first touch to the cut
///
/// The ordinary reactions of a mechanism run in every hot spot without being told; this type is for
/// a step that the cold powder does not have, and books its moles apart.
#include "chem/blows.h"

#include <math.h>

#include "base/constants.h"
#include "exposure/hotspot.h"

enum { A, EA };

static const struct qn_blow_key keys[] = {
    [A] = {"A", "1/s", 1, 0.0, 0.0, "pre-exponential factor"},
    [EA] = {"Ea", "J/mol", 1, 0.0, 0.0, "barrier"},
    {0},
};

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double cold = value[A] * exp(-value[EA] / (QN_GAS_CONSTANT * shot->T0));
    const double time =
        fmax(shot->pulse.t_c, shot->pulse.t_cut) + qn_pulse_dose(&shot->pulse, shot->T0, value[EA]);
    return -s->scarcest * expm1(-cold * time);
}

const struct qn_blow_type qn_blow_flash_thermal = {
    .name = "flash-thermal",
    .channel = "flash",
    .fed_by = "temperature",
    .cap = QN_CAP_EQUILIBRIUM,
    .key = keys,
    .extent = extent,
};
