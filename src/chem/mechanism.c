/// @file
/// Reads a mechanism: phases, species, sections of reactions; refuses what it does not know.
#include "chem/mechanism.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/hash.h"
#include "mechanism_reader.h"

int qn_mechanism_species(const struct qn_mechanism *m, const char *name)
{
    for (int i = 0; i < m->n_species; i++) {
        if (strcmp(m->species[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

int qn_mechanism_phase(const struct qn_mechanism *m, const char *name)
{
    for (int i = 0; i < m->n_phases; i++) {
        if (strcmp(m->phase[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}

void qn_mechanism_free(struct qn_mechanism *m)
{
    qn_free(m->reaction);
    qn_free(m->impact);
    *m = (struct qn_mechanism){0};
}

// atomic weights of IUPAC 2021, abridged [g/mol]
static const struct {
    const char *name;
    double weight;
} ELEMENT[] = {{"H", 1.008},   {"He", 4.0026}, {"B", 10.81},   {"C", 12.011},  {"N", 14.007},
               {"O", 15.999},  {"Na", 22.990}, {"Mg", 24.305}, {"Al", 26.982}, {"Si", 28.085},
               {"S", 32.06},   {"Cl", 35.45},  {"Ar", 39.95},  {"K", 39.098},  {"Ca", 40.078},
               {"Ti", 47.867}, {"Cr", 51.996}, {"Mn", 54.938}, {"Fe", 55.845}, {"Co", 58.933},
               {"Ni", 58.693}, {"Cu", 63.546}, {"Zr", 91.224}, {"Ru", 101.07}, {"Rh", 102.91},
               {"Pd", 106.42}, {"La", 138.91}, {"Ce", 140.12}, {"Ir", 192.22}, {"Pt", 195.08}};

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

static void read_species(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s)
{
    struct qn_yaml *composition = qn_reader_need(r, node, "composition");
    for (int i = 0; composition && i < composition->count; i++) {
        struct qn_yaml *atom = composition->child[i];
        atom->used = 1;
        const int e = element_of(r, atom);
        if (e >= 0) {
            s->element[e] = qn_reader_number(r, atom, 1.0, "1");
            s->weight += s->element[e] * atomic_weight(atom->key);
        }
    }
    struct qn_yaml *sites = qn_yaml_get(node, "sites");
    s->sites = sites ? qn_reader_number(r, sites, 1.0, "1") : 1.0;
    if (s->sites <= 0.0) {
        qn_reader_fault(r, sites ? sites : node, "sites must be positive");
    }
    struct qn_yaml *thermo = qn_yaml_get(node, "thermo");
    if (thermo) {
        qn_reader_thermo(r, thermo, s);
    }
    (void)qn_yaml_get(node, "note");
}

// node of the species section that has this name
static struct qn_yaml *find_named(struct qn_yaml *list, const char *name)
{
    for (int i = 0; list && i < list->count; i++) {
        struct qn_yaml *key = qn_yaml_get(list->child[i], "name");
        if (key && key->text && strcmp(key->text, name) == 0) {
            list->child[i]->used = 1;
            return list->child[i];
        }
    }
    return NULL;
}

static void add_species(struct qn_reader *r, struct qn_yaml *names, struct qn_yaml *all, int phase)
{
    struct qn_mechanism *m = r->m;
    for (int i = 0; i < names->count; i++) {
        const struct qn_yaml *name = names->child[i];
        names->child[i]->used = 1;
        struct qn_yaml *node = name->text ? find_named(all, name->text) : NULL;
        if (!node) {
            qn_reader_fault(r, name, "\"%s\" is not in the species section",
                            name->text ? name->text : "");
        } else if (qn_mechanism_species(m, name->text) >= 0) {
            qn_reader_fault(r, name, "\"%s\" is in two phases", name->text);
        } else if (m->n_species == QN_MAX_SPECIES) {
            qn_reader_fault(r, name, "more than %d species", QN_MAX_SPECIES);
        } else {
            struct qn_species *s = &m->species[m->n_species++];
            (void)snprintf(s->name, sizeof s->name, "%s", name->text);
            s->phase = phase;
            read_species(r, node, s);
        }
    }
}

static int is_gas(struct qn_reader *r, struct qn_yaml *node)
{
    struct qn_yaml *thermo = qn_reader_need(r, node, "thermo");
    const char *kind = thermo && thermo->text ? thermo->text : "";
    if (thermo && strcmp(kind, "ideal-gas") != 0 && strcmp(kind, "ideal-surface") != 0) {
        qn_reader_fault(r, thermo, "phase \"%s\" is not supported: ideal-gas or ideal-surface",
                        kind);
    }
    return strcmp(kind, "ideal-gas") == 0;
}

static void read_phase(struct qn_reader *r, struct qn_yaml *node, struct qn_yaml *species, int gas)
{
    struct qn_mechanism *m = r->m;
    if (m->n_phases == QN_MAX_PHASES) {
        qn_reader_fault(r, node, "more than %d phases", QN_MAX_PHASES);
        return;
    }
    struct qn_phase *p = &m->phase[m->n_phases];
    struct qn_yaml *name = qn_reader_need(r, node, "name");
    (void)snprintf(p->name, sizeof p->name, "%s", name && name->text ? name->text : "");
    p->kind = gas ? QN_PHASE_GAS : QN_PHASE_SURFACE;
    p->first = m->n_species;
    struct qn_yaml *names = qn_reader_need(r, node, "species");
    if (names && names->kind == QN_YAML_LIST) {
        add_species(r, names, species, m->n_phases);
    } else if (names) {
        qn_reader_fault(r, names, "list the species of the phase by name");
    }
    p->count = m->n_species - p->first;
    if (!gas) {
        const double per_area = r->units.quantity / (r->units.length * r->units.length);
        struct qn_yaml *density = qn_reader_need(r, node, "site-density");
        p->site_density = qn_reader_number(r, density, per_area, "mol/m^2");
        if (density && !(p->site_density > 0.0)) {
            qn_reader_fault(r, density, "site-density must be positive");
        }
        m->n_surface = m->n_species;
    }
    (void)qn_yaml_get(node, "adjacent-phases"); // a rate says itself what it needs
    (void)qn_yaml_get(node, "elements");        // follow from the species
    (void)qn_yaml_get(node, "kinetics");        // surface phases only have reactions here
    m->n_phases++;
}

static void read_phases(struct qn_reader *r, struct qn_yaml *phases, struct qn_yaml *species)
{
    struct qn_mechanism *m = r->m;
    int gases = 0;
    for (int pass = 0; pass < 2; pass++) { // surfaces first, gas last
        for (int i = 0; i < phases->count; i++) {
            if (pass == 0 && is_gas(r, phases->child[i])) {
                gases++;
            } else if (pass == 0) {
                read_phase(r, phases->child[i], species, 0);
            } else if (is_gas(r, phases->child[i])) {
                read_phase(r, phases->child[i], species, 1);
            }
        }
    }
    if (gases != 1) {
        qn_reader_fault(r, phases, "there must be one ideal-gas phase, here are %d", gases);
    }
    m->n_gas = m->n_species - m->n_surface;
    for (int k = m->n_surface; k < m->n_species; k++) {
        if (m->species[k].thermo.model == QN_THERMO_NONE) {
            qn_reader_fault(r, phases, "gas species %s needs thermo", m->species[k].name);
        }
    }
}

// one section of reactions by name, listed by `phase`
static void section(struct qn_reader *r, struct qn_yaml *root, const struct qn_yaml *name,
                    int phase)
{
    struct qn_yaml *list = name->text ? qn_yaml_get(root, name->text) : NULL;
    if (!list || list->kind != QN_YAML_LIST) {
        qn_reader_fault(r, name, "there is no section of reactions \"%s\"",
                        name->text ? name->text : "");
    } else {
        qn_reader_reactions(r, list, phase);
    }
}

static void read_sections(struct qn_reader *r, struct qn_yaml *root, struct qn_yaml *phases)
{
    for (int i = 0; i < phases->count; i++) {
        struct qn_yaml *name = qn_yaml_get(phases->child[i], "name");
        struct qn_yaml *which = qn_yaml_get(phases->child[i], "reactions");
        const int phase = name && name->text ? qn_mechanism_phase(r->m, name->text) : -1;
        if (!which || phase < 0 || (which->text && strcmp(which->text, "none") == 0)) {
            continue;
        }
        if (r->m->phase[phase].kind == QN_PHASE_GAS) {
            qn_reader_fault(r, which, "reactions in the gas are not supported: write none");
        } else if (which->text) { // all: the section called reactions
            struct qn_yaml *list = qn_yaml_get(root, "reactions");
            if (strcmp(which->text, "all") != 0 || !list) {
                qn_reader_fault(r, which, "reactions is all, none or a list of sections");
            } else {
                qn_reader_reactions(r, list, phase);
            }
        }
        for (int k = 0; k < which->count; k++) {
            which->child[k]->used = 1;
            section(r, root, which->child[k], phase);
        }
    }
}

// keys nobody asked for; a list's items and plain words count as read
static void report_unknown(struct qn_reader *r, const struct qn_yaml *node)
{
    for (int i = 0; i < node->count; i++) {
        const struct qn_yaml *child = node->child[i];
        if (child->key && !child->used) {
            qn_reader_fault(r, child, "the key \"%s\" is not supported here", child->key);
            continue;
        }
        const int free_words = child->key && (strcmp(child->key, "adjacent-phases") == 0 ||
                                              strcmp(child->key, "elements") == 0);
        if (!free_words && child->kind != QN_YAML_SCALAR) {
            report_unknown(r, child);
        }
    }
}

static void read_root(struct qn_reader *r, struct qn_yaml *root)
{
    static const char *const words[] = {"description",     "generator",   "date",    "note",
                                        "cantera-version", "input-files", "elements"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        (void)qn_yaml_get(root, words[i]);
    }
    qn_reader_units(r, qn_yaml_get(root, "units"));
    struct qn_yaml *phases = qn_reader_need(r, root, "phases");
    struct qn_yaml *species = qn_reader_need(r, root, "species");
    if (!phases || !species) {
        return;
    }
    read_phases(r, phases, species);
    read_sections(r, root, phases);
    struct qn_yaml *spill = qn_yaml_get(root, "spill-over-reactions");
    if (spill) {
        qn_reader_spill(r, spill);
    }
    struct qn_yaml *impacts = qn_yaml_get(root, "mechanical-reactions");
    if (impacts) {
        qn_reader_impacts(r, impacts);
    }
    report_unknown(r, root);
}

static enum qn_status read_document(struct qn_yaml_doc *doc, struct qn_mechanism *m)
{
    struct qn_reader r = {.m = m};
    *m = (struct qn_mechanism){0};
    if (doc->root && doc->root->kind == QN_YAML_MAP) {
        read_root(&r, doc->root);
    } else {
        qn_yaml_free(doc);
        return qn_fail(QN_ERR_INPUT, "a mechanism is a YAML mapping with phases and species");
    }
    qn_yaml_free(doc);
    if (r.faults) {
        qn_mechanism_free(m);
        return qn_fail(QN_ERR_INPUT, "%s", r.text);
    }
    return QN_OK;
}

enum qn_status qn_mechanism_parse(const char *name, const char *text, struct qn_mechanism *m)
{
    struct qn_yaml_doc doc = {0};
    QN_TRY(qn_yaml_parse(name, text, &doc));
    QN_TRY(read_document(&doc, m));
    m->hash = qn_hash(0, text, strlen(text));
    return QN_OK;
}

enum qn_status qn_mechanism_read(const char *path, struct qn_mechanism *m)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return qn_fail(QN_ERR_IO, "%s: the mechanism cannot be opened", path);
    }
    char *text = NULL;
    size_t capacity = 0;
    size_t length = 0;
    size_t got = 0;
    do {
        qn_grow(&text, &capacity, length + 65536);
        got = fread(text + length, 1, capacity - length - 1, file);
        length += got;
    } while (got > 0);
    (void)fclose(file);
    text[length] = '\0';
    const enum qn_status status = qn_mechanism_parse(path, text, m);
    qn_free(text);
    return status;
}
