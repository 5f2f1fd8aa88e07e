/// @file
/// Intervals of a replay: tried, shortened, and given a coupled gas where it asks for one.
#include <math.h>
#include <string.h>

#include "chem/coupled.h"
#include "replay_parts.h"

enum { PATIENCE = 64 };           ///< intervals whose mean must be short
static const double SHORT = 20.0; ///< times shorter than hits alone would allow

// largest of these changes of the gases, a trace against a twentieth of all: what a product gains
// does not act back on what makes it, and a reactant that runs short is still followed to a few per
// cent of that
static double largest(const struct qn_gas *before, const double *change)
{
    double all = 0.0, worst = 0.0;
    for (int g = 0; g < before->n_gas; g++) {
        all += before->moles[g];
    }
    for (int g = 0; g < before->n_gas; g++) {
        const double scale = fmax(before->moles[g], 0.05 * all);
        worst = fmax(worst, scale > 0.0 ? fabs(change[g]) / scale : 0.0);
    }
    return worst;
}

static void gains(const struct qn_gas *now, const struct qn_gas *before, double *gain)
{
    for (int g = 0; g < now->n_gas; g++) {
        gain[g] = now->moles[g] - before->moles[g];
    }
}

// longest interval in which a carrier is not exposed too much at once [s]
static double exposed_length(const struct qn_replay *r)
{
    double most = 0.0;
    for (int c = 0; c < r->n_classes; c++) {
        most = fmax(most, r->cls[c].total);
    }
    return r->set.exposed / most; // infinite without hits
}

static enum qn_status jump(struct qn_replay *r, size_t hits, double t)
{
    const enum qn_status status = hits > 0 ? qn_direct_expose(&r->d, r->queue, hits) : QN_OK;
    QN_TRY(qn_group_agree(r->d.group, status));
    return qn_direct_sync(&r->d, t);
}

// One try at an interval that ends at t, the gas frozen: what all of it gave to the gas [n_gas],
// and the gas before.
static enum qn_status attempt_frozen(struct qn_replay *r, double t, struct qn_gas *before,
                                     double *gain)
{
    const double dt = t - r->d.time;
    *before = r->d.gas;
    QN_TRY(jump(r, qn_replay_draw(r, t), t));
    qn_replay_mix(r, dt);
    gains(&r->d.gas, before, gain);
    return QN_OK;
}

// The same with the gas coupled: a rest, all jumps, flow and exchange at once, a rest. What jumps
// and flow gave to the gas that they met.
static enum qn_status attempt_coupled(struct qn_replay *r, double t, struct qn_gas *before,
                                      double *gain)
{
    const double from = r->d.time;
    const size_t hits = qn_replay_draw(r, t); // all ranks draw the same, each queues its own
    const double mean = r->struck > 0.0 ? fmin(fmax(r->moment / r->struck, from), t) : t;
    const double at = r->struck > 0.0 || !(r->d.flow.rate > 0.0) ? mean : 0.5 * (from + t);
    QN_TRY(qn_direct_couple(&r->d, at - from, t));
    *before = r->d.gas;
    QN_TRY(jump(r, hits, t));
    qn_replay_mix(r, t - from);
    gains(&r->d.gas, before, gain);
    return qn_direct_couple(&r->d, t - at, t);
}

/// What a try changed in the gas, and what of that jumps did not do; relative.
struct changes {
    double all, other;
};

static enum qn_status attempt(struct qn_replay *r, double t, struct changes *c)
{
    double gain[QN_MAX_SPECIES] = {0.0}, was[QN_MAX_SPECIES], jumped[QN_MAX_SPECIES];
    struct qn_gas before;
    c->all = c->other = HUGE_VAL;
    qn_direct_jumped(&r->d, was);
    QN_TRY(r->coupled ? attempt_coupled(r, t, &before, gain) : attempt_frozen(r, t, &before, gain));
    qn_direct_jumped(&r->d, jumped);
    c->all = largest(&before, gain);
    for (int g = 0; g < before.n_gas; g++) {
        gain[g] -= jumped[g] - was[g];
    }
    c->other = largest(&before, gain);
    return QN_OK;
}

// what an interval changes beside the chemistry
struct drawn {
    int64_t jumps;
    uint64_t drawn[QN_SPECTRUM_CLASSES];
    double next[QN_SPECTRUM_CLASSES];
};

