/// @file
/// The discrete-element engine, as the rest of the house calls it.
///
///     struct qn_dem s = {0};
///     qn_dem_init(&model, &s, n_threads);
///     qn_dem_join(&s, &group);                                  // only with more than one rank
///     qn_dem_add(&model, &s, species, radius, x, v, spin);      // any number, ids 0, 1, ...
///     QN_TRY(qn_dem_start(&model, &s));
///     for (...) {
///         QN_TRY(qn_dem_step(&model, &s));
///         qn_dem_drain(&s, &events, &n);                        // after every step
///     }
///     qn_dem_free(&s);
///
/// In a group of ranks every rank adds all bodies; starting divides them. From then on start, step,
/// flush, hash and everything that reads totals is collective: all ranks call it, and all return
/// the same status. Results do not depend on the number of ranks.
#pragma once

#include "dem/state.h"

void qn_dem_init(const struct qn_dem_model *m, struct qn_dem *s, int n_threads);
void qn_dem_free(struct qn_dem *s);

/// Share the bodies with a group of ranks; before any body is added. Borrows the group.
void qn_dem_join(struct qn_dem *s, struct qn_group *group);

/// Append a body; returns its id. Only before qn_dem_start.
int64_t qn_dem_add(const struct qn_dem_model *m, struct qn_dem *s, int species, double radius,
                   const double x[3], const double v[3], const double spin[3]);

/// Take the given velocities as those at t = 0 and step the clock to the first contacts.
enum qn_status qn_dem_start(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;

/// Give each rank its bodies and make the lists; qn_dem_start and unpacking call it.
enum qn_status qn_dem_divide(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;

/// One step of dt. A guard (NaN, lost body, overlap) fails with id, time, place and speed.
enum qn_status qn_dem_step(const struct qn_dem_model *m, struct qn_dem *s) QN_MUST_USE;

/// Episodes that this rank writes, finished since the last drain, ordered by end time and ids;
/// borrowed until the next. Not collective.
void qn_dem_drain(struct qn_dem *s, const struct qn_episode **events, size_t *count);

/// Time of the positions [s].
static inline double qn_dem_time(const struct qn_dem_model *m, const struct qn_dem *s)
{
    return m->dt * (double)s->step;
}

/// Digest of positions, velocities, spins and open contact histories in id order.
uint64_t qn_dem_hash(const struct qn_dem *s);

/// Close every open contact as an episode with QN_OPEN_END, e.g. at the end of a window.
void qn_dem_flush(const struct qn_dem_model *m, struct qn_dem *s);
