/// @file
/// Mass-action kinetics with thermodynamic reverse rates, and analytic derivatives.
#include "chem/rates.h"

#include <math.h>
#include <stddef.h>

#include "base/array.h"
#include "base/constants.h"

void qn_rates_init(struct qn_rates *w, const struct qn_mechanism *m)
{
    const size_t n = (size_t)m->n_species;
    const size_t r = (size_t)m->n_reactions;
    *w = (struct qn_rates){.T = -1.0, .T_heat = -1.0};
    w->forward = qn_alloc(r, sizeof(double));
    w->reverse = qn_alloc(r, sizeof(double));
    w->forward_T = qn_alloc(r, sizeof(double));
    w->reverse_T = qn_alloc(r, sizeof(double));
    w->scale = qn_alloc(n, sizeof(double));
    w->c = qn_alloc(n, sizeof(double));
    w->q = qn_alloc(r, sizeof(double));
    w->q_T = qn_alloc(r, sizeof(double));
    w->q_y = qn_alloc(r * QN_RATES_ON, sizeof(double));
    w->bare = qn_alloc(2 * r, sizeof(double));
    w->heat = qn_alloc(r, sizeof(double));
    w->heat_T = qn_alloc(r, sizeof(double));
}

void qn_rates_free(struct qn_rates *w)
{
    double *const all[] = {w->forward, w->reverse, w->forward_T, w->reverse_T, w->scale, w->c,
                           w->q,       w->q_T,     w->q_y,       w->bare,      w->heat,  w->heat_T};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        qn_free(all[i]);
    }
    *w = (struct qn_rates){0};
}

struct constant {
    double k;    ///< mol, m, s
    double dlnk; ///< d ln k/dT [1/K]
};

static struct constant forward_constant(const struct qn_mechanism *m, const struct qn_reaction *q,
                                        double T)
{
    const double RT = QN_GAS_CONSTANT * T;
    double power = q->b;
    double k = q->A * exp(-q->Ea / RT);
    if (q->b != 0.0) {
        k *= pow(T, q->b);
    }
    double slope = q->Ea / (RT * T);
    if (q->sticking) {
        // Motz-Wise divides by 1 - gamma/2; its slope follows gamma
        const double gain = q->motz_wise ? 1.0 / (1.0 - 0.5 * k) : 1.0;
        slope *= gain;
        power = power * gain + 0.5;
        const double flux = sqrt(RT / (2.0 * QN_PI * m->species[q->stick].weight));
        k *= gain * flux / q->stick_sites;
    }
    return (struct constant){k, slope + power / T};
}

static double integer_power(double base, double nu)
{
    if (nu == 1.0) {
        return base;
    }
    if (nu == 2.0) {
        return base * base;
    }
    return pow(base, nu);
}

// 1/Kc and the slope of its logarithm
static struct constant reverse_factor(const struct qn_mechanism *m, const struct qn_reaction *q,
                                      const struct qn_standard *state, double T)
{
    double g = 0.0;
    double slope = 0.0;
    double standard = 1.0;
    for (int i = 0; i < q->eq.n_net; i++) {
        const int k = q->eq.net[i].species;
        const struct qn_species *s = &m->species[k];
        const double nu = q->eq.net[i].nu;
        g += nu * state[k].g_RT;
        slope -= nu * state[k].h_RT / T; // d(g/RT)/dT = -h/RT^2
        if (k >= m->n_surface) {
            standard *= integer_power(s->thermo.p_ref / (QN_GAS_CONSTANT * T), -nu);
            slope += nu / T;
        } else {
            standard *= integer_power(m->phase[s->phase].site_density / s->sites, -nu);
        }
    }
    return (struct constant){exp(g) * standard, slope};
}

static void thermo_of_all(const struct qn_mechanism *m, double T, struct qn_standard *state)
{
    for (int k = 0; k < m->n_species; k++) {
        state[k] = qn_thermo_state(&m->species[k].thermo, T);
    }
}

void qn_rates_constants(const struct qn_matter *x, double T, struct qn_rates *w)
{
    if (w->T == T) {
        return;
    }
    const struct qn_mechanism *m = x->mech;
    struct qn_standard state[QN_MAX_SPECIES];
    thermo_of_all(m, T, state);
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        const struct constant f = forward_constant(m, q, T);
        w->forward[r] = f.k * x->area[q->phase];
        w->forward_T[r] = f.dlnk;
        w->reverse[r] = 0.0;
        w->reverse_T[r] = 0.0;
        if (q->reversible) {
            const struct constant back = reverse_factor(m, q, state, T);
            w->reverse[r] = w->forward[r] * back.k;
            w->reverse_T[r] = f.dlnk + back.dlnk;
        }
    }
    w->T = T;
}

double qn_rates_forward(const struct qn_mechanism *m, int reaction, double T)
{
    return forward_constant(m, &m->reaction[reaction], T).k;
}

double qn_rates_reverse(const struct qn_mechanism *m, int reaction, double T)
{
    const struct qn_reaction *q = &m->reaction[reaction];
    if (!q->reversible) {
        return 0.0;
    }
    struct qn_standard state[QN_MAX_SPECIES];
    thermo_of_all(m, T, state);
    return forward_constant(m, q, T).k * reverse_factor(m, q, state, T).k;
}

static double product(const struct qn_term *terms, int n, const double *c)
{
    double p = 1.0;
    for (int i = 0; i < n; i++) {
        p *= integer_power(c[terms[i].species], terms[i].nu);
    }
    return p;
}

static double theta_of(const struct qn_mechanism *m, int k, double c)
{
    return c * m->species[k].sites / m->phase[m->species[k].phase].site_density;
}

