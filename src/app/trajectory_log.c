/// @file
/// State hashes and counters of the decomposition.
#include "app/trajectory_log.h"

#include <inttypes.h>
#include <stdio.h>

#include "dem/domain.h"
#include "io/text.h"

void qn_trajectory_hash(struct qn_session *s, const char *stage, const struct qn_dem *dem)
{
    char path[64];
    if (dem->step % s->deck->run.hash_every != 0) {
        return;
    }
    const uint64_t h = qn_dem_hash(dem);
    const double row[3] = {(double)dem->step, (double)(h >> 32), (double)(h & 0xffffffff)};
    snprintf(path, sizeof path, "/mechanics/%s_hash", stage);
    qn_store_append(s->store,
                    qn_store_series(s->store, path, 3, "1",
                                    "digest of the mechanical state: step, its high and its low "
                                    "32 bits"),
                    row);
    // a line in a log; a terminal has its progress there
    if (qn_session_root(s) && !s->options->quiet && !s->progress.terminal) {
        fprintf(stderr, "%s step %" PRId64 " state %016" PRIx64 "\n", stage, dem->step, h);
    }
}

static void put(struct qn_session *s, const char *stage, const char *name, double value,
                const char *unit, const char *text)
{
    char path[96];
    snprintf(path, sizeof path, "/parallel/%s/%s", stage, name);
    qn_store_number(s->store, path, value, unit, text);
}

static void put_phases(struct qn_session *s, const char *stage, const struct qn_domain_stats *d)
{
    char path[96];
    for (int p = 0; p < QN_STEP_PHASES; p++) {
        snprintf(path, sizeof path, "/parallel/%s/wall_%s", stage,
                 qn_step_phase_name((enum qn_step_phase)p));
        qn_store_row(s->store, path, d->wall[p], 3, "s",
                     "wall time of this phase of the step: least, mean and largest of the ranks");
    }
}

static void tell(const char *stage, const struct qn_domain_stats *d)
{
    fprintf(stderr,
            "%s on %d ranks: work %.3f of the mean at most (mean of rebuilds), ghosts %.1f %% of "
            "the owned, a rebuild every %.0f steps, %.1f messages and %.0f bytes a rank and step\n",
            stage, d->ranks, d->imbalance, 100.0 * d->ghosts,
            (double)d->steps / (double)d->rebuilds, d->messages, d->bytes);
    for (int p = 0; p < QN_STEP_PHASES; p++) {
        fprintf(stderr, "%s%s %.2f/%.2f/%.2f",
                p ? ", " : "  s least/mean/most: ", qn_step_phase_name((enum qn_step_phase)p),
                d->wall[p][0], d->wall[p][1], d->wall[p][2]);
    }
    fputc('\n', stderr);
}

void qn_trajectory_counts(struct qn_session *s, const char *stage, const struct qn_dem *dem)
{
    struct qn_domain_stats d;
    qn_domain_read(dem, &d);
    if (d.ranks < 2) {
        return;
    }
    put(s, stage, "ranks", d.ranks, "1", "MPI ranks");
    put(s, stage, "steps", (double)d.steps, "1", "steps since the start");
    put(s, stage, "rebuilds", (double)d.rebuilds, "1", "rebuilds of the outer list");
    put(s, stage, "balances", (double)d.balances, "1", "rebuilds at which the cuts moved");
    put(s, stage, "migrated", d.migrated, "1", "bodies that changed their owner, per rebuild");
    put(s, stage, "ghost_fraction", d.ghosts, "1", "ghosts per owned body, mean of rebuilds");
    put(s, stage, "offered_fraction", d.offered, "1",
        "bodies offered as ghosts per owned body, before the search found who needs them");
    put(s, stage, "messages", d.messages, "1", "messages sent per rank and step");
    put(s, stage, "bytes", d.bytes, "byte", "bytes sent per rank and step");
    put(s, stage, "imbalance", d.imbalance, "1", "largest counted work over the mean");
    put(s, stage, "worst_imbalance", d.worst, "1", "the same, worst rebuild");
    put_phases(s, stage, &d);
    if (qn_session_root(s) && !s->options->quiet) {
        tell(stage, &d);
    }
}
