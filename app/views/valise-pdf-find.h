/* valise-pdf-find.h - the places of words in a PDF, looked for off the main thread
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Main thread.
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-pdf.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PDF_FIND (valise_pdf_find_get_type ())

/* Signal "changed": other places were found, or another is chosen. */
G_DECLARE_FINAL_TYPE (ValisePdfFind, valise_pdf_find, VALISE, PDF_FIND, GObject)

ValisePdfFind *valise_pdf_find_new (void) G_GNUC_WARN_UNUSED_RESULT;

/* Looks through every page and chooses the first place from page @from on. What was looked for
 * before is given up. @pdf: (nullable) */
void valise_pdf_find_start (ValisePdfFind *self, ValisePdf *pdf, const char *words, guint from);
/* Gives up what is looked for; what was found stays. */
void  valise_pdf_find_stop (ValisePdfFind *self);
void  valise_pdf_find_step (ValisePdfFind *self, int direction);
guint valise_pdf_find_get_n_found (ValisePdfFind *self, guint *chosen);

/* Whether nothing was found since no page has a word. */
gboolean valise_pdf_find_is_wordless (ValisePdfFind *self);

/* The place chosen, in points; FALSE: none. */
gboolean valise_pdf_find_get_chosen (ValisePdfFind *self, guint *page, ValisePdfArea *area);

/* Marks the places of @page, which stands at @bounds px. */
void valise_pdf_find_snapshot (ValisePdfFind         *self,
                               GtkSnapshot           *snapshot,
                               guint                  page,
                               const graphene_rect_t *bounds);

G_END_DECLS
