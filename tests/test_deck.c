// Decks: what a good one becomes, and the exact words every bad one gets.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>
#include <unistd.h>

#include "app/mechanics.h"
#include "app/deck.h"
#include "app/deck_derived.h"
#include "base/constants.h"

// messages name decks as they are given, so tests stand at the root of the sources
static void stand_at_root(void)
{
    cr_assert(eq(int, chdir(QUERN_SOURCE_DIR), 0));
}
TestSuite(deck, .init = stand_at_root);

static void read_good(struct qn_deck *deck, const char *key, const char *value)
{
    const struct qn_override set = {key, value};
    const enum qn_status status = qn_deck_read("tests/decks/good.yaml", &set, key ? 1 : 0, deck);
    cr_assert(status == QN_OK, "%s", qn_error_text());
}

struct bent {
    const char *key, *value, *message;
};

struct broken {
    const char *path, *message;
};

static const struct bent bents[] = {
    {"mill.speed", "400",
     "--set mill.speed: \"400\" has no unit; write a value that converts to rad/s"},
    {"mill.speed", "9000 rpm",
     "--set mill.speed: 9000 rpm (942.478 rad/s) is out of range; allowed: above 0 rad/s and at "
     "most 300 rad/s"},
    {"mill.speed", "50 Hz", "--set mill.speed: \"50 Hz\": \"Hz\" cannot be converted to rad/s"},
    {"mill.speed", "[1, 2", "--set mill.speed: \"[1, 2\" is not a value"},
    {"mill.speed_of", "Sun",
     "--set mill.speed_of: \"Sun\" is not one of: sun, jar; did you mean \"sun\"?"},
    {"mill.spedd", "400 rpm", "--set mill.spedd: unknown key; did you mean \"speed\"?"},
    {"speed", "400 rpm", "--set speed: unknown key; did you mean \"mill.speed\"?"},
    {"frobnicate", "3",
     "--set frobnicate: unknown key; known here: name, seed, materials, mill, vial, balls, "
     "contact, powder, gas, chemistry, heat, wear, run"},
    {"mill.frequency", "20 Hz",
     "--set mill.frequency: used only when mill.type is vibration, shaker or mixer; remove it"},
    {"mill.ratio", "fast", "--set mill.ratio: \"fast\" is not a number"},
    {"mill.gravity", "9.81 m/s2",
     "--set mill.gravity: \"9.81 m/s2\" is not one of: along_axis, across_axis, none"},
    {"mill.type", "vibration",
     "tests/decks/good.yaml:7:3: mill.sun_radius: used only when mill.type is planetary; remove "
     "it\n"
     "tests/decks/good.yaml:9:3: mill.speed: used only when mill.type is planetary, tumbler or "
     "attritor; remove it\n"
     "tests/decks/good.yaml:10:3: mill.speed_of: used only when mill.type is planetary; remove it\n"
     "tests/decks/good.yaml:8:3: mill.ratio: used only when mill.type is planetary; remove it\n"
     "tests/decks/good.yaml:5:1: mill.frequency: missing (of the vibration)\n"
     "tests/decks/good.yaml:5:1: mill.amplitude: missing (of the vibration, [x, y, z], as "
     "amplitude_of says)\n"
     "tests/decks/good.yaml:5:1: mill.amplitude_of: missing (what amplitudes measure)"},
    {"seed", "1.5", "--set seed: \"1.5\" is not a whole number"},
    {"seed", "-1", "--set seed: -1 is out of range; allowed: at least 0 and at most 9e+15"},
    {"vial.diameter", "8 mm",
     "tests/decks/good.yaml:14:3: balls.groups: a ball of 10 mm does not fit into the vial, 8 mm "
     "at its narrowest"},
    {"vial.material", "stell",
     "--set vial.material: there is no material \"stell\"; did you mean \"steel\"?"},
    {"balls.groups", "[{count: 100, diameter: 10 mm}]",
     "--set balls.groups: the balls fill 163 % of the vial (52.36 mL of solid at random close "
     "packing 0.64 in 50.27 mL); less than 100 % is needed\n"
     "tests/decks/good.yaml:20:10: powder.layer: 20 um on 0.03896 m2 of media takes 1.106 g, more "
     "than powder.mass, 1 g; at most 18.08 um"},
    {"balls.groups", "[{count: 10, mass: 1 g, diameter: 10 mm}]",
     "--set balls.groups: balls.groups[0]: give either count or mass, not both"},
    {"balls.groups", "[{diameter: 10 mm}]",
     "--set balls.groups: balls.groups[0]: give either count or mass"},
    {"balls.groups[1]", "{mass: 0.75 g, diameter: 5 mm}",
     "--set balls.groups[1]: 0.75 g is 1.469 balls of 0.510509 g; the nearest count is off by 31.9 "
     "%, more than 2 %: give a count"},
    {"balls.groups[7].count", "3", "--set balls.groups[7].count: there is no item [7] to set"},
    {"materials.oxide.poisson", "0.5",
     "--set materials.oxide.poisson: 0.5 is out of range; allowed: at least 0 and at most 0.49"},
    {"materials.oxide.young", "210",
     "--set materials.oxide.young: \"210\" has no unit; write a value that converts to Pa"},
    {"contact.restitution", "constant",
     "--set contact.restitution: contact.restitution_value: missing (of bare media)"},
    {"contact.law", "herz",
     "--set contact.law: \"herz\" is not one of: hertz, linear, plastic, dmt, jkr; did you mean "
     "\"hertz\"?"},
    {"contact.law", "plastic",
     "--set contact.law: plastic needs a yield_pressure of the balls' or the vial's material"},
    {"contact.law", "linear",
     "--set contact.law: contact.stiffness: missing (normal spring; softening and moduli do not "
     "enter)"},
    {"contact.parcel_law", "linear",
     "--set contact.parcel_law: linear is a law of media; parcels take hertz, dmt or jkr"},
    {"contact.pairs", "[{between: [steel, oxid], friction: 3}]",
     "--set contact.pairs: contact.pairs[0].between: two names from materials are wanted; did you "
     "mean \"oxide\"?\n"
     "--set contact.pairs: contact.pairs[0].friction: 3 is out of range; allowed: at least 0 and "
     "at "
     "most 2"},
    {"contact.coating_scale", "0 kg/m2",
     "--set contact.coating_scale: 0 kg/m2 is out of range; allowed: above 0 kg/m2 and at most 100 "
     "kg/m2"},
    {"powder.layer", "200 um",
     "--set powder.layer: 200 um on 0.01382 m2 of media takes 3.926 g, more than powder.mass, 1 g; "
     "at most 50.95 um"},
    {"powder.packing", "1.2",
     "--set powder.packing: 1.2 is out of range; allowed: at least 0.05 and at most 0.95"},
    {"powder.fate", "gone", "--set powder.fate: \"gone\" is not one of: stays, disperses"},
    {"powder", "none",
     "tests/decks/good.yaml:31:18: run.window_powder: there is no powder section; write none, or "
     "add it\n"
     "tests/decks/good.yaml:30:1: run.direct_powder: there is no powder section; write none, or "
     "add it\n"
     "--set powder: chemistry needs a powder section"},
    {"gas", "none", "--set gas: chemistry needs a gas section with a pressure"},
    {"gas.pressure.CO2", "1",
     "--set gas.pressure.CO2: \"1\" has no unit; write a value that converts to Pa"},
    {"chemistry", "none",
     "tests/decks/good.yaml:37:12: run.bridged: bridged mode needs a chemistry section with a "
     "mechanism, or a coating to follow (powder.coating: law)\n"
     "tests/decks/good.yaml:34:16: run.direct_span: a direct span needs a chemistry section with a "
     "mechanism; 0 s runs the window only"},
    {"chemistry.mechanism", "nowhere.yaml",
     "--set chemistry.mechanism: there is no readable file tests/decks/nowhere.yaml"},
    {"chemistry.start", "{CO2*: 1.5}",
     "--set chemistry.start: chemistry.start.CO2*: 1.5 is out of range; allowed: at least 0 and at "
     "most 1"},
    {"chemistry.bulk_temperature", "65 bar",
     "--set chemistry.bulk_temperature: \"65 bar\": \"bar\" cannot be converted to K"},
    {"run.parcels", "10",
     "--set run.parcels: 10 parcels of 0.3 g together are 2.161 mm wide; at most 1 mm, so at least "
     "101 of them"},
    {"run.parcels", "0",
     "--set run.parcels: run.direct_powder is parcels, so at least 1 is needed"},
    {"run.parcel_mass", "0.95 g",
     "--set run.parcel_mass: 0.95 g of parcels and 0.3926 g on the media are more than "
     "powder.mass, 1 g"},
    {"run.window_max", "0.5 s", "--set run.window_max: 0.5 s is shorter than window_min, 1 s"},
    {"run.start_up", "0.1 s",
     "--set run.start_up: 0.1 s is shorter than mill.run_up, 0.2 s: the window would see the ramp"},
    {"run", "{window_powder: none, window_min: 0 s, window_max: 0 s, bridged: 1 h}",
     "--set run: run.window_max: bridged mode needs a window longer than 0 s\n"
     "--set run: nothing to do: no window and no direct span"},
    {"run.event_log", "maybe",
     "--set run.event_log: \"maybe\" is not one of: no, yes, false, true"},
};

