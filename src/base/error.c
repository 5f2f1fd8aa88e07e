/// @file
/// Failure texts, one buffer a thread.
#include "base/error.h"

#include <stdarg.h>
#include <string.h>

enum { TEXT = 16384 }; // a deck can have many faults, all reported at once

static _Thread_local char text[TEXT];

enum qn_status qn_fail(enum qn_status code, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return code;
}

enum qn_status qn_fail_context(enum qn_status code, const char *format, ...)
{
    static _Thread_local char old[TEXT];
    memcpy(old, text, sizeof old);
    va_list args;
    va_start(args, format);
    const int used = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    const size_t at = used < 0 ? 0 : (size_t)used < sizeof text ? (size_t)used : sizeof text - 1;
    snprintf(text + at, sizeof text - at, "%s", old);
    return code;
}

const char *qn_error_text(void)
{
    return text;
}
