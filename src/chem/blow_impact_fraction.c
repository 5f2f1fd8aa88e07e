/// @file
/// impact-fraction: a share of the exposed matter reacts in an event, whatever its dose.
///
///     dN = share avail,  if the dose is above w-th
///
/// Under random hits that expose a share phi of the powder the conversion after m hits per lump is
/// 1 - exp(-phi share m) (Delogu's one-hit law). A law of q hits is a chain of such reactions, A =>
/// A1 => B for two: an event takes its extents from the state before it, so that no matter makes
/// two steps at once, and the result is Delogu's 1 - (1 + k m) exp(-k m).
#include "chem/blows.h"

enum { SHARE, THRESHOLD };

static const struct qn_blow_key keys[] = {
    [SHARE] = {"share", "1", 1, 0.0, 1.0, "of the exposed matter that reacts in an event"},
    [THRESHOLD] = {"w-th", "J/kg", 0, 0.0, 0.0, "dose below which nothing happens"},
    {0},
};

static double extent(const double *value, const struct qn_stock *s, const struct qn_shot *shot)
{
    return shot->dose > value[THRESHOLD] ? value[SHARE] * s->scarcest : 0.0;
}

const struct qn_blow_type qn_blow_impact_fraction = {
    .name = "impact-fraction",
    .channel = "impact",
    .fed_by = "exposed mass",
    .cap = QN_CAP_EQUILIBRIUM,
    .key = keys,
    .extent = extent,
};
