/* valise-pdf-drawn.h - pages of a PDF, drawn off the main thread and kept for a while
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread.
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-pdf.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PDF_DRAWN (valise_pdf_drawn_get_type ())

/* Signal "drawn" (guint): a page was, from 0. */
G_DECLARE_FINAL_TYPE (ValisePdfDrawn, valise_pdf_drawn, VALISE, PDF_DRAWN, GObject)

ValisePdfDrawn *valise_pdf_drawn_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Forgets what was drawn, and draws @pdf from now on. @pdf: (nullable) */
void valise_pdf_drawn_show (ValisePdfDrawn *self, ValisePdf *pdf);

/* So many are in sight, and are not forgotten one for the other. */
void valise_pdf_drawn_set_in_sight (ValisePdfDrawn *self, guint n_pages);

/* @page as it is drawn, lent; NULL: not yet. Where it is not @width device px wide, it is going to
 * be. */
GdkTexture *valise_pdf_drawn_get (ValisePdfDrawn *self, guint page, int width);

/* The words of @page, lent; "" where it is not drawn. */
const char *valise_pdf_drawn_get_words (ValisePdfDrawn *self, guint page);

/* How many pages are kept drawn. */
guint valise_pdf_drawn_get_n (ValisePdfDrawn *self);

G_END_DECLS
