/* valise-papers.h - the library as a list: headings, papers, filters, search
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-filters.h"
#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAPERS (valise_papers_get_type ())

/* Signal "open" (symbol, language, key: strings, focus: gboolean): a paper was chosen; language
 * and key may be NULL; focus: it was opened, not only passed over with the arrows. */
G_DECLARE_FINAL_TYPE (ValisePapers, valise_papers, VALISE, PAPERS, GtkBox)

void valise_papers_set_library (ValisePapers *self, ValiseLibrary *library);

/* Starts a search in the list. */
void valise_papers_find (ValisePapers *self);
/* Chooses and opens the next paper (@direction 1) or the one before (-1), over headings. */
void valise_papers_step (ValisePapers *self, int direction);
/* Whether a button leads to the places, since they are folded away. */
void valise_papers_set_folded (ValisePapers *self, gboolean folded);

ValiseFilters *valise_papers_get_filters (ValisePapers *self);
GtkEditable   *valise_papers_get_entry (ValisePapers *self);
/* What the list shows: ValisePaper, or while searching ValiseFound; may be NULL. */
GListModel *valise_papers_get_model (ValisePapers *self);

G_END_DECLS
