/* valise-found-row.h - a paper found, a line a language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-found.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FOUND_ROW (valise_found_row_get_type ())

/* Signal "open" (symbol, language, key: strings): a line was chosen; key may be NULL. */
G_DECLARE_FINAL_TYPE (ValiseFoundRow, valise_found_row, VALISE, FOUND_ROW, GtkBox)

/* @compact: for the list pane: the best line alone. */
GtkWidget *valise_found_row_new (gboolean compact);

/* Whether symbol, title and date stand below one another. */
void valise_found_row_set_narrow (ValiseFoundRow *self, gboolean narrow);

void valise_found_row_set_found (ValiseFoundRow *self, ValiseFound *found);

G_END_DECLS
