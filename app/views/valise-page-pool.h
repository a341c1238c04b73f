/* valise-page-pool.h - the row widgets of the reading page: those in sight, and spare ones
 *
 * SPDX-License-Identifier: GPL-3.0-or-later
 */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef struct _ValisePagePool ValisePagePool;

/* Makes a row, a child of the page. */
typedef GtkWidget *(*ValisePageMakeFunc) (gpointer user_data);
/* Called with the row of a slot: to fill it, or to do something to each. */
typedef void (*ValisePageRowFunc) (GtkWidget *row, int slot, gpointer user_data);

ValisePagePool *valise_page_pool_new (ValisePageMakeFunc make,
                                      ValisePageRowFunc  fill,
                                      gpointer           user_data) G_GNUC_WARN_UNUSED_RESULT;
void            valise_page_pool_free (ValisePagePool *self);
/* Unparents every row. */
void valise_page_pool_clear (ValisePagePool *self);

/* The row of @slot, filled; a spare one or a new one where it is not in sight yet. */
GtkWidget *valise_page_pool_get (ValisePagePool *self, int slot);
GtkWidget *valise_page_pool_peek (ValisePagePool *self, int slot); /* NULL: not in sight */
int        valise_page_pool_get_slot (ValisePagePool *self, GtkWidget *row);

/* Spares every row outside @first to @last. */
void valise_page_pool_retire (ValisePagePool *self, int first, int last);

void valise_page_pool_foreach (ValisePagePool *self, ValisePageRowFunc func, gpointer user_data);

G_END_DECLS
