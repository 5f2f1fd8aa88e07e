// Vials of triangles: the audit's words, one contact on shared edges, curvature, and meshes against
// the analytic walls they stand for.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <unistd.h>

#include "dem/insert.h"
#include "dem_fixture.h"
#include "model/mesh.h"

static const double R = 3e-3;

struct soup {
    double x[60000][3];
    int n;
};

static struct soup soup;

static void tri(const double a[3], const double b[3], const double c[3])
{
    memcpy(soup.x[soup.n++], a, sizeof soup.x[0]);
    memcpy(soup.x[soup.n++], b, sizeof soup.x[0]);
    memcpy(soup.x[soup.n++], c, sizeof soup.x[0]);
}

/// A quad a b c d, counterclockwise from where its normal points, cut one way or the other.
static void quad(const double a[3], const double b[3], const double c[3], const double d[3],
                 int way)
{
    if (way) {
        tri(a, b, c), tri(a, c, d);
    } else {
        tri(a, b, d), tri(b, c, d);
    }
}

/// A box with half extents h; each face in n x n quads; `flip` -1 turns it inside out.
static void box(const double h[3], int n, int way, double flip)
{
    for (int axis = 0; axis < 3; axis++) {
        const int u = (axis + 1) % 3, v = (axis + 2) % 3;
        for (int side = -1; side <= 1; side += 2) {
            for (int k = 0; k < n * n; k++) {
                double p[4][3];
                for (int c = 0; c < 4; c++) {
                    const int i = k % n + (c == 1 || c == 2), j = k / n + (c >= 2);
                    p[c][axis] = side * h[axis];
                    p[c][u] = h[u] * (2.0 * i / n - 1.0);
                    p[c][v] = h[v] * (2.0 * j / n - 1.0);
                }
                const int out = side * flip > 0;
                quad(p[0], p[out ? 1 : 3], p[2], p[out ? 3 : 1], (way + k) % 2);
            }
        }
    }
}

/// An upright cylinder of `n` sides and `m` rings.
static void cylinder(double r, double h, int n, int m)
{
    const double top[3] = {0, 0, h}, bottom[3] = {0, 0, -h};
    for (int k = 0; k < n; k++) {
        const double a = 2.0 * QN_PI * k / n, b = 2.0 * QN_PI * ((k + 1) % n) / n;
        double ring[2][2] = {{r * cos(a), r * sin(a)}, {r * cos(b), r * sin(b)}};
        for (int j = 0; j < m; j++) {
            const double z0 = h * (2.0 * j / m - 1.0), z1 = h * (2.0 * (j + 1) / m - 1.0);
            quad((const double[3]){ring[0][0], ring[0][1], z0},
                 (const double[3]){ring[1][0], ring[1][1], z0},
                 (const double[3]){ring[1][0], ring[1][1], z1},
                 (const double[3]){ring[0][0], ring[0][1], z1}, 1);
        }
        const double p0[3] = {ring[0][0], ring[0][1], h}, p1[3] = {ring[1][0], ring[1][1], h};
        const double q0[3] = {ring[0][0], ring[0][1], -h}, q1[3] = {ring[1][0], ring[1][1], -h};
        tri(top, p0, p1), tri(bottom, q1, q0);
    }
}

static struct qn_mesh made(void)
{
    struct qn_mesh m;
    cr_assert(eq(int, qn_mesh_make((const double(*)[3])soup.x, soup.n / 3, &m), QN_OK), "%s",
              qn_error_text());
    soup.n = 0;
    return m;
}

static struct qn_vessel vessel_of(const struct qn_mesh *m)
{
    static const double own[64];
    struct qn_vessel v = {0};
    for (int k = 0; qn_vial_laws[k]; k++) {
        if (strcmp(qn_vial_laws[k]->name, "stl") == 0) {
            qn_vial_laws[k]->build(own, m, &v);
        }
    }
    return v;
}

Test(mesh, a_box_is_six_walls_and_a_tiled_cylinder_three)
{
    static const double h[3] = {0.02, 0.03, 0.04};
    box(h, 5, 0, 1.0);
    struct qn_mesh b = made();
    cr_expect(eq(int, b.n_patch, 6));
    cr_expect(epsilon_eq(dbl, b.volume, 8 * 0.02 * 0.03 * 0.04, 1e-15));
    cr_expect(epsilon_eq(dbl, b.area, 8 * (6e-4 + 12e-4 + 8e-4), 1e-13));
    qn_mesh_free(&b);
    cylinder(0.02, 0.03, 48, 6);
    struct qn_mesh c = made();
    cr_expect(eq(int, c.n_patch, 3));
    // the mantle's mean curvature, -1/(2 r), at every corner; flat ends 0
    for (int t = 0; t < c.n_tri; t++) {
        const double want = fabs(c.normal[t][2]) > 0.5 ? 0.0 : -0.5 / 0.02;
        for (int k = 0; k < 3; k++) {
            cr_expect(lt(dbl, fabs(c.bend[t][k] - want), 0.005 / 0.02), "%g", c.bend[t][k]);
        }
    }
    qn_mesh_free(&c);
}

