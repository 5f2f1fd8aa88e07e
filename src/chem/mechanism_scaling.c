/// @file
/// The `linear-scaling` section of a mechanism file.
#include "mechanism_reader.h"

#include <stdio.h>
#include <string.h>

#include "chem/scaling.h"

static void references(struct qn_reader *r, struct qn_yaml *map, struct qn_scaling *s)
{
    for (int i = 0; i < map->count; i++) {
        struct qn_yaml *node = map->child[i];
        node->used = 1;
        if (s->n == QN_MAX_ATOMS || strlen(node->key) >= sizeof s->atom[0]) {
            qn_reader_fault(r, node, "at most %d atoms of three letters", QN_MAX_ATOMS);
            return;
        }
        snprintf(s->atom[s->n], sizeof s->atom[0], "%s", node->key);
        s->reference[s->n++] = qn_reader_energy(r, node);
    }
}

static void bonds_of(struct qn_reader *r, struct qn_yaml *map, int species, struct qn_scaling *s)
{
    for (int i = 0; i < map->count; i++) {
        struct qn_yaml *node = map->child[i];
        const int atom = qn_scaling_atom(s, node->key);
        node->used = 1;
        const double share = qn_reader_number(r, node, 1.0, "1");
        if (atom < 0) {
            qn_reader_fault(r, node, "%s has no reference binding energy", node->key);
        } else if (!(share >= 0.0 && share <= 1.0)) {
            qn_reader_fault(r, node, "bonds are a share of the largest valence, 0 to 1");
        } else {
            s->bonds[species][atom] = share;
        }
    }
}

void qn_reader_scaling(struct qn_reader *r, struct qn_yaml *node)
{
    struct qn_scaling *s = &r->m->scaling;
    struct qn_yaml *reference = qn_reader_need(r, node, "reference");
    struct qn_yaml *transfer = qn_reader_need(r, node, "transfer");
    struct qn_yaml *bonds = qn_reader_need(r, node, "bonds");
    qn_reader_skip(node, "note");
    if (!reference || !transfer || !bonds) {
        return;
    }
    references(r, reference, s);
    s->transfer = qn_reader_number(r, transfer, 1.0, "1");
    if (!(s->transfer >= 0.0 && s->transfer <= 1.0)) {
        qn_reader_fault(r, transfer, "transfer is a share, 0 to 1");
    }
    for (int i = 0; i < bonds->count; i++) {
        struct qn_yaml *one = bonds->child[i];
        const int species = qn_mechanism_species(r->m, one->key);
        one->used = 1;
        if (species < 0 || species >= r->m->n_sites) {
            qn_reader_fault(r, one, "%s is no species of a surface", one->key);
        } else {
            bonds_of(r, one, species, s);
        }
    }
    qn_reader_leftover(r, node);
}
