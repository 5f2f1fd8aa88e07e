/// @file
/// Trapezoidal steps of bodies in a gas.
#include "model/gas_bath.h"

#include <math.h>
#include <string.h>

/// Rise of body i at the end of a step, as constant + slope * (rise of the gas then).
static void end_of(const struct qn_gas_bath *b, int i, double h, const double now[2], double out[2])
{
    const double half = 0.5 * b->link[i], inertia = b->capacity[i] / h;
    out[0] = now[0];
    out[1] = 0.0;
    if (isfinite(inertia)) {
        out[0] = (now[0] * (inertia - half) + b->power[i] + half * now[1]) / (inertia + half);
        out[1] = half / (inertia + half);
    }
}

double qn_gas_bath_run(const struct qn_gas_bath *b, double span, int steps, double *rise,
                       double *given)
{
    const double h = span / steps;
    double gas = 0.0;
    memset(rise, 0, (size_t)b->n * sizeof *rise);
    memset(given, 0, (size_t)b->n * sizeof *given);
    for (int s = 0; s < steps; s++) {
        double source = 2.0 * b->gas_capacity / h * gas, slope = 2.0 * b->gas_capacity / h;
        double end[2];
        for (int i = 0; i < b->n; i++) {
            end_of(b, i, h, (const double[2]){rise[i], gas}, end);
            source += b->link[i] * (rise[i] + end[0] - gas);
            slope += b->link[i] * (1.0 - end[1]);
        }
        const double next = source / slope;
        for (int i = 0; i < b->n; i++) {
            end_of(b, i, h, (const double[2]){rise[i], gas}, end);
            const double now = end[0] + end[1] * next;
            given[i] += 0.5 * h * b->link[i] * (rise[i] + now - gas - next);
            rise[i] = now;
        }
        gas = next;
    }
    return gas;
}
