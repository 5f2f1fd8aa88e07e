/// @file
/// The list of uptake types.
#include "chem/uptakes.h"

#include <stddef.h>
#include <string.h>

extern const struct qn_uptake_type qn_uptake_hydride;
extern const struct qn_uptake_type qn_uptake_dissolution;

const struct qn_uptake_type *const qn_uptake_types[] = {
    &qn_uptake_hydride,
    &qn_uptake_dissolution,
    NULL,
};

const struct qn_uptake_type *qn_uptake_find(const char *name)
{
    for (int i = 0; qn_uptake_types[i]; i++) {
        if (strcmp(qn_uptake_types[i]->name, name) == 0) {
            return qn_uptake_types[i];
        }
    }
    return NULL;
}
