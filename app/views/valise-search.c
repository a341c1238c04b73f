/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-search"

#include "config.h"

#include <glib/gi18n.h>

#include "valise-found.h"
#include "valise-search.h"

struct _ValiseSearch
{
  GObject parent_instance;

  ValiseLibrary *library;
  GCancellable  *cancellable; /* of the question asked */
  char          *query;
  GListModel    *found;
  guint          total;
  gboolean       partial;
};

G_DEFINE_FINAL_TYPE (ValiseSearch, valise_search, G_TYPE_OBJECT)

enum
{
  ANSWERED,
  FAILED,
  AGAIN,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
found_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (ValiseSearch) self = user_data;
  g_autoptr (GError)       error = NULL;
  guint                    total = 0;
  g_autoptr (GPtrArray)    findings =
      valise_library_search_finish (VALISE_LIBRARY (source), result, &total, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (findings == NULL)
    {
      g_signal_emit (self, signals[FAILED], 0, error);
      return;
    }
  g_clear_object (&self->found);
  self->found = valise_found_group (findings);
  self->total = total;
  self->partial = valise_library_is_behind (self->library);
  g_signal_emit (self, signals[ANSWERED], 0);
}

/* An answer without hits is asked for again whenever more was read, so that they show soon; one
 * with hits once, when all was, so that they don't move under a reader's eyes. */
static void
changed_cb (ValiseSearch *self)
{
  if (!self->partial)
    return;
  if (g_list_model_get_n_items (self->found) == 0 || !valise_library_is_behind (self->library))
    g_signal_emit (self, signals[AGAIN], 0);
}

static void
valise_search_dispose (GObject *object)
{
  ValiseSearch *self = VALISE_SEARCH (object);

  valise_search_stop (self);
  g_clear_object (&self->library);
  g_clear_object (&self->found);
  g_clear_pointer (&self->query, g_free);

  G_OBJECT_CLASS (valise_search_parent_class)->dispose (object);
}

static void
valise_search_class_init (ValiseSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = valise_search_dispose;
  signals[ANSWERED] = g_signal_new ("answered", VALISE_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", VALISE_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
  signals[AGAIN] = g_signal_new ("again", VALISE_TYPE_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void
valise_search_init (ValiseSearch *self)
{
}

ValiseSearch *
valise_search_new (ValiseLibrary *library)
{
  ValiseSearch *self = NULL;

  g_return_val_if_fail (VALISE_IS_LIBRARY (library), NULL);

  self = g_object_new (VALISE_TYPE_SEARCH, NULL);
  self->library = g_object_ref (library);
  g_signal_connect_object (library, "changed", G_CALLBACK (changed_cb), self, G_CONNECT_SWAPPED);
  return self;
}

void
valise_search_ask (ValiseSearch              *self,
                   const char                *query,
                   const ValiseLibraryFilter *filter,
                   guint                      limit)
{
  char *copy = g_strdup (query);

  g_return_if_fail (VALISE_IS_SEARCH (self));

  valise_search_stop (self);
  g_free (self->query);
  self->query = copy;
  self->cancellable = g_cancellable_new ();
  valise_library_search_async (self->library, self->query, filter, limit, self->cancellable,
                               found_cb, g_object_ref (self));
}

void
valise_search_stop (ValiseSearch *self)
{
  g_return_if_fail (VALISE_IS_SEARCH (self));

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  self->partial = FALSE;
}

GListModel *
valise_search_get_found (ValiseSearch *self)
{
  return self->found;
}

char *
valise_search_describe_none (ValiseSearch *self)
{
  g_return_val_if_fail (VALISE_IS_SEARCH (self), NULL);

  if (self->found == NULL || g_list_model_get_n_items (self->found) > 0)
    return NULL;
  if (self->partial)
    /* Translators: %s is what was searched for. */
    return g_strdup_printf (_ ("Papers that came are still being read. None so far has “%s”."),
                            self->query);
  /* Translators: %s is what was searched for. */
  return g_strdup_printf (_ ("No paper here has “%s”."), self->query);
}

guint
valise_search_get_total (ValiseSearch *self)
{
  return self->total;
}
