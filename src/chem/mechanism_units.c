/// @file
/// Numbers, units and thermo of a mechanism file, and its list of faults.
#include "mechanism_reader.h"

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include "base/constants.h"
#include "io/units.h"

void qn_reader_fault(struct qn_reader *r, const struct qn_yaml *node, const char *format, ...)
{
    char what[512];
    va_list args;
    va_start(args, format);
    (void)vsnprintf(what, sizeof what, format, args);
    va_end(args);
    (void)qn_yaml_fail(node, "%s", what);
    const size_t room = sizeof r->text - r->length;
    const int n =
        snprintf(r->text + r->length, room, "%s%s", r->faults ? "\n" : "", qn_error_text());
    r->length += n > 0 && (size_t)n < room ? (size_t)n : 0;
    r->faults++;
}

static double with_unit(struct qn_reader *r, const struct qn_yaml *node, const char *si)
{
    double value = 0.0;
    if (qn_units_value(node->text, si, &value) != QN_OK) {
        char why[400];
        (void)snprintf(why, sizeof why, "%s", qn_error_text());
        qn_reader_fault(r, node, "%s", why);
    }
    return value;
}

// the unit that follows a number, "" when it stands alone, NULL when there is no number
static const char *unit_of(const struct qn_yaml *node, double *number)
{
    if (node->kind != QN_YAML_SCALAR) {
        return NULL;
    }
    char *end = NULL;
    *number = strtod(node->text, &end);
    if (end == node->text || !isfinite(*number)) {
        return NULL;
    }
    return end + strspn(end, " ");
}

double qn_reader_number(struct qn_reader *r, const struct qn_yaml *node, double factor,
                        const char *si)
{
    double number = 0.0;
    if (!node) {
        return 0.0;
    }
    const char *unit = unit_of(node, &number);
    if (!unit) {
        qn_reader_fault(r, node, "a number was expected here");
        return 0.0;
    }
    return *unit ? with_unit(r, node, si) : number * factor;
}

double qn_reader_energy(struct qn_reader *r, const struct qn_yaml *node)
{
    double number = 0.0;
    const char *unit = node ? unit_of(node, &number) : NULL;
    if (unit && strcmp(unit, "K") == 0) {
        return number * QN_GAS_CONSTANT;
    }
    if (unit && strcmp(unit, "eV") == 0) {
        return number * QN_FARADAY;
    }
    return qn_reader_number(r, node, r->units.activation, "J/mol");
}

struct qn_yaml *qn_reader_need(struct qn_reader *r, struct qn_yaml *map, const char *key)
{
    struct qn_yaml *child = qn_yaml_get(map, key);
    if (!child) {
        qn_reader_fault(r, map, "the key \"%s\" is missing here", key);
    }
    return child;
}

static void unit_factor(struct qn_reader *r, struct qn_yaml *units, const char *key, const char *si,
                        double *factor)
{
    struct qn_yaml *node = qn_yaml_get(units, key);
    if (node && (!node->text || qn_units_factor(node->text, si, factor) != QN_OK)) {
        qn_reader_fault(r, node, "\"%s\" is not a unit of %s", node->text ? node->text : "", key);
    }
}

void qn_reader_units(struct qn_reader *r, struct qn_yaml *units)
{
    r->units = (struct qn_mechanism_units){
        .length = 1.0, .quantity = 1e3, .time = 1.0, .energy = 1.0, .activation = 1e-3};
    if (!units) {
        return;
    }
    unit_factor(r, units, "length", "m", &r->units.length);
    unit_factor(r, units, "quantity", "mol", &r->units.quantity);
    unit_factor(r, units, "time", "s", &r->units.time);
    unit_factor(r, units, "energy", "J", &r->units.energy);
    // without its own unit an activation energy is energy per quantity
    r->units.activation = r->units.energy / r->units.quantity;
    struct qn_yaml *node = qn_yaml_get(units, "activation-energy");
    if (node && node->text && strcmp(node->text, "K") == 0) {
        r->units.activation = QN_GAS_CONSTANT;
    } else if (node && node->text && strcmp(node->text, "eV") == 0) {
        r->units.activation = QN_FARADAY;
    } else if (node) {
        unit_factor(r, units, "activation-energy", "J/mol", &r->units.activation);
    }
}

static void nasa7(struct qn_reader *r, struct qn_yaml *node, struct qn_thermo *t)
{
    t->model = QN_THERMO_NASA7;
    struct qn_yaml *ranges = qn_reader_need(r, node, "temperature-ranges");
    struct qn_yaml *data = qn_reader_need(r, node, "data");
    if (!ranges || !data) {
        return;
    }
    const int n = data->count;
    if (n < 1 || n > 2 || ranges->count != n + 1) {
        qn_reader_fault(r, data, "NASA7 needs one or two rows of data and one temperature more");
        return;
    }
    t->T_mid = n == 2 ? qn_reader_number(r, ranges->child[1], 1.0, "K") : (double)INFINITY;
    for (int i = 0; i < n; i++) {
        if (data->child[i]->count != 7) {
            qn_reader_fault(r, data->child[i], "a row of NASA7 has 7 coefficients, this has %d",
                            data->child[i]->count);
            continue;
        }
        for (int k = 0; k < 7; k++) {
            t->a[i][k] = qn_reader_number(r, data->child[i]->child[k], 1.0, "1");
        }
    }
}

void qn_reader_thermo(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s)
{
    struct qn_yaml *model = qn_reader_need(r, node, "model");
    if (!model || !model->text) {
        return;
    }
    struct qn_thermo *t = &s->thermo;
    struct qn_yaml *p = qn_yaml_get(node, "reference-pressure");
    t->p_ref = p ? qn_reader_number(r, p, 1.0, "Pa") : 101325.0;
    if (strcmp(model->text, "NASA7") == 0) {
        nasa7(r, node, t);
    } else if (strcmp(model->text, "constant-cp") == 0) {
        const double molar = r->units.energy / r->units.quantity;
        t->model = QN_THERMO_CONSTANT_CP;
        struct qn_yaml *T0 = qn_yaml_get(node, "T0");
        t->T0 = T0 ? qn_reader_number(r, T0, 1.0, "K") : 298.15;
        t->h0 = qn_reader_number(r, qn_yaml_get(node, "h0"), molar, "J/mol");
        t->s0 = qn_reader_number(r, qn_yaml_get(node, "s0"), molar, "J mol-1 K-1");
        t->cp0 = qn_reader_number(r, qn_yaml_get(node, "cp0"), molar, "J mol-1 K-1");
    } else {
        qn_reader_fault(r, model, "thermo model \"%s\" is not supported: NASA7 or constant-cp",
                        model->text);
    }
}
