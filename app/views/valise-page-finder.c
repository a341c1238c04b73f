/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-page-finder"

#include "config.h"

#include "valise-page-finder.h"

struct _ValisePageFinder
{
  char   *query;   /* or NULL */
  GArray *places;  /* of ValisePagePlace */
  int     current; /* -1: none */
};

ValisePageFinder *
valise_page_finder_new (void)
{
  ValisePageFinder *self = g_new0 (ValisePageFinder, 1);

  self->places = g_array_new (FALSE, TRUE, sizeof (ValisePagePlace));
  self->current = -1;
  return self;
}

void
valise_page_finder_free (ValisePageFinder *self)
{
  g_free (self->query);
  g_array_unref (self->places);
  g_free (self);
}

guint
valise_page_finder_find (ValisePageFinder *self,
                         const char       *query,
                         const GArray     *rows,
                         ValiseText       *text,
                         ValiseText       *other)
{
  char *copy = g_strdup (query);

  g_free (self->query);
  self->query = copy;
  self->current = -1;
  g_array_set_size (self->places, 0);
  if (text != NULL)
    valise_page_rows_find (self->places, rows, text, other, self->query);

  return self->places->len;
}

guint
valise_page_finder_step (ValisePageFinder *self, int direction)
{
  int n_places = (int) self->places->len;

  if (n_places == 0)
    return 0;
  if (self->current < 0)
    self->current = direction > 0 ? 0 : n_places - 1;
  else
    self->current = (self->current + direction + n_places) % n_places;

  return (guint) self->current + 1;
}

const char *
valise_page_finder_get_query (ValisePageFinder *self)
{
  return self->query;
}

ValisePagePlace *
valise_page_finder_get_current (ValisePageFinder *self)
{
  return self->current >= 0 && self->current < (int) self->places->len
             ? &g_array_index (self->places, ValisePagePlace, self->current)
             : NULL;
}
