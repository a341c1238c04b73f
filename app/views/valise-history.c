/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-history"

#include "config.h"

#include <string.h>

#include "valise-history.h"

#define HISTORY_MAX 32 /* steps */

typedef struct
{
  char *place;
  char *symbol; /* or NULL */
} Step;

struct _ValiseHistory
{
  GPtrArray *steps; /* of Step, the last on top */
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_free (step->place);
  g_free (step->symbol);
  g_free (step);
}

ValiseHistory *
valise_history_new (void)
{
  ValiseHistory *self = g_new0 (ValiseHistory, 1);

  self->steps = g_ptr_array_new_with_free_func (step_free);
  return self;
}

void
valise_history_free (ValiseHistory *self)
{
  g_ptr_array_unref (self->steps);
  g_free (self);
}

void
valise_history_clear (ValiseHistory *self)
{
  g_ptr_array_set_size (self->steps, 0);
}

void
valise_history_push (ValiseHistory *self, const char *place, const char *symbol)
{
  Step *last = self->steps->len > 0 ? self->steps->pdata[self->steps->len - 1] : NULL;
  Step *step = NULL;

  if (last != NULL && strcmp (last->place, place) == 0 && g_strcmp0 (last->symbol, symbol) == 0)
    return;

  step = g_new (Step, 1);
  step->place = g_strdup (place);
  step->symbol = g_strdup (symbol);
  g_ptr_array_add (self->steps, step);
  if (self->steps->len > HISTORY_MAX)
    g_ptr_array_remove_index (self->steps, 0);
}

gboolean
valise_history_pop (ValiseHistory *self, char **place, char **symbol)
{
  Step *step = NULL;

  if (self->steps->len == 0)
    return FALSE;

  step = g_ptr_array_steal_index (self->steps, self->steps->len - 1);
  *place = g_steal_pointer (&step->place);
  *symbol = g_steal_pointer (&step->symbol);
  step_free (step);
  return TRUE;
}