static void refused(const char *what)
{
    struct qn_mesh m;
    cr_assert(eq(int, qn_mesh_make((const double(*)[3])soup.x, soup.n / 3, &m), QN_ERR_INPUT));
    cr_expect(ne(ptr, (void *)strstr(qn_error_text(), what), NULL), "%s", qn_error_text());
    soup.n = 0;
}

Test(mesh, what_is_no_vial_is_refused_with_a_word)
{
    static const double h[3] = {0.02, 0.03, 0.04}, in[3] = {0.005, 0.005, 0.005};
    box(h, 2, 0, 1.0);
    soup.n -= 3;
    refused("not closed: 1 triangle at the edge");
    box(h, 2, 0, 1.0);
    double swap[3];
    memcpy(swap, soup.x[0], sizeof swap);
    memcpy(soup.x[0], soup.x[1], sizeof swap);
    memcpy(soup.x[1], swap, sizeof swap);
    refused("not oriented: triangles 1 and");
    box(h, 2, 0, 1.0);
    memcpy(soup.x[4], soup.x[3], sizeof swap);
    refused("triangle 2 at");
    box(h, 2, 0, -1.0);
    refused("inside out");
    box(h, 1, 0, 1.0);
    box(in, 1, 0, 1.0);
    refused("2 shells");
    cylinder(0.02, 0.03, 9, 1); // 40 degrees a facet: none is smooth; 11 walls are fine
    struct qn_mesh m = made();
    cr_expect(eq(int, m.n_patch, 11));
    qn_mesh_free(&m);
}

static void write_stl(const char *path, int binary, double scale)
{
    FILE *f = fopen(path, "wb");
    const uint32_t n = (uint32_t)soup.n / 3;
    if (binary) {
        char head[80] = "solid but binary all the same";
        fwrite(head, 1, sizeof head, f);
        fwrite(&n, sizeof n, 1, f);
    } else {
        fprintf(f, "solid vial\n");
    }
    for (uint32_t t = 0; t < n; t++) {
        float v[12] = {0};
        for (int k = 0; k < 9; k++) {
            v[3 + k] = (float)(scale * soup.x[3 * t + (uint32_t)k / 3][k % 3]);
        }
        if (binary) {
            fwrite(v, sizeof *v, 12, f);
            fwrite("\0", 1, 2, f);
            continue;
        }
        fprintf(f, "facet normal 0 0 0\n outer loop\n");
        for (int k = 1; k <= 3; k++) {
            fprintf(f, "  vertex %.9g %.9g %.9g\n", (double)v[3 * k], (double)v[3 * k + 1],
                    (double)v[3 * k + 2]);
        }
        fprintf(f, " endloop\nendfacet\n");
    }
    fclose(f);
}

Test(mesh, both_kinds_of_stl_are_read_and_the_unit_is_guessed_in_words_only)
{
    static const double h[3] = {0.02, 0.03, 0.04};
    char path[] = "/tmp/quern-stl-XXXXXX";
    struct qn_mesh m[2];
    close(mkstemp(path));
    box(h, 3, 0, 1.0);
    for (int binary = 0; binary < 2; binary++) {
        write_stl(path, binary, 1e3);
        cr_assert(eq(int, qn_mesh_read(path, 1e-3, &m[binary]), QN_OK), "%s", qn_error_text());
        cr_expect(epsilon_eq(dbl, m[binary].half[2], 0.04, 1e-9));
    }
    // text keeps nine digits, a float seven
    cr_expect(eq(int, m[0].n_tri, m[1].n_tri));
    cr_expect(epsilon_eq(dbl, m[0].volume / m[1].volume, 1.0, 1e-7));
    qn_mesh_free(&m[0]);
    qn_mesh_free(&m[1]);
    cr_assert(eq(int, qn_mesh_read(path, 1.0, &m[0]), QN_ERR_INPUT));
    cr_expect(ne(ptr,
                 (void *)strstr(qn_error_text(), "80 m long, which is no vial; in mm it would "
                                                 "be 0.08 m: set vial.unit"),
                 NULL),
              "%s", qn_error_text());
    cr_assert(eq(int, truncate(path, 300), 0));
    cr_assert(eq(int, qn_mesh_read(path, 1e-3, &m[0]), QN_ERR_INPUT));
    unlink(path);
    cr_assert(eq(int, qn_mesh_read(path, 1e-3, &m[0]), QN_ERR_IO));
}

