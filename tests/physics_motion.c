// Every mill: the motion is its own derivative, the axes turn with the spin, a free body is
// straight in the lab; accelerations and wall speeds against closed forms; programmes; tables of
// poses.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <unistd.h>

#include "dem_fixture.h"

static const double R = 5e-3;

static struct qn_pose_table poses; // of the table mill, see write_eight

/// A mill of each kind, as its number in the list.
static struct qn_motion mill_of(int k)
{
    static const struct qn_mill_value values[][6] = {
        {{"sun_radius", {0.0608}}, {"speed", {41.888}}, {"ratio", {-1.82}}},
        {{"frequency", {18.3}}, {"amplitude", {6e-3, 3e-3, 1e-3}}, {"phase", {0.0, 1.57, 0.3}}},
        {{"frequency", {14.583}},
         {"arm", {0.1}},
         {"swing", {0.0295}},
         {"sway", {0.0127}},
         {"sway_phase", {0.2}}},
        {{"frequency", {30.0}}, {"arm", {0.1}}, {"amplitude", {12.5e-3}}},
        {{"speed", {10.0}}},
        {{"speed", {40.0}}},
        {{NULL, {0}}},
    };
    struct qn_motion m = qn_motion_make(qn_mill_laws[k]->name, values[k]);
    m.table = &poses;
    return m;
}

static int mills(void)
{
    int n = 0;
    while (qn_mill_laws[n]) {
        n++;
    }
    return n;
}

/// The shaker of mill_of as rows of poses; returns its period.
static double write_eight(const char *path, int rows)
{
    const struct qn_motion m = mill_of(qn_mill_find("shaker"));
    FILE *f = fopen(path, "w");
    cr_assert(ne(ptr, f, NULL));
    fprintf(f, "t x y z qw qx qy qz\n# one figure of eight\n");
    const double period = qn_motion_cycle(&m);
    for (int k = 0; k <= rows; k++) {
        struct qn_pose p;
        qn_motion_pose(&m, period * k / rows, &p);
        const double w = 0.5 * sqrt(1.0 + p.axes[0][0] + p.axes[1][1] + p.axes[2][2]);
        fprintf(f, "%.17g, %.17g %.17g %.17g  %.17g %.17g %.17g %.17g\n", period * k / rows,
                p.centre[0], p.centre[1], p.centre[2], w, (p.axes[2][1] - p.axes[1][2]) / (4 * w),
                (p.axes[0][2] - p.axes[2][0]) / (4 * w), (p.axes[1][0] - p.axes[0][1]) / (4 * w));
    }
    fclose(f);
    return period;
}

static void read_eight(int rows)
{
    char path[] = "/tmp/quern-poses-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert(ge(int, fd, 0));
    close(fd);
    write_eight(path, rows);
    cr_assert(eq(int, qn_pose_table_read(path, &poses), QN_OK), "%s", qn_error_text());
    unlink(path);
}

/// Central differences of a motion at t.
static void differentiate(const struct qn_motion *m, double t)
{
    const double h = 1e-6;
    struct qn_pose a, b, c;
    double qa[3][3], qb[3][3], qc[3][3];
    qn_motion_pose(m, t - h, &a);
    qn_motion_pose(m, t, &b);
    qn_motion_pose(m, t + h, &c);
    qn_motion_axes(m, &a, qa);
    qn_motion_axes(m, &b, qb);
    qn_motion_axes(m, &c, qc);
    const char *name = qn_mill_of(m)->name;
    for (int d = 0; d < 3; d++) {
        cr_expect(lt(dbl, fabs((c.centre[d] - a.centre[d]) / (2 * h) - b.speed[d]), 1e-6), "%s",
                  name);
        cr_expect(lt(dbl, fabs((c.speed[d] - a.speed[d]) / (2 * h) - b.accel[d]), 2e-3), "%s",
                  name);
        // Q' = Omega x Q, column by column
        const int u = (d + 1) % 3, v = (d + 2) % 3;
        for (int col = 0; col < 3; col++) {
            const double rate = b.spin[u] * qb[v][col] - b.spin[v] * qb[u][col];
            cr_expect(lt(dbl, fabs((qc[d][col] - qa[d][col]) / (2 * h) - rate), 1e-5), "%s", name);
        }
    }
    cr_expect(lt(dbl, fabs((c.inner_turn - a.inner_turn) / (2 * h) - b.inner_speed), 1e-6));
}

