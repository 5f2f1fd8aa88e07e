/// @file
/// Read, resolve and check a deck.
#include "app/deck.h"

#include <inttypes.h>
#include <string.h>

#include "app/deck_derived.h"
#include "app/deck_fields.h"
#include "base/array.h"
#include "base/hash.h"

/// Goes up when the mechanics gives other numbers for the same deck, or a window holds other
/// things, so that no window of an older binary is taken for one of this.
enum { MECHANICS_REVISION = 15 };

static const double ROOM = 298.15; // [K], of gas and bulk in a deck without these sections

static void free_files(struct qn_deck *deck)
{
    qn_pose_table_free(&deck->mill.table);
    qn_mesh_free(&deck->vial.mesh);
}

/// File name without folders and ending.
static void name_from_path(const char *path, char *name, size_t size)
{
    const char *slash = strrchr(path, '/');
    const char *base = slash ? slash + 1 : path;
    const char *dot = strrchr(base, '.');
    const size_t length = dot && dot > base ? (size_t)(dot - base) : strlen(base);
    snprintf(name, size, "%.*s", (int)(length < size ? length : size - 1), base);
}

/// A path in the deck is meant from where the deck is.
static void resolve_path(const char *deck_path, char *file, size_t size)
{
    const char *slash = strrchr(deck_path, '/');
    if (file[0] == '\0' || file[0] == '/' || !slash) {
        return;
    }
    char joined[1024];
    snprintf(joined, sizeof joined, "%.*s%s", (int)(slash - deck_path + 1), deck_path, file);
    snprintf(file, size, "%.*s", (int)size - 1, joined);
}

/// Text of all that the mechanics of a window depends on, in table order.
static uint64_t mechanical_hash(const struct qn_deck *deck)
{
    struct qn_text text = {0};
    qn_text_add(&text, "revision: %d\n", MECHANICS_REVISION);
    struct qn_deck as = *deck; // borrows what it owns; windows hold what the law moves between them
    as.powder.coating = QN_COATING_CONSTANT;
    for (int on = 0; on < 2; on++) {
        as.powder.coating_on[on] = qn_deck_coating(deck, on);
    }
    as.powder.layer = as.powder.coating_on[0] + as.powder.coating_on[1];
    qn_schema_write(qn_deck_table(), &as, 0, QN_DECK_MECHANICS, &text);
    if (deck->vial.mesh.n_tri > 0) { // what the file says, not what it is called
        qn_text_add(&text, "mesh: %016" PRIx64 "\n", qn_mesh_hash(&deck->vial.mesh));
    }
    const struct qn_pose_table *poses = &deck->mill.table;
    if (poses->rows > 0) { // what the file says, not what it is called
        const size_t rows = (size_t)poses->rows;
        const uint64_t h = qn_hash(0, poses->t, rows * sizeof *poses->t);
        qn_text_add(&text, "poses: %016" PRIx64 "\n",
                    qn_hash(h, poses->y, rows * (QN_TABLE_COLUMNS - 1) * sizeof *poses->y));
    }
    if (deck->run.window_powder == QN_POWDER_PARCELS) {
        char mass[QN_NUMBER_TEXT];
        qn_text_add(&text, "parcels: %lld\nparcel_mass: %s\n", (long long)deck->run.parcels,
                    qn_number_text(deck->run.parcel_mass, mass));
        if (deck->run.parcels_listed) {
            qn_write_parcel_groups(NULL, deck, 0, &text);
        }
    }
    const uint64_t hash = qn_hash(0, text.text, text.length);
    qn_text_free(&text);
    return hash;
}

/// The file of a mill that reads one.
static void read_poses(const char *path, struct qn_deck *deck, struct qn_yaml *root,
                       struct qn_faults *faults)
{
    const int at = qn_mill_laws[deck->mill.type]->path_at;
    if (at < 0) {
        return;
    }
    char *file = (char *)deck->mill.own + at;
    resolve_path(path, file, QN_MILL_PATH);
    if (qn_pose_table_read(file, &deck->mill.table) != QN_OK) {
        qn_fault_at(faults, root, "mill.file", "%s", qn_error_text());
    }
}