/// A ball thrown over the floor of a box; its path and how many contacts it had.
static int roll(const struct qn_vessel *v, double x[3], double w[3], double *work)
{
    const struct fixture f = {.young = 193e9 / 50.0,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = 0.5,
                              .friction = 0.3,
                              .rolling = 0.01,
                              .gravity_z = -9.81,
                              .dt = 2e-6};
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = *v;
    struct qn_dem s;
    struct qn_ledger b;
    const struct qn_episode *e;
    size_t n;
    int hits = 0;
    qn_dem_init(&m, &s, 1);
    const double at[3] = {-0.011, -0.012, -0.04 + R * 0.9999}, vel[3] = {0.3, 0.24, 0};
    qn_dem_add(&m, &s, 0, R, at, vel, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    while (qn_dem_time(&m, &s) < 0.06) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        qn_dem_drain(&s, &e, &n);
        for (size_t k = 0; k < n; k++) {
            hits += !(e[k].flags & QN_OPEN_END);
        }
    }
    qn_ledger_read(&m, &s, &b);
    cr_expect(lt(dbl, fabs(b.residual_a), 1e-12));
    *work = b.slip;
    memcpy(x, s.body[0].x, sizeof s.body[0].x);
    memcpy(w, s.body[0].w, sizeof s.body[0].w);
    qn_dem_free(&s);
    return hits;
}

Test(mesh, a_plane_is_the_same_however_it_is_tiled)
{
    // a ball slides, then rolls over a floor of 2 to 450 triangles: the path, the spin, the number
    // of contacts and the heat of sliding are those of the plane
    static const double h[3] = {0.02, 0.03, 0.04};
    const struct qn_vessel plane = qn_vessel_box((const double[3]){0.04, 0.06, 0.08});
    double x0[3], w0[3], work0;
    const int hits0 = roll(&plane, x0, w0, &work0);
    cr_assert(gt(dbl, x0[0], 0.0)); // it went over the middle
    for (int n = 1; n <= 15; n += 7) {
        for (int way = 0; way < 2; way++) {
            box(h, n, way, 1.0);
            struct qn_mesh m = made();
            const struct qn_vessel v = vessel_of(&m);
            double x[3], w[3], work;
            cr_expect(eq(int, roll(&v, x, w, &work), hits0));
            for (int k = 0; k < 3; k++) {
                cr_expect(lt(dbl, fabs(x[k] - x0[k]), 1e-12), "%d tiles: %g", n, x[k] - x0[k]);
                cr_expect(lt(dbl, fabs(w[k] - w0[k]), 1e-7), "%d tiles: %g", n, w[k] - w0[k]);
            }
            cr_expect(epsilon_eq(dbl, work / work0, 1.0, 1e-7));
            qn_mesh_free(&m);
        }
    }
}

Test(mesh, a_fine_cylinder_is_the_mantle_it_stands_for)
{
    // distance errs by the sagitta r (1 - cos(pi/n)), the curvature by less than 1 %
    cylinder(0.02, 0.03, 200, 20);
    struct qn_mesh m = made();
    const struct qn_vessel v = vessel_of(&m), c = qn_vessel_cylinder(0.04, 0.06);
    const double sagitta = 0.02 * (1.0 - cos(QN_PI / 200));
    for (int k = 0; k < 2000; k++) {
        const double a = 0.1 * k, x[3] = {0.018 * cos(a), 0.018 * sin(a), 0.02 * sin(0.37 * k)};
        int found = 0;
        for (int w = 0; w < v.n_walls; w++) {
            struct qn_wall_point p, q;
            (void)qn_wall_look(&c.wall[0], x, 1.0, &q);
            if (qn_wall_look(&v.wall[w], x, 0.003, &p)) {
                cr_expect(lt(dbl, fabs(p.distance - q.distance), 1.01 * sagitta));
                cr_expect(epsilon_eq(dbl, p.curvature / q.curvature, 1.0, 0.01));
                found++;
            }
        }
        cr_expect(eq(int, found, 1));
    }
    qn_mesh_free(&m);
}