Test(motion, every_mill_is_its_own_derivative)
{
    // centre, speed, acceleration, axes and spin by central differences: at full speed, in run-up,
    // and through a programme that ramps, rests and reverses
    read_eight(400);
    for (int k = 0; k < mills(); k++) {
        struct qn_motion m = mill_of(k);
        for (double t = 0.0371; t < 0.4; t += 0.0313) {
            m.run_up = 0.0, m.n_legs = 0;
            differentiate(&m, t);
            m.run_up = 0.2;
            differentiate(&m, t);
            m.n_legs = 3, m.repeat = 1;
            m.leg[0] = (struct qn_leg){1.0, 0.08, 0.05};
            m.leg[1] = (struct qn_leg){0.0, 0.04, 0.02};
            m.leg[2] = (struct qn_leg){-0.5, 0.06, 0.03};
            differentiate(&m, t);
        }
    }
    qn_pose_table_free(&poses);
}

/// Largest distance between a free body's path and a straight line in the lab.
static double bend(const struct qn_motion *motion, double dt)
{
    struct fixture f = {
        .young = 4e9, .poisson = 0.29, .density = 7930.0, .restitution = 0.6, .dt = dt};
    struct qn_dem_model m = fixture_model(&f);
    m.motion = *motion;
    struct qn_dem s;
    struct qn_pose p;
    const double x[3] = {0.05, -0.1, 0.0}, v[3] = {0.4, -0.3, 0.1};
    double lab0[3], vel[3], worst = 0.0;
    qn_dem_init(&m, &s, 1);
    qn_dem_add(&m, &s, 0, R, x, v, STILL);
    cr_assert(eq(int, qn_dem_start(&m, &s), QN_OK));
    qn_motion_pose(&m.motion, 0.0, &p);
    for (int k = 0; k < 3; k++) {
        lab0[k] = x[k] + p.centre[k];
        vel[k] = v[k] + p.speed[k];
    }
    while (qn_dem_time(&m, &s) < 0.05) {
        cr_assert(eq(int, qn_dem_step(&m, &s), QN_OK), "%s", qn_error_text());
        const double t = qn_dem_time(&m, &s);
        qn_motion_pose(&m.motion, t, &p);
        for (int k = 0; k < 3; k++) {
            worst = fmax(worst, fabs(s.body[0].x[k] + p.centre[k] - lab0[k] - vel[k] * t));
        }
    }
    qn_dem_free(&s);
    return worst;
}

Test(motion, a_free_body_flies_straight_in_the_lab_and_errs_as_dt_squared)
{
    read_eight(400);
    for (int k = 0; k < mills(); k++) {
        const struct qn_motion m = mill_of(k);
        const double coarse = bend(&m, 4e-5), fine = bend(&m, 1e-5);
        if (qn_motion_peak_accel(&m) == 0.0) { // a vial that stays: nothing to err about
            cr_expect(lt(dbl, coarse, 1e-13));
            continue;
        }
        cr_expect(lt(dbl, coarse, 1e-6), "%s", qn_mill_of(&m)->name);
        cr_expect(epsilon_eq(dbl, coarse / fine, 16.0, 0.5), "%s %g", qn_mill_of(&m)->name,
                  coarse / fine);
    }
    qn_pose_table_free(&poses);
}

/// Largest |A0| and largest speed of the centre along a cycle.
static void peaks(const struct qn_motion *m, double *accel, double *speed)
{
    *accel = *speed = 0.0;
    for (int k = 0; k < 20000; k++) {
        struct qn_pose p;
        qn_motion_pose(m, qn_motion_cycle(m) * k / 20000, &p);
        double a2 = 0.0, v2 = 0.0;
        for (int d = 0; d < 3; d++) {
            a2 += p.accel[d] * p.accel[d], v2 += p.speed[d] * p.speed[d];
        }
        *accel = fmax(*accel, sqrt(a2)), *speed = fmax(*speed, sqrt(v2));
    }
}

Test(motion, planetary_mills_reach_the_accelerations_their_makers_state)
{
    // R_p w^2 at the largest speed: P6 29 g, P7 premium 95 g, PM 100 33.3 g, P5 22 g; PM 400 26.8 g
    // is the same formula
    static const double known[][3] = {{0.0608, 650.0, 28.7},
                                      {0.070, 1100.0, 94.7},
                                      {0.0705, 650.0, 33.3},
                                      {0.125, 400.0, 22.4},
                                      {0.150, 400.0, 26.8}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        const struct qn_motion m = fixture_planetary(known[k][0], known[k][1] * QN_PI / 30.0, -2.0);
        double accel, speed;
        peaks(&m, &accel, &speed);
        cr_expect(epsilon_eq(dbl, accel / QN_GRAVITY, known[k][2], 0.06));
        cr_expect(epsilon_eq(dbl, qn_motion_peak_accel(&m), accel, 1e-9 * accel));
        // the fastest wall point: R w + |1 + k| w r
        const double w = known[k][1] * QN_PI / 30.0;
        cr_expect(
            epsilon_eq(dbl, qn_motion_wall_speed(&m, 0.03), known[k][0] * w + w * 0.03, 1e-9));
    }
}

