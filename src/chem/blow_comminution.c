/// @file
/// comminution: coarse becomes fine by dose, up to a limit.
///
///     d(made)/dw = k (limit (left + made) - made):  made/all = limit - (limit - start) exp(-k w)
///
/// One law for four things, by what the equation turns into what: coarse grains into fine ones
/// (breakage, limit 1), buried sites into bare ones (area with a plateau), crystal into amorphous
/// solid (amorphous share, its largest one is the limit), large crystallites into the smallest that
/// milling makes. With `from` and `to` the mean size, from (1 - made/all) + to made/all, is among
/// the results. `E-form` is stored.
#include "chem/blows.h"

#include <math.h>

enum { RATE, LIMIT, THRESHOLD, FORMATION, FROM, TO };

static const struct qn_blow_key keys[] = {
    [RATE] = {"k", "kg/J", 1, 0.0, 0.0, "share made fine per dose, at small doses"},
    [LIMIT] = {"limit", "1", 0, 1.0, 1.0, "largest share made"},
    [THRESHOLD] = {"w-th", "J/kg", 0, 0.0, 0.0, "dose below which nothing happens"},
    [FORMATION] = {"E-form", "J/mol", 0, 0.0, 0.0, "energy a mole stores"},
    [FROM] = {"from", "m", 0, 0.0, 0.0, "size of what is not yet made"},
    [TO] = {"to", "m", 0, 0.0, 0.0, "size of what is made"},
    {0},
};

static const char *ready(const struct qn_mechanism *m, struct qn_impact *q)
{
    (void)m;
    q->formation = q->value[FORMATION];
    return (q->value[FROM] > 0.0) == (q->value[TO] > 0.0) ? NULL : "sizes come in twos: from, to";
}

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    const double room = value[LIMIT] * (s->scarcest + s->made) - s->made;
    const double over = qn_blow_over(shot->dose, value[THRESHOLD]);
    return -fmax(room, 0.0) * expm1(-value[RATE] * over);
}

static double size(const double *value, const struct qn_stock *s)
{
    const double all = s->scarcest + s->made;
    const double made = all > 0.0 ? s->made / all : 0.0;
    return value[FROM] > 0.0 ? value[FROM] + made * (value[TO] - value[FROM]) : (double)NAN;
}

const struct qn_blow_type qn_blow_comminution = {
    .name = "comminution",
    .channel = "comminution",
    .fed_by = "dose",
    .key = keys,
    .ready = ready,
    .extent = extent,
    .measure = size,
    .measured = "size",
    .measure_unit = "m",
};