static const struct broken files[] = {
    {"tests/decks/bad_many.yaml",
     "tests/decks/bad_many.yaml:3:20: materials.steel.density: \"7800\" has no unit; write a value "
     "that converts to kg/m3\n"
     "tests/decks/bad_many.yaml:3:51: materials.steel.poisson: 0.7 is out of range; allowed: at "
     "least 0 and at most 0.49\n"
     "tests/decks/bad_many.yaml:6:15: mill.sun_radius: \"60.8 mn\": unknown unit \"mn\"\n"
     "tests/decks/bad_many.yaml:7:10: mill.speed: \"400 Hz\": \"Hz\" cannot be converted to rad/s\n"
     "tests/decks/bad_many.yaml:8:13: mill.speed_of: \"wheel\" is not one of: sun, jar\n"
     "tests/decks/bad_many.yaml:4:1: mill.ratio: missing (jar speed relative to the wheel / wheel "
     "speed, negative when it counter-rotates)\n"
     "tests/decks/bad_many.yaml:9:3: mill.amplitude: used only when mill.type is vibration or "
     "mixer; remove "
     "it\n"
     "tests/decks/bad_many.yaml:10:15: vial.shape: \"cylindre\" is not one of: cylinder, box, "
     "sphere, stl; did "
     "you mean \"cylinder\"?\n"
     "tests/decks/bad_many.yaml:10:52: vial.material: there is no material \"steal\"; did you mean "
     "\"steel\"?\n"
     "tests/decks/bad_many.yaml:2:1: balls.material: missing (a name from materials)\n"
     "tests/decks/bad_many.yaml:2:1: balls.groups: missing (a list of {count or mass, "
     "diameter}, {count or mass, median, sigma} (lognormal) or {mass, sieve: [{from, to, "
     "share}]})\n"
     "tests/decks/bad_many.yaml:14:15: run.window_min: \"one\" is not a number with a unit of s\n"
     "tests/decks/bad_many.yaml:11:1: ball: unknown key; did you mean \"balls\"?"},
    {"tests/decks/bad_syntax.yaml", "tests/decks/bad_syntax.yaml:2:1: not YAML: did not find "
                                    "expected ',' or '}', while parsing a flow mapping"},
    {"tests/decks/bad_twice.yaml",
     "tests/decks/bad_twice.yaml:3:1: seed: given twice (first on line 1)"},
    {"tests/decks/bad_alias.yaml", "tests/decks/bad_alias.yaml:1:7: anchors and aliases are not "
                                   "allowed: write the value out where it is used"},
    {"tests/decks/bad_empty.yaml", "tests/decks/bad_empty.yaml:1:1: the file is empty"},
    {"tests/decks/bad_list.yaml", "tests/decks/bad_list.yaml:1:1: a map of keys is wanted here"},
    {"tests/decks/bad_sections.yaml",
     "tests/decks/bad_sections.yaml:2:12: materials: a map of names to properties is wanted\n"
     "tests/decks/bad_sections.yaml:5:34: balls.groups: a list of 1 to 32 groups is wanted\n"
     "tests/decks/bad_sections.yaml:6:57: run.window_max: a single value is wanted, not a list\n"
     "tests/decks/bad_sections.yaml:3:7: mill: a map of keys is wanted here\n"
     "tests/decks/bad_sections.yaml:4:7: vial: a map of keys is wanted here"},
};

