/// @file
/// Temperatures over the hours: a window's powers and conductances as a network of lumps (balls of
/// each group, wall, loose powder, gas) that loses heat from the wall to the ambient.
///
/// Coatings are as warm as what they lie on: each class of powder has its own temperature, that on
/// balls of several groups their mean by powder. The gas's
/// conductances are those of app/heat_gas.h.
/// Left out: radiation, heat of reaction, the change of the gas's conductivity as it reacts, powers
/// that follow the temperature.
#pragma once

#include "app/window_data.h"
#include "model/heat_network.h"

/// A zeroed one is held: its temperatures must not be asked then.
struct qn_climate {
    int computed;
    struct qn_heat_network net;
    int n_groups;                 ///< lumps 0 .. n_groups - 1 are balls
    int wall, powder, gas;        ///< lumps; -1: none of it
    double share[QN_HEAT_NODES];  ///< of the powder's mass on each lump                [-]
    double begin;                 ///< of the network's time, before the hours           [s]
    double source[QN_HEAT_NODES]; ///< while it is milled                               [W]
    struct qn_heat_book before;   ///< of the stages before                             [J]
    int holds;                    ///< some stage is not milled
    double offset;                ///< of the time qn_climate_of is asked for           [s]
    int lump_of_class[QN_SPECTRUM_CLASSES]; ///< -1: the groups of balls
    struct qn_store *store;                 ///< borrowed, of the series below
    int time, heat, series[QN_HEAT_NODES];
};

/// From the deck and its window; zeroed when the deck holds the temperatures.
void qn_climate_init(const struct qn_deck *deck, const struct qn_window *w, struct qn_climate *c);

/// From `t` into the hours on it is milled, or not: then only what links the lumps goes on, at the
/// conductances of milling (an assumption).
void qn_climate_stage(struct qn_climate *c, double t, int milled);

/// From `t` into the hours on another window is in force, of a deck whose powder lies elsewhere:
/// its powers, conductances and capacities. Powder that moved took its heat along.
void qn_climate_window(struct qn_climate *c, double t, const struct qn_deck *deck,
                       const struct qn_window *w, int milled);

/// Temperatures `t` into the hours [K]: mean over the powder by mass, each class of it, the gas.
double qn_climate_powder(const struct qn_climate *c, double t);
void qn_climate_classes(const struct qn_climate *c, double t, double T[QN_SPECTRUM_CLASSES]);
double qn_climate_gas(const struct qn_climate *c, double t);

/// Temperatures of all lumps `t` into a direct span [K]; milling began with the span.
/// @return that of the gas
double qn_climate_direct(const struct qn_climate *c, double t, double T[QN_HEAT_NODES]);

/// qn_climate_classes as a function of a plain pointer, for qn_bridged_settings; t is that of a
/// stage.
void qn_climate_of(const void *climate, double t, double *T);

/// Time until which no class's temperature moves by more than `change` from what it is at t, at
/// most `until` [s].
double qn_climate_until(const struct qn_climate *c, double t, double until, double change);

/// The lowest temperature that any powder has from the beginning of the milling on [K].
double qn_climate_coldest(const struct qn_climate *c);

/// Series /heat/hours/...: temperature of each lump, heat in, stored and out.
void qn_climate_series(struct qn_climate *c, struct qn_store *store);
void qn_climate_row(const struct qn_climate *c, double t);

/// Residual of the book of heat at time t, over what went in [-].
double qn_climate_residual(const struct qn_climate *c, double t);

/// Name of a lump: "balls_1", ..., "wall", "powder", "gas".
void qn_climate_name(const struct qn_climate *c, int lump, char name[24]);
