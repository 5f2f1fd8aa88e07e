/// @file
/// The list of global rate laws.
#include "chem/laws.h"

#include <stddef.h>
#include <string.h>

#define SABATIER "CO2 + 4 H2 <=> CH4 + 2 H2O"
#define SHIFT_BACK "CO2 + H2 <=> CO + H2O"
#define CO_METHANATION "CO + 3 H2 <=> CH4 + H2O"

const struct qn_law qn_laws[] = {
    {.name = "koschany2016-lhhw",
     .source = "Koschany et al., Appl. Catal. B 2016, 181, 504 (Ni-Al, 1-15 bar)",
     .T_low = 453.0,
     .T_high = 613.0,
     .n_species = 4,
     .species = {"H2", "CO2", "CH4", "H2O"},
     .n_reactions = 1,
     .equation = {SABATIER},
     .rates = qn_law_koschany_lhhw},
    {.name = "koschany2016-power",
     .source = "Koschany et al., Appl. Catal. B 2016, 181, 504 (Ni-Al, 1-15 bar)",
     .T_low = 453.0,
     .T_high = 613.0,
     .n_species = 4,
     .species = {"H2", "CO2", "CH4", "H2O"},
     .n_reactions = 1,
     .equation = {SABATIER},
     .rates = qn_law_koschany_power},
    {.name = "champon2019",
     .source = "Champon et al., J. CO2 Util. 2019, 34, 256 (Ni/Al2O3)",
     .T_low = 623.0,
     .T_high = 723.0,
     .n_species = 5,
     .species = {"H2", "CO2", "CO", "CH4", "H2O"},
     .n_reactions = 3,
     .equation = {SABATIER, SHIFT_BACK, CO_METHANATION},
     .rates = qn_law_champon},
    {.name = "xu-froment1989",
     .source = "Xu & Froment, AIChE J. 1989, 35, 88 (Ni/MgAl2O4)",
     .n_species = 5,
     .species = {"H2", "CO2", "CO", "CH4", "H2O"},
     .n_reactions = 3,
     .equation = {"CH4 + H2O <=> CO + 3 H2", "CO + H2O <=> CO2 + H2", "CH4 + 2 H2O <=> CO2 + 4 H2"},
     .rates = qn_law_xu_froment},
    {.name = NULL}};

const struct qn_law *qn_law_find(const char *name)
{
    for (const struct qn_law *law = qn_laws; law->name; law++) {
        if (strcmp(law->name, name) == 0) {
            return law;
        }
    }
    return NULL;
}
