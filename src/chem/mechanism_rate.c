/// @file
/// Rate constants of a mechanism file: Arrhenius, Blowers-Masel, sticking, orders, coverages.
#include "mechanism_reader.h"

#include <math.h>
#include <string.h>

struct qn_yaml *qn_reader_part(struct qn_yaml *rate, const char *key, int index)
{
    if (rate->kind == QN_YAML_MAP) {
        return qn_yaml_get(rate, key);
    }
    return index < rate->count ? rate->child[index] : NULL;
}

// order of the forward rate in gas and in surface species; pure phases have none
static void orders(const struct qn_mechanism *m, const struct qn_reaction *q, double *gas,
                   double *surface)
{
    *gas = *surface = 0.0;
    for (int i = 0; i < q->n_order; i++) {
        const int k = q->order[i].species;
        if (k < m->n_sites) {
            *surface += q->order[i].nu;
        } else if (k >= m->n_surface) {
            *gas += q->order[i].nu;
        }
    }
}

// SI unit of A; NULL where an order is no whole number and its unit cannot be written
static const char *unit_of_A(const struct qn_reaction *q, double gas, double surface, char out[64])
{
    if (q->sticking) {
        return "1";
    }
    if (gas != rint(gas) || surface != rint(surface)) {
        return NULL;
    }
    (void)snprintf(out, 64, "m%d mol%d s-1", (int)lround(2.0 * surface - 2.0 + 3.0 * gas),
                   (int)lround(1.0 - surface - gas));
    return out;
}

static void blowers_masel(struct qn_reader *r, struct qn_yaml *rate, struct qn_reaction *q)
{
    struct qn_yaml *barrier = qn_reader_part(rate, "Ea0", 2);
    struct qn_yaml *bond = qn_reader_part(rate, "w", 3);
    if (!barrier || !bond) {
        qn_reader_fault(r, rate, "a Blowers-Masel rate needs A, b, Ea0 and w");
        return;
    }
    q->Ea = qn_reader_energy(r, barrier);
    q->bond = qn_reader_energy(r, bond);
    if (!(q->Ea > 0.0) || !(q->bond > q->Ea)) {
        qn_reader_fault(r, bond, "Blowers-Masel needs 0 < Ea0 < w");
    }
}

static void read_arrhenius(struct qn_reader *r, struct qn_yaml *rate, struct qn_reaction *q)
{
    double gas = 0.0;
    double surface = 0.0;
    char si[64];
    orders(r->m, q, &gas, &surface);
    const double area = r->units.quantity / (r->units.length * r->units.length);
    const double volume = area / r->units.length;
    const double factor =
        q->sticking ? 1.0 : pow(area, 1.0 - surface) * pow(volume, -gas) / r->units.time;
    struct qn_yaml *A = qn_reader_part(rate, "A", 0);
    if (!A) {
        qn_reader_fault(r, rate, "a rate needs A, b and Ea");
        return;
    }
    q->A = qn_reader_number(r, A, factor, unit_of_A(q, gas, surface, si));
    q->b = qn_reader_number(r, qn_reader_part(rate, "b", 1), 1.0, "1");
    if (q->A < 0.0) {
        qn_reader_fault(r, A, "A must not be negative");
    }
    if (q->blowers_masel) {
        blowers_masel(r, rate, q);
    } else {
        q->Ea = qn_reader_energy(r, qn_reader_part(rate, "Ea", 2));
    }
}

static double order_of(const struct qn_reaction *q, const struct qn_term *t)
{
    for (int i = 0; i < q->n_order; i++) {
        if (q->order[i].species == t->species) {
            return q->order[i].nu;
        }
    }
    return 0.0;
}

static void read_sticking(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q)
{
    const struct qn_mechanism *m = r->m;
    q->stick = -1;
    q->stick_sites = 1.0;
    for (int i = 0; i < q->eq.n_react; i++) {
        const struct qn_species *s = &m->species[q->eq.react[i].species];
        if (q->eq.react[i].species >= m->n_surface) {
            const int single = q->stick < 0 && q->eq.react[i].nu == 1.0;
            q->stick = q->eq.react[i].species;
            if (!single) {
                qn_reader_fault(r, node, "a sticking reaction has one molecule of one gas");
            }
        } else if (q->eq.react[i].species < m->n_sites) {
            q->stick_sites *=
                pow(m->phase[s->phase].site_density / s->sites, order_of(q, &q->eq.react[i]));
        }
    }
    if (q->stick < 0) {
        qn_reader_fault(r, node, "a sticking reaction needs a gas reactant");
    }
    struct qn_yaml *named = qn_yaml_get(node, "sticking-species");
    if (named && (!named->text || qn_mechanism_species(m, named->text) != q->stick)) {
        qn_reader_fault(r, named, "the species that sticks is the gas reactant");
    }
    q->motz_wise = qn_reader_flag(r, node, "Motz-Wise", m->phase[q->phase].motz_wise);
}

// one number, or four coefficients of a polynomial without its constant
static void read_shift(struct qn_reader *r, struct qn_yaml *E,
                       struct qn_coverage_dependency *depends)
{
    if (!E || E->kind != QN_YAML_LIST) {
        depends->E = qn_reader_energy(r, E);
        return;
    }
    depends->curved = 1;
    if (E->count != 4) {
        qn_reader_fault(r, E, "E is a number or a list of 4, this has %d", E->count);
        return;
    }
    for (int i = 0; i < 4; i++) {
        depends->poly[i] = qn_reader_energy(r, E->child[i]);
    }
}

