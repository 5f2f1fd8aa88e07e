/// @file
/// Reads a mechanism: its sections in order; refuses what it does not know.
#include "chem/mechanism.h"

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

// reactions of one section, listed by `phase`; which: all, none or declared-species
static void section(struct qn_reader *r, const struct qn_yaml *at, const char *name, int phase,
                    const char *which)
{
    const struct qn_mechanism_units before = r->units;
    const int declared = strcmp(which, "declared-species") == 0;
    if (strcmp(which, "none") == 0) {
        return;
    }
    if (!declared && strcmp(which, "all") != 0) {
        qn_reader_fault(r, at, "reactions is all, none, declared-species or a list of sections");
        return;
    }
    struct qn_yaml *list = qn_reader_section(r, at, name);
    if (list) {
        qn_reader_reactions(r, list, phase, declared);
    }
    r->units = before;
}

static void listed_sections(struct qn_reader *r, struct qn_yaml *which, int phase)
{
    for (int k = 0; k < which->count; k++) {
        struct qn_yaml *item = which->child[k];
        item->used = 1;
        if (item->text) {
            section(r, item, item->text, phase, "all");
        }
        for (int j = 0; j < item->count; j++) { // {section: all}
            struct qn_yaml *part = item->child[j];
            part->used = 1;
            section(r, part, part->key ? part->key : "", phase, part->text ? part->text : "");
        }
    }
}

static void read_sections(struct qn_reader *r, struct qn_yaml *phases)
{
    for (int i = 0; i < phases->count; i++) {
        struct qn_yaml *node = phases->child[i];
        struct qn_yaml *name = qn_yaml_get(node, "name");
        struct qn_yaml *which = qn_yaml_get(node, "reactions");
        const struct qn_yaml *kinetics = qn_yaml_get(node, "kinetics");
        const int phase = name && name->text ? qn_mechanism_phase(r->m, name->text) : -1;
        const int surface = phase >= 0 && r->m->phase[phase].kind == QN_PHASE_SURFACE;
        if (surface && !which && kinetics && qn_yaml_get(r->root, "reactions")) {
            section(r, kinetics, "reactions", phase, "all"); // Cantera's default
        }
        if (!which || phase < 0 || (which->text && strcmp(which->text, "none") == 0)) {
            continue;
        }
        if (!surface) {
            qn_reader_skip(node, "reactions");
            qn_reader_fault(r, which, "reactions in %s are not supported: write none",
                            r->m->phase[phase].kind == QN_PHASE_GAS ? "the gas" : "a pure phase");
        } else if (which->text) {
            section(r, which, "reactions", phase, which->text);
        } else {
            listed_sections(r, which, phase);
        }
    }
}

// sections and keys that nobody asked for
static void report_unknown(struct qn_reader *r, const struct qn_yaml *phases)
{
    for (int i = 0; i < r->root->count; i++) {
        const struct qn_yaml *child = r->root->child[i];
        if (!child->used && child->kind == QN_YAML_LIST) {
            qn_reader_fault(r, child, "the section \"%s\" is used by no phase", child->key);
        } else if (!child->used) {
            qn_reader_fault(r, child, "the key \"%s\" is not supported here", child->key);
        }
    }
    qn_reader_leftover(r, phases);
}

static void read_root(struct qn_reader *r, struct qn_yaml *root)
{
    static const char *const words[] = {"description",     "generator",   "date",    "note",
                                        "cantera-version", "input-files", "elements"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        qn_reader_skip(root, words[i]);
    }
    r->units = qn_reader_default_units();
    (void)qn_reader_scope(r, root);
    struct qn_yaml *phases = qn_reader_need(r, root, "phases");
    if (!phases) {
        return;
    }
    qn_reader_phases(r, phases);
    (void)qn_yaml_get(root, "species"); // may stand unused beside those of other files
    read_sections(r, phases);
    struct qn_yaml *spill = qn_yaml_get(root, "spill-over-reactions");
    if (spill) {
        qn_reader_spill(r, spill);
    }
    r->m->n_mass_action = r->m->n_reactions;
    struct qn_yaml *globals = qn_yaml_get(root, "global-reactions");
    if (globals) {
        qn_reader_globals(r, globals);
    }
    struct qn_yaml *uptakes = qn_yaml_get(root, "uptake-reactions");
    if (uptakes) {
        qn_reader_uptakes(r, uptakes);
    }
    struct qn_yaml *observations = qn_yaml_get(root, "observations");
    if (observations) {
        qn_reader_observations(r, observations);
    }
    struct qn_yaml *scaling = qn_yaml_get(root, "linear-scaling");
    if (scaling) {
        qn_reader_scaling(r, scaling);
    }
    struct qn_yaml *impacts = qn_yaml_get(root, "mechanical-reactions");
    if (impacts) {
        qn_reader_impacts(r, impacts);
    }
    report_unknown(r, phases);
}

static enum qn_status read_document(const char *name, struct qn_yaml_doc *doc,
                                    struct qn_mechanism *m)
{
    struct qn_reader r = {.m = m, .name = name, .root = doc->root};
    *m = (struct qn_mechanism){0};
    if (!doc->root || doc->root->kind != QN_YAML_MAP) {
        return qn_fail(QN_ERR_INPUT,
                       "%s:1:1: a mechanism is a YAML mapping with phases and species", name);
    }
    read_root(&r, doc->root);
    m->hash = r.hash;
    qn_reader_free_files(&r);
    enum qn_status status = QN_OK;
    if (r.faults) {
        qn_mechanism_free(m);
        if (r.untold) {
            qn_text_add(&r.text, "\n... and %d more faults", r.untold);
        }
        status = qn_fail(QN_ERR_INPUT, "%s", r.text.text);
    }
    qn_text_free(&r.text);
    return status;
}

enum qn_status qn_mechanism_parse(const char *name, const char *text, struct qn_mechanism *m)
{
    struct qn_yaml_doc doc = {0};
    QN_TRY(qn_yaml_parse(name, text, &doc));
    const enum qn_status status = read_document(name, &doc, m);
    qn_yaml_free(&doc);
    QN_TRY(status);
    m->hash = qn_hash(m->hash, text, strlen(text));
    return QN_OK;
}

enum qn_status qn_mechanism_read(const char *path, struct qn_mechanism *m)
{
    char *text = NULL;
    QN_TRY(qn_reader_slurp(path, &text));
    const enum qn_status status = qn_mechanism_parse(path, text, m);
    qn_free(text);
    return status;
}
