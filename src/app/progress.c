/// @file
/// Progress line and log lines.
#include "app/progress.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const double TERMINAL_PAUSE = 0.2, LOG_PAUSE = 30.0; // between two lines [s]

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

const char *qn_duration_text(double seconds, char out[QN_DURATION_TEXT])
{
    const long whole = (long)(seconds + 0.5);
    if (seconds < 10.0) {
        snprintf(out, QN_DURATION_TEXT, "%.1f s", seconds);
    } else if (whole < 60) {
        snprintf(out, QN_DURATION_TEXT, "%ld s", whole);
    } else if (whole < 3600) {
        snprintf(out, QN_DURATION_TEXT, "%ld min %02ld s", whole / 60, whole % 60);
    } else {
        snprintf(out, QN_DURATION_TEXT, "%ld h %02ld min", whole / 3600, whole % 3600 / 60);
    }
    return out;
}

void qn_progress_init(struct qn_progress *p, int quiet)
{
    *p = (struct qn_progress){.quiet = quiet, .terminal = isatty(STDERR_FILENO)};
    const char *no_color = getenv("NO_COLOR");
    p->color = p->terminal && !(no_color && *no_color);
}

static void write_terminal(struct qn_progress *p, const char *text)
{
    const int width = (int)strlen(text);
    const int rest = p->width > width ? p->width - width : 0;
    const int stage = (int)strlen(p->stage);
    if (p->color) { // the stage in bold
        fprintf(stderr, "\r\033[1m%.*s\033[0m%s%*s", stage, text, text + stage, rest, "");
    } else {
        fprintf(stderr, "\r%s%*s", text, rest, "");
    }
    fflush(stderr);
    p->width = width;
}

static void write_log(const char *text)
{
    char stamp[32];
    const time_t t = time(NULL);
    struct tm local;
    localtime_r(&t, &local);
    strftime(stamp, sizeof stamp, "%Y-%m-%d %H:%M:%S", &local);
    fprintf(stderr, "%s  %s\n", stamp, text);
}

void qn_progress_update(struct qn_progress *p, const char *stage, double fraction, const char *note)
{
    if (p->quiet) {
        return;
    }
    const double t = now();
    const int fresh = strcmp(stage, p->stage) != 0;
    if (fresh) {
        qn_progress_end(p);
        snprintf(p->stage, sizeof p->stage, "%.47s", stage);
        p->began = t;
        p->first = fraction;
    } else if (p->closed ||
               (fraction < 1.0 && t - p->shown < (p->terminal ? TERMINAL_PAUSE : LOG_PAUSE))) {
        return;
    }
    p->closed = fraction >= 1.0;
    p->shown = t;

    // time left from the pace since the stage began, once there is a pace
    char left[QN_DURATION_TEXT], text[256];
    const double done = fraction - p->first, spent = t - p->began;
    const int paced = done > 0.0 && spent > 0.5 && fraction < 1.0;
    if (paced) {
        qn_duration_text(spent * (1.0 - fraction) / done, left);
    }
    snprintf(text, sizeof text, "%s %3.0f %%%s%s%s%.120s", p->stage, 100.0 * fraction,
             paced ? ", left " : "", paced ? left : "", *note ? "  " : "", note);
    if (p->terminal) {
        write_terminal(p, text);
    } else {
        write_log(text);
    }
}

void qn_progress_end(struct qn_progress *p)
{
    if (p->terminal && p->width > 0) {
        fputc('\n', stderr);
    }
    p->width = 0;
    p->closed = 0;
    p->stage[0] = '\0';
}
