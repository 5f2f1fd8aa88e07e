// Field tables: types, defaults, conditions, written text, guesses.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "base/array.h"
#include "io/schema.h"

enum shape { ROUND, FLAT };

struct dish {
    enum shape shape;
    double width, corner, at[2];
    int64_t holes, lid;
    char label[8];
};

static const char *const shapes[] = {"round", "flat", NULL};

static const struct qn_field fields[] = {
    {.path = "shape",
     .type = QN_FIELD_ENUM,
     .offset = offsetof(struct dish, shape),
     .names = shapes,
     .flags = QN_REQUIRED,
     .doc = "outline"},
    {.path = "size.width",
     .type = QN_FIELD_DOUBLE,
     .offset = offsetof(struct dish, width),
     .unit = "m",
     .min = 0,
     .max = 1,
     .flags = QN_REQUIRED | QN_ABOVE | QN_MARK,
     .doc = "across"},
    {.path = "size.corner",
     .type = QN_FIELD_DOUBLE,
     .offset = offsetof(struct dish, corner),
     .unit = "m",
     .min = 0,
     .max = 1,
     .fallback = "1 mm",
     .when = "shape",
     .is = "flat",
     .doc = "radius"},
    {.path = "at",
     .type = QN_FIELD_DOUBLE,
     .offset = offsetof(struct dish, at),
     .unit = "1",
     .min = -HUGE_VAL,
     .max = HUGE_VAL,
     .count = 2,
     .fallback = "0.5",
     .doc = "place"},
    {.path = "holes",
     .type = QN_FIELD_INT,
     .offset = offsetof(struct dish, holes),
     .min = 0,
     .max = 9,
     .fallback = "3",
     .doc = "number"},
    {.path = "lid",
     .type = QN_FIELD_BOOL,
     .offset = offsetof(struct dish, lid),
     .fallback = "no",
     .doc = "closed"},
    {.path = "label",
     .type = QN_FIELD_STRING,
     .offset = offsetof(struct dish, label),
     .size = 8,
     .fallback = "",
     .doc = "name"},
    {0},
};
static const struct qn_table table = {"dish", fields};

static enum qn_status read_dish(const char *text, struct dish *dish)
{
    *dish = (struct dish){0};
    struct qn_yaml_doc doc;
    QN_TRY(qn_yaml_parse("d", text, &doc));
    struct qn_faults faults = {0};
    qn_schema_read(&table, doc.root, "", dish, &faults);
    qn_yaml_free(&doc);
    return qn_faults_end(&faults);
}

Test(schema, values_and_defaults_fill_the_struct)
{
    struct dish dish;
    cr_assert(read_dish("{shape: flat, size: {width: 2 cm}, at: [1, -2], lid: yes, label: ab}",
                        &dish) == QN_OK,
              "%s", qn_error_text());
    cr_assert(dish.shape == FLAT && dish.holes == 3 && dish.lid == 1);
    cr_assert(dish.width == 0.02 && dish.corner == 1e-3);
    cr_assert(dish.at[0] == 1.0 && dish.at[1] == -2.0);
    cr_assert_str_eq(dish.label, "ab");
}

Test(schema, every_fault_is_reported_with_its_place)
{
    struct dish dish;
    cr_assert(read_dish("shape: round\nsize: {widht: 1 m, corner: 1 mm}\nat: [1]\nholes: 12\n"
                        "label: far too long\n",
                        &dish) == QN_ERR_INPUT);
    cr_assert_str_eq(qn_error_text(),
                     "d:2:1: size.width: missing (across)\n"
                     "d:2:20: size.corner: used only when shape is flat; remove it\n"
                     "d:3:5: at: a list of 2 values is wanted\n"
                     "d:4:8: holes: 12 is out of range; allowed: at least 0 and at most 9\n"
                     "d:5:8: label: longer than 7 letters\n"
                     "d:2:8: size.widht: unknown key; did you mean \"width\"?");
}

Test(schema, an_unknown_choice_silences_what_depends_on_it)
{
    struct dish dish;
    cr_assert(read_dish("{shape: rounf, size: {width: 1 m, corner: 1 mm}}", &dish) == QN_ERR_INPUT);
    cr_assert_str_eq(qn_error_text(),
                     "d:1:9: shape: \"rounf\" is not one of: round, flat; did you mean \"round\"?");
}

Test(schema, written_text_reads_back)
{
    struct dish dish, again;
    cr_assert(read_dish("{shape: flat, size: {width: 0.1 m}, label: 'it''s'}", &dish) == QN_OK);
    struct qn_text text = {0};
    qn_schema_write(&table, &dish, 0, 0, &text);
    cr_assert_str_eq(text.text, "shape: flat\nsize:\n  width: 0.1 m\n  corner: 0.001 m\n"
                                "at: [0.5, 0.5]\nholes: 3\nlid: no\nlabel: 'it''s'\n");
    cr_assert(read_dish(text.text, &again) == QN_OK, "%s", qn_error_text());
    cr_assert(again.width == dish.width && again.shape == dish.shape);
    cr_assert_str_eq(again.label, dish.label);
    qn_text_free(&text);
    qn_schema_write(&table, &dish, 0, QN_MARK, &text);
    cr_assert_str_eq(text.text, "size:\n  width: 0.1 m\n");
    qn_text_free(&text);
}

Test(schema, numbers_are_short_and_exact)
{
    char text[QN_NUMBER_TEXT];
    cr_assert_str_eq(qn_number_text(0.1, text), "0.1");
    cr_assert_str_eq(qn_number_text(1.0 / 3.0, text), "0.3333333333333333");
    cr_assert_str_eq(qn_number_text(100000.0, text), "100000");
}

Test(schema, edits_are_counted)
{
    cr_assert(eq(int, qn_edit_distance("speed", "speed"), 0));
    cr_assert(eq(int, qn_edit_distance("spedd", "speed"), 1));
    cr_assert(eq(int, qn_edit_distance("sepeed", "speed"), 1));
    cr_assert(eq(int, qn_edit_distance("psede", "speed"), 2));
    cr_assert(eq(int, qn_edit_distance("", "abc"), 3));
}
