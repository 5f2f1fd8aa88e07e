// Mills in a deck: presets and what overrides them, speed programmes, tables of poses, kinematics.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "app/check_mill.h"
#include "app/deck.h"
#include "app/deck_derived.h"
#include "base/constants.h"

static void here(void)
{
    cr_assert(eq(int, chdir(QUERN_SOURCE_DIR), 0));
}

TestSuite(mill_deck, .init = here);

static enum qn_status read_with(const struct qn_override *set, int n, struct qn_deck *deck)
{
    return qn_deck_read("tests/decks/preset.yaml", set, n, deck);
}

static double peak(const char *preset, const char *speed, struct qn_deck *deck)
{
    const struct qn_override set[2] = {{"mill.preset", preset}, {"mill.speed", speed}};
    cr_assert(eq(int, read_with(set, 2, deck), QN_OK), "%s", qn_error_text());
    const struct qn_motion m = qn_deck_motion(deck);
    return qn_motion_peak_accel(&m) / QN_GRAVITY;
}

Test(mill_deck, planetary_presets_reach_what_their_makers_state)
{
    // g at full speed as the makers print them; PM 400 from R w^2 alone
    static const struct {
        const char *preset, *speed;
        double g;
    } known[] = {{"P6", "650 rpm", 29.0},
                 {"P7", "1100 rpm", 95.0},
                 {"PM100", "650 rpm", 33.3},
                 {"P5", "400 rpm", 22.0},
                 {"PM400", "400 rpm", 26.8}};
    for (size_t k = 0; k < sizeof known / sizeof *known; k++) {
        struct qn_deck deck;
        const double g = peak(known[k].preset, known[k].speed, &deck);
        cr_expect(epsilon_eq(dbl, g, known[k].g, 0.5), "%s %g", known[k].preset, g);
        qn_deck_free(&deck);
    }
}

Test(mill_deck, the_other_presets_are_whole_with_what_their_notes_ask_for)
{
    static const struct qn_override none[] = {
        {"mill", "{preset: QM-3SP4, speed: 350 rpm, speed_of: jar, sun_radius: 120 mm}"},
        {"mill", "{preset: MB-1}"},
        {"mill", "{preset: NEV-MA-8, amplitude: [5 mm, 0 mm, 0 mm], amplitude_of: zero_to_peak}"},
        {"mill", "{preset: vibration-reactor, frequency: 13.3 Hz, amplitude: [0 mm, 0 mm, 5 mm], "
                 "amplitude_of: zero_to_peak}"},
        {"mill", "{preset: SPEX-8000}"},
        {"mill", "{preset: MM400, frequency: 30 Hz, arm: 300 mm}"}};
    // R (w/2)^2, A w^2; the shaker: sway 43.5 g at its end meets 17.9 g of the swing
    static const double g[] = {
        0.12 * 18.326 * 18.326 / 9.81, 8.12 * 1.41421, 2.76, 3.56, 47.0, 45.3};
    for (size_t k = 0; k < sizeof g / sizeof *g; k++) {
        struct qn_deck deck;
        cr_assert(eq(int, read_with(&none[k], 1, &deck), QN_OK), "%s", qn_error_text());
        const struct qn_motion m = qn_deck_motion(&deck);
        const double peak_g = qn_motion_peak_accel(&m) / QN_GRAVITY;
        cr_expect(epsilon_eq(dbl, peak_g / g[k], 1.0, 0.05), "%s: %g", none[k].value, peak_g);
        qn_deck_free(&deck);
    }
}

Test(mill_deck, what_a_preset_assumes_is_told_until_the_deck_says_it)
{
    struct qn_deck deck, again;
    struct qn_text text = {0};
    const struct qn_override assumed = {"mill", "{preset: QM-3SP4, speed: 350 rpm, speed_of: jar}"};
    cr_assert(eq(int, read_with(&assumed, 1, &deck), QN_OK), "%s", qn_error_text());
    const struct qn_motion m = qn_deck_motion(&deck);
    cr_expect(epsilon_eq(dbl, qn_motion_value(&m, "sun_radius"), 0.125, 1e-15));
    cr_assert_str_eq(deck.mill.assumption,
                     "sun_radius 125 mm, between 100 and 150 mm; confidence low; the maker gives "
                     "none: measure yours");
    qn_check_mill(&deck, &text);
    cr_expect(strstr(text.text, "WARNING: ASSUMED, sun_radius 125 mm, between 100") != NULL, "%s",
              text.text);
    qn_text_free(&text);
    // the resolved deck keeps the warning
    cr_expect(strstr(deck.resolved, "assumption: 'sun_radius 125 mm, between") != NULL);
    qn_deck_free(&deck);
    const struct qn_override said = {
        "mill", "{preset: QM-3SP4, speed: 350 rpm, speed_of: jar, sun_radius: 130 mm}"};
    cr_assert(eq(int, read_with(&said, 1, &again), QN_OK), "%s", qn_error_text());
    cr_assert_str_eq(again.mill.assumption, "");
    qn_check_mill(&again, &text);
    cr_expect(strstr(text.text, "ASSUMED") == NULL);
    qn_text_free(&text);
    qn_deck_free(&again);
}

