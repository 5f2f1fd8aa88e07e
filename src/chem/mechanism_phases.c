/// @file
/// Phases and species of a mechanism file.
#include "mechanism_reader.h"

#include <math.h>
#include <string.h>

// atomic weights of IUPAC 2021, abridged [g/mol]
static const struct {
    const char *name;
    double weight;
} ELEMENT[] = {{"E", 5.48579909065e-4}, {"H", 1.008},   {"He", 4.0026}, {"B", 10.81},
               {"C", 12.011},           {"N", 14.007},  {"O", 15.999},  {"Na", 22.990},
               {"Mg", 24.305},          {"Al", 26.982}, {"Si", 28.085}, {"S", 32.06},
               {"Cl", 35.45},           {"Ar", 39.95},  {"K", 39.098},  {"Ca", 40.078},
               {"Ti", 47.867},          {"Cr", 51.996}, {"Mn", 54.938}, {"Fe", 55.845},
               {"Co", 58.933},          {"Ni", 58.693}, {"Cu", 63.546}, {"Zr", 91.224},
               {"Ru", 101.07},          {"Rh", 102.91}, {"Pd", 106.42}, {"La", 138.91},
               {"Ce", 140.12},          {"Ir", 192.22}, {"Pt", 195.08}};

static double atomic_weight(const char *name)
{
    for (size_t i = 0; i < sizeof ELEMENT / sizeof *ELEMENT; i++) {
        if (strcmp(ELEMENT[i].name, name) == 0) {
            return 1e-3 * ELEMENT[i].weight;
        }
    }
    return 0.0;
}

static int element_of(struct qn_reader *r, const struct qn_yaml *node)
{
    struct qn_mechanism *m = r->m;
    for (int e = 0; e < m->n_elements; e++) {
        if (strcmp(m->element[e], node->key) == 0) {
            return e;
        }
    }
    if (atomic_weight(node->key) == 0.0 || m->n_elements == QN_MAX_ELEMENTS) {
        qn_reader_fault(r, node, "\"%s\" is not an element known here", node->key);
        return -1;
    }
    (void)snprintf(m->element[m->n_elements], sizeof *m->element, "%.3s", node->key);
    return m->n_elements++;
}

static void read_composition(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s)
{
    struct qn_yaml *composition = qn_reader_need(r, node, "composition");
    for (int i = 0; composition && i < composition->count; i++) {
        struct qn_yaml *atom = composition->child[i];
        atom->used = 1;
        const int e = element_of(r, atom);
        if (e < 0) {
            continue;
        }
        s->element[e] = qn_reader_number(r, atom, 1.0, "1");
        s->weight += s->element[e] * atomic_weight(atom->key);
        if (strcmp(atom->key, "E") == 0) {
            s->charge = -s->element[e];
        } else if (!(s->element[e] >= 0.0)) {
            qn_reader_fault(r, atom, "a species has no fewer than 0 atoms of an element");
        }
    }
}

static void read_species(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s)
{
    const struct qn_mechanism_units before = qn_reader_scope(r, node);
    read_composition(r, node, s);
    struct qn_yaml *sites = qn_yaml_get(node, "sites");
    s->sites = sites ? qn_reader_number(r, sites, 1.0, "1") : 1.0;
    if (!(s->sites > 0.0)) {
        qn_reader_fault(r, sites ? sites : node, "sites must be positive");
    }
    s->buried = qn_reader_flag(r, node, "buried", 0);
    if (s->buried && r->m->phase[s->phase].kind != QN_PHASE_SURFACE) {
        qn_reader_fault(r, node, "%s is buried, so it belongs to a surface", s->name);
    }
    r->m->n_buried += s->buried;
    struct qn_yaml *thermo = qn_yaml_get(node, "thermo");
    if (thermo) {
        qn_reader_thermo(r, thermo, s);
    }
    // transport, critical point and volume enter nothing here
    static const char *const words[] = {"note", "transport", "critical-parameters",
                                        "equation-of-state"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        qn_reader_skip(node, words[i]);
    }
    qn_reader_leftover(r, node);
    r->units = before;
}

// node of a species section that has this name
static struct qn_yaml *find_named(struct qn_yaml *list, const char *name)
{
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *key = qn_yaml_get(list->child[i], "name");
        if (key && key->text && strcmp(key->text, name) == 0) {
            return list->child[i];
        }
    }
    return NULL;
}

