// Heated bodies in one gas: closed forms of one body, of a quick gas, and the book.
#include <criterion/criterion.h>

#include <math.h>

#include "model/gas_bath.h"

enum { STEPS = 256 };

Test(gas_bath, a_body_in_a_large_gas_loses_by_one_decay)
{
    // T = P/G (1 - exp(-G t/C)); the rule's error is (h/tau)^2/12 = 1e-6 of it
    const double capacity = 2.0, power = 0.5, link = 0.05, t = 40.0;
    const struct qn_gas_bath b = {1, &capacity, &power, &link, 1e12};
    double rise, given;
    const double gas = qn_gas_bath_run(&b, t, STEPS, &rise, &given);
    const double want = power / link * -expm1(-link * t / capacity);
    cr_expect(fabs(rise / want - 1.0) < 2e-6, "%.9f, not %.9f", rise, want);
    cr_expect(fabs(given - (power * t - capacity * rise)) < 1e-12 * power * t);
    cr_expect(fabs(gas - given / 1e12) < 1e-20);
}

Test(gas_bath, two_bodies_and_their_gas_close_the_book)
{
    // equal powers over capacities would keep them alike; here the first is heated alone, so with
    // a gas of no weight the difference falls as exp(-2 g t/C), g = G/2 through the gas
    const double capacity[2] = {2.0, 2.0}, power[2] = {0.5, 0.0}, link[2] = {0.05, 0.05};
    const double t = 40.0;
    const struct qn_gas_bath b = {2, capacity, power, link, 1e-6};
    double rise[2], given[2];
    const double gas = qn_gas_bath_run(&b, t, STEPS, rise, given);
    const double decay = 2.0 * 0.025 / 2.0;
    const double apart = 0.25 / decay * -expm1(-decay * t);
    cr_expect(fabs((rise[0] - rise[1]) / apart - 1.0) < 1e-5, "%.9f, not %.9f", rise[0] - rise[1],
              apart);
    cr_expect(fabs(rise[0] + rise[1] - 0.5 * t / 2.0) < 1e-5, "all of it stays in the two");
    cr_expect(fabs(gas - 0.5 * (rise[0] + rise[1])) < 1e-4);
    cr_expect(fabs(2.0 * (rise[0] + rise[1]) + 1e-6 * gas - 0.5 * t) < 1e-12 * 0.5 * t);
    cr_expect(fabs(given[0] + given[1] - 1e-6 * gas) < 1e-12 * fabs(given[0]));
}

Test(gas_bath, a_held_wall_takes_what_the_gas_brings)
{
    // steady: all of the power goes through the gas, P = G1 (T1 - Tg) = Gw Tg
    const double capacity[2] = {0.1, HUGE_VAL}, power[2] = {0.5, 3.0}, link[2] = {0.05, 0.2};
    const struct qn_gas_bath b = {2, capacity, power, link, 0.01};
    double rise[2], given[2];
    const double gas = qn_gas_bath_run(&b, 200.0, 4 * STEPS, rise, given);
    cr_expect(fabs(gas / (0.5 / 0.2) - 1.0) < 1e-9, "%g K", gas);
    cr_expect(fabs(rise[0] / (0.5 / 0.2 + 0.5 / 0.05) - 1.0) < 1e-9, "%g K", rise[0]);
    cr_expect(rise[1] == 0.0);
    cr_expect(fabs(given[0] + given[1] - 0.01 * gas) < 1e-12 * given[0]);
}
