/// @file
/// VL numbers side by side: vector type, blends, exponential and logarithm.
///
/// One source, three widths: 8 lanes (AVX-512), 4 (AVX2), 1 (plain doubles). All give the same
/// bits: every operation is an IEEE add, multiply, divide, root or comparison, nothing is
/// contracted or reordered, and the functions below are made of those alone.
#pragma once

#include <math.h>
#include <stdint.h>
#include <string.h>

#ifndef QN_LANES
#if defined(__AVX512F__) && defined(__AVX512DQ__)
#define QN_LANES 8
#elif defined(__AVX2__)
#define QN_LANES 4
#else
#define QN_LANES 1
#endif
#endif

enum { QN_VL = QN_LANES };

#define QN_LANES_INLINE static inline __attribute__((always_inline, unused))

#if QN_LANES == 1

typedef double qn_vec;
typedef uint64_t qn_uvec;
#define QN_SQRT(x) sqrt(x)
#define QN_GT(x, y, a, b) ((x) > (y) ? (a) : (b))
#define QN_ANY_GT(x, y) ((x) > (y))

#else

#include <immintrin.h>

typedef double qn_vec __attribute__((vector_size(QN_LANES * 8), may_alias));
typedef uint64_t qn_uvec __attribute__((vector_size(QN_LANES * 8), may_alias));

#if QN_LANES == 8
#define QN_SQRT(x) ((qn_vec)_mm512_sqrt_pd((__m512d)(x)))
#define QN_ANY_GT(x, y) _mm512_cmp_pd_mask((__m512d)(x), (__m512d)(y), _CMP_GT_OQ)
#define QN_GT(x, y, a, b)                                                                          \
    ((qn_vec)_mm512_mask_blend_pd(QN_ANY_GT(x, y), (__m512d)(b), (__m512d)(a)))
#elif QN_LANES == 4
#define QN_SQRT(x) ((qn_vec)_mm256_sqrt_pd((__m256d)(x)))
#define QN_ANY_GT(x, y) _mm256_movemask_pd(_mm256_cmp_pd((__m256d)(x), (__m256d)(y), _CMP_GT_OQ))
#define QN_GT(x, y, a, b)                                                                          \
    ((qn_vec)_mm256_blendv_pd((__m256d)(b), (__m256d)(a),                                          \
                              _mm256_cmp_pd((__m256d)(x), (__m256d)(y), _CMP_GT_OQ)))
#else
#error "QN_LANES is 8, 4 or 1"
#endif
#endif

/// The same number in every lane.
QN_LANES_INLINE qn_vec qn_all(double x)
{
    return (qn_vec){0} + x;
}

/// One lane, to read and to write.
QN_LANES_INLINE double qn_lane(const qn_vec *v, int lane)
{
    return ((const double *)v)[lane];
}

QN_LANES_INLINE void qn_lane_set(qn_vec *v, int lane, double x)
{
    ((double *)v)[lane] = x;
}

QN_LANES_INLINE qn_vec qn_larger(qn_vec a, qn_vec b)
{
    return QN_GT(a, b, a, b);
}

QN_LANES_INLINE qn_vec qn_smaller(qn_vec a, qn_vec b)
{
    return QN_GT(a, b, b, a);
}

QN_LANES_INLINE qn_vec qn_size_of(qn_vec a)
{
    return qn_larger(a, -a);
}

QN_LANES_INLINE qn_uvec qn_bits_of(qn_vec x)
{
    qn_uvec i;
    memcpy(&i, &x, sizeof i);
    return i;
}

QN_LANES_INLINE qn_vec qn_of_bits(qn_uvec i)
{
    qn_vec x;
    memcpy(&x, &i, sizeof x);
    return x;
}

/// exp(x) within 2 units of the last place; 3e-308 below -708, 8e307 above 709, which no rate
/// reaches. Argument less a multiple of ln 2 (in two parts, Cody & Waite), Taylor to degree 13.
QN_LANES_INLINE qn_vec qn_exp(qn_vec x)
{
    const double round = 6755399441055744.0; // 1.5 * 2^52: adding it leaves a whole number below
    x = qn_smaller(qn_larger(x, qn_all(-708.0)), qn_all(709.0));
    const qn_vec shifted = x * 1.4426950408889634074 + round;
    const qn_vec n = shifted - round;
    const qn_vec r = (x - n * 6.93147180369123816490e-01) - n * 1.90821492927058770002e-10;
    const qn_vec r2 = r * r, r4 = r2 * r2;
    const qn_vec a = (1.0 + r) + r2 * (0.5 + r * (1.0 / 6));
    const qn_vec b = (1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720 + r * (1.0 / 5040));
    const qn_vec c = (1.0 / 40320 + r * (1.0 / 362880)) +
                     r2 * (1.0 / 3628800 + r * (1.0 / 39916800)) +
                     r4 * (1.0 / 479001600 + r * (1.0 / 6227020800));
    const qn_vec p = a + r4 * (b + r4 * c);
    // the low bits of `shifted` hold n; 2^n by its exponent
    const qn_uvec power = (qn_uvec)((qn_bits_of(shifted) + 1023) << 52);
    return p * qn_of_bits(power);
}

/// ln(x) of a positive normal number, absolute error below 3e-16 |ln x| + 3e-16: with
/// s = (m - 1)/(m + 1), ln m = 2 (s + s^3/3 + ...) for a mantissa m in [0.7, 1.4].
QN_LANES_INLINE qn_vec qn_log(qn_vec x)
{
    const qn_uvec bits = qn_bits_of(x);
    const double two52 = 4503599627370496.0;
    const qn_uvec biased = (bits >> 52) & 0x7ff;
    qn_vec e = (qn_of_bits(biased | 0x4330000000000000) - two52) - 1023.0;
    qn_vec m = qn_of_bits((bits & 0x000fffffffffffff) | 0x3ff0000000000000);
    const qn_vec root = qn_all(1.4142135623730951);
    e = QN_GT(m, root, e + 1.0, e);
    m = QN_GT(m, root, 0.5 * m, m);
    const qn_vec s = (m - 1.0) / (m + 1.0), z = s * s;
    qn_vec p = 1.0 / 21 + z * (1.0 / 23);
    for (int k = 19; k >= 3; k -= 2) {
        p = 1.0 / k + z * p;
    }
    const qn_vec ln_m = 2.0 * s + 2.0 * s * (z * p);
    return e * 6.93147180369123816490e-01 + (e * 1.90821492927058770002e-10 + ln_m);
}
