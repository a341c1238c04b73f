/* valise-page-rows.h - which line stands beside which, and where words stand in them
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-library.h"

G_BEGIN_DECLS

/* A row of the page: a line of each language, -1 where there is none. */
typedef struct
{
  int line;
  int other;
} ValisePageLine;

/* A place found: the @ordinal-th in @column (0 the first language, 1 the second) of @row. */
typedef struct
{
  int   row;
  guint column;
  int   ordinal;
} ValisePagePlace;

/* Fills @rows (element-type ValisePageLine) with the lines of @text, each beside its pair in
 * @other; what only @other has stands where @other has it. The title is the head's. */
void valise_page_rows_pair (GArray *rows, ValiseText *text, ValiseText *other);

/* How many of @rows have a line of each language. */
guint valise_page_rows_count_pairs (const GArray *rows);

/* The line of @row, in the first language that has it; NULL where there is no such row. */
const ValiseLine *valise_page_rows_get_words (const GArray *rows,
                                              int           row,
                                              ValiseText   *text,
                                              ValiseText   *other);

/* The row of @text's line of that @key (nullable), or -1. */
int valise_page_rows_find_key (const GArray *rows, ValiseText *text, const char *key);

/* Fills @places (element-type ValisePagePlace) with where @query stands, in reading order. */
void valise_page_rows_find (GArray       *places,
                            const GArray *rows,
                            ValiseText   *text,
                            ValiseText   *other,
                            const char   *query);

G_END_DECLS
