/// @file
/// Thermo of a species in a mechanism file.
#include "mechanism_reader.h"

#include <math.h>
#include <string.h>

// one row of coefficients
static void row(struct qn_reader *r, struct qn_yaml *list, int count, double *a)
{
    if (list->count != count) {
        qn_reader_fault(r, list, "a row of this model has %d coefficients, this has %d", count,
                        list->count);
        return;
    }
    for (int k = 0; k < count; k++) {
        a[k] = qn_reader_number(r, list->child[k], 1.0, "1");
    }
}

// rows of `data` with one temperature more in `temperature-ranges`, rising; the rows or NULL
static struct qn_yaml *rows(struct qn_reader *r, struct qn_yaml *node, int most, double *T)
{
    struct qn_yaml *ranges = qn_reader_need(r, node, "temperature-ranges");
    struct qn_yaml *data = qn_reader_need(r, node, "data");
    if (!ranges || !data) {
        return NULL;
    }
    if (data->count < 1 || data->count > most || ranges->count != data->count + 1) {
        qn_reader_fault(r, data, "1 to %d rows of data are needed, and one temperature more", most);
        return NULL;
    }
    for (int i = 0; i <= data->count; i++) {
        T[i] = qn_reader_number(r, ranges->child[i], 1.0, "K");
        if (i > 0 && !(T[i] > T[i - 1])) {
            qn_reader_fault(r, ranges->child[i], "temperatures must rise");
        }
    }
    return data;
}

// NASA7 and Shomate: one or two rows of seven
static void two_ranges(struct qn_reader *r, struct qn_yaml *node, struct qn_thermo *t)
{
    double T[3] = {0.0};
    struct qn_yaml *data = rows(r, node, 2, T);
    for (int i = 0; data && i < data->count; i++) {
        row(r, data->child[i], 7, t->a[i]);
    }
    t->T_mid = data && data->count == 2 ? T[1] : (double)INFINITY;
}

static void nasa9(struct qn_reader *r, struct qn_yaml *node, struct qn_thermo *t)
{
    double T[QN_THERMO_RANGES + 1] = {0.0};
    struct qn_yaml *data = rows(r, node, QN_THERMO_RANGES, T);
    t->ranges = data ? data->count : 0;
    for (int i = 0; i < t->ranges; i++) {
        t->T_low[i] = T[i];
        row(r, data->child[i], 9, t->nine[i]);
    }
}

static void constant_cp(struct qn_reader *r, struct qn_yaml *node, struct qn_thermo *t)
{
    const double molar = r->units.energy / r->units.quantity;
    struct qn_yaml *T0 = qn_yaml_get(node, "T0");
    t->T0 = T0 ? qn_reader_number(r, T0, 1.0, "K") : 298.15;
    t->h0 = qn_reader_number(r, qn_yaml_get(node, "h0"), molar, "J/mol");
    t->s0 = qn_reader_number(r, qn_yaml_get(node, "s0"), molar, "J mol-1 K-1");
    t->cp0 = qn_reader_number(r, qn_yaml_get(node, "cp0"), molar, "J mol-1 K-1");
    if (!(t->T0 > 0.0)) {
        qn_reader_fault(r, T0 ? T0 : node, "T0 must be above 0 K");
    }
    qn_reader_skip(node, "T-min");
    qn_reader_skip(node, "T-max");
}

void qn_reader_thermo(struct qn_reader *r, struct qn_yaml *node, struct qn_species *s)
{
    struct qn_yaml *model = qn_reader_need(r, node, "model");
    if (!model || !model->text) {
        return;
    }
    struct qn_thermo *t = &s->thermo;
    struct qn_yaml *p = qn_yaml_get(node, "reference-pressure");
    t->p_ref = p ? qn_reader_number(r, p, r->units.pressure, "Pa") : 101325.0;
    if (!(t->p_ref > 0.0)) {
        qn_reader_fault(r, p, "the reference pressure must be positive");
    }
    qn_reader_skip(node, "note");
    if (strcmp(model->text, "NASA7") == 0) {
        t->model = QN_THERMO_NASA7;
        two_ranges(r, node, t);
    } else if (strcmp(model->text, "Shomate") == 0) {
        t->model = QN_THERMO_SHOMATE;
        two_ranges(r, node, t);
    } else if (strcmp(model->text, "NASA9") == 0) {
        t->model = QN_THERMO_NASA9;
        nasa9(r, node, t);
    } else if (strcmp(model->text, "constant-cp") == 0) {
        t->model = QN_THERMO_CONSTANT_CP;
        constant_cp(r, node, t);
    } else {
        qn_reader_fault(r, model,
                        "thermo model \"%s\" is not supported: NASA7, NASA9, Shomate or "
                        "constant-cp",
                        model->text);
    }
}
