/* valise-page-finder.h - where the words sought stand on the page, and which place is current
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include "valise-page-rows.h"

G_BEGIN_DECLS

typedef struct _ValisePageFinder ValisePageFinder;

ValisePageFinder *valise_page_finder_new (void) G_GNUC_WARN_UNUSED_RESULT;
void              valise_page_finder_free (ValisePageFinder *self);

/* Finds @query (NULL: nothing) in the rows of @text and @other (both nullable); no place is
 * current. Returns: how many places there are */
guint valise_page_finder_find (ValisePageFinder *self,
                               const char       *query,
                               const GArray     *rows,
                               ValiseText       *text,
                               ValiseText       *other);

/* Makes the next place (@direction 1) or the one before (-1) current, round and round.
 * Returns: its number from 1; 0 where there is none */
guint valise_page_finder_step (ValisePageFinder *self, int direction);

const char      *valise_page_finder_get_query (ValisePageFinder *self);
ValisePagePlace *valise_page_finder_get_current (ValisePageFinder *self); /* lent, or NULL */

G_END_DECLS
