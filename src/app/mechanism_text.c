/// @file
/// Prints a mechanism.
#include "app/mechanism_text.h"

#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/blows.h"
#include "chem/rates.h"
#include "chem/uptakes.h"

static const char *kind_name(enum qn_phase_kind kind)
{
    static const char *const name[] = {[QN_PHASE_SURFACE] = "surface",
                                       [QN_PHASE_GAS] = "gas",
                                       [QN_PHASE_SOLID] = "solid",
                                       [QN_PHASE_ELECTRONS] = "electrons"};
    return name[kind];
}

static const char *form_name(const struct qn_reaction *q)
{
    if (q->charged) {
        return "electrochemical";
    }
    if (q->sticking) {
        return q->motz_wise ? "sticking, Motz-Wise" : "sticking";
    }
    return q->blowers_masel ? "Blowers-Masel" : "Arrhenius";
}

static void species_table(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text, "%-18s %-12s %5s %11s %11s %11s\n", "species", "phase", "sites", "h kJ/mol",
                "s J/mol/K", "cp J/mol/K");
    for (int k = 0; k < m->n_species; k++) {
        const struct qn_species *s = &m->species[k];
        const struct qn_standard at = qn_thermo_state(&s->thermo, T);
        qn_text_add(text, "%-18s %-12s ", s->name, m->phase[s->phase].name);
        if (k < m->n_sites) {
            qn_text_add(text, "%5g ", s->sites);
        } else {
            qn_text_add(text, "%5s ", "");
        }
        if (s->thermo.model == QN_THERMO_NONE) {
            qn_text_add(text, "%11s\n", "no thermo");
        } else {
            qn_text_add(text, "%11.3f %11.3f %11.3f\n", 1e-3 * at.h_RT * QN_GAS_CONSTANT * T,
                        at.s_R * QN_GAS_CONSTANT, at.cp_R * QN_GAS_CONSTANT);
        }
    }
}

static void reaction_table(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text, "\n%4s %-46s %11s %11s %11s  %s\n", "no", "reaction", "forward", "reverse",
                "K", "form");
    for (int r = 0; r < m->n_mass_action; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        const double K = qn_rates_equilibrium(m, r, T);
        qn_text_add(text, "%4d %-46s %11.4e ", r + 1, q->eq.text, qn_rates_forward(m, r, T));
        if (q->reversible) {
            qn_text_add(text, "%11.4e ", qn_rates_reverse(m, r, T));
        } else {
            qn_text_add(text, "%11s ", "-");
        }
        if (isnan(K)) {
            qn_text_add(text, "%11s", "-");
        } else {
            qn_text_add(text, "%11.4e", K);
        }
        qn_text_add(text, "  %s%s\n", form_name(q), q->n_depends ? ", coverages" : "");
    }
}

static void values(const struct qn_blow_key *key, const double *value, struct qn_text *text)
{
    for (int i = 0; key[i].name; i++) {
        const int pure = strcmp(key[i].unit, "1") == 0;
        qn_text_add(text, ", %s %.4g%s%s", key[i].name, value[i], pure ? "" : " ",
                    pure ? "" : key[i].unit);
    }
}

static void global_table(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    for (int n = 0; n < m->n_globals; n++) {
        const struct qn_global *g = &m->global[n];
        if (g->uptake) {
            qn_text_add(text, "\n%s: %s\n%4d %s", g->uptake->name, g->uptake->words, g->first + 1,
                        m->reaction[g->first].eq.text);
            values(g->uptake->key, g->value, text);
            qn_text_add(text, "\n");
            continue;
        }
        qn_text_add(text, "\n%s: %s, ", g->law->name, g->law->source);
        if (g->law->T_high > 0.0) {
            qn_text_add(text, "fitted at %g to %g K", g->law->T_low, g->law->T_high);
        } else {
            qn_text_add(text, "range of the fit not known");
        }
        qn_text_add(text, ", %g kg a kg of powder\n", g->catalyst);
        for (int i = 0; i < g->law->n_reactions; i++) {
            const int r = g->first + i;
            qn_text_add(text, "%4d %-46s %23s %11.4e\n", r + 1, m->reaction[r].eq.text, "",
                        qn_rates_equilibrium(m, r, T));
        }
    }
}

static void impact_table(const struct qn_mechanism *m, struct qn_text *text)
{
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        if (r == 0) {
            qn_text_add(text, "\nimpacts\n");
        }
        qn_text_add(text, "%4d %-46s %s", r + 1, q->eq.text, q->type->name);
        values(q->type->key, q->value, text);
        qn_text_add(text, "; by %s%s\n", q->type->fed_by,
                    q->cap == QN_CAP_EQUILIBRIUM ? ", to its equilibrium" : "");
    }
}

void qn_mechanism_table(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text,
                "at %.6g K; constants in mol, m, s per area of the surface that lists them\n\n", T);
    species_table(m, T, text);
    reaction_table(m, T, text);
    global_table(m, T, text);
    impact_table(m, text);
}

// a number, or null where there is none
static void json_number(struct qn_text *text, const char *key, double value)
{
    if (isfinite(value)) {
        qn_text_add(text, ", \"%s\": %.17g", key, value);
    } else {
        qn_text_add(text, ", \"%s\": null", key);
    }
}

