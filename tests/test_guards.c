// What happens when something is wrong: paranoid steps see lists and forces that lie, and a guard
// leaves words and a dump that `quern inspect` reads.
#include "dem/contact_law.h"
#include "dem/fault.h"
#include "dem/insert.h"
#include "dem/paranoid.h"
#include "dem_fixture.h"
#include "run_fixture.h"

TestSuite(guards, .init = enter, .fini = leave, .timeout = 120);

static void fill(const struct qn_dem_model *m, struct qn_dem *s)
{
    const struct qn_insert group[2] = {{0, 12, 3e-3}, {1, 150, 0.7e-3}};
    qn_dem_init(m, s, 1);
    cr_assert(qn_insert_bodies(m, s, group, 2, 3) == QN_OK, "%s", qn_error_text());
    cr_assert(qn_dem_start(m, s) == QN_OK, "%s", qn_error_text());
}

// Balls and parcels in a planetary vial under every law, checked at every third step, against the
// same without: the same bits.
Test(guards, paranoid_steps_agree_with_the_engine_under_every_law)
{
    for (int law = 0; qn_contact_laws[law]; law++) {
        uint64_t hash[2];
        struct qn_dem_model m = mixed_bed();
        for (int k = 0; k < m.n_classes; k++) {
            struct qn_pair_class *c = &m.classes[k];
            c->law = law;
            c->stiffness = 1e5;
            c->tangential = 0.3;
            c->yield_pressure = 1e8;
            c->surface_energy = 0.1;
            c->twisting = 0.2;
            c->capped = c->capped && law == 0;
        }
        for (int doubt = 0; doubt < 2; doubt++) {
            struct qn_dem s;
            const struct qn_episode *events;
            size_t n;
            fill(&m, &s);
            s.paranoid = doubt ? 3 : 0;
            for (int k = 0; k < 20000; k++) {
                if (doubt && k == 2000) { // then now and then
                    s.paranoid = 97;
                }
                cr_assert(qn_dem_step(&m, &s) == QN_OK, "%s: %s", qn_contact_laws[law]->name,
                          qn_error_text());
                qn_dem_drain(&s, &events, &n);
            }
            cr_expect(gt(i64, s.n_episodes, 100));
            hash[doubt] = qn_dem_hash(&s);
            qn_dem_free(&s);
        }
        cr_expect(eq(u64, hash[0], hash[1]));
    }
}

// an open contact between bodies, found by the gather rows: entry index, or -1
static int an_open_contact(const struct qn_dem *s, int *body)
{
    for (int i = 0; i < s->n; i++) {
        for (int e = s->gather_row[i]; e < s->gather_row[i + 1]; e++) {
            const int slot = s->gather[e] >> 1;
            if (slot && *qn_field(s->inner.block, slot, QN_H_DEPTH) > 1e-7 && !s->stale) {
                *body = i;
                return e;
            }
        }
    }
    return -1;
}

// a bed with an open contact that lasts over the next step
static int with_contact(const struct qn_dem_model *m, struct qn_dem *s, int *body)
{
    const struct qn_episode *events;
    size_t n;
    int entry = -1;
    fill(m, s);
    for (int k = 0; k < 40000 && (k < 5000 || entry < 0); k++) {
        cr_assert(qn_dem_step(m, s) == QN_OK, "%s", qn_error_text());
        qn_dem_drain(s, &events, &n);
        entry = an_open_contact(s, body);
    }
    cr_assert(entry >= 0);
    s->paranoid = 1;
    return entry;
}

Test(guards, a_touching_pair_that_is_not_listed_is_found)
{
    const struct qn_dem_model m = mixed_bed();
    struct qn_dem s;
    int body;
    const int entry = with_contact(&m, &s, &body);
    s.gather[entry] = 0;
    cr_assert(qn_dem_step(&m, &s) == QN_ERR_PHYSICS);
    cr_expect(strstr(qn_error_text(), "and the lists do not know it") != NULL, "%s",
              qn_error_text());
    cr_expect(s.fault && s.fault->id == s.id[body] && s.fault->n_bodies == QN_FAULT_BODIES);
    qn_dem_free(&s);
}

Test(guards, a_force_that_goes_to_the_wrong_side_is_found)
{
    const struct qn_dem_model m = mixed_bed();
    struct qn_dem s;
    int body;
    const int entry = with_contact(&m, &s, &body);
    s.gather[entry] ^= 1;
    cr_assert(qn_dem_step(&m, &s) == QN_ERR_PHYSICS);
    cr_expect(strstr(qn_error_text(), "brute force moves body") != NULL, "%s", qn_error_text());
    // the words name whom the body touches, which is not itself
    const char *named = strstr(s.fault->words, "; touches ");
    cr_assert(named != NULL && s.fault->n_contacts > 0);
    const double *first = s.fault->contact[0];
    const long long id = s.fault->id, i = (long long)first[0], j = (long long)first[1];
    const long long other = i == id ? j : i;
    char want[64];
    snprintf(want, sizeof want, " %s %lld (overlap", other < 0 ? "wall" : "body",
             other < 0 ? -1 - other : other);
    const int touches = i == id || j == id;
    cr_expect(touches && strstr(named, want), "%s, not%s", named, want);
    qn_dem_free(&s);
}

static char *inspect(const char *file)
{
    static char text[20000];
    char command[512];
    snprintf(command, sizeof command, "%s inspect %s", QUERN_EXE, file);
    FILE *pipe = popen(command, "r");
    cr_assert(pipe != NULL);
    text[fread(text, 1, sizeof text - 1, pipe)] = '\0';
    cr_assert(eq(int, pclose(pipe), 0));
    return text;
}

Test(guards, a_run_that_a_guard_stops_leaves_a_dump_that_inspect_reads)
{
    cr_assert(
        eq(int, run(SMALL, "--set contact.overlap_limit=0.004 --output a/run.h5 --quiet", 1), 4));
    cr_expect(strstr(words(), "above the guard") != NULL, "%s", words());
    cr_expect(strstr(words(), "; touches ") != NULL, "%s", words());
    cr_expect(strstr(words(), "quern inspect a/run-fault.h5") != NULL, "%s", words());
    const char *text = inspect("a/run-fault.h5");
    cr_expect(strstr(text, "above the guard") && strstr(text, "stage window, mill time"), "%s",
              text);
    cr_expect(strstr(text, "overlap [m]") && strstr(text, "vx [m/s]"), "%s", text);
    struct qn_store *s = load("a/run-fault.h5");
    size_t dims[QN_STORE_RANK];
    const double *body = qn_store_get(s, "/fault/body", NULL, NULL);
    const double *rows = qn_store_get(s, "/fault/bodies", NULL, dims);
    cr_assert(body && rows && dims[0] == 12 && dims[1] == QN_FAULT_BODY_COLUMNS);
    cr_expect(rows[0] == *body, "the body itself is the first");
    qn_store_free(s);
    cr_expect(access("a/run.h5", F_OK) != 0 || strstr(inspect("a/run.h5"), "/deck") != NULL);
}

Test(guards, a_paranoid_run_is_the_same_run)
{
    cr_assert(eq(int, run(SMALL, "--output a/run.h5 --quiet", 1), 0), "%s", words());
    cr_assert(eq(int, run(SMALL, "--paranoid 50 --output b/run.h5 --quiet", 1), 0), "%s", words());
    expect_same_results("a/run.h5", "b/run.h5");
    cr_expect(strstr(inspect("a/run.h5"), "/spectra/collisions/rate") != NULL);
}
