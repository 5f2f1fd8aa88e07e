/// @file
/// Prints a steady state.
#include "app/steady_text.h"

#include <math.h>

#include "base/constants.h"
#include "chem/scaling.h"
#include "chem/steady.h"

static enum qn_status find(const struct qn_mechanism *m, double T,
                           const struct qn_named_values *gas, const char *target,
                           struct qn_steady *s)
{
    struct qn_matter x = {.mech = m};
    double c[QN_MAX_SPECIES] = {0.0}, y[QN_MAX_SPECIES] = {0.0};
    const int k = *target ? qn_mechanism_species(m, target) : -1;
    if (*target && k < m->n_surface) {
        return qn_fail(QN_ERR_USAGE, "--target: there is no gas %s", target);
    }
    for (int i = 0; i < gas->n; i++) {
        const int g = qn_mechanism_species(m, gas->name[i]);
        if (g < m->n_surface || !(gas->value[i] >= 0.0)) {
            return qn_fail(QN_ERR_USAGE, "--gas: %s: %s", gas->name[i],
                           g < m->n_surface ? "there is no such gas"
                                            : "a pressure is not negative");
        }
        c[g - m->n_surface] = gas->value[i] / (QN_GAS_CONSTANT * T);
    }
    for (int p = 0; p < m->n_phases; p++) {
        if (m->phase[p].kind == QN_PHASE_SURFACE) {
            x.area[p] = 1.0;
            y[m->phase[p].first] = m->phase[p].site_density / m->species[m->phase[p].first].sites;
        }
    }
    return qn_steady_find(&x, T, c, y, k, s);
}

static double coverage(const struct qn_mechanism *m, const struct qn_steady *s, int k)
{
    return s->y[k] * m->species[k].sites / m->phase[m->species[k].phase].site_density;
}

/// Turnover of a gas per site of all surfaces together [1/s].
static double turnover(const struct qn_mechanism *m, const struct qn_steady *s, int k)
{
    double sites = 0.0;
    for (int p = 0; p < m->n_phases; p++) {
        sites += m->phase[p].kind == QN_PHASE_SURFACE ? m->phase[p].site_density : 0.0;
    }
    return s->made[k] / sites;
}

/// What is printed of a state.
struct printed {
    const struct qn_mechanism *m;
    const struct qn_steady *s;
    double T;
    const struct qn_named_values *gas;
    const char *target;
};

static void table(const struct printed *p, struct qn_text *text)
{
    const struct qn_mechanism *m = p->m;
    const struct qn_named_values *gas = p->gas;
    const char *target = p->target;
    qn_text_add(text, "steady state at %.6g K under", p->T);
    for (int i = 0; i < gas->n; i++) {
        qn_text_add(text, "%s %s %.4g bar", i ? "," : "", gas->name[i], 1e-5 * gas->value[i]);
    }
    qn_text_add(text, "; 1 m2 of every surface\n\n%-18s %12s\n", "species", "coverage");
    for (int k = 0; k < m->n_sites; k++) {
        qn_text_add(text, "%-18s %12.4e\n", m->species[k].name, coverage(m, p->s, k));
    }
    qn_text_add(text, "\n%-18s %12s\n", "gas", "turnover 1/s");
    for (int k = m->n_surface; k < m->n_species; k++) {
        qn_text_add(text, "%-18s %12.4e\n", m->species[k].name, turnover(m, p->s, k));
    }
    qn_text_add(text, "\n%4s %-46s %11s %11s %11s %8s  %s\n", "no", "reaction, mol/(m2 s)",
                "forward", "reverse", "net", *target ? "control" : "",
                *target ? "with its reverse" : "");
    for (int r = 0; r < m->n_reactions; r++) {
        const double *rate = p->s->rate + 3L * r;
        const int back = qn_scaling_opposite(m, r);
        qn_text_add(text, "%4d %-46s %11.4e %11.4e %11.4e", r + 1, m->reaction[r].eq.text, rate[0],
                    rate[1], rate[2]);
        if (*target) {
            qn_text_add(text, " %8.4f", p->s->control[r]);
        }
        if (*target && back >= 0) {
            qn_text_add(text, "  %8.4f (%d)", p->s->control[r] + p->s->control[back], back + 1);
        }
        qn_text_add(text, "\n");
    }
}

static void json(const struct printed *p, struct qn_text *text)
{
    const struct qn_mechanism *m = p->m;
    qn_text_add(text, "{\"temperature\": %.17g,\n \"coverages\": {", p->T);
    for (int k = 0; k < m->n_sites; k++) {
        qn_text_add(text, "%s\"%s\": %.17g", k ? ", " : "", m->species[k].name,
                    coverage(m, p->s, k));
    }
    qn_text_add(text, "},\n \"turnovers\": {");
    for (int k = m->n_surface; k < m->n_species; k++) {
        qn_text_add(text, "%s\"%s\": %.17g", k > m->n_surface ? ", " : "", m->species[k].name,
                    turnover(m, p->s, k));
    }
    qn_text_add(text, "},\n \"reactions\": [");
    for (int r = 0; r < m->n_reactions; r++) {
        const double *rate = p->s->rate + 3L * r;
        qn_text_add(text, "%s\n  {\"forward\": %.17g, \"reverse\": %.17g, \"net\": %.17g",
                    r ? "," : "", rate[0], rate[1], rate[2]);
        if (*p->target) {
            qn_text_add(text, ", \"control\": %.17g", p->s->control[r]);
        }
        qn_text_add(text, ", \"opposite\": %d}", qn_scaling_opposite(m, r) + 1);
    }
    qn_text_add(text, "]}\n");
}

static enum qn_status print(struct printed p,
                            void (*form)(const struct printed *, struct qn_text *),
                            struct qn_text *text)
{
    struct qn_steady s = {0};
    QN_TRY(find(p.m, p.T, p.gas, p.target, &s));
    QN_ASSERT(s.rate && s.control);
    p.s = &s;
    form(&p, text);
    qn_steady_free(&s);
    return QN_OK;
}

enum qn_status qn_steady_table(const struct qn_mechanism *m, double T,
                               const struct qn_named_values *gas, const char *target,
                               struct qn_text *text)
{
    return print((struct printed){m, NULL, T, gas, target}, table, text);
}

enum qn_status qn_steady_json(const struct qn_mechanism *m, double T,
                              const struct qn_named_values *gas, const char *target,
                              struct qn_text *text)
{
    return print((struct printed){m, NULL, T, gas, target}, json, text);
}
