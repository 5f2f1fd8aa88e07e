/// @file
/// When classes of powder may be lumped, and what bursts of hits change (joint study, section 2.7).
#pragma once

/// ((1 - p)/p) k tau: below 0.01 powder of which a share `p` is hit mixes fast enough to count as
/// one class within 1 %; the rate falls to about 1/(1 + this).
/// @param p    share of the powder that is hit, in (0, 1]                                  [-]
/// @param k    rate as if all powder were hit alike                                      [1/s]
/// @param tau  mixing time: hit powder leaves at (1 - p)/tau, other powder comes at p/tau  [s]
double qn_mixing_number(double p, double k, double tau);

/// Factor of the rate nu eps of hits that come with variance over mean `fano` in the time a carrier
/// takes to mix: 1 + (1 - F) eps/2; 1 for Poisson hits. First order in eps (0.2 % at eps 0.05 and
/// F 0, 0.7 % at F 3). @param eps  share of what is left that a hit converts  [-]
double qn_burst_factor(double fano, double eps);

/// Powder moved between classes, all of it by way of class `pool` (loose powder): what lost mass
/// gave it with its own composition, what gained took of the pool after that. Moles are kept to
/// round-off when the masses are.
/// @param y  shape [n][ns], contents of each class, changed                          [mol/kg]
void qn_mix_moved(int n, int pool, const double *before, const double *after, int ns, double *y);