Test(motion, vibratory_mills_reach_a_w_squared)
{
    // MB-1: 6 mm circle at 18.33 Hz: A w = 0.691 m/s, A w^2 = 8.12 g; linear 5 mm at 11.7 Hz 2.76 g
    double accel, speed;
    const struct qn_motion mb1 = fixture_vibration(18.33, (const double[3]){6e-3, 6e-3, 0.0},
                                                   (const double[3]){0.5 * QN_PI, 0.0, 0.0});
    peaks(&mb1, &accel, &speed);
    cr_assert(epsilon_eq(dbl, accel / QN_GRAVITY, 8.12, 0.005));
    cr_assert(epsilon_eq(dbl, speed, 0.691, 5e-4));
    const struct qn_motion line = fixture_vibration(11.7, (const double[3]){5e-3, 0.0, 0.0}, STILL);
    peaks(&line, &accel, &speed);
    cr_assert(epsilon_eq(dbl, accel / QN_GRAVITY, 2.76, 0.005));
    // peak to peak is half of that
    const struct qn_mill_value half[] = {{"frequency", {11.7}},
                                         {"amplitude", {5e-3, 0.0, 0.0}},
                                         {"amplitude_of", {1.0}},
                                         {NULL, {0}}};
    const struct qn_motion pp = qn_motion_make("vibration", half);
    double of_half;
    peaks(&pp, &of_half, &speed);
    cr_assert(epsilon_eq(dbl, of_half / accel, 0.5, 1e-12));
}

Test(motion, a_shaker_swings_once_and_sways_twice_a_cycle)
{
    // 875 cycles a minute, 29.5 and 12.7 mm zero to peak on an arm of 100 mm: the model of 1.4 in
    // closed form, x = L sin psi, y = L cos theta cos psi, z = L sin theta cos psi
    const struct qn_mill_value v[] = {{"frequency", {875.0 / 60.0}},
                                      {"arm", {0.1}},
                                      {"swing", {0.0295}},
                                      {"sway", {0.0127}},
                                      {NULL, {0}}};
    const struct qn_motion m = qn_motion_make("shaker", v);
    const double w = 2.0 * QN_PI * 875.0 / 60.0;
    double accel, speed, far = 0.0;
    for (int k = 0; k < 1000; k++) {
        struct qn_pose p;
        const double t = qn_motion_cycle(&m) * k / 1000.0;
        const double th = asin(0.295) * sin(w * t), ps = asin(0.127) * sin(2.0 * w * t);
        qn_motion_pose(&m, t, &p);
        cr_expect(lt(dbl, fabs(p.centre[0] - 0.1 * sin(ps)), 1e-15));
        cr_expect(lt(dbl, fabs(p.centre[1] - 0.1 * cos(th) * cos(ps)), 1e-15));
        cr_expect(lt(dbl, fabs(p.centre[2] - 0.1 * sin(th) * cos(ps)), 1e-15));
        // the vial's axis is (0, -sin theta, cos theta), tangent to the swing
        cr_expect(lt(dbl, fabs(p.axes[1][2] + sin(th)) + fabs(p.axes[2][2] - cos(th)), 1e-15));
        far = fmax(far, fabs(p.centre[2]));
    }
    cr_assert(epsilon_eq(dbl, far, 0.0295, 1e-6));
    // at mid-swing theta' L and psi' L meet at right angles; the far ends give the acceleration
    peaks(&m, &accel, &speed);
    const double vs = w * 0.1 * asin(0.295), vy = 2.0 * w * 0.1 * asin(0.127);
    cr_assert(epsilon_eq(dbl, speed, sqrt(vs * vs + vy * vy), 1e-3 * speed));
    cr_assert(epsilon_eq(dbl, qn_motion_peak_accel(&m), 1.01 * accel, 1e-3 * accel));
}

Test(motion, a_mixer_mill_reaches_2_36_m_per_s_and_45_g)
{
    // 12.5 mm at 30 Hz: A w = 2.356 m/s, A w^2 = 45.3 g, of a short arc on a long arm
    const struct qn_mill_value v[] = {
        {"frequency", {30.0}}, {"arm", {1.0}}, {"amplitude", {12.5e-3}}, {NULL, {0}}};
    const struct qn_motion m = qn_motion_make("mixer", v);
    double accel, speed;
    peaks(&m, &accel, &speed);
    cr_assert(epsilon_eq(dbl, speed, 2.356, 1e-3));
    cr_assert(epsilon_eq(dbl, accel / QN_GRAVITY, 45.29, 0.02));
}