static void read_depends(struct qn_reader *r, struct qn_yaml *list, struct qn_reaction *q)
{
    if (list->count > QN_MAX_DEPENDS || list->kind != QN_YAML_MAP) {
        qn_reader_fault(r, list, "at most %d coverage dependencies, each species: {a, m, E}",
                        QN_MAX_DEPENDS);
        return;
    }
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *node = list->child[i];
        struct qn_coverage_dependency d = {.species = qn_mechanism_species(r->m, node->key)};
        node->used = 1;
        if (d.species < 0 || d.species >= r->m->n_sites) {
            qn_reader_fault(r, node, "\"%s\" is not a surface species", node->key);
            continue;
        }
        d.a = qn_reader_number(r, qn_reader_part(node, "a", 0), 1.0, "1");
        d.m = qn_reader_number(r, qn_reader_part(node, "m", 1), 1.0, "1");
        read_shift(r, qn_reader_part(node, "E", 2), &d);
        q->depends[q->n_depends++] = d;
    }
}

// the order of one species, a reactant's changed or another's added
static void set_order(struct qn_reader *r, const struct qn_yaml *node, int others,
                      struct qn_reaction *q)
{
    const int k = qn_mechanism_species(r->m, node->key);
    const double nu = qn_reader_number(r, node, 1.0, "1");
    if (k < 0) {
        qn_reader_fault(r, node, "\"%s\" is not a species of this mechanism", node->key);
        return;
    }
    for (int i = 0; i < q->n_order; i++) {
        if (q->order[i].species == k) {
            q->order[i].nu = nu;
            return;
        }
    }
    if (!others || q->n_order == QN_MAX_TERMS) {
        qn_reader_fault(r, node, "%s is no reactant: its order needs nonreactant-orders: true",
                        node->key);
        return;
    }
    q->order[q->n_order++] = (struct qn_term){k, nu};
}

static void read_orders(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q)
{
    struct qn_yaml *list = qn_yaml_get(node, "orders");
    const int negative = qn_reader_flag(r, node, "negative-orders", 0);
    const int others = qn_reader_flag(r, node, "nonreactant-orders", 0);
    for (int i = 0; i < q->eq.n_react; i++) {
        q->order[q->n_order++] = q->eq.react[i];
    }
    if (list && q->reversible) {
        qn_reader_fault(r, list, "orders need an irreversible reaction: write =>");
    }
    for (int i = 0; list && i < list->count; i++) {
        list->child[i]->used = 1;
        set_order(r, list->child[i], others, q);
    }
    int kept = 0;
    for (int i = 0; i < q->n_order; i++) {
        if (q->order[i].nu < 0.0 && !negative) {
            qn_reader_fault(r, list, "a negative order needs negative-orders: true");
        }
        if (q->order[i].nu != 0.0) {
            q->order[kept++] = q->order[i];
        }
    }
    q->n_order = kept;
}

static void read_type(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q)
{
    static const struct {
        const char *name;
        int blowers_masel, sticking; // sticking -1: either
    } known[] = {{"interface-Arrhenius", 0, 0},
                 {"sticking-Arrhenius", 0, 1},
                 {"Blowers-Masel", 1, -1},
                 {"interface-Blowers-Masel", 1, 0},
                 {"sticking-Blowers-Masel", 1, 1}};
    const struct qn_yaml *type = qn_yaml_get(node, "type");
    for (size_t i = 0; type && type->text && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, type->text) == 0) {
            q->blowers_masel = known[i].blowers_masel;
            if (known[i].sticking >= 0 && known[i].sticking != q->sticking) {
                qn_reader_fault(r, type, "%s does not go with the key of its rate", type->text);
            }
            return;
        }
    }
    if (type) {
        qn_reader_fault(r, type, "rate type \"%s\" is not supported", type->text ? type->text : "");
    }
}

// charge that each phase gains
static void read_charges(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q)
{
    for (int i = 0; i < q->eq.n_net; i++) {
        const struct qn_species *s = &r->m->species[q->eq.net[i].species];
        q->carries[s->phase] += q->eq.net[i].nu * s->charge;
    }
    for (int p = 0; p < r->m->n_phases; p++) {
        q->charged |= fabs(q->carries[p]) > 1e-9;
    }
    struct qn_yaml *beta = qn_yaml_get(node, "beta");
    q->beta = beta ? qn_reader_number(r, beta, 1.0, "1") : 0.5;
    if (beta && !q->charged) {
        qn_reader_fault(r, beta, "beta is for reactions that carry charge between phases");
    }
    if (!(q->beta >= 0.0 && q->beta <= 1.0)) {
        qn_reader_fault(r, beta, "beta lies between 0 and 1");
    }
}

void qn_reader_rate(struct qn_reader *r, struct qn_yaml *node, struct qn_reaction *q)
{
    struct qn_yaml *rate = qn_yaml_get(node, "rate-constant");
    struct qn_yaml *stick = qn_yaml_get(node, "sticking-coefficient");
    q->sticking = stick != NULL;
    read_charges(r, node, q);
    read_type(r, node, q);
    read_orders(r, node, q);
    if (!rate == !stick) {
        qn_reader_fault(r, node, "a reaction has one of rate-constant and sticking-coefficient");
        return;
    }
    read_arrhenius(r, stick ? stick : rate, q);
    if (stick) {
        read_sticking(r, node, q);
    }
    struct qn_yaml *depends = qn_yaml_get(node, "coverage-dependencies");
    if (depends) {
        read_depends(r, depends, q);
    }
}
