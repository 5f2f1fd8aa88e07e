/// @file
/// Mass-action kinetics with thermodynamic reverse rates, and analytic derivatives.
#include "chem/rates.h"

#include <math.h>
#include <stddef.h>

#include "base/array.h"
#include "base/constants.h"
#include "chem/forms.h"
#include "global.h"

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
    w->amount = qn_alloc(n, sizeof(double));
    w->q = qn_alloc(r, sizeof(double));
    w->q_T = qn_alloc(r, sizeof(double));
    w->q_y = qn_alloc(r * QN_RATES_ON, sizeof(double));
    w->bare = qn_alloc(2 * r, sizeof(double));
    w->heat = qn_alloc(r, sizeof(double));
    w->heat_T = qn_alloc(r, sizeof(double));
}

void qn_rates_free(struct qn_rates *w)
{
    double *const all[] = {w->forward, w->reverse, w->forward_T, w->reverse_T, w->scale,
                           w->c,       w->q,       w->q_T,       w->q_y,       w->bare,
                           w->heat,    w->heat_T,  w->amount};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        qn_free(all[i]);
    }
    *w = (struct qn_rates){0};
}

struct constant {
    double k;    ///< mol, m, s
    double dlnk; ///< d ln k/dT [1/K]
};

// the reaction's own Arrhenius form; Blowers-Masel with the barrier of its heat at T
static struct qn_form bare_form(const struct qn_reaction *q, const struct qn_standard *state,
                                double T)
{
    if (!q->blowers_masel) {
        return qn_form_arrhenius(q->A, q->b, q->Ea, T);
    }
    const double RT = QN_GAS_CONSTANT * T;
    double dH = 0.0, dCp = 0.0, per_dH = 0.0;
    for (int i = 0; i < q->eq.n_net; i++) {
        const struct qn_term *t = &q->eq.net[i];
        dH += t->nu * state[t->species].h_RT * RT;
        dCp += t->nu * state[t->species].cp_R * QN_GAS_CONSTANT;
    }
    const double Ea = qn_form_blowers_masel(q->Ea, q->bond, dH, &per_dH);
    struct qn_form f = qn_form_arrhenius(q->A, q->b, Ea, T);
    f.slope -= per_dH * dCp / RT;
    return f;
}

static struct constant forward_constant(const struct qn_mechanism *m, const struct qn_reaction *q,
                                        const struct qn_standard *state, double T)
{
    struct qn_form f = bare_form(q, state, T);
    if (q->sticking) {
        f = qn_form_sticking(f, q->motz_wise, m->species[q->stick].weight, q->stick_sites, T);
    }
    return (struct constant){f.k, f.slope + f.power / T};
}

