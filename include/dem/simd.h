/// @file
/// VL contacts side by side (base/lanes.h): the register transposes between body rows and contact
/// fields.
#pragma once

#include "base/lanes.h"

typedef double qn_v4 __attribute__((vector_size(32), may_alias));

#if QN_LANES > 1

#define QN_SHUF(a, b, ...) __builtin_shufflevector(a, b, __VA_ARGS__)

#if QN_LANES == 8
#define QN_ROW(p, q)                                                                               \
    ((qn_vec)_mm512_insertf64x4(_mm512_castpd256_pd512(_mm256_load_pd(p)), _mm256_load_pd(q), 1))
#define QN_HALF(x, s) ((qn_v4)_mm512_extractf64x4_pd((__m512d)(x), s))
#define QN_LO(a, b) QN_SHUF(a, b, 0, 8, 2, 10, 4, 12, 6, 14)
#define QN_HI(a, b) QN_SHUF(a, b, 1, 9, 3, 11, 5, 13, 7, 15)
#define QN_LL(a, b) QN_SHUF(a, b, 0, 1, 8, 9, 4, 5, 12, 13)
#define QN_HH(a, b) QN_SHUF(a, b, 2, 3, 10, 11, 6, 7, 14, 15)
#else
#define QN_ROW(p, q) ((void)(q), *(const qn_vec *)(p))
#define QN_HALF(x, s) (x)
#define QN_LO(a, b) QN_SHUF(a, b, 0, 4, 2, 6)
#define QN_HI(a, b) QN_SHUF(a, b, 1, 5, 3, 7)
#define QN_LL(a, b) QN_SHUF(a, b, 0, 1, 4, 5)
#define QN_HH(a, b) QN_SHUF(a, b, 2, 3, 6, 7)
#endif

/// Four rows of four (VL/4 contacts side by side) to four fields, and back: its own inverse.
static inline __attribute__((always_inline)) void qn_transpose(qn_vec r[4])
{
    const qn_vec a = QN_LO(r[0], r[1]), b = QN_HI(r[0], r[1]);
    const qn_vec c = QN_LO(r[2], r[3]), d = QN_HI(r[2], r[3]);
    r[0] = QN_LL(a, c), r[1] = QN_LL(b, d), r[2] = QN_HH(a, c), r[3] = QN_HH(b, d);
}
#endif

/// Four doubles at `row[k] + at` of each of VL rows, as four fields.
static inline __attribute__((always_inline)) void qn_load4(const double *const row[], int at,
                                                           qn_vec f[4])
{
#if QN_LANES == 1
    for (int k = 0; k < 4; k++) {
        f[k] = row[0][at + k];
    }
#else
    for (int k = 0; k < 4; k++) {
        f[k] = QN_ROW(row[k] + at, row[k + QN_VL - 4] + at);
    }
    qn_transpose(f);
#endif
}

/// Four fields to four doubles at `rows + k * stride` for each of VL contacts k.
static inline __attribute__((always_inline)) void qn_store4(double *rows, int stride, qn_vec f[4])
{
#if QN_LANES == 1
    (void)stride;
    for (int k = 0; k < 4; k++) {
        rows[k] = f[k];
    }
#else
    qn_transpose(f);
    for (int k = 0; k < 4; k++) {
        *(qn_v4 *)(rows + k * stride) = QN_HALF(f[k], 0);
#if QN_LANES == 8
        *(qn_v4 *)(rows + (k + 4) * stride) = QN_HALF(f[k], 1);
#endif
    }
#endif
}
