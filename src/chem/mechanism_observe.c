/// @file
/// The observations of a mechanism file.
#include "mechanism_reader.h"

#include <stdio.h>
#include <string.h>

#include "chem/observe.h"

static int kind_of(struct qn_reader *r, const struct qn_yaml *type)
{
    for (int k = 0; k <= QN_OBSERVE_MASS; k++) {
        if (type->text &&
            strcmp(type->text, qn_observation_name((enum qn_observation_kind)k)) == 0) {
            return k;
        }
    }
    qn_reader_fault(r, type, "type \"%s\" is not supported: dry-basis, normalised, mass-fractions",
                    type->text ? type->text : "");
    return -1;
}

/// A list of species, each a gas, or for masses a pure phase.
static int species_of(struct qn_reader *r, struct qn_yaml *list, int solids, int *out)
{
    int n = 0;
    if (list->kind != QN_YAML_LIST || list->count > QN_OBSERVED) {
        qn_reader_fault(r, list, "a list of at most %d species is wanted", QN_OBSERVED);
        return 0;
    }
    for (int i = 0; i < list->count; i++) {
        struct qn_yaml *item = list->child[i];
        const int k = qn_mechanism_species(r->m, item->text ? item->text : "");
        const int gas = k >= r->m->n_surface;
        item->used = 1;
        if (k < 0 || (solids ? k < r->m->n_sites || gas : !gas)) {
            qn_reader_fault(r, item, "%s is no %s of this mechanism", item->text ? item->text : "",
                            solids ? "pure phase" : "gas");
        } else {
            out[n++] = k;
        }
    }
    return n;
}

/// All gases but those that the instrument does not see.
static int all_but(const struct qn_mechanism *m, const int *without, int n_without, int *out)
{
    int n = 0;
    for (int k = m->n_surface; k < m->n_species; k++) {
        int seen = 1;
        for (int i = 0; i < n_without; i++) {
            seen &= without[i] != k;
        }
        if (seen && n < QN_OBSERVED) {
            out[n++] = k;
        }
    }
    return n;
}

/// Standard uncertainty of what the instrument tells.
static void read_uncertainty(struct qn_reader *r, struct qn_yaml *map, struct qn_observation *o)
{
    static const char *const name[2] = {"relative", "absolute"};
    double *const out[2] = {&o->relative, &o->absolute};
    if (map->kind != QN_YAML_MAP) {
        qn_reader_fault(r, map, "{relative: ..., absolute: ...} is wanted");
        return;
    }
    for (int k = 0; k < 2; k++) {
        const struct qn_yaml *value = qn_yaml_get(map, name[k]);
        *out[k] = value ? qn_reader_number(r, value, 1.0, "1") : 0.0;
        if (*out[k] < 0.0) {
            qn_reader_fault(r, value, "a standard uncertainty is not below 0");
        }
    }
    qn_reader_leftover(r, map);
}

static void read_one(struct qn_reader *r, struct qn_yaml *node)
{
    struct qn_mechanism *m = r->m;
    struct qn_observation *o = &m->observation[m->n_observations];
    struct qn_yaml *name = qn_reader_need(r, node, "name");
    struct qn_yaml *type = qn_reader_need(r, node, "type");
    const struct qn_yaml *limit = qn_yaml_get(node, "detection-limit");
    struct qn_yaml *uncertainty = qn_yaml_get(node, "uncertainty");
    qn_reader_skip(node, "note");
    const int kind = type ? kind_of(r, type) : -1;
    if (!name || kind < 0) {
        qn_reader_skip(node, "of");
        qn_reader_skip(node, "without");
        return;
    }
    *o = (struct qn_observation){.kind = (enum qn_observation_kind)kind};
    snprintf(o->name, sizeof o->name, "%s", name->text ? name->text : "");
    o->limit = limit ? qn_reader_number(r, limit, 1.0, "1") : 0.0;
    if (uncertainty) {
        read_uncertainty(r, uncertainty, o);
    }
    struct qn_yaml *list =
        kind == QN_OBSERVE_DRY ? qn_yaml_get(node, "without") : qn_reader_need(r, node, "of");
    int named[QN_OBSERVED];
    const int n = list ? species_of(r, list, kind == QN_OBSERVE_MASS, named) : 0;
    o->n = kind == QN_OBSERVE_DRY ? all_but(m, named, n, o->species) : n;
    if (kind != QN_OBSERVE_DRY) {
        memcpy(o->species, named, (size_t)n * sizeof *named);
    }
    m->n_observations++;
}

void qn_reader_observations(struct qn_reader *r, struct qn_yaml *list)
{
    for (int i = 0; i < list->count; i++) {
        if (r->m->n_observations == QN_MAX_OBSERVATIONS) {
            qn_reader_fault(r, list->child[i], "more than %d observations", QN_MAX_OBSERVATIONS);
            return;
        }
        read_one(r, list->child[i]);
        qn_reader_leftover(r, list->child[i]);
    }
}