static struct drawn drawn_of(const struct qn_replay *r)
{
    struct drawn d = {.jumps = r->jumps};
    for (int c = 0; c < r->n_classes; c++) {
        d.drawn[c] = r->cls[c].drawn;
        d.next[c] = r->cls[c].next;
    }
    return d;
}

static void go_back(struct qn_replay *r, const struct drawn *d)
{
    qn_direct_go_back(&r->d, &r->before);
    qn_replay_own(r); // a coupled rest that failed may have left rows elsewhere
    r->jumps = d->jumps;
    for (int c = 0; c < r->n_classes; c++) {
        r->cls[c].drawn = d->drawn[c];
        r->cls[c].next = d->next[c];
    }
}

// A gas that keeps intervals short without the hits' doing is stiff: it belongs to the carriers'
// system. Asked of the mean of so many intervals, so that a short transient passes and what hits do
// shows. Every number here is the same on all ranks. `from`: where the interval just taken began.
static void judge(struct qn_replay *r, double from)
{
    struct qn_replay_streak *s = &r->streak;
    const double hits = exposed_length(r);
    double jumped[QN_MAX_SPECIES];
    if (!qn_coupled_fits(r->d.matter.mech)) {
        return;
    }
    qn_direct_jumped(&r->d, jumped);
    if (s->n == 0) { // it counts from the end of this interval on
        *s = (struct qn_replay_streak){.n = 1, .from = r->d.time};
        memcpy(s->jumped, jumped, (size_t)r->d.gas.n_gas * sizeof *jumped);
        return;
    }
    s->length += r->d.time - from;
    if (++s->n <= PATIENCE) {
        return;
    }
    for (int g = 0; g < r->d.gas.n_gas; g++) {
        jumped[g] -= s->jumped[g];
    }
    const double theirs = largest(&r->d.gas, jumped);
    const double allowed = s->length * r->set.change / theirs; // infinite where none fell
    r->coupled = SHORT * s->length < PATIENCE * fmin(hits, allowed);
    s->n = 0;
}

static enum qn_status too_short(const struct qn_replay *r, enum qn_status status, double length,
                                double change)
{
    return status == QN_OK
               ? qn_fail(QN_ERR_PHYSICS, "replay, t %.6g s: a gas changes by %.2g in %.2g s",
                         r->before.plain.time, change, length)
               : status;
}

// length of the next interval, from one of this length that changed the gas so
static double follow(const struct qn_replay *r, double length, double change)
{
    return length * fmin(fmax(0.7 * r->set.change / fmax(change, 1e-12), 0.25), 2.0);
}

// One interval, at most to `end`, shorter until the gas changes little in it. A single jump cannot
// be cut; what it alone moves in the gas is taken as it is. All ranks see the same gas and the same
// status, so they take the same decisions.
static enum qn_status interval(struct qn_replay *r, double end)
{
    const struct drawn was = drawn_of(r);
    const double from = r->d.time;
    qn_direct_keep(&r->d, &r->before);
    for (;;) {
        struct changes c;
        r->length = r->coupled ? fmin(r->length, exposed_length(r)) : r->length;
        const int last = from + r->length > end - 1e-12 * fabs(end);
        const double length = last ? end - from : r->length;
        const enum qn_status status = attempt(r, last ? end : from + length, &c);
        const double cut = r->jumps == was.jumps + 1 ? c.other : c.all;
        if (status == QN_OK && cut < 3.0 * r->set.change) {
            // a piece that ends at an output says little about the interval the gas allows
            const double next = follow(r, length, c.all);
            r->length = length < r->length ? fmax(r->length, next) : next;
            r->syncs++;
            r->together += r->coupled;
            if (!r->coupled && r->set.gas == QN_REPLAY_AUTOMATIC) {
                judge(r, from);
            }
            return QN_OK;
        }
        if (length < 1e-9 * fmax(from, 1.0)) {
            return too_short(r, status, length, cut);
        }
        go_back(r, &was);
        r->repeats++;
        r->length = follow(r, length, cut);
    }
}

enum qn_status qn_replay_run(struct qn_replay *r, double t, int most)
{
    for (int k = 0; r->d.time < t && (most == 0 || k < most); k++) {
        QN_TRY(interval(r, t));
    }
    return QN_OK;
}
