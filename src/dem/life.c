/// @file
/// Life of the mechanical state: bodies in, clock started, digest out.
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/constants.h"
#include "base/hash.h"
#include "dem/domain.h"
#include "dem/engine.h"
#include "dem/ledger.h"
#include "dem/walls.h"

void qn_dem_init(const struct qn_dem_model *m, struct qn_dem *s, int n_threads)
{
    QN_ASSERT(m->n_species > 0 && m->n_species < QN_DEM_SPECIES && m->dt > 0.0);
    memset(s, 0, sizeof *s);
    s->n_threads = n_threads > 1 ? n_threads : 1;
    s->buffer = qn_alloc((size_t)s->n_threads, sizeof *s->buffer);
    s->group = qn_group_solo();
    s->stale = 2;
}

void qn_dem_join(struct qn_dem *s, struct qn_group *group)
{
    QN_ASSERT(s->n == 0);
    s->group = group;
}

static void free_inner(struct qn_inner *in)
{
    qn_free(in->block);
    qn_free(in->push);
    qn_free(in->cold);
    qn_free(in->wall_slot);
}

static void free_outer(struct qn_outer *o)
{
    qn_free(o->row);
    qn_free(o->col);
    qn_free(o->slot);
    qn_free(o->both_row);
    qn_free(o->both);
}

void qn_dem_free(struct qn_dem *s)
{
    for (int t = 0; t < s->n_threads; t++) {
        qn_free(s->buffer[t].event);
    }
    qn_free(s->buffer);
    qn_free(s->drained);
    qn_free(s->fault);
    qn_domain_free(s->domain);
    qn_halo_free(s->halo);
    qn_free(s->id);
    qn_free(s->rank);
    qn_free(s->own);
    qn_free(s->was);
    qn_free(s->id_was);
    qn_free(s->body);
    qn_free(s->mass);
    qn_free(s->species);
    qn_free(s->tally);
    qn_free(s->built);
    qn_free(s->half_skin);
    qn_free(s->allow);
    qn_free(s->work);
    qn_free(s->gather_row);
    qn_free(s->gather);
    qn_free(s->keep);
    free_inner(&s->inner);
    free_inner(&s->inner_old);
    free_outer(&s->outer);
    free_outer(&s->outer_old);
    memset(s, 0, sizeof *s);
}

void qn_dem_room(struct qn_dem *s, size_t n)
{
    qn_grow(&s->body, &s->cap_body, n + 2);
    qn_grow(&s->mass, &s->cap_mass, n);
    qn_grow(&s->species, &s->cap_species, n);
    qn_grow(&s->tally, &s->cap_tally, n);
    qn_grow(&s->built, &s->cap_built, n);
    qn_grow(&s->half_skin, &s->cap_half, n);
    qn_grow(&s->allow, &s->cap_allow, n);
    qn_grow(&s->work, &s->cap_work, n);
    qn_grow(&s->id, &s->cap_id, n);
    qn_grow(&s->rank, &s->cap_rank, n);
    qn_grow(&s->own, &s->cap_own, n);
    qn_grow(&s->was, &s->cap_was, n);
    qn_grow(&s->id_was, &s->cap_id_was, n);
}

void qn_dem_tidy(const struct qn_dem_model *m, struct qn_dem *s)
{
    s->n_own = 0;
    for (int i = 0; i < s->n; i++) {
        s->own[s->n_own] = i;
        s->n_own += qn_is_own(s, i);
    }
    for (int k = 0; k < 2; k++) { // the dummies that fill unused lanes: apart, off every wall
        struct qn_body *d = &s->body[s->n + k];
        memset(d, 0, sizeof *d);
        d->x[0] = (k ? 0.1 : -0.1) * m->vessel.half[0];
        d->im = d->iI = 1.0;
    }
}

