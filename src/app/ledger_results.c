/// @file
/// The two books in a run file.
#include "app/ledger_results.h"

#include <stdio.h>

void qn_ledger_results(struct qn_store *store, const char *group, const struct qn_ledger *l)
{
    const struct {
        const char *name;
        double value;
        const char *unit, *text;
    } row[] = {
        {"start", l->start, "J", "kinetic energy at the start"},
        {"kinetic", l->kinetic, "J", "kinetic energy at the end, vial-centred axes"},
        {"drive", l->drive, "J", "work of the moving walls"},
        {"frame", l->frame, "J", "work of the frame's acceleration"},
        {"gravity", l->gravity, "J", "work of gravity"},
        {"contacts", l->contacts, "J", "work of contacts on the pairs"},
        {"stored", l->stored, "J", "elastic energy of open contacts"},
        {"normal", l->normal, "J", "dissipated by damping and plastic flow"},
        {"slip", l->slip, "J", "dissipated by sliding"},
        {"roll", l->roll, "J", "dissipated by rolling resistance"},
        {"twist", l->twist, "J", "dissipated by twisting resistance"},
        {"cohesion", l->cohesion, "J", "what necks held when they broke"},
        {"e_num", l->e_num, "J", "integrator's own error, summed contact by contact"},
        {"residual_a", l->residual_a, "1", "first book: kinetic energy against all works"},
        {"residual_b", l->residual_b, "1", "second book: integrator's error over dissipation"},
    };
    for (size_t k = 0; k < sizeof row / sizeof *row; k++) {
        char path[96];
        snprintf(path, sizeof path, "%s/%s", group, row[k].name);
        qn_store_number(store, path, row[k].value, row[k].unit, row[k].text);
    }
}
