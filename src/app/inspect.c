/// @file
/// What a file holds, in words: a fault as tables, anything else as a list of its datasets.
#include <stdio.h>
#include <string.h>

#include "app/fault_dump.h"
#include "io/store.h"
#include "io/store_items.h"

static void add_table(const struct qn_store *store, const char *name, struct qn_text *text)
{
    char path[64];
    int rank;
    size_t dims[QN_STORE_RANK];
    snprintf(path, sizeof path, "/fault/%s_columns", name);
    const char *columns = qn_store_get_text(store, path);
    snprintf(path, sizeof path, "/fault/%s", name);
    const double *table = qn_store_get(store, path, &rank, dims);
    if (!columns || !table) {
        qn_text_add(text, "\nno %s\n", name);
        return;
    }
    qn_text_add(text, "\n%s, nearest first\n ", name);
    for (const char *at = columns; *at;) {
        const size_t length = strcspn(at, "\n");
        qn_text_add(text, " %18.*s", (int)length, at);
        at += length + (at[length] == '\n');
    }
    for (size_t r = 0; r < dims[0]; r++) {
        qn_text_add(text, "\n ");
        for (size_t c = 0; c < dims[1]; c++) {
            qn_text_add(text, " %18.9g", table[r * dims[1] + c]);
        }
    }
    qn_text_add(text, "\n");
}

static void add_fault(const struct qn_store *store, struct qn_text *text)
{
    const char *stage = qn_store_get_text(store, "/fault/stage");
    const double *time = qn_store_get(store, "/fault/time", NULL, NULL);
    const double *step = qn_store_get(store, "/fault/step", NULL, NULL);
    qn_text_add(text, "%s\n", qn_store_get_text(store, "/fault/words"));
    if (stage && time && step) {
        qn_text_add(text, "stage %s, mill time %.9g s, step %.0f\n", stage, *time, *step);
    }
    add_table(store, "bodies", text);
    add_table(store, "contacts", text);
    qn_text_add(text, "\nA contact's j below 0 is wall -1 - j. The deck is in /deck.\n");
}

static void add_list(const struct qn_store *store, struct qn_text *text)
{
    for (size_t k = 0; k < store->n_attributes; k++) {
        const struct qn_store_attribute *a = &store->attribute[k];
        qn_text_add(text, "%s @%s: %s\n", a->path, a->name, a->text);
    }
    for (size_t k = 0; k < store->n_items; k++) {
        const struct qn_store_item *item = &store->item[k];
        char shape[96] = "";
        int at = 0;
        for (int d = 0; d < item->rank && item->kind != QN_STORE_STRING; d++) {
            at += snprintf(shape + at, sizeof shape - (size_t)at, "%s%zu", d ? " x " : "",
                           item->dims[d]);
        }
        qn_text_add(text, "%-48s %-12s %-10s %s\n", item->path,
                    item->kind == QN_STORE_STRING     ? "text"
                    : item->kind == QN_STORE_EXTERNAL ? "link"
                                                      : shape,
                    item->unit ? item->unit : "", item->description ? item->description : "");
    }
}

enum qn_status qn_inspect_text(const char *path, struct qn_text *text)
{
    struct qn_store *store;
    QN_TRY(qn_store_read(path, &store));
    if (qn_store_get_text(store, "/fault/words")) {
        add_fault(store, text);
    } else {
        add_list(store, text);
    }
    qn_store_free(store);
    return QN_OK;
}
