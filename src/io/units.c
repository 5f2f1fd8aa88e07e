/// @file
/// Values with units on top of udunits2.
///
/// udunits treats the radian as a pure number, so it would turn 50 Hz into 50 rad/s and 1200 rpm
/// into 125.7 Hz without a word. Both are refused or converted here: an angle must meet an angle,
/// and rpm counts turns when the target is Hz.
///
/// udunits keeps global state: call from one thread at a time (decks and mechanisms are read before
/// any parallel region).
#include "io/units.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

#include <udunits2.h>

enum { UNIT_TEXT = 128 };

static ut_system *units;

static enum qn_status open_units(void)
{
    if (units) {
        return QN_OK;
    }
    // udunits prints its own English to stderr unless told not to; the messages here replace it
    ut_set_error_message_handler(ut_ignore);
    units = ut_read_xml(NULL);
    if (!units) {
        return qn_fail(QN_ERR_IO,
                       "the unit database of udunits2 cannot be read: install libudunits2 "
                       "or point UDUNITS2_XML_PATH at its udunits2.xml");
    }
    ut_unit *degree = ut_parse(units, "arc_degree", UT_UTF8); // "deg" is what people write
    QN_ASSERT(degree != NULL);
    (void)ut_map_name_to_unit("deg", UT_ASCII, degree);
    ut_free(degree);
    return QN_OK;
}

void qn_units_free(void)
{
    if (units) {
        ut_free_system(units);
        units = NULL;
    }
}

/// Does the unit hold an angle once it is written in basic units?
static bool has_angle(const ut_unit *unit)
{
    char text[4 * UNIT_TEXT] = "";
    const int length = ut_format(unit, text, sizeof text, UT_ASCII | UT_DEFINITION);
    return length > 0 && strstr(text, "rad") != NULL;
}

struct line {
    double slope, offset; // value in `si` = slope * number + offset
};

static enum qn_status convert(const char *from_text, const char *si, struct line *line)
{
    *line = (struct line){0};
    if (strcmp(from_text, "rpm") == 0 && strcmp(si, "Hz") == 0) {
        line->slope = 1.0 / 60.0; // turns a second
        return QN_OK;
    }
    const bool celsius = strcmp(si, "K") == 0 && strcmp(from_text, "C") == 0;
    ut_unit *to = ut_parse(units, si, UT_UTF8);
    QN_ASSERT(to != NULL);
    ut_unit *from = ut_parse(units, celsius ? "degC" : from_text, UT_UTF8);
    enum qn_status status = QN_OK;
    if (!from) {
        status = qn_fail(QN_ERR_INPUT, "unknown unit \"%s\"", from_text);
    } else {
        const bool fits = ut_are_convertible(from, to) && has_angle(from) == has_angle(to);
        cv_converter *converter = fits ? ut_get_converter(from, to) : NULL;
        line->offset = converter ? cv_convert_double(converter, 0.0) : (double)NAN;
        // udunits also turns a unit into its reciprocal, s into 1/s, where 0 becomes infinite
        if (isfinite(line->offset)) {
            line->slope = cv_convert_double(converter, 1.0) - line->offset;
        } else {
            status = qn_fail(QN_ERR_INPUT, "\"%s\" cannot be converted to %s", from_text,
                             strcmp(si, "1") == 0 ? "a pure number" : si);
        }
        cv_free(converter);
    }
    ut_free(from);
    ut_free(to);
    return status;
}

/// "inf", "nan" and hexadecimal floats are numbers to strtod but slips in a deck.
static bool starts_number(const char *text)
{
    const char *s = text + (*text == '+' || *text == '-');
    return isdigit((unsigned char)*s) || (*s == '.' && isdigit((unsigned char)s[1]));
}

enum qn_status qn_units_value(const char *text, const char *si, double *value)
{
    QN_TRY(open_units());
    *value = 0.0;
    const bool pure = strcmp(si, "1") == 0;
    const char *s = text + strspn(text, " \t");
    char *unit = NULL;
    const double number = starts_number(s) ? strtod(s, &unit) : 0.0;
    if (!unit || !isfinite(number)) {
        return pure ? qn_fail(QN_ERR_INPUT, "\"%s\" is not a number", text)
                    : qn_fail(QN_ERR_INPUT, "\"%s\" is not a number with a unit of %s", text, si);
    }

    // what is left, without blanks around it, is the unit
    unit += strspn(unit, " \t");
    size_t length = strlen(unit);
    while (length > 0 && isspace((unsigned char)unit[length - 1])) {
        length--;
    }
    if (length == 0) {
        *value = number;
        return pure ? QN_OK
                    : qn_fail(QN_ERR_INPUT, "\"%s\" has no unit; write a value that converts to %s",
                              text, si);
    }
    char name[UNIT_TEXT];
    if (length >= sizeof name) {
        return qn_fail(QN_ERR_INPUT, "\"%.40s...\" is too long for a unit", unit);
    }
    memcpy(name, unit, length);
    name[length] = '\0';

    struct line line;
    const enum qn_status status = convert(name, si, &line);
    if (status != QN_OK) {
        return qn_fail_context(status, "\"%s\": ", text);
    }
    // 30 um is to be the double nearest 3e-5: one rounding by a division, two by a product with
    // 1e-6
    const double inverse = 1.0 / line.slope;
    const bool whole = inverse > 1.0 && inverse == rint(inverse);
    *value = (whole ? number / inverse : number * line.slope) + line.offset;
    return QN_OK;
}

enum qn_status qn_units_factor(const char *from, const char *si, double *factor)
{
    *factor = 0.0;
    QN_TRY(open_units());
    struct line line;
    QN_TRY(convert(from, si, &line));
    *factor = line.slope;
    return QN_OK;
}
