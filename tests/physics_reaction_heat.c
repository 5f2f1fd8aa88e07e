// Reaction heat that acts back on its own pulse: closed form without losses, a fine integration by
// another method with them, and where it may be left out.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pulse.h"

// A turns into B, 1e9 1/s and 80 kJ/mol, and gives off 40 kJ/mol; the gas takes no part
static const char *const A_TO_B =
    "units: {length: m, quantity: mol, time: s, activation-energy: J/mol}\n"
    "phases:\n"
    "- {name: gas, thermo: ideal-gas, species: [N]}\n"
    "- {name: s, thermo: ideal-surface, species: [A, B], site-density: 1.0, reactions: [r]}\n"
    "species:\n"
    "- {name: N, composition: {N: 2}, thermo: {model: constant-cp, h0: 0, s0: 0, cp0: 0}}\n"
    "- {name: A, composition: {C: 1}, thermo: {model: constant-cp, h0: 40 kJ/mol, s0: 0, cp0: 0}}\n"
    "- {name: B, composition: {C: 1}, thermo: {model: constant-cp, h0: 0, s0: 0, cp0: 0}}\n"
    "r:\n"
    "- {equation: A => B, rate-constant: {A: 1e9, b: 0, Ea: 80000}}\n";

static const double HEAT = 40e3, PRE = 1e9, EA = 80e3, CP = 500.0, T0 = 338.15;

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    struct qn_pulse_settings set;
    double y[2], gas[1];
};

static void open_bench(struct bench *b)
{
    memset(b, 0, sizeof *b);
    cr_assert(qn_mechanism_parse("a-to-b", A_TO_B, &b->m) == QN_OK, "%s", qn_error_text());
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0}, .pore = 1e-4, .heat_capacity = CP};
    b->set = qn_pulse_defaults();
    b->set.rtol = 1e-7;
    qn_pulse_init(&b->w, &b->m);
    b->y[0] = 1.0; // [mol/kg]: 80 K when all of it has turned
    b->gas[0] = 1.0;
}

static void close_bench(struct bench *b)
{
    qn_pulse_free(&b->w);
    qn_mechanism_free(&b->m);
}

// 300 K in 30 us; a grain, whose rise is linear and then falls as exp(-t/cool)
static struct qn_shot grain(double dT, double cool, double cut)
{
    return (struct qn_shot){.pulse = {.kind = QN_PULSE_GRAIN,
                                      .dT = dT,
                                      .t_c = 30e-6,
                                      .cool = cool,
                                      .kept = 1.0,
                                      .t_cut = cut},
                            .T0 = T0};
}

static void apply(struct bench *b, const struct qn_shot *shot)
{
    cr_assert(qn_pulse_apply(&b->x, &b->set, shot, b->gas, b->y, &b->w) == QN_OK, "%s",
              qn_error_text());
}

Test(reaction_heat, without_losses_the_excess_is_heat_times_extent_over_capacity)
{
    struct bench b;
    open_bench(&b);
    const struct qn_shot shot = grain(300.0, 1e30, 3e-3);
    apply(&b, &shot);
    cr_expect(b.w.extent[0] > 0.3 && b.w.extent[0] < 1.0, "extent %g", b.w.extent[0]);
    const double want = HEAT * b.w.extent[0] / CP;
    cr_expect(fabs(b.w.excess / want - 1.0) < 1e-6, "%.9g K, want %.9g", b.w.excess, want);
    cr_expect(fabs(b.y[1] / b.w.extent[0] - 1.0) < 1e-9);
    close_bench(&b);
}

struct fine {
    double a, excess; ///< left of A [mol/kg], excess [K]
};

// slopes at time t of a grain's pulse
static struct fine slope(const struct qn_pulse *p, double t, struct fine s)
{
    const double rise = t < p->t_c ? p->dT * t / p->t_c : p->dT * exp(-(t - p->t_c) / p->cool);
    const double rate = s.a * PRE * exp(-EA / (QN_GAS_CONSTANT * (T0 + rise + s.excess)));
    return (struct fine){-rate, HEAT * rate / CP - s.excess / p->cool};
}

static struct fine ahead(struct fine s, struct fine k, double h)
{
    return (struct fine){s.a + h * k.a, s.excess + h * k.excess};
}

