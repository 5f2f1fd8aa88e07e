/// @file
/// Letting inserted bodies fall and come to rest before the mill turns.
///
/// Bodies are inserted at random and touch nothing. Settling steps them under gravity in a vial
/// that stands as its motion has it at t = 0, with no frame acceleration, until their kinetic
/// energy has stayed below a share of m g R for a time; then the clock is set back to zero,
/// contacts stay as they are, and the mill begins. The books go on: what the fall dissipated stays
/// in them.
///
/// The measure is the mean over bodies of v^2/(2 g R), kinetic energy of translation over m g R, so
/// that parcels count as balls do; a ball that spins on its spot rests (without twisting resistance
/// nothing stops it), one that rolls does not. Of a body that falls freely it passes g t^2/(2 R)
/// after a time t: a hold of 10 ms tells rest from the top of a flight (0.2 for R = 2.5 mm). It
/// does not see creep below sqrt(2 x limit x g R).
#pragma once

#include "dem/state.h"

struct qn_settling {
    double most;   ///< time given to the bodies; 0: they do not settle, the mill begins  [s]
    double limit;  ///< of the mean of v^2/(2 g R)                                        [-]
    double hold;   ///< for so long                                                       [s]
    double quiet;  ///< since when it has been below the limit; negative: it is not       [s]
    double energy; ///< as last looked at                                                 [-]
    double time;   ///< it took, once done                                                [s]
    int done;
};

/// The same system with its mill at rest.
struct qn_dem_model qn_settle_model(const struct qn_dem_model *mill);

/// Mean over the bodies of all ranks of v^2/(2 g R), order-free; collective [-].
double qn_settle_energy(const struct qn_dem_model *rest, const struct qn_dem *s);

/// One step at rest, and now and then a look at the energy. When it is done the clock is back at 0.
/// Collective. @param rest  from qn_settle_model
/// @return QN_ERR_PHYSICS when the bodies still move after `most`, or a guard
enum qn_status qn_settle_step(const struct qn_dem_model *rest, struct qn_dem *s,
                              struct qn_settling *settling) QN_MUST_USE;
