/// @file
/// Fills, evacuation, samples and flow of the headspace.
#include "chem/gas.h"

#include <math.h>

#include "base/constants.h"

double qn_gas_total_pressure(const struct qn_gas *gas)
{
    double n = 0.0;
    for (int g = 0; g < gas->n_gas; g++) {
        n += gas->moles[g];
    }
    return n * QN_GAS_CONSTANT * gas->T / gas->volume;
}

void qn_gas_fill(struct qn_gas *gas, const double *moles)
{
    for (int g = 0; g < gas->n_gas; g++) {
        gas->moles[g] += moles[g];
        gas->added[g] += moles[g];
    }
}

void qn_gas_draw(struct qn_gas *gas, double share)
{
    for (int g = 0; g < gas->n_gas; g++) {
        const double out = share < 1.0 ? share * gas->moles[g] : gas->moles[g];
        gas->moles[g] -= out;
        gas->removed[g] += out;
    }
}

double qn_flow_outlet(const struct qn_flow *f, const struct qn_gas *gas, const double *made)
{
    double n = 0.0, gain = 0.0;
    if (!f->constant_pressure) {
        return f->rate / gas->volume;
    }
    for (int g = 0; g < gas->n_gas; g++) {
        n += gas->moles[g];
        gain += f->rate * f->feed[g] + made[g];
    }
    return n > 0.0 && gain > 0.0 ? gain / n : 0.0;
}

double qn_flow_regulated(const struct qn_flow *f, const struct qn_gas *gas, double full,
                         double *slope)
{
    const double response = 1e3 * f->rate / gas->volume; // [1/s]
    double n = 0.0, feed = 0.0;
    *slope = 0.0;
    if (!f->constant_pressure) {
        return f->rate / gas->volume;
    }
    for (int g = 0; g < gas->n_gas; g++) {
        n += gas->moles[g];
        feed += f->rate * f->feed[g];
    }
    const double share = n > 0.0 ? feed / n + response * (1.0 - full / n) : 0.0;
    *slope = share > 0.0 ? (response * full - feed) / (n * n) : 0.0;
    return fmax(share, 0.0);
}

void qn_flow_through(const struct qn_flow *f, struct qn_gas *gas, const double *made, double dt)
{
    const double out = qn_flow_outlet(f, gas, made);
    for (int g = 0; g < gas->n_gas && f->rate > 0.0; g++) {
        const double feed = f->rate * f->feed[g], source = feed + made[g];
        const double whole = gas->moles[g] + source * dt;
        const double ends = out > 0.0 ? source / out : 0.0;
        const double flown = ends + (gas->moles[g] - ends) * exp(-out * dt);
        const double now = out > 0.0 ? fmax(flown, 0.0) : whole;
        gas->added[g] += feed * dt;
        gas->removed[g] += whole - now;
        gas->moles[g] = now;
    }
}
