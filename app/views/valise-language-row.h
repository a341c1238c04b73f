/* valise-language-row.h - languages, a small button each, in one row of a form
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define VALISE_TYPE_LANGUAGE_ROW (valise_language_row_get_type ())

/* Signal "changed": others are chosen now. */
G_DECLARE_FINAL_TYPE (ValiseLanguageRow,
                      valise_language_row,
                      VALISE,
                      LANGUAGE_ROW,
                      AdwPreferencesRow)

/* The six, with @chosen (NULL or empty: all) on. */
GtkWidget *valise_language_row_new (const char *const *chosen);

/* The codes that are on, at least one: the last cannot be switched off. */
char **valise_language_row_dup_chosen (ValiseLanguageRow *self);

/* As its user would press the button of the language @code. */
void valise_language_row_set (ValiseLanguageRow *self, const char *code, gboolean on);

G_END_DECLS
