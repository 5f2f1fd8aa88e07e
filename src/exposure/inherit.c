/// @file
/// Past parts of a contact as one steady heating before the piece.
#include "exposure/inherit.h"

#include <math.h>

#include "exposure/hotspot.h"
#include "model/episode.h"

struct qn_stay qn_stay_of(const struct qn_past *past, double radius, double travel, int flags)
{
    const double stretch = 2.0 * radius;
    struct qn_stay s = {0};
    if (!(stretch > 0.0) || travel > stretch) {
        return s;
    }
    s.since = fmod(past->travel, stretch);
    s.inherits = (flags & QN_OPEN_START) != 0;
    s.goes_on = (flags & QN_OPEN_END) && s.since + travel < stretch;
    return s;
}

/// Sums over what counts of the past, fluxes in units of the piece's own.
struct remembered {
    double heat;   ///< flux x span                                                      [s]
    double moment; ///< heat x age                                                     [s^2]
    double rise;   ///< at the end of the piece, in units of the response
};

static struct remembered remember(const struct qn_pulse *p, const struct qn_inheritance *from)
{
    struct remembered r = {0};
    double lag = 0.0, back = 0.0;
    for (int k = 0; k < QN_PAST_PARTS && from->past->part[k].span > 0.0; k++) {
        const struct qn_past_part *part = &from->past->part[k];
        const double room = fmax(from->since - back, 0.0);
        const double share = part->travel > room ? room / part->travel : 1.0;
        const double span = share * part->span;
        if (!(span > 0.0) || (from->forget > 0.0 && lag >= from->forget)) {
            break;
        }
        const double flux =
            from->area[k] > 0.0 ? part->energy / (part->span * from->area[k] * from->flux) : 0.0;
        r.heat += flux * span;
        r.moment += flux * span * (lag + 0.5 * span);
        r.rise +=
            flux * (qn_pulse_response(p, p->t_c + lag + span) - qn_pulse_response(p, p->t_c + lag));
        lag += span;
        back += part->travel;
        if (share < 1.0) {
            break;
        }
    }
    return r;
}

/// Length of the steady heating that has the heat of the past and the rise it leaves at the end of
/// the piece, so that neither the peak nor the late tail is off. The longer, the lower its mean
/// response; of twice the mean age is exact for a past that was steady.
static double steady_lead(const struct qn_pulse *p, const struct remembered *r, double own)
{
    const double want = r->rise / r->heat;
    double low = 0.0, high = 0.0, lead = 2.0 * r->moment / r->heat;
    for (int k = 0; k < 20; k++) {
        const double mean = (qn_pulse_response(p, p->t_c + lead) - own) / lead;
        if (fabs(mean - want) < 1e-9 * want) {
            break;
        }
        *(mean > want ? &low : &high) = lead;
        // in proportion to the square, as the response goes with the root; inside what is known
        const double guess = lead * (mean / want) * (mean / want);
        lead = high > 0.0 && low > 0.0 && !(guess > low && guess < high) ? sqrt(low * high) : guess;
    }
    return lead;
}

void qn_inherit(struct qn_pulse *p, const struct qn_inheritance *from)
{
    const struct remembered r = remember(p, from);
    if (!(r.rise > 0.0)) {
        return;
    }
    const double own = qn_pulse_response(p, p->t_c);
    const double lead = steady_lead(p, &r, own);
    const double power = r.heat / lead; // in units of the piece's own
    p->lead = lead;
    p->lead_share = power / (1.0 + power);
    p->dT *= fmax(power * qn_pulse_response(p, lead), own + r.rise) / own;
}