Test(deck, a_bent_deck_says_what_is_wrong)
{
    for (size_t k = 0; k < sizeof bents / sizeof *bents; k++) {
        const struct qn_override set = {bents[k].key, bents[k].value};
        struct qn_deck deck;
        cr_expect(qn_deck_read("tests/decks/good.yaml", &set, 1, &deck) == QN_ERR_INPUT);
        cr_expect_str_eq(qn_error_text(), bents[k].message, "%s=%s gave:\n%s", set.key, set.value,
                         qn_error_text());
    }
}

Test(deck, a_broken_file_says_all_at_once)
{
    for (size_t k = 0; k < sizeof files / sizeof *files; k++) {
        struct qn_deck deck;
        cr_expect(qn_deck_read(files[k].path, NULL, 0, &deck) == QN_ERR_INPUT);
        cr_expect_str_eq(qn_error_text(), files[k].message, "%s gave:\n%s", files[k].path,
                         qn_error_text());
    }
}

Test(deck, a_missing_file_is_an_io_error)
{
    struct qn_deck deck;
    cr_assert(qn_deck_read("tests/decks/nowhere.yaml", NULL, 0, &deck) == QN_ERR_IO);
    cr_assert_str_eq(qn_error_text(), "tests/decks/nowhere.yaml: No such file or directory");
}