int64_t qn_dem_add(const struct qn_dem_model *m, struct qn_dem *s, int species, double radius,
                   const double x[3], const double v[3], const double spin[3])
{
    QN_ASSERT(s->step == 0 && species >= 0 && species < m->n_species && radius > 0.0);
    qn_dem_room(s, (size_t)s->n + 1);
    const double mass = m->species[species].density * 4.0 / 3.0 * QN_PI * radius * radius * radius;
    struct qn_body *b = &s->body[s->n];
    memset(b, 0, sizeof *b);
    b->R = radius;
    b->im = 1.0 / mass;
    b->iI = 2.5 / (mass * radius * radius);
    memcpy(b->x, x, sizeof b->x);
    memcpy(b->v, v, sizeof b->v);
    memcpy(b->w, spin, sizeof b->w);
    s->mass[s->n] = mass;
    s->species[s->n] = species;
    s->id[s->n] = s->n;
    s->rank[s->n] = s->group->rank;
    s->n_total++;
    return s->n++;
}

/// Half a kick by the body forces and one drift: then positions are at dt, velocities at dt/2.
static void first_step(const struct qn_dem_model *m, const double accel[3], struct qn_body *b,
                       struct qn_tally *tally)
{
    double by_g = 0.0, by_a = 0.0;
    for (int k = 0; k < 3; k++) {
        const double g = m->motion.gravity[k], a = accel[k];
        const double mean = b->v[k] + 0.25 * m->dt * (g - a);
        by_g += g * mean, by_a -= a * mean;
        b->v[k] += 0.5 * m->dt * (g - a);
        b->x[k] += m->dt * b->v[k];
    }
    *tally = (struct qn_tally){0.5 * m->dt * by_g, 0.5 * m->dt * by_a};
}

enum qn_status qn_dem_start(const struct qn_dem_model *m, struct qn_dem *s)
{
    struct qn_pose pose;
    qn_motion_pose(&m->motion, 0.0, &pose);
    s->ke_start = 0.0;
    for (int i = 0; i < s->n; i++) { // every rank has all bodies still
        s->ke_start += qn_body_kinetic(&s->body[i], s->mass[i]);
        first_step(m, pose.accel, &s->body[i], &s->tally[i]);
    }
    s->step = 1;
    return qn_dem_divide(m, s);
}

enum qn_status qn_dem_divide(const struct qn_dem_model *m, struct qn_dem *s)
{
    if (!qn_group_alone(s->group)) {
        s->halo = qn_halo_new(s);
        s->domain = qn_domain_new(s);
    }
    qn_dem_tidy(m, s);
    s->walls_turn = 0;
    for (int k = 0; k < m->vessel.n_walls; k++) {
        s->walls_turn |= !qn_wall_glides(m, &m->vessel.wall[k]);
    }
    s->stale = 2;
    return qn_lists_renew(m, s);
}

double qn_body_kinetic(const struct qn_body *b, double mass)
{
    const double vv = b->v[0] * b->v[0] + b->v[1] * b->v[1] + b->v[2] * b->v[2];
    const double ww = b->w[0] * b->w[0] + b->w[1] * b->w[1] + b->w[2] * b->w[2];
    return 0.5 * mass * vv + 0.5 / b->iI * ww;
}

/// Of one body and its open contacts in the order of their partners.
static uint64_t body_hash(const struct qn_dem *s, int i)
{
    uint64_t h = qn_hash((uint64_t)s->step, &s->id[i], sizeof s->id[i]);
    h = qn_hash(h, s->body[i].x, sizeof s->body[i].x);
    h = qn_hash(h, s->body[i].v, sizeof s->body[i].v);
    h = qn_hash(h, s->body[i].w, sizeof s->body[i].w);
    for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
        const int slot = s->gather[e] >> 1;
        if (!slot || *qn_field(s->inner.block, slot, QN_H_DEPTH) <= 0.0) {
            continue;
        }
        for (int f = 0; f < QN_HISTORY; f++) {
            h = qn_hash(h, qn_field(s->inner.block, slot, f), sizeof(double));
        }
    }
    return h;
}

uint64_t qn_dem_hash(const struct qn_dem *s)
{
    int64_t sum = 0; // of unsigned numbers, which wrap around: any order, any owner
    for (int k = 0; k < s->n_own; k++) {
        sum = (int64_t)((uint64_t)sum + body_hash(s, s->own[k]));
    }
    qn_group_sum_integers(s->group, &sum, 1);
    return qn_hash((uint64_t)s->n_total, &sum, sizeof sum);
}
