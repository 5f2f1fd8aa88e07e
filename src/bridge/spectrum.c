/// @file
/// Accumulates, reads back and packs pulse spectra.
#include "bridge/spectrum.h"

#include <math.h>
#include <string.h>

#include "base/error.h"
#include "exposure/hotspot.h"

static const double RISE_LOW = 3.0; // [K]; smaller rises act linearly, one bin holds them
static const double RISE_HIGH = 3000.0;
static const double DOSE_LOW = 1e1; // [J/kg]
static const double DOSE_HIGH = 1e8;
enum { BIN_MEMBERS = 16, HEAD = 12, HEADER = HEAD + QN_SPECTRUM_ENERGIES, VERSION = 4 };
_Static_assert(sizeof(struct qn_spectrum_bin) == BIN_MEMBERS * sizeof(double), "packed as doubles");

void qn_spectrum_init(struct qn_spectrum *s, const struct qn_spectrum_window *window)
{
    QN_ASSERT(window->n_classes > 0 && window->n_classes <= QN_SPECTRUM_CLASSES);
    QN_ASSERT(window->n_energies >= 0 && window->n_energies <= QN_SPECTRUM_ENERGIES);
    memset(s, 0, sizeof *s);
    s->begin = window->begin;
    s->span = window->span;
    s->T0 = window->T0;
    s->n_classes = window->n_classes;
    s->n_energies = window->n_energies;
    s->cycle = window->cycle;
    s->length = window->cycle > 0.0 ? window->cycle : window->span / QN_SPECTRUM_PIECES;
    for (int c = 0; c < s->n_classes; c++) {
        s->cls[c].mass = window->mass[c];
        s->cls[c].fano = 1.0;
    }
    for (int e = 0; e < s->n_energies; e++) {
        s->energy[e] = window->energy[e];
    }
}

static int bin_of(double x, double low, double high)
{
    if (!(x > low)) {
        return 0;
    }
    const int b = (int)(QN_SPECTRUM_BINS * log(x / low) / log(high / low));
    return b < QN_SPECTRUM_BINS ? b : QN_SPECTRUM_BINS - 1;
}

int qn_spectrum_bin_of(const struct qn_exposure *x)
{
    return x->pulse.kind == QN_PULSE_NONE ? bin_of(x->dose, DOSE_LOW, DOSE_HIGH)
                                          : bin_of(x->pulse.dT, RISE_LOW, RISE_HIGH);
}

/// Rises below this are warming of the bulk, not hot spots: they carry no Arrhenius weight [K].
static const double WARMING = 10.0;

static void add_weights(const struct qn_spectrum *s, struct qn_spectrum_class *c,
                        const struct qn_exposure *x, int piece, struct qn_sums *sums)
{
    double dose[QN_SPECTRUM_ENERGIES];
    if (x->pulse.dT < WARMING) {
        return;
    }
    qn_pulse_weights(&x->pulse, s->T0, s->n_energies, s->energy, dose);
    for (int e = 0; e < s->n_energies; e++) {
        const double W = x->mass * dose[e];
        qn_sums_add(sums, &c->W[e], W);
        qn_sums_add(sums, &c->W2[e], W * W);
        qn_sums_add(sums, &c->piece[e][piece], W);
    }
}

// two pieces of time become one, those of the sums or of the doubles
static void halve(double *piece, const struct qn_sums *sums)
{
    enum { HALF = QN_SPECTRUM_PIECES / 2 };
    for (int k = 0; k < HALF; k++) {
        if (sums) {
            struct qn_wide_sum *sum = qn_sums_at(sums, piece);
            sum[k] = sum[2 * k];
            qn_wide_merge(&sum[k], &sum[2 * k + 1]);
        } else {
            piece[k] = piece[2 * k] + piece[2 * k + 1];
        }
    }
    if (sums) {
        memset(qn_sums_at(sums, piece + HALF), 0, HALF * sizeof *sums->sum);
    } else {
        memset(piece + HALF, 0, HALF * sizeof *piece);
    }
}

void qn_spectrum_coarsen(struct qn_spectrum *s, double length, struct qn_sums *sums)
{
    while (s->length < length) {
        for (int c = 0; c < s->n_classes; c++) {
            for (int e = 0; e <= QN_SPECTRUM_ENERGIES; e++) {
                halve(s->cls[c].piece[e], sums);
            }
        }
        s->length *= 2.0;
    }
}

