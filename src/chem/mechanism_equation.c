/// @file
/// Equations of a mechanism file and their balance.
#include "mechanism_reader.h"

#include <math.h>
#include <string.h>

static void add_term(struct qn_reader *r, const struct qn_yaml *node, struct qn_term *terms, int *n,
                     struct qn_term t)
{
    for (int i = 0; i < *n; i++) {
        if (terms[i].species == t.species) {
            terms[i].nu += t.nu;
            return;
        }
    }
    if (*n == QN_MAX_TERMS) {
        qn_reader_fault(r, node, "more than %d species on one side", QN_MAX_TERMS);
        return;
    }
    terms[(*n)++] = t;
}

static void collect_net(struct qn_equation *eq)
{
    eq->n_net = 0;
    for (int side = 0; side < 2; side++) {
        const struct qn_term *from = side ? eq->prod : eq->react;
        const int count = side ? eq->n_prod : eq->n_react;
        for (int i = 0; i < count; i++) {
            const double nu = side ? from[i].nu : -from[i].nu;
            int k = 0;
            while (k < eq->n_net && eq->net[k].species != from[i].species) {
                k++;
            }
            if (k == eq->n_net) {
                eq->net[eq->n_net++] = (struct qn_term){from[i].species, 0.0};
            }
            eq->net[k].nu += nu;
        }
    }
    int kept = 0;
    for (int k = 0; k < eq->n_net; k++) {
        if (eq->net[k].nu != 0.0) {
            eq->net[kept++] = eq->net[k];
        }
    }
    eq->n_net = kept;
}

static void check_balance(struct qn_reader *r, const struct qn_yaml *node,
                          const struct qn_equation *eq)
{
    const struct qn_mechanism *m = r->m;
    for (int e = 0; e < m->n_elements; e++) {
        double sum = 0.0;
        for (int k = 0; k < eq->n_net; k++) {
            sum += eq->net[k].nu * m->species[eq->net[k].species].element[e];
        }
        if (fabs(sum) > 1e-9) {
            const int electron = strcmp(m->element[e], "E") == 0;
            qn_reader_fault(r, node, "%s is not balanced: the right side has %+g %s", eq->text,
                            electron ? -sum : sum, electron ? "proton charges" : m->element[e]);
        }
    }
    for (int p = 0; p < m->n_phases && m->phase[p].kind == QN_PHASE_SURFACE; p++) {
        double sum = 0.0;
        for (int k = 0; k < eq->n_net; k++) {
            const struct qn_species *s = &m->species[eq->net[k].species];
            sum += s->phase == p ? eq->net[k].nu * s->sites : 0.0;
        }
        if (fabs(sum) > 1e-9) {
            qn_reader_fault(r, node, "%s is not balanced: the right side has %+g sites of %s",
                            eq->text, sum, m->phase[p].name);
        }
    }
}

int qn_reader_equation(struct qn_reader *r, const struct qn_yaml *node, struct qn_equation *eq)
{
    char text[160];
    const size_t length = node->text ? strlen(node->text) : 0;
    (void)snprintf(eq->text, sizeof eq->text, "%s", node->text ? node->text : "");
    if (length >= sizeof eq->text) {
        qn_reader_fault(r, node, "an equation has at most %zu letters", sizeof eq->text - 1);
        return 0;
    }
    (void)snprintf(text, sizeof text, "%s", eq->text);
    int side = 0;
    int reversible = 0;
    double nu = 1.0;
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *end = NULL;
        const double number = strtod(word, &end);
        const int k = qn_mechanism_species(r->m, word);
        if (strcmp(word, "+") == 0) {
            continue;
        }
        if (strcmp(word, "=>") == 0 || strcmp(word, "<=>") == 0 || strcmp(word, "=") == 0) {
            side++;
            reversible = word[0] != '=' || word[1] == '\0';
        } else if (k >= 0) {
            add_term(r, node, side ? eq->prod : eq->react, side ? &eq->n_prod : &eq->n_react,
                     (struct qn_term){k, nu});
            nu = 1.0;
        } else if (*end == '\0' && number > 0.0 && isfinite(number)) {
            nu = number;
        } else {
            qn_reader_fault(r, node, "\"%s\" is not a species of this mechanism", word);
        }
    }
    if (side != 1 || eq->n_react == 0 || eq->n_prod == 0) {
        qn_reader_fault(r, node, "\"%s\" is not an equation: A + B => C, or <=> if reversible",
                        eq->text);
    }
    collect_net(eq);
    check_balance(r, node, eq);
    return reversible;
}

int qn_reader_knows(const struct qn_mechanism *m, const struct qn_yaml *equation)
{
    char text[160];
    (void)snprintf(text, sizeof text, "%s", equation->text ? equation->text : "");
    char *rest = NULL;
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        char *end = NULL;
        const double number = strtod(word, &end);
        const int sign = strcmp(word, "+") == 0 || strcmp(word, "=>") == 0 ||
                         strcmp(word, "<=>") == 0 || strcmp(word, "=") == 0;
        if (!sign && !(*end == '\0' && number > 0.0) && qn_mechanism_species(m, word) < 0) {
            return 0;
        }
    }
    return 1;
}
