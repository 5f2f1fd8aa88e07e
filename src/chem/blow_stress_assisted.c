/// @file
/// stress-assisted: a barrier that stress lowers while the contact lasts (Bell; Eyring; Zhurkov).
///
///     dN = avail [1 - exp(-int k dt)],  k = A exp(-(Ea - p V-act - tau V-shear)/RT(t)), 0 <= t <=
///     t_c
///
/// Stress and temperature of one event are used together: the peak stress for all of t_c, and the
/// event's own T(t). A barrier below zero counts as none.
#include "chem/blows.h"

#include <math.h>

#include "base/constants.h"
#include "exposure/hotspot.h"

enum { A, EA, V_ACT, V_SHEAR };

static const struct qn_blow_key keys[] = {
    [A] = {"A", "1/s", 1, 0.0, 0.0, "pre-exponential factor"},
    [EA] = {"Ea", "J/mol", 1, 0.0, 0.0, "barrier without stress"},
    [V_ACT] = {"V-act", "m3/mol", 0, 0.0, 0.0, "activation volume of the pressure"},
    [V_SHEAR] = {"V-shear", "m3/mol", 0, 0.0, 0.0, "activation volume of the shear stress"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    (void)m;
    return q->value[V_ACT] > 0.0 || q->value[V_SHEAR] > 0.0
               ? NULL
               : "stress-assisted needs V-act or V-shear";
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double work = shot->pressure * value[V_ACT] + shot->shear * value[V_SHEAR];
    const double Ea = fmax(value[EA] - work, 0.0);
    const double cold = value[A] * exp(-Ea / (QN_GAS_CONSTANT * shot->T0));
    struct qn_pulse contact = shot->pulse;
    contact.t_cut = fmin(contact.t_cut, contact.t_c);
    const double time = contact.t_c + qn_pulse_dose(&contact, shot->T0, Ea);
    return -s->scarcest * expm1(-cold * time);
}

const struct qn_blow_type qn_blow_stress_assisted = {
    .name = "stress-assisted",
    .channel = "stress",
    .fed_by = "stress",
    .cap = QN_CAP_EQUILIBRIUM,
    .key = keys,
    .ready = ready,
    .extent = extent,
};
