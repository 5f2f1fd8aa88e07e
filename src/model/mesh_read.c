/// @file
/// STL, binary or text, into raw corners. Binary numbers are little-endian floats, as on every
/// machine that Quern runs on.
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/mesh.h"

enum { HEADER = 84, RECORD = 50, MOST = 20000000 };

/// Raw corners in the file's unit.
struct soup {
    double (*corner)[3]; ///< shape [n]
    size_t n, capacity;
};

static void add(struct soup *s, const double x[3])
{
    qn_grow(&s->corner, &s->capacity, s->n + 1);
    memcpy(s->corner[s->n++], x, 3 * sizeof *x);
}

static void read_binary(const unsigned char *bytes, uint32_t count, struct soup *s)
{
    for (uint32_t t = 0; t < count; t++) {
        float v[12];
        memcpy(v, bytes + HEADER + (size_t)t * RECORD, sizeof v); // a normal, three corners
        for (int k = 1; k <= 3; k++) {
            const double x[3] = {(double)v[3 * k], (double)v[3 * k + 1], (double)v[3 * k + 2]};
            add(s, x);
        }
    }
}

static enum qn_status read_text(char *text, const char *path, struct soup *s)
{
    int line = 1;
    for (char *at = text; *at; line++) {
        char *end = at + strcspn(at, "\n");
        const int last = *end == '\0';
        *end = '\0';
        at += strspn(at, " \t\r");
        if (strncmp(at, "vertex", 6) == 0) {
            double x[3];
            char *next = at + 6;
            for (int k = 0; k < 3; k++) {
                char *from = next;
                x[k] = strtod(from, &next);
                if (next == from) {
                    return qn_fail(QN_ERR_INPUT, "%s:%d: a vertex needs three numbers", path, line);
                }
            }
            add(s, x);
        }
        at = last ? end : end + 1;
    }
    return s->n % 3 ? qn_fail(QN_ERR_INPUT, "%s: %zu vertices are no triangles", path, s->n)
                    : QN_OK;
}

static enum qn_status read_bytes(const char *path, char **bytes, size_t *size)
{
    FILE *f = fopen(path, "rb");
    size_t capacity = 0, got = 1;
    *bytes = NULL;
    *size = 0;
    if (!f) {
        return qn_fail(QN_ERR_IO, "%s: %s", path, strerror(errno));
    }
    while (got > 0) {
        qn_grow(bytes, &capacity, *size + 65537); // a zero behind the text
        got = fread(*bytes + *size, 1, 65536, f);
        *size += got;
    }
    const int bad = ferror(f);
    fclose(f);
    (*bytes)[*size] = '\0';
    return bad ? qn_fail(QN_ERR_IO, "%s: cannot read", path) : QN_OK;
}

static enum qn_status read_soup(const char *path, struct soup *s)
{
    char *bytes;
    size_t size;
    uint32_t count = 0;
    enum qn_status status = read_bytes(path, &bytes, &size);
    if (status != QN_OK || !bytes) {
        qn_free(bytes);
        return status;
    }
    if (size >= HEADER) {
        memcpy(&count, bytes + 80, sizeof count);
    }
    if (count > 0 && size == HEADER + (size_t)count * RECORD) {
        read_binary((const unsigned char *)bytes, count, s);
    } else {
        status = read_text(bytes, path, s);
    }
    qn_free(bytes);
    if (status == QN_OK && (s->n == 0 || s->n > MOST)) {
        return qn_fail(QN_ERR_INPUT, "%s: no STL file, or one cut short (%zu triangles read)", path,
                       s->n / 3);
    }
    return status;
}

/// Scale to metres and put the middle of the box around it at 0; returns its longest side [m].
static double centre(struct soup *s, double unit)
{
    double longest = 0.0;
    for (int k = 0; k < 3; k++) {
        double lo = HUGE_VAL, hi = -HUGE_VAL;
        for (size_t i = 0; i < s->n; i++) {
            lo = fmin(lo, s->corner[i][k]), hi = fmax(hi, s->corner[i][k]);
        }
        for (size_t i = 0; i < s->n; i++) {
            s->corner[i][k] = unit * (s->corner[i][k] - 0.5 * (lo + hi));
        }
        longest = fmax(longest, unit * (hi - lo));
    }
    return longest;
}

/// Vials are 5 mm to 2 m wide.
static enum qn_status check_size(double longest, double unit)
{
    static const struct {
        const char *name;
        double unit;
    } units[] = {{"mm", 1e-3}, {"m", 1.0}, {"cm", 1e-2}, {"in", 0.0254}};
    if (longest >= 5e-3 && longest <= 2.0) {
        return QN_OK;
    }
    for (size_t k = 0; k < sizeof units / sizeof *units; k++) {
        const double would = longest / unit * units[k].unit;
        if (would >= 5e-3 && would <= 2.0) {
            return qn_fail(QN_ERR_INPUT,
                           "%g m long, which is no vial; in %s it would be %g m: set vial.unit",
                           longest, units[k].name, would);
        }
    }
    return qn_fail(QN_ERR_INPUT, "%g m long, which is no vial", longest);
}

enum qn_status qn_mesh_read(const char *path, double unit, struct qn_mesh *out)
{
    struct soup s = {0};
    memset(out, 0, sizeof *out);
    enum qn_status status = read_soup(path, &s);
    if (status == QN_OK) {
        status = check_size(centre(&s, unit), unit);
        if (status == QN_OK) {
            status = qn_mesh_make((const double(*)[3])s.corner, (int)(s.n / 3), out);
        }
        status = status == QN_OK ? QN_OK : qn_fail_context(status, "%s: ", path);
    }
    qn_free(s.corner);
    return status;
}
