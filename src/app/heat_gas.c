/// @file
/// Gas and bodies of a window.
#include "app/heat_gas.h"

#include <math.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/exposing.h"
#include "base/array.h"
#include "base/constants.h"
#include "model/charge.h"
#include "model/gas_bath.h"
#include "model/heat.h"

enum { STEPS = 256 }; ///< of the trapezoidal rule over a window

/// Capacity of the gas as filled. That it is diatomic tells no more than its own lag of a second.
static double capacity(const struct qn_deck *d, const struct qn_deck_derived *derived)
{
    double moles = 0.0;
    for (int k = 0; k < d->chemistry.n_fill; k++) {
        moles += qn_gas_moles(d->chemistry.fill[k].pressure, derived->free_volume,
                              d->chemistry.fill_temperature);
    }
    return 2.5 * QN_GAS_CONSTANT * moles;
}

/// Balls, then the wall; returns how many that are.
static int media(const struct qn_deck *d, const struct qn_window *w,
                 const struct qn_deck_derived *derived, double *link)
{
    const struct qn_deck_heat *h = &d->heat;
    double all = 0.0;
    int at = 0;
    for (int g = 0; g < d->balls.n_groups; g++) {
        const double size = d->balls.group[g].diameter;
        for (int64_t k = 0; k < d->balls.group[g].count; k++, at++) {
            const double root = w->bodies[at].stir;
            const double reynolds = root * root * size / h->gas_viscosity;
            link[at] = qn_heat_sphere_gas(size, h->gas_conductivity, reynolds, h->gas_prandtl);
            all += link[at];
        }
    }
    link[at++] = all / derived->ball_area * derived->vial_area;
    return at;
}

/// Parcels, or the reserve of carried powder.
static void powder(const struct qn_deck *d, double *link)
{
    const struct qn_deck_heat *h = &d->heat;
    if (d->run.window_powder == QN_POWDER_PARCELS) {
        for (int g = 0; g < d->run.n_parcel_groups; g++) {
            const struct qn_deck_size *size = &d->run.parcel_group[g];
            for (int64_t k = 0; k < size->count; k++) {
                *link++ =
                    qn_heat_sphere_gas(size->diameter, h->gas_conductivity, 0.0, h->gas_prandtl);
            }
        }
    } else if (h->grain > 0.0) {
        struct qn_carriers c;
        qn_carriers_init(d, d->run.window_powder, &c);
        for (int k = c.loose; k < c.n; k++) {
            const double one =
                qn_heat_sphere_gas(h->grain, h->gas_conductivity, 0.0, h->gas_prandtl);
            const double grain =
                d->material[d->powder.material].density * qn_sphere_volume(h->grain);
            *link++ = c.mass[k] / grain * one;
        }
        qn_carriers_free(&c);
    }
}

void qn_gas_links_init(const struct qn_deck *deck, const struct qn_window *w,
                       struct qn_gas_links *out)
{
    struct qn_deck_derived derived;
    memset(out, 0, sizeof *out);
    if (deck->heat.balance != QN_HEAT_COMPUTED || !(deck->heat.gas_conductivity > 0.0)) {
        return;
    }
    qn_deck_derive(deck, &derived);
    out->n = (int)w->n_bodies;
    out->body = qn_alloc((size_t)out->n, sizeof *out->body);
    out->capacity = capacity(deck, &derived);
    const int done = media(deck, w, &derived, out->body);
    if (deck->powder.material >= 0) {
        powder(deck, out->body + done);
    }
}

void qn_gas_links_free(struct qn_gas_links *links)
{
    qn_free(links->body);
    *links = (struct qn_gas_links){0};
}

void qn_heat_gas_results(const struct qn_deck *deck, const struct qn_window *w,
                         struct qn_store *store)
{
    struct qn_gas_links links;
    qn_gas_links_init(deck, w, &links);
    if (links.n == 0) {
        return;
    }
    const size_t n = (size_t)links.n;
    double *capacities = qn_alloc(4 * n, sizeof *capacities), *power = capacities + n;
    double *rise = power + n, *given = rise + n;
    for (size_t k = 0; k < n; k++) {
        capacities[k] = w->bodies[k].capacity;
        power[k] = w->bodies[k].heat / w->span;
    }
    const struct qn_gas_bath bath = {links.n, capacities, power, links.body, links.capacity};
    const double gas = qn_gas_bath_run(&bath, w->span, STEPS, rise, given);
    qn_store_row(store, "/heat/window/bodies/gas_link", links.body, n, "W K-1", "to the gas");
    qn_store_row(store, "/heat/window/bodies/rise_in_gas", rise, n, "K",
                 "of temperature over the window with the gas, at the mean power of each body");
    qn_store_row(store, "/heat/window/bodies/to_gas", given, n, "J",
                 "given to the gas in the window");
    qn_store_number(store, "/heat/window/gas/rise", gas, "K",
                    "of the gas's temperature over the window");
    qn_store_number(store, "/heat/window/gas/heat", gas * links.capacity, "J",
                    "the gas has taken up; the wall is held");
    qn_free(capacities);
    qn_gas_links_free(&links);
}