Test(deck, a_good_deck_is_in_si)
{
    struct qn_deck deck;
    read_good(&deck, NULL, NULL);
    cr_assert_str_eq(deck.name, "good");
    const struct qn_motion motion = qn_deck_motion(&deck);
    cr_assert_str_eq(qn_mill_of(&motion)->name, "planetary");
    cr_assert(epsilon_eq(dbl, qn_motion_value(&motion, "sun_radius"), 0.0608, 1e-17));
    cr_assert(epsilon_eq(dbl, qn_motion_value(&motion, "speed"), 400.0 * QN_PI / 30.0, 1e-12));
    cr_assert(
        epsilon_eq(dbl, qn_mill_of(&motion)->full_speed(&motion), 400.0 * QN_PI / 30.0, 1e-12));
    cr_assert(deck.mill.gravity == QN_GRAVITY_ALONG_AXIS);
    cr_assert_str_eq(deck.material[deck.powder.material].name, "oxide");
    cr_assert(epsilon_eq(dbl, deck.chemistry.fill_temperature, 298.15, 1e-12));
    cr_assert(eq(int, deck.chemistry.n_fill, 2));
    cr_assert_str_eq(deck.chemistry.fill[1].species, "H2");
    cr_assert(epsilon_eq(dbl, deck.chemistry.fill[1].pressure, 4e5, 1e-9));
    cr_assert(epsilon_eq(dbl, deck.chemistry.area[0].area, 3060.0, 1e-9));
    cr_assert(epsilon_eq(dbl, deck.contact.hertz_fraction, 1.0 / 30.0, 0.0));
    cr_assert_str_eq(deck.chemistry.mechanism, "tests/decks/mechanism.yaml");
    qn_deck_free(&deck);
    qn_deck_free(&deck);
}

Test(deck, a_mass_of_balls_becomes_the_nearest_count)
{
    struct qn_deck deck;
    read_good(&deck, NULL, NULL);
    // 20.42 g of 5 mm balls at 7800 kg/m3, 0.5105 g each
    cr_assert(eq(i64, deck.balls.group[1].count, 40));
    qn_deck_free(&deck);
}

