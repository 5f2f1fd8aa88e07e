/// @file
/// The program: CPU check, command line, MPI and PETSc, one way out.
///
/// Order matters. The CPU is asked before anything compiled for a newer one runs (this file alone
/// is compiled for any); MPI starts before PETSc and ends after it; signal handlers come last, so
/// that they are ours. Only this file prints errors and ends the process.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <mpi.h>
#include <petscsys.h>

#include "app/check.h"
#include "app/check_mill.h"
#include "app/cli.h"
#include "app/deck.h"
#include "app/ensemble.h"
#include "app/fault_dump.h"
#include "app/fingerprint.h"
#include "app/mechanism_text.h"
#include "app/powder.h"
#include "app/run.h"
#include "app/steady_text.h"
#include "app/stop.h"
#include "app/version.h"
#include "base/array.h"
#include "io/store_diff.h"
#include "io/units.h"
#include "par/group.h"

/// Does this CPU have a feature the library was compiled for?
static int cpu_has(const char *feature)
{
#if defined(__x86_64__)
#define ASK(name)                                                                                  \
    if (strcmp(feature, name) == 0) {                                                              \
        return __builtin_cpu_supports(name) != 0;                                                  \
    }
    ASK("avx512f")
    ASK("avx512dq")
    ASK("avx512vl")
    ASK("avx2")
    ASK("fma")
    ASK("bmi2")
#undef ASK
#endif
    (void)feature;
    return 1;
}

static enum qn_status check_cpu(void)
{
    char words[128];
    snprintf(words, sizeof words, "%s", qn_compiled_for);
    for (char *word = strtok(words, " "); word; word = strtok(NULL, " ")) {
        if (!cpu_has(word)) {
            return qn_fail(
                QN_ERR_USAGE,
                "this binary was compiled for a CPU with %s, which this one lacks; build "
                "it on this machine, or anywhere with cmake -DQUERN_NATIVE=OFF",
                word);
        }
    }
    return QN_OK;
}

static void print_version(void)
{
    for (const struct qn_version_item *item = qn_version_items; item->name; item++) {
        printf("%-10s%s\n", item->name, item->value);
    }
}

static void print_help(const char *topic)
{
    if (topic && strcmp(topic, "deck") == 0) {
        char *help = qn_deck_help();
        fputs(help, stdout);
        qn_free(help);
        return;
    }
    fputs(qn_cli_help(topic), stdout);
}

static enum qn_status check(const struct qn_cli *cli)
{
    struct qn_deck deck;
    struct qn_powder powder = {0};
    struct qn_text text = {0};
    QN_TRY(qn_deck_read(cli->deck, cli->set, cli->n_set, &deck));
    const int reacts = qn_powder_reacts(&deck);
    enum qn_status status = reacts ? qn_powder_init(&deck, &powder) : QN_OK;
    if (status == QN_OK) {
        qn_check_text(&deck, &text);
        if (reacts) {
            qn_check_mechanism(&powder, &text);
        }
        fputs(text.text, stdout);
        status = cli->kinematics ? qn_check_kinematics(&deck, cli->kinematics) : QN_OK;
    }
    qn_text_free(&text);
    qn_powder_free(&powder);
    qn_deck_free(&deck);
    return status;
}

static enum qn_status print_mechanism(const struct qn_cli *cli, struct qn_mechanism *m,
                                      struct qn_text *text)
{
    struct qn_named_values named;
    if (cli->binding) {
        QN_TRY(qn_named_parse("--binding", cli->binding, "eV", &named));
        const char *unknown = qn_variant_bind(m, &named);
        if (unknown) {
            return qn_fail(QN_ERR_USAGE, "--binding: linear-scaling of %s has no atom %s",
                           cli->deck, unknown);
        }
    }
    if (cli->gas) {
        QN_TRY(qn_named_parse("--gas", cli->gas, "Pa", &named));
        return (cli->json ? qn_steady_json : qn_steady_table)(m, cli->temperature, &named,
                                                              cli->target, text);
    }
    if (cli->graph) {
        qn_mechanism_graph(m, text);
    } else if (cli->json) {
        qn_mechanism_json(m, cli->temperature, text);
    } else {
        qn_mechanism_table(m, cli->temperature, text);
    }
    return QN_OK;
}

static enum qn_status mechanism(const struct qn_cli *cli)
{
    struct qn_mechanism m;
    struct qn_text text = {0};
    QN_TRY(qn_mechanism_read(cli->deck, &m));
    const enum qn_status status = print_mechanism(cli, &m, &text);
    if (status == QN_OK) {
        fputs(text.text, stdout);
    }
    qn_text_free(&text);
    qn_mechanism_free(&m);
    return status;
}

static struct qn_run_options options_of(const struct qn_cli *cli)
{
    return (struct qn_run_options){
        .output = cli->output,
        .checkpoint_interval = cli->checkpoint_interval,
        .force = cli->force,
        .resume = cli->resume,
        .quiet = cli->quiet,
        .paranoid = cli->paranoid,
    };
}

/// Deck and mechanism are read before the run file is looked at, and that before anything is
/// computed.
static enum qn_status run(const struct qn_cli *cli, struct qn_group *group)
{
    struct qn_deck deck;
    const struct qn_run_options options = options_of(cli);
    QN_TRY(qn_group_agree(group, qn_deck_read(cli->deck, cli->set, cli->n_set, &deck)));
    enum qn_status status = qn_fingerprint_check(&deck, group);
    if (status == QN_OK) {
        status = qn_run(&deck, &options, group);
    }
    qn_deck_free(&deck);
    return status;
}

