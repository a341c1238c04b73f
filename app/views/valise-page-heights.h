/* valise-page-heights.h - how high each slot of the reading page is, measured or guessed
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _ValisePageHeights ValisePageHeights;

/* Guesses the height of a slot not measured yet, in px. */
typedef int (*ValisePageGuessFunc) (int slot, gpointer user_data);

ValisePageHeights *valise_page_heights_new (ValisePageGuessFunc guess,
                                            gpointer user_data) G_GNUC_WARN_UNUSED_RESULT;
void               valise_page_heights_free (ValisePageHeights *self);

/* From now on there are @n_slots, none measured. */
void valise_page_heights_reset (ValisePageHeights *self, int n_slots);

void valise_page_heights_set (ValisePageHeights *self, int slot, int height);
int  valise_page_heights_get (ValisePageHeights *self, int slot);

/* The height of the first @n_slots together. */
int valise_page_heights_sum (ValisePageHeights *self, int n_slots);

/* The slot that stands @y px below the top, and in @above how much of it is above that. */
int valise_page_heights_find (ValisePageHeights *self, int y, int *above);

G_END_DECLS
