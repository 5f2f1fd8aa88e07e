/// @file
/// Equations, thermal reactions and impact reactions of a mechanism file.
#include "mechanism_reader.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"

static void add_term(struct qn_reader *r, const struct qn_yaml *node, struct qn_term *terms, int *n,
                     struct qn_term t)
{
    for (int i = 0; i < *n; i++) {
        if (terms[i].species == t.species) {
            terms[i].nu += t.nu;
            return;
        }
    }
    if (*n == QN_MAX_TERMS) {
        qn_reader_fault(r, node, "more than %d species on one side", QN_MAX_TERMS);
        return;
    }
    terms[(*n)++] = t;
}

static void collect_net(struct qn_equation *eq)
{
    eq->n_net = 0;
    for (int side = 0; side < 2; side++) {
        const struct qn_term *from = side ? eq->prod : eq->react;
        const int count = side ? eq->n_prod : eq->n_react;
        for (int i = 0; i < count; i++) {
            const double nu = side ? from[i].nu : -from[i].nu;
            int k = 0;
            while (k < eq->n_net && eq->net[k].species != from[i].species) {
                k++;
            }
            if (k == eq->n_net) {
                eq->net[eq->n_net++] = (struct qn_term){from[i].species, 0.0};
            }
            eq->net[k].nu += nu;
        }
    }
    int kept = 0;
    for (int k = 0; k < eq->n_net; k++) {
        if (eq->net[k].nu != 0.0) {
            eq->net[kept++] = eq->net[k];
        }
    }
    eq->n_net = kept;
}

static void check_balance(struct qn_reader *r, const struct qn_yaml *node,
                          const struct qn_equation *eq)
{
    const struct qn_mechanism *m = r->m;
    for (int e = 0; e < m->n_elements; e++) {
        double sum = 0.0;
        for (int k = 0; k < eq->n_net; k++) {
            sum += eq->net[k].nu * m->species[eq->net[k].species].element[e];
        }
        if (fabs(sum) > 1e-9) {
            qn_reader_fault(r, node, "%s is not balanced: the right side has %+g %s", eq->text, sum,
                            m->element[e]);
        }
    }
    for (int p = 0; p < m->n_phases && m->phase[p].kind == QN_PHASE_SURFACE; p++) {
        double sum = 0.0;
        for (int k = 0; k < eq->n_net; k++) {
            const struct qn_species *s = &m->species[eq->net[k].species];
            sum += s->phase == p ? eq->net[k].nu * s->sites : 0.0;
        }
        if (fabs(sum) > 1e-9) {
            qn_reader_fault(r, node, "%s is not balanced: the right side has %+g sites of %s",
                            eq->text, sum, m->phase[p].name);
        }
    }
}

// "2 H(ni) + O2 <=> ..." into terms; returns 1 for a reversible arrow
static int parse_equation(struct qn_reader *r, const struct qn_yaml *node, struct qn_equation *eq)
{
    char text[160];
    (void)snprintf(eq->text, sizeof eq->text, "%s", node->text ? node->text : "");
    (void)snprintf(text, sizeof text, "%s", eq->text);
    int side = 0;
    int reversible = 0;
    double nu = 1.0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *end = NULL;
        const double number = strtod(word, &end);
        const int k = qn_mechanism_species(r->m, word);
        if (strcmp(word, "+") == 0) {
            continue;
        }
        if (strcmp(word, "=>") == 0 || strcmp(word, "<=>") == 0 || strcmp(word, "=") == 0) {
            side++;
            reversible = word[0] != '=' || word[1] == '\0';
        } else if (k >= 0) {
            add_term(r, node, side ? eq->prod : eq->react, side ? &eq->n_prod : &eq->n_react,
                     (struct qn_term){k, nu});
            nu = 1.0;
        } else if (*end == '\0' && number > 0.0) {
            nu = number;
        } else {
            qn_reader_fault(r, node, "\"%s\" is not a species of this mechanism", word);
        }
    }
    if (side != 1 || eq->n_react == 0 || eq->n_prod == 0) {
        qn_reader_fault(r, node, "\"%s\" is not an equation: A + B => C, or <=> if reversible",
                        eq->text);
    }
    collect_net(eq);
    check_balance(r, node, eq);
    return reversible;
}

// {A, b, Ea} or [A, b, Ea]
static struct qn_yaml *part(struct qn_yaml *rate, const char *key, int index)
{
    if (rate->kind == QN_YAML_MAP) {
        return qn_yaml_get(rate, key);
    }
    return index < rate->count ? rate->child[index] : NULL;
}

