/// @file
/// `balls.groups` and `run.parcel_groups`: equal bodies, a lognormal distribution, a sieve table.
/// Distributions become groups of equal bodies, which is how the resolved deck shows them.
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "app/deck_fields.h"
#include "base/constants.h"
#include "model/charge.h"
#include "model/sizes.h"

enum { PATH = 192 };

/// Where groups go.
struct target {
    const char *what; ///< "balls" or "parcels"
    double unit_mass; ///< of a body of 1 m [kg], 0 when the material is not known
    int *n;
    struct qn_deck_size *group; ///< shape [QN_MAX_GROUPS]
};

/// Turn a mass into the nearest count and say so when it does not fit.
static int64_t count_of(const struct target *to, double mass, double one,
                        const struct qn_yaml *item, const char *path, struct qn_faults *faults)
{
    const double wanted = mass / one;
    const int64_t count = llround(wanted);
    const double off = fabs((double)count - wanted) / wanted;
    if (count < 1 || off > 0.02) {
        qn_fault_key(faults, item, path,
                     "%.6g g is %.3f %s of %.6g g; the nearest count is off by %.1f %%, more than "
                     "2 %%: give a count",
                     1e3 * mass, wanted, to->what, 1e3 * one, 100.0 * off);
    }
    return count;
}

static void append(const struct target *to, int64_t count, double diameter,
                   const struct qn_yaml *item, const char *path, struct qn_faults *faults)
{
    if (*to->n == QN_MAX_GROUPS) {
        qn_fault_key(faults, item, path, "more than %d sizes of %s in all", QN_MAX_GROUPS,
                     to->what);
        return;
    }
    to->group[(*to->n)++] = (struct qn_deck_size){count, diameter};
}

/// Mass of a body of 1 m [kg], 0 when the material is not known.
static double unit_mass(const struct qn_deck *deck, int material)
{
    return material >= 0 ? deck->material[material].density * QN_PI / 6.0 : 0.0;
}

/// Count as written or from the mass; 0 with a fault.
static int64_t exact_count(const struct target *to, const struct qn_deck_group *g, double cube,
                           struct qn_yaml *item, const char *path, struct qn_faults *faults)
{
    const bool by_count = qn_yaml_get(item, "count"), by_mass = qn_yaml_get(item, "mass");
    if (by_count == by_mass) {
        qn_fault_key(faults, item, path, "give either count or mass%s",
                     by_count ? ", not both" : "");
        return 0;
    }
    if (by_count) {
        return g->count;
    }
    const double one = to->unit_mass * cube;
    return one > 0.0 ? count_of(to, g->mass, one, item, path, faults) : 0;
}

static void read_equal(const struct target *to, struct qn_yaml *item, const char *path,
                       struct qn_faults *faults)
{
    struct qn_deck_group g = {0};
    const int before = faults->count;
    qn_schema_read(&qn_deck_group_table, item, path, &g, faults);
    if (item->kind == QN_YAML_MAP) {
        const double cube = faults->count == before ? pow(g.diameter, 3) : 0.0;
        append(to, exact_count(to, &g, cube, item, path, faults), g.diameter, item, path, faults);
    }
}

static void read_lognormal(const struct target *to, struct qn_yaml *item, const char *path,
                           struct qn_faults *faults)
{
    struct qn_deck_group g = {0};
    int64_t counts[QN_SIZE_CLASSES];
    double diameters[QN_SIZE_CLASSES];
    const int before = faults->count;
    qn_schema_read(&qn_deck_lognormal_table, item, path, &g, faults);
    if (faults->count > before) {
        return;
    }
    const double cube = qn_lognormal_cube(g.median, g.sigma);
    const int64_t count = exact_count(to, &g, cube, item, path, faults);
    if (count < 1) {
        return;
    }
    const int n = qn_lognormal_classes(g.median, g.sigma, count, (int)g.classes, counts, diameters);
    for (int k = 0; k < n; k++) {
        append(to, counts[k], diameters[k], item, path, faults);
    }
}

/// One sieve class: balls of its share of the mass; adds it to `shares`.
static void read_class(const struct target *to, struct qn_yaml *item, const char *path, double mass,
                       double *shares, struct qn_faults *faults)
{
    struct qn_deck_group g = {0};
    const int before = faults->count;
    qn_schema_read(&qn_deck_sieve_table, item, path, &g, faults);
    if (faults->count > before) {
        return;
    }
    if (g.from > g.to) {
        qn_fault_key(faults, item, path, "from is larger than to");
        return;
    }
    const double d = qn_sieve_diameter(g.from, g.to), one = to->unit_mass * d * d * d;
    *shares += g.share;
    if (one > 0.0) {
        append(to, count_of(to, g.share * mass, one, item, path, faults), d, item, path, faults);
    }
}