static int piece_of(struct qn_spectrum *s, double time, struct qn_sums *sums)
{
    const double since = fmax(time - s->begin, 0.0);
    while (since >= s->length * QN_SPECTRUM_PIECES) {
        qn_spectrum_coarsen(s, 2.0 * s->length, sums);
    }
    return (int)(since / s->length);
}

static void add_to_bin(struct qn_spectrum_bin *b, const struct qn_exposure *x, struct qn_sums *sums)
{
    const struct qn_pulse *p = &x->pulse;
    const double m = x->mass;
    qn_sums_add(sums, &b->hits, 1.0);
    qn_sums_add(sums, &b->mass, m);
    qn_sums_add(sums, &b->energy, x->energy);
    qn_sums_add(sums, &b->dT, m * p->dT);
    qn_sums_add(sums, &b->dT2, m * p->dT * p->dT);
    qn_sums_add(sums, &b->dose, m * x->dose);
    qn_sums_add(sums, &b->pressure, m * x->pressure);
    qn_sums_add(sums, &b->shear, m * x->shear);
    qn_sums_add(sums, &b->t_c, m * p->t_c);
    qn_sums_add(sums, &b->cool, m * p->cool);
    qn_sums_add(sums, &b->t_cut, m * p->t_cut);
    qn_sums_add(sums, &b->kept, m * p->kept);
    qn_sums_add(sums, &b->sink, m * p->sink);
    qn_sums_add(sums, &b->lead, m * p->lead);
    qn_sums_add(sums, &b->lead_share, m * p->lead_share);
    qn_sums_add(sums, &b->slip, m * x->slip);
}

void qn_spectrum_count(struct qn_spectrum *s, int cls, const struct qn_exposure *x,
                       struct qn_sums *sums)
{
    QN_ASSERT(cls >= 0 && cls < s->n_classes);
    struct qn_spectrum_class *c = &s->cls[cls];
    add_to_bin(&c->bin[x->pulse.kind][qn_spectrum_bin_of(x)], x, sums);
    const int piece = piece_of(s, x->time, sums);
    qn_sums_add(sums, &c->piece[QN_SPECTRUM_ENERGIES][piece], x->energy);
    add_weights(s, c, x, piece, sums);
}

double qn_spectrum_n_eff(const struct qn_spectrum *s, int cls, int e)
{
    const struct qn_spectrum_class *c = &s->cls[cls];
    return c->W2[e] > 0.0 ? c->W[e] * c->W[e] / c->W2[e] : 0.0;
}

// the bin's pulse at `side` (-1, +1) standard deviations of dT
static struct qn_hit hit_of(const struct qn_spectrum_bin *b, enum qn_pulse_kind kind, double side)
{
    const double m = b->mass;
    const double mean = b->dT / m;
    const double sd = sqrt(fmax(b->dT2 / m - mean * mean, 0.0));
    const double dT = fmax(mean + side * sd, 0.0);
    const double scale = mean > 0.0 ? dT / mean : 1.0;
    return (struct qn_hit){
        .pulse = {.kind = kind,
                  .dT = dT,
                  .t_c = b->t_c / m,
                  .cool = b->cool / m,
                  .t_cut = b->t_cut / m,
                  .kept = b->kept / m,
                  .sink = b->sink / m,
                  .lead = b->lead / m,
                  .lead_share = b->lead_share / m},
        .dose = b->dose / m * scale,
        .pressure = b->pressure / m,
        .shear = b->shear / m,
        .slip = b->slip / m * scale,
        .mass = m / b->hits,
    };
}

int qn_spectrum_hits(const struct qn_spectrum *s, int cls, struct qn_hit *out)
{
    const struct qn_spectrum_class *c = &s->cls[cls];
    int n = 0;
    for (int kind = 0; kind < QN_PULSE_KINDS; kind++) {
        for (int b = 0; b < QN_SPECTRUM_BINS; b++) {
            const struct qn_spectrum_bin *bin = &c->bin[kind][b];
            if (!(bin->mass > 0.0)) {
                continue;
            }
            const int one = kind == QN_PULSE_NONE || bin->hits < 2.0;
            const int count = one ? 1 : 2;
            for (int k = 0; k < count; k++) {
                out[n] = hit_of(bin, (enum qn_pulse_kind)kind, one ? 0.0 : 2.0 * k - 1.0);
                out[n].rate = bin->mass / (count * s->span * c->mass);
                out[n].hits = bin->hits / count;
                n++;
            }
        }
    }
    return n;
}

