/// @file
/// Faults with their places, and guesses at what was meant.
#include <stdarg.h>
#include <string.h>

#include "io/schema.h"

enum { FAULT_TEXT = 1024 };

/// One line: place, path, what. The path is left out where "--set path" has already said it.
static void add_fault(struct qn_faults *faults, const char *place, const char *path,
                      const char *what)
{
    const size_t n = strlen(place), m = strlen(path);
    const int said = n > m && strncmp(place, "--set ", 6) == 0 && strcmp(place + n - m, path) == 0;
    qn_text_add(&faults->text, "%s: %s%s%s\n", place, said ? "" : path, said || !m ? "" : ": ",
                what);
    faults->count++;
}

static void add_at_node(struct qn_faults *faults, const struct qn_yaml *node, int of_value,
                        const char *path, const char *what)
{
    char place[QN_PLACE_TEXT];
    add_fault(faults, qn_yaml_place(node, of_value, place), path, what);
}

void qn_fault_value(struct qn_faults *faults, const struct qn_yaml *node, const char *path,
                    const char *format, ...)
{
    char what[FAULT_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    add_at_node(faults, node, 1, path, what);
}

void qn_fault_key(struct qn_faults *faults, const struct qn_yaml *node, const char *path,
                  const char *format, ...)
{
    char what[FAULT_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);
    add_at_node(faults, node, 0, path, what);
}

void qn_fault_at(struct qn_faults *faults, struct qn_yaml *root, const char *path,
                 const char *format, ...)
{
    char what[FAULT_TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);

    // shorten the path until it exists
    char way[256];
    snprintf(way, sizeof way, "%s", path);
    struct qn_yaml *node = qn_yaml_at(root, way);
    const int exact = node != NULL;
    for (char *dot = strrchr(way, '.'); !node && dot; dot = strrchr(way, '.')) {
        *dot = '\0';
        node = qn_yaml_at(root, way);
    }
    add_at_node(faults, node ? node : root, exact && node->kind == QN_YAML_SCALAR, path, what);
}

enum qn_status qn_faults_end(struct qn_faults *faults)
{
    enum qn_status status = QN_OK;
    if (faults->count > 0) {
        status = qn_fail(QN_ERR_INPUT, "%.*s", (int)faults->text.length - 1, faults->text.text);
    }
    qn_text_free(&faults->text);
    *faults = (struct qn_faults){0};
    return status;
}

const char *qn_nearest_word(const char *word, const char *const *words)
{
    const int allowed = strlen(word) > 4 ? 2 : 1;
    const char *best = NULL;
    int least = allowed + 1;
    for (; *words; words++) {
        const int distance = qn_edit_distance(word, *words);
        if (distance < least) {
            least = distance;
            best = *words;
        }
    }
    return best;
}
