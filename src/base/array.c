/// @file
/// Aligned, zeroed, growing arrays.
#include "base/array.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 64 }; // a cache line, and the widest vector

void *qn_alloc(size_t count, size_t size)
{
    const size_t want = count && size ? count : 1;
    if (size && want > (SIZE_MAX - LINE) / size) {
        fprintf(stderr, "quern: an array of %zu x %zu bytes is larger than memory\n", count, size);
        abort();
    }
    const size_t bytes = (want * (size ? size : 1) + LINE - 1) / LINE * LINE;
    void *array = aligned_alloc(LINE, bytes);
    if (!array) {
        fprintf(stderr, "quern: out of memory asking for %zu bytes\n", bytes);
        abort();
    }
    return memset(array, 0, bytes);
}

void qn_grow_raw(void **array, size_t *capacity, size_t need, size_t size)
{
    if (need <= *capacity) {
        return;
    }
    const size_t grown = *capacity + *capacity / 2;
    const size_t count = need > grown ? need : grown;
    void *fresh = qn_alloc(count, size);
    if (*array) {
        memcpy(fresh, *array, *capacity * size);
        free(*array);
    }
    *array = fresh;
    *capacity = count;
}

void qn_free(void *array)
{
    free(array);
}
