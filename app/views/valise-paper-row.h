/* valise-paper-row.h - a paper, or a heading, in a list
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAPER_ROW (valise_paper_row_get_type ())

G_DECLARE_FINAL_TYPE (ValisePaperRow, valise_paper_row, VALISE, PAPER_ROW, GtkBox)

GtkWidget *valise_paper_row_new (void);

/* Follows @paper until another, or NULL, is given. */
void valise_paper_row_set_paper (ValisePaperRow *self, ValisePaper *paper);

/* "en fr", "all six"; only those on this laptop. */
char *valise_paper_row_describe_languages (ValisePaper *paper);
/* "A/AC.292/2026/WP.17 · Kestria · 30 Jun · en fr": a card's second line. */
char *valise_paper_row_describe (ValisePaper *paper);

/* Rows for a list of ValisePaper with headings; a click on one is the action "papers.open". */
GtkListItemFactory *valise_paper_row_new_factory (void) G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
