/// @file
/// Many carriers under one gas that they all change, as one stiff system: cost linear in carriers.
///
///     dy_k/dt = S q(y_k, c; T_k, areas_k)          each carrier k: surface species [mol/kg]
///     dc/dt   = sum_k (m_k/V) S_gas q(y_k, c; ...) the gas they share              [mol/m3]
///
/// RODAS4 with the exact Jacobian over all of it. The matrix is an arrow: a small block of each
/// carrier, the gas at the tip. Each block is eliminated by itself and the gas through its Schur
/// complement, (I/(h g) - sum (m_k/V) (J_cc + J_ck W_k)) x_c = b_c + sum (m_k/V) J_ck z_k with
/// W_k = A_k^-1 J_kc, z_k = A_k^-1 b_k; then x_k = z_k + W_k x_c. So a step costs the same for
/// every carrier, and carriers may differ in state, area, temperature and mass. Measured: 2.6
/// to 2.9 us a carrier and step from 1e4 to 1e6 carriers, 0.9 in cache, 4.3 kB each
/// (tests/bench/bench-chem.log; 0.4 kB more with books).
/// Extents of the reactions are kept beside, by the same method, for callers with books.
/// Carriers go in blocks of QN_COUPLED_BLOCK, several side by side in vector lanes. A block is
/// added up in a fixed order, blocks in an order-free sum (base/wide_sum.h), and the error is the
/// largest of any carrier's and the gas's own norm, so that the same bits come out on any ranks,
/// threads and lanes. A step that leaves anything below zero is taken again shorter; elements and
/// sites are kept to round-off by projection (chem/project.h), and the gas takes what the carriers
/// gave.
/// Why not PETSc: measured at equal error on unlike carriers (tests/bench/bench-petsc.log), one TS
/// over all, with the same elimination by its LU, is linear, too, but takes 9 to 11 times as long
/// from 64 to 1024 carriers (6 us a carrier and step against 0.8 to 1, and more steps, its usable
/// Rosenbrock methods being of order 3), 4 times even were its rates free. Blocks of 256 carriers,
/// a TS each, that exchange their gas take 23 times as long at 512 carriers and miss an error of
/// 1e-3 with 512 exchanges in 0.1 s at 1024: to each block the gas is stiff. And TSROSW gives a
/// domain function increments for states, so nothing there keeps coverages positive. PETSc stays
/// where it is cheap and open to options: in the hours of a few classes (src/bridge/solver.c).
/// When to use it: all carriers share one step, so transients that come at different times add up
/// (610 unlike carriers: 925 steps for their first 10 us, where each alone takes some hundred for a
/// second). Where a gas may be frozen for a while, chem/batch.h with steps of each carrier's own is
/// cheaper; direct mode does that, and replay until its gas proves stiff. Where much surface meets
/// little gas, a frozen gas swings and must be exchanged every few milliseconds; then this is
/// cheaper by far (130 carriers in test_replay_gas: 48 intervals for 6,570), and replay takes it.
#pragma once

#include "chem/gas.h"
#include "chem/pulse.h"
#include "par/group.h"

/// Small, so that a few hundred carriers still go to several ranks; the blocks' sums are 2 % of a
/// step.
enum { QN_COUPLED_BLOCK = 64 };

struct qn_coupled_carrier {
    const struct qn_matter *matter; ///< borrowed
    double T;                       ///< [K]
    double mass;                    ///< [kg]
    double *y;                      ///< [n_surface], changed in place               [mol/kg]
};

/// What a run did.
struct qn_coupled_count {
    int steps, rejects;
    int64_t factored; ///< carrier blocks that were factored here
    size_t bytes;     ///< of memory here: all that grows with the carriers
};

struct qn_coupled;

/// Can it carry this mechanism? As qn_batch_fits at rest, with at most 16 gases.
int qn_coupled_fits(const struct qn_mechanism *m);

/// @param books  1: extents are kept, too
/// @param group  ranks that share the carriers; NULL: alone. Borrowed
struct qn_coupled *qn_coupled_new(const struct qn_mechanism *m, int threads, int books,
                                  struct qn_group *group);
void qn_coupled_free(struct qn_coupled *c);

/// First of `n` carriers that belongs to `rank` (0 ... ranks; n for `ranks`): whole blocks.
int qn_coupled_first(int n, int ranks, int rank);

/// Carriers [first, first + count) of `n` are this rank's: whole blocks.
void qn_coupled_share(int n, const struct qn_group *group, int *first, int *count);

/// Advance all carriers and the gas by dt. Collective; each rank gives its own carriers, the gas is
/// the same on all.
/// @param n  carriers here, as qn_coupled_share has it
/// @param[in,out] gas  moles are updated
/// @return QN_ERR_PHYSICS when the step size collapses or max_steps is passed
enum qn_status qn_coupled_run(struct qn_coupled *c, const struct qn_pulse_settings *set,
                              const struct qn_coupled_carrier *x, int n, double dt,
                              struct qn_gas *gas, struct qn_coupled_count *count) QN_MUST_USE;

/// Net extents of the last run over the carriers of all ranks, shape [n_reactions] [mol]; the same
/// on all ranks. Needs books.
const double *qn_coupled_extents(const struct qn_coupled *c);

/// What carrier k here gave to the gas in the last run, shape [n_gas] [mol/kg].
void qn_coupled_given(const struct qn_coupled *c, int k, double *out);
