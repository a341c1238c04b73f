/* valise-find-bar.h - finding words in the page, be it a text or an original
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-page-view.h"
#include "valise-pdf-view.h"

G_BEGIN_DECLS

#define VALISE_TYPE_FIND_BAR (valise_find_bar_get_type ())

G_DECLARE_FINAL_TYPE (ValiseFindBar, valise_find_bar, VALISE, FIND_BAR, AdwBin)

/* Finds in @page, or in @pdf, which the bar does not own. */
void valise_find_bar_set_page (ValiseFindBar *self, ValisePageView *page);
void valise_find_bar_set_pdf (ValiseFindBar *self, ValisePdfView *pdf);

void valise_find_bar_open (ValiseFindBar *self);
void valise_find_bar_close (ValiseFindBar *self);
/* Opens it with @words in it, found from @page of the PDF on, from 0. */
void     valise_find_bar_find (ValiseFindBar *self, const char *words, guint page);
gboolean valise_find_bar_is_open (ValiseFindBar *self);
/* 1: the next place; -1: the one before. Opens the bar where it is closed. */
void valise_find_bar_step (ValiseFindBar *self, int direction);
/* Counts again: the page shows another text. */
void valise_find_bar_refresh (ValiseFindBar *self);

/* What the bar says beside its entry: "2 of 14", "Nothing found", or "". */
const char  *valise_find_bar_get_count (ValiseFindBar *self);
GtkEditable *valise_find_bar_get_entry (ValiseFindBar *self);

G_END_DECLS
