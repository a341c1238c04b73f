/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-heights"

#include "config.h"

#include "valise-page-heights.h"

struct _ValisePageHeights
{
  ValisePageGuessFunc guess;
  gpointer            user_data;
  GArray             *measured; /* of int, px; 0: not yet */
};

ValisePageHeights *
valise_page_heights_new (ValisePageGuessFunc guess, gpointer user_data)
{
  ValisePageHeights *self = g_new0 (ValisePageHeights, 1);

  self->guess = guess;
  self->user_data = user_data;
  self->measured = g_array_new (FALSE, TRUE, sizeof (int));
  return self;
}

void
valise_page_heights_free (ValisePageHeights *self)
{
  g_array_unref (self->measured);
  g_free (self);
}

void
valise_page_heights_reset (ValisePageHeights *self, int n_slots)
{
  g_array_set_size (self->measured, 0);
  g_array_set_size (self->measured, (guint) n_slots);
}

void
valise_page_heights_set (ValisePageHeights *self, int slot, int height)
{
  g_array_index (self->measured, int, slot) = height;
}

int
valise_page_heights_get (ValisePageHeights *self, int slot)
{
  int measured = g_array_index (self->measured, int, slot);

  return measured > 0 ? measured : self->guess (slot, self->user_data);
}

int
valise_page_heights_sum (ValisePageHeights *self, int n_slots)
{
  int sum = 0;

  for (int slot = 0; slot < n_slots; slot++)
    sum += valise_page_heights_get (self, slot);
  return sum;
}

int
valise_page_heights_find (ValisePageHeights *self, int y, int *above)
{
  int slot = 0;

  while (slot < (int) self->measured->len - 1 && y >= valise_page_heights_get (self, slot))
    y -= valise_page_heights_get (self, slot++);
  *above = y;
  return slot;
}
