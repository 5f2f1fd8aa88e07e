/// @file
/// The window's joint spectrum of pulses: what the matter of each class went through, per second.
///
/// Per class and pulse kind, 32 bins in log dT (3 to 3000 K; rises outside go to the end bins),
/// and for dose-only exposures (QN_PULSE_NONE) 32 bins in log dose (1e1 to 1e8 J/kg). A bin keeps
/// the exposed mass and mass-weighted moments, three of dT; it is read back as two pulses at mean
/// +- standard deviation of dT, half of the mass each, with the bin's mean durations, pressure and
/// dose in proportion to dT. dT is above the carrier's temperature, so a spectrum does not age with
/// it. Statistics: for each of a few activation energies, W = mass x Arrhenius dose summed with its
/// square (N_eff) and by block of time (intervals in log-t).
/// All members are plain sums: spectra of ranks add up; pack/unpack carry them through files.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "exposure/exposure.h"

enum {
    QN_SPECTRUM_CLASSES = 4,
    QN_SPECTRUM_BINS = 32,
    QN_SPECTRUM_ENERGIES = 4,
    QN_SPECTRUM_BLOCKS = 64,
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
};

struct qn_spectrum_class {
    double mass; ///< powder of this class                                       [kg]
    double fano; ///< variance over mean of hits per carrier (1: Poisson)
    struct qn_spectrum_bin bin[QN_PULSE_KINDS][QN_SPECTRUM_BINS];
    double W[QN_SPECTRUM_ENERGIES];                         ///< sum of weights            [kg s]
    double W2[QN_SPECTRUM_ENERGIES];                        ///< sum of their squares
    double block[QN_SPECTRUM_ENERGIES][QN_SPECTRUM_BLOCKS]; ///< weights by block of time [kg s]
};

struct qn_spectrum {
    double begin, span; ///< window                                             [s]
    double T0;          ///< carrier temperature used for the weights            [K]
    int n_energies;
    double energy[QN_SPECTRUM_ENERGIES]; ///< activation energies of the weights [J/mol]
    int n_blocks; ///< blocks the window is cut into, at most QN_SPECTRUM_BLOCKS
    int n_classes;
    struct qn_spectrum_class cls[QN_SPECTRUM_CLASSES];
};

/// What a spectrum is of.
struct qn_spectrum_window {
    double begin; ///< [s]
    double span;  ///< it will be this long; blocks are cut from it [s]
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

/// Count one exposure of class `cls`.
void qn_spectrum_add(struct qn_spectrum *s, int cls, const struct qn_exposure *x);

/// Number of independent hits that carry the rate, (sum W)^2/sum W^2, of energy index e.
double qn_spectrum_n_eff(const struct qn_spectrum *s, int cls, int e);

/// Mean rate of weight W per mass, its 95 % interval in log-t over the blocks.
struct qn_interval {
    double mean;      ///< hot time per second at the cold rate [-]
    double low, high; ///< NAN when N_eff < 100, a block is empty, or fewer than 8 blocks
    double n_eff;
    double rel_error; ///< standard error over mean
};
struct qn_interval qn_spectrum_interval(const struct qn_spectrum *s, int cls, int e);

/// Slope d ln W/d ln(energy scale) at energy index e, by scaling all rises by 1 %.
double qn_spectrum_slope(const struct qn_spectrum *s, int cls, int e);

/// One representative hit of a class.
struct qn_hit {
    struct qn_pulse pulse;
    double dose;     ///< [J/kg]
    double pressure; ///< [Pa]
    double rate;     ///< nu phi: share of the class's mass that meets it per second [1/s]
    double mass;     ///< mean exposed mass of one hit                              [kg]
    double hits;     ///< hits it stands for in the window
};
enum { QN_SPECTRUM_HITS = 2 * QN_PULSE_KINDS * QN_SPECTRUM_BINS };

/// Representative hits of a class, in fixed order. @param[out] out  shape [QN_SPECTRUM_HITS]
/// @return how many
int qn_spectrum_hits(const struct qn_spectrum *s, int cls, struct qn_hit *out);

/// Flat form for files: doubles in this order: version 2, n_classes, kinds, bins, energies, blocks,
/// begin, span, T0, n_energies, n_blocks, energy[QN_SPECTRUM_ENERGIES]; then per class mass, fano,
/// bin[kind][bin] x 15 members in declared order, W, W2, block[energy][block].
size_t qn_spectrum_packed(const struct qn_spectrum *s); ///< doubles needed
void qn_spectrum_pack(const struct qn_spectrum *s, double *flat);
/// @return 0 when the array is not a spectrum of this version and shape
int qn_spectrum_unpack(struct qn_spectrum *s, const double *flat, size_t count);
