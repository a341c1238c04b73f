/* valise-search-page.h - search everything: a row a paper, a line a language
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-filters.h"
#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_SEARCH_PAGE (valise_search_page_get_type ())

/* Signal "open" (symbol, language, key: strings): a line was chosen; key may be NULL. */
G_DECLARE_FINAL_TYPE (ValiseSearchPage, valise_search_page, VALISE, SEARCH_PAGE, GtkBox)

void valise_search_page_set_library (ValiseSearchPage *self, ValiseLibrary *library);

/* Puts the caret in the entry, its words selected. */
void valise_search_page_start (ValiseSearchPage *self);

GtkEditable *valise_search_page_get_entry (ValiseSearchPage *self);
/* What is listed (of ValiseFound), and what is said of it: "2 found · nothing was sent". */
GListModel *valise_search_page_get_model (ValiseSearchPage *self);
const char *valise_search_page_get_count (ValiseSearchPage *self);

G_END_DECLS
