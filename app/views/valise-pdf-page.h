/* valise-pdf-page.h - the original of a paper, in the window's place
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <adwaita.h>

#include "valise-file-queue.h"
#include "valise-pdf-view.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PDF_PAGE (valise_pdf_page_get_type ())

/* Its Back is win.back. */
G_DECLARE_FINAL_TYPE (ValisePdfPage, valise_pdf_page, VALISE, PDF_PAGE, GtkBox)

/* Reads the file off the main thread and shows it, or says why not. */
void valise_pdf_page_open (ValisePdfPage   *self,
                           ValiseFileQueue *queue,
                           const char      *sha256,
                           const char      *name);
/* The same at @page, from 0, with @words found. */
void valise_pdf_page_open_at (ValisePdfPage   *self,
                              ValiseFileQueue *queue,
                              const char      *sha256,
                              const char      *name,
                              guint            page,
                              const char      *words);
/* The same of bytes. @bytes: (nullable): nothing any more. */
void valise_pdf_page_open_bytes (ValisePdfPage *self, GBytes *bytes, const char *name);

void valise_pdf_page_set_zoom (ValisePdfPage *self, int percent);

/* Opens the line in which one finds; steps from place to place. */
void valise_pdf_page_find (ValisePdfPage *self);
void valise_pdf_page_find_step (ValisePdfPage *self, int direction);

GtkEditable   *valise_pdf_page_get_entry (ValisePdfPage *self);
ValisePdfView *valise_pdf_page_get_view (ValisePdfPage *self);
const char    *valise_pdf_page_get_count (ValisePdfPage *self); /* "2 of 14" */
/* "looking", "pages", "failed" */
const char *valise_pdf_page_get_state (ValisePdfPage *self);

G_END_DECLS
