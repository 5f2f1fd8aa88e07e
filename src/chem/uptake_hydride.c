/// @file
/// hydride: hydrogen into an alloy, with a plateau pressure and hysteresis.
///
/// Plateau of van 't Hoff, ln(p/bar) = (S - Q/T)/R with heat Q and entropy S given off per mole of
/// gas; on the way in higher by the square root of the hysteresis, on the way out lower by it. Its
/// ends are those of Nishizaki et al. (1983) J. Less-Common Met. 89, 559: ln p + slope tan(pi (x -
/// 1/2)), x the share of the alloy that is hydride. Kinetics of Mayer et al. (1987) Int. J.
/// Hydrogen Energy 12, 335, as Jemni & Ben Nasrallah (1995) use them:
///     in:  n C exp(-E/RT) ln(p/p_in) (1 - x)        above p_in
///     out: n C' exp(-E'/RT) (p - p_out)/p_out x     below p_out
/// and between the two pressures nothing happens.
#include "chem/uptakes.h"

#include <math.h>

#include "base/constants.h"

enum { HEAT, ENTROPY, HYSTERESIS, SLOPE, RATE_IN, BARRIER_IN, RATE_OUT, BARRIER_OUT };

static const struct qn_blow_key keys[] = {
    [HEAT] = {"heat", "J/mol", 1, 0.0, 0.0, "given off by a mole of gas that is taken up"},
    [ENTROPY] = {"entropy", "J/mol/K", 1, 0.0, 0.0, "lost by it"},
    [HYSTERESIS] = {"hysteresis", "1", 1, 0.0, 100.0, "pressure in over pressure out"},
    [SLOPE] = {"slope", "1", 0, 0.0, 5.0, "of the logarithm at the ends of the plateau"},
    [RATE_IN] = {"rate-in", "1/s", 1, 0.0, 0.0, "prefactor of uptake"},
    [BARRIER_IN] = {"barrier-in", "J/mol", 0, 0.0, 0.0, "of uptake"},
    [RATE_OUT] = {"rate-out", "1/s", 1, 0.0, 0.0, "prefactor of release"},
    [BARRIER_OUT] = {"barrier-out", "J/mol", 0, 0.0, 0.0, "of release"},
    {0},
};

double qn_hydride_pressure(const double *value, double T, double x, int in)
{
    const double least = 0.01; // the tangent's poles are no pressures
    const double share = fmin(fmax(x, least), 1.0 - least);
    const double plateau = (value[ENTROPY] - value[HEAT] / T) / QN_GAS_CONSTANT;
    const double half = 0.5 * log(value[HYSTERESIS]);
    return exp(plateau + (in ? half : -half) + value[SLOPE] * tan(QN_PI * (share - 0.5)));
}

static double rate(const double *value, const struct qn_uptake_state *s)
{
    const double n = s->empty + s->full;
    const double RT = QN_GAS_CONSTANT * s->T;
    if (!(n > 0.0)) {
        return 0.0;
    }
    const double x = s->full / n;
    const double p_in = qn_hydride_pressure(value, s->T, x, 1);
    const double p_out = qn_hydride_pressure(value, s->T, x, 0);
    if (s->p > p_in) {
        return value[RATE_IN] * exp(-value[BARRIER_IN] / RT) * log(s->p / p_in) * s->empty;
    }
    return s->p < p_out
               ? value[RATE_OUT] * exp(-value[BARRIER_OUT] / RT) * (s->p / p_out - 1.0) * s->full
               : 0.0;
}

const struct qn_uptake_type qn_uptake_hydride = {
    .name = "hydride",
    .words = "plateau and hysteresis of an alloy (Mayer 1987, Jemni & Ben Nasrallah 1995)",
    .empties = 1,
    .key = keys,
    .rate = rate,
};
