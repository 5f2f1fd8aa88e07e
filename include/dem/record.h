/// @file
/// A body and a contact as they travel: to another rank, to a checkpoint.
///
/// Plain bytes, the same for both; ids, not indices.
#pragma once

#include "dem/state.h"

struct qn_body_record {
    int64_t id, species;
    double x[3], R, v[3], w[3], mass; ///< SI
    double work;                      ///< counted beside its contacts since the last balance
    struct qn_tally tally;
};

struct qn_contact_record {
    int64_t i, j; ///< ids, i < j; a wall surface k is j = -1 - k
    double h[QN_HISTORY], push[QN_PUSH];
    struct qn_touch_const1 k; ///< of a wall that turns they are those of its last step
    struct qn_contact_cold cold;
};

/// Body at index i as a record.
void qn_record_body(const struct qn_dem *s, int i, struct qn_body_record *out);

/// A record into index i, owned by `rank`.
void qn_record_put(struct qn_dem *s, int i, const struct qn_body_record *r, int rank);

/// Does this slot hold an open contact? Slot 0 does not.
int qn_record_is_open(const struct qn_dem *s, int slot);

void qn_record_contact(const struct qn_dem *s, int slot, struct qn_contact_record *out);

/// Local index of an id, -1 when it is not here.
int qn_record_index(const struct qn_dem *s, int64_t id);

/// A contact into its slot of the fresh inner list. Nothing when neither body is owned here.
/// @return QN_ERR_IO when the pair is not listed though one of them is
enum qn_status qn_record_place(struct qn_dem *s, const struct qn_contact_record *c) QN_MUST_USE;