Test(mill_deck, a_deck_overrides_its_preset_and_the_resolved_deck_shows_all)
{
    struct qn_deck deck;
    const struct qn_override set = {"mill.ratio", "-1"};
    cr_assert(eq(int, read_with(&set, 1, &deck), QN_OK), "%s", qn_error_text());
    const struct qn_motion m = qn_deck_motion(&deck);
    cr_expect(epsilon_eq(dbl, qn_motion_value(&m, "sun_radius"), 0.0608, 1e-15));
    cr_expect(epsilon_eq(dbl, qn_motion_value(&m, "ratio"), -1.0, 0.0));
    static const char *const shown[] = {"sun_radius: 0.0608 m", "ratio: -1", "speed_of: sun",
                                        "name: 'Pulverisette 6 classic line'"};
    for (size_t k = 0; k < sizeof shown / sizeof *shown; k++) {
        cr_expect(ne(ptr, (void *)strstr(deck.resolved, shown[k]), NULL), "%s", shown[k]);
    }
    cr_expect(eq(ptr, (void *)strstr(deck.resolved, "preset:"), NULL));
    qn_deck_free(&deck);
}

static void refused(const char *key, const char *value, const char *what)
{
    struct qn_deck deck;
    const struct qn_override set = {key, value};
    cr_assert(eq(int, read_with(&set, 1, &deck), QN_ERR_INPUT), "%s", value);
    cr_expect(ne(ptr, (void *)strstr(qn_error_text(), what), NULL), "%s", qn_error_text());
}

Test(mill_deck, faults_name_the_file_they_are_in)
{
    refused("mill.preset", "P66",
            "--set mill.preset: mill.preset: there is no preset \"P66\"; there are: MB-1, MM400");
    refused("mill.preset", "SPEX-8000", "mill.speed: used only when mill.type is planetary");
    refused("mill.type", "vibration", "inputs/mills/P6.yaml:");
    refused("mill.speed", "700 rpm", "mill.speed: outside mill.speed_range");
    refused("mill.preset", "nowhere.yaml", "there is no readable file tests/decks/nowhere.yaml");
    refused("mill.programme", "[{speed: 1, for: 1 s, ramp: 2 s}]", "is longer than the leg");
    refused("mill.programme", "[{speed: 0, for: 1 s}]", "no leg moves the mill");
    refused("mill", "{type: table, file: nowhere.txt}", "No such file");
}

Test(mill_deck, a_programme_is_read_and_written)
{
    struct qn_deck deck, again;
    const struct qn_override set[2] = {
        {"mill.programme", "[{speed: 1, for: 10 min}, {speed: 0, for: 5 min, ramp: 3 s}, "
                           "{speed: -1, for: 10 min}]"},
        {"mill.repeat", "yes"}};
    cr_assert(eq(int, read_with(set, 2, &deck), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, deck.mill.n_legs, 3));
    cr_expect(epsilon_eq(dbl, deck.mill.leg[0].ramp, 0.2, 1e-15)); // run_up
    cr_expect(epsilon_eq(dbl, deck.mill.leg[1].ramp, 3.0, 1e-15));
    cr_expect(epsilon_eq(dbl, deck.mill.leg[2].speed, -1.0, 0.0));
    const struct qn_motion m = qn_deck_motion(&deck);
    cr_expect(epsilon_eq(dbl, qn_motion_period(&m), 1500.0, 1e-9));
    char path[] = "/tmp/quern-deck-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert(
        eq(sz, (size_t)write(fd, deck.resolved, strlen(deck.resolved)), strlen(deck.resolved)));
    close(fd);
    cr_assert(eq(int, qn_deck_read(path, NULL, 0, &again), QN_OK), "%s", qn_error_text());
    unlink(path);
    cr_expect(eq(int, memcmp(again.mill.leg, deck.mill.leg, sizeof deck.mill.leg), 0));
    cr_expect(eq(int, again.mechanical_hash == deck.mechanical_hash, 1));
    qn_deck_free(&deck);
    qn_deck_free(&again);
}

Test(mill_deck, kinematics_go_to_a_file)
{
    // P6 at 400 rpm: R w = 2.5468 m/s, R w^2 = 106.68 m/s2, felt with gravity 107.13 m/s2
    struct qn_deck deck;
    char path[] = "/tmp/quern-kinematics-XXXXXX", line[512];
    close(mkstemp(path));
    cr_assert(eq(int, read_with(NULL, 0, &deck), QN_OK), "%s", qn_error_text());
    cr_assert(eq(int, qn_check_kinematics(&deck, path), QN_OK));
    FILE *f = fopen(path, "r");
    int rows = 0;
    while (fgets(line, sizeof line, f)) {
        double v[16];
        int n = 0;
        for (char *at = strtok(line, ","); at && n < 16; at = strtok(NULL, ",")) {
            v[n++] = strtod(at, NULL);
        }
        if (n == 16 && line[0] != 't') {
            rows++;
            cr_expect(epsilon_eq(dbl, hypot(v[4], v[5]), 2.5468, 1e-4));
            cr_expect(epsilon_eq(dbl, hypot(v[7], v[8]), 106.68, 0.01));
            cr_expect(epsilon_eq(dbl, v[14], 107.13, 0.01));
            cr_expect(epsilon_eq(dbl, v[15], 2.5468 + 34.348 * 0.0375, 1e-3));
        }
    }
    fclose(f);
    unlink(path);
    cr_assert(eq(int, rows, 721));
    qn_deck_free(&deck);
}