static void add_species(struct qn_reader *r, const struct qn_yaml *name, struct qn_yaml *all,
                        int phase)
{
    struct qn_mechanism *m = r->m;
    struct qn_species *s = &m->species[m->n_species];
    struct qn_yaml *node = name->text ? find_named(all, name->text) : NULL;
    if (!node) {
        qn_reader_fault(r, name, "\"%s\" is not in the species section",
                        name->text ? name->text : "");
    } else if (qn_mechanism_species(m, name->text) >= 0) {
        qn_reader_fault(r, name, "\"%s\" is in two phases", name->text);
    } else if (m->n_species == QN_MAX_SPECIES) {
        qn_reader_fault(r, name, "more than %d species", QN_MAX_SPECIES);
    } else if (strlen(name->text) >= sizeof s->name) {
        qn_reader_fault(r, name, "a name has at most %zu letters", sizeof s->name - 1);
    } else {
        m->n_species++;
        (void)snprintf(s->name, sizeof s->name, "%s", name->text);
        s->phase = phase;
        read_species(r, node, s);
    }
}

// species `names` (a list, or the word all) of one section
static void add_from(struct qn_reader *r, struct qn_yaml *names, const char *section, int phase)
{
    const struct qn_mechanism_units before = r->units;
    struct qn_yaml *all = qn_reader_section(r, names, section);
    names->used = 1;
    if (all && names->kind == QN_YAML_LIST) {
        for (int i = 0; i < names->count; i++) {
            names->child[i]->used = 1;
            add_species(r, names->child[i], all, phase);
        }
    } else if (all && names->text && strcmp(names->text, "all") == 0) {
        for (int i = 0; i < all->count; i++) {
            const struct qn_yaml *name = qn_yaml_get(all->child[i], "name");
            if (name) {
                add_species(r, name, all, phase);
            }
        }
    } else if (all) {
        qn_reader_fault(r, names, "species are a list of names, or all");
    }
    r->units = before;
}

static void phase_species(struct qn_reader *r, struct qn_yaml *node, int phase)
{
    struct qn_yaml *names = qn_reader_need(r, node, "species");
    const int sections = names && names->count > 0 && names->child[0]->kind == QN_YAML_MAP;
    if (names && !sections) {
        add_from(r, names, "species", phase);
    }
    for (int i = 0; sections && i < names->count; i++) {
        for (int k = 0; k < names->child[i]->count; k++) { // {section: [names]}
            struct qn_yaml *part = names->child[i]->child[k];
            add_from(r, part, part->key, phase);
        }
    }
}

// kind of a phase by Cantera's name of its model, -1 and a fault when it is not known here
static int kind_of(struct qn_reader *r, struct qn_yaml *node, int complain)
{
    static const struct {
        const char *name;
        enum qn_phase_kind kind;
    } known[] = {{"ideal-gas", QN_PHASE_GAS},
                 {"ideal-surface", QN_PHASE_SURFACE},
                 {"fixed-stoichiometry", QN_PHASE_SOLID},
                 {"electron-cloud", QN_PHASE_ELECTRONS}};
    const struct qn_yaml *thermo = qn_yaml_get(node, "thermo");
    for (size_t i = 0; thermo && thermo->text && i < sizeof known / sizeof *known; i++) {
        if (strcmp(known[i].name, thermo->text) == 0) {
            return (int)known[i].kind;
        }
    }
    if (complain) {
        qn_reader_fault(r, thermo ? thermo : node,
                        "phase \"%s\" is not supported: ideal-gas, ideal-surface, "
                        "fixed-stoichiometry or electron-cloud",
                        thermo && thermo->text ? thermo->text : "");
    }
    return -1;
}

// In Cantera too the electrons of a metal are the reference, whatever their thermo says.
static void check_electrons(struct qn_reader *r, const struct qn_yaml *node,
                            const struct qn_phase *p)
{
    const struct qn_species *s = &r->m->species[p->first];
    const struct qn_thermo *t = &s->thermo;
    const int zero = t->h0 == 0.0 && t->s0 == 0.0 && t->cp0 == 0.0;
    if (p->count == 1 && (t->model != QN_THERMO_CONSTANT_CP || !zero || s->charge != -1.0)) {
        qn_reader_fault(r, node,
                        "%s: electrons of a metal have composition {E: 1} and constant-cp "
                        "thermo of zeros",
                        s->name);
    }
}

