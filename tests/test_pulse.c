// Stiff pulses against the reference values of the joint study, section 5, and conservation.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "chem/pulse.h"

static void load(struct qn_mechanism *m, const char *path)
{
    cr_assert(qn_mechanism_read(path, m) == QN_OK, "%s", qn_error_text());
}

static double summed(const struct qn_mechanism *m, const double *extent, const char *a,
                     const char *b)
{
    double sum = 0.0;
    for (int r = 0; r < m->n_reactions; r++) {
        const char *text = m->reaction[r].eq.text;
        sum += strcmp(text, a) == 0 || strcmp(text, b) == 0 ? extent[r] : 0.0;
    }
    return sum;
}

struct bench {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_work w;
    double y[QN_MAX_SPECIES];
    double gas[QN_MAX_SPECIES];
};

// 33 steps, cold state after 1e5 s at 338 K from M = 1, X = .9, V = .1
static void cold_start(struct bench *b)
{
    load(&b->m, QUERN_SOURCE_DIR "/tests/decks/joint33.yaml");
    b->x = (struct qn_matter){.mech = &b->m, .area = {1.0, 1.0}, .pore = 1e-3, .refill = 1e3};
    qn_pulse_init(&b->w, &b->m);
    memset(b->y, 0, sizeof b->y);
    b->gas[0] = 40.0;
    b->y[qn_mechanism_species(&b->m, "M")] = 1.0;
    b->y[qn_mechanism_species(&b->m, "X")] = 0.9;
    b->y[qn_mechanism_species(&b->m, "V")] = 0.1;
    struct qn_pulse_settings set = qn_pulse_defaults();
    set.rtol = 1e-8;
    cr_assert(qn_pulse_hold(&b->x, &set, 338.0, 1e5, b->gas, b->y, &b->w) == QN_OK, "%s",
              qn_error_text());
}

static void drop(struct bench *b)
{
    qn_pulse_free(&b->w);
    qn_mechanism_free(&b->m);
}

static struct qn_shot shot_to(double T_peak)
{
    return (struct qn_shot){.pulse = {.kind = QN_PULSE_RING_HOT,
                                      .dT = T_peak - 338.0,
                                      .t_c = 30e-6,
                                      .cool = 1e30,
                                      .kept = 1.0,
                                      .t_cut = 30e-6 + 30e-3},
                            .T0 = 338.0};
}

Test(pulse, cold_state_of_the_33_step_mechanism)
{
    struct bench b;
    cold_start(&b);
    static const struct {
        const char *name;
        double theta;
    } want[] = {{"M", 1.002e-9}, {"H", 8.190e-7}, {"X", 0.1363},    {"XH", 2.575e-3},
                {"CO3", 0.8611}, {"AV", 5.69e-8}, {"FV", 1.992e-6}, {"V", 1.97e-14}};
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        const double got = b.y[qn_mechanism_species(&b.m, want[i].name)];
        cr_expect(fabs(got / want[i].theta - 1.0) < 3e-3, "%s: %g, want %g", want[i].name, got,
                  want[i].theta);
    }
    drop(&b);
}

Test(pulse, methane_and_co_per_site_agree_with_the_reference_to_1e_5)
{
    static const struct {
        double T, ch4, co;
    } want[3] = {{600.0, 4.022406972e-8, 1.571376e-2},
                 {738.0, 6.203157946e-2, 6.622733e-1},
                 {1200.0, 5.331790675e-1, 4.534269}};
    struct bench b;
    cold_start(&b);
    for (int i = 0; i < 3; i++) {
        double y[QN_MAX_SPECIES];
        memcpy(y, b.y, sizeof y);
        struct qn_pulse_settings set = qn_pulse_defaults();
        set.rtol = i ? 1e-5 : 1e-6; // the weakest pulse has the smallest yield
        const struct qn_shot shot = shot_to(want[i].T);
        cr_assert(qn_pulse_apply(&b.x, &set, &shot, b.gas, y, &b.w) == QN_OK, "%s",
                  qn_error_text());
        const double ch4 = summed(&b.m, b.w.extent, "CH3 + H => 2 M", "MV + XH => 2 X");
        // CO given off by the metal and by vacancies that heal (its uptake is another step)
        const double co = summed(&b.m, b.w.extent, "CO => M", "AV => X");
        cr_expect(fabs(ch4 / want[i].ch4 - 1.0) < 1e-5, "CH4 %.10g, want %.10g (%d+%d steps)", ch4,
                  want[i].ch4, b.w.steps, b.w.rejects);
        cr_expect(fabs(co / want[i].co - 1.0) < 1e-5, "CO %.8g, want %.8g", co, want[i].co);
    }
    drop(&b);
}
