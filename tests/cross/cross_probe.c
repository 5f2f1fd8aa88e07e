// One scene through the engine, as text, for the comparison with another code.
//   cross_probe < scene
// A scene is lines of a word and numbers in SI: `young`, `poisson`, `density`, `damping` (alpha of
// F_d = alpha sqrt(m* K) depth^(1/4) v), `friction`, `gravity gx gy gz`, `box a b c` or
// `cylinder d h` (centred), `shake f A` (upright, A sin(2 pi f t - pi/2)) or `spin w` (the whole
// vial about z), `dt`, `steps`, `every`, `rows` or `books`, `ball R x y z vx vy vz wx wy wz`.
// `rows` prints positions, and velocities and spins at the same instant; `books` prints sums.
#include <stdio.h>
#include <stdlib.h>

#include "../dem_fixture.h"

struct scene {
    struct fixture f;
    struct qn_dem_model m;
    struct qn_vessel vessel;
    struct qn_motion motion;
    double gravity[3];
    double steps, every;
    int books;
    int n;
    double (*ball)[10];
};

static double number(void)
{
    double x;
    if (scanf("%lf", &x) != 1) {
        fprintf(stderr, "cross_probe: a number is missing\n");
        exit(2);
    }
    return x;
}

static void numbers(double *x, int n)
{
    for (int k = 0; k < n; k++) {
        x[k] = number();
    }
}

static int read_number(struct scene *s, const char *word)
{
    const struct {
        const char *word;
        double *to;
    } field[] = {{"young", &s->f.young},     {"poisson", &s->f.poisson},
                 {"density", &s->f.density}, {"friction", &s->f.friction},
                 {"dt", &s->f.dt},           {"steps", &s->steps},
                 {"every", &s->every}};
    for (size_t k = 0; k < sizeof field / sizeof *field; k++) {
        if (strcmp(word, field[k].word) == 0) {
            *field[k].to = number();
            return 1;
        }
    }
    return 0;
}

static int read_place(struct scene *s, const char *word)
{
    double x[3];
    if (strcmp(word, "box") == 0) {
        numbers(x, 3);
        s->vessel = qn_vessel_box(x);
    } else if (strcmp(word, "cylinder") == 0) {
        numbers(x, 2);
        s->vessel = qn_vessel_cylinder(x[0], x[1]);
    } else if (strcmp(word, "gravity") == 0) {
        numbers(s->gravity, 3);
    } else if (strcmp(word, "shake") == 0) {
        numbers(x, 2);
        s->motion = fixture_vibration(x[0], (const double[3]){0.0, 0.0, x[1]},
                                      (const double[3]){0.0, 0.0, -0.5 * QN_PI});
    } else if (strcmp(word, "spin") == 0) {
        s->motion = fixture_planetary(0.0, number(), 0.0);
    } else {
        return 0;
    }
    return 1;
}

static void read_scene(struct scene *s)
{
    char word[32];
    s->motion = fixture_vibration(1.0, STILL, STILL);
    while (scanf("%31s", word) == 1) {
        if (strcmp(word, "rows") == 0 || strcmp(word, "books") == 0) {
            s->books = word[0] == 'b';
        } else if (strcmp(word, "damping") == 0) {
            s->f.restitution = qn_restitution_of_damping(number());
        } else if (strcmp(word, "ball") == 0) {
            s->ball = realloc(s->ball, sizeof *s->ball * (size_t)(s->n + 1));
            if (!s->ball) {
                exit(1);
            }
            numbers(s->ball[s->n++], 10);
        } else if (!read_number(s, word) && !read_place(s, word)) {
            fprintf(stderr, "cross_probe: what is \"%s\"?\n", word);
            exit(2);
        }
    }
}

/// Velocities are kept half a step before positions: `before` holds them, now they are one on.
static void print_rows(const struct qn_dem *s, const struct qn_body *before, int64_t step)
{
    for (int i = 0; i < s->n; i++) {
        const struct qn_body *a = &before[i], *b = &s->body[i];
        printf("%lld %d", (long long)step, i + 1);
        for (int k = 0; k < 3; k++) {
            printf(" %.17g", a->x[k]);
        }
        for (int k = 0; k < 3; k++) {
            printf(" %.17g", 0.5 * (a->v[k] + b->v[k]));
        }
        for (int k = 0; k < 3; k++) {
            printf(" %.17g", 0.5 * (a->w[k] + b->w[k]));
        }
        printf("\n");
    }
}

/// Step, kinetic energy, contacts of balls, both losses, and the sums of mass times place.
static void print_books(const struct qn_dem_model *m, const struct qn_dem *s)
{
    struct qn_ledger b;
    int contacts = 0;
    double weighed[3] = {0.0};
    qn_ledger_read(m, s, &b);
    for (int k = 0; k < s->n_sections; k++) {
        const struct qn_section *sec = &s->section[k];
        for (int slot = sec->first * QN_VL; sec->wall < 0 && slot < sec->last * QN_VL; slot++) {
            contacts += *qn_field(s->inner.block, slot, QN_H_DEPTH) > 0.0;
        }
    }
    for (int i = 0; i < s->n; i++) {
        for (int k = 0; k < 3; k++) {
            weighed[k] += s->mass[i] * s->body[i].x[k];
        }
    }
    printf("%lld %.17g %d %.17g %.17g %.17g %.17g %.17g\n", (long long)s->step, b.kinetic, contacts,
           b.normal, b.slip, weighed[0], weighed[1], weighed[2]);
}

static void must(enum qn_status status)
{
    if (status != QN_OK) {
        fprintf(stderr, "cross_probe: %s\n", qn_error_text());
        exit(1);
    }
}

static void run(const struct scene *scene, struct qn_dem *s)
{
    const struct qn_dem_model *m = &scene->m;
    const struct qn_episode *events;
    size_t n;
    struct qn_body *before = malloc(sizeof *before * (size_t)s->n);
    if (!before) {
        exit(1);
    }
    while (s->step <= (int64_t)scene->steps) {
        const int due = s->step % (int64_t)scene->every == 0;
        if (due && scene->books) {
            print_books(m, s);
        }
        memcpy(before, s->body, sizeof *before * (size_t)s->n);
        must(qn_dem_step(m, s));
        qn_dem_drain(s, &events, &n);
        if (due && !scene->books) {
            print_rows(s, before, s->step - 1);
        }
    }
    free(before);
}

int main(void)
{
    struct scene scene = {.f = {.density = 1.0, .dt = 1.0}, .every = 1.0};
    struct qn_dem s;
    read_scene(&scene);
    scene.m = fixture_model(&scene.f);
    scene.m.vessel = scene.vessel;
    scene.m.motion = scene.motion;
    memcpy(scene.m.motion.gravity, scene.gravity, sizeof scene.gravity);
    qn_dem_init(&scene.m, &s, 1);
    for (int k = 0; k < scene.n; k++) {
        const double *b = scene.ball[k];
        qn_dem_add(&scene.m, &s, 0, b[0], b + 1, b + 4, b + 7);
    }
    must(qn_dem_start(&scene.m, &s));
    run(&scene, &s);
    qn_dem_free(&s);
    free(scene.ball);
    return 0;
}
