/// @file
/// The window's joint spectrum of pulses: what the matter of each class went through, per second.
///
/// Per class and pulse kind, 32 bins in log dT (3 to 3000 K; rises outside go to the end bins),
/// and for dose-only exposures (QN_PULSE_NONE) 32 bins in log dose (1e1 to 1e8 J/kg). A bin keeps
/// the exposed mass and mass-weighted moments, three of dT; it is read back as two pulses at mean
/// +- standard deviation of dT, half of the mass each, with the bin's mean durations and stresses,
/// dose and work of sliding in proportion to dT. dT is above the carrier's temperature, so a
/// spectrum does not age with it. Statistics: for each of a few activation energies, W = mass x
/// Arrhenius dose summed with its square (N_eff) and by pieces of time of at least a cycle of the
/// mill, which are put together to blocks for intervals in log-t (joint study, section 3) and show
/// how long the mill remembers. All members are plain sums: spectra of ranks add up (base/sums.h);
/// pack/unpack carry them through files.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/sums.h"
#include "exposure/exposure.h"

enum {
    QN_SPECTRUM_CLASSES = 4,
    QN_SPECTRUM_BINS = 32,
    QN_SPECTRUM_ENERGIES = 4,
    QN_SPECTRUM_PIECES = 512, ///< even: when they are full, two become one
};

/// Sums of one bin; m stands for mass-weighted.
struct qn_spectrum_bin {
    double hits;                         ///< exposures
    double mass;                         ///< [kg]
    double energy;                       ///< [J]
    double dT, dT2;                      ///< m [kg K], [kg K2]
    double dose, pressure, shear;        ///< m [kg J/kg], [kg Pa], [kg Pa]
    double t_c, cool, t_cut, kept, sink; ///< m [kg s] x 3, [kg] x 2
    double lead, lead_share;             ///< m [kg s], [kg]
    double slip;                         ///< m [kg J/kg]
};

struct qn_spectrum_class {
    double mass; ///< powder of this class                                       [kg]
    double fano; ///< variance over mean of hits per carrier and block of the window (1: Poisson)
    struct qn_spectrum_bin bin[QN_PULSE_KINDS][QN_SPECTRUM_BINS];
    double W[QN_SPECTRUM_ENERGIES];  ///< sum of weights            [kg s]
    double W2[QN_SPECTRUM_ENERGIES]; ///< sum of their squares
    /// by piece of time: weights [kg s], and in the last row the energy taken up [J]
    double piece[QN_SPECTRUM_ENERGIES + 1][QN_SPECTRUM_PIECES];
};

struct qn_spectrum {
    double begin, span; ///< window                                             [s]
    double T0;          ///< carrier temperature used for the weights            [K]
    int n_energies;
    double energy[QN_SPECTRUM_ENERGIES]; ///< activation energies of the weights [J/mol]
    double cycle;                        ///< of the mill; 0: none is known  [s]
    double length;                       ///< of a piece                     [s]
    int n_classes;
    struct qn_spectrum_class cls[QN_SPECTRUM_CLASSES];
};

/// What a spectrum is of.
struct qn_spectrum_window {
    double begin; ///< [s]
    double span;  ///< [s]
    double cycle; ///< of the mill, the shortest piece; 0: a 512th of the span [s]
    double T0;    ///< carrier temperature used for the weights   [K]
    int n_classes;
    const double *mass; ///< powder of each class, shape [n_classes]   [kg]
    int n_energies;
    const double *energy; ///< activation energies, shape [n_energies] [J/mol]
};

/// Empty spectrum of a window.
void qn_spectrum_init(struct qn_spectrum *s, const struct qn_spectrum_window *window);

/// Bin of an exposure among those of its pulse kind.
int qn_spectrum_bin_of(const struct qn_exposure *x);

/// Count one exposure of class `cls`, through order-free sums that cover `s` (NULL: into the
/// doubles).
void qn_spectrum_count(struct qn_spectrum *s, int cls, const struct qn_exposure *x,
                       struct qn_sums *sums);

/// The same into the doubles: for spectra of one list.
static inline void qn_spectrum_add(struct qn_spectrum *s, int cls, const struct qn_exposure *x)
{
    qn_spectrum_count(s, cls, x, NULL);
}

/// Put pieces of time together until one is `length` long, that of another spectrum of the same
/// window [s]: spectra add up once their pieces are of one length.
void qn_spectrum_coarsen(struct qn_spectrum *s, double length, struct qn_sums *sums);

/// Number of independent hits that carry the rate, (sum W)^2/sum W^2, of energy index e.
double qn_spectrum_n_eff(const struct qn_spectrum *s, int cls, int e);

/// Why there is no interval.
enum qn_interval_lack {
    QN_INTERVAL_THERE,
    QN_INTERVAL_FEW_HITS, ///< N_eff below 100, or a block without any
    QN_INTERVAL_SHORT,    ///< the window is shorter than eight blocks
};

/// Mean rate of weight W per mass, its 95 % interval in log-t over 8 to 20 blocks, each of at least
/// 25 cycles and 5 correlation times. The correlation time is the integrated one of the weights by
/// piece, or of the energy if that is longer: (1/2 + sum of autocorrelations) pieces, summed to
/// five times itself (Sokal 1997); an exponential memory gives its decay time.
struct qn_interval {
    double mean;      ///< hot time per second at the cold rate [-]
    double low, high; ///< NAN when there is none
    double n_eff;
    double rel_error;   ///< standard error over mean, by blocks, without them 1/sqrt(N_eff)
    double correlation; ///< [s]
    int blocks;         ///< 0: none
    double needed;      ///< window at which both conditions would hold              [s]
    enum qn_interval_lack lack;
};

/// Why there is no interval and how long a window would have one, in words; "" when there is one.
enum { QN_INTERVAL_TEXT = 160 };
const char *qn_interval_words(const struct qn_interval *i, char text[QN_INTERVAL_TEXT]);

struct qn_interval qn_spectrum_interval(const struct qn_spectrum *s, int cls, int e);

/// Slope d ln W/d ln(energy scale) at energy index e, by scaling all rises by 1 %.
double qn_spectrum_slope(const struct qn_spectrum *s, int cls, int e);

/// One representative hit of a class.
struct qn_hit {
    struct qn_pulse pulse;
    double dose;     ///< [J/kg]
    double pressure; ///< [Pa]
    double shear;    ///< [Pa]
    double slip;     ///< [J/kg]
    double rate;     ///< nu phi: share of the class's mass that meets it per second [1/s]
    double mass;     ///< mean exposed mass of one hit                              [kg]
    double hits;     ///< hits it stands for in the window
};
enum { QN_SPECTRUM_HITS = 2 * QN_PULSE_KINDS * QN_SPECTRUM_BINS };

/// Representative hits of a class, in fixed order. @param[out] out  shape [QN_SPECTRUM_HITS]
/// @return how many
int qn_spectrum_hits(const struct qn_spectrum *s, int cls, struct qn_hit *out);

/// Flat form for files: doubles in this order: version 4, n_classes, kinds, bins, energies, pieces,
/// begin, span, T0, n_energies, cycle, length, energy[QN_SPECTRUM_ENERGIES]; then per class mass,
/// fano, bin[kind][bin] x 16 members in declared order, W, W2, piece[energy + 1][piece].
size_t qn_spectrum_packed(const struct qn_spectrum *s); ///< doubles needed
void qn_spectrum_pack(const struct qn_spectrum *s, double *flat);
/// @return 0 when the array is not a spectrum of this version and shape
int qn_spectrum_unpack(struct qn_spectrum *s, const double *flat, size_t count);
