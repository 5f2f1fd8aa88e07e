/// @file
/// Keeping the state around a fault.
#include "dem/fault.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "dem/record.h"
#include "io/text.h"

const char *const qn_fault_body_columns[] = {
    "id",       "species",  "R [m]",    "mass [kg]",  "x [m]",      "y [m]",      "z [m]",
    "vx [m/s]", "vy [m/s]", "vz [m/s]", "wx [rad/s]", "wy [rad/s]", "wz [rad/s]", NULL};

const char *const qn_fault_contact_columns[] = {"i",
                                                "j",
                                                "overlap [m]",
                                                "force [N]",
                                                "largest force [N]",
                                                "v_n at touch [m/s]",
                                                "v_t at touch [m/s]",
                                                "since [s]",
                                                "cut at [s]",
                                                "work [J]",
                                                "lost, normal [J]",
                                                "lost, slip [J]",
                                                NULL};

struct near {
    double d2;
    int i;
};

static int by_distance(const void *a, const void *b)
{
    const struct near *p = a, *q = b;
    return p->d2 != q->d2 ? (p->d2 > q->d2) - (p->d2 < q->d2) : (p->i > q->i) - (p->i < q->i);
}

static void take_body(const struct qn_dem *s, int i, double *row)
{
    struct qn_body_record r;
    qn_record_body(s, i, &r);
    const double head[4] = {(double)r.id, (double)r.species, r.R, r.mass};
    memcpy(row, head, sizeof head);
    memcpy(row + 4, r.x, sizeof r.x);
    memcpy(row + 7, r.v, sizeof r.v);
    memcpy(row + 10, r.w, sizeof r.w);
}

static void take_contact(const struct qn_dem *s, int slot, double *row)
{
    struct qn_contact_record c;
    qn_record_contact(s, slot, &c);
    const double *f = c.push + QN_PUSH_F;
    const double all[QN_FAULT_CONTACT_COLUMNS] = {
        (double)c.i,        (double)c.j,
        c.h[QN_H_DEPTH],    sqrt(f[0] * f[0] + f[1] * f[1] + f[2] * f[2]),
        c.h[QN_H_F_MAX],    c.cold.v_n0,
        c.cold.v_t0,        c.cold.born,
        c.cold.t0,          c.h[QN_H_W],
        c.h[QN_H_W_NORMAL], c.h[QN_H_W_SLIP]};
    memcpy(row, all, sizeof all);
}

/// The bodies nearest to body i, which may itself be nowhere: then to where it was listed last.
static void take_bodies(const struct qn_dem *s, int i, struct qn_fault *out, int *chosen)
{
    const double *x = s->body[i].x;
    const double *at = isfinite(x[0] + x[1] + x[2]) ? x : s->built[i];
    struct near *near = qn_alloc((size_t)s->n, sizeof *near);
    for (int k = 0; k < s->n; k++) {
        near[k].i = k;
        for (int d = 0; d < 3 && k != i; d++) {
            const double off = s->body[k].x[d] - at[d];
            near[k].d2 += isfinite(off) ? off * off : 0.0;
        }
    }
    qsort(near, (size_t)s->n, sizeof *near, by_distance);
    out->n_bodies = s->n < QN_FAULT_BODIES ? s->n : QN_FAULT_BODIES;
    for (int k = 0; k < out->n_bodies; k++) {
        chosen[k] = near[k].i;
        take_body(s, near[k].i, out->body[k]);
    }
    qn_free(near);
}

/// Open contacts of body i, then those of its neighbours, each once. Between a rebuild and the
/// lists that follow it slots mean nothing.
static void take_contacts(const struct qn_dem *s, const int *chosen, struct qn_fault *out)
{
    for (int k = 0; k < out->n_bodies && s->stale != 2 && s->gather_row; k++) {
        const int i = chosen[k];
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
            const int slot = s->gather[e] >> 1, first = !(s->gather[e] & 1);
            const int mine = k == 0 || first;
            if (mine && qn_record_is_open(s, slot) && out->n_contacts < QN_FAULT_CONTACTS) {
                double *row = out->contact[out->n_contacts];
                take_contact(s, slot, row);
                int again = 0;
                for (int q = 0; q < out->n_contacts; q++) {
                    again |= out->contact[q][0] == row[0] && out->contact[q][1] == row[1];
                }
                out->n_contacts += !again;
            }
        }
    }
}

/// "; touches body 5 (overlap 12 um), wall 1 (3 um)" for the body's own contacts.
static void name_contacts(const struct qn_fault *f, struct qn_text *text)
{
    enum { MOST = 4 };
    int named = 0;
    for (int k = 0; k < f->n_contacts; k++) {
        const double *c = f->contact[k];
        const int64_t i = (int64_t)c[0], j = (int64_t)c[1], other = i == f->id ? j : i;
        if ((i == f->id || j == f->id) && named++ < MOST) {
            qn_text_add(text, "%s %s %lld (overlap %.3g um)", named == 1 ? "; touches" : ",",
                        other < 0 ? "wall" : "body", (long long)(other < 0 ? -1 - other : other),
                        1e6 * c[2]);
        }
    }
    if (named > MOST) {
        qn_text_add(text, " and %d more", named - MOST);
    }
}

enum qn_status qn_fault_take(const struct qn_dem_model *m, struct qn_dem *s, int i)
{
    int chosen[QN_FAULT_BODIES] = {0};
    struct qn_text text = {0};
    if (!s->fault) {
        s->fault = qn_alloc(1, sizeof *s->fault);
    }
    struct qn_fault *f = s->fault;
    *f = (struct qn_fault){
        .id = s->id[i], .step = s->step, .time = m->dt * (double)s->step, .rank = s->group->rank};
    take_bodies(s, i, f, chosen);
    take_contacts(s, chosen, f);
    qn_text_add(&text, "%s", qn_error_text());
    name_contacts(f, &text);
    if (s->group->size > 1) {
        qn_text_add(&text, "; rank %d", s->group->rank);
    }
    snprintf(f->words, sizeof f->words, "%s", text.text);
    qn_text_free(&text);
    return qn_fail(QN_ERR_PHYSICS, "%s", f->words);
}

int qn_fault_gather(struct qn_dem *s, struct qn_fault *out)
{
    void *all;
    size_t total;
    qn_group_gather(s->group, s->fault, s->fault ? sizeof *s->fault : 0, &all, &total);
    const int there = s->group->rank == 0 && total >= sizeof *out;
    if (there) {
        memcpy(out, all, sizeof *out);
    }
    qn_free(all);
    return there;
}