static void read_sieve(const struct target *to, struct qn_yaml *item, const char *path,
                       struct qn_faults *faults)
{
    static const struct qn_field mass_row = {
        .path = "mass", .unit = "kg", .min = 0, .max = 1e4, .flags = QN_ABOVE};
    struct qn_yaml *classes = qn_yaml_get(item, "sieve");
    const struct qn_yaml *mass = qn_yaml_get(item, "mass");
    char own[PATH];
    double total = 0.0, shares = 0.0;
    if (!mass || item->count != 2) {
        qn_fault_key(faults, item, path, "a sieve group is {mass, sieve} and nothing else");
        return;
    }
    snprintf(own, sizeof own, "%.120s.mass", path);
    if (!qn_schema_double(&mass_row, mass, own, &total, faults)) {
        return;
    }
    if (classes->kind != QN_YAML_LIST || classes->count < 1) {
        qn_fault_value(faults, classes, path, "a list of {from, to, share} is wanted");
        return;
    }
    const int before = faults->count;
    for (int k = 0; k < classes->count; k++) {
        snprintf(own, sizeof own, "%.120s.sieve[%d]", path, k);
        read_class(to, classes->child[k], own, total, &shares, faults);
    }
    if (faults->count == before && fabs(shares - 1.0) > 1e-6) {
        qn_fault_value(faults, classes, path, "the shares of mass add up to %.6g, not to 1",
                       shares);
    }
}

static void read_groups(const struct target *to, struct qn_yaml *node, const char *path,
                        struct qn_faults *faults)
{
    if (node->kind != QN_YAML_LIST || node->count < 1 || node->count > QN_MAX_GROUPS) {
        qn_fault_value(faults, node, path, "a list of 1 to %d groups is wanted", QN_MAX_GROUPS);
        return;
    }
    for (int k = 0; k < node->count; k++) {
        struct qn_yaml *item = node->child[k];
        const bool map = item->kind == QN_YAML_MAP;
        char own[PATH];
        snprintf(own, sizeof own, "%.120s[%d]", path, k);
        if (map && qn_yaml_get(item, "sieve")) {
            read_sieve(to, item, own, faults);
        } else if (map && qn_yaml_get(item, "median")) {
            read_lognormal(to, item, own, faults);
        } else {
            read_equal(to, item, own, faults);
        }
    }
}

static void write_groups(int n, const struct qn_deck_size *group, int indent, struct qn_text *text)
{
    qn_text_add(text, "\n");
    for (int k = 0; k < n; k++) {
        char diameter[QN_NUMBER_TEXT];
        qn_text_add(text, "%*s- {count: %" PRId64 ", diameter: %s m}\n", indent, "", group[k].count,
                    qn_number_text(group[k].diameter, diameter));
    }
}

void qn_read_groups(const struct qn_field *field, struct qn_yaml *node, const char *path, void *out,
                    struct qn_faults *faults)
{
    (void)field;
    struct qn_deck *deck = out;
    const struct target to = {"balls", unit_mass(deck, deck->balls.material), &deck->balls.n_groups,
                              deck->balls.group};
    read_groups(&to, node, path, faults);
}

void qn_write_groups(const struct qn_field *field, const void *in, int indent, struct qn_text *text)
{
    (void)field;
    const struct qn_deck *deck = in;
    write_groups(deck->balls.n_groups, deck->balls.group, indent, text);
}

void qn_read_parcel_groups(const struct qn_field *field, struct qn_yaml *node, const char *path,
                           void *out, struct qn_faults *faults)
{
    (void)field;
    struct qn_deck *deck = out;
    struct qn_deck_run *run = &deck->run;
    const struct target to = {"parcels", unit_mass(deck, deck->powder.material),
                              &run->n_parcel_groups, run->parcel_group};
    if (node->kind == QN_YAML_SCALAR && strcmp(node->text, "none") == 0) {
        return;
    }
    run->parcels_listed = 1;
    if (deck->powder.material < 0) {
        qn_fault_value(faults, node, path, "there is no powder section to take their density from");
        return;
    }
    read_groups(&to, node, path, faults);
}

void qn_write_parcel_groups(const struct qn_field *field, const void *in, int indent,
                            struct qn_text *text)
{
    (void)field;
    const struct qn_deck_run *run = &((const struct qn_deck *)in)->run;
    if (run->parcels_listed) {
        write_groups(run->n_parcel_groups, run->parcel_group, indent, text);
    } else {
        qn_text_add(text, " none\n");
    }
}

void qn_deck_parcels(struct qn_deck *deck, struct qn_yaml *root, struct qn_faults *faults)
{
    struct qn_deck_run *run = &deck->run;
    const int material = deck->powder.material;
    int64_t count = 0;
    double mass = 0.0;
    if (!run->parcels_listed) {
        if (material >= 0 && run->parcels > 0) { // one size from count and mass
            const double density = deck->material[material].density;
            run->n_parcel_groups = 1;
            run->parcel_group[0] = (struct qn_deck_size){
                run->parcels, qn_parcel_diameter(run->parcel_mass, (double)run->parcels, density)};
            run->one_parcel[0] = run->parcel_mass / (double)run->parcels;
        }
        return;
    }
    for (int g = 0; g < run->n_parcel_groups; g++) {
        run->one_parcel[g] = unit_mass(deck, material) * pow(run->parcel_group[g].diameter, 3);
        count += run->parcel_group[g].count;
        mass += (double)run->parcel_group[g].count * run->one_parcel[g];
    }
    if (run->parcels != 0 && run->parcels != count) {
        qn_fault_at(faults, root, "run.parcels",
                    "run.parcel_groups has %" PRId64 " parcels; leave this key out", count);
    }
    if (run->parcel_mass > 0.0 && fabs(run->parcel_mass / mass - 1.0) > 1e-9) {
        qn_fault_at(faults, root, "run.parcel_mass",
                    "run.parcel_groups weighs %.6g g; leave this key out", 1e3 * mass);
    }
    run->parcels = count;
    run->parcel_mass = mass;
}
