// YAML trees: structure, 1-based places, and what is refused.
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "io/yaml.h"

static const char DECK[] = "# a deck\n"
                           "mill:\n"
                           "  speed: 400 rpm\n"
                           "  ratio: -1.82\n"
                           "balls: [{count: 3}, {count: \"4\"}]\n";

static void refuses(const char *text, const char *message)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_parse("d.yaml", text, &doc), QN_ERR_INPUT));
    cr_assert_str_eq(qn_error_text(), message);
    cr_assert(doc.root == NULL);
}

Test(yaml, the_tree_mirrors_the_text)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_parse("d.yaml", DECK, &doc), QN_OK));
    cr_assert(eq(int, doc.root->count, 2));
    struct qn_yaml *speed = qn_yaml_at(doc.root, "mill.speed");
    cr_assert(speed != NULL);
    cr_assert_str_eq(speed->text, "400 rpm");
    cr_assert_str_eq(speed->parent->key, "mill");
    struct qn_yaml *balls = qn_yaml_get(doc.root, "balls");
    cr_assert(balls->kind == QN_YAML_LIST && balls->count == 2);
    double count = 0.0;
    cr_assert(eq(int, (int)qn_yaml_double(qn_yaml_get(balls->child[0], "count"), &count), QN_OK));
    cr_assert(eq(dbl, count, 3.0));
    cr_assert(qn_yaml_get(doc.root, "vial") == NULL);
    cr_assert(qn_yaml_at(doc.root, "mill.speed.deep") == NULL);
    qn_yaml_free(&doc);
    qn_yaml_free(&doc);
}

Test(yaml, places_are_one_based_for_keys_and_values)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_parse("d.yaml", DECK, &doc), QN_OK));
    const struct qn_yaml *speed = qn_yaml_at(doc.root, "mill.speed");
    cr_assert(eq(int, speed->line, 3));
    cr_assert(eq(int, speed->column, 3));
    cr_assert(eq(int, speed->value_line, 3));
    cr_assert(eq(int, speed->value_column, 10));
    const struct qn_yaml *second = qn_yaml_get(doc.root, "balls")->child[1];
    cr_assert(eq(int, second->line, 5));
    cr_assert(eq(int, second->column, 21));
    qn_yaml_free(&doc);
}

Test(yaml, reading_marks_what_was_used)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_parse("d.yaml", DECK, &doc), QN_OK));
    const struct qn_yaml *mill = doc.root->child[0];
    cr_assert(eq(int, mill->used, 0));
    (void)qn_yaml_at(doc.root, "mill.speed");
    cr_assert(eq(int, mill->used, 1));
    cr_assert(eq(int, mill->child[0]->used, 1));
    cr_assert(eq(int, mill->child[1]->used, 0));
    qn_yaml_free(&doc);
}

Test(yaml, a_quoted_number_is_a_string)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_parse("d.yaml", DECK, &doc), QN_OK));
    const struct qn_yaml *count = qn_yaml_get(qn_yaml_get(doc.root, "balls")->child[1], "count");
    double value;
    cr_assert(eq(int, (int)qn_yaml_double(count, &value), QN_ERR_INPUT));
    cr_assert_str_eq(qn_error_text(), "d.yaml:5:29: count: \"4\" is not a number");
    qn_yaml_free(&doc);
}

Test(yaml, what_hides_or_repeats_is_refused)
{
    refuses("a: 1\nb: 2\na: 3\n", "d.yaml:3:1: a: given twice (first on line 1)");
    refuses("a: &x 1\n",
            "d.yaml:1:4: anchors and aliases are not allowed: write the value out where "
            "it is used");
    refuses("a: *x\n", "d.yaml:1:4: anchors and aliases are not allowed: write the value out where "
                       "it is used");
    refuses("a: 1\n---\nb: 2\n", "d.yaml:2:1: a second document; one file holds one");
    refuses("? [a]\n: 1\n", "d.yaml:1:3: a key must be a word, not a map or a list");
    refuses("", "d.yaml:1:1: the file is empty");
}

Test(yaml, broken_syntax_says_where)
{
    refuses("a: [1, 2\nb: 3\n", "d.yaml:2:2: not YAML: did not find expected ',' or ']', while "
                                "parsing a flow sequence");
    char deep[300] = "";
    memset(deep, '[', 200);
    refuses(deep, "d.yaml:1:65: nested too deeply");
}

Test(yaml, a_missing_file_is_named)
{
    struct qn_yaml_doc doc;
    cr_assert(eq(int, (int)qn_yaml_read("/nowhere/d.yaml", &doc), QN_ERR_IO));
    cr_assert_str_eq(qn_error_text(), "/nowhere/d.yaml: No such file or directory");
    cr_assert(eq(int, (int)qn_yaml_read("/", &doc), QN_ERR_IO));
}

Test(yaml, a_set_value_replaces_or_joins)
{
    struct qn_yaml_doc doc;
    cr_assert(qn_yaml_parse("d.yaml", DECK, &doc) == QN_OK);
    cr_assert(qn_yaml_set(&doc, "mill.speed", "500 rpm") == QN_OK);
    cr_assert(qn_yaml_set(&doc, "balls[1].count", "9") == QN_OK);
    cr_assert(qn_yaml_set(&doc, "run.window.min", "{a: [1, 2]}") == QN_OK);
    const struct qn_yaml *speed = qn_yaml_at(doc.root, "mill.speed");
    cr_assert_str_eq(speed->text, "500 rpm");
    cr_assert_str_eq(speed->parent->key, "mill");
    cr_assert_str_eq(qn_yaml_get(qn_yaml_get(doc.root, "balls")->child[1], "count")->text, "9");
    const struct qn_yaml *list = qn_yaml_at(doc.root, "run.window.min.a");
    cr_assert(list && list->kind == QN_YAML_LIST && list->count == 2);
    cr_assert(list->parent->parent == qn_yaml_at(doc.root, "run.window"));
    char place[QN_PLACE_TEXT];
    cr_assert_str_eq(qn_yaml_place(speed, 1, place), "--set mill.speed");
    qn_yaml_free(&doc);
}

Test(yaml, a_set_value_needs_a_place)
{
    struct qn_yaml_doc doc;
    cr_assert(qn_yaml_parse("d.yaml", DECK, &doc) == QN_OK);
    cr_assert(qn_yaml_set(&doc, "mill.speed.deep", "1") == QN_ERR_INPUT);
    cr_assert_str_eq(qn_error_text(), "--set mill.speed.deep: there is no key \"deep\" to set");
    cr_assert(qn_yaml_set(&doc, "balls[2].count", "1") == QN_ERR_INPUT);
    cr_assert_str_eq(qn_error_text(), "--set balls[2].count: there is no item [2] to set");
    cr_assert(qn_yaml_set(&doc, "mill.speed", "{") == QN_ERR_INPUT);
    cr_assert_str_eq(qn_error_text(), "--set mill.speed: \"{\" is not a value");
    qn_yaml_free(&doc);
}
