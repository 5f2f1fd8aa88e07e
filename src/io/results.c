/// @file
/// CSV rows.
#include "io/results.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/array.h"
#include "io/text.h"

enum { RESULTS_PATH = 1300, MOST_TABLES = 99 };

/// Quote what would break a row (RFC 4180).
static void add_cell(struct qn_text *row, const char *text)
{
    if (!strpbrk(text, ",\"\n\r")) {
        qn_text_add(row, "%s", text);
        return;
    }
    qn_text_add(row, "\"");
    for (; *text; text++) {
        qn_text_add(row, *text == '"' ? "\"\"" : "%c", *text);
    }
    qn_text_add(row, "\"");
}

static void add_row(struct qn_text *text, size_t n, const struct qn_result_cell *cells, int names)
{
    for (size_t k = 0; k < n; k++) {
        qn_text_add(text, "%s", k ? "," : "");
        add_cell(text, names ? cells[k].name : cells[k].text);
    }
    qn_text_add(text, "\n");
}

/// 1: the file begins with this header; 0: it is new or empty; -1: it begins otherwise.
static int compare_header(const char *path, const struct qn_text *header)
{
    FILE *file = fopen(path, "rb");
    if (!file) {
        return 0;
    }
    char *begin = qn_alloc(header->length + 1, 1);
    const size_t got = fread(begin, 1, header->length, file);
    fclose(file);
    const int same = got == header->length && memcmp(begin, header->text, got) == 0;
    qn_free(begin);
    return got == 0 ? 0 : same ? 1 : -1;
}

/// Add a row, under the header when the file is empty. The lock keeps runs that end at the same
/// time (members of a sweep) from writing two headers.
static enum qn_status append(const char *path, const struct qn_text *header,
                             const struct qn_text *row)
{
    const int fd = open(path, O_WRONLY | O_APPEND | O_CREAT, 0666);
    int ok = fd >= 0 && (flock(fd, LOCK_EX) == 0 || errno == ENOLCK || errno == EOPNOTSUPP);
    if (ok && lseek(fd, 0, SEEK_END) == 0) {
        ok = write(fd, header->text, header->length) == (ssize_t)header->length;
    }
    ok = ok && write(fd, row->text, row->length) == (ssize_t)row->length;
    const int why = errno;
    if (fd >= 0) {
        close(fd);
    }
    return ok ? QN_OK : qn_fail(QN_ERR_IO, "%s: %s", path, strerror(why));
}

/// "results.csv", then "results-2.csv", "results-3.csv" ...
static void numbered(const char *path, int number, char *out, size_t size)
{
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    const int stem = (int)(dot && (!slash || dot > slash) ? dot - path : (long)strlen(path));
    if (number == 1) {
        snprintf(out, size, "%s", path);
    } else {
        snprintf(out, size, "%.*s-%d%s", stem, path, number, path + stem);
    }
}

enum qn_status qn_results_append(const char *path, size_t n, const struct qn_result_cell *cells)
{
    struct qn_text header = {0}, row = {0};
    char name[RESULTS_PATH];
    int known = -1;
    add_row(&header, n, cells, 1);
    add_row(&row, n, cells, 0);
    for (int k = 1; known < 0 && k <= MOST_TABLES; k++) {
        numbered(path, k, name, sizeof name);
        known = compare_header(name, &header);
    }
    const enum qn_status status =
        known < 0 ? qn_fail(QN_ERR_IO, "%s: it and %d more have other columns; move some away",
                            path, MOST_TABLES - 1)
                  : append(name, &header, &row);
    qn_text_free(&header);
    qn_text_free(&row);
    return status;
}
