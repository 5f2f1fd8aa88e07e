/// @file
/// Named values, and the variants they make.
#include "app/variant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/constants.h"
#include "chem/scaling.h"
#include "io/text.h"
#include "io/units.h"
#include "io/yaml.h"

static enum qn_status take(const char *option, const struct qn_yaml_doc *doc, const char *unit,
                           struct qn_named_values *out)
{
    const struct qn_yaml *map = doc->root;
    if (!map || map->kind != QN_YAML_MAP || map->count > QN_NAMED_MOST) {
        return qn_fail(QN_ERR_USAGE, "%s: write \"name: value, name: value\", at most %d", option,
                       QN_NAMED_MOST);
    }
    for (out->n = 0; out->n < map->count; out->n++) {
        const struct qn_yaml *item = map->child[out->n];
        if (item->kind != QN_YAML_SCALAR || strlen(item->key) >= sizeof out->name[0]) {
            return qn_fail(QN_ERR_USAGE, "%s: %s needs a value in %s", option, item->key, unit);
        }
        snprintf(out->name[out->n], sizeof out->name[0], "%s", item->key);
        if (qn_units_value(item->text, unit, &out->value[out->n]) != QN_OK) {
            return qn_fail_context(QN_ERR_USAGE, "%s: %s: ", option, item->key);
        }
    }
    return QN_OK;
}

enum qn_status qn_named_parse(const char *option, const char *text, const char *unit,
                              struct qn_named_values *out)
{
    struct qn_yaml_doc doc = {0};
    struct qn_text whole = {0};
    qn_text_add(&whole, "{%s}\n", text);
    enum qn_status status = qn_yaml_parse(option, whole.text, &doc);
    qn_text_free(&whole);
    if (status != QN_OK) {
        return qn_fail(QN_ERR_USAGE, "%s: write \"name: value, name: value\"", option);
    }
    status = take(option, &doc, unit, out);
    qn_yaml_free(&doc);
    return status;
}

const char *qn_variant_bind(struct qn_mechanism *m, const struct qn_named_values *binding)
{
    double energy[QN_MAX_ATOMS];
    memcpy(energy, m->scaling.reference, sizeof energy);
    for (int k = 0; k < binding->n; k++) {
        const int atom = qn_scaling_atom(&m->scaling, binding->name[k]);
        if (atom < 0) {
            return binding->name[k];
        }
        energy[atom] = binding->value[k] * QN_FARADAY;
    }
    qn_scaling_apply(m, energy);
    return NULL;
}

const char *qn_variant_scale(struct qn_mechanism *m, const struct qn_named_values *factor)
{
    for (int k = 0; k < factor->n; k++) {
        char *end;
        const long r = strtol(factor->name[k], &end, 10);
        if (*end || r < 1 || r > m->n_mass_action) {
            return factor->name[k];
        }
        m->reaction[r - 1].A *= factor->value[k];
    }
    return NULL;
}
