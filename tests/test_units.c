// Units: published conversions, and the traps of udunits2 (angles, Celsius, silence on stderr).
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "base/constants.h"
#include "io/units.h"

static double value(const char *text, const char *si)
{
    double out = 0.0;
    cr_assert(eq(int, (int)qn_units_value(text, si, &out), QN_OK), "%s", qn_error_text());
    return out;
}

static void refuses(const char *text, const char *si, const char *message)
{
    double out = 1.0;
    cr_assert(eq(int, (int)qn_units_value(text, si, &out), QN_ERR_INPUT));
    cr_assert_str_eq(qn_error_text(), message);
}

Test(units, lengths_masses_and_pressures_become_si)
{
    cr_assert(epsilon_eq(dbl, value("60.8 mm", "m"), 0.0608, 1e-15));
    cr_assert(epsilon_eq(dbl, value("  60.8mm ", "m"), 0.0608, 1e-15));
    cr_assert(epsilon_eq(dbl, value("2 bar", "Pa"), 2e5, 1e-9));
    cr_assert(epsilon_eq(dbl, value("5 g", "kg"), 5e-3, 1e-17));
    cr_assert(epsilon_eq(dbl, value("3.06 m2/g", "m2/kg"), 3060.0, 1e-9));
    cr_assert(epsilon_eq(dbl, value("30 um", "m"), 30e-6, 1e-19));
    cr_assert(epsilon_eq(dbl, value("0.2 W/(m K)", "W/(m K)"), 0.2, 1e-15));
    cr_assert(epsilon_eq(dbl, value("10 h", "s"), 36000.0, 1e-9));
    cr_assert(epsilon_eq(dbl, value("74 kJ/mol", "J/mol"), 74e3, 1e-9));
}

Test(units, decimal_prefixes_round_once)
{
    cr_assert(value("30 um", "m") == 30e-6);
    cr_assert(value("0.3 mm", "m") == 0.3e-3);
    cr_assert(value("1.95 g", "kg") == 1.95e-3);
    cr_assert(value("2.8 GPa", "Pa") == 2.8e9);
}

Test(units, rpm_counts_turns_a_minute)
{
    cr_assert(epsilon_eq(dbl, value("400 rpm", "rad/s"), 400.0 * 2.0 * QN_PI / 60.0, 1e-12));
    cr_assert(epsilon_eq(dbl, value("1200 rpm", "Hz"), 20.0, 1e-13));
    cr_assert(epsilon_eq(dbl, value("90 deg", "rad"), 0.5 * QN_PI, 1e-14));
}

Test(units, celsius_is_absolute)
{
    cr_assert(epsilon_eq(dbl, value("25 degC", "K"), 298.15, 1e-12));
    cr_assert(epsilon_eq(dbl, value("65 C", "K"), 338.15, 1e-12));
    cr_assert(eq(dbl, value("300 K", "K"), 300.0));
}

Test(units, pure_numbers_stand_alone)
{
    cr_assert(eq(dbl, value("-1.82", "1"), -1.82));
    cr_assert(epsilon_eq(dbl, value("5 %", "1"), 0.05, 1e-15));
    refuses("5 mm", "1", "\"5 mm\": \"mm\" cannot be converted to a pure number");
    refuses("fast", "1", "\"fast\" is not a number");
    refuses("nan", "1", "\"nan\" is not a number");
}

Test(units, faults_name_text_unit_and_target)
{
    refuses("60.8", "m", "\"60.8\" has no unit; write a value that converts to m");
    refuses("10 s", "1/s", "\"10 s\": \"s\" cannot be converted to 1/s"); // no reciprocals
    refuses("1 J/kg", "kg/J", "\"1 J/kg\": \"J/kg\" cannot be converted to kg/J");
    refuses("60.8 kg", "m", "\"60.8 kg\": \"kg\" cannot be converted to m");
    refuses("60.8 mn", "m", "\"60.8 mn\": unknown unit \"mn\"");
    refuses("wide", "m", "\"wide\" is not a number with a unit of m");
    refuses("1e999 m", "m", "\"1e999 m\" is not a number with a unit of m");
}

Test(units, a_frequency_is_not_an_angular_speed)
{
    refuses("50 Hz", "rad/s", "\"50 Hz\": \"Hz\" cannot be converted to rad/s");
    refuses("50 rad/s", "Hz", "\"50 rad/s\": \"rad/s\" cannot be converted to Hz");
}

Test(units, factors_have_no_offset)
{
    double f = 0.0;
    cr_assert(eq(int, (int)qn_units_factor("cm^2/mol/s", "m2 mol-1 s-1", &f), QN_OK));
    cr_assert(epsilon_eq(dbl, f, 1e-4, 1e-18));
    cr_assert(eq(int, (int)qn_units_factor("degC", "K", &f), QN_OK));
    cr_assert(epsilon_eq(dbl, f, 1.0, 1e-12));
    cr_assert(eq(int, (int)qn_units_factor("kcal/mol", "J/mol", &f), QN_OK));
    cr_assert(epsilon_eq(dbl, f, 4186.8, 1e-9)); // udunits knows the International Table calorie
    cr_assert(eq(int, (int)qn_units_factor("furlongs", "kg", &f), QN_ERR_INPUT));
    qn_units_free();
    qn_units_free();
}
