// Variants of a mechanism by name: in a deck, and in what an option says.
#include <criterion/criterion.h>

#include <math.h>
#include <string.h>

#include "app/deck.h"
#include "app/powder.h"
#include "base/constants.h"

#define DECK QUERN_SOURCE_DIR "/inputs/accelerated/direct.yaml"

static enum qn_status powder_of(const char *key, const char *value, struct qn_deck *deck,
                                struct qn_powder *p)
{
    const struct qn_override set = {key, value};
    cr_assert(qn_deck_read(DECK, &set, key ? 1 : 0, deck) == QN_OK, "%s", qn_error_text());
    return qn_powder_init(deck, p);
}

static void drop(struct qn_deck *deck, struct qn_powder *p)
{
    qn_powder_free(p);
    qn_deck_free(deck);
}

Test(variant, a_deck_scales_constants_by_the_number_of_the_reaction)
{
    struct qn_deck deck, other;
    struct qn_powder plain, scaled;
    cr_assert(powder_of(NULL, NULL, &deck, &plain) == QN_OK, "%s", qn_error_text());
    cr_assert(powder_of("chemistry.scale", "{2: 3.5}", &other, &scaled) == QN_OK, "%s",
              qn_error_text());
    for (int r = 0; r < plain.mechanism.n_mass_action; r++) {
        const double ratio = scaled.mechanism.reaction[r].A / plain.mechanism.reaction[r].A;
        cr_expect(fabs(ratio - (r == 1 ? 3.5 : 1.0)) < 1e-15);
    }
    cr_expect(strstr(other.resolved, "scale: {2: 3.5}") != NULL);
    cr_expect(other.mechanical_hash == deck.mechanical_hash, "windows stay");
    drop(&deck, &plain);
    drop(&other, &scaled);
}

Test(variant, what_the_mechanism_lacks_is_named)
{
    struct qn_deck deck;
    struct qn_powder p;
    cr_expect(powder_of("chemistry.scale", "{99: 2}", &deck, &p) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), "chemistry.scale.99: no reaction with constants") != NULL,
              "%s", qn_error_text());
    qn_deck_free(&deck);
    cr_expect(powder_of("chemistry.binding", "{C: -7 eV}", &deck, &p) == QN_ERR_INPUT);
    cr_expect(strstr(qn_error_text(), "chemistry.binding.C: no atom of that name") != NULL, "%s",
              qn_error_text());
    qn_deck_free(&deck);
}

Test(variant, named_values_carry_units)
{
    struct qn_named_values v;
    cr_assert(qn_named_parse("--gas", "H2: 0.8 bar, CO2: 200 hPa", "Pa", &v) == QN_OK, "%s",
              qn_error_text());
    cr_expect(v.n == 2 && strcmp(v.name[1], "CO2") == 0);
    cr_expect(fabs(v.value[0] - 8e4) < 1e-9 && fabs(v.value[1] - 2e4) < 1e-9);
    cr_expect(qn_named_parse("--gas", "H2: 0.8 K", "Pa", &v) == QN_ERR_USAGE);
    cr_expect(qn_named_parse("--gas", "H2", "Pa", &v) == QN_ERR_USAGE);
}
