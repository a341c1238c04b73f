/* valise-pdf-view.h - the pages of a PDF, one under the other, drawn as they come into sight
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-pdf.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PDF_VIEW (valise_pdf_view_get_type ())

/* The child of a scrolled window's viewport. Signals: "turned": another page is in the middle, or
 * another place found is chosen; "wanted" (uint): the keys ask for a page. */
G_DECLARE_FINAL_TYPE (ValisePdfView, valise_pdf_view, VALISE, PDF_VIEW, GtkWidget)

/* @pdf: (nullable) */
void valise_pdf_view_show (ValisePdfView *self, ValisePdf *pdf);
/* 100: as wide as the window, and at most as paper is. */
void valise_pdf_view_set_zoom (ValisePdfView *self, int percent);

/* The page in the middle of what is seen, from 0. */
guint valise_pdf_view_get_page (ValisePdfView *self);
guint valise_pdf_view_get_n_pages (ValisePdfView *self); /* 0: nothing is shown */
void  valise_pdf_view_go (ValisePdfView *self, guint page);

/* Marks @words wherever they stand, and goes to the first place from the page in sight; off the
 * main thread. "" takes the marks away. */
void valise_pdf_view_find (ValisePdfView *self, const char *words);
/* The same from @page on, from 0, which is gone to at once. */
void valise_pdf_view_find_from (ValisePdfView *self, const char *words, guint page);
/* Whether it is known that no page has a word: it was scanned, say. */
gboolean valise_pdf_view_is_wordless (ValisePdfView *self);
/* To the next place found (@direction 1) or the one before (-1), round and round. */
void valise_pdf_view_step (ValisePdfView *self, int direction);
/* How many places were found, and the number of the chosen one, from 1; 0: none. */
guint valise_pdf_view_get_n_found (ValisePdfView *self, guint *chosen);

/* How many pages are kept drawn. For tests. */
guint valise_pdf_view_get_n_drawn (ValisePdfView *self);

G_END_DECLS
