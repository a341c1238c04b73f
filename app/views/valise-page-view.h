/* valise-page-view.h - the words of a paper, paragraph by paragraph
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Goes into a GtkScrolledWindow. Only the paragraphs in sight are widgets, so the first frame
 * costs the same for five paragraphs and for five thousand.
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

#define VALISE_TYPE_PAGE_VIEW (valise_page_view_get_type ())

/* Signals "link-activated" (uri: string), "chosen-changed". */
G_DECLARE_FINAL_TYPE (ValisePageView, valise_page_view, VALISE, PAGE_VIEW, GtkWidget)

/* What stands above the first paragraph and below the last, and scrolls with them; once. */
void valise_page_view_set_ends (ValisePageView *self, GtkWidget *head, GtkWidget *tail);

/* Shows @text, beside @other where that is not NULL. Links to @references. The paragraph
 * chosen stays chosen where the new text has its key. */
void valise_page_view_show (ValisePageView    *self,
                            ValiseText        *text,
                            ValiseText        *other,
                            const char *const *references);

guint    valise_page_view_get_n_rows (ValisePageView *self);
int      valise_page_view_get_chosen (ValisePageView *self);
gboolean valise_page_view_choose (ValisePageView *self, int row);
gboolean valise_page_view_choose_key (ValisePageView *self, const char *key);
/* The line of the first or second text in @row, or -1. */
int valise_page_view_get_line (ValisePageView *self, int row, gboolean other);
/* How many rows have a line in both languages. */
guint valise_page_view_get_n_pairs (ValisePageView *self);

/* Finds @query (NULL: stops finding); returns how many places there are. */
guint valise_page_view_find (ValisePageView *self, const char *query);
/* Goes to the next place (@direction 1) or the one before (-1); its number from 1, 0: none. */
guint valise_page_view_find_step (ValisePageView *self, int direction);

/* Words at most @measure px wide. */
void valise_page_view_set_measure (ValisePageView *self, int measure);

/* The text shown, lent; NULL before the first. */
ValiseText *valise_page_view_get_text (ValisePageView *self);
/* The first paper that the paragraph chosen links to, or NULL. */
char *valise_page_view_dup_link (ValisePageView *self);

/* The words selected in any paragraph in sight, or NULL. */
char *valise_page_view_dup_selection (ValisePageView *self);

G_END_DECLS
