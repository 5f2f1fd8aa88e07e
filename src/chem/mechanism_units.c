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
    if (r->text.length < 15000) { // an error text holds some more
        qn_text_add(&r->text, "%s%s", r->faults ? "\n" : "", qn_error_text());
    } else {
        r->untold++;
    }
    r->faults++;
}

// Names that mean something else, or nothing, to udunits: Cantera's calorie is the thermochemical.
static const struct {
    const char *cantera, *udunits;
} UNIT[] = {{"cal", "(4.184 J)"}, {"kcal", "(4184 J)"}, {"gmol", "mol"}, {"gmole", "mol"},
            {"kgmol", "kmol"},    {"kmole", "kmol"},    {"dyn", "dyne"}};

// a text with Cantera's unit names in udunits' words
static void translate(const char *text, char *out, size_t room)
{
    size_t at = 0;
    while (*text && at + 1 < room) {
        const size_t word = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ");
        const char *put = text;
        size_t length = word ? word : 1;
        for (size_t i = 0; word && i < sizeof UNIT / sizeof *UNIT; i++) {
            if (strlen(UNIT[i].cantera) == word && memcmp(UNIT[i].cantera, text, word) == 0) {
                put = UNIT[i].udunits;
                length = strlen(put);
            }
        }
        length = length < room - 1 - at ? length : room - 1 - at;
        memcpy(out + at, put, length);
        at += length;
        text += word ? word : 1;
    }
    out[at] = '\0';
}

static double with_unit(struct qn_reader *r, const struct qn_yaml *node, const char *si)
{
    double value = 0.0;
    char text[128], why[400];
    translate(node->text, text, sizeof text);
    if (!si) {
        qn_reader_fault(r, node, "\"%s\": write this number in the file's units, without its own",
                        node->text);
    } else if (qn_units_value(text, si, &value) != QN_OK) {
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

int qn_reader_flag(struct qn_reader *r, struct qn_yaml *map, const char *key, int otherwise)
{
    const struct qn_yaml *node = qn_yaml_get(map, key);
    if (!node) {
        return otherwise;
    }
    const int yes = node->text && strcmp(node->text, "true") == 0;
    if (!yes && !(node->text && strcmp(node->text, "false") == 0)) {
        qn_reader_fault(r, node, "%s is true or false", key);
    }
    return yes;
}

static void mark(struct qn_yaml *node)
{
    node->used = 1;
    for (int i = 0; i < node->count; i++) {
        mark(node->child[i]);
    }
}

void qn_reader_skip(struct qn_yaml *map, const char *key)
{
    struct qn_yaml *child = qn_yaml_get(map, key);
    if (child) {
        mark(child);
    }
}

void qn_reader_leftover(struct qn_reader *r, const struct qn_yaml *node)
{
    for (int i = 0; i < node->count; i++) {
        const struct qn_yaml *child = node->child[i];
        if (child->key && !child->used) {
            qn_reader_fault(r, child, "the key \"%s\" is not supported here", child->key);
        } else {
            qn_reader_leftover(r, child);
        }
    }
}

static void unit_factor(struct qn_reader *r, struct qn_yaml *units, const char *key, const char *si,
                        double *factor)
{
    struct qn_yaml *node = qn_yaml_get(units, key);
    char text[128] = "";
    if (node && node->text) {
        translate(node->text, text, sizeof text);
    }
    if (node && (!node->text || qn_units_factor(text, si, factor) != QN_OK)) {
        qn_reader_fault(r, node, "\"%s\" is not a unit of %s", node->text ? node->text : "", key);
    }
}

struct qn_mechanism_units qn_reader_default_units(void)
{
    return (struct qn_mechanism_units){.length = 1.0,
                                       .quantity = 1e3,
                                       .time = 1.0,
                                       .energy = 1.0,
                                       .pressure = 1.0,
                                       .activation = 1e-3};
}

// a `units` map on top of the units in force
static void read_units(struct qn_reader *r, struct qn_yaml *units)
{
    struct qn_mechanism_units *u = &r->units;
    double unused = 1.0;
    unit_factor(r, units, "length", "m", &u->length);
    unit_factor(r, units, "quantity", "mol", &u->quantity);
    unit_factor(r, units, "time", "s", &u->time);
    unit_factor(r, units, "energy", "J", &u->energy);
    unit_factor(r, units, "pressure", "Pa", &u->pressure);
    unit_factor(r, units, "mass", "kg", &unused);   // no number read here has it
    unit_factor(r, units, "current", "A", &unused); // nor this
    const struct qn_yaml *T = qn_yaml_get(units, "temperature");
    if (T && (!T->text || strcmp(T->text, "K") != 0)) {
        qn_reader_fault(r, T, "temperatures are in K");
    }
    if (!u->activation_given) {
        u->activation = u->energy / u->quantity; // energy per quantity
    }
    const struct qn_yaml *node = qn_yaml_get(units, "activation-energy");
    u->activation_given |= node != NULL;
    if (node && node->text && strcmp(node->text, "K") == 0) {
        u->activation = QN_GAS_CONSTANT;
    } else if (node && node->text && strcmp(node->text, "eV") == 0) {
        u->activation = QN_FARADAY;
    } else if (node) {
        unit_factor(r, units, "activation-energy", "J/mol", &u->activation);
    }
    qn_reader_leftover(r, units);
}

int qn_reader_is_units(const struct qn_yaml *item)
{
    return item->kind == QN_YAML_MAP && item->count == 1 &&
           strcmp(item->child[0]->key, "units") == 0;
}

struct qn_mechanism_units qn_reader_scope(struct qn_reader *r, struct qn_yaml *node)
{
    const struct qn_mechanism_units before = r->units;
    if (node->kind == QN_YAML_LIST && node->count > 0 && qn_reader_is_units(node->child[0])) {
        node = node->child[0];
    }
    struct qn_yaml *units = node->kind == QN_YAML_MAP ? qn_yaml_get(node, "units") : NULL;
    if (units) {
        read_units(r, units);
    }
    return before;
}
