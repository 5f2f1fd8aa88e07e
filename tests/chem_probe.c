// A probe for comparisons from outside: reads a mechanism and requests, writes numbers.
//
//   chem_probe mechanism.yaml < requests
//   rates T potential[n_phases] state[n_species]
//       -> for each reaction its net rate of progress, then each species's production [mol/s]
//   hold  T potential[n_phases] state[n_species] n t[n]
//       -> n rows of n_species, gas frozen
//   batch T potential[n_phases] state[n_species] volume n t[n]
//       -> the same in a closed volume [m3]
//   steady T potential[n_phases] state[n_species] t
//       -> after t, the state and each gas's production
// Every surface has 1 m2. A state is coverage (share of the sites) of a surface species, moles of a
// solid, mol/m3 of a gas; phases and species in the order of `quern mechanism --json`.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "chem/pulse.h"
#include "io/units.h"

struct probe {
    struct qn_mechanism m;
    struct qn_matter x;
    struct qn_pulse_settings set;
    struct qn_pulse_work w;
    double T;
    double y[QN_MAX_SPECIES], gas[QN_MAX_SPECIES];
};

static double number(void)
{
    double value = 0.0;
    if (scanf("%lf", &value) != 1) {
        fprintf(stderr, "chem_probe: a number was expected\n");
        exit(2);
    }
    return value;
}

static double per_coverage(const struct probe *p, int k)
{
    return k < p->m.n_sites ? qn_matter_room(&p->x, k) / p->m.species[k].sites : 1.0;
}

static void read_state(struct probe *p)
{
    p->T = number();
    for (int i = 0; i < p->m.n_phases; i++) {
        p->x.potential[i] = number();
    }
    for (int k = 0; k < p->m.n_species; k++) {
        const double value = number();
        if (k < p->m.n_surface) {
            p->y[k] = value * per_coverage(p, k);
        } else {
            p->gas[k - p->m.n_surface] = value;
        }
    }
    p->w.rates.T = -1.0; // potentials may have changed
}

static void write_state(const struct probe *p)
{
    for (int k = 0; k < p->m.n_species; k++) {
        const int gas = k - p->m.n_surface;
        printf("%.17g ", gas < 0 ? p->y[k] / per_coverage(p, k) : p->gas[gas]);
    }
    printf("\n");
}

static void rates(struct probe *p)
{
    double made[QN_MAX_SPECIES];
    qn_rates_constants(&p->x, p->T, &p->w.rates);
    qn_rates_progress(&p->x, p->y, p->gas, &p->w.rates);
    qn_rates_production(&p->m, p->w.rates.q, made);
    for (int r = 0; r < p->m.n_reactions; r++) {
        printf("%.17g ", p->w.rates.q[r]);
    }
    for (int k = 0; k < p->m.n_species; k++) {
        printf("%.17g ", made[k]);
    }
    printf("\n");
}

static void advance(struct probe *p, double volume, double dt)
{
    const enum qn_status status =
        volume > 0.0 ? qn_pulse_batch(&p->x, &p->set, p->T, dt, volume, p->gas, p->y, &p->w)
                     : qn_pulse_hold(&p->x, &p->set, p->T, dt, p->gas, p->y, &p->w);
    if (status != QN_OK) {
        fprintf(stderr, "chem_probe: %s\n", qn_error_text());
        exit(1);
    }
}

static void path(struct probe *p, int closed)
{
    const double volume = closed ? number() : 0.0;
    const int n = (int)number();
    double t = 0.0;
    for (int i = 0; i < n; i++) {
        const double next = number();
        advance(p, volume, next - t);
        t = next;
        write_state(p);
    }
}

int main(int argc, char **argv)
{
    static struct probe p;
    char word[16];
    if (argc < 2 || qn_mechanism_read(argv[1], &p.m) != QN_OK) {
        fprintf(stderr, "%s\n", argc < 2 ? "chem_probe mechanism.yaml" : qn_error_text());
        return 3;
    }
    p.x.mech = &p.m;
    p.set = qn_pulse_defaults();
    p.set.rtol = argc > 2 ? atof(argv[2]) : p.set.rtol;
    for (int i = 0; i < p.m.n_phases; i++) {
        p.x.area[i] = 1.0;
    }
    qn_pulse_init(&p.w, &p.m);
    while (scanf("%15s", word) == 1) {
        read_state(&p);
        if (strcmp(word, "rates") == 0) {
            rates(&p);
        } else if (strcmp(word, "hold") == 0 || strcmp(word, "batch") == 0) {
            path(&p, word[0] == 'b');
        } else if (strcmp(word, "steady") == 0) {
            advance(&p, 0.0, number());
            write_state(&p);
            rates(&p);
        } else {
            fprintf(stderr, "chem_probe: unknown request %s\n", word);
            return 2;
        }
    }
    qn_pulse_free(&p.w);
    qn_mechanism_free(&p.m);
    qn_units_free();
    return 0;
}