static double integer_power(double base, double nu)
{
    if (nu == 1.0) {
        return base;
    }
    if (nu == 2.0) {
        return base * base;
    }
    if (base < 0.0 && nu != rint(nu)) {
        return 0.0; // a trial state below zero
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
        } else if (k < m->n_sites) {
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

// potentials of the phases on the constants of a charge transfer
static void apply_potentials(const struct qn_matter *x, int r, double T, struct qn_rates *w)
{
    const struct qn_reaction *q = &x->mech->reaction[r];
    double work = 0.0;
    for (int p = 0; p < x->mech->n_phases; p++) {
        work += QN_FARADAY * q->carries[p] * x->potential[p];
    }
    const struct qn_form f = qn_form_charge_forward(q->beta, work, T);
    const struct qn_form b = qn_form_charge_reverse(q->beta, work, T);
    w->forward[r] *= f.k;
    w->forward_T[r] += f.slope;
    w->reverse[r] *= b.k;
    w->reverse_T[r] += b.slope;
}

void qn_rates_constants(const struct qn_matter *x, double T, struct qn_rates *w)
{
    if (w->T == T) {
        return;
    }
    const struct qn_mechanism *m = x->mech;
    struct qn_standard state[QN_MAX_SPECIES];
    thermo_of_all(m, T, state);
    for (int r = 0; r < m->n_mass_action; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        const struct constant f = forward_constant(m, q, state, T);
        w->forward[r] = f.k * x->area[q->phase];
        w->forward_T[r] = f.dlnk;
        w->reverse[r] = 0.0;
        w->reverse_T[r] = 0.0;
        if (q->reversible) {
            const struct constant back = reverse_factor(m, q, state, T);
            w->reverse[r] = w->forward[r] * back.k;
            w->reverse_T[r] = f.dlnk + back.dlnk;
        }
        if (q->charged) {
            apply_potentials(x, r, T, w);
        }
    }
    qn_global_constants(m, state, T, w);
    w->T = T;
}

const struct qn_matter *qn_matter_bare(const struct qn_matter *x, const double *y,
                                       struct qn_matter *out)
{
    const struct qn_mechanism *m = x->mech;
    if (!m->n_buried) {
        return x;
    }
    *out = *x;
    for (int k = 0; k < m->n_sites; k++) {
        const struct qn_species *s = &m->species[k];
        if (s->buried) {
            out->area[s->phase] -= s->sites * fmax(y[k], 0.0) / m->phase[s->phase].site_density;
        }
    }
    for (int p = 0; p < m->n_phases; p++) {
        out->area[p] = fmax(out->area[p], 1e-9 * x->area[p]);
    }
    return out;
}

double qn_matter_room(const struct qn_matter *x, int species)
{
    const int p = x->mech->species[species].phase;
    return species < x->mech->n_sites ? x->mech->phase[p].site_density * x->area[p] : 1.0;
}

double qn_rates_forward(const struct qn_mechanism *m, int reaction, double T)
{
    struct qn_standard state[QN_MAX_SPECIES];
    thermo_of_all(m, T, state);
    return forward_constant(m, &m->reaction[reaction], state, T).k;
}

double qn_rates_reverse(const struct qn_mechanism *m, int reaction, double T)
{
    const struct qn_reaction *q = &m->reaction[reaction];
    if (!q->reversible) {
        return 0.0;
    }
    struct qn_standard state[QN_MAX_SPECIES];
    thermo_of_all(m, T, state);
    return forward_constant(m, q, state, T).k * reverse_factor(m, q, state, T).k;
}

double qn_rates_equilibrium(const struct qn_mechanism *m, int reaction, double T)
{
    const struct qn_equation *eq = &m->reaction[reaction].eq;
    double g = 0.0;
    for (int i = 0; i < eq->n_net; i++) {
        const struct qn_thermo *t = &m->species[eq->net[i].species].thermo;
        g += t->model == QN_THERMO_NONE ? (double)NAN : eq->net[i].nu * qn_thermo_state(t, T).g_RT;
    }
    return exp(-g);
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
        double unused = 0.0;
        const double energy =
            d->curved ? qn_form_coverage_energy(d->poly, theta, &unused) : d->E * theta;
        log_factor += d->a * log(10.0) * theta - energy / (QN_GAS_CONSTANT * T);
        factor *= d->m != 0.0 ? pow(fmax(theta, d->m < 0.0 ? 1e-20 : 0.0), d->m) : 1.0;
    }
    return factor * exp(log_factor);
}

// activity of a pure phase, in place of a concentration
static void pure_phase(const struct qn_mechanism *m, int k, double y, struct qn_rates *w)
{
    const double last = 1e-9; // of a solid [mol/kg]
    const double left = y > 0.0 ? y : 0.0;
    const int solid = m->phase[m->species[k].phase].kind == QN_PHASE_SOLID;
    w->amount[k] = left;
    w->c[k] = solid ? left / (left + last) : 1.0;
    w->scale[k] = solid ? last / ((left + last) * (left + last)) : 0.0;
}

void qn_rates_progress(const struct qn_matter *x, const double *y, const double *gas,
                       struct qn_rates *w)
{
    const struct qn_mechanism *m = x->mech;
    for (int k = 0; k < m->n_species; k++) {
        const int surface = k < m->n_surface;
        if (k >= m->n_sites && surface) {
            pure_phase(m, k, y[k], w);
            continue;
        }
        if (surface) {
            w->scale[k] = 1.0 / x->area[m->species[k].phase];
        } else {
            w->scale[k] = gas ? 0.0 : 1.0 / x->pore;
        }
        w->c[k] = surface || !gas ? y[k] * w->scale[k] : gas[k - m->n_surface];
    }
    for (int r = 0; r < m->n_mass_action; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        double forward = w->forward[r] * product(q->order, q->n_order, w->c);
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
    qn_global_progress(m, w);
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
            // below order one the slope is infinite at zero: floored there
            p *= nu * integer_power(nu < 1.0 ? fmax(c[k], 1e-20) : c[k], nu - 1.0);
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
            double E = d->E;
            if (d->curved) {
                (void)qn_form_coverage_energy(d->poly, per * c[k], &E);
            }
            slope += per * (d->a * log(10.0) - E / (QN_GAS_CONSTANT * T));
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
        const double theta = theta_of(m, d->species, c[d->species]);
        double unused = 0.0;
        const double energy =
            d->curved ? qn_form_coverage_energy(d->poly, theta, &unused) : d->E * theta;
        slope += energy / (QN_GAS_CONSTANT * T * T);
    }
    return slope;
}

void qn_rates_derivatives(const struct qn_matter *x, struct qn_rates *w)
{
    const struct qn_mechanism *m = x->mech;
    for (int r = 0; r < m->n_mass_action; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        const double factor = q->n_depends ? coverage_factor(m, q, w->c, w->T) : 1.0;
        for (int s = 0; s < q->n_on; s++) {
            const int k = q->on[s];
            double slope = w->forward[r] * product_slope(q->order, q->n_order, w->c, k);
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
    qn_global_derivatives(m, w);
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
