/// @file
/// Collecting episodes.
#include "app/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "base/array.h"

void qn_gathering_add(struct qn_gathering *g, const struct qn_event_filter *f,
                      const struct qn_episode *e, size_t n)
{
    qn_grow(&g->held, &g->cap, g->n + n);
    for (size_t k = 0; k < n; k++) {
        if (qn_event_weight(f, &e[k]) > 0.0) {
            g->held[g->n++] = e[k];
        }
    }
}

void qn_gathering_collect(struct qn_gathering *g, struct qn_group *group,
                          const struct qn_episode **e, size_t *n)
{
    size_t bytes;
    if (qn_group_alone(group)) { // already in order: each step's are, and steps follow each other
        *e = g->held;
        *n = g->n;
        g->n = 0;
        return;
    }
    qn_free(g->all);
    qn_group_gather(group, g->held, g->n * sizeof *g->held, &g->all, &bytes);
    *n = bytes / sizeof *g->held;
    *e = g->all;
    g->n = 0;
    if (*n > 1) {
        qsort(g->all, *n, sizeof *g->held, qn_episode_order);
    }
}

void qn_gathering_free(struct qn_gathering *g)
{
    qn_free(g->held);
    qn_free(g->all);
    memset(g, 0, sizeof *g);
}