Test(mesh, an_edge_that_sticks_out_is_touched_once)
{
    // a lifter: a closed bar inside a box, its normals into the bar; x in front of its long edge
    static const double h[3] = {0.02, 0.03, 0.04}, bar[3] = {0.004, 0.006, 0.005};
    box(h, 2, 0, 1.0);
    box(bar, 1, 0, -1.0);
    struct qn_mesh m = made();
    const struct qn_vessel v = vessel_of(&m);
    cr_assert(eq(int, v.n_walls, 12));
    const double d = 1e-3 / sqrt(2.0);
    const double edge[3] = {0.004 + d, 0.006 + d, 0.001}, corner[3] = {0.005, 0.007, 0.006},
                 face[3] = {0.005, 0.001, 0.001}, in[3] = {0.0, 0.001, 0.0},
                 by_x[3] = {0.005, 0.0055, 0.001}, by_y[3] = {0.0035, 0.007, 0.001};
    const double *const at[] = {edge, corner, face, by_x, by_y}; // the last two near an edge
    const double far[] = {1e-3, 1e-3 * sqrt(3.0), 1e-3, 1e-3, 1e-3};
    for (int k = 0; k < 5; k++) {
        int found = 0;
        for (int w = 0; w < v.n_walls; w++) {
            struct qn_wall_point p;
            if (qn_wall_look(&v.wall[w], at[k], 0.003, &p)) {
                found++;
                cr_expect(epsilon_eq(dbl, p.distance, far[k], 1e-12));
            }
        }
        cr_expect(eq(int, found, 1), "case %d: %d", k, found);
        cr_expect(eq(int, qn_mesh_inside(&m, at[k]), 1));
    }
    cr_expect(eq(int, qn_mesh_inside(&m, in), 0)); // in the bar
    qn_mesh_free(&m);
}

Test(mesh, the_far_side_of_a_thin_plate_is_no_wall)
{
    // 1 mm in front of a plate 1 mm thick: its back is 2 mm away and faces the other way
    static const double h[3] = {0.02, 0.03, 0.04}, plate[3] = {0.0005, 0.01, 0.02};
    const double x[3] = {0.0015, 0.001, 0.002};
    box(h, 2, 0, 1.0);
    box(plate, 1, 0, -1.0);
    struct qn_mesh m = made();
    const struct qn_vessel v = vessel_of(&m);
    int found = 0;
    for (int w = 0; w < v.n_walls; w++) {
        struct qn_wall_point p;
        if (qn_wall_look(&v.wall[w], x, 0.003, &p)) {
            found++;
            cr_expect(epsilon_eq(dbl, p.distance, 1e-3, 1e-12));
            cr_expect(epsilon_eq(dbl, p.normal[0], 1.0, 1e-12));
        }
    }
    cr_expect(eq(int, found, 1), "%d", found);
    qn_mesh_free(&m);
}

Test(mesh, books_close_in_a_tumbling_box_of_triangles_with_a_lifter)
{
    static const double h[3] = {0.02, 0.02, 0.02}, bar[3] = {0.004, 0.003, 0.016};
    const struct fixture f = {.young = 193e9 / 50.0,
                              .poisson = 0.29,
                              .density = 7930.0,
                              .restitution = 0.6,
                              .friction = 0.4,
                              .rolling = 0.01,
                              .dt = 2e-6};
    box(h, 4, 0, 1.0);
    box(bar, 1, 0, -1.0);
    struct qn_mesh mesh = made();
    struct qn_dem_model m = fixture_model(&f);
    m.vessel = vessel_of(&mesh);
    const struct qn_mill_value v[] = {{"speed", {15.0}}, {NULL, {0}}};
    m.motion = qn_motion_make("tumbler", v);
    m.motion.gravity[1] = -9.81;
    uint64_t hash[2];
    for (int k = 0; k < 2; k++) {
        struct qn_dem s;
        struct qn_ledger b;
        const struct qn_insert group = {0, 25, R};
        const struct qn_episode *e;
        size_t n;
        qn_dem_init(&m, &s, k + 1);
        cr_assert(eq(int, qn_insert_bodies(&m, &s, &group, 1, 7), QN_OK), "%s", qn_error_text());
        cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK), "%s", qn_error_text());
        while (qn_dem_time(&m, &s) < 0.1) {
            cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
            qn_dem_drain(&s, &e, &n);
        }
        qn_ledger_read(&m, &s, &b);
        cr_expect(lt(dbl, fabs(b.residual_a), 1e-12));
        cr_expect(lt(dbl, fabs(b.residual_b), 5e-3), "%g", b.residual_b);
        hash[k] = qn_dem_hash(&s);
        qn_dem_free(&s);
    }
    cr_expect(eq(int, hash[0] == hash[1], 1)); // one thread, two threads
    qn_mesh_free(&mesh);
}