static double weight_of(const struct qn_spectrum *s, int cls, int e, double scale)
{
    struct qn_hit hits[QN_SPECTRUM_HITS];
    const int n = qn_spectrum_hits(s, cls, hits);
    double sum = 0.0;
    for (int k = 0; k < n; k++) {
        hits[k].pulse.dT *= scale;
        sum += hits[k].rate * qn_pulse_dose(&hits[k].pulse, s->T0, s->energy[e]);
    }
    return sum;
}

double qn_spectrum_slope(const struct qn_spectrum *s, int cls, int e)
{
    const double up = weight_of(s, cls, e, 1.01);
    const double down = weight_of(s, cls, e, 1.0 / 1.01);
    return up > 0.0 && down > 0.0 ? log(up / down) / (2.0 * log(1.01)) : 0.0;
}

static size_t class_doubles(void)
{
    return 2 + (size_t)QN_PULSE_KINDS * QN_SPECTRUM_BINS * BIN_MEMBERS +
           2 * (size_t)QN_SPECTRUM_ENERGIES +
           (QN_SPECTRUM_ENERGIES + 1) * (size_t)QN_SPECTRUM_PIECES;
}
_Static_assert(sizeof(struct qn_spectrum_class) ==
                   sizeof(double) *
                       (2 + QN_PULSE_KINDS * QN_SPECTRUM_BINS * BIN_MEMBERS +
                        2 * QN_SPECTRUM_ENERGIES + (QN_SPECTRUM_ENERGIES + 1) * QN_SPECTRUM_PIECES),
               "a class is packed as it stands");

size_t qn_spectrum_packed(const struct qn_spectrum *s)
{
    return HEADER + (size_t)s->n_classes * class_doubles();
}

void qn_spectrum_pack(const struct qn_spectrum *s, double *flat)
{
    const double head[HEAD] = {VERSION,
                               s->n_classes,
                               QN_PULSE_KINDS,
                               QN_SPECTRUM_BINS,
                               QN_SPECTRUM_ENERGIES,
                               QN_SPECTRUM_PIECES,
                               s->begin,
                               s->span,
                               s->T0,
                               s->n_energies,
                               s->cycle,
                               s->length};
    memcpy(flat, head, sizeof head);
    memcpy(flat + HEAD, s->energy, sizeof s->energy);
    memcpy(flat + HEADER, s->cls, (size_t)s->n_classes * sizeof *s->cls);
}

int qn_spectrum_unpack(struct qn_spectrum *s, const double *flat, size_t count)
{
    const double shape[5] = {VERSION, 0, QN_PULSE_KINDS, QN_SPECTRUM_BINS, QN_SPECTRUM_ENERGIES};
    memset(s, 0, sizeof *s);
    if (count < HEADER) {
        return 0;
    }
    for (int i = 0; i < 5; i++) {
        if (i != 1 && flat[i] != shape[i]) {
            return 0;
        }
    }
    const int in_range = flat[1] >= 1.0 && flat[1] <= QN_SPECTRUM_CLASSES &&
                         flat[5] == QN_SPECTRUM_PIECES && flat[9] >= 0.0 &&
                         flat[9] <= QN_SPECTRUM_ENERGIES && flat[11] > 0.0;
    if (!in_range || count != HEADER + (size_t)flat[1] * class_doubles()) {
        return 0;
    }
    s->n_classes = (int)flat[1];
    s->begin = flat[6];
    s->span = flat[7];
    s->T0 = flat[8];
    s->n_energies = (int)flat[9];
    s->cycle = flat[10];
    s->length = flat[11];
    memcpy(s->energy, flat + HEAD, sizeof s->energy);
    memcpy(s->cls, flat + HEADER, (size_t)s->n_classes * sizeof *s->cls);
    return 1;
}
