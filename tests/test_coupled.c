// Carriers coupled through their gas: tight references, conservation, linear cost.
#include <criterion/criterion.h>

#include <stdio.h>

#include "coupled_fixture.h"

#define DELGADO QUERN_SOURCE_DIR "/inputs/mechanisms/delgado2015-ni.yaml"
#define GUAN QUERN_SOURCE_DIR "/inputs/guan2025/mechanism.yaml"

// `extent` [n_reactions] and, per carrier, `given` [n_gas] may be NULL
static struct qn_coupled_count advance_books(struct crowd *c, double dt, double *extent,
                                             double *given)
{
    struct qn_coupled_count count;
    struct qn_coupled *solver = qn_coupled_new(&c->m, 2, 1, NULL);
    cr_assert(qn_coupled_run(solver, &c->set, c->carrier, c->n, dt, &c->gas, &count) == QN_OK, "%s",
              qn_error_text());
    if (extent) {
        memcpy(extent, qn_coupled_extents(solver), (size_t)c->m.n_reactions * sizeof *extent);
    }
    for (int i = 0; i < c->n && given; i++) {
        qn_coupled_given(solver, i, given + i * c->m.n_gas);
    }
    qn_coupled_free(solver);
    return count;
}

static struct qn_coupled_count advance(struct crowd *c, double dt)
{
    return advance_books(c, dt, NULL, NULL);
}

// carriers that are alike are one carrier of their mass: chem/pulse.h has that case
static void against_batch(const char *path)
{
    struct crowd c;
    crowd_make(&c, path, 300, 0);
    const int n = c.m.n_surface, ng = c.m.n_gas;
    double y[QN_MAX_SPECIES], gas[QN_MAX_SPECIES], total = 0.0;
    memcpy(y, c.y, sizeof *y * (size_t)n);
    qn_gas_concentrations(&c.gas, gas);
    for (int i = 0; i < c.n; i++) {
        total += c.carrier[i].mass;
    }
    struct qn_pulse_work w;
    qn_pulse_init(&w, &c.m);
    struct qn_pulse_settings tight = c.set;
    tight.rtol = 1e-9;
    cr_assert(qn_pulse_batch(&c.matter[0], &tight, c.carrier[0].T, 0.3, c.gas.volume / total, gas,
                             y, &w) == QN_OK);
    c.set.rtol = 1e-6;
    double extent[128], most = 0.0;
    (void)advance_books(&c, 0.3, extent, NULL);
    for (int r = 0; r < c.m.n_reactions; r++) {
        most = fmax(most, total * fabs(w.extent[r]));
    }
    for (int r = 0; r < c.m.n_reactions; r++) {
        const double want = total * w.extent[r];
        cr_expect(fabs(extent[r] - want) < 1e-5 * fabs(want) + 1e-6 * most,
                  "extent %d: %.9g, alone %.9g", r, extent[r], want);
    }
    for (int i = 0; i < c.n; i += 37) {
        for (int k = 0; k < n; k++) {
            const double room = qn_matter_room(&c.matter[0], k);
            cr_expect(fabs(c.carrier[i].y[k] - y[k]) < 1e-5 * y[k] + 1e-9 * room,
                      "%d %s: %.9g, alone %.9g of %g", i, c.m.species[k].name, c.carrier[i].y[k],
                      y[k], room);
        }
    }
    double all = 0.0;
    for (int g = 0; g < ng; g++) {
        all += gas[g];
    }
    for (int g = 0; g < ng; g++) {
        const double now = c.gas.moles[g] / c.gas.volume;
        cr_expect(fabs(now - gas[g]) < 1e-5 * gas[g] + 1e-9 * all, "gas %d: %.9g, alone %.9g", g,
                  now, gas[g]);
    }
    qn_pulse_free(&w);
    crowd_free(&c);
}

Test(coupled, carriers_that_are_alike_are_one_carrier_in_a_closed_batch)
{
    against_batch(DELGADO);
    against_batch(GUAN);
}

// Slopes of the solution by differences against rates of chem/rates.h, carrier by carrier: the
// numbers in a run of 0.02 s and of 0.02 (1 +- 1e-3) s.
Test(coupled, carriers_unlike_in_all_follow_their_own_rates)
{
    enum { N = 21 };
    struct crowd c[3];
    const double t = 0.02, step = 1e-3;
    for (int i = 0; i < 3; i++) {
        crowd_make(&c[i], DELGADO, N, 1);
        c[i].set.rtol = 1e-8;
        (void)advance(&c[i], t * (1.0 + (i - 1) * step));
    }
    const struct qn_mechanism *m = &c[1].m;
    struct qn_rates w;
    qn_rates_init(&w, m);
    double gas[QN_MAX_SPECIES], made[QN_MAX_SPECIES], sum[QN_MAX_SPECIES] = {0.0};
    double gross[QN_MAX_SPECIES] = {0.0};
    qn_gas_concentrations(&c[1].gas, gas);
    for (int i = 0; i < N; i++) {
        const struct qn_coupled_carrier *x = &c[1].carrier[i];
        w.T = -1.0;
        qn_rates_constants(x->matter, x->T, &w);
        qn_rates_progress(x->matter, x->y, gas, &w);
        qn_rates_production(m, w.q, made);
        for (int k = 0; k < m->n_surface; k++) {
            const double slope = (c[2].carrier[i].y[k] - c[0].carrier[i].y[k]) / (2.0 * step * t);
            const double scale = qn_matter_room(x->matter, k);
            cr_expect(fabs(slope - made[k]) < 1e-4 * fabs(made[k]) + 1e-6 * scale / t,
                      "%d %s: %.6g, rate %.6g", i, m->species[k].name, slope, made[k]);
        }
        for (int g = 0; g < m->n_gas; g++) {
            sum[g] += x->mass * made[m->n_surface + g];
            gross[g] += fabs(x->mass * made[m->n_surface + g]);
        }
    }
    for (int g = 0; g < m->n_gas; g++) {
        const double slope = (c[2].gas.moles[g] - c[0].gas.moles[g]) / (2.0 * step * t);
        cr_expect(fabs(slope - sum[g]) < 1e-4 * gross[g], "gas %d: %.6g, rates %.6g of %.6g", g,
                  slope, sum[g], gross[g]);
    }
    qn_rates_free(&w);
    for (int i = 0; i < 3; i++) {
        crowd_free(&c[i]);
    }
}

