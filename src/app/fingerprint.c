/// @file
/// Comparing ranks at the start.
#include "app/fingerprint.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/version.h"
#include "base/array.h"
#include "base/hash.h"

enum { DECK, MECHANISM, BINARY, LIBM, PRINTS };

static const char *const WHAT[PRINTS] = {
    [DECK] = "another deck (resolved with its --set)",
    [MECHANISM] = "another mechanism file",
    [BINARY] = "another binary",
    [LIBM] = "another path of libm (another kind of CPU)",
};

/// Digest of a file's bytes, 0 when it cannot be read.
static uint64_t file_digest(const char *path)
{
    char part[65536];
    size_t got;
    uint64_t h = 1;
    FILE *f = path[0] ? fopen(path, "rb") : NULL;
    if (!f) {
        return 0;
    }
    while ((got = fread(part, 1, sizeof part, f)) > 0) {
        h = qn_hash(h, part, got);
    }
    fclose(f);
    return h;
}

static uint64_t binary_digest(void)
{
    const uint64_t bytes = file_digest("/proc/self/exe");
    uint64_t h = bytes;
    for (const struct qn_version_item *v = qn_version_items; v->name; v++) {
        h = qn_hash(h, v->value, strlen(v->value));
    }
    return h;
}

uint64_t qn_fingerprint_libm(void)
{
    enum { POINTS = 257 };
    uint64_t h = 0;
    for (int k = 0; k < POINTS; k++) {
        // volatile: the compiler must not compute these with its own library
        volatile double x = 1e-3 * (k + 1) * (k + 1) + 1.0 / (k + 3);
        const double y[] = {exp(-x), expm1(-1e-3 * x), log(x), log10(x), log2(x), pow(x, 0.37),
                            cbrt(x), erfc(0.01 * x),   sin(x), cos(x),   tanh(x), sqrt(x)};
        h = qn_hash(h, y, sizeof y);
    }
    return h;
}

enum qn_status qn_fingerprint_check(const struct qn_deck *deck, struct qn_group *group)
{
    uint64_t mine[PRINTS] = {
        [DECK] = qn_hash(deck->mechanical_hash, deck->resolved, strlen(deck->resolved)),
        [MECHANISM] = file_digest(deck->chemistry.mechanism),
        [BINARY] = binary_digest(),
        [LIBM] = qn_fingerprint_libm(),
    };
    if (qn_group_alone(group)) {
        return QN_OK;
    }
    uint64_t(*all)[PRINTS] = qn_alloc((size_t)group->size, sizeof *all);
    qn_group_allgather(group, mine, sizeof mine, all);
    enum qn_status status = QN_OK;
    for (int r = 1; r < group->size && status == QN_OK; r++) {
        for (int k = 0; k < PRINTS && status == QN_OK; k++) {
            if (all[r][k] != all[0][k]) {
                status = qn_fail(QN_ERR_USAGE,
                                 "rank %d has %s than rank 0: ranks of one job must be the same "
                                 "program on the same numbers",
                                 r, WHAT[k]);
            }
        }
    }
    qn_free(all);
    return status;
}
