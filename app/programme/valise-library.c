/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-library"

#include "config.h"

#include "valise-library-parts.h"

#include "valise-index-extract.h"

#define THREADS  3   /* a list, a page of rows, and a search beside them */
#define PAUSE_MS 200 /* between two looks at a record that is filling */

/**
 * ValiseLibrary:
 *
 * Follows the index. When that changes, a worker reads the catalogue (meetings, agendas,
 * counts); with it in hand, "refreshed" sends every list to find its rows again. While a sync
 * fills the record this happens a few times a second, not with every document.
 */
struct _ValiseLibrary
{
  GObject parent_instance;

  ValiseHome        *home;
  ValiseSearchIndex *index;
  ValiseWorker      *worker;
  ValiseReadMarks   *marks;
  ValiseCatalogue   *catalogue; /* NULL until first looked */
  char              *language;
  guint              n_read; /* of the papers here, those that were read */
  GCancellable      *cancellable;
  gboolean           refreshing;
  gboolean           stale;  /* the index changed meanwhile */
  gboolean           behind; /* when last looked, more had come than the index had */
  guint              timer;
};

G_DEFINE_QUARK (valise_library_error, valise_library_error)

G_DEFINE_FINAL_TYPE (ValiseLibrary, valise_library, G_TYPE_OBJECT)

enum
{
  PROP_LANGUAGE = 1,
  N_PROPS
};

enum
{
  CHANGED,
  REFRESHED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint       signals[N_SIGNALS];

static void refresh (ValiseLibrary *self);

/* --- following the record --------------------------------------------------------------------- */

typedef struct
{
  ValiseSearchIndex *index;
  ValiseReadMarks   *marks;
  ValiseCatalogue   *catalogue;
  guint              n_read;
  gboolean           behind;
} Refresh;

static void
free_refresh (gpointer data)
{
  Refresh *work = data;

  g_clear_object (&work->index);
  g_clear_object (&work->marks);
  g_clear_pointer (&work->catalogue, valise_catalogue_unref);
  g_free (work);
}

static guint
count_read (Refresh *work)
{
  g_auto (GStrv) symbols = valise_read_marks_dup_symbols (work->marks);
  guint          count = 0;

  for (gsize i = 0; symbols[i] != NULL; i++)
    {
      const ValiseIndexFilter filter = { .type = "paper", .symbol = symbols[i] };
      g_autoptr (GArray)      rows = valise_search_index_list (work->index, &filter, NULL);

      /* A mark outlives its paper, as when an account is filled anew. */
      count += rows != NULL && rows->len > 0;
    }

  return count;
}

static void
refresh_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  Refresh *work = task_data;
  GError  *error = NULL;

  work->behind = valise_search_index_is_behind (work->index); /* before what is read from it */
  if (valise_read_marks_load (work->marks, &error))
    work->catalogue = valise_catalogue_load (work->index, &error);
  if (work->catalogue == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  work->n_read = count_read (work);
  g_task_return_boolean (task, TRUE);
}

/* The index says when entries come or go; that it has caught up without any is to be asked. */
static gboolean
timer_cb (gpointer user_data)
{
  ValiseLibrary *self = user_data;

  self->refreshing = FALSE;
  if (!self->stale && self->behind && valise_search_index_is_behind (self->index))
    return G_SOURCE_CONTINUE;

  self->timer = 0;
  if (self->stale || self->behind)
    refresh (self);

  return G_SOURCE_REMOVE;
}

static void
refreshed_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  ValiseLibrary     *self = VALISE_LIBRARY (source);
  Refresh           *work = g_task_get_task_data (G_TASK (result));
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      self->refreshing = FALSE;
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_message ("The record could not be read: %s", error->message);
      return;
    }

  g_clear_pointer (&self->catalogue, valise_catalogue_unref);
  self->catalogue = g_steal_pointer (&work->catalogue);
  self->n_read = work->n_read;
  self->behind = work->behind;
  self->timer = g_timeout_add (PAUSE_MS, timer_cb, self);
  g_signal_emit (self, signals[REFRESHED], 0);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
refresh (ValiseLibrary *self)
{
  g_autoptr (GTask) task = NULL;
  Refresh          *work = NULL;

  self->stale = self->refreshing;
  if (self->refreshing || self->index == NULL)
    return;

  self->refreshing = TRUE;
  g_clear_handle_id (&self->timer, g_source_remove);
  work = g_new0 (Refresh, 1);
  work->index = g_object_ref (self->index);
  work->marks = g_object_ref (self->marks);
  task = g_task_new (self, self->cancellable, refreshed_cb, NULL);
  g_task_set_source_tag (task, refresh);
  g_task_set_task_data (task, work, free_refresh);
  valise_worker_run (self->worker, task, refresh_in_thread);
}

