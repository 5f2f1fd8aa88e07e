/// @file
/// Global rate laws of methanation: pure functions of temperature and partial pressures.
///
/// A law is one file law_<author>.c with its own constants, a name in the list below and test
/// numbers in tests/physics_laws.c. Rates are net, in mol/(s kg of the law's catalyst); pressures
/// in bar, in the order of the law's species. A pressure that a law divides by is taken as 1e-8 bar
/// at least. Outside its fitted range a law is an extrapolation: `T_low`, `T_high` say where it was
/// fitted (both 0: no source at hand says), nothing stops at them.
#pragma once

enum { QN_LAW_SPECIES = 5, QN_LAW_REACTIONS = 3 };

struct qn_law {
    const char *name;
    const char *source;
    double T_low, T_high; ///< range of the fit; 0: not known                        [K]
    int n_species;
    const char *species[QN_LAW_SPECIES];
    int n_reactions;
    const char *equation[QN_LAW_REACTIONS];
    /// @param p  shape [n_species] [bar]
    /// @param K  equilibrium constants of the reactions from the thermo of the gases, shape
    ///           [n_reactions] [bar^dn]; a law with constants of its own does not look at them
    /// @param[out] rate  shape [n_reactions] [mol/(kg s)]
    void (*rates)(double T, const double *p, const double *K, double *rate);
};

/// Koschany, Schlereth & Hinrichsen, Appl. Catal. B 2016, 181, 504: LHHW and power law, Ni-Al.
/// p of H2, CO2, CH4, H2O.
void qn_law_koschany_lhhw(double T, const double *p, const double *K, double *rate);
void qn_law_koschany_power(double T, const double *p, const double *K, double *rate);

/// Champon et al., J. CO2 Util. 2019, 34, 256, Ni/Al2O3: CO2 methanation, reversed shift, CO
/// methanation. p of H2, CO2, CO, CH4, H2O.
void qn_law_champon(double T, const double *p, const double *K, double *rate);

/// Xu & Froment, AIChE J. 1989, 35, 88, Ni/MgAl2O4, reforming direction: CH4 + H2O, shift,
/// CH4 + 2 H2O. p of H2, CO2, CO, CH4, H2O.
void qn_law_xu_froment(double T, const double *p, const double *K, double *rate);

/// All laws; the last has no name.
extern const struct qn_law qn_laws[];

/// Law by name, or NULL.
const struct qn_law *qn_law_find(const char *name);

/// p, or the least pressure a law divides by [bar].
static inline double qn_law_floor(double p)
{
    return p > 1e-8 ? p : 1e-8;
}