// order of the forward rate in gas and in surface species
static void orders(const struct qn_mechanism *m, const struct qn_equation *eq, double *gas,
                   double *surface)
{
    *gas = *surface = 0.0;
    for (int i = 0; i < eq->n_react; i++) {
        *(eq->react[i].species < m->n_surface ? surface : gas) += eq->react[i].nu;
    }
}

static void read_arrhenius(struct qn_reader *r, struct qn_yaml *rate, struct qn_reaction *q)
{
    double gas = 0.0;
    double surface = 0.0;
    orders(r->m, &q->eq, &gas, &surface);
    const double area = r->units.quantity / (r->units.length * r->units.length);
    const double volume = area / r->units.length;
    const double factor =
        q->sticking ? 1.0 : pow(area, 1.0 - surface) * pow(volume, -gas) / r->units.time;
    char si[64];
    (void)snprintf(si, sizeof si, "m%d mol%d s-1", (int)lround(2.0 * surface - 2.0 + 3.0 * gas),
                   (int)lround(1.0 - surface - gas));
    struct qn_yaml *A = part(rate, "A", 0);
    if (!A) {
        qn_reader_fault(r, rate, "a rate needs A, b and Ea");
        return;
    }
    q->A = qn_reader_number(r, A, factor, q->sticking ? "1" : si);
    q->b = qn_reader_number(r, part(rate, "b", 1), 1.0, "1");
    q->Ea = qn_reader_energy(r, part(rate, "Ea", 2));
    if (q->A < 0.0) {
        qn_reader_fault(r, A, "A must not be negative");
    }
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
        } else {
            q->stick_sites *= pow(m->phase[s->phase].site_density, q->eq.react[i].nu);
        }
    }
    if (q->stick < 0) {
        qn_reader_fault(r, node, "a sticking reaction needs a gas reactant");
    }
    struct qn_yaml *named = qn_yaml_get(node, "sticking-species");
    if (named && (!named->text || qn_mechanism_species(m, named->text) != q->stick)) {
        qn_reader_fault(r, named, "the species that sticks is the gas reactant");
    }
    struct qn_yaml *motz = qn_yaml_get(node, "Motz-Wise");
    q->motz_wise = motz && motz->text && strcmp(motz->text, "true") == 0;
}

static void read_depends(struct qn_reader *r, struct qn_yaml *list, struct qn_reaction *q)
{
    if (list->count > QN_MAX_DEPENDS) {
        qn_reader_fault(r, list, "more than %d coverage dependencies", QN_MAX_DEPENDS);
        return;
    }
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *node = list->child[i];
        struct qn_coverage_dependency d = {.species = qn_mechanism_species(r->m, node->key)};
        node->used = 1;
        if (d.species < 0 || d.species >= r->m->n_surface) {
            qn_reader_fault(r, node, "\"%s\" is not a surface species", node->key);
            continue;
        }
        d.a = qn_reader_number(r, part(node, "a", 0), 1.0, "1");
        d.m = qn_reader_number(r, part(node, "m", 1), 1.0, "1");
        d.E = qn_reader_energy(r, part(node, "E", 2));
        q->depends[q->n_depends++] = d;
    }
}

static void add_on(struct qn_reaction *q, int species)
{
    for (int i = 0; i < q->n_on; i++) {
        if (q->on[i] == species) {
            return;
        }
    }
    q->on[q->n_on++] = species;
}

static void collect_on(struct qn_reaction *q)
{
    for (int i = 0; i < q->eq.n_react; i++) {
        add_on(q, q->eq.react[i].species);
    }
    for (int i = 0; q->reversible && i < q->eq.n_prod; i++) {
        add_on(q, q->eq.prod[i].species);
    }
    for (int i = 0; i < q->n_depends; i++) {
        add_on(q, q->depends[i].species);
    }
}

static void skip(struct qn_yaml *node, const char *key)
{
    (void)qn_yaml_get(node, key); // words for people: marked as read
}

static void read_reaction(struct qn_reader *r, struct qn_yaml *node, int phase)
{
    struct qn_mechanism *m = r->m;
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    if (!equation) {
        return;
    }
    struct qn_reaction *q = &m->reaction[m->n_reactions++];
    q->phase = phase;
    q->reversible = parse_equation(r, equation, &q->eq);
    struct qn_yaml *rate = qn_yaml_get(node, "rate-constant");
    struct qn_yaml *stick = qn_yaml_get(node, "sticking-coefficient");
    q->sticking = stick != NULL;
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
    for (int i = 0; q->reversible && i < q->eq.n_net; i++) {
        const struct qn_species *s = &m->species[q->eq.net[i].species];
        if (s->thermo.model == QN_THERMO_NONE) {
            qn_reader_fault(r, equation, "%s is reversible, so %s needs thermo", q->eq.text,
                            s->name);
        }
    }
    collect_on(q);
    skip(node, "id");
    skip(node, "note");
    skip(node, "duplicate");
}