static void check_kinetics(struct qn_reader *r, struct qn_yaml *node, enum qn_phase_kind kind)
{
    const struct qn_yaml *kinetics = qn_yaml_get(node, "kinetics");
    const char *word = kinetics && kinetics->text ? kinetics->text : "none";
    const int gas = kind == QN_PHASE_GAS && strcmp(word, "gas") == 0;
    const int surface = kind == QN_PHASE_SURFACE && strcmp(word, "surface") == 0;
    if (!gas && !surface && strcmp(word, "none") != 0) {
        qn_reader_fault(r, kinetics, "kinetics \"%s\" is not supported in this phase", word);
    }
    if (gas && !qn_yaml_get(node, "reactions") && qn_yaml_get(r->root, "reactions")) {
        qn_reader_fault(r, kinetics,
                        "reactions in the gas are not supported: write reactions: none");
    }
}

static void surface_keys(struct qn_reader *r, struct qn_yaml *node, struct qn_phase *p)
{
    const double per_area = r->units.quantity / (r->units.length * r->units.length);
    struct qn_yaml *density = qn_reader_need(r, node, "site-density");
    p->site_density = qn_reader_number(r, density, per_area, "mol/m^2");
    if (density && !(p->site_density > 0.0)) {
        qn_reader_fault(r, density, "site-density must be positive");
    }
    p->motz_wise = qn_reader_flag(r, node, "Motz-Wise", 0);
}

static void read_phase(struct qn_reader *r, struct qn_yaml *node, enum qn_phase_kind kind)
{
    struct qn_mechanism *m = r->m;
    if (m->n_phases == QN_MAX_PHASES) {
        qn_reader_fault(r, node, "more than %d phases", QN_MAX_PHASES);
        return;
    }
    const struct qn_mechanism_units before = qn_reader_scope(r, node);
    struct qn_phase *p = &m->phase[m->n_phases];
    struct qn_yaml *name = qn_reader_need(r, node, "name");
    const char *word = name && name->text ? name->text : "";
    if (strlen(word) >= sizeof p->name || qn_mechanism_phase(m, word) >= 0) {
        qn_reader_fault(r, name, "phase \"%s\": names are unique and have at most %zu letters",
                        word, sizeof p->name - 1);
    }
    (void)snprintf(p->name, sizeof p->name, "%.31s", word);
    p->kind = kind;
    p->first = m->n_species;
    phase_species(r, node, m->n_phases);
    p->count = m->n_species - p->first;
    if (kind == QN_PHASE_SURFACE) {
        surface_keys(r, node, p);
    } else if (kind != QN_PHASE_GAS && p->count != 1) {
        qn_reader_fault(r, node, "a pure phase has one species, %s has %d", p->name, p->count);
    }
    if (kind == QN_PHASE_ELECTRONS) {
        check_electrons(r, node, p);
    }
    check_kinetics(r, node, kind);
    // a rate says itself what it needs; elements follow from the species; the deck sets the state
    static const char *const words[] = {"adjacent-phases",
                                        "elements",
                                        "state",
                                        "transport",
                                        "note",
                                        "density",
                                        "skip-undeclared-elements",
                                        "skip-undeclared-third-bodies"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        qn_reader_skip(node, words[i]);
    }
    m->n_phases++;
    r->units = before;
}

static void check_thermo(struct qn_reader *r, const struct qn_yaml *phases)
{
    const struct qn_mechanism *m = r->m;
    for (int k = m->n_surface; k < m->n_species; k++) {
        if (m->species[k].thermo.model == QN_THERMO_NONE) {
            qn_reader_fault(r, phases, "gas species %s needs thermo", m->species[k].name);
        }
    }
}

void qn_reader_phases(struct qn_reader *r, struct qn_yaml *phases)
{
    static const enum qn_phase_kind order[] = {QN_PHASE_SURFACE, QN_PHASE_SOLID, QN_PHASE_ELECTRONS,
                                               QN_PHASE_GAS};
    struct qn_mechanism *m = r->m;
    int gases = 0;
    const struct qn_mechanism_units before = qn_reader_scope(r, phases);
    for (int pass = 0; pass < 4; pass++) {
        for (int i = 0; i < phases->count; i++) {
            const int kind = kind_of(r, phases->child[i], pass == 0);
            gases += pass == 0 && kind == (int)QN_PHASE_GAS;
            if (kind == (int)order[pass]) {
                read_phase(r, phases->child[i], order[pass]);
            }
        }
        m->n_sites = pass == 0 ? m->n_species : m->n_sites;
        m->n_surface = pass < 3 ? m->n_species : m->n_surface;
    }
    if (gases != 1) {
        qn_reader_fault(r, phases, "there must be one ideal-gas phase, here are %d", gases);
    }
    m->n_gas = m->n_species - m->n_surface;
    check_thermo(r, phases);
    r->units = before;
}
