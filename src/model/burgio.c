/// @file
/// Burgio's formulas.
#include "model/burgio.h"

#include <math.h>

#include "base/constants.h"

struct qn_burgio qn_burgio(double sun_radius, double sun_speed, double ratio, double ball_circle)
{
    const double wp = sun_speed, wv = (1.0 + ratio) * wp;
    const double carried = sun_radius * wp, spun = ball_circle * wv;
    const double vb2 = carried * carried + spun * spun * (1.0 - 2.0 * wv / wp);
    const double vs = carried + spun;
    return (struct qn_burgio){
        .jar_speed = wv,
        .cos_phi = -spun * wv / (carried * wp),
        .v_b = sqrt(fmax(vb2, 0.0)),
        .v_s = fabs(vs),
        .energy = 0.5 * (vb2 - vs * vs),
        .frequency = fabs(wp - wv) / (2.0 * QN_PI),
    };
}