/// A closed box of text STL, half extents 20, 20, 30 (of any unit).
static void write_box(const char *path)
{
    static const int corner[8][3] = {{-20, -20, -30}, {20, -20, -30}, {20, 20, -30}, {-20, 20, -30},
                                     {-20, -20, 30},  {20, -20, 30},  {20, 20, 30},  {-20, 20, 30}};
    static const int face[12][3] = {{0, 2, 1}, {0, 3, 2}, {4, 5, 6}, {4, 6, 7},
                                    {0, 1, 5}, {0, 5, 4}, {1, 2, 6}, {1, 6, 5},
                                    {2, 3, 7}, {2, 7, 6}, {3, 0, 4}, {3, 4, 7}};
    FILE *f = fopen(path, "w");
    for (int t = 0; t < 12; t++) {
        for (int k = 0; k < 3; k++) {
            const int *c = corner[face[t][k]];
            fprintf(f, "vertex %d %d %d\n", c[0], c[1], c[2]);
        }
    }
    fclose(f);
}

Test(mill_deck, a_vial_of_any_shape_has_the_volume_of_its_walls)
{
    char path[] = "/tmp/quern-vial-XXXXXX", stl[200];
    close(mkstemp(path));
    write_box(path);
    snprintf(stl, sizeof stl, "{shape: stl, file: %s, unit: mm, material: steel}", path);
    const struct qn_override vials[] = {
        {"vial", stl},
        {"vial", "{shape: sphere, diameter: 50 mm, material: steel}"},
        {"vial",
         "{shape: cylinder, diameter: 40 mm, height: 60 mm, bottom: rounded, bottom_size: 20 "
         "mm, lid: rounded, lid_size: 20 mm, material: steel}"}};
    const double volume[] = {96.0, QN_PI / 6.0 * 125.0, QN_PI / 6.0 * 64.0 + QN_PI * 4.0 * 2.0};
    for (int k = 0; k < 3; k++) {
        struct qn_deck deck, again;
        struct qn_deck_derived d;
        cr_assert(eq(int, read_with(&vials[k], 1, &deck), QN_OK), "%s", qn_error_text());
        qn_deck_derive(&deck, &d);
        cr_expect(epsilon_eq(dbl, 1e6 * d.vial_volume, volume[k], 1e-5));
        cr_assert(eq(int, read_with(&vials[k], 1, &again), QN_OK));
        cr_expect(eq(int, again.mechanical_hash == deck.mechanical_hash, 1));
        qn_deck_free(&deck);
        qn_deck_free(&again);
    }
    snprintf(stl, sizeof stl, "{shape: stl, file: %s, unit: m, material: steel}", path);
    refused("vial", stl, "60 m long, which is no vial; in mm it would be 0.06 m: set vial.unit");
    unlink(path);
    refused("vial", stl, "No such file");
    refused("vial",
            "{shape: cylinder, diameter: 40 mm, height: 60 mm, bottom: conical, material: steel}",
            "vial.bottom_size: a rounded or conical end needs a size above 0 m");
}

Test(mill_deck, an_attritor_has_arms_and_only_it_has_a_shaft)
{
    static const char arms[] =
        "[{from: [0 mm, 0 mm, -30 mm], to: [0 mm, 0 mm, 40 mm], radius: 5 mm, on: shaft}, "
        "{from: [-25 mm, 0 mm, -20 mm], to: [25 mm, 0 mm, -20 mm], radius: 3 mm, on: shaft}]";
    const struct qn_override set[2] = {{"mill", "{type: attritor, speed: 300 rpm}"},
                                       {"vial.inner", arms}};
    struct qn_deck deck;
    struct qn_vessel v;
    cr_assert(eq(int, read_with(set, 2, &deck), QN_OK), "%s", qn_error_text());
    qn_deck_vessel(&deck, &v);
    cr_expect(eq(int, v.n_walls, 5));
    cr_expect(eq(int, v.wall[4].inner, 1));
    // largest speed of the shaft within the vial: 2 pi 5 x 37.5 mm
    const struct qn_motion m = qn_deck_motion(&deck);
    cr_expect(epsilon_eq(dbl, qn_motion_wall_speed(&m, qn_deck_reach(&deck)), 1.178, 1e-3));
    qn_deck_free(&deck);
    refused("vial.inner", arms, "only an attritor has a shaft");
}
