/// @file
/// dissolution: a gas in the liquid that the powder holds, after Henry.
///
///     rate = k (H p V - n),  H = H(298.15 K) exp(slope (1/T - 1/298.15 K))
/// with V the volume of the solvent, `molar-volume` times its amount: a film that comes to
/// equilibrium at the rate k. Where the liquid dries up, what it held is given back.
#include "chem/uptakes.h"

#include <math.h>

enum { HENRY, SLOPE, VOLUME, RATE };

static const struct qn_blow_key keys[] = {
    [HENRY] = {"henry", "mol/(m3 Pa)", 1, 0.0, 0.0, "solubility at 298.15 K"},
    [SLOPE] = {"slope", "K", 0, 0.0, 0.0, "d ln H/d(1/T)"},
    [VOLUME] = {"molar-volume", "m3/mol", 1, 0.0, 0.0, "of the solvent"},
    [RATE] = {"k", "1/s", 1, 0.0, 0.0, "of the film's approach to equilibrium"},
    {0},
};

double qn_henry(double at_room, double slope, double T)
{
    return at_room * exp(slope * (1.0 / T - 1.0 / 298.15));
}

static double rate(const double *value, const struct qn_uptake_state *s)
{
    const double holds = qn_henry(value[HENRY], value[SLOPE], s->T) * 1e5 * s->p * s->solvent;
    return value[RATE] * (holds * value[VOLUME] - s->full);
}

const struct qn_uptake_type qn_uptake_dissolution = {
    .name = "dissolution",
    .words = "Henry's law, in the liquid of the powder",
    .solvent = 1,
    .key = keys,
    .rate = rate,
};