/// Say on stderr why the program ends. Faults of a deck stand alone on their lines, for editors.
static void explain(enum qn_status status, const struct qn_cli *cli)
{
    if (status == QN_CHECKPOINTED) {
        fprintf(stderr, "quern: stopped after a checkpoint in %s; go on with --resume\n",
                cli->output);
    } else if (status != QN_OK) {
        fprintf(stderr, "%s%s\n", status == QN_ERR_INPUT ? "" : "quern: ", qn_error_text());
    }
}

/// PETSc on the ranks of one group.
static enum qn_status start_petsc(const struct qn_group *group)
{
    memcpy(&PETSC_COMM_WORLD, qn_group_communicator(group), sizeof PETSC_COMM_WORLD);
    if (PetscInitializeNoArguments() != 0) {
        return qn_fail(QN_ERR_IO, "PETSc could not start");
    }
    PetscPopSignalHandler(); // PETSc's would hide where a crash happened
    qn_stop_install();
    return QN_OK;
}

static enum qn_status run_single(const struct qn_cli *cli, struct qn_group *world)
{
    QN_TRY(qn_group_agree(world, start_petsc(world)));
    const enum qn_status status = qn_group_agree(world, run(cli, world));
    PetscFinalize();
    return status;
}

static enum qn_status read_members(const struct qn_cli *cli, struct qn_ensemble *e)
{
    *e = (struct qn_ensemble){.deck = cli->deck, .n_base = cli->n_set, .base = cli->set};
    QN_TRY(cli->sweep ? qn_ensemble_sweep(e, cli->sweep) : qn_ensemble_replicas(e, cli->ensemble));
    return qn_ensemble_check(e);
}

/// The world is split before PETSc starts; each group takes its members in turn.
static enum qn_status run_members(const struct qn_cli *cli, struct qn_group *world)
{
    struct qn_ensemble e;
    struct qn_group group;
    const struct qn_run_options options = options_of(cli);
    enum qn_status status = qn_group_agree(world, read_members(cli, &e));
    if (status == QN_OK) {
        const int most = world->size < e.n ? world->size : e.n;
        const int each = cli->ranks_per_member ? cli->ranks_per_member : world->size / most;
        const int groups = each < world->size ? world->size / each : 1;
        const int mine = world->rank / each < groups ? world->rank / each : -1;
        qn_group_split(world, mine < 0 ? groups : mine, &group);
        status = qn_group_agree(world, start_petsc(&group));
        if (status == QN_OK) {
            status = qn_ensemble_run(&e, &options, world, &group, mine, groups);
            PetscFinalize();
        }
        qn_group_free(&group);
    }
    qn_ensemble_free(&e);
    return status;
}

static enum qn_status run_parallel(const struct qn_cli *cli, int *argc, char ***argv)
{
    int provided;
    struct qn_group world;
    const MPI_Comm everybody = MPI_COMM_WORLD;
    if (MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS ||
        provided < MPI_THREAD_FUNNELED) {
        return qn_fail(QN_ERR_IO, "MPI could not start with threads");
    }
    qn_group_init(&world, &everybody);
    if (cli->patience > 0.0) {
        world.patience = cli->patience;
    }
    const enum qn_status status =
        cli->ensemble || cli->sweep ? run_members(cli, &world) : run_single(cli, &world);
    if (world.rank == 0) {
        explain(status, cli);
    }
    qn_group_free(&world);
    MPI_Finalize();
    return status;
}

static enum qn_status inspect(const struct qn_cli *cli)
{
    struct qn_text text = {0};
    const enum qn_status status = qn_inspect_text(cli->deck, &text);
    fputs(text.text ? text.text : "", stdout);
    qn_text_free(&text);
    return status;
}

static enum qn_status diff(const struct qn_cli *cli)
{
    enum { MOST = 20 };
    struct qn_text report = {0};
    int count;
    enum qn_status status = qn_store_diff(cli->deck, cli->other, MOST, &report, &count);
    if (status == QN_OK && count > 0) {
        printf("%s%s", report.text, count > MOST ? "...\n" : "");
        status =
            qn_fail(QN_DIFFERENT, "%d datasets of %s and %s differ", count, cli->deck, cli->other);
    }
    qn_text_free(&report);
    return status;
}

int main(int argc, char **argv)
{
    struct qn_cli cli = {0};
    enum qn_status status = check_cpu();
    int told = 0;
    if (status == QN_OK) {
        status = qn_cli_parse(argc, argv, &cli);
    }
    if (status == QN_OK) {
        switch (cli.command) {
        case QN_COMMAND_HELP:
            print_help(cli.topic);
            break;
        case QN_COMMAND_VERSION:
            print_version();
            break;
        case QN_COMMAND_CHECK:
            status = check(&cli);
            break;
        case QN_COMMAND_RUN:
            status = run_parallel(&cli, &argc, &argv);
            told = 1;
            break;
        case QN_COMMAND_DIFF:
            status = diff(&cli);
            break;
        case QN_COMMAND_INSPECT:
            status = inspect(&cli);
            break;
        case QN_COMMAND_MECHANISM:
            status = mechanism(&cli);
            break;
        }
    }
    if (!told) {
        explain(status, &cli);
    }
    qn_cli_free(&cli);
    qn_units_free();
    return (int)status;
}
