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
    const double *a = t->a[T > t->T_mid];
    *cp = QN_GAS_CONSTANT * (a[0] + T * (a[1] + T * (a[2] + T * (a[3] + T * a[4]))));
    return QN_GAS_CONSTANT *
           (a[5] + T * (a[0] + T * (a[1] / 2 + T * (a[2] / 3 + T * (a[3] / 4 + T * a[4] / 5)))));
}
