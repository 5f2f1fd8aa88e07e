/// @file
/// How a function says that it failed: a status code and one message that says what to do.
///
/// Every function that can fail from outside (files, decks, physics out of range) returns
/// `enum qn_status`; callers forward it with QN_TRY. The text of the failure is kept per thread
/// until the next one. A caller's own mistake is a QN_ASSERT, active in release builds too.
/// Nothing here prints or exits: `app/main.c` alone does.
#pragma once

#include <stdio.h>
#include <stdlib.h>

/// Status codes; their values are the exit codes of the program.
enum qn_status {
    QN_OK = 0,            ///< done
    QN_DIFFERENT = 1,     ///< two files differ: a finding, not a failure
    QN_ERR_USAGE = 2,     ///< the command line is wrong
    QN_ERR_INPUT = 3,     ///< a deck, mechanism or other input file is wrong
    QN_ERR_PHYSICS = 4,   ///< a guard stopped the run: NaN, lost body, excess overlap, balance
    QN_ERR_IO = 5,        ///< a file could not be read or written
    QN_ERR_MEMORY = 6,    ///< out of memory
    QN_CHECKPOINTED = 85, ///< stopped on request after a checkpoint: run again to go on
};

#define QN_MUST_USE __attribute__((warn_unused_result))

/// Record a failure and return its code: `return qn_fail(QN_ERR_IO, "%s: %s", path, why);`
enum qn_status qn_fail(enum qn_status code, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));

/// Put words in front of the recorded text (`"while reading deck.yaml: "`); returns `code`.
enum qn_status qn_fail_context(enum qn_status code, const char *format, ...)
    __attribute__((format(printf, 2, 3), cold));

/// Text of this thread's last failure, "" when there was none. Valid until the next failure.
const char *qn_error_text(void);

/// Forward a failure to the caller.
#define QN_TRY(call)                                                                               \
    do {                                                                                           \
        const enum qn_status qn_try_ = (call);                                                     \
        if (qn_try_ != QN_OK) {                                                                    \
            return qn_try_;                                                                        \
        }                                                                                          \
    } while (0)

/// A promise of the caller; broken means a bug in Quern, so the process ends at once.
#define QN_ASSERT(cond)                                                                            \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            fprintf(stderr, "quern: internal error: %s:%d: %s\n", __FILE__, __LINE__, #cond);      \
            abort();                                                                               \
        }                                                                                          \
    } while (0)