Test(motion, a_table_of_poses_follows_what_it_was_made_from)
{
    // splines of h = period/rows err as h^2 in the acceleration: 16 times less for a quarter of h
    double worst[2] = {0.0, 0.0};
    const struct qn_motion eight = mill_of(qn_mill_find("shaker"));
    for (int k = 0; k < 2; k++) {
        read_eight(k ? 400 : 100);
        const struct qn_motion m = mill_of(qn_mill_find("table"));
        for (double t = 0.0; t < 0.2; t += 0.00137) {
            struct qn_pose a, b;
            qn_motion_pose(&m, t, &a);
            qn_motion_pose(&eight, t, &b);
            for (int d = 0; d < 3; d++) {
                worst[k] = fmax(worst[k], fabs(a.accel[d] - b.accel[d]));
                cr_expect(lt(dbl, fabs(a.centre[d] - b.centre[d]), 2e-8));
                cr_expect(lt(dbl, fabs(a.spin[d] - b.spin[d]), 2e-3));
            }
        }
        qn_pose_table_free(&poses);
    }
    cr_assert(lt(dbl, worst[0], 2.0), "%g", worst[0]); // of 290 m/s2
    cr_assert(epsilon_eq(dbl, worst[0] / worst[1], 16.0, 3.0), "%g", worst[0] / worst[1]);
}

static const char *refused(const char *text)
{
    char path[] = "/tmp/quern-poses-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert(eq(sz, (size_t)write(fd, text, strlen(text)), strlen(text)));
    close(fd);
    cr_assert(eq(int, qn_pose_table_read(path, &poses), QN_ERR_INPUT));
    unlink(path);
    return strrchr(qn_error_text(), '/');
}

Test(motion, a_table_that_is_no_motion_is_refused_with_its_line)
{
    cr_expect(
        ne(ptr, (void *)strstr(refused("t x y z\n0 0 0 0\n1 0 0\n"), ":3: 4 or 8 numbers"), NULL));
    cr_expect(ne(ptr, (void *)strstr(refused("0 0 0 0\n0 1 0 0\n"), ":2: times must grow"), NULL));
    cr_expect(
        ne(ptr,
           (void *)strstr(refused("0 0 0 0\n1 1 0 0\n2 2 0 0\n3 3 0 0\n"), "last row must repeat"),
           NULL));
    cr_expect(ne(ptr, (void *)strstr(refused("0 0 0 0 2 0 0 0\n"), "size 2 instead of 1"), NULL));
}

Test(motion, a_programme_ramps_rests_reverses_and_begins_again)
{
    struct qn_motion m = fixture_planetary(0.06, 100.0, -2.0);
    m.n_legs = 3;
    m.leg[0] = (struct qn_leg){1.0, 10.0, 2.0};  // angle 100 (1 + 8)
    m.leg[1] = (struct qn_leg){0.0, 5.0, 1.0};   // and 100 x 0.5
    m.leg[2] = (struct qn_leg){-0.5, 10.0, 2.0}; // and -100 (0.5 + 4)
    struct qn_drive d;
    const double want[][3] = {{1.0, 25.0, 50.0},   {6.0, 500.0, 100.0},  {10.5, 937.5, 50.0},
                              {14.0, 950.0, 0.0},  {16.0, 937.5, -25.0}, {25.0, 500.0, -50.0},
                              {30.0, 250.0, -50.0}};
    for (size_t k = 0; k < sizeof want / sizeof *want; k++) {
        qn_motion_drive(&m, 100.0, want[k][0], &d);
        cr_expect(epsilon_eq(dbl, d.angle, want[k][1], 1e-9), "at %g s", want[k][0]);
        cr_expect(epsilon_eq(dbl, d.rate, want[k][2], 1e-9), "at %g s", want[k][0]);
    }
    // repeated: the second round ramps from -0.5 instead of rest; 500 + 100 (0.5 + 8) - ... at 35 s
    m.repeat = 1;
    cr_assert(epsilon_eq(dbl, qn_motion_period(&m), 25.0, 1e-12));
    qn_motion_drive(&m, 100.0, 35.0, &d);
    cr_assert(epsilon_eq(dbl, d.angle, 500.0 + 100.0 * (0.5 + 8.0), 1e-9));
    // a third begins where the second ended: 500 + (850 + 50 - 450)
    qn_motion_drive(&m, 100.0, 50.0, &d);
    cr_assert(epsilon_eq(dbl, d.angle, 950.0, 1e-9));
    cr_assert(epsilon_eq(dbl, qn_motion_peak_accel(&m), 600.0, 1e-9));
}