/* --- the object
 * ----------------------------------------------------------------------------------- */

static void
valise_library_dispose (GObject *object)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->index != NULL)
    g_signal_handlers_disconnect_by_data (self->index, self);
  g_clear_object (&self->marks);
  g_clear_object (&self->index);
  g_clear_object (&self->home);
  g_clear_pointer (&self->worker, valise_worker_unref);
  g_clear_pointer (&self->catalogue, valise_catalogue_unref);

  G_OBJECT_CLASS (valise_library_parent_class)->dispose (object);
}

static void
valise_library_finalize (GObject *object)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  g_clear_object (&self->cancellable);
  g_free (self->language);

  G_OBJECT_CLASS (valise_library_parent_class)->finalize (object);
}

static void
valise_library_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  switch (id)
    {
    case PROP_LANGUAGE:
      g_value_set_string (value, self->language);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
set_language (ValiseLibrary *self, const char *language)
{
  if (g_strcmp0 (self->language, language) == 0)
    return;

  g_free (self->language);
  self->language = g_strdup (language);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LANGUAGE]);
  refresh (self);
}

static void
valise_library_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  ValiseLibrary *self = VALISE_LIBRARY (object);

  switch (id)
    {
    case PROP_LANGUAGE:
      set_language (self, g_value_get_string (value));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
valise_library_class_init (ValiseLibraryClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_library_dispose;
  object_class->finalize = valise_library_finalize;
  object_class->get_property = valise_library_get_property;
  object_class->set_property = valise_library_set_property;

  properties[PROP_LANGUAGE] =
      g_param_spec_string ("language", NULL, NULL, NULL,
                           G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 0);
  signals[REFRESHED] = g_signal_new ("refreshed", VALISE_TYPE_LIBRARY, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_library_init (ValiseLibrary *self)
{
  self->cancellable = g_cancellable_new ();
}

ValiseLibrary *
valise_library_new (ValiseHome *home, const char *language, GError **error)
{
  g_autoptr (ValiseLibrary) self = NULL;
  ValiseSearchIndex        *index = NULL;

  g_return_val_if_fail (VALISE_IS_HOME (home), NULL);

  index = valise_home_get_index (home);
  if (index == NULL)
    index = valise_home_start_index (home, VALISE_INDEX_EXTRACT_VERSION, valise_index_extract, NULL,
                                     error);
  if (index == NULL)
    return NULL;

  self = g_object_new (VALISE_TYPE_LIBRARY, NULL);
  self->home = g_object_ref (home);
  self->index = g_object_ref (index);
  self->behind = TRUE; /* until looked */
  self->language = g_strdup (language);
  self->worker = valise_worker_new (THREADS);
  self->marks = valise_read_marks_new (home, self->worker);
  g_signal_connect_swapped (index, "changed", G_CALLBACK (refresh), self);
  refresh (self);

  return g_steal_pointer (&self);
}

ValiseHome *
valise_library_get_home (ValiseLibrary *self)
{
  return self->home;
}

ValiseSearchIndex *
valise_library_get_index (ValiseLibrary *self)
{
  return self->index;
}

ValiseWorker *
valise_library_get_worker (ValiseLibrary *self)
{
  return self->worker;
}

ValiseReadMarks *
valise_library_get_marks (ValiseLibrary *self)
{
  return self->marks;
}

ValiseCatalogue *
valise_library_get_catalogue (ValiseLibrary *self)
{
  return self->catalogue;
}

const char *
valise_library_get_language (ValiseLibrary *self)
{
  return self->language;
}

guint
valise_library_get_n_papers (ValiseLibrary *self)
{
  g_return_val_if_fail (VALISE_IS_LIBRARY (self), 0);

  return self->catalogue != NULL ? valise_catalogue_get_n_papers (self->catalogue) : 0;
}

guint
valise_library_get_n_unread (ValiseLibrary *self)
{
  guint papers = 0;

  g_return_val_if_fail (VALISE_IS_LIBRARY (self), 0);

  papers = valise_library_get_n_papers (self);

  return papers - MIN (self->n_read, papers);
}

gboolean
valise_library_is_behind (ValiseLibrary *self)
{
  g_return_val_if_fail (VALISE_IS_LIBRARY (self), FALSE);

  return self->behind;
}

void
valise_library_mark_read (ValiseLibrary *self, const char *symbol, gboolean read)
{
  g_return_if_fail (VALISE_IS_LIBRARY (self));
  g_return_if_fail (symbol != NULL);

  if (valise_read_marks_contains (self->marks, symbol) == read)
    return;

  valise_read_marks_set (self->marks, symbol, read);
  /* Counted as the next look at the record will find it. */
  if (read)
    self->n_read++;
  else if (self->n_read > 0)
    self->n_read--;
  g_signal_emit (self, signals[CHANGED], 0);
}
