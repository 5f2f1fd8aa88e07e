/// @file
/// A measured or computed motion from a file of poses, repeated for ever.
///
/// Places and quaternions go through periodic cubic splines (continuous acceleration); the spin is
/// 2 q' q* / |q|^2, exact for the splined quaternion. After a full turn a quaternion comes back
/// with the other sign; its spline is then antiperiodic.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "mill_row.h"
#include "model/motion.h"

enum { VALUES = QN_TABLE_COLUMNS - 1, SWEEPS = 100, LINE = 1024 };

struct table {
    char file[QN_MILL_PATH];
};

static const struct qn_field fields[] = {
    {.path = "file",
     .type = QN_FIELD_STRING,
     .offset = offsetof(struct table, file),
     .size = QN_MILL_PATH,
     .flags = QN_REQUIRED,
     .doc = "poses of one period: t x y z, or t x y z qw qx qy qz, in s and m"},
    {0},
};

static double seconds(const struct qn_motion *m)
{
    (void)m;
    return 1.0;
}

static double cycle(const struct qn_motion *m)
{
    return m->table->period;
}

/// +1, or -1 for a quaternion that comes back with the other sign.
static double sign_of(const struct qn_pose_table *t, int column)
{
    return column >= 3 && t->periodic < 0 ? -1.0 : 1.0;
}

/// Second derivatives of one column. The system is diagonally dominant by two, so each sweep halves
/// the error at least.
static void spline(struct qn_pose_table *t, int c)
{
    const int n = t->rows - 1;
    const double sign = sign_of(t, c);
    for (int sweep = 0; sweep < SWEEPS; sweep++) {
        for (int i = 0; i < n; i++) {
            const int b = i ? i - 1 : n - 1;
            const double sb = i ? 1.0 : sign, sa = i + 1 < n ? 1.0 : sign;
            const double hb = t->t[b + 1] - t->t[b], ha = t->t[i + 1] - t->t[i];
            const double y = t->y[i * VALUES + c], yb = sb * t->y[b * VALUES + c],
                         ya = t->y[(i + 1) * VALUES + c];
            const double mb = sb * t->m[b * VALUES + c],
                         ma = sa * t->m[(i + 1 < n ? i + 1 : 0) * VALUES + c];
            const double right = (ya - y) / ha - (y - yb) / hb;
            t->m[i * VALUES + c] = (right - (hb * mb + ha * ma) / 6.0) * 3.0 / (hb + ha);
        }
    }
    t->m[n * VALUES + c] = sign * t->m[c];
}

/// Value and two derivatives of every column at drive time `at`.
static void evaluate(const struct qn_pose_table *t, double at, double y[3][VALUES])
{
    const double when = t->t[0] + (at - t->period * floor(at / t->period));
    int lo = 0, hi = t->rows - 1;
    while (hi - lo > 1) {
        const int mid = (lo + hi) / 2;
        if (t->t[mid] <= when) {
            lo = mid;
        } else {
            hi = mid;
        }
    }
    const double h = t->t[hi] - t->t[lo], b = (when - t->t[lo]) / h, a = 1.0 - b;
    for (int c = 0; c < VALUES; c++) {
        const double y0 = t->y[lo * VALUES + c], y1 = t->y[hi * VALUES + c];
        const double m0 = t->m[lo * VALUES + c], m1 = t->m[hi * VALUES + c];
        y[0][c] = a * y0 + b * y1 + ((a * a * a - a) * m0 + (b * b * b - b) * m1) * h * h / 6.0;
        y[1][c] = (y1 - y0) / h + ((3.0 * b * b - 1.0) * m1 - (3.0 * a * a - 1.0) * m0) * h / 6.0;
        y[2][c] = a * m0 + b * m1;
    }
}

static void pose(const struct qn_motion *m, const struct qn_drive *d, struct qn_pose *p)
{
    double y[3][VALUES];
    evaluate(m->table, d->angle, y);
    for (int k = 0; k < 3; k++) {
        p->centre[k] = y[0][k];
        p->speed[k] = y[1][k] * d->rate;
        p->accel[k] = y[2][k] * d->rate * d->rate + y[1][k] * d->accel;
    }
    const double *q = y[0] + 3, *v = y[1] + 3;
    const double s = 1.0 / (q[0] * q[0] + q[1] * q[1] + q[2] * q[2] + q[3] * q[3]);
    const double w = q[0], x = q[1], z = q[3], yy = q[2];
    const double axes[3][3] = {
        {1.0 - 2.0 * s * (yy * yy + z * z), 2.0 * s * (x * yy - w * z), 2.0 * s * (x * z + w * yy)},
        {2.0 * s * (x * yy + w * z), 1.0 - 2.0 * s * (x * x + z * z), 2.0 * s * (yy * z - w * x)},
        {2.0 * s * (x * z - w * yy), 2.0 * s * (yy * z + w * x),
         1.0 - 2.0 * s * (x * x + yy * yy)}};
    memcpy(p->axes, axes, sizeof axes);
    const double rate = 2.0 * s * d->rate;
    p->spin[0] = rate * (-v[0] * x + v[1] * w - v[2] * z + v[3] * yy);
    p->spin[1] = rate * (-v[0] * yy + v[1] * z + v[2] * w - v[3] * x);
    p->spin[2] = rate * (-v[0] * z - v[1] * yy + v[2] * x + v[3] * w);
}

