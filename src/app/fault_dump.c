/// @file
/// Writing the state around a fault.
#include "app/fault_dump.h"

#include <stdio.h>
#include <string.h>

#include "dem/fault.h"

/// A table with the names of its columns beside it.
static void put_table(struct qn_store *store, const char *name, int rows, int columns,
                      const double *data, const char *const *names)
{
    char path[64];
    const size_t shape[2] = {(size_t)rows, (size_t)columns};
    struct qn_text text = {0};
    for (int k = 0; names[k]; k++) {
        qn_text_add(&text, "%s%s", k ? "\n" : "", names[k]);
    }
    snprintf(path, sizeof path, "/fault/%s_columns", name);
    qn_store_text(store, path, text.text, "columns of the table, one a line");
    snprintf(path, sizeof path, "/fault/%s", name);
    if (rows > 0) {
        qn_store_array(store, path, 2, shape, data, "SI", "see the columns beside it");
    }
    qn_text_free(&text);
}

static enum qn_status write_fault(const struct qn_session *s, const char *stage,
                                  const struct qn_fault *f, char *path, size_t room)
{
    const char *output = s->options->output;
    const size_t length = strlen(output);
    const int stem =
        length > 3 && strcmp(output + length - 3, ".h5") == 0 ? (int)length - 3 : (int)length;
    struct qn_store *store = qn_store_new();
    snprintf(path, room, "%.*s-fault.h5", stem, output);
    qn_store_attr(store, "/", "kind", "quern fault");
    qn_store_text(store, "/fault/words", f->words, "why the run stopped");
    qn_store_text(store, "/fault/stage", stage, "stage of the run");
    qn_store_number(store, "/fault/body", (double)f->id, "1", "id of the body");
    qn_store_number(store, "/fault/step", (double)f->step, "1", "step");
    qn_store_number(store, "/fault/time", f->time, "s", "mill time");
    qn_store_number(store, "/fault/rank", f->rank, "1", "rank that found it");
    put_table(store, "bodies", f->n_bodies, QN_FAULT_BODY_COLUMNS, &f->body[0][0],
              qn_fault_body_columns);
    put_table(store, "contacts", f->n_contacts, QN_FAULT_CONTACT_COLUMNS, &f->contact[0][0],
              qn_fault_contact_columns);
    qn_store_text(store, "/deck", s->deck->resolved, "deck of the run, resolved");
    enum qn_status status = qn_store_claim(path, 1);
    if (status == QN_OK) {
        status = qn_store_write(store, path);
    }
    qn_store_free(store);
    return status;
}

enum qn_status qn_fault_dump(struct qn_session *s, const char *stage, struct qn_dem *dem,
                             enum qn_status status)
{
    struct qn_fault fault;
    char path[1200], words[QN_FAULT_WORDS];
    if (status != QN_ERR_PHYSICS) {
        return status;
    }
    snprintf(words, sizeof words, "%s", qn_error_text());
    qn_progress_end(&s->progress);
    if (!qn_fault_gather(dem, &fault)) {
        return qn_fail(status, "%s", words); // not rank 0, or no guard of the bodies
    }
    if (write_fault(s, stage, &fault, path, sizeof path) != QN_OK) {
        return qn_fail(status, "%s; and no dump: %.300s", words, qn_error_text());
    }
    return qn_fail(status, "%s; the state around it: quern inspect %s", words, path);
}
