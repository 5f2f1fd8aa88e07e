/// @file
/// The coating law in closed form.
#include "model/coating.h"

#include <math.h>
#include <string.h>

#include "base/error.h"

enum {
    HALVINGS = 60,
    MOST_TURNS = 64, ///< of two coatings at their bounds; a linear law makes two or three
};

/// Of its bound: below, a coating counts as this much when its change is judged.
static const double LEAST_SHARE = 0.1;

/// Two eigenvalues of Q beside zero, none positive.
struct modes {
    double fast, slow; ///< [1/s]
};

static struct modes modes_of(const double take[2], const double shed[2])
{
    // Q has -shed on the diagonal of its coatings and -(take sum) on that of the loose powder
    const double trace = shed[0] + shed[1] + take[0] + take[1];
    const double minors = shed[0] * shed[1] + take[0] * shed[1] + take[1] * shed[0];
    const double root = sqrt(fmax(trace * trace - 4.0 * minors, 0.0));
    const double fast = -0.5 * (trace + root);
    return (struct modes){fast, fast < 0.0 ? minors / fast : 0.0};
}

/// (exp(x) - 1)/x, and its derivative.
static double phi(double x)
{
    return fabs(x) < 1e-8 ? 1.0 + 0.5 * x : expm1(x) / x;
}

static double phi_slope(double x)
{
    return fabs(x) < 1e-3 ? 0.5 + x / 3.0 + x * x / 8.0 : (exp(x) - phi(x)) / x;
}

/// Q m, what each gains per second.
static void gains(const double take[2], const double shed[2], const double *m, double *out)
{
    out[QN_LOOSE_POWDER] = 0.0;
    for (int b = 0; b < 2; b++) {
        out[b] = take[b] * m[QN_LOOSE_POWDER] - shed[b] * m[b];
        out[QN_LOOSE_POWDER] -= out[b];
    }
}

/// exp(Q t) m by Newton's form on the eigenvalues 0, slow, fast.
static void step(const double take[2], const double shed[2], double t, double m[QN_COATINGS])
{
    double q[QN_COATINGS], qq[QN_COATINGS];
    const struct modes k = modes_of(take, shed);
    const double x = k.slow * t, y = k.fast * t;
    const double first = phi(x) * t;
    const double apart = y - x;
    const double second =
        (fabs(apart) < 1e-6 ? phi_slope(0.5 * (x + y)) : (phi(y) - phi(x)) / apart) * t * t;
    gains(take, shed, m, q);
    gains(take, shed, q, qq);
    for (int c = 0; c < QN_COATINGS; c++) {
        m[c] += first * q[c] + second * (qq[c] - k.slow * q[c]);
    }
}

/// A free coating is above its bound, or a held one sheds more than it takes.
static int turns(const struct qn_coating_law *law, const int held[2], const double *m)
{
    double q[QN_COATINGS];
    gains(law->take, law->shed, m, q);
    for (int b = 0; b < 2; b++) {
        if (held[b] ? q[b] < 0.0 : m[b] > law->most[b]) {
            return 1;
        }
    }
    return 0;
}

/// Up to `left`, or to where a bound begins or ends to hold; returns the time that took.
static double stretch(const struct qn_coating_law *law, double left, double m[QN_COATINGS])
{
    double take[2], shed[2], q[QN_COATINGS], to[QN_COATINGS];
    double low = 0.0, high = left;
    int held[2];
    gains(law->take, law->shed, m, q);
    for (int b = 0; b < 2; b++) {
        held[b] = m[b] >= law->most[b] && q[b] >= 0.0;
        take[b] = held[b] ? 0.0 : law->take[b];
        shed[b] = held[b] ? 0.0 : law->shed[b];
    }
    memcpy(to, m, sizeof to);
    step(take, shed, left, to);
    for (int k = 0; k < HALVINGS && turns(law, held, to); k++) {
        const double mid = 0.5 * (low + high);
        double there[QN_COATINGS];
        memcpy(there, m, sizeof there);
        step(take, shed, mid, there);
        *(turns(law, held, there) ? &high : &low) = mid;
    }
    memcpy(to, m, sizeof to);
    step(take, shed, high, to);
    for (int b = 0; b < 2; b++) { // at the bound, to the bit
        const double over = held[b] ? 0.0 : fmax(to[b] - law->most[b], 0.0);
        to[QN_LOOSE_POWDER] += over;
        to[b] = over > 0.0 ? law->most[b] : to[b];
    }
    memcpy(m, to, sizeof to);
    return high;
}

void qn_coating_advance(const struct qn_coating_law *law, double t, double m[QN_COATINGS])
{
    double left = t;
    for (int k = 0; k < MOST_TURNS && left > 0.0; k++) {
        left -= stretch(law, left, m);
    }
    QN_ASSERT(!(left > 0.0));
}

double qn_coating_time(const struct qn_coating_law *law)
{
    const struct modes k = modes_of(law->take, law->shed);
    const double slow = k.slow < 0.0 ? k.slow : k.fast;
    return slow < 0.0 ? -1.0 / slow : (double)INFINITY;
}

double qn_coating_moved(double was, double is, double most)
{
    const double gap = fabs(is - was);
    return gap > 0.0 ? gap / fmax(was, LEAST_SHARE * most) : 0.0;
}

static double largest_change(const struct qn_coating_law *law, const double m[QN_COATINGS],
                             double t)
{
    double then[QN_COATINGS], most = 0.0;
    memcpy(then, m, sizeof then);
    qn_coating_advance(law, t, then);
    for (int b = 0; b < 2; b++) {
        most = fmax(most, qn_coating_moved(m[b], then[b], law->most[b]));
    }
    return most;
}

double qn_coating_until(const struct qn_coating_law *law, const double m[QN_COATINGS], double share,
                        double until)
{
    enum { PARTS = 200 };
    double low = 0.0, high = 0.0;
    for (int k = 1; k <= PARTS && high == 0.0; k++) { // a change may come and go
        const double t = until * pow((double)k / PARTS, 3);
        if (largest_change(law, m, t) > share) {
            high = t;
        } else {
            low = t;
        }
    }
    for (int k = 0; k < HALVINGS && high > 0.0; k++) {
        const double mid = 0.5 * (low + high);
        *(largest_change(law, m, mid) > share ? &high : &low) = mid;
    }
    return high > 0.0 ? high : until;
}
