/// @file
/// Memory for arrays: 64-byte aligned, zeroed, grown in place.
///
/// Running out of memory ends the process with a message: no caller could go on. Nothing here is
/// called inside a step; arrays grow at a list rebuild or between steps.
#pragma once

#include <stddef.h>

/// `count` elements of `size` bytes, zeroed, 64-byte aligned. Never NULL (count 0 gives one line).
void *qn_alloc(size_t count, size_t size);

/// Make room for at least `need` elements; the new part is zeroed, the old part kept.
/// @param[in,out] array     pointer to the array (may be NULL with *capacity 0)
/// @param[in,out] capacity  elements it holds; grows by at least a half
void qn_grow_raw(void **array, size_t *capacity, size_t need, size_t size);

#define qn_grow(array, capacity, need)                                                             \
    qn_grow_raw((void **)(array), (capacity), (need), sizeof **(array))

/// Free an array of this module; NULL is harmless.
void qn_free(void *array);