Test(deck, pairs_of_materials_keep_their_own_numbers_and_the_rest_is_common)
{
    static const struct qn_override set[3] = {
        {"contact.pairs", "[{between: [oxide, steel], friction: 0.7, restitution: 0.25}, "
                          "{between: [steel, steel], rolling: 0.02, restitution: 0.6}]"},
        {"contact.twisting", "0.2"},
        {"contact.parcel_law", "hertz"}};
    struct qn_deck deck;
    struct qn_dem_model m;
    cr_assert(qn_deck_read("tests/decks/good.yaml", set, 3, &deck) == QN_OK, "%s", qn_error_text());
    qn_mechanics_model(&deck, QN_POWDER_PARCELS, &m);
    for (int k = 0; k < m.n_classes; k++) {
        const struct qn_pair_class *c = &m.classes[k];
        const int media = c->pair == QN_BALL_BALL || c->pair == QN_BALL_WALL;
        const int both = c->pair == QN_BALL_PARCEL || c->pair == QN_PARCEL_WALL;
        cr_expect(epsilon_eq(dbl, c->friction, media ? 0.4 : both ? 0.7 : 0.6, 1e-15));
        cr_expect(epsilon_eq(dbl, c->rolling, media ? 0.02 : 0.1, 1e-15));
        cr_expect(epsilon_eq(dbl, c->restitution, media ? 0.6 : both ? 0.25 : 0.3, 1e-15));
        cr_expect(eq(int, c->closure, QN_CLOSURE_CONSTANT));
        cr_expect(epsilon_eq(dbl, c->twisting, media ? 0.2 : 0.0, 1e-15));
    }
    qn_deck_free(&deck);
}

Test(deck, powder_friction_blends_media_pairs_by_their_coating)
{
    // sigma of one surface: half of 20 um at packing 0.5 of 5680 kg/m3, over the scale 0.1 kg/m2
    const double share = exp(-0.5 * 20e-6 * 0.5 * 5680.0 / 0.1);
    struct qn_deck deck;
    struct qn_dem_model m;
    read_good(&deck, "contact.powder_friction", "0.9");
    qn_mechanics_model(&deck, QN_POWDER_PARCELS, &m);
    for (int k = 0; k < m.n_classes; k++) {
        const int media = m.classes[k].pair == QN_BALL_BALL || m.classes[k].pair == QN_BALL_WALL;
        const double mu = media ? 0.4 * share + 0.9 * (1.0 - share) : 0.6;
        cr_expect(epsilon_eq(dbl, m.classes[k].friction, mu, 1e-15));
    }
    qn_deck_free(&deck);
    read_good(&deck, "contact.powder_friction", "none");
    qn_mechanics_model(&deck, QN_POWDER_CARRIED, &m);
    cr_expect(m.classes[0].friction == 0.4 && m.classes[1].friction == 0.4);
    qn_deck_free(&deck);
}

Test(deck, volumes_and_areas_are_those_of_the_shapes)
{
    struct qn_deck deck;
    struct qn_deck_derived d;
    read_good(&deck, "balls.groups", "[{count: 10, diameter: 10 mm}]");
    qn_deck_derive(&deck, &d);
    cr_assert(epsilon_eq(dbl, d.vial_volume, QN_PI * 0.02 * 0.02 * 0.04, 1e-18));
    cr_assert(epsilon_eq(dbl, d.vial_area, QN_PI * (0.04 * 0.04 + 2 * 0.02 * 0.02), 1e-16));
    cr_assert(epsilon_eq(dbl, d.ball_volume, 10.0 * QN_PI / 6.0 * 1e-6, 1e-18));
    const double area = d.ball_area + d.vial_area;
    cr_assert(epsilon_eq(dbl, d.coating_mass, 10e-6 * 0.5 * 5680.0 * area, 1e-15));
    cr_assert(
        epsilon_eq(dbl, d.parcel_diameter, cbrt(6.0 * 0.3e-3 / (QN_PI * 5680.0 * 500)), 1e-15));
    cr_assert(epsilon_eq(dbl, d.free_volume, d.vial_volume - d.ball_volume - 1e-3 / 5680.0, 1e-18));
    // of 1 g of powder 0.3 g is parcels; what the media do not carry either is nowhere
    const double missing = 1.0 - (0.3e-3 + d.coating_mass) / 1e-3;
    cr_assert(missing > 0.1 && fabs(qn_deck_missing(&deck) - missing) < 1e-12);
    deck.run.parcel_mass = 0.995e-3 - d.coating_mass; // half a percent is rounding
    cr_assert(eq(dbl, qn_deck_missing(&deck), 0.0));
    deck.run.parcel_mass = 0.1e-3;
    deck.run.direct_span = 0.0; // nothing has parcels
    cr_assert(eq(dbl, qn_deck_missing(&deck), 0.0));
    qn_deck_free(&deck);
}