// classical Runge-Kutta in small equal steps, landing on t_c
static struct fine integrate(const struct qn_pulse *p)
{
    enum { STEPS = 200000 };
    struct fine s = {1.0, 0.0};
    const double end[3] = {0.0, p->t_c, p->t_cut};
    for (int part = 0; part < 2; part++) {
        const double h = (end[part + 1] - end[part]) / STEPS;
        for (int i = 0; i < STEPS; i++) {
            // the later half of the last step must not see the other side of t_c
            const double t = end[part] + i * h, half = t + 0.5 * h;
            const double whole = part == 0 && i == STEPS - 1 ? t + h * (1.0 - 1e-12) : t + h;
            const struct fine k1 = slope(p, t, s), k2 = slope(p, half, ahead(s, k1, 0.5 * h));
            const struct fine k3 = slope(p, half, ahead(s, k2, 0.5 * h));
            const struct fine k4 = slope(p, whole, ahead(s, k3, h));
            s.a += h / 6.0 * (k1.a + 2.0 * k2.a + 2.0 * k3.a + k4.a);
            s.excess += h / 6.0 * (k1.excess + 2.0 * k2.excess + 2.0 * k3.excess + k4.excess);
        }
    }
    return s;
}

Test(reaction_heat, with_losses_it_agrees_with_a_fine_integration)
{
    static const double dT[2] = {380.0, 460.0}, cool[2] = {2e-3, 3e-4};
    for (int i = 0; i < 2; i++) {
        struct bench b;
        open_bench(&b);
        const struct qn_shot shot = grain(dT[i], cool[i], 30e-6 + 3.0 * cool[i]);
        const struct fine want = integrate(&shot.pulse);
        b.set.heat_above = 0.0;
        apply(&b, &shot);
        cr_expect(fabs(b.y[0] - want.a) < 1e-6 * (1.0 - want.a), "%.9g left, want %.9g", b.y[0],
                  want.a);
        cr_expect(fabs(b.w.excess / want.excess - 1.0) < 1e-5, "%.9g K, want %.9g", b.w.excess,
                  want.excess);
        // it is worth having
        struct bench cold;
        open_bench(&cold);
        cold.x.heat_capacity = 0.0;
        apply(&cold, &shot);
        cr_expect(cold.y[1] < 0.95 * b.y[1], "%g without, %g with", cold.y[1], b.y[1]);
        // an exact Jacobian keeps the order: hardly more steps than without the excess
        cr_expect(b.w.steps < 4 * cold.w.steps, "%d steps, %d without", b.w.steps, cold.w.steps);
        close_bench(&cold);
        close_bench(&b);
    }
}

Test(reaction_heat, it_is_left_out_below_a_tenth_of_the_rise_and_on_bare_spots)
{
    static const double content[3] = {0.2, 0.6, 1.0}; // times 80 K against 30 K
    const struct qn_shot hot = grain(300.0, 1e30, 0.3);
    for (int i = 0; i < 3; i++) {
        struct bench b;
        open_bench(&b);
        b.y[0] = content[i];
        b.y[1] = 1.0 - content[i];
        apply(&b, &hot); // long enough to turn all
        const double warmth = 80.0 * b.w.extent[0];
        cr_expect((b.w.excess > 0.0) == (warmth > 30.0), "%g K of heat, %g K of excess", warmth,
                  b.w.excess);
        close_bench(&b);
    }
    struct bench b;
    open_bench(&b);
    struct qn_shot bare = hot;
    bare.pulse.kind = QN_PULSE_RING_HOT;
    bare.pulse.dT = 700.0;
    b.set.heat_above = 0.0;
    apply(&b, &bare);
    cr_expect(b.w.extent[0] > 0.1 && b.w.excess == 0.0);
    close_bench(&b);
}

Test(reaction_heat, a_reaction_that_takes_heat_cools_its_pulse)
{
    struct bench b;
    open_bench(&b);
    b.m.species[qn_mechanism_species(&b.m, "B")].thermo.h0 = 80e3; // +40 kJ/mol
    const struct qn_shot shot = grain(300.0, 1e30, 3e-3);
    apply(&b, &shot);
    const double want = -HEAT * b.w.extent[0] / CP;
    cr_expect(want < -10.0 && fabs(b.w.excess / want - 1.0) < 1e-6, "%g K, want %g", b.w.excess,
              want);
    close_bench(&b);
}
