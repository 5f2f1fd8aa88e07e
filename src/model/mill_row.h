// Rows of a mill's keys. `own` is the law's struct of parameters; NEED as default: required.
#pragma once

#include <stddef.h>

#define NEED NULL
#define MILL_NUMBER(own, key, member, si, lo, hi, bits, standard, text)                            \
    {                                                                                              \
        .path = key, .type = QN_FIELD_DOUBLE, .offset = offsetof(own, member), .unit = si,         \
        .min = lo, .max = hi, .flags = (standard) ? (bits) : (bits) | QN_REQUIRED,                 \
        .fallback = standard, .doc = text                                                          \
    }
#define MILL_LIST(own, key, member, si, lo, hi, n, standard, text)                                 \
    {                                                                                              \
        .path = key, .type = QN_FIELD_DOUBLE, .offset = offsetof(own, member), .unit = si,         \
        .min = lo, .max = hi, .count = n, .flags = (standard) ? 0 : QN_REQUIRED,                   \
        .fallback = standard, .doc = text                                                          \
    }
#define MILL_WORD(own, key, member, words, standard, text)                                         \
    {                                                                                              \
        .path = key, .type = QN_FIELD_ENUM, .offset = offsetof(own, member), .names = words,       \
        .flags = (standard) ? 0 : QN_REQUIRED, .fallback = standard, .doc = text                   \
    }

/// What an amplitude measures; never guessed.
#define MILL_AMPLITUDE_OF(own)                                                                     \
    MILL_WORD(own, "amplitude_of", amplitude_of, qn_amplitude_words, NEED,                         \
              "what amplitudes measure")

enum qn_amplitude_of { QN_ZERO_TO_PEAK, QN_PEAK_TO_PEAK };
extern const char *const qn_amplitude_words[];

/// Zero-to-peak value of an amplitude.
static inline double qn_zero_to_peak(int of, double amplitude)
{
    return (of == QN_PEAK_TO_PEAK ? 0.5 : 1.0) * amplitude;
}