static double amount(const struct qn_mechanism *m, int row, int k)
{
    const struct qn_species *s = &m->species[k];
    return row < m->n_elements ? s->element[row]
                               : (k < m->n_sites && s->phase == row - m->n_elements) * s->sites;
}

// Extents and what each carrier gave are kept beside the state: both must tell what the gas and
// all carriers gained. Round-off only: a step's production is that of its extents.
Test(coupled, books_of_a_run_balance_with_what_it_changed)
{
    struct crowd c, was;
    crowd_make(&c, DELGADO, 130, 1);
    crowd_make(&was, DELGADO, 130, 1);
    const struct qn_mechanism *m = &c.m;
    double extent[128], made[QN_MAX_SPECIES], given[130 * QN_MAX_SPECIES];
    (void)advance_books(&c, 1e-3, extent, given);
    qn_rates_production(m, extent, made);
    double gross[QN_MAX_SPECIES] = {0.0};
    for (int r = 0; r < m->n_reactions; r++) {
        double one[128] = {0.0}, by_one[QN_MAX_SPECIES];
        one[r] = extent[r];
        qn_rates_production(m, one, by_one);
        for (int k = 0; k < m->n_species; k++) {
            gross[k] += fabs(by_one[k]);
        }
    }
    for (int k = 0; k < m->n_species; k++) {
        double gained = 0.0, gave = 0.0;
        if (k >= m->n_surface) {
            gained = c.gas.moles[k - m->n_surface] - was.gas.moles[k - m->n_surface];
        }
        for (int i = 0; i < c.n; i++) {
            if (k < m->n_surface) {
                const double *now = c.carrier[i].y, *then = was.carrier[i].y;
                gained += c.carrier[i].mass * (now[k] - then[k]);
            } else {
                gave += c.carrier[i].mass * given[i * m->n_gas + k - m->n_surface];
            }
        }
        cr_expect(fabs(gained - made[k]) < 1e-9 * gross[k], "%s: gained %.12g, made %.12g of %g",
                  m->species[k].name, gained, made[k], gross[k]);
        const double off = k < m->n_surface ? 0.0 : gave - gained;
        cr_expect(fabs(off) < 1e-12 * gross[k], "%s: %.3g", m->species[k].name, off);
    }
    crowd_free(&c);
    crowd_free(&was);
}

Test(coupled, elements_and_sites_are_kept_and_nothing_is_negative)
{
    struct crowd c, was;
    crowd_make(&c, GUAN, 300, 1);
    crowd_make(&was, GUAN, 300, 1);
    const struct qn_mechanism *m = &c.m;
    (void)advance(&c, 100.0);
    for (int e = 0; e < m->n_elements; e++) {
        double before = 0.0, after = 0.0;
        for (int i = 0; i < c.n; i++) {
            for (int k = 0; k < m->n_surface; k++) {
                before += amount(m, e, k) * was.carrier[i].mass * was.carrier[i].y[k];
                after += amount(m, e, k) * c.carrier[i].mass * c.carrier[i].y[k];
            }
        }
        for (int g = 0; g < m->n_gas; g++) {
            before += amount(m, e, m->n_surface + g) * was.gas.moles[g];
            after += amount(m, e, m->n_surface + g) * c.gas.moles[g];
            cr_expect(c.gas.moles[g] >= 0.0);
        }
        cr_expect(fabs(after / before - 1.0) < 1e-12, "%s: %.2e", m->element[e],
                  after / before - 1.0);
    }
    for (int i = 0; i < c.n; i++) {
        for (int p = 0; p < m->n_phases - 1; p++) {
            double sites = 0.0;
            for (int k = 0; k < m->n_sites; k++) {
                sites += amount(m, m->n_elements + p, k) * c.carrier[i].y[k];
                cr_expect(c.carrier[i].y[k] >= 0.0);
            }
            const double want = m->phase[p].site_density * c.matter[i].area[p];
            cr_expect(fabs(sites / want - 1.0) < 1e-12, "%d phase %d: %.2e", i, p,
                      sites / want - 1.0);
        }
    }
    crowd_free(&c);
    crowd_free(&was);
}

// Alike, so that the steps are the same: factorisations and bytes per carrier do not grow.
Test(coupled, work_and_memory_are_linear_in_carriers)
{
    double factored[2], bytes[2];
    for (int i = 0; i < 2; i++) {
        struct crowd c;
        crowd_make(&c, DELGADO, i ? 4096 : 512, 0);
        const struct qn_coupled_count count = advance(&c, 1e-3);
        factored[i] = (double)count.factored / c.n;
        bytes[i] = (double)count.bytes / c.n;
        cr_expect(count.factored == (int64_t)c.n * (count.steps + count.rejects));
        crowd_free(&c);
    }
    cr_expect(fabs(factored[1] - factored[0]) <= 0.02 * factored[0], "%g and %g", factored[0],
              factored[1]);
    cr_expect(fabs(bytes[1] - bytes[0]) < 0.02 * bytes[0], "%g and %g bytes", bytes[0], bytes[1]);
}
