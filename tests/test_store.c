// Run files: what is put comes back, an old file survives, nothing is replaced by accident.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "io/results.h"
#include "io/store.h"

static char folder[] = "/tmp/quern-store-XXXXXX";

static void enter(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, chdir(folder), 0));
}

static void leave(void)
{
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", folder);
    cr_assert(eq(int, system(command), 0));
}

TestSuite(store, .init = enter, .fini = leave);

static void good(enum qn_status status)
{
    cr_assert(status == QN_OK, "%s", qn_error_text());
}

static struct qn_store *example(void)
{
    struct qn_store *s = qn_store_new();
    const int co2 = qn_store_series(s, "/series/gas/CO2", 1, "mol", "in the gas");
    const int pair = qn_store_series(s, "/series/power", 2, "W", "normal, slip");
    for (int k = 0; k < 100; k++) {
        qn_store_append(s, co2, (double[]){0.1 * k});
        qn_store_append(s, pair, (double[]){k, -k});
    }
    qn_store_array(s, "/spectra/impact", 2, (size_t[]){2, 3}, (double[]){1, 2, 3, 4, 5, 6}, "1/s",
                   "rate by bin");
    qn_store_integers(s, "/ids", 1, (size_t[]){2}, (int64_t[]){7, INT64_C(1) << 60}, "1", "ids");
    qn_store_array(s, "/empty", 1, (size_t[]){0}, NULL, "1", "nothing yet");
    qn_store_text(s, "/deck", "mill:\n  speed: 1 \xc2\xb5m\n", "resolved");
    qn_store_attr(s, "/", "quern", "0.1.0");
    qn_store_attr(s, "/series", "window", "first");
    qn_store_attr(s, "/series", "window", "second");
    qn_store_link(s, "/events/0", "seg-0.h5", "/episodes");
    return s;
}

Test(store, what_is_put_after_a_drop_is_its_own)
{
    struct qn_store *s = qn_store_new();
    int rank;
    size_t dims[QN_STORE_RANK];
    qn_store_number(s, "/checkpoint/count", 1.0, "1", "goes away");
    qn_store_link(s, "/linked", "a.h5", "/b");
    qn_store_row(s, "/kept", (double[]){1, 2, 3}, 3, "1", "moves up");
    qn_store_drop(s, "/checkpoint");
    const int series = qn_store_series(s, "/series", 1, "1", "takes the place that became free");
    qn_store_append(s, series, (double[]){7});
    const double *kept = qn_store_get(s, "/kept", &rank, dims);
    cr_assert(kept && dims[0] == 3 && kept[0] == 1.0 && kept[2] == 3.0);
    good(qn_store_write(s, "run.h5"));
    qn_store_free(s);
}

Test(store, what_is_put_comes_back)
{
    struct qn_store *s = example(), *r;
    good(qn_store_write(s, "run.h5"));
    qn_store_free(s);
    good(qn_store_read("run.h5", &r));

    int rank;
    size_t dims[QN_STORE_RANK];
    const double *co2 = qn_store_get(r, "/series/gas/CO2", &rank, dims);
    cr_assert(co2 && rank == 1 && dims[0] == 100 && co2[99] == 0.1 * 99);
    const double *power = qn_store_get(r, "/series/power", &rank, dims);
    cr_assert(power && rank == 2 && dims[0] == 100 && dims[1] == 2 && power[199] == -99.0);
    const double *impact = qn_store_get(r, "/spectra/impact", &rank, dims);
    cr_assert(impact && rank == 2 && dims[1] == 3 && impact[5] == 6.0);
    const int64_t *ids = qn_store_get_integers(r, "/ids", &rank, dims);
    cr_assert(ids && dims[0] == 2 && ids[1] == INT64_C(1) << 60);
    cr_assert(qn_store_get(r, "/empty", &rank, dims) != NULL && dims[0] == 0);
    cr_assert_str_eq(qn_store_get_text(r, "/deck"), "mill:\n  speed: 1 \xc2\xb5m\n");
    cr_assert(qn_store_get(r, "/ids", NULL, NULL) == NULL);
    cr_assert(qn_store_get(r, "/nowhere", NULL, NULL) == NULL);
    qn_store_free(r);
}