/// The file of a vial that reads one.
static void read_mesh(const char *path, struct qn_deck *deck, struct qn_yaml *root,
                      struct qn_faults *faults)
{
    const struct qn_vial_law *law = qn_vial_laws[deck->vial.shape];
    if (law->path_at < 0) {
        return;
    }
    char *file = (char *)deck->vial.own + law->path_at;
    resolve_path(path, file, QN_MILL_PATH);
    if (qn_mesh_read(file, law->unit(deck->vial.own), &deck->vial.mesh) != QN_OK) {
        qn_fault_at(faults, root, "vial.file", "%s", qn_error_text());
    }
}

static void read_tree(struct qn_yaml_doc *doc, const char *path, struct qn_deck *deck,
                      struct qn_faults *faults)
{
    deck->powder.material = -1;
    deck->chemistry.fill_temperature = ROOM;
    deck->chemistry.bulk_temperature = ROOM;
    qn_schema_read(qn_deck_table(), doc->root, "", deck, faults);
    snprintf(deck->path, sizeof deck->path, "%.511s", path);
    if (deck->name[0] == '\0') {
        name_from_path(path, deck->name, sizeof deck->name);
    }
    resolve_path(path, deck->chemistry.mechanism, sizeof deck->chemistry.mechanism);
    if (faults->count == 0) {
        qn_deck_parcels(deck, doc->root, faults);
        read_poses(path, deck, doc->root, faults);
        read_mesh(path, deck, doc->root, faults);
    }
    if (faults->count == 0) {
        qn_deck_check(deck, doc->root, faults);
    }
}

void qn_deck_resolve(struct qn_deck *deck)
{
    struct qn_text text = {0};
    qn_schema_write(qn_deck_table(), deck, 0, 0, &text);
    deck->resolved = text.text; // the deck owns it now
    deck->mechanical_hash = mechanical_hash(deck);
}

enum qn_status qn_deck_read(const char *path, const struct qn_override *set, int n_set,
                            struct qn_deck *deck)
{
    memset(deck, 0, sizeof *deck);
    struct qn_yaml_doc doc;
    QN_TRY(qn_yaml_read(path, &doc));
    struct qn_faults faults = {0};
    for (int k = 0; k < n_set; k++) {
        if (qn_yaml_set(&doc, set[k].key, set[k].value) != QN_OK) {
            qn_text_add(&faults.text, "%s\n", qn_error_text());
            faults.count++;
        }
    }
    if (qn_deck_preset(path, &doc) != QN_OK) {
        qn_text_add(&faults.text, "%s\n", qn_error_text());
        faults.count++;
    }
    read_tree(&doc, path, deck, &faults);
    qn_yaml_free(&doc);
    const enum qn_status status = qn_faults_end(&faults);
    if (status != QN_OK) {
        free_files(deck);
        return status;
    }

    qn_deck_resolve(deck);
    return QN_OK;
}

void qn_deck_free(struct qn_deck *deck)
{
    qn_free(deck->resolved);
    free_files(deck);
    memset(deck, 0, sizeof *deck);
}

char *qn_deck_help(void)
{
    const struct qn_table *const tables[] = {
        qn_deck_table(),          &qn_deck_leg_table,       &qn_deck_stage_table,
        &qn_deck_rod_table,       &qn_deck_material_table,  &qn_deck_group_table,
        &qn_deck_lognormal_table, &qn_deck_sieve_table,     &qn_deck_powder_table,
        &qn_deck_gas_table,       &qn_deck_chemistry_table, &qn_deck_wear_table};
    struct qn_text text = {0};
    for (size_t k = 0; k < sizeof tables / sizeof *tables; k++) {
        qn_schema_help(tables[k], &text);
    }
    return text.text;
}
