/// @file
/// Growing text, shortest numbers, edit distance.
#include "io/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/error.h"

void qn_text_add(struct qn_text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    const int more = vsnprintf(NULL, 0, format, args);
    va_end(args);
    QN_ASSERT(more >= 0);
    qn_grow(&t->text, &t->capacity, t->length + (size_t)more + 1);
    vsnprintf(t->text + t->length, (size_t)more + 1, format, again);
    va_end(again);
    t->length += (size_t)more;
}

void qn_text_free(struct qn_text *t)
{
    qn_free(t->text);
    *t = (struct qn_text){0};
}

const char *qn_number_text(double value, char out[QN_NUMBER_TEXT])
{
    for (int digits = 6; digits <= 17; digits++) {
        snprintf(out, QN_NUMBER_TEXT, "%.*g", digits, value);
        if (strtod(out, NULL) == value) {
            break;
        }
    }
    return out;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

int qn_edit_distance(const char *a, const char *b)
{
    enum { LONGEST = 48 }; // keys are shorter; what is longer is simply far away
    const size_t na = strlen(a), nb = strlen(b);
    if (na > LONGEST || nb > LONGEST) {
        return LONGEST;
    }
    int d[LONGEST + 1][LONGEST + 1]; // d[i][j]: first i letters of a into first j of b
    for (size_t i = 0; i <= na; i++) {
        for (size_t j = 0; j <= nb; j++) {
            if (i == 0 || j == 0) {
                d[i][j] = (int)(i + j);
                continue;
            }
            const int replaced = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            d[i][j] = least(replaced, least(d[i - 1][j], d[i][j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                d[i][j] = least(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
    }
    return d[na][nb];
}
