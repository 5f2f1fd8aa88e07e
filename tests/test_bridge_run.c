// Bridged against direct on the accelerated mechanism, conservation over hours, and packing.
#include "bridge_fixture.h"

enum { CARRIERS = 200, HITS = 6000 };
static const double SPAN = 20.0; // [s]
static const struct mill WINDOW = {1, HITS, SPAN, 200.0, 3e4, 0.04e-6};

Test(bridge_run, bridged_equals_direct_on_the_accelerated_mechanism)
{
    start_petsc();
    const struct duel duel = {.seen = {11, 60000, 200.0, 200.0, 3e4, 0.04e-6},
                              .direct = {12, HITS, SPAN, 200.0, 3e4, 0.04e-6},
                              .carriers = CARRIERS,
                              .syncs = 400,
                              .volume = 10e-6};
    fight(&duel);
}

Test(bridge_run, packed_and_taken_up_again_it_ends_in_the_same_bits)
{
    start_petsc();
    const struct duel duel = {.seen = WINDOW, .carriers = CARRIERS, .volume = 10e-6};
    struct bench b;
    struct qn_direct cold;
    struct qn_bridged one;
    struct qn_bridged again;
    open_bench(&b, &duel);
    settled(&b, CARRIERS, &cold);
    begin_bridged(&b, &duel, &cold, &one);
    begin_bridged(&b, &duel, &cold, &again);
    cr_assert(qn_bridged_run(&one, SPAN) == QN_OK, "%s", qn_error_text());
    double *flat = malloc(qn_bridged_packed(&one) * sizeof *flat);
    qn_bridged_pack(&one, flat);
    qn_bridged_unpack(&again, flat);
    cr_assert(qn_bridged_run(&one, 2.0 * SPAN) == QN_OK);
    cr_assert(qn_bridged_run(&again, 2.0 * SPAN) == QN_OK);
    cr_expect(memcmp(one.y, again.y, (size_t)b.m.n_surface * sizeof *one.y) == 0);
    cr_expect(memcmp(one.gas.moles, again.gas.moles, (size_t)b.m.n_gas * sizeof(double)) == 0);
    free(flat);
    qn_bridged_free(&again);
    qn_bridged_free(&one);
    qn_direct_free(&cold);
    free(b.mass);
    qn_mechanism_free(&b.m);
}

Test(bridge_run, spectrum_survives_packing_and_refuses_strangers)
{
    const struct qn_spectrum *s = window(&WINDOW, 1e-3);
    const size_t n = qn_spectrum_packed(s);
    double *flat = malloc(n * sizeof *flat);
    struct qn_spectrum *back = malloc(sizeof *back);
    qn_spectrum_pack(s, flat);
    cr_assert(qn_spectrum_unpack(back, flat, n) == 1);
    cr_expect(memcmp(s, back, sizeof *s) == 0);
    cr_expect(qn_spectrum_unpack(back, flat, n - 1) == 0);
    flat[0] = 99.0;
    cr_expect(qn_spectrum_unpack(back, flat, n) == 0);
    free(flat);
    free(back);
}

Test(bridge_run, effective_number_of_hits_rules_the_interval)
{
    const struct qn_spectrum *s = window(&WINDOW, 1e-3);
    // weights of 90 kJ/mol over an exponential spectrum are carried by a few per cent of the hits
    const double n_eff = qn_spectrum_n_eff(s, 0, 0);
    cr_expect(n_eff > 20.0 && n_eff < 1500.0, "N_eff %g", n_eff);
    const struct qn_interval i = qn_spectrum_interval(s, 0, 0);
    cr_expect(isnan(i.low) == (n_eff < 100.0));
    cr_expect(isnan(i.low) || (i.low < i.mean && i.mean < i.high));
    const double p = qn_spectrum_slope(s, 0, 0);
    cr_expect(p > 1.5 && p < 10.0, "d ln W/d ln rise %g", p);
}