Test(store, a_series_goes_on_after_reading)
{
    struct qn_store *s = example(), *r;
    good(qn_store_write(s, "run.h5"));
    good(qn_store_read("run.h5", &r));
    const int co2 = qn_store_series(r, "/series/gas/CO2", 1, "mol", "in the gas");
    qn_store_append(r, co2, (double[]){42.0});
    good(qn_store_write(r, "run.h5"));
    qn_store_free(s);
    qn_store_free(r);
    good(qn_store_read("run.h5", &r));
    size_t dims[QN_STORE_RANK];
    const double *values = qn_store_get(r, "/series/gas/CO2", NULL, dims);
    cr_assert(dims[0] == 101 && values[100] == 42.0 && values[0] == 0.0);
    qn_store_free(r);
}

Test(store, the_previous_file_is_kept_whole)
{
    struct qn_store *s = example(), *old;
    good(qn_store_write(s, "run.h5"));
    qn_store_text(s, "/deck", "second", "resolved");
    good(qn_store_write(s, "run.h5"));
    qn_store_text(s, "/deck", "third", "resolved");
    good(qn_store_write(s, "run.h5"));
    qn_store_free(s);
    good(qn_store_read("run.h5.prev", &old));
    cr_assert_str_eq(qn_store_get_text(old, "/deck"), "second");
    qn_store_free(old);
    cr_assert(access("run.h5.tmp", F_OK) != 0);
}

Test(store, a_torn_file_is_refused)
{
    struct qn_store *s = example(), *r;
    good(qn_store_write(s, "run.h5"));
    qn_store_free(s);
    cr_assert(eq(int, truncate("run.h5", 300), 0));
    cr_assert(qn_store_read("run.h5", &r) == QN_ERR_IO);
    cr_assert_str_eq(qn_error_text(), "run.h5: not a complete HDF5 file");
    cr_assert(r == NULL);
    cr_assert(qn_store_read("nowhere.h5", &r) == QN_ERR_IO);
    cr_assert_str_eq(qn_error_text(), "nowhere.h5: No such file or directory");
}

Test(store, an_existing_file_is_not_claimed)
{
    good(qn_store_claim("runs/deep/run.h5", 0));
    cr_assert(access("runs/deep", W_OK) == 0);
    struct qn_store *s = qn_store_new();
    good(qn_store_write(s, "runs/deep/run.h5"));
    qn_store_free(s);
    cr_assert(qn_store_claim("runs/deep/run.h5", 0) == QN_ERR_USAGE);
    cr_assert_str_eq(qn_error_text(),
                     "runs/deep/run.h5 exists: give --force to replace it, --resume "
                     "to go on from it, or another --output");
    good(qn_store_claim("runs/deep/run.h5", 1));
    cr_assert(qn_store_claim("runs/deep", 1) == QN_ERR_IO);
    cr_assert(qn_store_claim("runs/deep/run.h5/x.h5", 1) == QN_ERR_IO);
}

Test(store, a_folder_that_is_not_there_is_an_io_error)
{
    struct qn_store *s = qn_store_new();
    cr_assert(qn_store_write(s, "nowhere/run.h5") == QN_ERR_IO);
    cr_assert_str_eq(qn_error_text(), "nowhere/run.h5.tmp: cannot be created");
    qn_store_free(s);
}

static void file_is(const char *path, const char *expected)
{
    char text[512] = "";
    FILE *f = fopen(path, "rb");
    cr_assert(f != NULL);
    const size_t n = fread(text, 1, sizeof text - 1, f);
    fclose(f);
    text[n] = '\0';
    cr_assert_str_eq(text, expected);
}

Test(store, results_have_one_header_and_a_row_a_run)
{
    const struct qn_result_cell first[] = {{"name", "a,b"}, {"conversion [-]", "0.5"}};
    const struct qn_result_cell second[] = {{"name", "c \"d\""}, {"conversion [-]", "0.25"}};
    good(qn_results_append("results.csv", 2, first));
    good(qn_results_append("results.csv", 2, second));
    file_is("results.csv", "name,conversion [-]\n\"a,b\",0.5\n\"c \"\"d\"\"\",0.25\n");
    // other columns go to a table of their own and leave the first alone
    good(qn_results_append("results.csv", 1, first));
    good(qn_results_append("results.csv", 1, second));
    good(qn_results_append("results.csv", 2, first));
    file_is("results-2.csv", "name\n\"a,b\"\n\"c \"\"d\"\"\"\n");
    file_is("results.csv", "name,conversion [-]\n\"a,b\",0.5\n\"c \"\"d\"\"\",0.25\n\"a,b\",0.5\n");
}