/// One line of numbers; returns how many, -1 when something else stands there.
static int numbers(char *line, double out[QN_TABLE_COLUMNS])
{
    int n = 0;
    for (char *at = line; *(at += strspn(at, " ,\t\r\n"));) {
        char *end;
        const double value = strtod(at, &end);
        if (end == at || n == QN_TABLE_COLUMNS || !isfinite(value)) {
            return -1;
        }
        out[n++] = value;
        at = end;
    }
    return n;
}

/// Append a row; the quaternion takes the sign nearer to the one before.
static enum qn_status add_row(struct qn_pose_table *t, size_t room[3], const double *v, int columns)
{
    static const double still[4] = {1.0, 0.0, 0.0, 0.0};
    const size_t n = (size_t)t->rows;
    if (t->rows > 0 && v[0] <= t->t[n - 1]) {
        return qn_fail(QN_ERR_INPUT, "times must grow from row to row");
    }
    qn_grow(&t->t, &room[0], n + 1);
    qn_grow(&t->y, &room[1], (n + 1) * VALUES);
    qn_grow(&t->m, &room[2], (n + 1) * VALUES);
    double *y = t->y + n * VALUES;
    memcpy(y, v + 1, 3 * sizeof *y);
    memcpy(y + 3, columns == QN_TABLE_COLUMNS ? v + 4 : still, 4 * sizeof *y);
    const double size = sqrt(y[3] * y[3] + y[4] * y[4] + y[5] * y[5] + y[6] * y[6]);
    if (fabs(size - 1.0) > 1e-3) {
        return qn_fail(QN_ERR_INPUT, "the quaternion has size %g instead of 1", size);
    }
    const double *last = n ? y - VALUES : y;
    double near = 0.0;
    for (int k = 3; k < VALUES; k++) {
        near += last[k] * y[k];
    }
    for (int k = 3; k < VALUES; k++) {
        y[k] *= (near < 0.0 ? -1.0 : 1.0) / size;
    }
    t->t[n] = v[0];
    t->rows++;
    return QN_OK;
}

static enum qn_status read_rows(FILE *f, struct qn_pose_table *t, int *line)
{
    char text[LINE];
    size_t room[3] = {0, 0, 0};
    int columns = 0;
    for (*line = 1; fgets(text, sizeof text, f); ++*line) {
        double v[QN_TABLE_COLUMNS];
        const char first = text[strspn(text, " \t\r\n")];
        if (first == '\0' || first == '#' || (first >= 'A' && first <= 'z')) {
            continue;
        }
        const int n = numbers(text, v);
        columns = columns ? columns : n;
        if (n != columns || (n != 4 && n != QN_TABLE_COLUMNS)) {
            return qn_fail(QN_ERR_INPUT, "4 or 8 numbers are wanted (t x y z, or t x y z qw qx qy "
                                         "qz), the same in every row");
        }
        QN_TRY(add_row(t, room, v, columns));
    }
    return QN_OK;
}

/// The last row must repeat the first; it is made to do so exactly.
static enum qn_status close_table(struct qn_pose_table *t)
{
    if (t->rows < 4) {
        return qn_fail(QN_ERR_INPUT, "at least 4 rows are wanted");
    }
    double *last = t->y + (size_t)(t->rows - 1) * VALUES, scale = 0.0, off = 0.0, near = 0.0;
    for (int i = 0; i < t->rows; i++) {
        for (int k = 0; k < 3; k++) {
            scale = fmax(scale, fabs(t->y[i * VALUES + k] - t->y[k]));
        }
    }
    for (int k = 3; k < VALUES; k++) {
        near += last[k] * t->y[k];
    }
    t->periodic = near < 0.0 ? -1 : 1;
    for (int k = 0; k < VALUES; k++) {
        const double want = sign_of(t, k) * t->y[k];
        off = fmax(off, fabs(last[k] - want) / (k < 3 ? fmax(scale, 1e-12) : 1.0));
        last[k] = want;
    }
    if (off > 1e-3) {
        return qn_fail(QN_ERR_INPUT,
                       "the last row must repeat the first pose (off by %.2g of the path)", off);
    }
    t->period = t->t[t->rows - 1] - t->t[0];
    for (int c = 0; c < VALUES; c++) {
        spline(t, c);
    }
    return QN_OK;
}

enum qn_status qn_pose_table_read(const char *path, struct qn_pose_table *out)
{
    int line = 0;
    *out = (struct qn_pose_table){0};
    FILE *f = fopen(path, "r");
    if (!f) {
        return qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    enum qn_status status = read_rows(f, out, &line);
    fclose(f);
    status = status == QN_OK ? close_table(out) : status;
    if (status != QN_OK) {
        qn_pose_table_free(out);
        return qn_fail_context(status, "%s:%d: ", path, line);
    }
    return QN_OK;
}

void qn_pose_table_free(struct qn_pose_table *table)
{
    qn_free(table->t);
    qn_free(table->y);
    qn_free(table->m);
    *table = (struct qn_pose_table){0};
}

const struct qn_mill_law qn_mill_table = {
    .name = "table",
    .gravity = "along_axis",
    .turning = QN_TURNS_ANYHOW,
    .starting = QN_STARTS_BY_SPEED,
    .size = sizeof(struct table),
    .field = fields,
    .full_speed = seconds,
    .pose = pose,
    .cycle = cycle,
    .path_at = offsetof(struct table, file),
};
