/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-pool"

#include "config.h"

#include "valise-page-pool.h"

struct _ValisePagePool
{
  ValisePageMakeFunc make;
  ValisePageRowFunc  fill;
  gpointer           user_data;

  GHashTable *live; /* slot → row, in sight */
  GPtrArray  *idle; /* rows that show nothing */
};

static GQuark
slot_quark (void)
{
  return g_quark_from_static_string ("valise-page-slot");
}

ValisePagePool *
valise_page_pool_new (ValisePageMakeFunc make, ValisePageRowFunc fill, gpointer user_data)
{
  ValisePagePool *self = g_new0 (ValisePagePool, 1);

  self->make = make;
  self->fill = fill;
  self->user_data = user_data;
  self->live = g_hash_table_new (NULL, NULL);
  self->idle = g_ptr_array_new ();
  return self;
}

void
valise_page_pool_free (ValisePagePool *self)
{
  g_hash_table_unref (self->live);
  g_ptr_array_unref (self->idle);
  g_free (self);
}

void
valise_page_pool_clear (ValisePagePool *self)
{
  valise_page_pool_retire (self, -1, -1);
  for (guint i = 0; i < self->idle->len; i++)
    gtk_widget_unparent (self->idle->pdata[i]);
  g_ptr_array_set_size (self->idle, 0);
}

GtkWidget *
valise_page_pool_peek (ValisePagePool *self, int slot)
{
  return g_hash_table_lookup (self->live, GINT_TO_POINTER (slot));
}

GtkWidget *
valise_page_pool_get (ValisePagePool *self, int slot)
{
  GtkWidget *row = valise_page_pool_peek (self, slot);

  if (row != NULL)
    return row;

  row = self->idle->len > 0 ? g_ptr_array_steal_index_fast (self->idle, self->idle->len - 1)
                            : self->make (self->user_data);
  g_object_set_qdata (G_OBJECT (row), slot_quark (), GINT_TO_POINTER (slot));
  self->fill (row, slot, self->user_data);
  gtk_widget_set_child_visible (row, TRUE);
  g_hash_table_insert (self->live, GINT_TO_POINTER (slot), row);

  return row;
}

int
valise_page_pool_get_slot (ValisePagePool *self, GtkWidget *row)
{
  return GPOINTER_TO_INT (g_object_get_qdata (G_OBJECT (row), slot_quark ()));
}

void
valise_page_pool_retire (ValisePagePool *self, int first, int last)
{
  GHashTableIter iter;
  gpointer       slot = NULL;
  gpointer       row = NULL;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, &slot, &row))
    if (GPOINTER_TO_INT (slot) < first || GPOINTER_TO_INT (slot) > last)
      {
        gtk_widget_set_child_visible (row, FALSE);
        g_ptr_array_add (self->idle, row);
        g_hash_table_iter_remove (&iter);
      }
}

void
valise_page_pool_foreach (ValisePagePool *self, ValisePageRowFunc func, gpointer user_data)
{
  GHashTableIter iter;
  gpointer       slot = NULL;
  gpointer       row = NULL;

  g_hash_table_iter_init (&iter, self->live);
  while (g_hash_table_iter_next (&iter, &slot, &row))
    func (row, GPOINTER_TO_INT (slot), user_data);
}