// a text without quotes and backslashes stands as it is; those two are escaped
static void json_text(struct qn_text *text, const char *value)
{
    qn_text_add(text, "\"");
    for (const char *c = value; *c; c++) {
        qn_text_add(text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    qn_text_add(text, "\"");
}

static void json_species(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text, " \"species\": [");
    for (int k = 0; k < m->n_species; k++) {
        const struct qn_species *s = &m->species[k];
        const struct qn_standard at = qn_thermo_state(&s->thermo, T);
        const int known = s->thermo.model != QN_THERMO_NONE;
        qn_text_add(text, "%s\n  {\"name\": ", k ? "," : "");
        json_text(text, s->name);
        qn_text_add(text, ", \"phase\": ");
        json_text(text, m->phase[s->phase].name);
        qn_text_add(text, ", \"kind\": \"%s\"", kind_name(m->phase[s->phase].kind));
        json_number(text, "sites", k < m->n_sites ? s->sites : (double)NAN);
        json_number(text, "weight", s->weight);
        json_number(text, "charge", s->charge);
        json_number(text, "h", known ? at.h_RT * QN_GAS_CONSTANT * T : (double)NAN);
        json_number(text, "s", known ? at.s_R * QN_GAS_CONSTANT : (double)NAN);
        json_number(text, "cp", known ? at.cp_R * QN_GAS_CONSTANT : (double)NAN);
        qn_text_add(text, "}");
    }
    qn_text_add(text, "],\n");
}

static void json_reactions(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text, " \"reactions\": [");
    for (int r = 0; r < m->n_reactions; r++) {
        const int constants = r < m->n_mass_action;
        const struct qn_reaction *q = &m->reaction[r];
        qn_text_add(text, "%s\n  {\"equation\": ", r ? "," : "");
        json_text(text, q->eq.text);
        qn_text_add(text, ", \"phase\": ");
        json_text(text, m->phase[q->phase].name);
        qn_text_add(text, ", \"form\": \"%s\"", constants ? form_name(q) : "law");
        json_number(text, "forward", constants ? qn_rates_forward(m, r, T) : (double)NAN);
        json_number(text, "reverse",
                    constants && q->reversible ? qn_rates_reverse(m, r, T) : (double)NAN);
        json_number(text, "K", qn_rates_equilibrium(m, r, T));
        qn_text_add(text, "}");
    }
    qn_text_add(text, "],\n");
}

void qn_mechanism_json(const struct qn_mechanism *m, double T, struct qn_text *text)
{
    qn_text_add(text, "{\"temperature\": %.17g,\n", T);
    json_species(m, T, text);
    json_reactions(m, T, text);
    qn_text_add(text, " \"impacts\": [");
    for (int r = 0; r < m->n_impacts; r++) {
        const struct qn_impact *q = &m->impact[r];
        qn_text_add(text, "%s\n  {\"equation\": ", r ? "," : "");
        json_text(text, q->eq.text);
        qn_text_add(text, ", \"type\": \"%s\", \"channel\": \"%s\", \"cap\": \"%s\"", q->type->name,
                    q->type->channel, q->cap == QN_CAP_EQUILIBRIUM ? "equilibrium" : "reactants");
        for (int i = 0; q->type->key[i].name; i++) {
            json_number(text, q->type->key[i].name, q->value[i]);
        }
        qn_text_add(text, "}");
    }
    qn_text_add(text, "]}\n");
}

static void graph_equation(const struct qn_mechanism *m, const struct qn_equation *eq, char letter,
                           int index, const char *arrow, struct qn_text *text)
{
    qn_text_add(text, "  %c%d [shape=box, label=\"%d\", tooltip=", letter, index, index);
    json_text(text, eq->text);
    qn_text_add(text, "];\n");
    for (int i = 0; i < eq->n_react; i++) {
        qn_text_add(text, "  ");
        json_text(text, m->species[eq->react[i].species].name);
        qn_text_add(text, " -> %c%d [%s];\n", letter, index, arrow);
    }
    for (int i = 0; i < eq->n_prod; i++) {
        qn_text_add(text, "  %c%d -> ", letter, index);
        json_text(text, m->species[eq->prod[i].species].name);
        qn_text_add(text, " [%s];\n", arrow);
    }
}

void qn_mechanism_graph(const struct qn_mechanism *m, struct qn_text *text)
{
    qn_text_add(text, "digraph mechanism {\n  rankdir=LR;\n");
    for (int p = 0; p < m->n_phases; p++) {
        qn_text_add(text, "  subgraph cluster_%d {\n    label=", p);
        json_text(text, m->phase[p].name);
        qn_text_add(text, ";\n");
        for (int k = m->phase[p].first; k < m->phase[p].first + m->phase[p].count; k++) {
            qn_text_add(text, "    ");
            json_text(text, m->species[k].name);
            qn_text_add(text, ";\n");
        }
        qn_text_add(text, "  }\n");
    }
    for (int r = 0; r < m->n_reactions; r++) {
        const struct qn_reaction *q = &m->reaction[r];
        graph_equation(m, &q->eq, 'r', r + 1,
                       q->reversible || r >= m->n_mass_action ? "dir=both" : "dir=forward", text);
    }
    for (int r = 0; r < m->n_impacts; r++) {
        graph_equation(m, &m->impact[r].eq, 'i', r + 1, "dir=forward, style=dashed", text);
    }
    qn_text_add(text, "}\n");
}