Test(deck, the_resolved_deck_reads_back_to_itself)
{
    struct qn_deck deck, again;
    read_good(&deck, "mill.speed", "437 rpm");
    char path[] = "/tmp/quern-resolved-XXXXXX";
    const int fd = mkstemp(path);
    cr_assert(fd >= 0);
    cr_assert(write(fd, deck.resolved, strlen(deck.resolved)) == (ssize_t)strlen(deck.resolved));
    close(fd);
    const char mechanism[] = QUERN_SOURCE_DIR "/tests/decks/mechanism.yaml";
    const struct qn_override set = {"chemistry.mechanism", mechanism};
    const enum qn_status status = qn_deck_read(path, &set, 1, &again);
    unlink(path);
    cr_assert(status == QN_OK, "%s", qn_error_text());
    cr_assert(again.mechanical_hash == deck.mechanical_hash);
    cr_assert(memcmp(again.mill.own, deck.mill.own, sizeof deck.mill.own) == 0);
    cr_assert(memcmp(&again.powder, &deck.powder, sizeof deck.powder) == 0);
    cr_assert(memcmp(&again.run, &deck.run, sizeof deck.run) == 0);
    qn_deck_free(&deck);
    qn_deck_free(&again);
}

static uint64_t hash_with(const char *key, const char *value)
{
    struct qn_deck deck;
    read_good(&deck, key, value);
    const uint64_t hash = deck.mechanical_hash;
    qn_deck_free(&deck);
    return hash;
}

Test(deck, the_window_hash_sees_mechanics_only)
{
    const uint64_t hash = hash_with(NULL, NULL);
    static const char *const seen[][2] = {
        {"mill.speed", "401 rpm"}, {"seed", "2"},
        {"powder.layer", "21 um"}, {"contact.friction", "0.41"},
        {"run.window_max", "3 s"}, {"materials.steel.young", "211 GPa"},
        {"vial.height", "41 mm"},  {"balls.groups[0].count", "11"},
        {"run.start_up", "0.6 s"}, {"powder.coating_wall", "5 um"},
    };
    static const char *const unseen[][2] = {
        {"chemistry.bulk_temperature", "70 degC"},
        {"gas.pressure.CO2", "2 bar"},
        {"run.bridged", "2 h"},
        {"run.checkpoint_interval", "5 s"},
        {"run.parcels", "600"},
        {"name", "another"},
        {"mill.speed", "400.0 rpm"},
        {"run.direct_span", "20 ms"},
    };
    for (size_t k = 0; k < sizeof seen / sizeof *seen; k++) {
        cr_expect(hash_with(seen[k][0], seen[k][1]) != hash, "%s", seen[k][0]);
    }
    for (size_t k = 0; k < sizeof unseen / sizeof *unseen; k++) {
        cr_expect(hash_with(unseen[k][0], unseen[k][1]) == hash, "%s", unseen[k][0]);
    }
}

Test(deck, a_jar_speed_gives_the_speed_of_the_wheel)
{
    const struct qn_mill_value v[] = {
        {"speed", {70.0}}, {"speed_of", {1.0}}, {"ratio", {-2.0}}, {NULL, {0}}};
    const struct qn_motion m = qn_motion_make("planetary", v);
    cr_assert(epsilon_eq(dbl, qn_mill_of(&m)->full_speed(&m), 35.0, 1e-12));
}
