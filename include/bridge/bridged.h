/// @file
/// Bridged mode: hours of chemistry from the pulse spectrum of a window of seconds.
///
///     dy_k/dt = cold_k(y_k, gas) + P_k(y_k, gas) + sum_l x_kl (y_l - y_k)/M_k
///     dn/dt   = sum_k M_k (gas made by cold_k and P_k)
///
/// for classes k of powder (coating, loose, ...) that share a closed batch of gas. Cold part and
/// exchange: PETSc TS (a Rosenbrock-W method, analytic Jacobian; options prefix -quern_). Pulse
/// term P (chem pulses over the hits, tens of milliseconds): it follows the state on the scale of
/// minutes, so over one segment each hot extent keeps its rate: elements and sites are kept. At the
/// end of a segment P is evaluated for real; what the held rates missed, times a third of the
/// segment, is the error, is given back when it is within tolerance, and sets the next length;
/// otherwise the segment is repeated shorter. So ten hours cost some hundreds of evaluations of P
/// instead of 0.1/(sum nu phi) steps (9,000). Each class is carried linearly or by the map (see
/// bridge/map.h); one that needs replay is only reported, bridge/replay.h does it. A Jacobian of P
/// by differences, kept up by Broyden's updates, was tried before: it exploded on the spectrum of a
/// real mill. Rates that follow what they use up first were tried, too: twice the segments.
#pragma once

#include "bridge/map.h"
#include "chem/carrier.h"

struct qn_bridged_settings {
    double rtol;    ///< of the pulse term's lag, per segment; absolute: 1e-4 of sites, 1e-5 of gas
    double ts_rtol; ///< of PETSc's steps
    double gate;    ///< rises below this give their dose only [K]
    double carrier[QN_SPECTRUM_CLASSES]; ///< mass of one carrier, for the criterion [kg]
    double end;             ///< no segment passes it; 0: every call of qn_bridged_run is an end [s]
    int threads;            ///< over the hits of a class
    struct qn_group *group; ///< ranks that share the hits of a class; NULL: alone
    enum qn_choice choice;  ///< of the level of each class
    /// Temperature of each class at a time [K]; NULL: they stay at T.
    void (*temperature)(const void *climate, double t, double *T);
    const void *climate; ///< its first argument, borrowed
    double drift;        ///< of any of these temperatures, at most in one segment [K]
    struct qn_flow flow; ///< through the headspace; rate 0: closed
};
struct qn_bridged_settings qn_bridged_defaults(void); ///< 2e-3, 1e-4, 20 K, 1e-6 kg, 1, automatic

struct qn_bridged {
    struct qn_matter matter;
    struct qn_bridged_settings set;
    double T[QN_SPECTRUM_CLASSES]; ///< of the cold part of the segment [K]
    struct qn_gas gas;
    double full; ///< moles of gas at the start, which an outlet at constant pressure keeps
    int n_classes;
    double mass[QN_SPECTRUM_CLASSES];                          ///< [kg]
    double exchange[QN_SPECTRUM_CLASSES][QN_SPECTRUM_CLASSES]; ///< x_kl, symmetric [kg/s]
    double time;                                               ///< [s]
    double *y;                                                 ///< [n_classes * n_surface] [mol/kg]
    struct qn_books books; ///< moles by reaction and channel, impacts, element error
    struct qn_map map[QN_SPECTRUM_CLASSES];
    struct qn_criterion criterion[QN_SPECTRUM_CLASSES]; ///< at the last segment
    int replay;                       ///< a class asks for replay: the caller should go on with it
    int segments, repeats, terms;     ///< counts since the start
    struct qn_bridged_solver *solver; ///< opaque: PETSc objects and arrays
};

/// Start from class states y0 [n_classes * n_surface] at T [K] and a gas; class masses and hits
/// from the spectrum. PETSc must be initialised. Copies everything.
enum qn_status qn_bridged_init(struct qn_bridged *b, const struct qn_matter *matter,
                               const struct qn_gas *gas, const struct qn_spectrum *s,
                               const double *y0, double T,
                               const struct qn_bridged_settings *set) QN_MUST_USE;
void qn_bridged_free(struct qn_bridged *b);

/// Everything that a restart needs to go on with the same bits. Unpack into a freshly initialised
/// one of the same mechanism and spectrum.
size_t qn_bridged_packed(const struct qn_bridged *b);
void qn_bridged_pack(const struct qn_bridged *b, double *flat);
void qn_bridged_unpack(struct qn_bridged *b, const double *flat);

/// Evaluate the pulse term and the criterion at the start and choose levels; done by the first
/// qn_bridged_run if not before.
enum qn_status qn_bridged_judge(struct qn_bridged *b) QN_MUST_USE;

/// Advance to time t [s]. With `set.end`, segments run past t as the curve allows and the state at
/// t lies between two of them: on a straight line, which keeps every conserved sum. Books are those
/// of the last segment.
enum qn_status qn_bridged_run(struct qn_bridged *b, double t) QN_MUST_USE;
