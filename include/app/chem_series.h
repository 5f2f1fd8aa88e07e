/// @file
/// Time series of a chemical stage in the run file: gas, coverages, conversion, yield, channels.
#pragma once

#include "app/powder.h"
#include "io/store.h"

enum { QN_SERIES_CLASSES = 4 };

struct qn_chem_series {
    struct qn_store *store;
    const struct qn_powder *powder;
    char span[48]; ///< "/chemistry/bridged"
    int n_classes;
    double mass[QN_SERIES_CLASSES]; ///< of the classes, for means; set by the caller        [kg]
    int time, temperature, pressure, residual;
    int exchanges; ///< gas comes and goes over the run: `added`, `removed`
    int gas[QN_MAX_SPECIES], added[QN_MAX_SPECIES], removed[QN_MAX_SPECIES];
    int coverage[QN_SERIES_CLASSES][QN_MAX_SPECIES];
    int area[QN_SERIES_CLASSES][QN_MAX_PHASES];     ///< of phases with buried sites
    int measure[QN_SERIES_CLASSES][QN_MAX_IMPACTS]; ///< of mechanical reactions that have one
    int conversion, yield, selectivity;
    int observed[QN_MAX_OBSERVATIONS][QN_OBSERVED];
    int doubt[QN_MAX_OBSERVATIONS][QN_OBSERVED]; ///< standard uncertainties; -1: none stated
};

/// Names of the three, in the store and in the summary.
struct qn_merit {
    double
        conversion; ///< CO2 gone from the gas, of what was filled; held carbon counts as gone [-]
    double yield;   ///< CH4 of the carbon filled                              [-]
    double selectivity; ///< CH4 of the carbon in gas products                     [-]
};

/// Begin (or go on with, after a resume) the series of a stage.
void qn_chem_series_begin(struct qn_chem_series *s, struct qn_store *store,
                          const struct qn_powder *powder, const char *span, int n_classes,
                          const char *const *names);

/// One row. @param y  shape [n_classes][n_surface], mean of each class  [mol/kg]
/// @param residual  largest relative change of an element's total
void qn_chem_series_add(const struct qn_chem_series *s, double time, const struct qn_gas *gas,
                        const double *y, double residual);

/// Conversion, yield and selectivity of a gas against what was filled, what went out counted as
/// there.
struct qn_merit qn_chem_merit(const struct qn_powder *powder, const struct qn_gas *gas);

/// What the run has made of gas `g` so far [mol].
double qn_chem_made(const struct qn_powder *powder, const struct qn_gas *gas, int g);

/// Which channel made what: net moles of each reaction by channel, and of each mechanical reaction
/// in the channel of its type.
/// @param reaction  shape [n_reactions][channels]   @param impact  shape [n_impacts]
void qn_chem_channels(const struct qn_chem_series *s, const double *reaction, int channels,
                      const char *const *names, const double *impact);
