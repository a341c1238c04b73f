/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "valise-read-marks"

#include "config.h"

#include "valise-read-marks.h"

#define DATABASE "public"
#define LOCAL_ID "read"
#define DELAY_MS 1000 /* marks set within it are written together */

struct _ValiseReadMarks
{
  GObject parent_instance;

  ValiseHome   *home;
  ValiseWorker *worker;
  guint         timer;

  /* Under the mutex */
  GMutex      mutex;
  GHashTable *symbols;
  gboolean    loaded;
  gboolean    dirty;
};

G_DEFINE_FINAL_TYPE (ValiseReadMarks, valise_read_marks, G_TYPE_OBJECT)

enum
{
  CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static void
write_in_thread (GTask *task, gpointer source, gpointer task_data, GCancellable *cancellable)
{
  GError *error = NULL;

  if (valise_read_marks_flush (source, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

/* A mark that could not be written is written with the next; losing one costs a click. */
static void
written_cb (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    g_message ("Marks of what was read wait: %s", error->message);
}

static gboolean
timer_cb (gpointer user_data)
{
  ValiseReadMarks  *self = user_data;
  g_autoptr (GTask) task = g_task_new (self, NULL, written_cb, NULL);

  self->timer = 0;
  g_task_set_source_tag (task, timer_cb);
  valise_worker_run (self->worker, task, write_in_thread);

  return G_SOURCE_REMOVE;
}

static void
valise_read_marks_dispose (GObject *object)
{
  ValiseReadMarks   *self = VALISE_READ_MARKS (object);
  g_autoptr (GError) error = NULL;

  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->home != NULL && !valise_read_marks_flush (self, &error))
    g_message ("Marks of what was read are lost: %s", error->message);
  g_clear_object (&self->home);
  g_clear_pointer (&self->worker, valise_worker_unref);

  G_OBJECT_CLASS (valise_read_marks_parent_class)->dispose (object);
}

static void
valise_read_marks_finalize (GObject *object)
{
  ValiseReadMarks *self = VALISE_READ_MARKS (object);

  g_hash_table_unref (self->symbols);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (valise_read_marks_parent_class)->finalize (object);
}

static void
valise_read_marks_class_init (ValiseReadMarksClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = valise_read_marks_dispose;
  object_class->finalize = valise_read_marks_finalize;

  signals[CHANGED] = g_signal_new ("changed", VALISE_TYPE_READ_MARKS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
}

static void
valise_read_marks_init (ValiseReadMarks *self)
{
  g_mutex_init (&self->mutex);
  self->symbols = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

ValiseReadMarks *
valise_read_marks_new (ValiseHome *home, ValiseWorker *worker)
{
  ValiseReadMarks *self = NULL;

  g_return_val_if_fail (VALISE_IS_HOME (home), NULL);
  g_return_val_if_fail (worker != NULL, NULL);

  self = g_object_new (VALISE_TYPE_READ_MARKS, NULL);
  self->home = g_object_ref (home);
  self->worker = valise_worker_ref (worker);

  return self;
}

static char *
read_text (ValiseReadMarks *self, GError **error)
{
  g_autoptr (GError)         missing = NULL;
  g_autoptr (ValiseDatabase) database =
      valise_home_get_database (self->home, DATABASE, FALSE, &missing);
  char *text = NULL;

  if (database != NULL)
    text = valise_database_get_local (database, LOCAL_ID, NULL, &missing);
  if (text != NULL || g_error_matches (missing, VALISE_HOME_ERROR, VALISE_HOME_ERROR_NO_DATABASE)
      || g_error_matches (missing, VALISE_DATABASE_ERROR, VALISE_DATABASE_ERROR_MISSING))
    return text != NULL ? text : g_strdup ("{}");

  g_propagate_error (error, g_steal_pointer (&missing));

  return NULL;
}

gboolean
valise_read_marks_load (ValiseReadMarks *self, GError **error)
{
  g_autofree char         *text = NULL;
  g_autoptr (ValiseJson)   json = NULL;
  g_autoptr (GMutexLocker) locker = NULL;
  guint                    list = VALISE_JSON_NONE;

  g_return_val_if_fail (VALISE_IS_READ_MARKS (self), FALSE);

  locker = g_mutex_locker_new (&self->mutex);
  if (self->loaded)
    return TRUE;

  text = read_text (self, error);
  json = text != NULL ? valise_json_scan_text (text, -1, VALISE_JSON_ANY, error) : NULL;
  if (json == NULL)
    return FALSE;

  list = valise_json_find (json, 0, "read");
  for (guint i = list == VALISE_JSON_NONE ? list : valise_json_first (json, list);
       i != VALISE_JSON_NONE; i = valise_json_next (json, i))
    g_hash_table_add (self->symbols, valise_json_dup_string (json, i));
  self->loaded = TRUE;

  return TRUE;
}

gboolean
valise_read_marks_contains (ValiseReadMarks *self, const char *symbol)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (VALISE_IS_READ_MARKS (self), FALSE);
  g_return_val_if_fail (symbol != NULL, FALSE);

  locker = g_mutex_locker_new (&self->mutex);

  return g_hash_table_contains (self->symbols, symbol);
}

static char **
dup_keys (GHashTable *symbols)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  GHashTableIter           iter;
  gpointer                 symbol = NULL;

  g_hash_table_iter_init (&iter, symbols);
  while (g_hash_table_iter_next (&iter, &symbol, NULL))
    g_strv_builder_add (builder, symbol);

  return g_strv_builder_end (builder);
}

char **
valise_read_marks_dup_symbols (ValiseReadMarks *self)
{
  g_autoptr (GMutexLocker) locker = NULL;

  g_return_val_if_fail (VALISE_IS_READ_MARKS (self), NULL);

  locker = g_mutex_locker_new (&self->mutex);

  return dup_keys (self->symbols);
}

void
valise_read_marks_set (ValiseReadMarks *self, const char *symbol, gboolean read)
{
  gboolean changed = FALSE;

  g_return_if_fail (VALISE_IS_READ_MARKS (self));
  g_return_if_fail (symbol != NULL);

  g_mutex_lock (&self->mutex);
  changed = read ? g_hash_table_add (self->symbols, g_strdup (symbol))
                 : g_hash_table_remove (self->symbols, symbol);
  self->dirty |= changed;
  g_mutex_unlock (&self->mutex);
  if (!changed)
    return;

  if (self->timer == 0)
    self->timer = g_timeout_add (DELAY_MS, timer_cb, self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* The marks as they are to be kept; NULL where nothing waits. */
static char *
take_text (ValiseReadMarks *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  g_auto (GStrv)           symbols = NULL;
  GString                 *text = NULL;

  /* Before what was kept is known, writing would lose it. */
  if (!self->dirty || !self->loaded)
    return NULL;

  symbols = dup_keys (self->symbols);
  text = g_string_new ("{\"read\":[");
  for (gsize i = 0; symbols[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append_c (text, ',');
      valise_json_append_string (text, symbols[i], -1);
    }
  g_string_append (text, "]}");
  self->dirty = FALSE;

  return g_string_free (text, FALSE);
}

gboolean
valise_read_marks_flush (ValiseReadMarks *self, GError **error)
{
  g_autofree char           *text = NULL;
  g_autofree char           *rev = NULL;
  g_autoptr (ValiseDatabase) database = NULL;

  g_return_val_if_fail (VALISE_IS_READ_MARKS (self), FALSE);

  text = take_text (self);
  if (text == NULL)
    return TRUE;

  database = valise_home_get_database (self->home, DATABASE, TRUE, error);
  if (database != NULL)
    rev = valise_database_put_local (database, LOCAL_ID, text, error);
  if (rev != NULL)
    return TRUE;

  g_mutex_lock (&self->mutex);
  self->dirty = TRUE;
  g_mutex_unlock (&self->mutex);

  return FALSE;
}