// factor of the coverages on both directions
static double coverage_factor(const struct qn_mechanism *m, const struct qn_reaction *q,
                              const double *c, double T)
{
    double log_factor = 0.0;
    double factor = 1.0;
    for (int i = 0; i < q->n_depends; i++) {
        const struct qn_coverage_dependency *d = &q->depends[i];
        const double theta = theta_of(m, d->species, c[d->species]);
        log_factor += d->a * log(10.0) * theta - d->E * theta / (QN_GAS_CONSTANT * T);
        factor *= d->m != 0.0 ? pow(fmax(theta, 0.0), d->m) : 1.0;
    }
    return factor * exp(log_factor);
}

void qn_rates_progress(const struct qn_matter *x, const double *y, const double *gas,
                       struct qn_rates *w)
{
    const struct qn_mechanism *m = x->mech;
    for (int k = 0; k < m->n_species; k++) {
        const int surface = k < m->n_surface;
        if (surface) {
            w->scale[k] = 1.0 / x->area[m->species[k].phase];
        } else {
            w->scale[k] = gas ? 0.0 : 1.0 / x->pore;
        }
        w->c[k] = surface || !gas ? y[k] * w->scale[k] : gas[k - m->n_surface];
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        double forward = w->forward[r] * product(q->eq.react, q->eq.n_react, w->c);
        double reverse =
            q->reversible ? w->reverse[r] * product(q->eq.prod, q->eq.n_prod, w->c) : 0.0;
        if (q->n_depends) {
            const double factor = coverage_factor(m, q, w->c, w->T);
            forward *= factor;
            reverse *= factor;
        }
        w->bare[2 * r] = forward;
        w->bare[2 * r + 1] = reverse;
        w->q[r] = forward - reverse;
    }
}

// d/dc of the product of one side with respect to species k
static double product_slope(const struct qn_term *terms, int n, const double *c, int k)
{
    double p = 1.0;
    int found = 0;
    for (int i = 0; i < n; i++) {
        const double nu = terms[i].nu;
        if (terms[i].species != k) {
            p *= integer_power(c[terms[i].species], nu);
        } else if (nu != 1.0) {
            p *= nu * integer_power(c[k], nu - 1.0);
            found = 1;
        } else {
            found = 1;
        }
    }
    return found ? p : 0.0;
}

// d ln(factor)/dc of the coverages and d ln(factor)/dT
static double depend_slope(const struct qn_mechanism *m, const struct qn_reaction *q,
                           const double *c, double T, int k)
{
    double slope = 0.0;
    for (int i = 0; i < q->n_depends; i++) {
        const struct qn_coverage_dependency *d = &q->depends[i];
        if (d->species == k) {
            const double per = theta_of(m, k, 1.0);
            slope += per * (d->a * log(10.0) - d->E / (QN_GAS_CONSTANT * T));
            slope += d->m != 0.0 && c[k] > 0.0 ? d->m / c[k] : 0.0;
        }
    }
    return slope;
}

static double depend_heat(const struct qn_mechanism *m, const struct qn_reaction *q,
                          const double *c, double T)
{
    double slope = 0.0;
    for (int i = 0; i < q->n_depends; i++) {
        const struct qn_coverage_dependency *d = &q->depends[i];
        slope += d->E * theta_of(m, d->species, c[d->species]) / (QN_GAS_CONSTANT * T * T);
    }
    return slope;
}

void qn_rates_derivatives(const struct qn_matter *x, struct qn_rates *w)
{
    const struct qn_mechanism *m = x->mech;
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        const double factor = q->n_depends ? coverage_factor(m, q, w->c, w->T) : 1.0;
        for (int s = 0; s < q->n_on; s++) {
            const int k = q->on[s];
            double slope = w->forward[r] * product_slope(q->eq.react, q->eq.n_react, w->c, k);
            if (q->reversible) {
                slope -= w->reverse[r] * product_slope(q->eq.prod, q->eq.n_prod, w->c, k);
            }
            slope *= factor;
            if (q->n_depends) {
                slope += w->q[r] * depend_slope(m, q, w->c, w->T, k);
            }
            w->q_y[r * QN_RATES_ON + s] = slope * w->scale[k];
        }
        w->q_T[r] = w->bare[2 * r] * w->forward_T[r] - w->bare[2 * r + 1] * w->reverse_T[r];
        if (q->n_depends) {
            w->q_T[r] += w->q[r] * depend_heat(m, q, w->c, w->T);
        }
    }
}

void qn_rates_production(const struct qn_mechanism *m, const double *per, double *dy)
{
    for (int k = 0; k < m->n_species; k++) {
        dy[k] = 0.0;
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        for (int i = 0; i < eq->n_net; i++) {
            dy[eq->net[i].species] += eq->net[i].nu * per[r];
        }
    }
}

void qn_rates_heats(const struct qn_mechanism *m, double T, struct qn_rates *w)
{
    double h[QN_MAX_SPECIES], cp[QN_MAX_SPECIES];
    if (w->T_heat == T) {
        return;
    }
    for (int k = 0; k < m->n_species; k++) {
        h[k] = qn_thermo_enthalpy(&m->species[k].thermo, T, &cp[k]);
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_equation *eq = &m->reaction[r].eq;
        double heat = 0.0, slope = 0.0;
        int known = 1;
        for (int i = 0; i < eq->n_net; i++) {
            const int k = eq->net[i].species;
            known &= m->species[k].thermo.model != QN_THERMO_NONE;
            heat -= eq->net[i].nu * h[k];
            slope -= eq->net[i].nu * cp[k];
        }
        w->heat[r] = known ? heat : 0.0;
        w->heat_T[r] = known ? slope : 0.0;
    }
    w->T_heat = T;
}