void qn_reader_reactions(struct qn_reader *r, struct qn_yaml *list, int phase)
{
    struct qn_mechanism *m = r->m;
    size_t capacity = (size_t)m->n_reactions;
    qn_grow(&m->reaction, &capacity, (size_t)(m->n_reactions + list->count));
    for (int i = 0; i < list->count; i++) {
        read_reaction(r, list->child[i], phase);
    }
}

void qn_reader_spill(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    size_t capacity = (size_t)m->n_reactions;
    qn_grow(&m->reaction, &capacity, (size_t)(m->n_reactions + list->count));
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *phase = qn_reader_need(r, list->child[i], "phase");
        const int p = phase && phase->text ? qn_mechanism_phase(m, phase->text) : -1;
        if (phase && (p < 0 || m->phase[p].kind != QN_PHASE_SURFACE)) {
            qn_reader_fault(r, phase, "\"%s\" is not a surface phase",
                            phase->text ? phase->text : "");
        } else if (phase) {
            read_reaction(r, list->child[i], p);
        }
    }
}

// the surface an impact reaction belongs to: that of its first surface reactant
static int home(const struct qn_mechanism *m, const struct qn_equation *eq)
{
    for (int i = 0; i < eq->n_react; i++) {
        if (eq->react[i].species < m->n_surface) {
            return m->species[eq->react[i].species].phase;
        }
    }
    return -1;
}

// the earlier impact-yield of that id, counted from 1
static int named_yield(struct qn_reader *r, const struct qn_yaml *id, const struct qn_impact *q)
{
    const struct qn_mechanism *m = r->m;
    for (int i = 0; id->text && &m->impact[i] < q; i++) {
        if (m->impact[i].type == QN_IMPACT_YIELD && strcmp(m->impact[i].id, id->text) == 0) {
            return i + 1;
        }
    }
    qn_reader_fault(r, id, "remainder-of names an impact-yield that stands before, by its id");
    return 0;
}

static void read_impact(struct qn_reader *r, struct qn_yaml *node, struct qn_impact *q)
{
    struct qn_yaml *equation = qn_reader_need(r, node, "equation");
    struct qn_yaml *type = qn_reader_need(r, node, "type");
    struct qn_yaml *rate = qn_reader_need(r, node, "rate");
    const struct qn_yaml *id = qn_yaml_get(node, "id");
    (void)snprintf(q->id, sizeof q->id, "%s", id && id->text ? id->text : "");
    skip(node, "note");
    if (!equation || !type || !type->text || !rate) {
        return;
    }
    if (parse_equation(r, equation, &q->eq)) {
        qn_reader_fault(r, equation, "an impact reaction is irreversible: write =>");
    }
    q->phase = home(r->m, &q->eq);
    if (q->phase < 0) {
        qn_reader_fault(r, equation, "an impact reaction needs a surface reactant");
    }
    if (strcmp(type->text, "impact-yield") == 0) {
        q->type = QN_IMPACT_YIELD;
        q->G = qn_reader_number(r, qn_reader_need(r, rate, "G"), 1.0, "mol/J");
        q->threshold = qn_reader_number(r, qn_yaml_get(rate, "w-th"), 1.0, "J/kg");
        q->formation = qn_reader_energy(r, qn_reader_need(r, rate, "E-form"));
        const struct qn_yaml *other = qn_yaml_get(node, "remainder-of");
        q->remainder_of = other ? named_yield(r, other, q) : 0;
    } else if (strcmp(type->text, "coverage-strip") == 0) {
        q->type = QN_IMPACT_STRIP;
        q->strip = qn_reader_number(r, qn_reader_need(r, rate, "k"), 1.0, "kg/J");
    } else {
        qn_reader_fault(r, type, "type \"%s\" is not supported: impact-yield or coverage-strip",
                        type->text);
    }
}

void qn_reader_impacts(struct qn_reader *r, struct qn_yaml *list)
{
    struct qn_mechanism *m = r->m;
    m->impact = qn_alloc((size_t)list->count, sizeof *m->impact);
    for (int i = 0; i < list->count; i++) {
        read_impact(r, list->child[i], &m->impact[m->n_impacts++]);
    }
}
