/// @file
/// Standard-state properties.
#include "chem/thermo.h"

#include <math.h>

#include "base/constants.h"

static struct qn_standard nasa7(const double a[7], double T)
{
    const double h = a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5)));
    const double s = a[0] * log(T) + T * (a[1] + T * (a[2] / 2 + T * (a[3] / 3 + T * a[4] / 4)));
    return (struct qn_standard){
        .cp_R = a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))),
        .h_RT = h + a[5] / T,
        .s_R = s + a[6],
    };
}

static struct qn_standard nasa9(const struct qn_thermo *t, double T)
{
    int range = 0;
    while (range + 1 < t->ranges && T >= t->T_low[range + 1]) {
        range++;
    }
    const double *a = t->nine[range];
    const double log_T = log(T);
    const double h = a[2] + T * (a[3] / 2 + T * (a[4] / 3 + T * (a[5] / 4 + T * a[6] / 5)));
    const double s = T * (a[3] + T * (a[4] / 2 + T * (a[5] / 3 + T * a[6] / 4)));
    return (struct qn_standard){
        .cp_R = (a[0] / T + a[1]) / T + a[2] + T * (a[3] + T * (a[4] + T * (a[5] + T * a[6]))),
        .h_RT = h + (-a[0] / T + a[1] * log_T + a[7]) / T,
        .s_R = s + a[2] * log_T + a[8] - (0.5 * a[0] / T + a[1]) / T,
    };
}

static struct qn_standard shomate(const double a[7], double T)
{
    const double t = 1e-3 * T;
    const double h = t * (a[0] + t * (a[1] / 2 + t * (a[2] / 3 + t * a[3] / 4))) - a[4] / t + a[5];
    return (struct qn_standard){
        .cp_R = (a[0] + t * (a[1] + t * (a[2] + t * a[3])) + a[4] / (t * t)) / QN_GAS_CONSTANT,
        .h_RT = h / (QN_GAS_CONSTANT * t), // kJ over kK
        .s_R = (a[0] * log(t) + t * (a[1] + t * (a[2] / 2 + t * a[3] / 3)) - a[4] / (2.0 * t * t) +
                a[6]) /
               QN_GAS_CONSTANT,
    };
}

struct qn_standard qn_thermo_state(const struct qn_thermo *t, double T)
{
    struct qn_standard s = {0};
    switch (t->model) {
    case QN_THERMO_NASA7:
        s = nasa7(t->a[T > t->T_mid], T);
        break;
    case QN_THERMO_CONSTANT_CP:
        s.cp_R = t->cp0 / QN_GAS_CONSTANT;
        s.h_RT = (t->h0 + t->cp0 * (T - t->T0)) / (QN_GAS_CONSTANT * T);
        s.s_R = (t->s0 + t->cp0 * log(T / t->T0)) / QN_GAS_CONSTANT;
        break;
    case QN_THERMO_NASA9:
        s = nasa9(t, T);
        break;
    case QN_THERMO_SHOMATE:
        s = shomate(t->a[T > t->T_mid], T);
        break;
    case QN_THERMO_NONE:
        break;
    }
    s.g_RT = s.h_RT - s.s_R;
    return s;
}

double qn_thermo_enthalpy(const struct qn_thermo *t, double T, double *cp)
{
    if (t->model == QN_THERMO_CONSTANT_CP) {
        *cp = t->cp0;
        return t->h0 + t->cp0 * (T - t->T0);
    }
    *cp = 0.0;
    if (t->model == QN_THERMO_NONE) {
        return 0.0;
    }
    if (t->model != QN_THERMO_NASA7) {
        const struct qn_standard s = qn_thermo_state(t, T);
        *cp = QN_GAS_CONSTANT * s.cp_R;
        return QN_GAS_CONSTANT * T * s.h_RT;
    }
    const double *a = t->a[T > t->T_mid];
    *cp = QN_GAS_CONSTANT * (a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))));
    return QN_GAS_CONSTANT *
           (a[5] + T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5)))));
}
