/// @file
/// What a guard leaves when it stops a run: the words, the body, what is around it and what it
/// touches, as plain tables.
#pragma once

#include "dem/state.h"

enum {
    QN_FAULT_BODIES = 48,
    QN_FAULT_CONTACTS = 48,
    QN_FAULT_BODY_COLUMNS = 13,
    QN_FAULT_CONTACT_COLUMNS = 12,
    QN_FAULT_WORDS = 1024
};

struct qn_fault {
    char words[QN_FAULT_WORDS]; ///< of the error, contacts included
    int64_t id, step;           ///< body, step
    double time;                ///< [s]
    int32_t rank;
    int32_t n_bodies, n_contacts;
    double body[QN_FAULT_BODIES][QN_FAULT_BODY_COLUMNS]; ///< nearest first, the body itself is one
    double contact[QN_FAULT_CONTACTS][QN_FAULT_CONTACT_COLUMNS]; ///< among these bodies
};

/// Names of the columns with their units, ended by NULL.
extern const char *const qn_fault_body_columns[], *const qn_fault_contact_columns[];

/// After qn_fail about body i: keep the state around it, and name rank and contacts in the error.
/// @return QN_ERR_PHYSICS
enum qn_status qn_fault_take(const struct qn_dem_model *m, struct qn_dem *s, int i);

/// Collective, after a step failed: rank 0 gets the fault of the lowest rank that has one.
/// @return 1 when there is one in `out`
int qn_fault_gather(struct qn_dem *s, struct qn_fault *out);
