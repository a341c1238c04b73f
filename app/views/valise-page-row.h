/* valise-page-row.h - one paragraph of the reading page, alone or beside its translation
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

#include "valise-library.h"

G_BEGIN_DECLS

/* Where the words of a page stand, in px, measured from the page's start edge. */
typedef struct
{
  int      text;   /* the words' edge */
  int      width;  /* of the words; side by side, of each column */
  int      number; /* the number column's edge; side by side, the hinge's */
  gboolean above;  /* too narrow: the number stands above its words */
} ValiseColumns;

#define VALISE_PAGE_MEASURE             560 /* px: 60-68 characters at 100 % */
#define VALISE_PAGE_MEASURE_AT(percent) (VALISE_PAGE_MEASURE * (percent) / 100)
#define VALISE_PAGE_NUMBER              34 /* px: the hanging column */
#define VALISE_PAGE_MARGIN              24
#define VALISE_PAGE_INDENT              28  /* px a level */
#define VALISE_PAGE_NARROW              500 /* px: below it, numbers stand above */
#define VALISE_PAGE_NARROW_BOTH         640

/* The columns of a page @width px wide, words at most @measure px. */
ValiseColumns valise_columns_for (int width, int measure, gboolean side_by_side);

#define VALISE_TYPE_PAGE_ROW (valise_page_row_get_type ())

/* Signal "link-activated" (uri: string): see valise-markup.h. */
G_DECLARE_FINAL_TYPE (ValisePageRow, valise_page_row, VALISE, PAGE_ROW, GtkWidget)

GtkWidget *valise_page_row_new (void);

/* Shows line @index of @text and line @other_index of @other; -1: no pair; @other NULL: alone. */
void valise_page_row_show (ValisePageRow     *self,
                           ValiseText        *text,
                           int                index,
                           ValiseText        *other,
                           int                other_index,
                           const char *const *references);
void valise_page_row_set_measure (ValisePageRow *self, int measure);
void valise_page_row_set_chosen (ValisePageRow *self, gboolean chosen);
/* Marks where @query stands (NULL: nowhere); match @current of column @column stands out. */
void valise_page_row_mark (ValisePageRow *self, const char *query, guint column, int current);

/* The words selected, or NULL. */
char *valise_page_row_dup_selection (ValisePageRow *self);
/* The first paper the paragraph links to, or NULL. */
char *valise_page_row_dup_link (ValisePageRow *self);

/* How a number is written beside its paragraph: "(a)" of "3 (a)"; "د 2" of "PP2" in Arabic. */
char *valise_page_row_number_label (const char *number, const char *language);

G_END_DECLS
